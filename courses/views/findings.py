"""All findings about a design, and the answers that its lecturers give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in
from courses.access import Can, design_for
from courses.forms.findings import AnswerForm
from courses.queries.findings import ANSWERED, CLASSES, OPEN, STATES, findings_page
from courses.queries.frame import head_of
from courses.services import findings as services

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design

PAGE = "courses/findings.html"


def _asked(code: str, design: Design, said: Mapping[str, str], **changed: str) -> str:
    kept = {name: said.get(name, "") for name in ("state", "class")} | changed
    query = {"design": design.number} | {name: value for name, value in kept.items() if value}
    return f"{reverse('courses:findings', args=[code])}?{urlencode(query)}"


def _shown(
    request: AuthedRequest,
    design: Design,
    said: Mapping[str, str],
    *,
    status: int = 200,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    page = findings_page(design, state=said.get("state", ""), ground=said.get("class", ""))
    code = design.course.code
    context = {
        "course": design.course,
        "design": design,
        "tab": "studio",
        "head": head_of(design.course, on=timezone.localdate(), design=design, weeks=len(page.plan.weeks)),
        "page": page,
        "states": [
            (_(name), page.counts[key], _asked(code, design, said, state=key), key == page.state)
            for key, name in STATES.items()
        ],
        "classes": [(key, _(name), key == page.ground) for key, name in CLASSES.items()],
        "may_answer": Can.DESIGN in design.rights,
        "may_comment": Can.COMMENT in design.rights,
        "answer_form": AnswerForm(),
        **extra,
    }
    return render(request, PAGE, context, status=status)


@require_GET
def findings(request: AuthedRequest, code: str) -> HttpResponse:
    """Everything that the review found, by state and ground."""
    asked = request.GET.get("design", "")
    number = number_in(asked)
    if asked and number is None:
        raise Http404
    return _shown(request, design_for(request.user, code, number, to=Can.LOOK), request.GET.dict())


def _sent(request: AuthedRequest, code: str) -> Design:
    number = number_in(request.POST.get("design", ""))
    if number is None:
        raise Http404
    return design_for(request.user, code, number, to=Can.DESIGN)


@require_POST
def finding_answer(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """Say why the course decided otherwise."""
    design = _sent(request, code)
    said = request.POST.dict()
    form = AnswerForm(request.POST)
    page = findings_page(design)
    finding = page.finding(rule)
    if finding is None:
        raise Http404
    if not form.is_valid():
        return _shown(request, design, said, status=422, answered_rule=rule, form=form)
    try:
        services.answer_finding(design, finding, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except services.NotAnswerable:
        problem = _("There is nothing to answer here any more: the rule is kept, or it is a requirement.")
        return _shown(request, design, said, status=409, problem=problem, form=form)
    messages.success(request, _("Answered. It is kept with its reason, and asked again when something changes."))
    return SeeOther(f"{_asked(code, design, said, state=ANSWERED)}#{rule}")


@require_POST
def finding_answer_withdraw(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """Take an answer back."""
    design = _sent(request, code)
    try:
        services.withdraw_answer(design.course, rule, by=request.user, at=timezone.now())
    except services.NoAnswer:
        problem = _("This answer was taken back already.")
        return _shown(request, design, request.POST.dict(), status=409, problem=problem)
    messages.success(request, _("The answer was taken back; the finding is asked again."))
    return SeeOther(f"{_asked(code, design, request.POST.dict(), state=OPEN)}#{rule}")
