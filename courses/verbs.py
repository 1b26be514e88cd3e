"""The verb of an outcome: which level it stands for, and whether anybody could see it done.

The levels and most of the verbs are those of Anderson and Krathwohl, A Taxonomy for Learning, Teaching, and Assessing
(2001). Lists of verbs are a help to write, no law: the same verb is used on several levels, and here it stands where it
is used most. A proposal is therefore always only a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from courses.words import gettext_noop

LEVELS = range(1, 7)

LEVEL_NAMES: Mapping[int, str] = {
    1: gettext_noop("Remember"),
    2: gettext_noop("Understand"),
    3: gettext_noop("Apply"),
    4: gettext_noop("Analyse"),
    5: gettext_noop("Evaluate"),
    6: gettext_noop("Create"),
}
"""The cognitive processes, from the simplest to the most demanding."""

# One text per level, so that a translator writes the verbs of their language and not a word for each of ours.
LEVEL_VERBS: Mapping[int, str] = {
    1: gettext_noop("define, identify, label, list, match, name, quote, recall, recite, recognise, reproduce, state"),
    2: gettext_noop(
        "classify, describe, discuss, exemplify, explain, illustrate, infer, interpret, paraphrase, report, restate, "
        "summarise, translate"
    ),
    3: gettext_noop(
        "apply, calculate, carry out, complete, conduct, demonstrate, execute, implement, operate, perform, practise, "
        "prepare, schedule, show, solve, use"
    ),
    4: gettext_noop(
        "analyse, attribute, break down, categorise, compare, contrast, deconstruct, differentiate, distinguish, "
        "examine, investigate, organise, relate, segment, structure, test"
    ),
    5: gettext_noop(
        "appraise, argue, assess, check, choose, criticise, critique, defend, estimate, evaluate, judge, justify, "
        "monitor, prioritise, rate, recommend, review, select, value, weigh"
    ),
    6: gettext_noop(
        "assemble, build, combine, compose, construct, create, design, develop, devise, formulate, generate, "
        "hypothesise, invent, make, plan, produce, propose, write"
    ),
}
"""Verbs that show each level."""

VAGUE_VERBS = gettext_noop(
    "appreciate, be aware of, be familiar with, believe, comprehend, get to know, grasp, have insight into, have "
    "knowledge of, know, learn, realise, understand"
)
"""Verbs for what nobody can see; an assessment needs something that can be seen."""

OPENINGS = gettext_noop("students can, students are able to, the student can, be able to, are able to, can, to")
"""What may stand before the verb."""

JOINTS = gettext_noop("and, or, then, as well as")
"""What a second verb may follow."""

Translate = Callable[[str], str]


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that was found; `level` is None for one that nobody can see done."""

    verb: str
    level: int | None

    @property
    def is_vague(self) -> bool:
        return self.level is None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of an outcome say about its level."""

    verbs: tuple[Verb, ...]

    @property
    def level(self) -> int | None:
        """The level to propose: the highest of the verbs, because that is what has to be assessed."""
        return max((verb.level for verb in self.verbs if verb.level is not None), default=None)

    @property
    def vague(self) -> tuple[str, ...]:
        """The verbs that should be replaced by something that can be seen."""
        return tuple(verb.verb for verb in self.verbs if verb.is_vague)


def read_outcome(text: str, translate: Translate = _same) -> Reading:
    """Find the verbs of an outcome: at its beginning, and after a comma or an "and".

    Elsewhere the same letters are mostly a noun ("a media plan", "the design of a test"), so nothing is looked for.
    """
    known = verbs_by_word(translate)
    joints = "|".join(re.escape(joint) for joint in _listed(translate(JOINTS)))
    clauses = re.split(rf"[,;:.]|\b(?:{joints})\b" if joints else r"[,;:.]", _opened(text.casefold(), translate))
    found = (_verb_at_start(clause.split(), known) for clause in clauses)
    return Reading(tuple(dict.fromkeys(verb for verb in found if verb is not None)))


def verbs_by_word(translate: Translate = _same) -> Mapping[str, Verb]:
    """Every verb that is recognised, in a language."""
    levels = {word: Verb(word, level) for level in LEVELS for word in _listed(translate(LEVEL_VERBS[level]))}
    return levels | {word: Verb(word, None) for word in _listed(translate(VAGUE_VERBS))}


def _listed(words: str) -> list[str]:
    return [word.strip().casefold() for word in words.split(",") if word.strip()]


def _opened(text: str, translate: Translate) -> str:
    text = text.strip(" .…")
    for opening in sorted(_listed(translate(OPENINGS)), key=len, reverse=True):
        if text.startswith(f"{opening} "):
            return text[len(opening) :].strip()
    return text


def _verb_at_start(words: list[str], known: Mapping[str, Verb]) -> Verb | None:
    for length in (3, 2, 1):  # "be familiar with" before "be"
        said = " ".join(words[:length])
        for form in _forms(said):
            if form in known:
                return known[form]
    return None


def _forms(said: str) -> tuple[str, ...]:
    """As it stands, in British spelling, and without the ending of the third person."""
    british = re.sub(r"(yz|iz)e(s?)\b", lambda found: found[0].replace("z", "s"), said)
    return tuple(dict.fromkeys(form for each in (said, british) for form in (each, each.removesuffix("s"))))
