"""The published rates, the words they are asked by, and the shape of an estimate.

Reading and writing follow the Workload Estimator (Barre & Esarey, Rice University, 2016; Workload Estimator 2.0 by
Barre, Brown & Esarey, Wake Forest University, 2021), written anew from its published rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from courses.words import Param


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

SECOND_LANGUAGE_PERCENT = 25  # more, for who reads in a language that is not their own
LEAST_QUIZ_MINUTES = 5
EXAMPLE_MINUTES = 15
REVIEW_MINUTES = 30
CRITERION_MINUTES = 10
BACK_EVALUATION_MINUTES = 3
COORDINATION = Fraction(11, 10)
EXPERT_FACTOR = 3
FORUM_READING_SPEED = 180
ENOUGH_REPORTS = 8  # from here on a median takes the place of an estimate
FEWEST_REPORTS = 5  # below it nothing is said about what students report, and nothing is broken down


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
