"""Working together: who is here, who edits which card, and the board as it is now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from courses.access import Can, design_for, placement_for
from courses.forms.presence import HereForm, LockForm
from courses.queries.presence import HERE_FOR, latest_of, sign_of
from courses.services import locks
from courses.services import presence as services
from courses.views.studio.pages import asked_design
from courses.views.studio.shown import STUDIO, context_of, page_of

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.models import Design
    from courses.queries.presence import Together
    from courses.views.studio.shown import Context

TOGETHER = "courses/_together.html"


@require_POST
def here(request: AuthedRequest, code: str) -> HttpResponse:
    """Say that this page is open, and hear who else has it open; 204 when nothing is new."""
    form, at = HereForm(request.POST), timezone.now()
    is_whole, said = form.is_valid(), form.cleaned_data
    design = design_for(request.user, code, said.get("design"), to=Can.LOOK)
    if not is_whole:
        return HttpResponse(status=422)
    editing = said["editing"] if Can.DESIGN in design.rights else None
    together = services.be_here(design, by=request.user, editing=editing, active=said["active"], at=at)
    context = _together(request, design, together, version=said["version"], at=at)
    if said["seen"] == context["sign"]:
        return HttpResponse(status=204)
    if context["is_stale"]:
        context["latest"] = latest_of(design)
    return fragment(request, TOGETHER, "together", context, page=reverse("courses:studio", args=[code]))


def _together(
    request: AuthedRequest, design: Design, together: Together, *, version: int | None, at: datetime
) -> Context:
    people = [each for each in together.people if at - each.seen_at < HERE_FOR]
    shown = [(lock, lock.is_fresh(at)) for lock in together.locks]
    is_stale = version is not None and version != design.plan_version
    parts = [
        [each.user for each in people],
        [(lock.placement, lock.user, lock.wanted_by, fresh) for lock, fresh in shown],
        (design.plan_version, design.state) if is_stale else "",
    ]
    return {
        "course": design.course,
        "design": design,
        "people": people,
        "locks": [lock for lock, fresh in shown if fresh and lock.user != request.user.pk],
        "asked_of_me": [lock for lock, _fresh in shown if lock.user == request.user.pk and lock.wanted_by],
        "version": version,
        "is_stale": is_stale,
        "sign": sign_of(parts),
    }


@require_POST
def card_lock(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take a card for oneself, let it go, ask for it, hand it over or keep it."""
    placement = placement_for(request.user, code, pk, to=Can.DESIGN)
    form = LockForm(request.POST)
    if not form.is_valid() or not placement.design.is_editable:
        return HttpResponse(status=422)
    do, at, me = form.cleaned_data["do"], timezone.now(), request.user
    if do == "take":
        try:
            locks.take(placement, by=me, at=at)
        except locks.Held as held:
            return HttpResponse(held.name, status=409, content_type="text/plain; charset=utf-8")
    elif do == "release":
        locks.release(placement, by=me)
    elif do == "ask":
        asked = locks.ask(placement, by=me)
        _say(request, _("Asked. They see it within seconds.") if asked else _("The card is free: open it."))
    elif do == "give":
        given = locks.hand_over(placement, by=me, at=at)
        _say(request, _("Handed over.") if given else _("Nobody asks for it any more."))
    else:
        locks.keep(placement, by=me, at=at)
    if wants_fragment(request) or do in {"take", "release"}:
        return HttpResponse(status=204)
    return SeeOther(reverse("courses:placement", args=[code, pk]))


def _say(request: AuthedRequest, sentence: str) -> None:
    if not wants_fragment(request):
        messages.info(request, sentence)


@require_GET
def board(request: AuthedRequest, code: str) -> HttpResponse:
    """The board and all that follows from it, as they are now."""
    page = page_of(request, asked_design(request, code, to=Can.LOOK))
    sentence = _("The board shows what it is now.")
    return fragment(request, STUDIO, "changed", context_of(page, said=sentence), page=page.url)
