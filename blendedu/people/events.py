"""What this app announces to the apps above. Listeners are listed in docs/map.md."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with unit=, inside the transaction in which a unit got another one above it. What is inherited changes with it.
unit_moved = Signal()
