"""A small quiz in a run, for the tests of attempts, grading and the quiz itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from activities.models import Activity, Attempt, Offer, Question
from activities.services import attempts, questions
from activities.services.grading import grade_attempt
from blendedu.people.models import User
from courses.models import Course, RunOffer
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    MembershipFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

# Words that may be in no page before the marks are out.
CANARY = "canary"

SINGLE = {
    "kind": "single",
    "key": "who",
    "text": "What decides a campaign first?",
    "points": "2",
    "general_feedback": f"{CANARY} the audience comes first",
    "shuffle": False,
    "choices": [
        {"key": "a", "text": "Who it is for", "share": "100", "feedback": f"{CANARY} well seen"},
        {"key": "b", "text": "What it costs", "share": "0", "feedback": f"{CANARY} that comes later"},
    ],
}
MULTIPLE = {
    "kind": "multiple",
    "key": "segments",
    "text": "Which are segments?",
    "points": "2",
    "general_feedback": "",
    "shuffle": False,
    "scoring": "partial",
    "choices": [
        {"key": "a", "text": "Young parents", "right": True, "feedback": ""},
        {"key": "b", "text": "Posters", "right": False, "feedback": f"{CANARY} a poster is a channel"},
        {"key": "c", "text": "First-year students", "right": True, "feedback": ""},
    ],
}
TRUEFALSE = {
    "kind": "truefalse",
    "key": "frame",
    "text": "Framing is neutral.",
    "points": "1",
    "general_feedback": "",
    "answer": False,
    "feedback_true": f"{CANARY} a frame chooses",
    "feedback_false": "",
    "true_label": "True",
    "false_label": "False",
}
SHORT = {
    "kind": "short",
    "key": "capital",
    "text": "Where do the students live?",
    "points": "1",
    "general_feedback": "",
    "case_sensitive": False,
    "ignore_accents": True,
    "answers": [{"text": f"{CANARY}town", "share": "100", "feedback": f"{CANARY} indeed"}],
}
NUMERICAL = {
    "kind": "numerical",
    "key": "share",
    "text": "How many per cent?",
    "points": "1",
    "general_feedback": "",
    "unit": "%",
    "decimal": "point",
    "answers": [
        {"value": "45.8", "tolerance": "0.2", "tolerance_kind": "absolute", "share": "100", "feedback": CANARY}
    ],
}
MATCHING = {
    "kind": "matching",
    "key": "match",
    "text": "Match the message with its audience.",
    "points": "2",
    "general_feedback": "",
    "shuffle": False,
    "pairs": [
        {"key": "p1", "text": "Exam dates", "option": "o1", "feedback": f"{CANARY} students sit them"},
        {"key": "p2", "text": "Office hours of the dean", "option": "o2", "feedback": ""},
    ],
    "options": [{"key": "o1", "text": "Students"}, {"key": "o2", "text": "Staff"}, {"key": "o3", "text": "Pupils"}],
}
EVERY_KIND = (SINGLE, MULTIPLE, TRUEFALSE, SHORT, NUMERICAL, MATCHING)
RIGHT = {
    "who": "a",
    "segments": ["a", "c"],
    "frame": False,
    "capital": f"{CANARY}town",
    "share": "45.9",
    "match": {"p1": "o1", "p2": "o2"},
}


def quiz_activity(*contents: dict[str, Any], **config: Any) -> Activity:
    """A quiz with these questions; without any, one single choice of 2 points."""
    activity = ActivityFactory(type_key="quiz", title="Quiz: Chapter 2", config=config)
    for position, content in enumerate(contents or (SINGLE,)):
        Question.objects.create(
            activity=activity, key=content["key"], position=position, kind=content["kind"], content=content
        )
    return activity


@dataclass
class Sitting:
    """A student of a cohort that has a quiz, with the addresses that the page uses."""

    student: User
    run_offer: RunOffer

    @property
    def course(self) -> Course:
        return self.run_offer.run.course

    @property
    def offer(self) -> Offer:
        return self.run_offer.offer

    @property
    def activity(self) -> Activity:
        return self.offer.activity

    @property
    def page(self) -> str:
        return reverse("courses:activity", args=[self.course.code, self.run_offer.pk])

    def url(self, action: str) -> str:
        return reverse("courses:activity-act", args=[self.course.code, self.run_offer.pk, action])

    def begin(self, *, student: User | None = None, at=NOW, **options: Any) -> Attempt:
        return attempts.start_attempt(
            self.offer,
            user=student or self.student,
            at=at,
            paper=questions.paper_for(self.activity, at=at),
            config_seen=self.activity.config,
            **options,
        )

    def answer(self, attempt: Attempt, question: str, *values: str, based_on: int = 0, at=NOW) -> int:
        return attempts.save_answer(
            attempt.pk,
            user=attempt.user,
            offer_id=self.offer.pk,
            question=question,
            given={f"q-{question}": list(values)},
            based_on=based_on,
            at=at,
        ).revision

    def hand_in(self, attempt: Attempt, *, at=NOW, **options: Any) -> Attempt:
        return attempts.submit_attempt(attempt.pk, user=attempt.user, offer=self.offer, at=at, **options)

    def graded(self, answers: dict[str, Any] | None = None, *, at=NOW, **options: Any) -> Attempt:
        """An attempt from its start to its marks."""
        attempt = self.begin(at=at, **options)
        self.hand_in(attempt, at=at, last_answers=answers or {}, based_on=0)
        grade_attempt(attempt.pk, at=at)
        attempt.refresh_from_db()
        return attempt


def sitting(*contents: dict[str, Any], closes_after: timedelta | None = None, **config: Any) -> Sitting:
    """A quiz in a run with one student; it is due in four days and closes `closes_after` that."""
    lecturer = UserFactory(name="Lecturer")
    run = RunFactory(course=CourseFactory(code="mkc", title="Marketing Communication", lecturer=lecturer))
    run_offer = RunOfferFactory(run=run, activity=quiz_activity(*contents, **config), week_number=2)
    if closes_after is not None:
        run_offer.offer.closes_at = run_offer.offer.due_at + closes_after
        run_offer.offer.save()
    student = MembershipFactory(cohort=run.cohort, user=UserFactory(name="Jana Smets")).user
    return Sitting(student, run_offer)
