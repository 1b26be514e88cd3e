"""Bring the database up to date: its tables, and the data that come with the product. Safe to run at every start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database and load the patterns that come with the product."

    def handle(self, *args: Any, **options: Any) -> None:  # as Django declares it
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("load_patterns")
