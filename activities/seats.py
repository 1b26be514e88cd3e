"""What every type asks of a seat before it lets somebody do something: one rule for all of them (trust.md F18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from activities.contract import ShowAgain
from blendedu.kit import numbers
from blendedu.kit.templatetags.kit import day_time

if TYPE_CHECKING:
    from django.http import HttpRequest

    from activities.contract import Seat


def must_act(seat: Seat) -> None:
    """Only a student of the cohort does this."""
    if not seat.can_act:
        raise PermissionDenied


def must_teach(seat: Seat) -> None:
    """Only a lecturer of the course does this."""
    if not seat.can_teach:
        raise PermissionDenied


def must_take_part(seat: Seat) -> None:
    """A student or a lecturer does this; whoever only looks does not."""
    if not seat.can_act and not seat.can_teach:
        raise PermissionDenied


def may_write(seat: Seat) -> bool:
    """Whether something can be left here now: by students while it is open, by lecturers always."""
    return seat.can_teach or (seat.can_act and seat.offer.is_open(seat.at))


def closed_words(seat: Seat) -> str:
    """Why nothing is taken now; empty while something is."""
    offer = seat.offer
    if offer.withdrawn_at is not None:
        return _("This is not part of the course any more. Nothing is taken.")
    if not offer.built:
        return _("This is not ready yet. Your lecturer is still working on it.")
    if offer.opens_at > seat.at:
        return _("This opens on %s. Nothing is taken before.") % day_time(offer.opens_at)
    if offer.closes_at is not None and offer.closes_at < seat.at:
        return _("This closed on %s. Nothing is taken any more.") % day_time(offer.closes_at)
    return ""


def must_be_open(seat: Seat, **typed: object) -> None:
    """Refuse what a student does outside of the window; `typed` is shown on the page again, so that nothing is lost.

    Raises ShowAgain (409). Lecturers may at any time.
    """
    if not may_write(seat):
        raise ShowAgain(409, refused=closed_words(seat), **typed)


def number_in(request: HttpRequest, name: str) -> int:
    """A number that a form sent along; 0 when it is none, or larger than any row's."""
    return numbers.number_in(request.POST.get(name, "") or request.GET.get(name, "")) or 0
