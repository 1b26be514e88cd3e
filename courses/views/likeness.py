"""A design beside a pattern: what its weeks have of it, and one activity more at a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from blendedu.kit.fragment import SeeOther
from courses.access import Can, course_for, patterns_for
from courses.forms.likeness import LikenessForm, TakeOneForm
from courses.queries.frame import head_of
from courses.queries.likeness import PatternBeside, versions_of
from courses.services import patterns as services
from courses.services.plan import NotEditable, PlanRefused, StalePlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Course, Design


@require_http_methods(["GET", "POST"])
def pattern_compare(request: AuthedRequest, code: str) -> HttpResponse:
    """Choose a pattern and a week, and see what of it is there; take what is missing, one by one; Undo takes it out."""
    is_sent = request.method == "POST"
    course = course_for(request.user, code, to=Can.DESIGN if is_sent else Can.LOOK)
    versions = versions_of(course)
    asked = request.POST if is_sent else request.GET if "pattern" in request.GET else None
    form = LikenessForm(
        asked,
        # COST: all are listed and one is read; what the others hold stays where it is.
        patterns=patterns_for(request.user).defer("content", "evidence").order_by("title", "pk"),
        versions=versions,
        initial={"design": request.GET.get("design")},
    )
    design = _chosen(form, versions)
    if is_sent and form.is_valid():
        return _take(request, course, form, design)
    return _shown(request, course, form, design)


def _take(request: AuthedRequest, course: Course, form: LikenessForm, draft: Design | None) -> HttpResponse:
    card = TakeOneForm(request.POST)
    if not card.is_valid() or draft is None:
        return _shown(request, course, form, draft, problem=_("Choose an activity that is missing."), status=422)
    found, week = form.cleaned_data["pattern"], form.cleaned_data["week"]
    said = card.cleaned_data
    try:
        services.take(
            found,
            course=course,
            draft=draft,
            first_week=week,
            version=said["version"],
            only=said["card"],
            by=request.user,
            at=timezone.now(),
        )
    except StalePlan:
        problem = _("The design was changed meanwhile. Nothing was taken: look how it stands now, and take it again.")
        now = _chosen(form, versions_of(course))
        return _shown(request, course, form, now, problem=problem, status=409)
    except NotEditable:
        problem = _("Only a draft can be changed. Nothing was taken.")
        return _shown(request, course, form, _chosen(form, versions_of(course)), problem=problem, status=409)
    except PlanRefused as refused:
        return _shown(request, course, form, draft, problem=str(refused), status=422)
    messages.success(request, _("It is in the draft. Undo in the Studio takes it out again."))
    asked = {"pattern": found.key, "week": week, "design": draft.number}
    return SeeOther(f"{reverse('courses:pattern-compare', args=[course.code])}?{urlencode(asked)}")


def _shown(
    request: AuthedRequest,
    course: Course,
    form: LikenessForm,
    design: Design | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"course": course, "tab": "studio", "form": form, "problem": problem}  # Any: contexts
    weeks = None
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        proposal = services.read(form.cleaned_data["pattern"])
        context |= {"pattern": form.cleaned_data["pattern"], "remarks": proposal.remarks}
        if proposal.outline is not None and design is not None:
            context["beside"] = beside = PatternBeside(proposal.outline, design, first_week=form.cleaned_data["week"])
            weeks = len(beside.plan.weeks)
        context["is_unreadable"] = proposal.outline is None
    context |= {
        "design": design,
        "can_take": design is not None and design.is_editable and Can.DESIGN in course.rights,
        "head": head_of(course, on=timezone.localdate(), design=design, weeks=weeks),
    }
    return render(request, "courses/pattern_compare.html", context, status=status)


def _chosen(form: LikenessForm, versions: Sequence[Design]) -> Design | None:
    """The version that was asked for, or else the newest, if there is any."""
    number = form.cleaned_data.get("design") if form.is_bound and form.is_valid() else None
    return next((design for design in versions if number in {None, design.number}), None)
