"""The wiring, as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "blendedu.site"
    label = "site"

    def ready(self) -> None:
        from allauth.account.decorators import secure_admin_login  # noqa: PLC0415 -- app ready
        from django.contrib import admin  # noqa: PLC0415 -- app ready

        # SECURITY: one door for everybody, so that rate limits and a second factor hold for the admin site too.
        admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth says
