"""Writing the questions of an activity: one by one, or many pasted at once; trying them as a student."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.queries.papers import content_of, marked_paper, shown_paper, shown_question
from activities.questions import BadResponse, BrokenQuestion, Paper, describe, grade_paper, kinds, parse
from activities.questions.lines import EXAMPLE
from activities.services.questions import NoSuchQuestion, StaleQuestion, TooManyQuestions, fingerprint
from activities.words import say
from blendedu.kit.fragment import SeeOther, wants_fragment
from courses.access import Can, placement_for
from courses.forms.questions import PasteForm, QuestionForm
from courses.queries.frame import head_of
from courses.queries.questions import asked_in, correct_of, question_list
from courses.services import questions as service
from courses.services.plan import NotEditable, StalePlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities.models import Question
    from activities.questions import Question as Parsed
    from blendedu.kit.http import AuthedRequest
    from courses.models import Placement

REMOVED = "question_removed"
PAGE = "courses/questions.html"


@require_GET
def questions(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The questions of an activity, and the form of the one that is being written."""
    placement = _placement(request, code, pk)
    if kind := request.GET.get("add"):
        return _page(request, placement, form=_new(kind))
    if key := request.GET.get("edit"):
        row = _row(placement, key)
        form = _form_of(row)
        return _page(request, placement, form=form, key=key, seen=fingerprint(row), shown=_looks(row))
    return _page(request, placement)


@require_POST
def question_add(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Add the question of the form; or look at it, or give it another row of answers."""
    placement = _placement(request, code, pk)
    form = _posted(request.POST.get("kind", ""), request)
    if answer := _while_typing(request, placement, form):
        return answer
    try:
        added = service.add(placement, [form.content], by=request.user, at=timezone.now())
    except TooManyQuestions:
        return _page(
            request, placement, form=form, refused=_("There are as many questions as can be here."), status=409
        )
    except (NotEditable, StalePlan):
        return _changed(request, placement, form=form)
    return SeeOther(_url(placement, added[0].key if added else str(form.content["key"])))


@require_POST
def question_edit(request: AuthedRequest, code: str, pk: int, key: str) -> HttpResponse:
    """Change a question; attempts that began keep what they were asked."""
    placement = _placement(request, code, pk)
    row = _row(placement, key)
    form = _posted(request.POST.get("kind", row.kind), request)
    seen = request.POST.get("seen", "")
    if answer := _while_typing(request, placement, form, key=key, seen=seen):
        return answer
    try:
        service.change(placement, key, form.content, seen=seen, by=request.user, at=timezone.now())
    except StaleQuestion:
        refused = _("Somebody else changed this question meanwhile. What you see is yours; saving again keeps it.")
        return _page(request, placement, form=form, key=key, seen=fingerprint(row), refused=refused, status=409)
    except NoSuchQuestion:
        return _changed(request, placement, form=form)
    except (NotEditable, StalePlan):
        return _changed(request, placement, form=form, key=key, seen=seen)
    return SeeOther(_url(placement, key))


@require_POST
def question_move(request: AuthedRequest, code: str, pk: int, key: str) -> HttpResponse:
    """Put a question one place up or down."""
    placement = _placement(request, code, pk)
    keys = [row.key for row in placement.activity.questions.all()]
    if key not in keys:
        raise Http404
    to = max(0, keys.index(key) + (-1 if request.POST.get("direction") == "up" else 1))
    try:
        service.move(placement, key, to=to, by=request.user, at=timezone.now())
    except (NotEditable, StalePlan, NoSuchQuestion):
        return _changed(request, placement)
    return SeeOther(_url(placement, key))


@require_POST
def question_remove(request: AuthedRequest, code: str, pk: int, key: str) -> HttpResponse:
    """Take a question away; the page that comes offers to put it back."""
    placement = _placement(request, code, pk)
    row = _row(placement, key)
    try:
        place, content = service.remove(placement, row.key, by=request.user, at=timezone.now())
    except (NotEditable, StalePlan, NoSuchQuestion):
        return _changed(request, placement)
    request.session[REMOVED] = {"placement": placement.pk, "place": place, "content": content}
    return SeeOther(_url(placement))


@require_POST
def question_back(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Put a question back that this person took away last."""
    placement = _placement(request, code, pk)
    removed = _removed_from(request, placement)
    if removed is None:
        return _page(request, placement, refused=_("There is nothing to put back any more."), status=409)
    try:
        service.add(placement, [removed["content"]], by=request.user, at=timezone.now(), position=removed["place"])
    except TooManyQuestions:
        return _page(request, placement, refused=_("There are as many questions as can be here."), status=409)
    except (NotEditable, StalePlan):
        return _changed(request, placement)
    request.session.pop(REMOVED, None)
    return SeeOther(_url(placement, removed["content"]["key"]))


@require_POST
def questions_minutes(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Plan the minutes that the questions are estimated to take."""
    placement = _placement(request, code, pk)
    if not asked_in(placement.activity):
        raise Http404
    try:
        service.take_minutes(placement, by=request.user, at=timezone.now())
    except (NotEditable, StalePlan):
        return _changed(request, placement)
    return SeeOther(_url(placement))


@require_http_methods(["GET", "POST"])
def questions_paste(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Read questions from plain text: first a preview that names every faulty line, then they are added."""
    placement = _placement(request, code, pk, write=True)
    form = PasteForm(request.POST or None)
    if not form.is_bound:
        return _paste_page(request, placement, form)
    if not form.is_valid():
        return _paste_page(request, placement, form, status=422)
    proposal = form.proposal()
    if "add" not in request.POST or not proposal.questions:
        return _paste_page(request, placement, form, proposal=proposal, status=422 if proposal.problems else 200)
    try:
        contents = [question.to_json() for question in proposal.questions]
        added = service.add(placement, contents, by=request.user, at=timezone.now())
    except TooManyQuestions:
        form.add_error("text", _("Together that is more than an activity can hold. Paste fewer."))
    except (NotEditable, StalePlan):
        form.add_error(None, _("This version was changed or approved meanwhile. Nothing is added."))
    else:
        return SeeOther(_url(placement, added[0].key if added else ""))
    return _paste_page(request, placement, form, proposal=proposal, status=409)


@require_http_methods(["GET", "POST"])
def questions_preview(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The whole quiz as a student does it, graded on the spot. Nothing is stored."""
    placement = _placement(request, code, pk, write=False)
    try:
        paper = Paper.from_json(content_of(placement.activity))
    except BrokenQuestion:
        return _page(request, placement, refused=_("A question cannot be read. Mend it first."), status=409)
    answers: dict[str, Any] = {}  # Any: as the engine keeps answers
    problems: dict[str, str] = {}
    raw = dict(request.POST.lists())
    for question in paper.questions if request.method == "POST" else ():
        try:
            answers[question.key] = question.read(raw).value
        except BadResponse as bad:
            problems[question.key] = say(bad.message)
    typed = {key: request.POST.get(f"q-{key}", "") for key in problems}
    shown = shown_paper(paper, seed="preview", shuffle=False, answers=answers, problems=problems, typed=typed)
    context: dict[str, Any] = {"questions": shown, "problems": len(problems)}  # Any: a template context
    if request.method == "POST" and not problems:
        result = grade_paper(paper, answers)
        marked = marked_paper(shown, result.to_json(), with_correct=True, with_feedback=True)
        context |= {"marked": marked, "points": result.points, "max_points": result.max_points}
    status = 422 if problems else 200
    return render(request, "courses/questions_preview.html", _context(request, placement) | context, status=status)


# --- Small parts ------------------------------------------------------------------------------------------------------


def _placement(request: AuthedRequest, code: str, pk: int, *, write: bool | None = None) -> Placement:
    must_write = request.method != "GET" if write is None else write
    placement = placement_for(request.user, code, pk, to=Can.DESIGN if must_write else Can.LOOK)
    if not placement.activity.type.has_questions:
        raise Http404
    return placement


def _row(placement: Placement, key: str) -> Question:
    row = placement.activity.questions.filter(key=key).first()
    if row is None:
        raise Http404
    return row


def _new(kind: str) -> QuestionForm:
    try:
        return QuestionForm.new(kind)
    except BrokenQuestion:
        raise Http404 from None


def _form_of(row: Question) -> QuestionForm:
    try:
        return QuestionForm.of(parse(row.content))
    except BrokenQuestion:
        # What cannot be read can be written anew under the same key.
        form = _new(row.kind if row.kind in kinds() else kinds()[0])
        form.values["key"] = row.key
        return form


def _posted(kind: str, request: AuthedRequest) -> QuestionForm:
    try:
        return QuestionForm.posted(kind, dict(request.POST.lists()))
    except BrokenQuestion:
        raise Http404 from None


def _while_typing(
    request: AuthedRequest, placement: Placement, form: QuestionForm, *, key: str = "", seen: str = ""
) -> HttpResponse | None:
    """What is answered before a question is saved: its preview, one row more or fewer, or what is wrong with it."""
    if "look" in request.POST and wants_fragment(request):
        if not form.is_valid:
            return HttpResponse(status=204)
        return render(request, f"{PAGE}#look", {"shown": _shown(form)})
    if "more" in request.POST or "drop" in request.POST:
        form.errors = {}
        fresh = form.add_row(request.POST["more"]) if "more" in request.POST else None
        form.drop_row(request.POST.get("drop", ""))
        return _page(request, placement, form=form, key=key, seen=seen, fresh=fresh)
    if "look" in request.POST and form.is_valid:
        return _page(request, placement, form=form, key=key, seen=seen, shown=_shown(form))
    if not form.is_valid:
        return _page(request, placement, form=form, key=key, seen=seen, status=422)
    return None


def _shown(form: QuestionForm) -> object:
    return shown_question(form.question, number=1, total=1, seed="preview", value=None)


def _changed(request: AuthedRequest, placement: Placement, **extra: Any) -> HttpResponse:  # Any: as _page
    refused = _("This version was changed or approved meanwhile. Nothing was saved; what you typed is still here.")
    return _page(request, placement, refused=refused, status=409, **extra)


def _page(
    request: AuthedRequest,
    placement: Placement,
    *,
    form: QuestionForm | None = None,
    key: str = "",
    seen: str = "",
    fresh: int | None = None,
    shown: object = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    if request.method != "GET":
        # It may be drawn after a copy was made, or after somebody else changed it: read the placement again.
        placement = placement_for(request.user, placement.design.course.code, placement.pk, to=Can.LOOK)
    code = placement.design.course.code
    save = (
        ("courses:question-edit", [code, placement.pk, key]) if key else ("courses:question-add", [code, placement.pk])
    )
    context = _context(request, placement) | {
        "form": form,
        "editing": key,
        "seen": seen,
        "fresh": fresh,
        "shown": shown,
        "save_url": reverse(save[0], args=save[1]) if form else "",
        "refused": refused,
        "removed": _removed_from(request, placement),
    }
    return render(request, PAGE, context, status=status)


def _looks(row: Question) -> object:
    try:
        return shown_question(parse(row.content), number=1, total=1, seed="preview", value=None)
    except BrokenQuestion:
        return None


def _context(request: AuthedRequest, placement: Placement) -> dict[str, Any]:  # Any: a template context
    design = placement.design
    described = [describe(kind) for kind in kinds()]
    listed = question_list(placement)
    return {
        "placement": placement,
        "activity": placement.activity,
        "course": design.course,
        "tab": "studio",
        "head": head_of(design.course, on=timezone.localdate(), design=design),
        "listed": listed,
        "kinds": described,
        "may_change": design.is_editable and Can.DESIGN in design.rights,
    }


def _paste_page(
    request: AuthedRequest, placement: Placement, form: PasteForm, *, proposal: Any = None, status: int = 200
) -> HttpResponse:  # Any: Proposal or nothing
    found: Sequence[Parsed] = proposal.questions if proposal else ()
    shown = [
        shown_question(question, number=number, total=len(found), seed="preview", value=None)
        for number, question in enumerate(proposal.questions if proposal else (), start=1)
    ]
    context = {
        "form": form,
        "example": EXAMPLE,
        "proposed": [(seen, correct_of(question)) for seen, question in zip(shown, found, strict=True)],
        "faults": [(fault.line, say(fault.message)) for fault in proposal.problems] if proposal else [],
        "read": proposal is not None,
    }
    return render(request, "courses/questions_paste.html", _context(request, placement) | context, status=status)


def _removed_from(request: AuthedRequest, placement: Placement) -> dict[str, Any] | None:  # Any: what the session holds
    removed = request.session.get(REMOVED)
    return removed if removed and removed["placement"] == placement.pk else None


def _url(placement: Placement, key: str = "") -> str:
    page = reverse("courses:questions", args=[placement.design.course.code, placement.pk])
    return f"{page}#question-{key}" if key else page
