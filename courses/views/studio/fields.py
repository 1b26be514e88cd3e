"""Saving by field: in place on the board, and beside it while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.registry import UnknownType
from blendedu.kit.fragment import fragment, wants_fragment
from courses.access import Can, placement_for
from courses.forms.fields import FieldsForm
from courses.queries.plan import bare_plan, levels_in, levels_of, plan_of, seen_of
from courses.services import plan as services
from courses.views.studio.cards import editor, missing_in
from courses.views.studio.shown import (
    STUDIO,
    Context,
    attempt,
    changed_page,
    context_of,
    done,
    fresh_design,
    page_of,
    refused,
    stale_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Placement
    from courses.queries.studio import StudioPage

TRIES = 3  # against what others do elsewhere on the board at the same moment


@dataclass(frozen=True, slots=True)
class Told:
    """What the page is told about one field: how it went, what it holds now, and what was typed if that is lost."""

    name: str
    state: str  # saved, wrong, taken (somebody else changed it), fresh (followed from another field)
    note: str = ""
    seen: str = ""
    value: str | None = None


@require_POST
def placement_field(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Save one field of an activity, or a few that only make sense together."""
    for left in reversed(range(TRIES)):
        found = placement_for(request.user, code, pk, to=Can.DESIGN)
        try:
            return _save(request, found)
        except services.FieldsChanged as taken:
            return _taken(request, placement_for(request.user, code, pk, to=Can.DESIGN), taken.fields)
        except services.NotEditable:
            # RACE: it was sent to review while the field was typed.
            page = page_of(request, fresh_design(request, found.design))
            return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
        except services.StalePlan:
            # RACE: somebody changed something else just now; what this field held is looked at again.
            if left:
                continue
            page = page_of(request, fresh_design(request, found.design))
            return refused(request, page, stale_words(page), status=409)
    raise AssertionError  # the last try returns


def _save(request: AuthedRequest, found: Placement) -> HttpResponse:
    if not found.design.is_editable:
        page = page_of(request, found.design)
        return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
    if request.POST.getlist("field") == ["type_key"]:
        return _another_type(request, found)
    form = _form(request, found)
    if isinstance(form, str):
        return _wrong(request, found, {request.POST.get("field", ""): form})
    if not form.is_valid():
        problems = form.problems or {name: _("There is no such field.") for name in form.unknown or ["field"]}
        return _wrong(request, found, problems, form)
    label = _label(form)
    try:
        result = services.edit_fields(
            found,
            values=form.values,
            outcomes=form.outcome_ids,
            seen=form.seen,
            label=label,
            by=request.user,
            at=timezone.now(),
        )
    except services.BadActivity as bad:
        problems = {name: " ".join(texts) for name, texts in bad.problems.items()}
        return _wrong(request, found, problems, form)
    except services.CardHeld as held:
        return _wrong(request, found, dict.fromkeys(form.names, str(held)), form, status=409)
    return _saved(request, result, found, form)


def _form(request: AuthedRequest, found: Placement) -> FieldsForm | str:
    # COST: the outcomes of the design are read only where they are asked for.
    served = "outcomes" in request.POST.getlist("field")
    plan = plan_of(found.design) if served else bare_plan(found.design)
    try:
        return FieldsForm(plan, found, request.POST, served=list(levels_of(found)) if served else ())
    except UnknownType:
        return _("This type of activity is not installed. The card can be moved and removed, but not edited.")


def _label(form: FieldsForm) -> str:
    # The title of the activity is filled in by the service: it may be what changes.
    return _("changing “%(field)s” of “%%(title)s”") % {"field": form.label.replace("%", "%%")} if form.label else ""


def _saved(request: AuthedRequest, result: services.Changed, found: Placement, form: FieldsForm) -> HttpResponse:
    page = changed_page(request, result)
    page.keep(found.pk)
    now = next(row for row in result.placements if row.pk == found.pk)
    served = list(levels_in(now))
    note = page.saved
    told = [
        Told(
            name,
            "saved" if name in form.names else "fresh",
            note if name in form.names else "",
            seen_of(now.activity, name, served),
            text,
        )
        for name, text in form.followed(now, served).items()
    ]
    field = form.label or _("What you changed")
    sentence = _("Saved: %(field)s of “%(title)s”.") % {"field": field, "title": now.activity.title}
    return done(request, page, sentence, focus="" if wants_fragment(request) else f"a{found.pk}", **_report(now, told))


def _wrong(
    request: AuthedRequest,
    found: Placement,
    problems: Mapping[str, str],
    form: FieldsForm | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    """Say at each field what is wrong; nothing else of the page moves, and what was typed stays."""
    told = [Told(name, "wrong", note) for name, note in problems.items()]
    page = page_of(request, found.design)
    context = context_of(page, **_report(found, told))
    if not wants_fragment(request):
        shown: Context = editor(page, found, list(levels_of(found)))
        context |= shown | {"problem": " ".join(problems.values())} | ({"form": form.form} if form else {})
    return fragment(request, STUDIO, "report", context, status=status)


def _taken(request: AuthedRequest, now: Placement, fields: tuple[str, ...]) -> HttpResponse:
    """Somebody else changed the same field: show theirs and keep yours, for you to decide."""
    page = page_of(request, now.design)
    page.keep(now.pk)
    served = list(levels_of(now))
    who = stale_words(page)
    form = _form(request, now)
    texts = {} if isinstance(form, str) else form.followed(now, served)
    told = [
        Told(name, "taken", _theirs(page, now, name, texts), seen_of(now.activity, name, served), texts.get(name, ""))
        for name in fields
    ]
    extra = _report(now, told)
    if not wants_fragment(request):
        extra |= editor(page, now, served) | ({} if isinstance(form, str) else {"form": form.form})
    return refused(request, page, who, status=409, **extra)


def _theirs(page: StudioPage, now: Placement, name: str, texts: Mapping[str, str]) -> str:
    who = page.design.changed_by if page.design.changed_by_id != page.user.pk else None
    said = texts.get(name, "")
    theirs = said if 0 < len(said) <= 80 else ""
    if who and theirs:
        return _("%(name)s has changed this to “%(value)s” meanwhile.") % {"name": who, "value": theirs}
    if theirs:
        return _("This was changed to “%(value)s” meanwhile.") % {"value": theirs}
    return _("This was changed meanwhile.")


def _another_type(request: AuthedRequest, found: Placement) -> HttpResponse:
    """From a cell of the table: where the settings of the old type would be lost, the editor is the place."""
    design = found.design
    wish = services.Wish(type_key=request.POST.get("value", ""))
    try:
        chosen = services.choose(design, [found.pk])
        left = services.consider(chosen, wish).left
    except services.PlanRefused as problem:
        return _wrong(request, found, {"type_key": str(problem)})
    if left:
        note = _("Not from here: %(reason)s. Open the editor to change it.") % {"reason": left[0].reason}
        return _wrong(request, found, {"type_key": note})
    if seen_of(found.activity, "type_key") != request.POST.get("seen", ""):
        return _taken(request, found, ("type_key",))
    result = attempt(
        request,
        design,
        lambda: services.edit_many(chosen, wish=wish, by=request.user, version=design.plan_version, at=timezone.now()),
    )
    if not isinstance(result, services.Changed):
        return result
    page = changed_page(request, result)
    now = next(row for row in result.placements if row.pk == found.pk)
    told = [Told("type_key", "saved", page.saved, now.activity.type_key, now.activity.type_key)]
    sentence = _("Saved: %(field)s of “%(title)s”.") % {"field": _("Type"), "title": now.activity.title}
    return done(request, page, sentence, focus="" if wants_fragment(request) else f"a{found.pk}", **_report(now, told))


def _report(found: Placement, told: list[Told]) -> Context:
    return {
        "report": {"pk": found.pk, "title": found.activity.title, "missing": missing_in(found.activity), "told": told}
    }
