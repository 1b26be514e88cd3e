"""Outcomes: their words and levels, their order, and the matrix of what serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from blendedu.kit.fragment import fragment, wants_fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, design_for
from courses.aims import aims_of
from courses.forms.outcomes import CellForm, MoveForm, OutcomeForm, VersionForm
from courses.queries.outcomes import Asked, cell_of, level_name, levels_shown, outcomes_page
from courses.services import plan as services
from courses.verbs import read_outcome
from courses.views.design_pages import Context, Refused, changed, design_or_start, framed

if TYPE_CHECKING:
    from collections.abc import Callable

    from blendedu.kit.http import AuthedRequest
    from courses.facts import Plan
    from courses.models import Design

PAGE = "courses/outcomes.html"


def shown(
    request: AuthedRequest,
    design: Design,
    *,
    status: int = 200,
    plan: Plan | None = None,
    part: str = "body",
    page: str | None = None,
    focus: str = "",
    done: str | None = None,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """The page; for htmx only its body, or another part. `focus` is the id of what gets the focus."""
    context = framed(request, design, "outcomes", plan, done=done)
    asked = Asked.of(request.POST if request.method == "POST" else request.GET)
    # COST: what follows from one cell says nothing about the outcomes of programmes.
    aims = aims_of(design.course, request.user) if part == "body" else ()
    context |= {
        "page": outcomes_page(context["plan"], asked, aims),
        "form": OutcomeForm(initial={"version": context["plan"].version}),
        "edited": None,
        "levels": levels_shown(),
        "cell_form": CellForm(initial={"to": asked.brush}),
    } | extra
    response = fragment(request, PAGE, part, context, status=status, page=page)
    if focus and wants_fragment(request):
        trigger_client_event(response, "focusOn", {"id": focus}, after="settle")
    return response


@require_GET
def outcomes(request: AuthedRequest, code: str) -> HttpResponse:
    """The outcomes of the newest design, or of the one that `?design=` names."""
    design = design_or_start(request, code)
    if isinstance(design, HttpResponse):
        return design
    edit = number_in(request.GET.get("edit", ""))
    row = design.outcomes.filter(pk=edit).first() if edit is not None else None
    if row is None:
        return shown(request, design)
    form = OutcomeForm(initial={"version": design.plan_version, "text": row.text, "level": row.level})
    return shown(request, design, form=form, edited=row.pk, focus="id_text")


@require_GET
def outcome_verb(request: AuthedRequest, code: str) -> HttpResponse:
    """What the words that are being typed say about a level."""
    design_for(request.user, code, to=Can.DESIGN)
    reading = read_outcome(request.GET.get("text", "")[:300], gettext)
    context = {"reading": reading, "level_name": level_name(reading.level)}
    return render(request, f"{PAGE}#verb", context)


@require_POST
def outcome_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add an outcome."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = OutcomeForm(request.POST)

    def add() -> services.Changed:
        said = form.cleaned_data
        return services.add_outcome(
            design, text=said["text"], level=said["level"], by=request.user, version=said["version"], at=timezone.now()
        )

    return _done(request, design, form, add, lambda plan: f"outcome-{plan.outcomes[-1].id}")


@require_POST
def outcome_edit(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Change the words or the level of an outcome."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = OutcomeForm(request.POST)

    def edit() -> services.Changed:
        said = form.cleaned_data
        return services.edit_outcome(
            design,
            pk,
            text=said["text"],
            level=said["level"],
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        )

    return _done(request, design, form, edit, lambda plan: f"outcome-{pk}", edited=pk)


@require_POST
def outcome_remove(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take an outcome out; Undo brings it back."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = VersionForm(request.POST)

    def remove() -> services.Changed:
        said = form.cleaned_data
        return services.remove_outcome(design, pk, by=request.user, version=said["version"], at=timezone.now())

    return _done(request, design, form, remove, lambda plan: "undo")


@require_POST
def outcome_move(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Move an outcome one up or down."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = MoveForm(request.POST)

    def move() -> services.Changed:
        said = form.cleaned_data
        return services.move_outcome(
            design,
            pk,
            by_places=-1 if said["way"] == "up" else 1,
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        )

    return _done(request, design, form, move, lambda plan: f"{form.cleaned_data['way']}-{pk}")


@require_POST
def outcome_align(request: AuthedRequest, code: str) -> HttpResponse:
    """Turn one cell of the matrix: linked or not, and on which level."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = CellForm(request.POST)
    if not form.is_valid():
        return shown(request, design, status=422, problem=_("This cell cannot be set. Reload the page, and try again."))

    def turn() -> services.Changed:
        return services.set_alignments(design, {form.place: form.turn}, by=request.user, at=timezone.now())

    try:
        result = changed(request, design, turn)
    except Refused as refused:
        return shown(request, refused.design, status=refused.status, problem=refused.problem)
    where = f"{reverse('courses:outcomes', args=[code])}?{urlencode(Asked.of(request.POST).pairs)}#matrix"
    return shown(
        request,
        result.design,
        plan=result.plan,
        part="turned",
        page=where,
        done=result.label,
        turned=_turned(form, result.plan),
    )


def _turned(form: CellForm, plan: Plan) -> dict[str, Any]:  # Any: template contexts hold anything
    placement, outcome = form.place
    card = next(activity for activity in plan.activities if activity.placement_id == placement)
    now = card.level_for(outcome)
    aimed = next(each for each in plan.outcomes if each.id == outcome)
    said = {"title": card.title, "number": aimed.number, "level": now, "name": level_name(now)}
    if outcome not in card.outcome_ids:
        sentence = _("“%(title)s” does not serve LO%(number)s any more.") % said
    elif now is None:
        sentence = _("“%(title)s” serves LO%(number)s.") % said
    else:
        sentence = _("“%(title)s” serves LO%(number)s on level %(level)s, %(name)s.") % said
    # What an activity serves besides gets another part of its minutes.
    touched = {outcome, *card.outcome_ids}
    return {"row": {"activity": card}, "cell": cell_of(card, aimed), "sentence": sentence, "touched": touched}


def _done(
    request: AuthedRequest,
    design: Design,
    form: OutcomeForm | VersionForm,
    act: Callable[[], services.Changed],
    focus: Callable[[Plan], str],
    edited: int | None = None,
) -> HttpResponse:
    typed: Context = {"form": form, "edited": edited} if isinstance(form, OutcomeForm) else {}
    if not form.is_valid():
        return shown(request, design, status=422, **typed)
    try:
        result = changed(request, design, act)
    except Refused as refused:
        if not isinstance(form, OutcomeForm):
            return shown(request, refused.design, status=refused.status, problem=refused.problem)
        if refused.stale:
            # What was typed stays; sending it again is now a decision made with the fresh page in sight.
            form = OutcomeForm({**request.POST.dict(), "version": refused.design.plan_version})
        form.add_error(None, refused.problem)
        return shown(request, refused.design, status=refused.status, form=form, edited=edited)
    at = focus(result.plan)
    sentence = _("Done: %(step)s.") % {"step": result.label} if result.changed else _("Nothing was changed.")
    if not wants_fragment(request):
        messages.success(request, sentence)
    back = f"{reverse('courses:outcomes', args=[design.course.code])}#{at}"
    return shown(request, result.design, plan=result.plan, page=back, focus=at, said=sentence)
