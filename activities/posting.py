"""What discussions and share boards have in common: who sees the others, taking back, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.http import Http404

from activities.queries import posts as post_queries
from activities.seats import must_be_open, must_take_part, number_in
from activities.services import posts
from blendedu.kit.fragment import SeeOther

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Post


def is_hidden(seat: Seat, *, first: bool, own: int) -> bool:
    """Whether the others' contributions are not for this person: whoever must first write, and staff who only look.

    What students write is for each other and their lecturers; a design is reviewed without it.
    """
    if seat.can_teach:
        return False
    return not seat.can_act or (first and not own)


def own_count(seat: Seat) -> int:
    """How many contributions of this student stand; no query for somebody who cannot have any."""
    return post_queries.own_count(seat.offer, seat.user) if seat.can_act else 0


def page_of(rows: QuerySet[Post], request: HttpRequest, *, size: int) -> Page[Any]:  # Any: rows become what is drawn
    """The page that was asked for, or the nearest that there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def back_to(request: HttpRequest, seat: Seat, post: Post) -> HttpResponse:
    """To the page of the activity where this contribution stands."""
    number = number_in(request, "page")
    return SeeOther(f"{seat.page_url}{f'?page={number}' if number > 1 else ''}#post-{post.pk}")


def remove(request: HttpRequest, seat: Seat, *, wanted: int) -> HttpResponse:
    """Take one's own contribution away, or a lecturer any; it can be put back."""
    must_take_part(seat)
    must_be_open(seat)
    try:
        post = posts.set_removed(
            seat.offer,
            number_in(request, "post"),
            by=seat.user,
            may_any=seat.can_teach,
            removed=not request.POST.get("back"),
            wanted=wanted,
            at=seat.at,
        )
    except posts.NoSuchPost:
        raise Http404 from None
    return back_to(request, seat, post)
