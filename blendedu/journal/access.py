"""A person's notices are that person's; there is no other right to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from blendedu.journal.models import Notice

if TYPE_CHECKING:
    from blendedu.people.models import User


def notice_for(user: User, pk: int) -> Notice:
    """A notice of this person; Http404 for anybody else's."""
    return get_object_or_404(Notice, pk=pk, recipient=user)
