"""A storyboard session: big cards by week, a timer, one line at a time from everybody in the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from courses.access import Can, design_for, storyboard_for
from courses.forms.storyboards import LineForm, TimerForm
from courses.queries.frame import head_of
from courses.queries.storyboards import StoryPage, open_session
from courses.services import plan
from courses.services import storyboards as services
from courses.views.studio.pages import asked_design

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.models import Design, Storyboard

STORYBOARD = "courses/storyboard.html"


@require_GET
def storyboard(request: AuthedRequest, code: str) -> HttpResponse:
    """The session that is on, or the way to begin one."""
    return _shown(request, asked_design(request, code, to=Can.LOOK))


def _shown(request: AuthedRequest, design: Design, *, status: int = 200, **extra: Any) -> HttpResponse:  # contexts
    board = open_session(design)
    page = StoryPage(board, at=timezone.now()) if board else None
    weeks = len(page.plan.weeks) if page else None
    context = {
        "course": design.course,
        "design": design,
        "tab": "studio",
        "head": head_of(design.course, on=timezone.localdate(), design=design, weeks=weeks),
        "page": page,
        "leads": board is not None and board.facilitator_id == request.user.pk,
        "may_add": Can.DESIGN in design.rights and design.is_editable,
        "timer": TimerForm(),
        **extra,
    }
    return render(request, STORYBOARD, context, status=status)


@require_POST
def storyboard_start(request: AuthedRequest, code: str) -> HttpResponse:
    """Begin a session on the draft."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = TimerForm(request.POST)
    if not form.is_valid():
        return _shown(request, design, status=422, timer=form)
    try:
        services.start(design, by=request.user, minutes=form.cleaned_data["minutes"], at=timezone.now())
    except services.SessionOpen:
        pass  # somebody was first: here it is
    except plan.NotEditable:
        return _shown(request, design, status=409, problem=_("This version is no draft, so it cannot be changed."))
    return SeeOther(_page(design))


@require_GET
def storyboard_cards(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The cards and how the session stands; 304 as long as nothing is new."""
    board = storyboard_for(request.user, code, pk, to=Can.LOOK)
    page = StoryPage(board, at=timezone.now())
    etag = f'"{page.sign}"'
    response = HttpResponse(status=304) if request.headers.get("If-None-Match") == etag else _story(request, page)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _story(request: AuthedRequest, page: StoryPage, *, status: int = 200) -> HttpResponse:
    context = {"course": page.design.course, "design": page.design, "page": page}
    return fragment(request, STORYBOARD, "story", context, status=status, page=_page(page.design))


@require_POST
def storyboard_add(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Add what one line says."""
    board = storyboard_for(request.user, code, pk, to=Can.DESIGN)
    form = LineForm(request.POST, teaching_hour=board.design.course.framework.get("hour", 60))
    if not form.is_valid():
        problem = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return _refused(request, board, problem, status=422)
    known = dict(board.design.outcomes.values_list("number", "pk")) if form.line.outcomes else {}
    try:
        services.add_line(
            board,
            values=form.values(),
            week=form.cleaned_data["week"],
            moment=form.lands_at,
            outcomes=[known[number] for number in form.line.outcomes if number in known],
            by=request.user,
            at=timezone.now(),
        )
    except (services.Frozen, services.SessionEnded, plan.StalePlan) as problem:
        return _refused(request, board, str(problem) or _("Somebody was first. Send your line again."), status=409)
    except plan.NotEditable:
        return _refused(request, board, _("This version is no draft, so it cannot be changed."), status=409)
    except plan.PlanRefused as problem:
        return _refused(request, board, str(problem), status=422)
    fresh = storyboard_for(request.user, code, pk, to=Can.DESIGN)
    said = _("“%(title)s” is on the board.") % {"title": form.line.title}
    response = trigger_client_event(_story(request, StoryPage(fresh, at=timezone.now())), "lineAdded", {})
    return trigger_client_event(response, "announce", {"text": said})


def _refused(request: AuthedRequest, board: Storyboard, problem: str, *, status: int) -> HttpResponse:
    if wants_fragment(request):
        # What was typed stays in its field; only what is wrong with it is shown beside it.
        response = render(request, f"{STORYBOARD}#refused", {"problem": problem}, status=status)
        return reswap(retarget(response, "#line-problem"), "innerHTML")
    said = {"typed": request.POST.get("text", "")[:400], "typed_week": request.POST.get("week", "")}
    return _shown(request, board.design, status=status, problem=problem, **said)


@require_POST
def storyboard_lead(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """What the facilitator does: pause, go on, set the timer, end; or somebody else takes the lead."""
    board = storyboard_for(request.user, code, pk, to=Can.DESIGN)
    do, me, at = request.POST.get("do", ""), request.user, timezone.now()
    try:
        if do in {"freeze", "go-on"}:
            services.freeze(board, by=me, frozen=do == "freeze", at=at)
        elif do == "timer":
            form = TimerForm(request.POST)
            if not form.is_valid():
                return _shown(request, board.design, status=422, timer=form)
            services.set_timer(board, by=me, minutes=form.cleaned_data["minutes"], at=at)
        elif do == "end":
            services.end(board, by=me, at=at)
            return SeeOther(f"{reverse('courses:studio', args=[code])}?design={board.design.number}")
        elif do == "lead":
            services.take_the_lead(board, by=me)
        else:
            return HttpResponse(status=422)
    except services.NotLeading:
        if board.ended_at is None and board.facilitator_id != me.pk:
            raise PermissionDenied from None
        return SeeOther(_page(board.design))
    return SeeOther(_page(board.design))


def _page(design: Design) -> str:
    return f"{reverse('courses:storyboard', args=[design.course.code])}?design={design.number}"
