"""Verbs about units."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from blendedu.people import events
from blendedu.people.models import Unit


@transaction.atomic
def place_unit(unit: Unit) -> Unit:
    """Save a unit with its path, and move everything below it along when its parent changed."""
    before = unit.path if unit.pk else ""
    if not unit.pk:
        unit.path = f"new-{uuid4().hex}"  # a path holds the number, which is known after the first save
    unit.save()
    above = Unit.objects.get(pk=unit.parent_id).path if unit.parent_id else "/"
    unit.path = f"{above}{unit.pk}/"
    unit.save(update_fields=["path"])
    if before and before != unit.path:
        below = Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(before) + 1)))
        events.unit_moved.send(Unit, unit=unit)
    return unit
