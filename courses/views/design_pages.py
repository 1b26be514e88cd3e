"""What the pages about a design share beside the Studio: their frame, a change of the plan, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from blendedu.kit.numbers import number_in
from courses.access import Can, course_for, design_for
from courses.queries.frame import head_of
from courses.queries.plan import plan_of
from courses.queries.steps import steps_of
from courses.services import plan as services

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.facts import Plan
    from courses.models import Design

Context = dict[str, Any]  # Any: template contexts hold anything


class Refused(Exception):
    """The plan was not changed; `status` and the text say why, and `design` is as it is now."""

    def __init__(self, problem: str, *, status: int, design: Design, stale: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.status, self.design, self.stale = problem, status, design, stale


def design_or_start(request: AuthedRequest, code: str) -> Design | HttpResponse:
    """The newest design, or the one that `?design=` names; a course without any is begun in the Studio."""
    number = number_in(request.GET.get("design", ""))
    try:
        return design_for(request.user, code, number, to=Can.LOOK)
    except Http404:
        if number is not None:
            raise
        course_for(request.user, code, to=Can.LOOK)
        return redirect("courses:studio", code)


def framed(
    request: AuthedRequest, design: Design, tab: str, plan: Plan | None = None, *, done: str | None = None
) -> Context:
    """What the frame of a course's page needs, with the plan of the design and the steps that may be taken back.

    `done` is the name of a step that was made just now, so that nobody need ask for it.
    """
    plan = plan or plan_of(design)
    may_edit = Can.DESIGN in design.rights and design.is_editable
    steps = (done, "") if done else steps_of(design, request.user) if may_edit else ("", "")
    undo, redo = steps
    return {
        "course": design.course,
        "design": design,
        "tab": tab,
        # Asked for by the whole page only, not by a fragment.
        "head": SimpleLazyObject(
            lambda: head_of(design.course, on=timezone.localdate(), design=design, weeks=len(plan.weeks))
        ),
        "plan": plan,
        "may_edit": may_edit,
        "undo_label": undo,
        "redo_label": redo,
    }


def changed(request: AuthedRequest, design: Design, act: Callable[[], services.Changed]) -> services.Changed:
    """Change the plan, or say why not: raises Refused with the design as it is now."""
    try:
        return act()
    except services.StalePlan:
        problem = _("Somebody changed the design meanwhile. You see it as it is now: look, and try again.")
        raise Refused(problem, status=409, design=_fresh(request, design), stale=True) from None
    except services.NotEditable:
        problem = _("This version is not a draft, so it cannot be changed.")
        raise Refused(problem, status=409, design=_fresh(request, design)) from None
    except services.RowsChanged as rows:
        text = _("“%(title)s” was changed since. Taking the step back would lose that work, so nothing was done.")
        raise Refused(text % {"title": rows.about}, status=409, design=_fresh(request, design)) from None
    except services.NothingToUndo as nothing:
        raise Refused(str(nothing), status=409, design=_fresh(request, design)) from None
    except services.BadActivity:
        raise  # says per field what is wrong, so the form shows it
    except services.PlanRefused as refused:
        raise Refused(str(refused), status=422, design=_fresh(request, design)) from None


def _fresh(request: AuthedRequest, design: Design) -> Design:
    return design_for(request.user, design.course.code, design.number, to=Can.LOOK)
