"""The page of an activity, for every type: the seat is fetched here, so a type cannot forget to check the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from activities.contract import ShowAgain
from courses.access import seat_for
from courses.queries.week import neighbours_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from activities.contract import Seat
    from blendedu.kit.http import AuthedRequest
    from courses.models import RunOffer


@require_GET
@never_cache
def activity(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """What a student does at an offer; staff see the same page as a preview."""
    seat, run_offer = seat_for(request.user, code, pk, at=timezone.now())
    return _page(request, seat, run_offer)


def _page(request: AuthedRequest, seat: Seat, run_offer: RunOffer, again: ShowAgain | None = None) -> HttpResponse:
    handler = seat.activity.type
    shown = seat.preview or seat.offer.opens_at <= seat.at
    context = {
        "seat": seat,
        "run_offer": run_offer,
        "run": run_offer.run,
        "course": run_offer.run.course,
        "handler": handler,
        "shown": shown,
        "neighbours": neighbours_of(run_offer),
        **(handler.page(request, seat) if shown else {}),
        **(again.context if again else {}),
    }
    template = handler.template("page") if shown else "courses/activity_closed.html"
    return render(request, template, context, status=again.status if again else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def activity_act(request: AuthedRequest, code: str, pk: int, action: str) -> HttpResponse:
    """Something a student or lecturer does at an offer (POST), or a part of its page (GET).

    The type says what, the seat says whether.
    """
    seat, run_offer = seat_for(request.user, code, pk, at=timezone.now())
    handler = seat.activity.type
    act = (handler.actions if request.method == "POST" else handler.looks).get(action)
    if act is None:
        raise Http404
    if seat.preview and not seat.can_teach:
        raise PermissionDenied
    try:
        response: HttpResponse = act(request, seat)
    except ShowAgain as again:
        return _page(request, seat, run_offer, again)
    return response
