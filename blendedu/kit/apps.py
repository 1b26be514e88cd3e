from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "blendedu.kit"
    label = "kit"

    def ready(self) -> None:
        from blendedu.kit import catalogues  # noqa: PLC0415 -- app ready

        catalogues.skip_empty()
