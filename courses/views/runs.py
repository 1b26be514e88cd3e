"""Runs of a course: the list, a new one, its weeks, and the window of an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from blendedu.kit.fragment import SeeOther
from courses.access import Can, course_for, run_for, run_offer_for
from courses.forms.publishing import ShiftForm
from courses.forms.runs import RunForm, WindowForm
from courses.queries.frame import head_of
from courses.queries.people import cohorts_for, joining
from courses.queries.publishing import waiting_for
from courses.queries.runs import approved_designs, calendar_of, effect_of, planned_run, run_view, runs_of, window_seen
from courses.services import runs as run_services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Course, Run, RunOffer
    from courses.services.people import Enrolled

CARRIED = ("design", "name", "term", "starts_on", "who", "cohort", "cohort_name", "token")


@require_GET
def runs(request: AuthedRequest, code: str) -> HttpResponse:
    """The runs of a course."""
    course = course_for(request.user, code, to=Can.LOOK)
    today = timezone.localdate()
    context = {
        "course": course,
        "tab": "runs",
        "head": head_of(course, on=today),
        "lines": runs_of(course, today),
        "designs": approved_designs(course),
    }
    return render(request, "courses/runs.html", context)


# --- A new run ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def run_new(request: AuthedRequest, code: str) -> HttpResponse:
    """Ask for a new run, show what it would be, and open it once that is confirmed."""
    course = course_for(request.user, code, to=Can.TEACH)
    form = _run_form(request, course)
    if form is None:
        return render(request, "courses/run_new.html", {"course": course, "tab": "runs", "form": None})
    step = request.POST.get("step", "") if request.method == "POST" else "ask"
    if step == "ask" or not form.is_valid():
        return _asked(request, course, form, status=200 if step == "ask" else 422)
    if step == "change":
        return _asked(request, course, form, status=200)
    faults = form.proposal.faults if form.proposal else ()
    if step != "confirm":
        return _previewed(request, course, form)
    if faults and not form.cleaned_data["leave_out"]:
        return _previewed(request, course, form, refused=True)
    return _opened(request, course, form)


def _run_form(request: AuthedRequest, course: Course) -> RunForm | None:
    designs = approved_designs(course)
    if not designs:
        return None
    known: dict[str, Any] = {  # what the form chooses from
        "designs": designs,
        "cohorts": cohorts_for(course),
        "terms": calendar_of(course.unit),
        "today": timezone.localdate(),
    }
    if request.method == "POST":
        return RunForm(request.POST, request.FILES, **known)
    return RunForm(**known)


def _asked(request: AuthedRequest, course: Course, form: RunForm, *, status: int) -> HttpResponse:
    if form.is_bound and form.proposal is not None:
        # A file cannot be sent back to a file field: its text stands in the text field instead.
        form.resend(students=form.proposal.text)
    return render(request, "courses/run_new.html", {"course": course, "tab": "runs", "form": form}, status=status)


def _previewed(request: AuthedRequest, course: Course, form: RunForm, *, refused: bool = False) -> HttpResponse:
    chosen = form.cleaned_data
    zone = timezone.get_default_timezone()
    weeks = planned_run(chosen["design"], starts_on=chosen["starts_on"], holidays=form.holidays, zone=zone)
    carried = [(name, form.data.get(name, "")) for name in CARRIED]
    if form.proposal:
        carried.append(("students", form.proposal.text))
    context = {
        "course": course,
        "tab": "runs",
        "form": form,
        "chosen": chosen,
        "weeks": weeks,
        "proposal": form.proposal,
        "joining": joining(form.proposal.rows, None) if form.proposal else None,
        "carried": carried,
        "refused": refused,
        "offers": sum(len(week.offers) for week in weeks),
        "not_built": sum(bool(offer.missing) for week in weeks for offer in week.offers),
        "past_term": chosen["term"] and weeks and weeks[-1].week.sunday > chosen["term"].ends_on,
    }
    return render(request, "courses/run_preview.html", context, status=422 if refused else 200)


def _opened(request: AuthedRequest, course: Course, form: RunForm) -> HttpResponse:
    chosen = form.cleaned_data
    try:
        opened = run_services.open_run_for(
            chosen["design"],
            cohort=chosen["cohort"],
            cohort_name=chosen["cohort_name"] or chosen["name"],
            students=form.proposal.rows if form.proposal else (),
            name=chosen["name"],
            starts_on=chosen["starts_on"],
            holidays=form.holidays,
            token=chosen["token"],
            by=request.user,
            at=timezone.now(),
        )
    except run_services.AlreadyOpened as already:
        messages.info(request, _("This run is open already; nothing was made twice."))
        return SeeOther(reverse("courses:run", args=[course.code, already.run.pk]))
    except run_services.RunRefused as refused:
        form.add_error("design", str(refused))
        return _asked(request, course, form, status=409)
    messages.success(request, _opened_words(opened.run, opened.enrolled))
    return SeeOther(reverse("courses:run", args=[course.code, opened.run.pk]))


def _opened_words(run: Run, enrolled: Enrolled) -> str:
    if not enrolled.new:
        return _("%(run)s is open. The students have been told.") % {"run": run.name}
    words = ngettext(
        "%(run)s is open. %(count)d new account was made; the students have been told.",
        "%(run)s is open. %(count)d new accounts were made; the students have been told.",
        enrolled.new,
    )
    return words % {"run": run.name, "count": enrolled.new}


# --- One run ------------------------------------------------------------------------------------------------------


@require_GET
def run(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The weeks of a run with what they offer; lecturers also see how far their students are."""
    taught = run_for(request.user, code, pk, to=Can.LOOK)
    teaches = Can.TEACH in taught.course.rights
    view = run_view(taught, today=timezone.localdate(), counted=teaches)
    context = {
        "waiting": waiting_for(taught, view.ground, at=timezone.now()),
        "course": taught.course,
        "tab": "runs",
        "run": taught,
        "part": "weeks",
        "teaches": teaches,
        "view": view,
    }
    return render(request, "courses/run.html", context)


@require_http_methods(["GET", "POST"])
def run_offer(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Move an offer: its window, or the time and place of a session; says first whom that concerns."""
    row = run_offer_for(request.user, code, pk, to=Can.TEACH)
    if row.offer.withdrawn_at is not None:
        raise Http404  # shown to nobody any more; it comes back by taking the change back
    form = WindowForm(request.POST or None, offer=row.offer)
    if request.method == "GET":
        return _window(request, row, WindowForm(offer=row.offer), status=200)
    if not form.is_valid():
        return _window(request, row, form, status=422)
    try:
        moved = run_services.move_offer(row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except run_services.StaleWindow:
        fresh = run_offer_for(request.user, code, pk, to=Can.TEACH)
        form.resend(seen=window_seen(fresh.offer))
        return _window(request, fresh, form, status=409)
    facts = {"title": row.offer.activity.title}
    messages.success(request, (_("%(title)s: saved.") if moved else _("%(title)s: nothing was changed.")) % facts)
    return SeeOther(reverse("courses:run", args=[code, row.run_id]) + f"#offer-{row.pk}")


def _window(request: AuthedRequest, row: RunOffer, form: WindowForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {  # what the template shows
        "course": row.run.course,
        "tab": "runs",
        "run": row.run,
        "run_offer": row,
        "activity": row.offer.activity,
        "form": form,
        "effect": effect_of(row.offer),
        "shift_form": ShiftForm(week=row.week_number, row=row),
        "conflict": status == 409,
    }
    return render(request, "courses/run_offer.html", context, status=status)
