"""Quick add: one typed line per cell, with what was recognised shown before it is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from activities import registry
from blendedu.kit.fragment import wants_fragment
from blendedu.kit.templatetags.kit import minutes as written
from blendedu.kit.templatetags.kit import minutes_range, word
from courses.access import Can, design_for
from courses.forms.plan import QuickForm
from courses.queries.plan import hour_of
from courses.services import plan as services
from courses.views.studio.shown import (
    STUDIO,
    attempt,
    changed_page,
    done,
    page_of,
    panel_shown,
    place_said,
    types_shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design
    from courses.quickadd import Part


@require_GET
def quick_preview(request: AuthedRequest, code: str) -> HttpResponse:
    """What was recognised in the line so far, before Enter."""
    design = design_for(request.user, code, to=Can.DESIGN)
    line = QuickForm.read(request.GET.get("text", "")[:400], teaching_hour=hour_of(design.course))
    problem = QuickForm.words_for(line.problem) if line.problem and line.problem != "untitled" else ""
    return render(request, f"{STUDIO}#parts", {"parts": _parts(line.parts), "title": line.title, "problem": problem})


@require_POST
def quick_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add what the line says to its cell."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = QuickForm(request.POST, teaching_hour=hour_of(design.course))
    if not form.is_valid():
        return _quick_refused(request, design, form)
    outcomes: list[int] = []
    if form.line.outcomes:
        known = dict(design.outcomes.values_list("number", "pk"))
        unknown = [number for number in form.line.outcomes if number not in known]
        if unknown:
            form.add_error("text", _("This design has no LO%(number)s.") % {"number": unknown[0]})
            return _quick_refused(request, design, form)
        outcomes = [known[number] for number in form.line.outcomes]
    said = form.cleaned_data
    result = attempt(
        request,
        design,
        lambda: services.add_activity(
            design,
            values=form.values(),
            week=said["week"],
            moment=form.lands_at,
            outcomes=outcomes,
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        ),
    )
    if isinstance(result, HttpResponse):
        return result
    page = changed_page(request, result)
    sentence = place_said(page, form.line.title, said["week"], form.lands_at)
    # The line stays open for the next one; the focus stays in it.
    return trigger_client_event(done(request, page, sentence), "quickAdded", {})


def _quick_refused(request: AuthedRequest, design: Design, form: QuickForm) -> HttpResponse:
    problem = " ".join(str(text) for texts in form.errors.values() for text in texts)
    if wants_fragment(request):
        response = render(request, f"{STUDIO}#parts", {"parts": [], "problem": problem}, status=422)
        where = "panel" if request.POST.get("where") == "panel" else "cell"
        return reswap(retarget(response, f"#parts-{where}"), "innerHTML")
    page = page_of(request, design)
    return panel_shown(request, page, "types", status=422, quick_problem=problem, **types_shown(page, request.POST))


def _parts(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """What was recognised, in words: (field, value)."""
    fields = {
        "type": _("type"),
        "minutes": _("time"),
        "outcome": _("outcome"),
        "required": _("required"),
        "grouping": _("students work"),
        "learning_type": _("learning type"),
        "timing": _("when"),
        "environment": _("environment"),
        "place": _("place"),
        "guidance": _("guidance"),
        "assessment": _("assessment"),
    }
    order = {name: place for place, name in enumerate(fields)}
    shown = sorted(parts, key=lambda part: order[part.field])
    return [(fields[part.field], _part_value(part)) for part in shown]


def _part_value(part: Part) -> str:
    if part.field == "type":
        return str(registry.get(part.value).label)
    if part.field == "minutes":
        low, _dash, high = part.value.partition("-")
        return minutes_range(int(low), int(high)) if high else written(int(low))
    if part.field == "outcome":
        return f"LO{part.value}"
    return word(part.value) if part.value else _("optional")
