from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from activities import checks, jobs, registry  # noqa: F401, PLC0415 -- app ready

        registry.autodiscover()
