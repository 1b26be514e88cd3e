"""The review page: what changed, what is worth a look, comments, the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in
from courses.access import Can, comment_for, course_for, design_for, review_request_for
from courses.feedback_plan import weights_of
from courses.forms.review import AskForm, CommentForm, DecisionForm, PublishForm
from courses.models import ReviewRequest
from courses.queries import review as review_queries
from courses.queries.environments import ANSWERS_TOO, answers_of, wanted_words
from courses.queries.frame import head_of
from courses.queries.threads import WANTED, people_to_ask, thread_list
from courses.queries.versions import policies_of
from courses.services import review as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design

THREADS_PER_PAGE = 20


def _shown(request: AuthedRequest, design: Design, *, status: int = 200, **extra: Any) -> HttpResponse:  # forms
    page = review_queries.review_page(design)
    requests = review_queries.requests_of(design)
    environments = answers_of(design.course)
    waiting = next((one for one in requests if one.design_id == design.pk and one.state == "asked"), None)
    context = {
        "course": design.course,
        "design": design,
        "tab": "review",
        "review_count": page.open_count,
        "head": head_of(design.course, on=timezone.localdate(), design=design, weeks=len(page.plan.weeks)),
        "page": page,
        "requests": requests,
        "approved_under": next(
            (policies_of(one) for one in requests if one.design_id == design.pk and one.state == "approved"), ()
        ),
        "waiting": waiting,
        "weights": weights_of(page.plan),
        "answers": environments,
        "wanted": wanted_words(environments),
        "ask_form": AskForm(),
        "decision_form": DecisionForm(),
        "comment_form": None,
        **extra,
    }
    return render(request, "courses/review.html", context, status=status)


@require_GET
def review(request: AuthedRequest, code: str) -> HttpResponse:
    """The newest design, or the one that `?design=` names, as a reviewer reads it."""
    number = number_in(request.GET.get("design", ""))
    design = design_for(request.user, code, number, to=Can.LOOK, also=[ANSWERS_TOO])
    pin, key = request.GET.get("pin", ""), request.GET.get("key", "")
    form = CommentForm(initial={"pin": pin, "key": key}) if _may_pin(design, pin, key) else None
    return _shown(request, design, comment_form=form, pinned=(pin, key))


def _may_pin(design: Design, pin: str, key: str) -> bool:
    return bool(pin) and Can.COMMENT in design.rights and review_queries.pin_exists(design, pin, key)


@require_POST
def review_ask(request: AuthedRequest, code: str) -> HttpResponse:
    """Ask the DigiCoach."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _shown(request, design, status=422, ask_form=form)
    try:
        services.ask_review(design, by=request.user, note=form.cleaned_data["note"], at=timezone.now())
    except services.NoCoach:
        form.add_error(None, _("This course has no DigiCoach yet. Ask an administrator to appoint one."))
    except services.NothingToReview:
        form.add_error(None, _("There is nothing to review yet: place an activity on the board first."))
    except services.NotReviewable:
        form.add_error(None, _("This version is not a draft any more. Below is how it stands."))
    else:
        return SeeOther(reverse("courses:review", args=[code]))
    return _shown(request, design_for(request.user, code, to=Can.DESIGN), status=409, ask_form=form)


@require_POST
def review_publish(request: AuthedRequest, code: str) -> HttpResponse:
    """Publish a small change without asking the DigiCoach."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = PublishForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    try:
        services.publish_small(design, by=request.user, version=version, at=timezone.now())
    except services.NotSmall:
        problem = _("This is no small change, so it was not published. Ask the DigiCoach to review it.")
        return _shown(request, design, status=409, problem=problem)
    except services.NotReviewable:
        problem = _("The design was changed meanwhile, so it was not published. Below is how it stands: look again.")
        return _shown(request, design_for(request.user, code, to=Can.DESIGN), status=409, problem=problem)
    return SeeOther(reverse("courses:review", args=[code]))


@require_POST
def review_withdraw(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take the request back."""
    asked = review_request_for(request.user, code, pk, to=Can.DESIGN)
    try:
        services.withdraw(asked, by=request.user, at=timezone.now())
    except services.StaleReview:
        return _answered_before(request, asked)
    return SeeOther(reverse("courses:review", args=[code]))


@require_POST
def review_decide(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Approve, or ask for changes."""
    asked = review_request_for(request.user, code, pk, to=Can.REVIEW)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, asked.design, status=422, decision_form=form)
    page = review_queries.review_page(asked.design)
    try:
        services.decide(
            asked,
            by=request.user,
            approve=form.cleaned_data["decision"] == "approve",
            answer=form.cleaned_data["answer"],
            judged=review_queries.judged(page, asked.design),
            at=timezone.now(),
        )
    except services.StaleReview:
        return _answered_before(request, asked, decision_form=form)
    return SeeOther(reverse("courses:review", args=[code]))


def _answered_before(request: AuthedRequest, asked: ReviewRequest, **extra: Any) -> HttpResponse:  # forms
    design = design_for(request.user, asked.design.course.code, asked.design.number, to=Can.LOOK)
    problem = _("This request was answered or withdrawn meanwhile. Below is how it stands; nothing was changed.")
    return _shown(request, design, status=409, problem=problem, **extra)


@require_POST
def comment_add(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Comment on a design, a week, an activity or a hint, or answer a comment."""
    design = design_for(request.user, code, number, to=Can.COMMENT)
    form = CommentForm(request.POST)
    if not form.is_valid():
        pinned = (request.POST.get("pin", ""), request.POST.get("key", ""))
        return _shown(request, design, status=422, comment_form=form, pinned=pinned)
    said = form.cleaned_data
    parent = comment_for(request.user, code, said["parent"]) if said["parent"] else None
    if parent is None and not review_queries.pin_exists(design, said["pin"], said["key"]):
        raise Http404
    comment = services.add_comment(
        design,
        author=request.user,
        pin=said["pin"],
        pin_key=said["key"],
        text=said["text"],
        parent=parent,
        at=timezone.now(),
    )
    address = reverse("courses:review", args=[code])
    return SeeOther(f"{address}?design={design.number}#comment-{comment.pk}")


@require_POST
def comment_settle(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Mark a thread as settled, or open it again."""
    comment = comment_for(request.user, code, pk)
    services.settle(comment, by=request.user, settled="again" not in request.POST, at=timezone.now())
    address = reverse("courses:review", args=[code])
    return SeeOther(f"{address}?design={comment.design.number}#comment-{comment.parent_id or comment.pk}")


@require_GET
def comments(request: AuthedRequest, code: str) -> HttpResponse:
    """All threads of a course: those that wait for an answer of this person, open, settled, all."""
    design = design_for(request.user, code, to=Can.LOOK)
    wanted = request.GET.get("show", "mine")
    wanted = wanted if wanted in WANTED else "mine"
    listed = thread_list(design, request.user, wanted=wanted, designs=Can.DESIGN in design.rights)
    words = {"mine": _("Needs my answer"), "open": _("Open"), "settled": _("Settled"), "all": _("All")}
    context = {
        "course": design.course,
        "design": design,
        "tab": "review",
        "review_count": listed.counts["open"],
        "head": head_of(design.course, on=timezone.localdate()),
        "page": Paginator(listed.lines, THREADS_PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(kind, words[kind], listed.counts[kind], kind == wanted) for kind in WANTED],
        "wanted": wanted,
    }
    return render(request, "courses/comments.html", context)


@require_GET
def people_named(request: AuthedRequest, code: str) -> HttpResponse:
    """Who can be mentioned in a comment on this course, to choose from while typing."""
    course = course_for(request.user, code, to=Can.COMMENT)
    names = [person.name for person in people_to_ask(course) if person.pk != request.user.pk]
    return JsonResponse({"names": names})
