"""How long does it take? Estimates of study time, each with the way in which it was made.

Reading and writing follow the Workload Estimator (Barre & Esarey, Rice University, 2016; Workload Estimator 2.0 by
Barre, Brown & Esarey, Wake Forest University, 2021), written anew from its published rates. The estimates of its
authors are just that, estimates; so each says how it came about, and what students report later replaces it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from courses.words import Amount, Minutes, Number, Param, gettext_noop


class Purpose(StrEnum):
    """What a text is read, or a clip watched, for."""

    SURVEY = "survey"
    UNDERSTAND = "understand"
    ENGAGE = "engage"


class Difficulty(StrEnum):
    """How much in a text is new to the student."""

    NO_NEW = "no_new"
    SOME_NEW = "some_new"
    MANY_NEW = "many_new"


class Genre(StrEnum):
    """What is written."""

    REFLECTION = "reflection"
    ARGUMENT = "argument"
    RESEARCH = "research"


class Drafting(StrEnum):
    """How much it is rewritten."""

    NONE = "none"
    MINIMAL = "minimal"
    EXTENSIVE = "extensive"


class Question(StrEnum):
    """What a question asks."""

    RECALL = "recall"
    APPLIED = "applied"
    SHORT_ANSWER = "short_answer"


class Method(StrEnum):
    """How an estimate was made."""

    TABLE = "table"
    FORMULA = "formula"
    LECTURER = "lecturer"
    MEASURED = "measured"


class Confidence(StrEnum):
    """How far to trust it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# Nine speeds in words per minute give all 27 cells of the estimator's reading table. The order matters: a known port
# has the table transposed, and tells people who skim a hard text that they are as quick as with an easy one.
READING_SPEEDS: Mapping[tuple[Purpose, Difficulty], int] = {
    (Purpose.SURVEY, Difficulty.NO_NEW): 500,
    (Purpose.SURVEY, Difficulty.SOME_NEW): 350,
    (Purpose.SURVEY, Difficulty.MANY_NEW): 250,
    (Purpose.UNDERSTAND, Difficulty.NO_NEW): 250,
    (Purpose.UNDERSTAND, Difficulty.SOME_NEW): 180,
    (Purpose.UNDERSTAND, Difficulty.MANY_NEW): 130,
    (Purpose.ENGAGE, Difficulty.NO_NEW): 130,
    (Purpose.ENGAGE, Difficulty.SOME_NEW): 90,
    (Purpose.ENGAGE, Difficulty.MANY_NEW): 65,
}

# The slower speeds of the Open University (UK) for its own texts, as reported by T. Hirst (ouseful.info, 2016).
OPEN_UNIVERSITY_SPEEDS: Mapping[Difficulty, int] = {
    Difficulty.NO_NEW: 120,
    Difficulty.SOME_NEW: 70,
    Difficulty.MANY_NEW: 35,
}

WORDS_PER_PAGE = {"paperback": 450, "monograph": 600, "textbook": 750}
POST_WORDS = 250

WATCHING_FACTORS: Mapping[Purpose, Fraction] = {
    Purpose.SURVEY: Fraction(1),
    Purpose.UNDERSTAND: Fraction(3, 2),
    Purpose.ENGAGE: Fraction(2),
}
QUESTION_MINUTES: Mapping[Question, Fraction] = {
    Question.RECALL: Fraction(1),
    Question.APPLIED: Fraction(3, 2),
    Question.SHORT_ANSWER: Fraction(3),
}
GENRE_FACTORS: Mapping[Genre, int] = {Genre.REFLECTION: 1, Genre.ARGUMENT: 2, Genre.RESEARCH: 4}
DRAFTING_FACTORS: Mapping[Drafting, Fraction] = {
    Drafting.NONE: Fraction(3, 4),
    Drafting.MINIMAL: Fraction(1),
    Drafting.EXTENSIVE: Fraction(5, 4),
}

SECOND_LANGUAGE = Fraction(5, 4)
LEAST_QUIZ_MINUTES = 5
EXAMPLE_MINUTES = 15
REVIEW_MINUTES = 30
CRITERION_MINUTES = 10
BACK_EVALUATION_MINUTES = 3
COORDINATION = Fraction(11, 10)
EXPERT_FACTOR = 3
FORUM_READING_SPEED = 180
ENOUGH_REPORTS = 8


class NothingToEstimate(ValueError):
    """Nothing, or less than nothing, takes no time: ask for an amount."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Study time of a typical student, and how it was reckoned: a template and what fills it."""

    minutes: int
    method: Method
    confidence: Confidence
    explanation: str
    params: Mapping[str, Param]


def read(
    *,
    words: int | None = None,
    pages: Amount | None = None,
    words_per_page: int = WORDS_PER_PAGE["monograph"],
    purpose: Purpose = Purpose.UNDERSTAND,
    difficulty: Difficulty = Difficulty.SOME_NEW,
    second_language: bool = False,
) -> Estimate:
    """Estimate reading: words / speed, with a quarter more for readers in a second language.

    Workload Estimator 2.0 (2021) for the speeds; the quarter more is a rule of thumb.
    """
    amount = _words(words, pages, words_per_page)
    speed = READING_SPEEDS[purpose, difficulty]
    minutes = amount / speed * (SECOND_LANGUAGE if second_language else 1)
    explanation = (
        gettext_noop("{words} words at {speed} words per minute, and a quarter more for reading in a second language.")
        if second_language
        else gettext_noop("{words} words at {speed} words per minute.")
    )
    return _estimate(
        minutes, Method.TABLE, Confidence.MEDIUM, explanation, words=Number.of(amount, digits=0), speed=speed
    )


def read_as_open_university(
    *,
    words: int | None = None,
    pages: Amount | None = None,
    words_per_page: int = WORDS_PER_PAGE["monograph"],
    difficulty: Difficulty = Difficulty.SOME_NEW,
) -> Estimate:
    """Estimate the study of a text as the Open University (UK) does: 120, 70 or 35 words per minute (2016)."""
    amount = _words(words, pages, words_per_page)
    speed = OPEN_UNIVERSITY_SPEEDS[difficulty]
    return _estimate(
        amount / speed,
        Method.TABLE,
        Confidence.MEDIUM,
        gettext_noop("{words} words at {speed} words per minute."),
        words=Number.of(amount, digits=0),
        speed=speed,
    )


def pages_per_hour(purpose: Purpose, difficulty: Difficulty, words_per_page: int) -> int:
    """Pages in an hour, rounded as the table of the Workload Estimator (2016) prints them."""
    _positive(words_per_page)
    return _rounded(Fraction(60 * READING_SPEEDS[purpose, difficulty], words_per_page))


def watch(*, seconds: int, purpose: Purpose = Purpose.UNDERSTAND) -> Estimate:
    """Estimate a clip or podcast: its running time, and half as much or as much again for pausing and rewinding.

    The running time itself is the Workload Estimator's (2021); the factors 1.5 and 2 are a rule of thumb.
    """
    _positive(seconds)
    factor = WATCHING_FACTORS[purpose]
    return _estimate(
        Fraction(seconds, 60) * factor,
        Method.FORMULA,
        Confidence.MEDIUM,
        gettext_noop("Running time of {length}, times {factor} for pausing and rewinding."),
        length=Minutes(max(1, _rounded(Fraction(seconds, 60)))),
        factor=Number.of(factor),
    )


def answer_quiz(questions: Mapping[Question, int]) -> Estimate:
    """Estimate a quiz by its questions: 1 minute to recall, 1.5 to apply, 3 for a short answer; at least 5 in all.

    A rule of thumb of ours.
    """
    if any(count < 0 for count in questions.values()):
        raise NothingToEstimate(str(dict(questions)))
    count = sum(questions.values())
    _positive(count)
    minutes = sum((QUESTION_MINUTES[kind] * number for kind, number in questions.items()), Fraction(0))
    return _estimate(
        max(minutes, Fraction(LEAST_QUIZ_MINUTES)),
        Method.FORMULA,
        Confidence.MEDIUM,
        gettext_noop("{count} questions of 1 to 3 minutes, at least {least} in all."),
        count=count,
        least=Minutes(LEAST_QUIZ_MINUTES),
    )


def write(*, words: int, genre: Genre = Genre.REFLECTION, drafting: Drafting = Drafting.MINIMAL) -> Estimate:
    """Estimate writing: hours = words / 250 * genre (1, 2, 4) * drafting (0.75, 1, 1.25).

    The closed form of the writing table of the Workload Estimator 2.0 (2021).
    """
    return _estimate(
        60 * writing_hours(words, genre, drafting),
        Method.TABLE,
        Confidence.MEDIUM,
        gettext_noop("{words} words, {hours} h for each 250."),
        words=words,
        hours=Number.of(GENRE_FACTORS[genre] * DRAFTING_FACTORS[drafting], digits=2),
    )


def writing_hours(words: int, genre: Genre, drafting: Drafting) -> Fraction:
    """The exact hours of the writing table (Workload Estimator 2.0, 2021)."""
    _positive(words)
    return Fraction(words, POST_WORDS) * GENRE_FACTORS[genre] * DRAFTING_FACTORS[drafting]


def post(*, posts: int, words: int = POST_WORDS) -> Estimate:
    """Estimate posts in a discussion: hours = posts * words / 250 (Workload Estimator 2.0, 2021)."""
    _positive(posts, words)
    return _estimate(
        Fraction(60 * posts * words, POST_WORDS),
        Method.FORMULA,
        Confidence.MEDIUM,
        gettext_noop("{posts} posts of {words} words, an hour for each 250 words."),
        posts=posts,
        words=words,
    )


def record_post(*, posts: int, minutes: Amount = 3) -> Estimate:
    """Estimate spoken posts: 0.18 + 1/6 hours for each minute recorded (Workload Estimator 2.0, 2021)."""
    _positive(posts, minutes)
    hours = posts * Fraction(minutes) * (Fraction(18, 100) + Fraction(1, 6))
    return _estimate(
        60 * hours,
        Method.FORMULA,
        Confidence.MEDIUM,
        gettext_noop("{posts} spoken posts of {minutes} minutes, about 21 minutes of work for each minute."),
        posts=posts,
        minutes=Number.of(minutes),
    )


def take_part(*, read_posts: int = 20, words_per_post: int = 100, write_words: int = 100) -> Estimate:
    """Estimate taking part in a forum: reading what others wrote at 180 words per minute, and writing oneself.

    Speeds of the Workload Estimator 2.0 (2021); the number of posts read is a rule of thumb.
    """
    if min(read_posts, words_per_post, write_words) < 0:
        raise NothingToEstimate(f"{read_posts}, {words_per_post}, {write_words}")
    reading = Fraction(read_posts * words_per_post, FORUM_READING_SPEED)
    writing = Fraction(60 * write_words, POST_WORDS)
    _positive(reading + writing)
    return _estimate(
        reading + writing,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("Reading {posts} posts takes {reading}, writing {words} words {writing}."),
        posts=read_posts,
        reading=Minutes(_rounded(reading)),
        words=write_words,
        writing=Minutes(_rounded(writing)),
    )


def prepare_exam(*, study_hours: Amount = 5, limit_minutes: int = 0) -> Estimate:
    """Estimate an examination: the hours of study, and its own length where it is not a session on the board.

    Workload Estimator 2.0 (2021); its form proposes five hours.
    """
    _positive(study_hours)
    if limit_minutes < 0:
        raise NothingToEstimate(str(limit_minutes))
    return _estimate(
        60 * Fraction(study_hours) + limit_minutes,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("{hours} h of study, and {length} for the examination itself."),
        hours=Number.of(study_hours),
        length=Minutes(limit_minutes),
    )


def share_examples(count: int) -> Estimate:
    """Estimate searching and sharing examples: a quarter of an hour for each (rule of thumb)."""
    _positive(count)
    return _estimate(
        EXAMPLE_MINUTES * count,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("{count} examples to find and share, {each} for each."),
        count=count,
        each=Minutes(EXAMPLE_MINUTES),
    )


def review_peers(*, works: int, words: int | None = None, criteria: int | None = None) -> Estimate:
    """Estimate peer review: reading each work to understand it and 10 minutes per criterion, or 30 minutes a work.

    Reading speed of the Workload Estimator 2.0 (2021); the rest is a rule of thumb.
    """
    _positive(works)
    if words is None or criteria is None:
        return _estimate(
            works * REVIEW_MINUTES,
            Method.FORMULA,
            Confidence.LOW,
            gettext_noop("{works} works to review, {each} for each."),
            works=works,
            each=Minutes(REVIEW_MINUTES),
        )
    _positive(words, criteria)
    reading = Fraction(words, READING_SPEEDS[Purpose.UNDERSTAND, Difficulty.SOME_NEW])
    each = reading + CRITERION_MINUTES * criteria
    return _estimate(
        works * each,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("{works} works: {reading} to read each, and {criterion} for each of {criteria} criteria."),
        works=works,
        reading=Minutes(_rounded(reading)),
        criterion=Minutes(CRITERION_MINUTES),
        criteria=criteria,
    )


def rate_reviews(received: int) -> Estimate:
    """Estimate rating the reviews that one received: 3 minutes for each (rule of thumb)."""
    _positive(received)
    return _estimate(
        received * BACK_EVALUATION_MINUTES,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("{received} reviews to rate, {each} for each."),
        received=received,
        each=Minutes(BACK_EVALUATION_MINUTES),
    )


def work_in_group(minutes: int) -> Estimate:
    """Estimate group work outside class: a tenth more than the work itself, to agree on it (rule of thumb)."""
    _positive(minutes)
    return _estimate(
        minutes * COORDINATION,
        Method.FORMULA,
        Confidence.LOW,
        gettext_noop("{work} of work, and a tenth more to agree on it."),
        work=Minutes(minutes),
    )


def meet(minutes: int) -> Estimate:
    """Take the scheduled time of a session, a case in class or a placement as it is."""
    _positive(minutes)
    return _estimate(
        minutes, Method.LECTURER, Confidence.HIGH, gettext_noop("Scheduled: {length}."), length=Minutes(minutes)
    )


def from_expert_time(minutes: int) -> Estimate:
    """Fall back on the lecturer's own time, three times as long (rule of thumb; Barre, Rice University, 2016)."""
    _positive(minutes)
    return _estimate(
        minutes * EXPERT_FACTOR,
        Method.LECTURER,
        Confidence.LOW,
        gettext_noop("You need {own}; students need about three times as long."),
        own=Minutes(minutes),
    )


def from_reports(reported: Iterable[int]) -> Estimate | None:
    """Take the median of what students reported, once there are at least eight; before that, nothing."""
    minutes = sorted(reported)
    if len(minutes) < ENOUGH_REPORTS:
        return None
    return _estimate(
        Fraction(statistics.median(minutes)),
        Method.MEASURED,
        Confidence.HIGH,
        gettext_noop("Half of {count} students needed no more than this."),
        count=len(minutes),
    )


def _words(words: int | None, pages: Amount | None, words_per_page: int) -> Fraction:
    if words is None:
        if pages is None:
            raise NothingToEstimate("words or pages")
        _positive(pages, words_per_page)
        return Fraction(pages) * words_per_page
    _positive(words)
    return Fraction(words)


def _positive(*amounts: Amount) -> None:
    for amount in amounts:
        if amount <= 0:
            raise NothingToEstimate(str(amount))


def _rounded(minutes: Amount) -> int:
    return int(Fraction(minutes) + Fraction(1, 2))


def _estimate(
    minutes: Amount, method: Method, confidence: Confidence, explanation: str, /, **params: Param
) -> Estimate:
    """Round half up, to at least one minute: nothing that is planned takes no time."""
    return Estimate(max(1, _rounded(minutes)), method, confidence, explanation, params)
