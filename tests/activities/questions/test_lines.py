"""Questions typed as plain text."""

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.questions import State, from_lines
from activities.questions.lines import EXAMPLE

# Files that others wrote; they are read where they lie, beside the repository, and never copied into it.
FIXTURES = Path(__file__).resolve().parents[4] / "shared" / "fixtures" / "aiken"


def only(text, **options):
    proposal = from_lines(text, **options)
    assert proposal.problems == ()
    (question,) = proposal.questions
    return question


def complaints(text):
    return [(problem.line, str(problem.message)) for problem in from_lines(text).problems]


def test_the_example_on_the_page_has_every_kind_and_no_problem():
    proposal = from_lines(EXAMPLE)

    assert proposal.problems == ()
    kinds = [question.kind for question in proposal.questions]
    assert kinds == ["single", "multiple", "truefalse", "short", "numerical", "matching"]


def test_aiken_is_read_as_it_is():
    question = only("What is the correct answer?\nA. Is it this one?\nB. Maybe this?\nC) Surely this!\nANSWER: C\n")

    assert question.kind == "single"
    assert question.text == "What is the correct answer?"
    assert question.correct == "Surely this!"
    assert question.points == 1


def test_aiken_without_blank_lines_between_its_questions_is_read_too():
    text = "One?\nA. x\nB. y\nANSWER: A\nTwo?\nA. x\nB. y\nANSWER: B\n"

    assert [question.correct for question in from_lines(text).questions] == ["x", "y"]


def test_blank_lines_inside_a_question_do_not_end_it():
    question = only("Which one?\n\nA. x\n\nB. y\n\nANSWER: B\n\nFeedback: Because.")

    assert question.correct == "y"
    assert question.general_feedback == "Because."


@pytest.mark.parametrize(
    "text", ["Which?\n*A. x\nB. y\n*C. z", "Which?\nA. x\nB. y\nC. z\nANSWER: A, C", "Which?\n* x\n- y\n* z"]
)
def test_two_right_choices_make_a_multiple_choice(text):
    question = only(text)

    assert question.kind == "multiple"
    assert question.correct == "x; z"


@pytest.mark.parametrize("text", ["Which?\n*A. x\nB. y", "Which?\n- y\n* x", "Which?\n1. y\n2. x\nanswer: 2"])
def test_one_right_choice_makes_a_single_choice(text):
    question = only(text)

    assert question.kind == "single"
    assert question.correct == "x"


def test_a_text_and_a_choice_may_have_several_lines():
    question = only("3. Look:\n1. first\n2. second\nWhich?\nA. one\nand more\nB. two\nANSWER: A\nPoints: 2,5")

    assert question.text == "Look:\n1. first\n2. second\nWhich?"
    assert question.correct == "one\nand more"
    assert str(question.points) == "2.5"


def test_the_first_line_is_the_question_even_if_it_looks_like_a_choice():
    assert only("A. Smith was\nA. a baker\nB. an economist\nANSWER: B").text == "A. Smith was"


@pytest.mark.parametrize(("word", "answer"), [("true", True), ("T", True), ("False", False), ("F", False)])
def test_true_and_false_make_a_true_or_false(word, answer):
    assert only(f"So it is.\nANSWER: {word}").answer is answer


def test_accepted_words_make_a_short_answer():
    question = only("Capital?\nANSWER: Brussels | Brux*")

    assert question.grade(question.response("bruxelles")).state is State.RIGHT


@pytest.mark.parametrize("answer", ["45.8 +- 0.2", "45.8 ± 0.2", "45.8±0.2", "45.8 +-0,2"])
def test_a_number_makes_a_number_with_its_tolerance(answer):
    question = only(f"How much?\nANSWER: {answer}")

    assert question.grade(question.response("46.0")).state is State.RIGHT
    assert question.grade(question.response("46.1")).state is State.WRONG


def test_the_decimal_mark_of_the_course_is_the_mark_of_its_numbers():
    assert only("How much?\nANSWER: 3,145", decimal="comma").correct == "3,145"
    assert only("How much?\nANSWER: 3,145", decimal="point").correct == "3145"


def test_arrows_make_a_matching_question():
    question = only("Match.\nLyon -> France\nParis → France\nRome -> Italy\n-> Spain")

    assert question.correct == "Lyon → France; Paris → France; Rome → Italy"
    assert sorted(question.option_texts.values()) == ["France", "Italy", "Spain"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Only a question", 1, "no choices and no answer"),
        ("\n\nWhich?\nA. x\nB. y", 4, "which choice is right"),
        ("Which?\nA. x\nB. y\nANSWER: D", 4, "no choice D"),
        ("Which?\nA. x\nC. y\nANSWER: A", 3, "B is expected here, not C"),
        ("Which?\n*A. x\nB. y\nANSWER: B", 4, "do not agree"),
        ("Which?\nA. x\nANSWER: A", 1, "At least 2"),
        ("ANSWER: A", 1, "itself is missing"),
        ("So?\nANSWER:", 2, "answer is missing"),
        ("So?\nANSWER: true\nPoints: 1\nPoints: 2", 4, "twice"),
        ("So?\nANSWER: true\nPoints: 500", 1, "at most 100"),
        ("So?\nANSWER: true\nPoints: many", 1, "must be a number"),
        ("Match.\nA -> B\nC", 3, "an arrow"),
        ("essay\nWrite.", 1, "essay"),
        (f"{'x' * 10_001}\nANSWER: true", 1, "10000 characters"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, line, words):
    ((number, message),) = complaints(text)

    assert number == line
    assert words in message


def test_a_broken_question_does_not_take_the_others_with_it():
    proposal = from_lines("One?\nANSWER: true\n\nBroken?\n\nTwo?\nANSWER: false\n")

    assert [question.text for question in proposal.questions] == ["One?", "Two?"]
    assert [problem.line for problem in proposal.problems] == [4]


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem():
    assert only("\ufeffWhich?\r\nA. x\r\nB. y\r\nANSWER: A\r\n").correct == "x"


def test_keys_can_be_made_repeatable():
    def counted():
        numbers = itertools.count()
        return lambda: f"k{next(numbers)}"

    assert from_lines(EXAMPLE, mint=counted()) == from_lines(EXAMPLE, mint=counted())


def test_a_long_text_is_refused_or_read_in_time():
    before = time.perf_counter()

    assert from_lines("x" * 10_000_000).problems
    assert len(from_lines("Q?\nANSWER: true\n\n" * 5_000).questions) == 200
    assert from_lines("* " * 100_000).problems
    assert from_lines("Q?\n" + "A. x\n" * 50_000).problems

    assert time.perf_counter() - before < 10


@given(text=st.text(alphabet="AB1*-.): \n>ANSWER:true|+", max_size=80) | st.text(max_size=60))
def test_any_text_gives_questions_or_problems_and_never_a_crash(text):
    proposal = from_lines(text)

    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines for problem in proposal.problems)
    assert bool(text.strip()) >= bool(proposal.questions)


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="left out: the Aiken files of others are not beside this repository")
def test_a_file_of_another_tool_is_read_and_what_is_foreign_in_it_is_named():
    (path,) = FIXTURES.glob("*/test/aiken.txt")

    proposal = from_lines(path.read_text(encoding="utf-8"))

    kinds = [question.kind for question in proposal.questions]
    assert kinds == [
        *["single", "single", "multiple", "short", "truefalse", "truefalse", "numerical", "single", "single"],
    ]
    assert (
        proposal.questions[0].correct
        == "El mensaje “Mi mensaje interesante” se imprime en la consola del cliente Firefox"
    )
    assert proposal.questions[1].general_feedback == "Obviously"
    assert [problem.line for problem in proposal.problems] == [1, 48, 52, 71, 74, 83, 92, 100, 103, 108, 116, 125]
