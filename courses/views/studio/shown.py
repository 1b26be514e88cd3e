"""How the Studio answers: the board as main swap, what follows from it out of band, a whole page without htmx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_htmx.http import push_url, replace_url, trigger_client_event

from activities import registry
from blendedu.kit.fragment import fragment, wants_fragment
from blendedu.kit.templatetags.kit import minutes as written
from blendedu.kit.templatetags.kit import word
from courses.access import Can, design_for
from courses.queries.studio import Look, StudioPage
from courses.services import plan as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design

STUDIO = "courses/studio.html"
Context = dict[str, Any]  # Any: template contexts hold anything


def page_of(request: AuthedRequest, design: Design, **known: Any) -> StudioPage:  # Any: what was read already
    """The Studio page of a design for the person who asks, looked at as the request says."""
    look = Look.read((request.POST if request.method == "POST" else request.GET).dict())
    return StudioPage(design, user=request.user, at=timezone.now(), look=look, **known)


def context_of(page: StudioPage, **extra: Any) -> Context:  # Any: template contexts hold anything
    """What studio.html needs. `head` is read when the frame shows it, not by fragments."""
    return {
        "course": page.course,
        "design": page.design,
        "tab": "studio",
        "head": lambda: page.head,
        "page": page,
        **extra,
    }


def looked(request: AuthedRequest, page: StudioPage) -> HttpResponse:
    """Another lens, filter or order: the board anew, with an address that says so."""
    # What is being typed in the filter stays as it is: its own answer does not replace it.
    filtering = request.htmx.trigger == "filter-form"
    said = _("%(shown)s of %(all)s activities are shown.") % {"shown": page.shown_count, "all": page.all_count}
    response = fragment(request, STUDIO, "looked", context_of(page, filtering=filtering, said=said))
    return replace_url(response, page.url) if filtering else push_url(response, page.url)


def panel_shown(
    request: AuthedRequest,
    page: StudioPage,
    panel: str,
    *,
    status: int = 200,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """Open something beside the board: only the panel for htmx, otherwise the page with it."""
    return fragment(request, STUDIO, "panel", context_of(page, panel=panel, **extra), status=status)


def changed_page(request: AuthedRequest, changed: services.Changed) -> StudioPage:
    """The page after a change, from what the service has read again."""
    known: Context = {"plan": changed.plan, "placements": changed.placements, "steps": changed.steps}
    if changed.steps is None and changed.changed and changed.new_step:
        known["steps"] = (changed.label, "")
    return page_of(request, changed.design, **known)


def done(
    request: AuthedRequest,
    page: StudioPage,
    sentence: str,
    *,
    focus: str = "",
    offer_undo: bool = False,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """Show the plan after a change and say what happened. `focus` is the id of what gets the focus."""
    if not wants_fragment(request):
        messages.success(request, sentence)
    if focus.startswith("a") and focus[1:].isdecimal():
        page.keep(int(focus[1:]))
    context = context_of(page, said=sentence, offer_undo=offer_undo, **extra)
    anchor = f"#{focus}" if focus else ""
    response = fragment(request, STUDIO, _target(request), context, page=f"{page.url}{anchor}")
    if focus:
        trigger_client_event(response, "focusOn", {"id": focus}, after="settle")
    return _swapped_whole(request, response)


def refused(
    request: AuthedRequest,
    page: StudioPage,
    problem: str,
    *,
    status: int,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """Show the plan as it is, with what could not be done and why; a panel keeps what was typed in it."""
    context = context_of(page, problem=problem, **extra)
    return _swapped_whole(request, fragment(request, STUDIO, _target(request), context, status=status))


def attempt(
    request: AuthedRequest,
    design: Design,
    act: Callable[[], services.Changed],
    *,
    panel: Callable[[StudioPage], Context] = lambda page: {},
    by_field: bool = False,
) -> services.Changed | HttpResponse:
    """Do something to the plan; if it cannot be done, answer why. `panel` says what the panel keeps showing.

    `by_field` raises BadActivity instead, for a form that shows each problem at its field.
    """
    try:
        return act()
    except services.StalePlan:
        page = page_of(request, fresh_design(request, design))
        return refused(request, page, stale_words(page), status=409, **panel(page))
    except services.NotEditable:
        page = page_of(request, fresh_design(request, design))
        return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
    except services.RowsChanged as changed:
        page = page_of(request, fresh_design(request, design))
        text = _("“%(title)s” was changed since. Taking the step back would lose that work, so nothing was done.")
        return refused(request, page, text % {"title": changed.about}, status=409)
    except services.NothingToUndo as nothing:
        return refused(request, page_of(request, fresh_design(request, design)), str(nothing), status=409)
    except services.CardHeld as held:
        page = page_of(request, fresh_design(request, design))
        return refused(request, page, str(held), status=409, **panel(page))
    except services.PlanRefused as problem:
        if by_field and isinstance(problem, services.BadActivity):
            raise
        page = page_of(request, fresh_design(request, design))
        return refused(request, page, str(problem), status=422, **panel(page))


def types_shown(page: StudioPage, asked: Mapping[str, str]) -> Context:
    """What the chooser of types shows: each type with its address, and the quick line for the same cell."""
    named = ("week", "moment", "environment", "learning_type", "timing")
    cell = {name: asked[name] for name in named if asked.get(name)}
    return {
        "types": list(registry.every()),
        "cell": cell,
        "quick_text": asked.get("text", ""),
        "cell_query": "".join(f"&{name}={value}" for name, value in cell.items() if value.isalnum()),
    }


def card_id(changed: services.Changed, pk: int | None = None) -> str:
    """The id of the card that a change was about, if it is on the board, or else of the way back."""
    pk = pk or changed.placement_pk
    on_board = any(placement.pk == pk for placement in changed.placements)
    return f"a{pk}" if on_board else "undo"


def place_said(page: StudioPage, title: str, week: int | None, column: str, *, of_pk: int | None = None) -> str:
    """Where a card is now, with the new total of its week: what a screen reader says after a move.

    `of_pk` is the card where only its order in the cell has changed; then its place there is said too.
    """
    if week is None:
        return _("“%(title)s” is on the shelf.") % {"title": title}
    said = {
        "title": title,
        "week": week,
        "column": word(column).lower(),
        "total": written(page.balance.week(week).minutes),
    }
    if of_pk is None:
        return _("“%(title)s” is in week %(week)s, %(column)s. Week total %(total)s.") % said
    cell = [a.placement_id for a in page.plan.placed if (a.week, a.moment) == (week, column)]
    said |= {"position": cell.index(of_pk) + 1, "count": len(cell)}
    words = _("“%(title)s” is in week %(week)s, %(column)s, position %(position)s of %(count)s. Week total %(total)s.")
    return words % said


def fresh_design(request: AuthedRequest, design: Design) -> Design:
    """The design as it is now."""
    return design_for(request.user, design.course.code, design.number, to=Can.LOOK)


def stale_words(page: StudioPage) -> str:
    """Who changed the plan since it was shown, and when."""
    design = page.design
    if design.changed_by is None or design.changed_by == page.user:
        return _("This plan was changed in another window. You see it as it is now: look, and try again.")
    said = {
        "name": design.changed_by,
        "time": date_format(timezone.localtime(design.changed_at), pgettext("date format: 10:32", "H:i")),
    }
    return _("%(name)s changed this plan at %(time)s. You see it as it is now: look, and try again.") % said


def _target(request: AuthedRequest) -> str:
    """A form beside the board is answered there, a single field where it is; everything else swaps the board."""
    target = request.htmx.target if getattr(request, "htmx", None) else ""
    return {"panel": "paneled", "field-report": "fielded"}.get(target or "", "changed")


def _swapped_whole(request: AuthedRequest, response: HttpResponse) -> HttpResponse:
    if wants_fragment(request) and _target(request) == "changed":
        response["HX-Retarget"] = "#board"
        response["HX-Reswap"] = "outerHTML"
    return response
