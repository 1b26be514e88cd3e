"""What this app announces to the apps above. Listeners are listed in docs/map.md."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction that caused it, with attempt= and at=. A listener may write; it may not ask a network.
# A release is of many at once, which are at one offer: it comes with attempts= and at=.
attempt_submitted = Signal()
attempt_graded = Signal()
attempt_released = Signal()
