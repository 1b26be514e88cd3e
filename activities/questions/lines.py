"""Questions typed or pasted as plain text.

The format is Aiken, and a little more. Blank lines stand between questions; the first line of a question is its text
(a number before it is dropped), further lines up to the first choice belong to it.

    What decides a campaign first?        A single choice: choices under A, B, C (or 1, 2, 3), and ANSWER.
    A. Who the message is for
    B. What the message says
    ANSWER: A

    Which are segments?                   A multiple choice: two or more right choices,
    *A. Young parents                     marked with * or named in ANSWER: A, C.
    B. Posters
    *C. First-year students

    Which comes first?                    Choices need no letters: a line with * before it is right, with - wrong.
    * The audience
    - The message

    Framing is neutral.                   True or false: ANSWER: true, or ANSWER: false.
    ANSWER: false

    What is the capital of Belgium?       A short answer: the accepted answers, with | between them.
    ANSWER: Brussels | Bruxelles | Brussel

    How many per cent is that?            A number, with its tolerance after +- or ±.
    ANSWER: 45.8 +- 0.2

    Match the countries.                  Matching: item -> partner; after a lone -> a partner of nothing.
    Belgium -> Brussels
    France -> Paris
    -> Rome

After the choices or the answer, `Feedback: ...` is said to everybody and `Points: 2` sets the points (1 if nothing is
said). A line without a mark goes on with the choice above it. What cannot be read is a problem with the number of its
line; the other questions are still read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from activities.questions.contract import BrokenQuestion, Json, Question
from activities.questions.editing import new_key, typed_amount
from activities.questions.multiple import PARTIAL
from activities.questions.normal import normal
from activities.questions.numbers import POINT, NotANumber, understand
from activities.questions.paper import MAX_QUESTIONS
from activities.questions.registry import parse
from activities.questions.words import Sentence, gettext_noop

MAX_LENGTH = 400_000

EXAMPLE = """\
What decides a campaign first?
A. Who the message is for
B. What the message says
C. Where the message is seen
ANSWER: A
Feedback: The audience comes before the words.

Which of these are segments of an audience?
*A. Young parents
B. Posters
*C. First-year students
Points: 2

A frame leaves the facts as they are.
ANSWER: true

What is the capital of Belgium?
ANSWER: Brussels | Bruxelles | Brussel

How many per cent of the readers saw the message?
ANSWER: 45.8 +- 0.2

Match each message with its audience.
Exam dates -> Students
Office hours of the dean -> Staff
-> Pupils
"""

_CHOICE = re.compile(r"(?P<star>\*?)\s?(?P<label>[A-Za-z]|[0-9]{1,2})[.)]\s+(?P<text>.*)\Z", re.DOTALL)
_BULLET = re.compile(r"(?P<star>[*-])\s+(?P<text>.*)\Z", re.DOTALL)
_EXTRA = re.compile(r"(?P<name>ANSWER|FEEDBACK|POINTS)\s*:(?P<text>.*)\Z", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(r"[0-9]{1,3}[.)]\s+")
_ARROW = re.compile(r"(?:->|→)")
_TRUE, _FALSE = {"true", "t"}, {"false", "f"}
# Other tools write the kind on a line of its own. What we have is read anyway; what we have not is named.
_KIND_WORDS = {"multichoice", "truefalse", "shortanswer", "numerical", "matching"}
_FOREIGN_WORDS = {"category", "cloze", "description", "essay", "order"}

Line: TypeAlias = tuple[int, str]


@dataclass(frozen=True)
class LineProblem:
    """What cannot be read, and on which line (counted from 1)."""

    line: int
    message: Sentence

    def __str__(self) -> str:
        return f"{self.line}: {self.message}"


@dataclass(frozen=True)
class Proposal:
    """The questions that could be read, and what could not. Nothing is stored yet."""

    questions: tuple[Question, ...]
    problems: tuple[LineProblem, ...]


class _Unreadable(Exception):
    def __init__(self, line: int, message: Sentence) -> None:
        self.problem = LineProblem(line, message)
        super().__init__(str(self.problem))


def from_lines(text: str, *, decimal: str = POINT, mint: Callable[[], str] = new_key) -> Proposal:
    """Read questions from plain text. `decimal` is the decimal mark of its numbers."""
    if len(text) > MAX_LENGTH:
        message = Sentence(gettext_noop("Use at most %(limit)d characters."), {"limit": MAX_LENGTH})
        return Proposal((), (LineProblem(1, message),))
    questions: list[Question] = []
    problems: list[LineProblem] = []
    for block in _blocks(text):
        if len(questions) + len(problems) >= MAX_QUESTIONS:
            message = Sentence(gettext_noop("At most %(most)d are possible here."), {"most": MAX_QUESTIONS})
            problems.append(LineProblem(block[0][0], message))
            break
        try:
            made = _Block(block, decimal, mint).question()
            questions.append(parse(made))
        except _Unreadable as unreadable:
            problems.append(unreadable.problem)
        except BrokenQuestion as broken:
            problems.extend(LineProblem(block[0][0], problem.message) for problem in broken.problems)
    return Proposal(tuple(questions), tuple(problems))


def _blocks(text: str) -> list[list[Line]]:
    """The lines of each question. A blank line inside a question (before its choices or its answer) does not end it."""
    blocks: list[list[Line]] = []
    fresh, complete = True, False
    for number, raw in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip()
        if not line:
            fresh = True
            continue
        extra = _EXTRA.match(line)
        is_answer = extra is not None and extra["name"].upper() == "ANSWER"
        # In Aiken files without blank lines the answer ends the question; only remarks may follow it.
        goes_on = (extra is not None and not is_answer) if complete else (not fresh or is_answer or _can_follow(line))
        if not blocks or not goes_on:
            blocks.append([])
            complete = False
        blocks[-1].append((number, line))
        fresh = False
        complete = complete or is_answer
    return blocks


def _can_follow(line: str) -> bool:
    """Whether a line after a blank one belongs to the question above, which has no answer yet."""
    choice = _CHOICE.match(line)
    # "1." after a blank line is rather the next numbered question; "A." can only be a choice.
    return bool(_EXTRA.match(line) or _BULLET.match(line) or (choice and choice["label"].isalpha()))


@dataclass
class _Choice:
    line: int
    label: str
    text: str
    right: bool


class _Block:
    """One question's lines, taken apart."""

    def __init__(self, lines: Sequence[Line], decimal: str, mint: Callable[[], str]) -> None:
        self.start = lines[0][0]
        self.decimal = decimal
        self.mint = mint
        first = normal(lines[0][1])
        if first in _FOREIGN_WORDS:
            raise _Unreadable(
                self.start, Sentence(gettext_noop("Questions of the kind “%(kind)s” cannot be read."), {"kind": first})
            )
        self.alternatives = "|"
        if first in _KIND_WORDS and len(lines) > 1:
            lines = lines[1:]
            self.alternatives = ", "  # what such tools put between accepted answers
        self.extras: dict[str, Line] = {}
        body: list[Line] = []
        for number, line in lines:
            extra = _EXTRA.match(line)
            if not extra:
                body.append((number, line))
                continue
            name = extra["name"].upper()
            if name in self.extras:
                raise _Unreadable(number, Sentence(gettext_noop("This is said twice in one question.")))
            self.extras[name] = (number, extra["text"].strip())
        if not body:
            raise _Unreadable(self.start, Sentence(gettext_noop("The question itself is missing.")))
        self.body = body

    def question(self) -> dict[str, Json]:
        answer = self.extras.get("ANSWER")
        if answer and not answer[1]:
            raise _Unreadable(answer[0], Sentence(gettext_noop("The answer is missing.")))
        begin = self._begin_of_choices()
        if begin is not None:
            return self._choices(begin, answer)
        begin = self._begin_of_pairs()
        if begin is not None and answer is None:
            return self._matching(begin)
        if answer is None:
            raise _Unreadable(self.start, Sentence(gettext_noop("This question has no choices and no answer.")))
        return self._open(answer[1])

    def _common(self, begin: int) -> dict[str, Json]:
        text = "\n".join(line for _number, line in self.body[:begin])
        return {
            "key": self.mint(),
            "text": _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text,
            "points": typed_amount(self.extras.get("POINTS", (0, "1"))[1], "1"),
            "general_feedback": self.extras.get("FEEDBACK", (0, ""))[1],
        }

    # -- choices ----------------------------------------------------------------------------------------------

    def _begin_of_choices(self) -> int | None:
        """Where the choices begin: at A, else at 1, else at the first bullet. The first line is always the question."""
        labels = [(_CHOICE.match(line) or {"label": ""})["label"].upper() for _number, line in self.body]
        for wanted in ("A", "1"):
            if wanted in labels[1:]:
                return labels.index(wanted, 1)
        bullets = [bool(_BULLET.match(line)) for _number, line in self.body]
        return bullets.index(True, 1) if True in bullets[1:] else None

    def _choices(self, begin: int, answer: Line | None) -> dict[str, Json]:
        choices = self._read_choices(begin)
        if answer is not None:
            self._mark(choices, answer)
        right = sum(choice.right for choice in choices)
        if not right:
            raise _Unreadable(
                choices[0].line, Sentence(gettext_noop("Say which choice is right, with * or with ANSWER."))
            )
        common = {**self._common(begin), "shuffle": True}
        if right == 1:
            rows: list[Json] = [
                {"key": self.mint(), "text": choice.text, "share": 100 if choice.right else 0} for choice in choices
            ]
            return {**common, "kind": "single", "choices": rows}
        rows = [{"key": self.mint(), "text": choice.text, "right": choice.right} for choice in choices]
        return {**common, "kind": "multiple", "scoring": PARTIAL, "choices": rows}

    def _read_choices(self, begin: int) -> list[_Choice]:
        lettered = _CHOICE.match(self.body[begin][1]) is not None
        choices: list[_Choice] = []
        for number, line in self.body[begin:]:
            match = _CHOICE.match(line) if lettered else _BULLET.match(line)
            if match is None:
                choices[-1].text += f"\n{line}"
                continue
            label = match["label"].upper() if lettered else str(len(choices) + 1)
            wanted = _label_after(choices) if lettered and choices else label
            if label != wanted:
                message = gettext_noop("Choice %(wanted)s is expected here, not %(label)s.")
                raise _Unreadable(number, Sentence(message, {"wanted": wanted, "label": label}))
            choices.append(_Choice(number, label, match["text"].strip(), match["star"] == "*"))
        return choices

    def _mark(self, choices: list[_Choice], answer: Line) -> None:
        number, text = answer
        named = [label for label in re.split(r"[\s,;.)]+", text.upper()) if label and label != "AND"]
        labels = {choice.label for choice in choices}
        for label in named:
            if label not in labels:
                message = gettext_noop("There is no choice %(label)s.")
                raise _Unreadable(number, Sentence(message, {"label": label[:20]}))
        starred = {choice.label for choice in choices if choice.right}
        if starred and starred != set(named):
            raise _Unreadable(number, Sentence(gettext_noop("The answer and the marks with * do not agree.")))
        for choice in choices:
            choice.right = choice.label in named

    # -- matching ---------------------------------------------------------------------------------------------

    def _begin_of_pairs(self) -> int | None:
        arrows = [len(_ARROW.split(line)) == 2 for _number, line in self.body]
        return arrows.index(True, 1) if True in arrows[1:] else None

    def _matching(self, begin: int) -> dict[str, Json]:
        options: dict[str, str] = {}
        pairs: list[Json] = []
        for number, line in self.body[begin:]:
            sides = [side.strip() for side in _ARROW.split(line)]
            if len(sides) != 2 or not sides[1]:
                raise _Unreadable(number, Sentence(gettext_noop("Write an item, an arrow (->) and its partner.")))
            item, partner = sides
            option = options.setdefault(partner, self.mint())
            if item:
                pairs.append({"key": self.mint(), "text": item, "option": option})
        rows: list[Json] = [{"key": key, "text": text} for text, key in options.items()]
        return {**self._common(begin), "kind": "matching", "shuffle": True, "pairs": pairs, "options": rows}

    # -- answers that are typed -------------------------------------------------------------------------------

    def _open(self, answer: str) -> dict[str, Json]:
        common = self._common(len(self.body))
        word = normal(answer)
        if word in _TRUE or word in _FALSE:
            return {**common, "kind": "truefalse", "answer": word in _TRUE}
        accepted = [part.strip() for part in answer.split(self.alternatives) if part.strip()]
        numbers = [self._number(part) for part in accepted]
        values: list[Json] = [number for number in numbers if number is not None]
        if values and len(values) == len(accepted):
            return {**common, "kind": "numerical", "decimal": self.decimal, "answers": values}
        texts: list[Json] = [{"text": part} for part in accepted]
        return {**common, "kind": "short", "answers": texts}

    def _number(self, answer: str) -> dict[str, Json] | None:
        value, _sign, tolerance = (part.strip() for part in answer.replace("±", "+-").partition("+-"))
        try:
            read = [understand(part, self.decimal) for part in (value, tolerance or "0")]
        except NotANumber:
            return None
        if any(typed.beside for typed in read):
            return None
        return {"value": str(read[0].number), "tolerance": str(read[1].number)}


def _label_after(choices: Sequence[_Choice]) -> str:
    last = choices[-1].label
    return str(int(last) + 1) if last.isdigit() else chr(ord(last) + 1)
