from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "blendedu.kit"
    label = "kit"
