"""Put the patterns of the product into the library. Safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.services.patterns import load_shipped


class Command(BaseCommand):
    help = "Put the patterns that come with the product into the library, or bring them up to date."

    def handle(self, *args: Any, **options: Any) -> None:  # as Django declares it
        new, changed = load_shipped(at=timezone.now())
        self.stdout.write(f"Patterns: {new} new, {changed} changed.")
