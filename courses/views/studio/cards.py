"""Cards: add, edit, move, duplicate, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities import registry
from activities.contract import BrokenConfig
from activities.registry import UnknownType
from blendedu.kit.fragment import fragment, wants_fragment
from blendedu.kit.minutes import Duration
from courses.access import Can, design_for, placement_for
from courses.forms.fields import seen_by
from courses.forms.plan import SHELF, ActivityForm, PlaceForm, VersionForm, initial_for, initial_of
from courses.queries.plan import fingerprint, outcome_ids_of
from courses.queries.times import basis_of
from courses.services import plan as services
from courses.views.studio.shown import (
    STUDIO,
    Context,
    attempt,
    card_id,
    changed_page,
    context_of,
    done,
    page_of,
    panel_shown,
    place_said,
    refused,
    types_shown,
)
from courses.views.studio.times import offer_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities.contract import ActivityType
    from activities.models import Activity
    from blendedu.kit.http import AuthedRequest
    from courses.models import Placement
    from courses.queries.studio import StudioPage


# --- The add form -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def placement_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Choose a type, then fill in its form. A cell's "+ Add" says week and column along."""
    design = design_for(request.user, code, to=Can.DESIGN)
    page = page_of(request, design)
    if not page.can_edit:
        return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
    if request.method == "POST":
        return _add(request, page)
    kind = _kind(request.GET.get("type", ""))
    if kind is None:
        return panel_shown(request, page, "types", **types_shown(page, request.GET))
    form = ActivityForm(page.plan, kind, initial={**initial_for(kind), **_from_cell(request.GET)})
    place = PlaceForm(plan=page.plan, initial=_place_initial(page, kind, request.GET))
    return panel_shown(request, page, "add", form=form, place=place, kind=kind, **offer_for(form, {}))


def _add(request: AuthedRequest, page: StudioPage) -> HttpResponse:
    kind = _kind(request.POST.get("type_key", "")) or next(registry.every())
    form = ActivityForm(page.plan, kind, request.POST)
    place = PlaceForm(request.POST, plan=page.plan)
    said: Context = {"panel": "add", "form": form, "place": place, "kind": kind} | offer_for(form, request.POST)
    if "use" in request.POST and said["offer_result"]:
        return _estimated(request, page, form, said)
    if "reckon" in request.POST and request.htmx.target == "estimate-offer":
        return fragment(request, STUDIO, "offer", context_of(page, **said))
    if {"refresh", "reckon", "use"} & set(request.POST):
        return panel_shown(request, page, **(said | {"form": form.redrawn(page.plan)}))
    if not (form.is_valid() & place.is_valid()):
        return panel_shown(request, page, status=422, **said)
    try:
        result = attempt(
            request,
            page.design,
            lambda: services.add_activity(
                page.design,
                values=form.values,
                week=place.cleaned_data["week"],
                moment=place.cleaned_data["moment"],
                outcomes=form.outcome_ids,
                by=request.user,
                version=place.cleaned_data["version"],
                at=page.at,
                estimate=(said["offer"].method, said["offer"].inputs) if said["estimated"] else None,
            ),
            panel=lambda fresh: said | {"place": _with_version(place, fresh)},
            by_field=True,
        )
    except services.BadActivity as bad:
        form.take_problems(bad.problems)
        return panel_shown(request, page, status=422, **said)
    if isinstance(result, HttpResponse):
        return result
    fresh = changed_page(request, result)
    sentence = place_said(fresh, form.values["title"], place.cleaned_data["week"], place.cleaned_data["moment"])
    return done(request, fresh, sentence, focus=card_id(result))


def _estimated(request: AuthedRequest, page: StudioPage, form: ActivityForm, said: Context) -> HttpResponse:
    """The same form with the estimate as its time; it is kept with the activity once that is added."""
    again = form.redrawn(page.plan)
    again.initial["minutes"] = Duration(said["offer"].estimate.minutes)
    taken = {"form": again, "estimated": True, "time_said": True, "just_estimated": True}
    return panel_shown(request, page, **(said | taken))


def _from_cell(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in ("environment", "learning_type", "timing") if asked.get(name)}


def _place_initial(
    page: StudioPage, kind: ActivityType[Any], asked: Mapping[str, str]
) -> dict[str, object]:  # any type
    first = page.plan.weeks[0].number if page.plan.weeks else SHELF
    return {
        "version": page.plan.version,
        "week": asked.get("week") or str(first),
        "moment": asked.get("moment") or kind.defaults.moment,
    }


def _kind(key: str) -> ActivityType[Any] | None:  # any type
    try:
        return registry.get(key)
    except UnknownType:
        return None


def _with_version(place: PlaceForm, page: StudioPage) -> PlaceForm:
    """The same place, drawn from the fresh plan: sending it again is a decision made with the fresh board in sight."""
    said = {name: place.data.get(name) for name in place.data}
    return PlaceForm(said | {"version": page.plan.version}, plan=page.plan)


# --- The side editor ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def placement(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """An activity beside the board: an editor for who may design, its facts for who may look."""
    if request.method == "POST":
        return _save(request, placement_for(request.user, code, pk, to=Can.DESIGN))
    found = placement_for(request.user, code, pk, to=Can.LOOK)
    page = page_of(request, found.design)
    served = outcome_ids_of(found)
    if not page.can_edit:
        return panel_shown(request, page, "details", **about(found), served=served)
    lock = getattr(found, "lock", None)
    if lock is not None and lock.keeps_out(request.user.pk, at=page.at):
        return panel_shown(request, page, "details", **about(found), served=served, held=lock)
    return panel_shown(request, page, **editor(page, found, served))


def _save(request: AuthedRequest, found: Placement) -> HttpResponse:
    page = page_of(request, found.design)
    kind = _kind(request.POST.get("type_key", "")) or _kind(found.activity.type_key) or next(registry.every())
    same = kind.key == found.activity.type_key
    form = ActivityForm(page.plan, kind, request.POST, config=found.activity.config if same else None)
    said: Context = {"panel": "edit", "form": form, "seen": request.POST.get("seen", ""), **about(found)}
    if "refresh" in request.POST:
        return panel_shown(request, page, **(said | {"form": form.redrawn(page.plan)}))
    if not form.is_valid():
        return panel_shown(request, page, status=422, **said)
    try:
        result = attempt(
            request,
            found.design,
            lambda: services.update_activity(
                found,
                values=form.values,
                outcomes=form.outcome_ids,
                seen=request.POST.get("seen", ""),
                by=request.user,
                at=page.at,
            ),
            panel=lambda fresh: said | {"seen": _seen_now(found)},
            by_field=True,
        )
    except services.BadActivity as bad:
        form.take_problems(bad.problems)
        return panel_shown(request, page, status=422, **said)
    if isinstance(result, HttpResponse):
        return result
    fresh = changed_page(request, result)
    now = next(row for row in result.placements if row.pk == found.pk)
    sentence = _("“%(title)s” is saved.") % {"title": now.activity.title}
    return done(request, fresh, sentence, **(editor(fresh, now, form.outcome_ids) | {"just_saved": True}))


def editor(page: StudioPage, found: Placement, served: list[int]) -> Context:
    """What the panel needs to edit a card field by field."""
    activity = found.activity
    kind = _kind(activity.type_key)
    if kind is None:
        # The type is not installed any more: the card can be moved and removed, but not edited.
        return {"panel": "details", "served": served, **about(found)}
    form = ActivityForm(page.plan, kind, initial=initial_of(activity, served), config=activity.config)
    return {
        "panel": "edit",
        "form": form,
        "seen": fingerprint(activity, served),
        "seen_by_field": seen_by(form, found, served),
        **about(found),
    }


def about(found: Placement) -> Context:
    """What the panel says of a card besides its form: what is still to be made, and where that is done."""
    activity = found.activity
    kind = _kind(activity.type_key)
    code = found.design.course.code
    return {
        "placement": found,
        "activity": activity,
        "kind": kind,
        "missing": missing_in(activity),
        "basis": basis_of(activity),
        "questions_url": _reversed("courses:questions", code, found.pk) if kind and kind.has_questions else "",
        "materials_url": _reversed("courses:materials", code, found.pk) if kind and kind.takes_files else "",
    }


def missing_in(activity: Activity) -> tuple[str, ...]:
    """What is still to be made before students can do this."""
    kind = _kind(activity.type_key)
    if kind is None:
        return ()
    try:
        return kind.missing(activity)
    except BrokenConfig as broken:
        return tuple(broken.problems.values())


def _reversed(name: str, *args: object) -> str:
    # Pages of one kind of activity may be absent from an installation; then the link is too.
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _seen_now(found: Placement) -> str:
    found.refresh_from_db()
    return fingerprint(found.activity, outcome_ids_of(found))


# --- Move, duplicate, remove --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def placement_move(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Move a card: the form for everybody, and what the board sends after a drop."""
    if request.method == "GET":
        found = placement_for(request.user, code, pk, to=Can.DESIGN)
        page = page_of(request, found.design)
        return panel_shown(request, page, **_mover(page, found))
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        page = page_of(request, found.design)
        shown = PlaceForm(request.POST, plan=page.plan)
        return refused(
            request, page, _("This cannot be moved there."), status=422, **(_mover(page, found) | {"place": shown})
        )
    said = form.cleaned_data
    column = said["environment"] or said["learning_type"] or said["timing"] or said["moment"]
    stays = found.week is not None and (found.week.number, found.moment) == (said["week"], column)
    result = attempt(
        request,
        found.design,
        lambda: services.move_placement(
            found,
            week=said["week"],
            moment=said["moment"],
            index=said["position"],
            environment=said["environment"],
            learning_type=said["learning_type"],
            timing=said["timing"],
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        ),
        panel=lambda fresh: _mover(fresh, found) if _from_panel(request) else {},
    )
    if isinstance(result, HttpResponse):
        return result
    page = changed_page(request, result)
    sentence = place_said(page, found.activity.title, said["week"], column, of_pk=pk if stays else None)
    return done(request, page, sentence, focus=card_id(result, pk))


@require_POST
def placement_duplicate(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Put a copy right below."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    result = attempt(
        request,
        found.design,
        lambda: services.duplicate_placement(found, by=request.user, version=_version(request), at=timezone.now()),
    )
    if isinstance(result, HttpResponse):
        return result
    sentence = _("A copy of “%(title)s” stands below it.") % {"title": found.activity.title}
    return done(request, changed_page(request, result), sentence, focus=card_id(result))


@require_POST
def placement_delete(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take a card off the board, with an Undo instead of a question."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    title = found.activity.title
    result = attempt(
        request,
        found.design,
        lambda: services.delete_placement(found, by=request.user, version=_version(request), at=timezone.now()),
    )
    if isinstance(result, HttpResponse):
        return result
    sentence = _("“%(title)s” is removed.") % {"title": title}
    page = changed_page(request, result)
    return done(request, page, sentence, offer_undo=True, focus=card_id(result, _neighbour(result, found)))


def _neighbour(result: services.Changed, removed: Placement) -> int | None:
    """The card that took the place of a removed one, or the one above it."""
    cell = [row for row in result.placements if (row.week_id, row.moment) == (removed.week_id, removed.moment)]
    below = [row.pk for row in cell if (row.position, row.pk) > (removed.position, removed.pk)]
    return next(iter(below or [row.pk for row in reversed(cell)]), None)


def _mover(page: StudioPage, found: Placement) -> Context:
    initial = {
        "version": page.plan.version,
        "week": str(found.week.number) if found.week else SHELF,
        "moment": found.moment,
    }
    return {
        "panel": "move",
        "place": PlaceForm(plan=page.plan, initial=initial),
        "placement": found,
        "activity": found.activity,
        "kind": _kind(found.activity.type_key),
    }


def _version(request: AuthedRequest) -> int:
    form = VersionForm(request.POST)
    # Without a version nobody knows what the change was drawn from: as stale as can be.
    return form.cleaned_data["version"] if form.is_valid() else -1


def _from_panel(request: AuthedRequest) -> bool:
    return not wants_fragment(request) or request.htmx.target == "panel"
