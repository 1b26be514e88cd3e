"""The page of an activity, for every type: the seat is fetched here, so a type cannot forget to check the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.contract import BrokenConfig, ShowAgain
from activities.seats import closed_words
from blendedu.kit.fragment import SeeOther
from blendedu.kit.http import arrived_at
from courses.access import seat_for
from courses.forms.week import ClassQuestionForm, ReportForm
from courses.queries.people import lecturers_of
from courses.queries.week import class_questions_of, neighbours_of, why_of
from courses.services import reports

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


@require_http_methods(["GET", "POST"])
@never_cache
def activity_act(request: AuthedRequest, code: str, pk: int, action: str) -> HttpResponse:
    """Something a student or lecturer does at an offer (POST), or a part of its page (GET).

    The type says what, the seat says whether.
    """
    seat, run_offer = seat_for(request.user, code, pk, at=arrived_at(request))
    handler = seat.activity.type
    act = (handler.actions if request.method == "POST" else handler.looks).get(action)
    if act is None:
        raise Http404
    if seat.preview and not seat.can_teach:
        raise PermissionDenied
    # SECURITY: a part of the page is not there before the page is. What is sent, each type refuses in words.
    if request.method == "GET" and not _is_shown(seat):
        raise Http404
    if seat.can_act and not seat.offer.is_ready:
        return _page(request, seat, run_offer, ShowAgain(409, refused=closed_words(seat)))
    try:
        response: HttpResponse = act(request, seat)
    except ShowAgain as again:
        return _page(request, seat, run_offer, again)
    except BrokenConfig:
        return _page(request, seat, run_offer, ShowAgain(409))
    return response


def _page(request: AuthedRequest, seat: Seat, run_offer: RunOffer, again: ShowAgain | None = None) -> HttpResponse:
    handler = seat.activity.type
    shown = _is_shown(seat)
    template = "courses/activity_closed.html"
    own: dict[str, object] = {}
    if not seat.offer.is_ready and not seat.can_teach and not seat.preview:
        template, own = "courses/activity_unready.html", {"lecturers": lecturers_of(run_offer.run.course)}
    elif shown:
        try:
            template, own = handler.template("page"), handler.page(request, seat)
        except BrokenConfig as broken:
            template, own = "courses/activity_broken.html", {"problems": broken.problems}
    neighbours = neighbours_of(run_offer, seat.user)
    context = {
        "seat": seat,
        "run_offer": run_offer,
        "run": run_offer.run,
        "course": run_offer.run.course,
        "handler": handler,
        "shown": shown,
        "open_to_students": _is_open_to_students(seat),
        "is_closed": seat.offer.closes_at is not None and seat.offer.closes_at < seat.at,
        "is_overdue": seat.can_act and seat.offer.due_at < seat.at,
        "neighbours": neighbours,
        "week_url": _week_url(neighbours.monday),
        "why": why_of(run_offer),
        # A session takes as long as it was set for; of all else only students know.
        "report": ReportForm() if seat.can_act and neighbours.is_done and not handler.timed else None,
        **(_questions(seat, run_offer) if handler.timed else {}),
        **own,
        **(again.context if again else {}),
    }
    return render(request, template, context, status=again.status if again else 200)


@require_POST
def time_report(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """A student says how long something took: as planned, or in their own words."""
    now = timezone.now()
    seat, run_offer = seat_for(request.user, code, pk, at=now)
    if not seat.can_act or seat.activity.type.timed:
        raise PermissionDenied
    planned = seat.activity.minutes if "as_planned" in request.POST else None
    form = ReportForm({"minutes": planned} if planned else request.POST)
    if not form.is_valid():
        return _page(request, seat, run_offer, ShowAgain(422, report=form))
    try:
        reports.report_time(run_offer, user=request.user, minutes=form.cleaned_data["minutes"], at=now)
    except reports.NotDone:
        return _page(request, seat, run_offer, ShowAgain(409, refused=_("Do it first; then say how long it took.")))
    return SeeOther(f"{seat.page_url}#took")


def _is_open_to_students(seat: Seat) -> bool:
    # A session has a page before it begins: where it is, what is on, and the questions for class.
    return seat.activity.type.timed or seat.offer.opens_at <= seat.at


def _is_shown(seat: Seat) -> bool:
    return (_is_open_to_students(seat) and seat.offer.is_ready) or seat.preview or seat.can_teach


def _questions(seat: Seat, run_offer: RunOffer) -> dict[str, object]:
    """The questions for class: lecturers read all of them, a student their own, and everybody how many there are."""
    asked = list(class_questions_of(run_offer))
    mine = asked if seat.can_teach else [question for question in asked if question.author_id == seat.user.pk]
    return {
        "questions": mine,
        "question_count": len(asked),
        "question_form": ClassQuestionForm(),
        "question_url": reverse("courses:class-question", args=[run_offer.run.course.code, run_offer.pk]),
    }


def _week_url(monday: Any) -> str:  # Any: a date, or nothing for a week that left the calendar
    return reverse("courses:week") + (f"?of={monday:%Y-%m-%d}" if monday else "")
