"""What the worker is woken up for. No logic here: each task calls one service."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone


@shared_task(name="courses.warn_of_unbuilt", soft_time_limit=120, time_limit=150)
def warn_of_unbuilt() -> None:
    from courses.services import readiness  # noqa: PLC0415 -- leaf

    readiness.warn_of_unbuilt(at=timezone.now())


@shared_task(name="courses.sweep_presence")
def sweep_presence() -> None:
    from courses.services import presence  # noqa: PLC0415 -- leaf

    presence.sweep(at=timezone.now())
