"""Changing a run: a later version or a shift, looked at first and then done; what was done; and what is not built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in
from courses import cascade
from courses.access import Can, design_for, publication_for, run_for, run_offer_for
from courses.forms.publishing import ConfirmForm, ShiftForm
from courses.queries.publishing import (
    Change,
    change_by,
    change_to,
    later_designs,
    preview_of,
    publications_of,
    waiting_among,
)
from courses.queries.readiness import draft_places, readiness_of, readiness_of_run
from courses.services import publishing

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design, Run, RunOffer

CANNOT_SHIFT = {
    cascade.OVER_ANOTHER: "number",
    cascade.BEFORE_START: "number",
    cascade.NOTHING: "scope",
}


# --- A later version ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def run_publish(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Show everything that the version which waits would change in a run, and publish it once that is confirmed."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    design = _wanted_design(request, run)
    if design is None:
        return _page(request, run, change=None, form=ConfirmForm(), status=200)
    form = ConfirmForm(request.POST or None)
    change = change_to(run, design, at=timezone.now())
    if request.method == "GET" or not form.is_valid():
        return _page(request, run, change=change, form=form, status=200 if request.method == "GET" else 422)
    try:
        done = publishing.publish(run, design, by=request.user, at=timezone.now(), **_confirmed(request, form))
    except publishing.StaleChange as stale:
        return _page(request, run, change=stale.change, form=form, status=409)
    except publishing.NothingToPublish:
        messages.info(request, _("The run follows this version already; nothing was done twice."))
        return SeeOther(reverse("courses:run", args=[code, pk]))
    except publishing.NotPublishable:
        messages.error(request, _("This version is not approved any more. Nothing was changed."))
        return SeeOther(reverse("courses:run-publish", args=[code, pk]))
    return _done(request, run, _("The run follows version %d now.") % done.new_design.number)


def _wanted_design(request: AuthedRequest, run: Run) -> Design | None:
    later = later_designs(run)
    number = number_in(request.POST.get("version", ""))
    if number is None:
        return waiting_among(later)
    # A page that was sent twice names the version that the run follows by now: the service says so.
    return next((design for design in [*later, run.design] if design.number == number), None)


def _confirmed(request: AuthedRequest, form: ConfirmForm) -> dict[str, Any]:  # what a service takes
    return {
        "seen": form.cleaned_data["seen"],
        "note": form.cleaned_data["note"].strip(),
        "extend": request.POST.getlist("extend"),
    }


def _page(
    request: AuthedRequest,
    run: Run,
    *,
    change: Change | None,
    form: ConfirmForm,
    status: int,
    **extra: Any,  # what else the template shows
) -> HttpResponse:
    context = {
        "course": run.course,
        "tab": "runs",
        "run": run,
        "change": change,
        "preview": preview_of(change) if change else None,
        "form": form,
        "extend": request.POST.getlist("extend"),
        "conflict": status == 409,
        "at": timezone.now(),
        "carried": [("version", change.design.number)] if change else [],
        **extra,
    }
    return render(request, "courses/run_change.html", context, status=status)


def _done(request: AuthedRequest, run: Run, words: str) -> HttpResponse:
    messages.success(request, words + " " + _("You can take this back within a day, under “Changes”."))
    return SeeOther(reverse("courses:run-changes", args=[run.course.code, run.pk]))


# --- A shift ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def run_shift(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Ask what moves, show all that follows from it, and move it once that is confirmed."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    asked = request.POST if request.method == "POST" else request.GET
    week, row = _moved_thing(request, run, asked)
    form = ShiftForm(asked if "number" in asked else None, week=week, row=row)
    confirm = ConfirmForm(request.POST or None)
    carried = [("week", week), *([("offer", row.pk)] if row else [])]
    shown = {"shift_form": form, "week": week, "run_offer": row}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return _page(request, run, change=None, form=confirm, status=status, **shown, carried=carried)
    shown |= {"carried": [*carried, *form.carried]}
    try:
        change = change_by(run, form.shift, at=timezone.now())
    except cascade.BadShift as bad:
        form.add_error(CANNOT_SHIFT[bad.reason], _(cascade.SHIFT_WORDS[bad.reason]))
        return _page(request, run, change=None, form=confirm, status=422, **shown)
    if request.method == "GET" or not confirm.is_valid():
        status = 200 if request.method == "GET" else 422
        return _page(request, run, change=change, form=confirm, status=status, **shown)
    try:
        publishing.move(run, form.shift, by=request.user, at=timezone.now(), **_confirmed(request, confirm))
    except publishing.StaleChange as stale:
        return _page(request, run, change=stale.change, form=confirm, status=409, **shown)
    except publishing.NothingToPublish:
        messages.info(request, _("Nothing of this can move any more; nothing was changed."))
        return SeeOther(reverse("courses:run", args=[code, pk]))
    return _done(request, run, _("It is moved."))


def _moved_thing(request: AuthedRequest, run: Run, asked: Any) -> tuple[int, RunOffer | None]:  # Any: GET or POST
    offer = number_in(asked.get("offer", ""))
    if offer is not None:
        row = run_offer_for(request.user, run.course.code, offer, to=Can.TEACH)
        if row.run_id != run.pk or row.offer.withdrawn_at is not None:
            raise Http404
        return row.week_number, row
    week = number_in(asked.get("week", ""))
    if week is None or not run.weeks.filter(number=week).exists():
        raise Http404
    return week, None


# --- What was changed ---------------------------------------------------------------------------------------------


@require_GET
def run_changes(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """What was changed in a run since it began, newest first; the last of it can be taken back within a day."""
    run = run_for(request.user, code, pk, to=Can.LOOK)
    return _history(request, run, status=200)


def _history(request: AuthedRequest, run: Run, *, status: int, refused: str = "") -> HttpResponse:
    context = {
        "course": run.course,
        "tab": "runs",
        "run": run,
        "part": "changes",
        "teaches": Can.TEACH in run.course.rights,
        "published": publications_of(run, at=timezone.now()),
        "refused": refused,
    }
    return render(request, "courses/run_changes.html", context, status=status)


@require_POST
def publication_undo(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take the last change of a run back."""
    publication = publication_for(request.user, code, pk, to=Can.TEACH)
    try:
        undone = publishing.undo(publication, by=request.user, at=timezone.now())
    except publishing.CannotUndo as cannot:
        return _history(request, publication.run, status=409, refused=str(cannot))
    words = _("It is taken back; whoever was told of it is told so once more.")
    if undone.stayed:
        stayed = ", ".join(title for title, _why in undone.stayed)
        words += " " + _("These stay, because of what happened since: %(titles)s.") % {"titles": stayed}
    messages.success(request, words)
    return SeeOther(reverse("courses:run-changes", args=[code, publication.run_id]))


# --- Ready to run -------------------------------------------------------------------------------------------------


@require_GET
def run_ready(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """What a run offers and is not built yet, by week, with where to mend it."""
    run = run_for(request.user, code, pk, to=Can.LOOK)
    context = {
        "course": run.course,
        "tab": "runs",
        "run": run,
        "part": "ready",
        "teaches": Can.TEACH in run.course.rights,
        "readiness": readiness_of_run(run),
        "draft": draft_places(run.course),
        "at": timezone.now(),
    }
    return render(request, "courses/run_ready.html", context)


@require_GET
def design_ready(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """What a version of the design plans and nobody has built yet, by week."""
    design = design_for(request.user, code, number, to=Can.LOOK)
    context = {
        "course": design.course,
        "tab": "studio",
        "design": design,
        "readiness": readiness_of(design),
        "can_design": Can.DESIGN in design.rights,
        "draft": draft_places(design.course),
    }
    return render(request, "courses/design_ready.html", context)
