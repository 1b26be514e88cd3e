"""Weeks, and taking steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.access import Can, design_for
from courses.forms.plan import WeekForm
from courses.services import plan as services
from courses.views.studio.shown import attempt, card_id, changed_page, done, page_of, panel_shown, refused

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.queries.studio import StudioPage
    from courses.views.studio.shown import Context


@require_POST
def week_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add a week at the end."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = WeekForm(request.POST)
    if not form.is_valid():
        return refused(request, page_of(request, design), _("Reload the page, and try again."), status=422)
    said = form.cleaned_data
    result = attempt(
        request,
        design,
        lambda: services.add_week(
            design, title=said["title"], by=request.user, version=said["version"], at=timezone.now()
        ),
    )
    if isinstance(result, HttpResponse):
        return result
    number = result.plan.weeks[-1].number
    sentence = _("Week %(number)s is added.") % {"number": number}
    return done(request, changed_page(request, result), sentence, focus="week-add")


@require_GET
def week(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """A week beside the board: its title, whether there is class, and how to take it out."""
    page = page_of(request, design_for(request.user, code, to=Can.DESIGN))
    return panel_shown(request, page, **_about(page, number))


@require_POST
def week_rename(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Give a week its title, and say whether there is class in it."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = WeekForm(request.POST)
    page = page_of(request, design)
    about = _about(page, number) | {"week_form": form}
    if not form.is_valid():
        return panel_shown(request, page, status=422, **about)
    said = form.cleaned_data
    result = attempt(
        request,
        design,
        lambda: services.edit_week(
            design,
            number,
            title=said["title"],
            teaching=form.teaching,
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        ),
        panel=lambda fresh: about | {"week_form": _drawn_again(form, fresh)},
    )
    if isinstance(result, HttpResponse):
        return result
    return done(request, changed_page(request, result), _("Week %(number)s is saved.") % {"number": number})


@require_POST
def week_remove(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Take a week out; its cards go to the shelf, and Undo brings everything back."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = WeekForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    result = attempt(
        request,
        design,
        lambda: services.remove_week(design, number, by=request.user, version=version, at=timezone.now()),
    )
    if isinstance(result, HttpResponse):
        return result
    sentence = _("Week %(number)s is removed. Its activities are on the shelf.") % {"number": number}
    return done(request, changed_page(request, result), sentence, offer_undo=True, focus="undo")


@require_POST
def undo(request: AuthedRequest, code: str) -> HttpResponse:
    """Take your latest step back."""
    design = design_for(request.user, code, to=Can.DESIGN)
    result = attempt(request, design, lambda: services.undo(design, by=request.user, at=timezone.now()))
    if isinstance(result, HttpResponse):
        return result
    sentence = _("Undone: %(step)s.") % {"step": result.label}
    return _stepped(request, result, sentence)


@require_POST
def redo(request: AuthedRequest, code: str) -> HttpResponse:
    """Make the step again that you took back last."""
    design = design_for(request.user, code, to=Can.DESIGN)
    result = attempt(request, design, lambda: services.redo(design, by=request.user, at=timezone.now()))
    if isinstance(result, HttpResponse):
        return result
    sentence = _("Done again: %(step)s.") % {"step": result.label}
    return _stepped(request, result, sentence)


def _stepped(request: AuthedRequest, result: services.Changed, sentence: str) -> HttpResponse:
    page = changed_page(request, result)
    focus = card_id(result)
    if focus == "undo" and not page.undo_label:
        focus = "redo"
    return done(request, page, sentence, focus=focus)


def _about(page: StudioPage, number: int) -> Context:
    found = next((row for row in page.rows if row.number == number), None)
    if found is None or not page.can_edit:
        raise Http404
    return {
        "panel": "week",
        "row": found,
        "week_form": WeekForm(
            initial={
                "title": found.title,
                "kind": WeekForm.TEACHING if found.teaching else WeekForm.OFF,
                "version": page.plan.version,
            }
        ),
    }


def _drawn_again(form: WeekForm, page: StudioPage) -> WeekForm:
    return WeekForm(
        {"title": form.data.get("title", ""), "kind": form.data.get("kind", ""), "version": page.plan.version}
    )
