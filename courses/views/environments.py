"""The learning environments of a course: the picture, the three questions, the connections between cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from blendedu.kit.fragment import fragment, wants_fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, course_for, design_for
from courses.connections import is_backwards
from courses.forms.environments import AnswersForm, LinkForm, NoteForm
from courses.queries.environments import answers_of, environments_page, wanted_words
from courses.services import environments as answering
from courses.services import plan as services
from courses.views.design_pages import Refused, changed, design_or_start, framed

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.facts import Plan
    from courses.models import Design, EnvironmentAnswers

PAGE = "courses/environments.html"
# Both forms stand on one page, and no two fields have one id.
ANSWERS_ID, LINK_ID = "answers_%s", "link_%s"


def shown(
    request: AuthedRequest,
    design: Design,
    *,
    status: int = 200,
    plan: Plan | None = None,
    page: str | None = None,
    focus: str = "",
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """The page; for htmx only its body."""
    context = framed(request, design, "environments", plan)
    found = environments_page(context["plan"])
    answers = answers_of(design.course)
    context |= {
        "page": found,
        "answers": answers,
        "wanted": wanted_words(answers),
        "answers_form": AnswersForm(initial=_answered(answers), auto_id=ANSWERS_ID),
        "link_form": LinkForm(found.weeks, initial={"version": context["plan"].version}, auto_id=LINK_ID),
        # The questions are about the course, whatever state its design is in.
        "may_answer": Can.DESIGN in design.rights,
        "edited": number_in(request.GET.get("edit", "")) if request.method == "GET" else None,
    } | extra
    response = fragment(request, PAGE, "body", context, status=status, page=page)
    if focus and wants_fragment(request):
        trigger_client_event(response, "focusOn", {"id": focus}, after="settle")
    return response


def _answered(answers: EnvironmentAnswers | None) -> dict[str, Any]:  # Any: as Django's forms
    if answers is None:
        return {"version": 0}
    return {name: getattr(answers, name) for name in ("version", "used", "wanted", "why_not", "connected")}


@require_GET
def environments(request: AuthedRequest, code: str) -> HttpResponse:
    """The environments of the newest design, or of the one that `?design=` names; `?answer=1` opens the questions."""
    design = design_or_start(request, code)
    if isinstance(design, HttpResponse):
        return design
    return shown(request, design, answering="answer" in request.GET)


@require_POST
def environments_answer(request: AuthedRequest, code: str) -> HttpResponse:
    """Answer the three questions."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = AnswersForm(request.POST, auto_id=ANSWERS_ID)
    if not form.is_valid():
        return shown(request, design, status=422, answers_form=form, answering=True)
    said = {name: form.cleaned_data[name] for name in ("version", "used", "wanted", "why_not", "connected")}
    try:
        answering.answer_environments(design.course, **said, by=request.user, at=timezone.now())
    except answering.StaleAnswers:
        now = answers_of(course_for(request.user, code, to=Can.DESIGN))
        data = request.POST.copy()
        data["version"] = str(now.version if now else 0)
        form = AnswersForm(data, auto_id=ANSWERS_ID)
        form.add_error(
            None,
            _("Somebody else answered meanwhile. Their answers stand above, yours are still here: check, and save."),
        )
        return shown(request, design, status=409, answers_form=form, answering=True, conflict=now)
    sentence = _("Your answers are saved.")
    if not wants_fragment(request):
        messages.success(request, sentence)
    back = f"{reverse('courses:environments', args=[code])}#questions"
    return shown(request, design, page=back, focus="answer", said=sentence)


@require_POST
def link_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Connect two cards."""
    design = design_for(request.user, code, to=Can.DESIGN)
    plan: Plan = framed(request, design, "environments")["plan"]
    groups = environments_page(plan).weeks
    form = LinkForm(groups, request.POST, auto_id=LINK_ID)
    if not form.is_valid():
        return shown(request, design, status=422, plan=plan, link_form=form)
    said = {name: form.cleaned_data[name] for name in ("source", "target", "note", "version")}
    try:
        result = changed(request, design, lambda: services.add_link(design, **said, by=request.user, at=timezone.now()))
    except Refused as refused:
        fresh: Plan = framed(request, refused.design, "environments")["plan"]
        data = request.POST.copy()
        data["version"] = str(fresh.version)
        form = LinkForm(environments_page(fresh).weeks, data, auto_id=LINK_ID)
        form.add_error(None, refused.problem)
        return shown(request, refused.design, status=refused.status, plan=fresh, link_form=form)
    return _done(
        request, result, focus="link_source", warning=backwards_words(result.plan, said["source"], said["target"])
    )


def backwards_words(plan: Plan, source: int, target: int) -> str:
    """What to say of a connection to something that students do earlier; nothing of any other."""
    if not is_backwards(plan, source, target):
        return ""
    return _("The second one stands before the first, so what is made cannot be used there yet. Move one of them.")


@require_POST
def link_edit(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Say otherwise what is used."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return shown(request, design, status=422, edited=pk, note_form=form)
    said = form.cleaned_data
    try:
        result = changed(
            request,
            design,
            lambda: services.edit_link(
                design, pk, note=said["note"], was=said["was"], by=request.user, at=timezone.now()
            ),
        )
    except Refused as refused:
        return shown(request, refused.design, status=refused.status, edited=pk, note_form=form, problem=refused.problem)
    return _done(request, result, focus=f"link-{pk}")


@require_POST
def link_remove(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take a connection away; Undo brings it back."""
    design = design_for(request.user, code, to=Can.DESIGN)
    try:
        result = changed(request, design, lambda: services.remove_link(design, pk, by=request.user, at=timezone.now()))
    except Refused as refused:
        return shown(request, refused.design, status=refused.status, problem=refused.problem)
    return _done(request, result, focus="undo")


def _done(request: AuthedRequest, result: services.Changed, *, focus: str, warning: str = "") -> HttpResponse:
    sentence = _("Done: %(step)s.") % {"step": result.label} if result.changed else _("Nothing was changed.")
    if not wants_fragment(request):
        messages.success(request, sentence)
        if warning:
            messages.warning(request, warning)
    back = f"{reverse('courses:environments', args=[result.design.course.code])}#connections"
    return shown(request, result.design, plan=result.plan, page=back, focus=focus, said=sentence, problem=warning)
