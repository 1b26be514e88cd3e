"""How long does it take? Estimates of study time, each with the way in which it was made.

Every public function names the source of its formula; the tables behind them are in `rates`.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from courses.words import Amount, Minutes, Number, Param, Percent, gettext_noop
from courses.workload.rates import (
    BACK_EVALUATION_MINUTES,
    COORDINATION,
    CRITERION_MINUTES,
    DRAFTING_FACTORS,
    ENOUGH_REPORTS,
    EXAMPLE_MINUTES,
    EXPERT_FACTOR,
    FORUM_READING_SPEED,
    GENRE_FACTORS,
    LEAST_QUIZ_MINUTES,
    OPEN_UNIVERSITY_SPEEDS,
    POST_WORDS,
    QUESTION_MINUTES,
    READING_SPEEDS,
    REVIEW_MINUTES,
    WATCHING_FACTORS,
    WORDS_PER_PAGE,
    Confidence,
    Difficulty,
    Drafting,
    Estimate,
    Genre,
    Method,
    NothingToEstimate,
    Purpose,
    Question,
)


def read(
    *,
    words: int | None = None,
    pages: Amount | None = None,
    words_per_page: int = WORDS_PER_PAGE["monograph"],
    purpose: Purpose = Purpose.UNDERSTAND,
    difficulty: Difficulty = Difficulty.SOME_NEW,
    extra_percent: int = 0,
) -> Estimate:
    """Estimate reading: words / speed, and so much more for readers in a second language.

    Workload Estimator 2.0 (2021) for the speeds; a quarter more (`SECOND_LANGUAGE_PERCENT`) is a rule of thumb.
    """
    return _reading(_words(words, pages, words_per_page), READING_SPEEDS[purpose, difficulty], extra_percent)


def read_as_open_university(
    *,
    words: int | None = None,
    pages: Amount | None = None,
    words_per_page: int = WORDS_PER_PAGE["monograph"],
    difficulty: Difficulty = Difficulty.SOME_NEW,
    extra_percent: int = 0,
) -> Estimate:
    """Estimate the study of a text as the Open University (UK) does: 120, 70 or 35 words per minute (2016)."""
    return _reading(_words(words, pages, words_per_page), OPEN_UNIVERSITY_SPEEDS[difficulty], extra_percent)


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


def median_of(counts: Mapping[int, int]) -> int:
    """The median of what students reported, each number of minutes with how often it was said; rounded half up."""
    return _rounded(Fraction(statistics.median(sorted(Counter(counts).elements()))))


def from_reports(counts: Mapping[int, int]) -> Estimate | None:
    """Take the median of what students reported, once there are at least eight; before that, nothing."""
    reports = sum(counts.values())
    if reports < ENOUGH_REPORTS:
        return None
    return _estimate(
        median_of(counts),
        Method.MEASURED,
        Confidence.HIGH,
        gettext_noop("Half of {count} students needed no more than this."),
        count=reports,
    )


def _reading(words: Fraction, speed: int, extra_percent: int) -> Estimate:
    if extra_percent < 0:
        raise NothingToEstimate(str(extra_percent))
    minutes = words / speed * Fraction(100 + extra_percent, 100)
    said: dict[str, Param] = {"words": Number.of(words, digits=0), "speed": speed}
    if not extra_percent:
        explanation = gettext_noop("{words} words at {speed} words per minute.")
        return _estimate(minutes, Method.TABLE, Confidence.MEDIUM, explanation, **said)
    explanation = gettext_noop("{words} words at {speed} words per minute, and {extra} more for the language.")
    return _estimate(minutes, Method.TABLE, Confidence.MEDIUM, explanation, **said, extra=Percent.of(extra_percent))


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
