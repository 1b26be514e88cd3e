"""What students have done by now, through the same services as their pages."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from activities.models import Attempt, Attendance, Offer, Progress
from activities.queries.attempts import paper as paper_of
from activities.services import attempts, attendance, handins, posts
from activities.services.progress import note_played, note_progress
from activities.services.questions import paper_for
from activities.uploads import MEGABYTE
from blendedu.demo import handouts, student_words, worker
from blendedu.demo.people import GROUPS
from courses.models import Run, RunOffer
from courses.services import class_questions, feedback, reports

if TYPE_CHECKING:
    from activities.questions import Json
    from blendedu.demo.people import People
    from blendedu.people.models import Group, User

OPEN_PAPER = "Lin Chen"  # sits at a quiz right now


@dataclass(frozen=True, slots=True)
class Diary:
    """The clock of the demo world: a time in week 1 or 2, but never later than a while ago."""

    monday: date
    now: datetime

    def at(self, week: int, weekday: int, clock: time, *, before_now: int = 30) -> datetime:
        """A time on the wall; what has not come yet is `before_now` minutes ago."""
        day = self.monday + timedelta(weeks=week - 1, days=weekday)
        moment = timezone.make_aware(datetime.combine(day, clock))
        return min(moment, self.now - timedelta(minutes=before_now))


def build(runs: Mapping[str, Run], people: People, *, monday: date, now: datetime) -> None:
    """Fill two weeks with work at every stage."""
    diary = Diary(monday, now)
    marketing = _offers(runs["MKC-101"])
    _first_week(marketing, people, diary)
    _second_week(marketing, people, diary)
    _report(marketing, people, diary)
    _beside(_offers(runs["STAT-101"]), _offers(runs["CONS-101"]), people, diary)
    worker.work_off(now)
    _give_feedback(marketing, people, diary)


def _offers(run: Run) -> dict[str, RunOffer]:
    """The offers of a run by the title of their activity."""
    rows = RunOffer.objects.filter(run=run).select_related("offer__activity", "offer__cohort", "run__course")
    return {row.offer.activity.title: row for row in rows}


# --- Week by week -------------------------------------------------------------------------------------------------


def _first_week(offers: Mapping[str, RunOffer], people: People, diary: Diary) -> None:
    everybody = _students(people)
    for place, student in enumerate(everybody):
        at = diary.at(1, place % 2, time(19, 10 + place))
        _watch(offers["The communication model"].offer, student, share=100, at=at)
        _read(offers["Read: Chapter 1"].offer, [student], at=at + timedelta(hours=1))
    for place, student in enumerate(everybody[:-2]):
        at = diary.at(1, place % 2, time(20, 10 + place))
        # The student of the drawing has nine of ten; the others as they come.
        wrong = {"b2"} if student.name == "Joost Smit" else None
        _take_quiz(offers["Quiz: Basics"].offer, student, at=at, skill=0.85, wrong=wrong)
    _attend(offers["Kick-off and expectations"].offer, people, at=diary.at(1, 2, time(11, 20)), absent=2)
    _attend(offers["Tutorial 1: your own campaign"].offer, people, at=diary.at(1, 3, time(15, 20)), absent=3)
    for place, student in enumerate(everybody[:21]):
        strength, hope = student_words.STRENGTHS[place % len(student_words.STRENGTHS)]
        _post(
            offers["Introduce yourself to your buddy"].offer,
            student,
            f"Hello, I am {student.get_short_name()}. I am good at {strength}, and I hope for {hope}.",
            at=diary.at(1, 2, time(15, place)),
        )
    _read(offers["Campaign journal: watch one brand for a week"].offer, everybody[:17], at=diary.at(1, 6, time(17, 0)))
    _read(offers["Exercises of chapter 1"].offer, everybody[:13], at=diary.at(1, 6, time(18, 30)))
    for place, student in enumerate(everybody[:20]):
        _hand_in_essay(offers["Kick-off essay"].offer, student, place, at=diary.at(1, 4 + place % 3, time(20, place)))
    for group in list(people.groups.values())[:5]:
        _hand_in_charter(offers["Team charter"].offer, group, at=diary.at(1, 4, time(16, 40)))


def _second_week(offers: Mapping[str, RunOffer], people: People, diary: Diary) -> None:
    everybody = _students(people)
    joost = people["Joost Smit"]
    for place, student in enumerate(everybody[1:19]):
        at = diary.at(1, 6, time(14, place))
        _watch(offers["Segmenting an audience"].offer, student, share=100, at=at)
        _watch(offers["Framing a message"].offer, student, share=100 if place % 3 else 40, at=at)
    _watch(offers["Segmenting an audience"].offer, joost, share=100, at=diary.at(1, 6, time(15, 30)))
    _watch(offers["Framing a message"].offer, joost, share=45, at=diary.at(1, 6, time(15, 40)))
    _read(offers["Read: Chapter 2"].offer, everybody[1:11], at=diary.at(1, 6, time(16, 0)))
    for place, (name, (title, path, reason)) in enumerate(student_words.EXAMPLES.items()):
        _post(
            offers["Find and share an example"].offer,
            people[name],
            reason,
            title=title,
            link=f"https://example.org/adverts/{path}",
            at=diary.at(1, 4 + place % 3, time(13, 2 * place)),
        )
    quiz = offers["Quiz: Chapter 2"].offer
    for place, student in enumerate(everybody[3:15]):
        at = diary.at(1, 6, time(18, 2 * place), before_now=60)
        _take_quiz(quiz, student, at=at, skill=0.5 + place / 30)
        if place % 4 == 0:
            _take_quiz(quiz, student, at=at + timedelta(minutes=25), skill=0.9)
    _sit_at_quiz(quiz, people[OPEN_PAPER], at=diary.now - timedelta(minutes=5))
    session = offers["Case study: relaunch a local brand"]
    for place, (name, question) in enumerate(student_words.CLASS_QUESTIONS.items()):
        class_questions.ask(session, author=people[name], text=question, at=diary.at(1, 6, time(20, 5 * place)))
    if diary.now > session.offer.due_at:
        _attend(session.offer, people, at=session.offer.due_at, absent=1)


def _report(offers: Mapping[str, RunOffer], people: People, diary: Diary) -> None:
    """How long it took those who said so: longer than planned, about as planned, and too few to be shown."""
    everybody = _students(people)
    told = {
        "Read: Chapter 1": (60, 75, 60, 45, 60, 60, 70, 60, 45, 60, 75, 60),
        "Exercises of chapter 1": (270, 240, 270, 300, 270, 270, 180, 270, 270),
        "Campaign journal: watch one brand for a week": (300, 360, 240),
    }
    for title, said in told.items():
        for student, minutes in zip(everybody, said, strict=False):
            reports.report_time(offers[title], user=student, minutes=minutes, at=diary.at(1, 6, time(21, 0)))


def _beside(
    statistics: Mapping[str, RunOffer], consumers: Mapping[str, RunOffer], people: People, diary: Diary
) -> None:
    everybody = _students(people)
    for place, student in enumerate(everybody[:18]):
        at = diary.at(1, 3, time(18, place))
        _read(statistics["Read: Section 1"].offer, [student], at=at)
        _take_quiz(statistics["Quiz 1: Centre"].offer, student, at=at + timedelta(hours=1), skill=0.7)
    _attend(statistics["Workshop 1"].offer, people, at=diary.at(1, 4, time(10, 0)), absent=4)
    for place, student in enumerate(everybody[4:10]):
        _take_quiz(statistics["Quiz 2: Spread"].offer, student, at=diary.at(1, 6, time(11, place)), skill=0.75)
    _read(consumers["Read: Deciding"].offer, everybody[:16], at=diary.at(1, 1, time(9, 0)))
    bought = ("a second-hand coat", "a bicycle lamp", "lunch, twice", "a ticket I could not use", "a plant", "socks")
    for place, thing in enumerate(bought):
        _post(
            consumers["What did you buy last?"].offer,
            everybody[3 * place],
            f"I bought {thing}. I decided in less than a minute, and I can give three reasons that I invented after.",
            at=diary.at(1, 3, time(12, 5 * place)),
        )


# --- One thing each -----------------------------------------------------------------------------------------------


def _students(people: People) -> list[User]:
    return [people[name] for members in GROUPS.values() for name in members]


def _watch(offer: Offer, student: User, *, share: int, at: datetime) -> None:
    seconds = int(offer.activity.config["seconds"])
    seen = seconds * share // 100
    note_played(offer.pk, student.pk, played=[(0, seen)], position=seen, length=seconds, done_from=80, at=at)


def _read(offer: Offer, students: Iterable[User], *, at: datetime) -> None:
    note_progress(offer.pk, [one.pk for one in students], state=Progress.State.DONE, share=100, at=at)


def _attend(offer: Offer, people: People, *, at: datetime, absent: int) -> None:
    states = {student.pk: Attendance.State.PRESENT for student in _students(people)}
    late_and_away = [student.pk for student in _students(people)][5 : 6 + absent]
    states.update(dict.fromkeys(late_and_away, Attendance.State.ABSENT))
    states[late_and_away[0]] = Attendance.State.LATE
    attendance.note_all(offer, states, by=people["lecturer"], at=at)


def _post(offer: Offer, student: User, text: str, *, at: datetime, title: str = "", link: str = "") -> None:
    posts.add_post(
        offer,
        author=student,
        parent_id=None,
        title=title,
        text=text,
        link=link,
        wanted=1,
        counts=True,
        at=at,
    )


def _begin_quiz(offer: Offer, student: User, *, at: datetime) -> Attempt:
    config = offer.activity.config
    return attempts.start_attempt(
        offer,
        user=student,
        at=at,
        attempts_allowed=config["attempts_allowed"],
        limit_minutes=config.get("limit_minutes"),
        paper=paper_for(offer.activity, at=at),
        config_seen=config,
    )


def _take_quiz(offer: Offer, student: User, *, at: datetime, skill: float, wrong: Iterable[str] | None = None) -> None:
    """Begin, answer and hand in. `skill` is the chance of a right answer; `wrong` names the only wrong ones instead."""
    attempt = _begin_quiz(offer, student, at=at)
    luck = random.Random(f"{student.email} {offer.activity.title} {attempt.number}")
    answers: dict[str, Json] = {}
    for key, question in _paper_of(attempt).items():
        right = key not in wrong if wrong is not None else luck.random() < skill
        answers[key] = _answer_to(question, right=right)
    revision = attempts.save_answers(
        attempt.pk, user=student, offer_id=offer.pk, answers=answers, based_on=0, at=at + timedelta(minutes=8)
    )
    attempts.submit_attempt(attempt.pk, user=student, offer=offer, at=at + timedelta(minutes=9), based_on=revision)


def _sit_at_quiz(offer: Offer, student: User, *, at: datetime) -> None:
    """Begin, and answer the first three questions."""
    attempt = _begin_quiz(offer, student, at=at)
    answers = {key: _answer_to(question, right=True) for key, question in list(_paper_of(attempt).items())[:3]}
    attempts.save_answers(
        attempt.pk, user=student, offer_id=offer.pk, answers=answers, based_on=0, at=at + timedelta(minutes=3)
    )


def _paper_of(attempt: Attempt) -> dict[str, Mapping[str, Json]]:
    """The questions of an attempt with all that grading knows."""
    assert attempt.paper is not None
    paper = paper_of(attempt.paper.pk, attempt.paper.digest)
    return {key: question.to_json() for key, question in paper.by_key.items()}


def _answer_to(question: Mapping[str, Json], *, right: bool) -> Json:
    """A right answer to a question, or one that is wrong."""
    rows = [row for row in _list(question.get("choices") or question.get("answers")) if isinstance(row, dict)]
    match question["kind"]:
        case "single":
            return rows[0 if right else -1]["key"]
        case "multiple":
            return [row["key"] for row in rows if bool(row["right"]) is right]
        case "truefalse":
            return question["answer"] is right
        case "short":
            return str(rows[0]["text"]).replace("*", "") if right else "I am not sure"
        case "numerical":
            return str(rows[0]["value"]) if right else "1"
        case _:
            pairs = [row for row in _list(question["pairs"]) if isinstance(row, dict)]
            partners = [pair["option"] for pair in pairs]
            given = partners if right else partners[1:] + partners[:1]
            return {str(pair["key"]): partner for pair, partner in zip(pairs, given, strict=True)}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _hand_in(
    offer: Offer, student: User, *, group: Group | None = None, file: tuple[str, bytes], text: str, at: datetime
) -> None:
    config = offer.activity.config
    attempt = attempts.start_attempt(
        offer,
        user=student,
        group=group,
        at=at - timedelta(hours=2),
        config_seen=config,
        max_points=Decimal(config["max_points"]),
    )
    name, content = file
    handins.add_file(
        attempt,
        SimpleUploadedFile(name, content),
        by=student,
        at=at - timedelta(minutes=10),
        accepted=tuple(config["accepts"]),
        max_bytes=20 * MEGABYTE,
        files_max=3,
    )
    attempts.hand_in_work(attempt.pk, by=student, text=text, at=at, revision=attempt.revision)


def _hand_in_essay(offer: Offer, student: User, place: int, *, at: datetime) -> None:
    first = student_words.ESSAYS[place % len(student_words.ESSAYS)]
    lines = (
        first,
        "The sender wanted me to notice one thing, and put it where I could not miss it.",
        "What came in between was noise: my telephone, the rain, and that I was late.",
    )
    as_text = place % 5 == 3
    make, extension = (handouts.text, "txt") if as_text else (handouts.pdf, "pdf")
    file = (f"kick-off-essay-{place + 1}.{extension}", make("A campaign that changed what I do", lines))
    _hand_in(offer, student, file=file, text="" if place % 3 else first, at=at)


def _hand_in_charter(offer: Offer, group: Group, *, at: datetime) -> None:
    speaker = group.memberships.select_related("user").order_by("pk")[0].user
    file = (f"charter-{group.name.lower()}.pdf", handouts.pdf(f"Charter of group {group.name}", student_words.CHARTER))
    _hand_in(offer, speaker, group=group, file=file, text="", at=at)


# --- The lecturer ----------------------------------------------------------------------------------


def _give_feedback(offers: Mapping[str, RunOffer], people: People, diary: Diary) -> None:
    """Some feedback is released, some written and not released, some work waits."""
    essays = {
        attempt.user.name: attempt
        for attempt in Attempt.objects.filter(offer=offers["Kick-off essay"].offer_id).select_related("user")
        if attempt.user
    }
    joost = essays.pop("Joost Smit")
    just_now = diary.now - timedelta(minutes=12)
    _answer(
        joost, people["lecturer"], points="8", words=student_words.FEEDBACK, remarks=student_words.REMARKS, at=just_now
    )
    for place, attempt in enumerate(list(essays.values())[:9]):
        points, words = student_words.OTHER_FEEDBACK[place % len(student_words.OTHER_FEEDBACK)]
        at = diary.at(1, 6, time(21, 2 * place), before_now=20)
        # The first six are released, the next three are written and wait to be shown together.
        _answer(attempt, people["lecturer"], points=points, words=words, release=place < 6, at=at)
    charters = list(Attempt.objects.filter(offer=offers["Team charter"].offer_id).select_related("group"))
    for attempt in charters[:2]:
        _answer(
            attempt,
            people["lecturer"],
            points="4",
            words="Short and clear. Say also what happens when nobody is right.",
            at=diary.at(1, 6, time(16, 0)),
        )


def _answer(
    attempt: Attempt,
    lecturer: User,
    *,
    points: str,
    words: str,
    remarks: tuple[str, ...] = (),
    release: bool = True,
    at: datetime,
) -> None:
    """Comments one by one, then points and words; shown to the student at the end, if at all."""
    file = attempt.files.first()
    steps = remarks or ("",)
    for place, remark in enumerate(steps):
        fresh = Attempt.objects.get(pk=attempt.pk)
        feedback.give(
            fresh,
            points=Decimal(points),
            feedback=words,
            remark=remark,
            file=file if remark else None,
            revision=fresh.revision,
            release=release and place == len(steps) - 1,
            by=lecturer,
            at=at,
        )
