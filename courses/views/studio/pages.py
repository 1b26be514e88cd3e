"""Looking: the board, why a number is what it is, what a finding is about, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther, wants_fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, course_for, design_for
from courses.balance import UnknownSlice, explain
from courses.forms.plan import StartForm
from courses.models import Course
from courses.queries.frame import head_of
from courses.services import designs
from courses.views.studio.shown import STUDIO, context_of, looked, page_of, panel_shown

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design


def asked_design(request: AuthedRequest, code: str, *, to: Can) -> Design:
    """The design that `?design=` names, or the one in the works."""
    asked = request.GET.get("design", "")
    number = number_in(asked)
    if asked and number is None:
        raise Http404
    return design_for(request.user, code, number, to=to)


@require_GET
def studio(request: AuthedRequest, code: str) -> HttpResponse:
    """The board of a design; a course without one is asked for its number of weeks."""
    try:
        design = asked_design(request, code, to=Can.LOOK)
    except Http404:
        if "design" in request.GET:
            raise
        return _start(request, course_for(request.user, code, to=Can.LOOK), StartForm())
    page = page_of(request, design)
    return looked(request, page) if wants_fragment(request) else render(request, STUDIO, context_of(page))


@require_GET
def balance_explain(request: AuthedRequest, code: str) -> HttpResponse:
    """The activities and minutes that make a number, and the rule by which they are counted."""
    design = asked_design(request, code, to=Can.LOOK)
    page = page_of(request, design)
    try:
        explanation = explain(page.plan, request.GET.get("dimension", ""), request.GET.get("value", ""))
    except UnknownSlice:
        raise Http404 from None
    return panel_shown(request, page, "explanation", explanation=explanation, rule=_(explanation.rule))


@require_GET
def finding(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """Why something is worth a look: what was measured, the ground it stands on, the activities concerned."""
    page = page_of(request, asked_design(request, code, to=Can.LOOK))
    hint = page.hint(rule)
    if hint is None:
        raise Http404
    return panel_shown(request, page, "finding", hint=hint, concerned=page.concerned(hint))


@require_POST
def design_start(request: AuthedRequest, code: str) -> HttpResponse:
    """Make the first design of a course."""
    course = course_for(request.user, code, to=Can.DESIGN)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _start(request, course, form, status=422)
    try:
        designs.create_design(course, form.cleaned_data["weeks"], by=request.user, at=timezone.now())
    except designs.DraftExists:
        messages.info(request, _("This course has a design in the works already. Here it is."))
    return SeeOther(reverse("courses:studio", args=[code]))


@require_POST
def design_next(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Make the next version of a closed design."""
    design = design_for(request.user, code, number, to=Can.DESIGN)
    try:
        draft = designs.next_version(design, by=request.user, at=timezone.now())
    except designs.DraftExists:
        messages.info(request, _("This course has a design in the works already. Here it is."))
    else:
        messages.success(request, _("Version %(number)s begins as this one was.") % {"number": draft.number})
    return SeeOther(reverse("courses:studio", args=[code]))


def _start(request: AuthedRequest, course: Course, form: StartForm, *, status: int = 200) -> HttpResponse:
    context = {
        "course": course,
        "tab": "studio",
        "form": form,
        "can_start": Can.DESIGN in course.rights,
        "head": head_of(course, on=timezone.localdate()),
    }
    return render(request, "courses/studio_start.html", context, status=status)
