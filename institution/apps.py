from django.apps import AppConfig


class InstitutionConfig(AppConfig):
    name = "institution"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import sources as courses_sources  # noqa: PLC0415 -- app ready
        from courses.words import gettext_noop  # noqa: PLC0415 -- app ready
        from institution import jobs, sources  # noqa: F401, PLC0415 -- app ready
        from programmes import ceilings  # noqa: PLC0415 -- app ready

        courses_sources.register(sources.policy_findings, name=gettext_noop("Policy"))
        ceilings.register(sources.policy_ceiling)
