from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "blendedu.demo"
    label = "demo"
