"""The ways to estimate, each by a name under which its inputs are stored with an activity.

`reckon("reading", {"pages": 24, ...})` gives the same estimate as on the day it was made, so what is stored can always
be explained and checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.words import gettext_noop
from courses.workload import formulas, rates
from courses.workload.rates import Difficulty, Drafting, Estimate, Genre, NothingToEstimate, Purpose, Question

Inputs = Mapping[str, Any]  # Any: numbers and words, as JSON holds them

OPEN_UNIVERSITY = "open_university"
SPOKEN = "spoken"
MEASURED = "measured"  # no way to estimate: what students reported took its place

_ESTIMATOR = "Workload Estimator 2.0 (Barre, Brown & Esarey, 2021)"
_RULE_OF_THUMB = gettext_noop("a rule of thumb")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to estimate: what it is called, where it comes from, and the formula."""

    title: str
    source: str
    reckon: Callable[[Inputs], Estimate]


class UnknownWay(LookupError):
    """There is no such way to estimate."""


def reckon(method: str, inputs: Inputs) -> Estimate:
    """Estimate by a stored name and its inputs. Raises UnknownWay, and NothingToEstimate where an input is no good."""
    try:
        way = WAYS[method]
    except KeyError:
        raise UnknownWay(method) from None
    try:
        return way.reckon(inputs)
    except (ValueError, TypeError, KeyError) as error:
        raise NothingToEstimate(str(error)) from error


def source_of(method: str, inputs: Inputs) -> str:
    """Where the formula comes from, to be translated and shown beside the result."""
    if method == "reading" and inputs.get("speeds") == OPEN_UNIVERSITY:
        return "Open University (UK), as reported by T. Hirst, 2016"
    return WAYS[method].source if method in WAYS else ""


def _whole(inputs: Inputs, name: str, default: int = 0) -> int:
    return int(inputs.get(name) or default)


def _reading(inputs: Inputs) -> Estimate:
    words, pages = _whole(inputs, "words"), _whole(inputs, "pages")
    amount: dict[str, Any] = {"words": words} if words else {"pages": pages or None}  # Any: keyword arguments
    amount["words_per_page"] = _whole(inputs, "words_per_page", rates.WORDS_PER_PAGE["monograph"])
    amount["extra_percent"] = _whole(inputs, "extra_percent")
    difficulty = Difficulty(inputs.get("difficulty", Difficulty.SOME_NEW))
    if inputs.get("speeds") == OPEN_UNIVERSITY:
        return formulas.read_as_open_university(**amount, difficulty=difficulty)
    return formulas.read(**amount, difficulty=difficulty, purpose=Purpose(inputs.get("purpose", Purpose.UNDERSTAND)))


def _writing(inputs: Inputs) -> Estimate:
    return formulas.write(
        words=_whole(inputs, "words"),
        genre=Genre(inputs.get("genre", Genre.REFLECTION)),
        drafting=Drafting(inputs.get("drafting", Drafting.MINIMAL)),
    )


def _video(inputs: Inputs) -> Estimate:
    return formulas.watch(
        seconds=60 * _whole(inputs, "minutes") + _whole(inputs, "seconds"),
        purpose=Purpose(inputs.get("purpose", Purpose.UNDERSTAND)),
    )


def _quiz(inputs: Inputs) -> Estimate:
    return formulas.answer_quiz({kind: _whole(inputs, kind.value) for kind in Question})


def _discussion(inputs: Inputs) -> Estimate:
    if inputs.get("form") == SPOKEN:
        return formulas.record_post(posts=_whole(inputs, "posts"), minutes=_whole(inputs, "minutes"))
    return formulas.take_part(
        read_posts=_whole(inputs, "read_posts"),
        words_per_post=_whole(inputs, "words_per_post"),
        write_words=_whole(inputs, "posts") * _whole(inputs, "words"),
    )


def _review(inputs: Inputs) -> Estimate:
    words, criteria = _whole(inputs, "words") or None, _whole(inputs, "criteria") or None
    return formulas.review_peers(works=_whole(inputs, "works"), words=words, criteria=criteria)


WAYS: Mapping[str, Way] = {
    "reading": Way(gettext_noop("Reading"), _ESTIMATOR, _reading),
    "writing": Way(gettext_noop("Writing"), _ESTIMATOR, _writing),
    "video": Way(
        gettext_noop("Watching or listening"),
        gettext_noop("running time from the Workload Estimator 2.0 (2021), its factor a rule of thumb"),
        _video,
    ),
    "quiz": Way(gettext_noop("Quiz"), _RULE_OF_THUMB, _quiz),
    "discussion": Way(gettext_noop("Discussion"), _ESTIMATOR, _discussion),
    "review": Way(gettext_noop("Peer review"), _RULE_OF_THUMB, _review),
    "rating": Way(
        gettext_noop("Rating reviews that one received"),
        _RULE_OF_THUMB,
        lambda inputs: formulas.rate_reviews(_whole(inputs, "received")),
    ),
    "sharing": Way(
        gettext_noop("Finding and sharing examples"),
        _RULE_OF_THUMB,
        lambda inputs: formulas.share_examples(_whole(inputs, "examples")),
    ),
    "group": Way(
        gettext_noop("Group work outside class"),
        _RULE_OF_THUMB,
        lambda inputs: formulas.work_in_group(_whole(inputs, "minutes")),
    ),
    "exam": Way(
        gettext_noop("Preparing an examination"),
        _ESTIMATOR,
        lambda inputs: formulas.prepare_exam(
            study_hours=_whole(inputs, "study_hours"), limit_minutes=_whole(inputs, "limit_minutes")
        ),
    ),
    "expert": Way(
        gettext_noop("From your own time"),
        gettext_noop("a rule of thumb (Barre, Rice University, 2016)"),
        lambda inputs: formulas.from_expert_time(_whole(inputs, "minutes")),
    ),
}
"""Every way, in the order in which they are offered."""
