from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import aims  # noqa: PLC0415 -- app ready
        from courses import sources as courses_sources  # noqa: PLC0415 -- app ready
        from programmes import sources  # noqa: PLC0415 -- app ready

        courses_sources.register_limits(sources.programme_limits)
        aims.register(sources.aims_of_course)
