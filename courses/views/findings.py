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
from django_htmx.http import trigger_client_event

from blendedu.kit.fragment import fragment, wants_fragment
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


def _context(design: Design, said: Mapping[str, str], **extra: Any) -> dict[str, Any]:  # Any: as templates take it
    page = findings_page(design, state=said.get("state", ""), ground=said.get("class", ""))
    code = design.course.code
    return {
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


@require_GET
def findings(request: AuthedRequest, code: str) -> HttpResponse:
    """Everything that the review found, by state and ground."""
    asked = request.GET.get("design", "")
    number = number_in(asked)
    if asked and number is None:
        raise Http404
    design = design_for(request.user, code, number, to=Can.LOOK)
    return render(request, PAGE, _context(design, request.GET.dict()))


def _one(
    request: AuthedRequest,
    design: Design,
    rule: str,
    *,
    status: int = 200,
    page: str | None = None,
    focus: str = "",
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """One finding in its place in the list, for htmx, so that what is typed beside others stays; else `page`."""
    context = _context(design, request.POST.dict(), **extra)
    # Nothing is drawn in its place when it is gone meanwhile: the rule was switched off, say.
    context["item"] = context["page"].items.get(rule)
    response = fragment(request, PAGE, "found", context, status=status, page=page)
    if focus and wants_fragment(request):
        trigger_client_event(response, "focusOn", {"id": focus}, after="settle")
    return response


def _sent(request: AuthedRequest, code: str) -> Design:
    number = number_in(request.POST.get("design", ""))
    if number is None:
        raise Http404
    return design_for(request.user, code, number, to=Can.DESIGN)


def _done(request: AuthedRequest, design: Design, rule: str, *, state: str, sentence: str) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, sentence)
    # What was written is read again: the course keeps its answers in a column.
    fresh = design_for(request.user, design.course.code, design.number, to=Can.DESIGN)
    page = f"{_asked(design.course.code, design, request.POST.dict(), state=state)}#{rule}"
    return _one(request, fresh, rule, page=page, focus=f"do-{rule}", sentence=sentence)


@require_POST
def finding_answer(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """Say why the course decided otherwise."""
    design = _sent(request, code)
    form = AnswerForm(request.POST)
    finding = findings_page(design).finding(rule)
    if finding is None:
        raise Http404
    if not form.is_valid():
        said, focus = form.errors["reason"][0], f"reason-{rule}"
        return _one(request, design, rule, status=422, focus=focus, answered_rule=rule, form=form, sentence=said)
    try:
        services.answer_finding(design, finding, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except services.NotAnswerable:
        problem = _("There is nothing to answer here any more: the rule is kept, or it is a requirement.")
        return _one(request, design, rule, status=409, problem=problem)
    sentence = _("Answered. It is kept with its reason, and asked again when something changes.")
    return _done(request, design, rule, state=ANSWERED, sentence=sentence)


@require_POST
def finding_answer_withdraw(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """Take an answer back."""
    design = _sent(request, code)
    try:
        services.withdraw_answer(design.course, rule, by=request.user, at=timezone.now())
    except services.NoAnswer:
        return _one(request, design, rule, status=409, problem=_("This answer was taken back already."))
    sentence = _("The answer was taken back; the finding is asked again.")
    return _done(request, design, rule, state=OPEN, sentence=sentence)
