"""Quiz: questions answered one by one, each answer saved as it is given, graded by a worker.

The page talks to the actions below. static/js/quiz.js keeps the order of its saves; everything also works as plain
forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import registry
from activities.contract import ActivityType, BrokenConfig, Collects, Defaults, Grading, Made, ShowAgain, Todo
from activities.models import Attempt
from activities.queries import attempts as attempt_queries
from activities.queries import papers
from activities.questions import BadResponse, BrokenQuestion, Paper
from activities.seats import must_act, number_in
from activities.services import attempts, questions
from activities.words import say
from blendedu.kit.fragment import SeeOther, wants_fragment
from blendedu.kit.minutes import format_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from activities.contract import Seat
    from activities.models import Activity, Offer, Progress
    from activities.questions import Json

ATTEMPTS_MAX = 20
LIMIT_MAX = 600
AT_ONCE, AFTER, NEVER = "at_once", "after", "never"
WHEN = {
    AT_ONCE: gettext_lazy("With the result"),
    AFTER: gettext_lazy("When the quiz has closed"),
    NEVER: gettext_lazy("Never"),
}


@dataclass(frozen=True, slots=True)
class QuizConfig:
    attempts_allowed: int | None = 1
    limit_minutes: int | None = None
    shuffle: bool = False
    show_right_answers: str = AT_ONCE
    feedback: str = AT_ONCE


class QuizForm(forms.Form):
    attempts_allowed = forms.IntegerField(
        label=gettext_lazy("Attempts"),
        required=False,
        min_value=1,
        max_value=ATTEMPTS_MAX,
        initial=1,
        help_text=gettext_lazy("The best one counts. Empty: as many as they like."),
    )
    limit_minutes = forms.IntegerField(
        label=gettext_lazy("Time limit in minutes"),
        required=False,
        min_value=1,
        max_value=LIMIT_MAX,
        help_text=gettext_lazy("The clock runs on when the page is closed. Empty: no limit."),
    )
    shuffle = forms.BooleanField(
        label=gettext_lazy("Each student gets the questions in another order"), required=False, initial=False
    )
    show_right_answers = forms.ChoiceField(
        label=gettext_lazy("Students see the right answers"),
        choices=list(WHEN.items()),
        initial=AT_ONCE,
        help_text=gettext_lazy("With the result, whoever has attempts left sees them too."),
    )
    feedback = forms.ChoiceField(
        label=gettext_lazy("Students see the feedback on each question"),
        choices=[(AT_ONCE, WHEN[AT_ONCE]), (AFTER, WHEN[AFTER])],
        initial=AT_ONCE,
    )


# --- What a student does --------------------------------------------------------------------------------------------


def start(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin an attempt, or go on with the one that is open."""
    must_act(seat)
    try:
        config: QuizConfig = Quiz().parse(seat.activity.config)
        attempts.start_attempt(
            seat.offer,
            user=seat.user,
            at=seat.at,
            attempts_allowed=config.attempts_allowed,
            limit_minutes=config.limit_minutes,
            paper=questions.paper_for(seat.activity, at=seat.at),
            config_seen=seat.activity.config,
        )
    except (attempts.AttemptRefused, questions.NotReady) as refused:
        raise ShowAgain(409, refused=str(refused)) from None
    return SeeOther(seat.page_url)


def answer(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Save one answer as it is given.

    JSON and not a fragment: nothing of the page is drawn again, the element that sent it only notes the receipt. Ten
    saves of an attempt are ten of these; without scripts the whole form goes to `save`.
    """
    must_act(seat)
    try:
        saved = attempts.save_answer(
            number_in(request, "attempt"),
            user=seat.user,
            offer_id=seat.offer.pk,
            question=request.POST.get("question", ""),
            given=dict(request.POST.lists()),
            based_on=number_in(request, "based_on"),
            at=seat.at,
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except attempts.StaleAnswers as stale:
        return _stale(stale)
    except attempts.AttemptRefused as refused:
        return JsonResponse({"reason": "closed", "message": str(refused)}, status=409)
    except BadResponse as bad:
        return JsonResponse({"message": say(bad.message)}, status=422)
    receipt: dict[str, object] = {"revision": saved.revision, **_clock(seat.at)}
    if saved.echo is not None:
        receipt["echo"] = say(saved.echo)
    return JsonResponse(receipt)


def save(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Save every answer of the page at once: the way without scripts."""
    must_act(seat)
    attempt, paper = _answering(request, seat)
    given, problems = _read(request, paper)
    try:
        attempts.save_answers(
            attempt.pk,
            user=seat.user,
            offer_id=seat.offer.pk,
            answers=given,
            based_on=number_in(request, "based_on"),
            at=seat.at,
        )
    except attempts.StaleAnswers as stale:
        raise _conflict(attempt, paper, given, stale) from None
    except attempts.AttemptRefused as refused:
        raise ShowAgain(409, refused=str(refused)) from None
    if problems:
        raise _unreadable(request, attempt, paper, problems)
    return SeeOther(seat.page_url)


def submit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hand in, once however often it is clicked; what the page had not saved yet comes along."""
    must_act(seat)
    last: dict[str, Json] = {}
    if "asked" in request.POST:
        attempt, paper = _answering(request, seat)
        last, problems = _read(request, paper)
        # At the end of the time there is nobody to ask: what cannot be read stays as it was saved before.
        if problems and "time_up" not in request.POST:
            return JsonResponse({"problems": problems}, status=422) if wants_fragment(request) else save(request, seat)
    try:
        done = attempts.submit_attempt(
            number_in(request, "attempt"),
            user=seat.user,
            offer=seat.offer,
            at=seat.at,
            last_answers=last,
            based_on=number_in(request, "based_on"),
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except attempts.StaleAnswers as stale:
        if wants_fragment(request):
            return _stale(stale)
        raise _conflict(attempt, paper, last, stale) from None
    if not wants_fragment(request):
        return SeeOther(seat.page_url)
    context = _waiting(seat, done) if done.state == Attempt.State.SUBMITTED else Quiz().page(request, seat)
    return render(request, "activities/types/quiz/page.html#panel", {"seat": seat, **context})


# --- What the page asks while it waits ------------------------------------------------------------------------------


def state(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where an attempt stands and what the server's clock says, for a page that slept."""
    attempt = _own(request, seat)
    return JsonResponse({"state": attempt.state, **_ends(attempt), **_clock(seat.at)})


def result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The result as soon as there is one; until then an empty answer."""
    attempt = _own(request, seat)
    if attempt.state != Attempt.State.GRADED or not attempt.is_released:
        return HttpResponse(status=204)
    context = Quiz().page(request, seat)
    return render(request, "activities/types/quiz/page.html#arrived", {"seat": seat, **context})


# --- Small parts ----------------------------------------------------------------------------------------------------


def _own(request: HttpRequest, seat: Seat) -> Attempt:
    number = number_in(request, "attempt")
    attempt = next((each for each in attempt_queries.own_attempts(seat.offer, seat.user) if each.pk == number), None)
    if attempt is None:
        raise Http404
    return attempt


def _answering(request: HttpRequest, seat: Seat) -> tuple[Attempt, Paper]:
    rows = attempt_queries.attempts_of(seat.offer, user=seat.user).filter(pk=number_in(request, "attempt"))
    attempt = rows.first()
    if attempt is None or attempt.paper is None:
        raise Http404
    return attempt, attempt_queries.paper(attempt.paper.pk, attempt.paper.digest)


def _read(request: HttpRequest, paper: Paper) -> tuple[dict[str, Json], dict[str, str]]:
    """The answers in a whole form, and per question why one could not be read."""
    raw = dict(request.POST.lists())
    # A question without a ticked box sends nothing, so the page names those that it shows.
    asked = set(raw.get("asked", ()))
    given: dict[str, Json] = {}
    problems: dict[str, str] = {}
    for key in paper.by_key:
        if key in asked:
            try:
                given[key] = paper.by_key[key].read(raw).value
            except BadResponse as bad:
                problems[key] = say(bad.message)
    return given, problems


def _seed(attempt: Attempt) -> str:
    return str(attempt.pk)


def _shown(attempt: Attempt, paper: Paper, answers: Mapping[str, Json], **extra: Any) -> list[papers.Shown]:
    # What an attempt began with stays: the order of its questions does not change under a student's hands.
    shuffle = attempt.config_seen.get("shuffle") is True
    return papers.shown_paper(paper, seed=_seed(attempt), shuffle=shuffle, answers=answers, **extra)


def _conflict(attempt: Attempt, paper: Paper, mine: Mapping[str, Json], stale: attempts.StaleAnswers) -> ShowAgain:
    """Both answers side by side: what is here is kept in its fields, what the other tab saved is told in words."""
    elsewhere = {
        key: papers.in_words(paper.by_key[key], stale.answers.get(key)) or _("no answer")
        for key, value in mine.items()
        if stale.answers.get(key) != value
    }
    shown = _shown(attempt, paper, {**stale.answers, **mine}, elsewhere=elsewhere)
    return ShowAgain(409, questions=shown, revision=stale.revision, conflicts=len(elsewhere))


def _unreadable(request: HttpRequest, attempt: Attempt, paper: Paper, problems: Mapping[str, str]) -> ShowAgain:
    standing = attempt_queries.standing_of(attempt)
    given, _problems = _read(request, paper)
    typed = {key: request.POST.get(f"q-{key}", "") for key in problems}
    shown = _shown(attempt, paper, {**standing.answers, **given}, problems=problems, typed=typed)
    return ShowAgain(422, questions=shown, revision=standing.revision, problems=len(problems))


def _stale(stale: attempts.StaleAnswers) -> HttpResponse:
    return JsonResponse({"reason": "stale", "revision": stale.revision, "answers": stale.answers}, status=409)


def _clock(at: datetime) -> dict[str, object]:
    return {"at": round(at.timestamp() * 1000), "clock": timezone.localtime(at).strftime("%H:%M:%S")}


def _ends(attempt: Attempt) -> dict[str, object]:
    return {"ends_at": round(attempt.ends_at.timestamp() * 1000) if attempt.ends_at else None}


def _is_past(attempt: Attempt, at: datetime) -> bool:
    return attempt.ends_at is not None and at > attempt.ends_at + attempts.GRACE


def _waiting(seat: Seat, attempt: Attempt) -> dict[str, object]:
    return {"mode": "waiting", "attempt": attempt, "urls": _urls(seat), "time_is_up": _is_past(attempt, seat.at)}


def _urls(seat: Seat) -> dict[str, str]:
    return {name: seat.action_url(name) for name in ("start", "answer", "save", "submit", "state", "result")}


@registry.register
class Quiz(ActivityType[QuizConfig]):
    key = "quiz"
    label = gettext_lazy("Quiz")
    hint = gettext_lazy("Questions that are graded by themselves")
    icon = "list-checks"
    order = 30
    collects = Collects.ATTEMPTS
    grading = Grading.AUTOMATIC
    has_questions = True
    recalls = True
    defaults = Defaults(
        minutes=15, learning_type="practice", assessment="formative", feedback_by="automatic", moment="before"
    )
    estimated_by = "quiz"
    quick_words = ("quiz", "test", "questions", "exam")
    config_class = QuizConfig
    form_class = QuizForm
    actions = {"start": start, "answer": answer, "save": save, "submit": submit}
    looks = {"state": state, "result": result}

    def check(self, config: QuizConfig) -> dict[str, str]:
        problems = {}
        if config.attempts_allowed is not None and not 1 <= config.attempts_allowed <= ATTEMPTS_MAX:
            problems["attempts_allowed"] = _("Allow 1 to %d attempts, or as many as they like.") % ATTEMPTS_MAX
        if config.limit_minutes is not None and not 1 <= config.limit_minutes <= LIMIT_MAX:
            problems["limit_minutes"] = _("A time limit is 1 to %d minutes.") % LIMIT_MAX
        if config.show_right_answers not in WHEN:
            problems["show_right_answers"] = _("Choose when students see the right answers.")
        if config.feedback not in (AT_ONCE, AFTER):
            problems["feedback"] = _("Choose when students see the feedback.")
        return problems

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        return () if (made or Made.of(activity)).questions else (_("no questions yet"),)

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        facts = [_("auto-graded")]
        limit, allowed = config.get("limit_minutes"), config.get("attempts_allowed", 1)
        if isinstance(limit, int):
            facts.append(_("limit %s") % format_minutes(limit))
        if isinstance(allowed, int) and allowed > 1:
            facts.append(ngettext("%d attempt", "%d attempts", allowed) % allowed)
        return tuple(facts)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        if progress is None:
            return Todo(done=False, line=", ".join((_("Quiz"), *self.card_facts(offer.activity.config))))
        if progress.points is not None and progress.max_points is not None:
            marks = {"points": f"{progress.points.normalize():f}", "max": f"{progress.max_points.normalize():f}"}
            return Todo(done=True, line=_("Quiz, %(points)s of %(max)s points") % marks)
        if progress.is_done:
            return Todo(done=True, line=_("Quiz, being graded"))
        return Todo(done=False, line=_("Quiz, begun: your answers are saved"))

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        context: dict[str, object] = {"config": config, "urls": _urls(seat)}
        if not seat.can_act:
            return {**context, **self._preview(seat)}
        mine = attempt_queries.own_attempts(seat.offer, seat.user)
        wanted = request.GET.get("number", "")
        chosen = next((each for each in mine if str(each.number) == wanted), mine[-1] if mine else None)
        current = next((each for each in mine if each.state == Attempt.State.OPEN), None)
        if current is not None and (chosen is current or not wanted):
            part = _waiting(seat, current) if _is_past(current, seat.at) else self._attempt(seat, current)
            return {**context, **part}
        allowed = config.attempts_allowed
        left = None if allowed is None else max(0, allowed - max((each.number for each in mine), default=0))
        context |= {"attempts": mine, "left": left, "current": current}
        context["may_start"] = seat.offer.is_open(seat.at) and left != 0
        if chosen is None:
            return {**context, **self._front(seat)}
        if chosen.state != Attempt.State.GRADED or not chosen.is_released:
            return {**context, **_waiting(seat, chosen)}
        return {**context, **self._result(seat, config, chosen)}

    def _front(self, seat: Seat) -> dict[str, object]:
        return {"mode": "front", "count": seat.activity.questions.count(), "points": seat.activity.points}

    def _attempt(self, seat: Seat, attempt: Attempt) -> dict[str, object]:
        assert attempt.paper is not None, "A quiz begins with a paper."
        paper = attempt_queries.paper(attempt.paper.pk, attempt.paper.digest)
        standing = attempt_queries.standing_of(attempt)
        shown = _shown(attempt, paper, standing.answers)
        return {
            "mode": "attempt",
            "attempt": attempt,
            "questions": shown,
            "revision": standing.revision,
            "saved_at": standing.saved_at,
            "answered": sum(question.answered for question in shown),
            "now_ms": round(seat.at.timestamp() * 1000),
            "ends_ms": _ends(attempt)["ends_at"],
        }

    def _result(self, seat: Seat, config: QuizConfig, attempt: Attempt) -> dict[str, object]:
        over = seat.at > (seat.offer.closes_at or seat.offer.due_at)
        seen = {AT_ONCE} | ({AFTER} if over else set())
        marked: list[papers.Marked] = []
        if attempt.paper is not None and attempt.result:
            paper = attempt_queries.paper(attempt.paper.pk, attempt.paper.digest)
            marked = papers.marked_paper(
                _shown(attempt, paper, {}),
                attempt.result,
                with_correct=config.show_right_answers in seen,
                with_feedback=config.feedback in seen,
            )
        return {
            "mode": "result",
            "attempt": attempt,
            "marked": marked,
            "right": sum(each.state == "right" for each in marked),
            "feedback_later": config.feedback == AFTER and not over,
            "answers_later": config.show_right_answers == AFTER and not over,
            "closes_at": seat.offer.closes_at or seat.offer.due_at,
        }

    def _preview(self, seat: Seat) -> dict[str, object]:
        """What staff see: the front page, and under it the questions as a student will see them."""
        try:
            paper = Paper.from_json(papers.content_of(seat.activity))
        except BrokenQuestion as broken:
            raise BrokenConfig({problem.where: say(problem.message) for problem in broken.problems}) from None
        shown = papers.shown_paper(paper, seed="preview", shuffle=False, answers={})
        return {
            "mode": "preview",
            "may_start": False,
            "questions": shown,
            "count": len(shown),
            "points": paper.max_points,
        }
