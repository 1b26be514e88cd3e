"""A question that cannot work is refused with everything that is wrong, in place, whatever somebody sends."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.questions import BadResponse, BrokenQuestion, Paper, grade_paper, kinds, parse
from tests.activities.questions.samples import (
    EVERY_KIND,
    every_question,
    matching,
    multiple,
    numerical,
    paper_of_every_kind,
    short,
    single,
    truefalse,
)

LONG = "x" * 10_001


def problems(data):
    with pytest.raises(BrokenQuestion) as broken:
        parse(data)
    return {problem.where for problem in broken.value.problems}


@pytest.mark.parametrize("make", EVERY_KIND)
def test_a_question_reads_back_as_itself(make):
    question = parse(make())

    assert parse(question.to_json()) == question
    assert parse(json.loads(json.dumps(question.to_json()))) == question


@pytest.mark.parametrize("make", EVERY_KIND)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", None),
        ("key", "with-hyphen"),
        ("key", "x" * 41),
        ("key", ""),
        ("text", ""),
        ("text", "  \n"),
        ("text", 7),
        ("text", LONG),
        ("text", "a\x00b"),
        ("text", "a\ud800b"),
        ("points", "0"),
        ("points", -1),
        ("points", "100.01"),
        ("points", "1.005"),
        ("points", "NaN"),
        ("points", float("nan")),
        ("points", float("inf")),
        ("points", "1e999999999"),
        ("points", 10**400),
        ("points", True),
        ("points", None),
        ("points", []),
        ("general_feedback", LONG),
        ("general_feedback", None),
        ("surprise", 1),
    ],
)
def test_every_kind_refuses_a_broken_field_by_its_name(make, field, value):
    assert field in problems(make(**{field: value}))


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (single(choices=[]), "choices"),
        (single(choices="many"), "choices"),
        (single(choices=None), "choices"),
        (single(choices=[{"key": "a", "text": "A", "share": 100}]), "choices"),
        (single(choices=[{"key": "a", "text": "A"}, {"key": "b", "text": "B"}]), "choices"),
        (single(choices=[{"key": "a", "text": "A", "share": 100}, {"key": "a", "text": "B"}]), "choices"),
        (single(choices=[{"key": "a", "text": "A", "share": 100}, {"key": "b", "text": ""}]), "choices.1.text"),
        (single(choices=[{"key": "a", "text": "A", "share": 101}, {"key": "b", "text": "B"}]), "choices.0.share"),
        (single(choices=[{"key": "a", "text": "A", "right": True}, {"key": "b", "text": "B"}]), "choices.0.right"),
        (single(choices=[3, None]), "choices.1"),
        (single(choices=[{"key": f"k{n}", "text": "A", "share": 100} for n in range(51)]), "choices"),
        (single(shuffle="yes"), "shuffle"),
        (multiple(scoring="generous"), "scoring"),
        (multiple(choices=[{"key": "a", "text": "A"}, {"key": "b", "text": "B", "right": False}]), "choices"),
        (multiple(choices=[{"key": "a", "text": "A", "right": 1}, {"key": "b", "text": "B"}]), "choices.0.right"),
        (truefalse(answer="true"), "answer"),
        (truefalse(answer=None), "answer"),
        (truefalse(true_label=" "), "true_label"),
        (short(answers=[]), "answers"),
        (short(answers=[{"text": "nearly", "share": 50}]), "answers"),
        (short(answers=[{"text": ""}]), "answers.0.text"),
        (short(answers=[{"text": "*", "share": 0}, {"text": "x"}]), "answers.1.text"),
        (short(answers=[{"text": "x", "share": -1}]), "answers.0.share"),
        (numerical(answers=[]), "answers"),
        (numerical(answers=[{"value": "many"}]), "answers.0.value"),
        (numerical(answers=[{"value": float("inf")}]), "answers.0.value"),
        (numerical(answers=[{"value": "1e999999999"}]), "answers.0.value"),
        (numerical(answers=[{"value": 1, "tolerance": -1}]), "answers.0.tolerance"),
        (numerical(answers=[{"value": 1, "tolerance_kind": "wide"}]), "answers.0.tolerance_kind"),
        (numerical(unit="5 kg"), "unit"),
        (numerical(decimal="dot"), "decimal"),
        (matching(pairs=[]), "pairs"),
        (matching(pairs=[{"key": "p", "text": "A", "option": "nowhere"}]), "pairs.0.option"),
        (matching(pairs=[{"key": "p", "text": "A", "option": "o2"}] * 2), "pairs"),
        (matching(options=[]), "options"),
        ({"kind": "essay"}, "kind"),
        ({"kind": ["single"]}, "kind"),
        ({}, "kind"),
    ],
)
def test_what_cannot_work_is_refused_where_it_is(data, where):
    assert where in problems(data)


def test_everything_that_is_wrong_is_said_at_once():
    data = single(text="", points=0, choices=[{"key": "A", "text": "A"}, {"key": "b", "text": ""}], extra=1)

    assert problems(data) == {"text", "points", "choices.0.key", "choices.1.text", "choices", "extra"}


@pytest.mark.parametrize("data", [None, 5, "single", [], b"x", True])
def test_something_else_than_an_object_is_refused(data):
    assert problems(data) == {""}
    with pytest.raises(BrokenQuestion):
        Paper.from_json(data)


def test_a_paper_names_the_question_that_is_broken():
    with pytest.raises(BrokenQuestion) as broken:
        Paper.from_json({"questions": [single(), short(points=0), {"kind": "essay"}, 7]})

    where = {problem.where for problem in broken.value.problems}
    assert where == {"questions.1.points", "questions.2.kind", "questions.3"}


def test_a_paper_refuses_two_questions_with_one_key_unknown_names_and_too_many():
    for data in (
        {"questions": [single(), single()]},
        {"questions": [], "extra": 1},
        {"questions": [single(key=f"k{n}") for n in range(201)]},
        {"title": "x" * 301},
    ):
        with pytest.raises(BrokenQuestion):
            Paper.from_json(data)


def deep(levels):
    value: object = "bottom"
    for _ in range(levels):
        value = [value]
    return value


HUGE = "9" * 10_000_000
HOSTILE = [deep(100_000), {"a": deep(50_000)}, HUGE, [HUGE], {HUGE: HUGE}, "1e999999999", "NaN", float("nan"), 10**5000]


@pytest.mark.parametrize("make", EVERY_KIND)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_json_is_refused_fast_and_never_repeated_in_a_message(make, number):
    template = make()
    before = time.perf_counter()

    for field in template:
        broken = {**template, field: HOSTILE[number]}
        try:
            parse(broken)
        except BrokenQuestion as refused:
            assert len(str(refused)) < 5_000  # noqa: PT017 -- a text field may hold a harmless "NaN"

    assert time.perf_counter() - before < 10


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_answers_are_refused_fast(question, number):
    before = time.perf_counter()

    for ask in (
        lambda: question.response(HOSTILE[number]),
        lambda: question.read({question.field: [HUGE]}),
        lambda: question.read({question.field: ["x"] * 100_000}),
        lambda: question.read({f"{question.field}-p1": [HUGE]}),
    ):
        try:
            question.grade(ask())
        except BadResponse as refused:
            assert len(str(refused)) < 500  # noqa: PT017 -- some of it is a harmless short answer

    assert time.perf_counter() - before < 10


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=6), children, max_size=3),
    max_leaves=8,
)


@given(kind=st.sampled_from(kinds()), data=st.data())
def test_any_json_is_a_question_or_a_list_of_problems(kind, data):
    make = next(make for make in EVERY_KIND if make()["kind"] == kind)
    template = make()
    field = data.draw(st.sampled_from(sorted(template)))
    if isinstance(template[field], list) and data.draw(st.booleans()):
        row = data.draw(st.integers(0, len(template[field]) - 1))
        template[field][row][data.draw(st.sampled_from(sorted(template[field][row])))] = data.draw(anything)
    else:
        template[field] = data.draw(anything)

    try:
        question = parse(template)
    except BrokenQuestion:
        return
    assert parse(question.to_json()) == question


@given(value=anything, number=st.integers(0, 5))
def test_any_answer_is_graded_or_refused(value, number):
    question = every_question()[number]

    try:
        response = question.response(value)
    except BadResponse:
        return
    assert question.grade(response).points >= 0


def test_a_damaged_answer_stops_the_grading_instead_of_costing_points():
    paper = paper_of_every_kind()

    with pytest.raises(BadResponse):
        grade_paper(paper, {"s1": "not-a-choice"})
    with pytest.raises(BadResponse):
        grade_paper(paper, {"another": "k7"})
