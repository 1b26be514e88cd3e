"""Feedback on work: the list of an offer, one submission after another, and releasing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.contract import Collects
from activities.services.grading import StaleFeedback
from blendedu.kit.fragment import SeeOther, fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, attempt_for, run_offer_for
from courses.forms.runs import FeedbackForm
from courses.queries.feedback import (
    Stage,
    draft_ids,
    holiday_spans,
    releasing_at,
    submission_of,
    turnaround_of,
    work_list,
)
from courses.services import feedback as feedback_services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from activities.models import Attempt
    from blendedu.kit.http import AuthedRequest
    from courses.queries.feedback import Submission

PER_PAGE = 50


@never_cache
@require_GET
def feedback(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Everybody at an offer with where their work stands, and how long feedback has taken."""
    row = run_offer_for(request.user, code, pk, to=Can.TEACH)
    work = work_list(row.offer)
    stage = request.GET.get("stage", "")
    context = {
        "course": row.run.course,
        "tab": "runs",
        "run": row.run,
        "run_offer": row,
        "activity": row.offer.activity,
        "collects": row.offer.activity.type.collects == Collects.ATTEMPTS,
        "work": work,
        "filters": _filters(work, stage),
        "stage": stage,
        "releasing": releasing_at(row.offer_id),
        "page": Paginator(work.at_stage(stage), PER_PAGE).get_page(request.GET.get("page")),
        "turnaround": turnaround_of(
            row.offer,
            first_waiting=work.first_waiting,
            last_released=work.last_released,
            holidays=holiday_spans(row.run.course),
            at=timezone.now(),
        ),
    }
    return render(request, "courses/feedback.html", context)


def _filters(work: Any, stage: str) -> list[tuple[str, str, int, bool]]:  # a WorkList
    """The filters of the list: word, query string, count, whether it is chosen."""
    words = {
        Stage.TO_DO: _("To do"),
        Stage.DRAFT: _("Not released"),
        Stage.RELEASED: _("Released"),
        Stage.MISSING: _("Nothing handed in"),
    }
    known = [(word, f"?stage={each}", work.counts[each], stage == each) for each, word in words.items()]
    return [(_("All"), "?", len(work.lines), stage not in set(Stage)), *known]


@require_POST
def feedback_release(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Show the feedback that is ready to its students: of all, or of those that were ticked."""
    row = run_offer_for(request.user, code, pk, to=Can.TEACH)
    chosen = draft_ids(row.offer_id)
    if not request.POST.get("all"):
        ticked = {number_in(one) for one in request.POST.getlist("attempt")}
        chosen = [number for number in chosen if number in ticked]
    released = feedback_services.release_feedback(row.offer, chosen, by=request.user, at=timezone.now())
    _say_released(request, released)
    return SeeOther(reverse("courses:feedback", args=[code, pk]))


def _say_released(request: AuthedRequest, released: feedback_services.Released) -> None:
    if released.now:
        words = ngettext(
            "Feedback on %(count)d submission is released.",
            "Feedback on %(count)d submissions is released.",
            released.now,
        )
        messages.success(request, words % {"count": released.now})
    elif not released.soon:  # what a worker does is told on the page itself
        messages.info(request, _("There was nothing to release: tick submissions whose feedback is ready."))


@never_cache
@require_GET
def feedback_releasing(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """How far the release of much feedback is; the page asks again and again while it goes on."""
    row = run_offer_for(request.user, code, pk, to=Can.TEACH)
    context = {"course": row.run.course, "run_offer": row, "releasing": releasing_at(row.offer_id), "asked": True}
    page = reverse("courses:feedback", args=[code, pk])
    return fragment(request, "courses/feedback.html", "releasing", context, page=page)


# --- One submission -----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def feedback_attempt(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """One submission with its feedback: save, save and go on, or release."""
    attempt = attempt_for(request.user, code, pk)
    submission = submission_of(attempt)
    then = request.POST.get("then", "")
    if request.method == "GET":
        return _submission(request, submission, _feedback_form(submission, None), status=200)
    form = _feedback_form(submission, request.POST, releasing=then == "release")
    if not form.is_valid():
        return _submission(request, submission, form, status=422)
    try:
        feedback_services.give(
            attempt, by=request.user, at=timezone.now(), release=then == "release", **form.cleaned_data
        )
    except StaleFeedback:
        return _conflict(request, code, pk, form)
    return _saved(request, code, submission, then=then)


def _feedback_form(submission: Submission, data: Any, *, releasing: bool = False) -> FeedbackForm:  # POST data or None
    return FeedbackForm(
        data,
        attempt=submission.attempt,
        max_points=submission.max_points,
        has_files=bool(submission.files),
        releasing=releasing,
    )


def _saved(request: AuthedRequest, code: str, submission: Submission, *, then: str) -> HttpResponse:
    name = _owner(submission.attempt)
    messages.success(
        request, (_("Released to %(name)s.") if then == "release" else _("%(name)s: saved.")) % {"name": name}
    )
    if then != "next":
        return SeeOther(reverse("courses:feedback-attempt", args=[code, submission.attempt.pk]))
    if submission.next_to_do_id is None:
        messages.info(request, _("That was the last one: everything handed in has feedback."))
        return SeeOther(reverse("courses:feedback", args=[code, submission.attempt.offer.run_offer.pk]))
    return SeeOther(reverse("courses:feedback-attempt", args=[code, submission.next_to_do_id]))


def _owner(attempt: Attempt) -> str:
    return str(attempt.group or attempt.user or "")


def _conflict(request: AuthedRequest, code: str, pk: int, form: FeedbackForm) -> HttpResponse:
    """Both versions on one page: the saved one to read, one's own in the form; saving again decides."""
    fresh = submission_of(attempt_for(request.user, code, pk))
    form.resend(revision=str(fresh.attempt.revision))
    return _submission(request, fresh, form, status=409)


def _submission(request: AuthedRequest, submission: Submission, form: FeedbackForm, *, status: int) -> HttpResponse:
    attempt = submission.attempt
    row = attempt.offer.run_offer
    context = {
        "course": row.run.course,
        "tab": "runs",
        "run": row.run,
        "run_offer": row,
        "activity": attempt.offer.activity,
        "attempt": attempt,
        "owner": _owner(attempt),
        "submission": submission,
        "form": form,
        "conflict": status == 409,
    }
    return render(request, "courses/feedback_attempt.html", context, status=status)


@require_POST
def remark_remove(request: AuthedRequest, code: str, pk: int, remark: int) -> HttpResponse:
    """Take back a comment of one's own."""
    attempt = attempt_for(request.user, code, pk)
    try:
        feedback_services.take_back_remark(attempt, remark, by=request.user, at=timezone.now())
    except feedback_services.GoneAlready:
        messages.info(request, _("That comment is gone already."))
    except feedback_services.NoSuchRemark:
        raise Http404 from None
    return SeeOther(reverse("courses:feedback-attempt", args=[code, pk]))
