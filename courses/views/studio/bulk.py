"""Several cards at once: beside the board, with a preview of what will change before anything does."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from blendedu.kit.fragment import fragment, wants_fragment
from courses.access import Can, design_for, drafts_for
from courses.forms.bulk import BulkForm, CopyForm, selected_in
from courses.forms.plan import VersionForm
from courses.queries.plan import plan_from
from courses.services import plan as services
from courses.views.studio.shown import (
    STUDIO,
    Context,
    attempt,
    changed_page,
    context_of,
    done,
    page_of,
    panel_shown,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict

    from blendedu.kit.http import AuthedRequest
    from courses.facts import PlannedActivity
    from courses.models import Design
    from courses.queries.studio import StudioPage


@require_http_methods(["GET", "POST"])
def bulk(request: AuthedRequest, code: str) -> HttpResponse:
    """Choose cards, say what is to become of them, see what that means, and do it as one step."""
    design = design_for(request.user, code, to=Can.DESIGN)
    if not design.is_editable:
        page = page_of(request, design)
        return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
    asked = request.POST if request.method == "POST" else request.GET
    pks = selected_in(asked.getlist("sel"))
    try:
        chosen = services.choose(design, pks)
    except services.NothingSelected as nothing:
        page = page_of(request, design)
        extra = _shown(page, pks)
        return panel_shown(
            request,
            page,
            status=200 if request.method == "GET" else 422,
            **{"bulk_problem": "" if request.method == "GET" else str(nothing), **extra},
        )
    # COST: the page is made from what was read for the change.
    plan = plan_from(design, chosen.placements, frame=chosen.frame)
    page = page_of(request, design, plan=plan, placements=chosen.placements)
    if request.method == "GET":
        return panel_shown(request, page, **_shown(page, pks))
    acts: dict[str, Callable[[AuthedRequest, StudioPage, services.Chosen, list[int]], HttpResponse]] = {
        "edit": _edit,
        "shelve": _shelve,
        "delete": _delete,
        "copy": _copy,
    }
    return acts.get(request.POST.get("act", ""), _preview)(request, page, chosen, pks)


def _preview(request: AuthedRequest, page: StudioPage, chosen: services.Chosen, pks: list[int]) -> HttpResponse:
    form = BulkForm(page.plan, _cards(page, pks), request.POST)
    said = _shown(page, pks, form)
    if form.is_valid():
        try:
            said["outlook"] = services.consider(chosen, services.Wish(**form.wished))
        except services.PlanRefused as problem:
            said["bulk_problem"] = str(problem)
    if wants_fragment(request) and request.htmx.target == "bulk-preview":
        if form.errors:
            said["bulk_problem"] = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return fragment(request, STUDIO, "preview", context_of(page, **said))
    return panel_shown(request, page, status=422 if form.errors else 200, **said)


def _edit(request: AuthedRequest, page: StudioPage, chosen: services.Chosen, pks: list[int]) -> HttpResponse:
    form = BulkForm(page.plan, _cards(page, pks), request.POST)
    if not form.is_valid():
        return panel_shown(request, page, status=422, **_shown(page, pks, form))
    result = attempt(
        request,
        page.design,
        lambda: services.edit_many(
            chosen,
            wish=services.Wish(**form.wished),
            by=request.user,
            version=form.cleaned_data["version"],
            at=page.at,
        ),
        panel=lambda fresh: _shown(fresh, pks, _with_version(form, fresh)),
    )
    if isinstance(result, HttpResponse):
        return result
    return _done(request, result, pks, len(result.touched))


def _shelve(request: AuthedRequest, page: StudioPage, chosen: services.Chosen, pks: list[int]) -> HttpResponse:
    result = attempt(
        request,
        page.design,
        lambda: services.shelve_many(chosen, by=request.user, version=_version(request), at=timezone.now()),
        panel=lambda fresh: _shown(fresh, pks),
    )
    if isinstance(result, HttpResponse):
        return result
    return _done(request, result, pks, len(result.touched))


def _delete(request: AuthedRequest, page: StudioPage, chosen: services.Chosen, pks: list[int]) -> HttpResponse:
    result = attempt(
        request,
        page.design,
        lambda: services.delete_many(chosen, by=request.user, version=_version(request), at=timezone.now()),
        panel=lambda fresh: _shown(fresh, pks),
    )
    if isinstance(result, HttpResponse):
        return result
    count = len(result.touched)
    sentence = ngettext("%(count)s activity is removed.", "%(count)s activities are removed.", count)
    fresh = changed_page(request, result)
    return done(request, fresh, sentence % {"count": count}, offer_undo=True, focus="undo")


def _copy(request: AuthedRequest, page: StudioPage, chosen: services.Chosen, pks: list[int]) -> HttpResponse:
    form = CopyForm(_drafts(page), request.POST)
    said = _shown(page, pks) | {"copy_form": form}
    if not form.is_valid():
        return panel_shown(request, page, status=422, **said)
    code = form.cleaned_data["course"]
    goal = design_for(request.user, code, to=Can.DESIGN)
    try:
        copied = services.copy_many(chosen, to=goal, by=request.user, at=timezone.now())
    except services.StalePlan:
        said["bulk_problem"] = _("“%(course)s” was changed at the same moment. Try again.") % {"course": goal.course}
        return panel_shown(request, page, status=409, **said)
    except services.NotEditable:
        said["bulk_problem"] = _("“%(course)s” has no draft any more.") % {"course": goal.course}
        return panel_shown(request, page, status=409, **said)
    except services.PlanRefused as problem:
        said["bulk_problem"] = str(problem)
        return panel_shown(request, page, status=422, **said)
    count = len(copied.touched)
    sentence = ngettext(
        "%(count)s activity is copied to “%(course)s”.", "%(count)s activities are copied to “%(course)s”.", count
    ) % {"count": count, "course": goal.course.title}
    said["copied"] = {"sentence": sentence, "url": reverse("courses:studio", args=[code]), "course": goal.course}
    if not wants_fragment(request):
        messages.success(request, sentence)
    return done(request, page, sentence, **said)


def _done(request: AuthedRequest, result: services.Changed, pks: list[int], count: int) -> HttpResponse:
    fresh = changed_page(request, result)
    for pk in pks:
        fresh.keep(pk)
    said = _shown(fresh, pks)
    if not count:
        sentence = _("Nothing changes: all of them are so already.")
        return done(request, fresh, sentence, **said)
    changed = ngettext(
        "%(count)s of %(all)s activity is changed.", "%(count)s of %(all)s activities are changed.", len(said["chosen"])
    )
    sentence = changed % {"count": count, "all": len(said["chosen"])}
    return done(request, fresh, sentence, offer_undo=True, just_changed=sentence, **said)


def _cards(page: StudioPage, chosen: list[int]) -> list[PlannedActivity]:
    wanted = set(chosen)
    return [activity for activity in (*page.plan.placed, *page.plan.shelf) if activity.placement_id in wanted]


def _shown(page: StudioPage, chosen: list[int], form: BulkForm | None = None) -> Context:
    """What the panel shows: its forms for the cards that are still there, or a list to choose from."""
    cards = _cards(page, chosen)
    initial = {"version": page.plan.version}
    return {
        "panel": "bulk",
        "chosen": cards,
        "sel": ",".join(str(card.placement_id) for card in cards),
        "gone": len(chosen) - len(cards),
        "bulk_form": form or BulkForm(page.plan, cards, initial=initial),
        "copy_form": cache(lambda: CopyForm(_drafts(page))),  # COST: read where it is shown
    }


def _drafts(page: StudioPage) -> list[Design]:
    return [draft for draft in drafts_for(page.user) if draft.course_id != page.course.pk]


def _with_version(form: BulkForm, page: StudioPage) -> BulkForm:
    """The same wish, drawn from the fresh plan: sending it again is a decision made with the fresh board in sight."""
    sent = cast("QueryDict", form.data).copy()
    sent["version"] = str(page.plan.version)
    return BulkForm(page.plan, form.cards, sent)


def _version(request: AuthedRequest) -> int:
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1
