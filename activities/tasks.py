"""What the worker is woken up for. No logic here: each task calls one service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone


@shared_task(name="activities.sweep_leftovers", soft_time_limit=600, time_limit=660)
def sweep_leftovers() -> None:
    from activities.services import leftovers  # noqa: PLC0415 -- leaf

    leftovers.sweep_leftovers(at=timezone.now())
