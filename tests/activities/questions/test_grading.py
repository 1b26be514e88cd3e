"""Every kind of question: right, partly, wrong, unanswered."""

import pytest

from activities.questions import BadResponse, State, parse
from tests.activities.questions.samples import (
    EVERY_KIND,
    RIGHT,
    every_question,
    graded,
    matching,
    multiple,
    numerical,
    points,
    short,
    single,
    truefalse,
)


@pytest.mark.parametrize("make", EVERY_KIND)
def test_a_right_answer_earns_all_points_and_says_what_was_given(make):
    data = make()

    result = graded(data, RIGHT[data["key"]])

    assert result.state is State.RIGHT
    assert result.points == result.max_points == parse(data).points
    assert result.given
    assert result.feedback[-1] == "canary general"


@pytest.mark.parametrize("make", EVERY_KIND)
def test_no_answer_earns_nothing_and_is_not_called_wrong(make):
    result = graded(make(), None)

    assert result.state is State.UNANSWERED
    assert points(result) == "0.00"
    assert result.given == ""
    assert result.correct
    assert result.feedback == ("canary general",)


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
def test_an_empty_form_is_no_answer(question):
    assert question.read({}).value is None
    assert not question.read({question.field: [""]}).is_answered


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
@pytest.mark.parametrize("value", [5, 1.5, ["nope"], {"nope": "nope"}, [[]], {"p1": 3}])
def test_an_answer_of_another_shape_is_refused_in_place(question, value):
    with pytest.raises(BadResponse) as refused:
        question.response(value)

    assert refused.value.where.startswith(question.field)
    assert str(refused.value.message)


@pytest.mark.parametrize("make", [single, multiple, truefalse, numerical, matching])
def test_words_are_refused_where_no_words_are_asked_for(make):
    with pytest.raises(BadResponse):
        parse(make()).response("nope")


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
def test_a_kept_answer_reads_back_as_itself(question):
    value = RIGHT[question.key]

    assert question.response(question.response(value).value).value == question.response(value).value


# -- single choice


def test_single_choice_gives_the_share_and_the_feedback_of_the_chosen_answer():
    result = graded(single(), "k3")

    assert (points(result), result.state) == ("0.50", State.PARTLY)
    assert result.feedback == ("canary nearly", "canary general")
    assert result.correct == "Who the message is for"
    assert result.given == "What the message says"


def test_single_choice_gives_nothing_for_a_wrong_answer():
    result = graded(single(), "k9")

    assert (points(result), result.state) == ("0.00", State.WRONG)


def test_single_choice_takes_one_answer_only():
    question = parse(single())

    with pytest.raises(BadResponse, match="one answer only"):
        question.read({"q-s1": ["k7", "k9"]})


def test_single_choice_refuses_a_choice_that_it_does_not_have():
    with pytest.raises(BadResponse):
        parse(single()).read({"q-s1": ["k8"]})


# -- multiple choice


@pytest.mark.parametrize(
    ("chosen", "partial", "all_or_nothing"),
    [
        (["k1", "k2"], "2.00", "2.00"),
        (["k2", "k1"], "2.00", "2.00"),
        (["k1"], "1.00", "0.00"),
        (["k1", "k2", "k3"], "1.00", "0.00"),
        (["k1", "k3"], "0.00", "0.00"),
        (["k3", "k4"], "0.00", "0.00"),
        (["k1", "k2", "k3", "k4"], "0.00", "0.00"),
    ],
)
def test_multiple_choice_counts_right_minus_wrong_or_all_or_nothing(chosen, partial, all_or_nothing):
    assert points(graded(multiple(), chosen)) == partial
    assert points(graded(multiple(scoring="all_or_nothing"), chosen)) == all_or_nothing


def test_multiple_choice_says_partly_only_when_points_were_earned():
    assert graded(multiple(), ["k1"]).state is State.PARTLY
    assert graded(multiple(), ["k1", "k3"]).state is State.WRONG
    assert graded(multiple(scoring="all_or_nothing"), ["k1"]).state is State.WRONG


def test_multiple_choice_reads_ticks_in_any_order_and_keeps_them_in_one():
    question = parse(multiple())

    assert question.read({"q-m1": ["k3", "", "k1", "k1"]}).value == ["k1", "k3"]


def test_multiple_choice_gives_the_feedback_of_every_chosen_answer():
    assert graded(multiple(), ["k1", "k4"]).feedback == ("canary one", "canary four", "canary general")


# -- true or false


def test_true_or_false_is_right_wrong_and_labelled_in_the_words_of_the_course():
    data = truefalse(true_label="Waar", false_label="Niet waar")

    wrong = graded(data, False)

    assert (wrong.state, wrong.given, wrong.correct) == (State.WRONG, "Niet waar", "Waar")
    assert wrong.feedback == ("canary false", "canary general")
    assert parse(data).read({"q-t1": ["false"]}).value is False


def test_true_or_false_takes_no_third_word():
    with pytest.raises(BadResponse):
        parse(truefalse()).read({"q-t1": ["maybe"]})


# -- short answer


@pytest.mark.parametrize(
    ("typed", "earned"),
    [("Brussels", "3.00"), ("  brussels ", "3.00"), ("Bruxelles", "1.50"), ("Brussel", "1.50"), ("Paris", "0.00")],
)
def test_short_answer_takes_the_first_accepted_text_that_fits(typed, earned):
    assert points(graded(short(), typed)) == earned


def test_short_answer_gives_feedback_on_a_wrong_answer_that_was_foreseen():
    assert graded(short(), "Paris").feedback == ("canary other", "canary general")


def test_short_answer_keeps_the_text_as_it_was_typed():
    assert parse(short()).read({"q-a1": ["  BRUSSELS "]}).value == "  BRUSSELS "


def test_short_answer_of_invisible_characters_is_no_answer():
    assert parse(short()).read({"q-a1": ["\u200b \u00a0"]}).value is None


def test_short_answer_drops_characters_that_cannot_be_stored():
    assert parse(short()).read({"q-a1": ["Brus\x00sels"]}).value == "Brussels"


def test_short_answer_can_mind_capitals():
    data = short(case_sensitive=True, answers=[{"text": "NaCl"}])

    assert graded(data, "NaCl").state is State.RIGHT
    assert graded(data, "nacl").state is State.WRONG


def test_short_answer_minds_accents_unless_told_otherwise():
    answers = [{"text": "café"}]

    assert graded(short(answers=answers), "cafe").state is State.WRONG
    assert graded(short(answers=answers, ignore_accents=True), "cafe").state is State.RIGHT


# -- matching


def test_matching_shares_the_points_over_the_pairs():
    result = graded(matching(), {"p1": "o4", "p2": "o2", "p3": "o5"})

    assert (points(result), result.state) == ("0.67", State.PARTLY)
    assert result.given == "Belgium → Brussels; France → Paris; Italy → Vienna"
    assert result.correct == "Belgium → Brussels; France → Paris; Italy → Rome"


def test_matching_explains_only_the_pairs_that_went_wrong():
    result = graded(matching(), {"p1": "o5", "p2": "o2"})

    assert result.feedback == ("canary pair", "canary general")


def test_matching_reads_one_field_for_each_item_and_leaves_open_what_is_open():
    question = parse(matching())

    response = question.read({"q-x1-p1": ["o4"], "q-x1-p2": [""]})

    assert response.value == {"p1": "o4"}


def test_matching_names_the_item_whose_answer_it_refuses():
    with pytest.raises(BadResponse) as refused:
        parse(matching()).read({"q-x1-p2": ["o77"]})

    assert refused.value.where == "q-x1-p2"


def test_matching_counts_options_with_the_same_words_as_the_same():
    data = matching()
    data["options"].append({"key": "o6", "text": "brussels "})

    assert graded(data, {"p1": "o6", "p2": "o2", "p3": "o9"}).state is State.RIGHT


# -- numbers are in test_numbers.py; here only that shares and feedback follow the first answer that fits


def test_numerical_gives_the_share_of_the_first_tolerance_that_fits():
    near = graded(numerical(), "50.38")

    assert (points(near), near.state) == ("0.80", State.PARTLY)
    assert near.feedback == ("canary near", "canary general")
    assert near.correct == "(45.8 ± 0.2) kg"
    assert near.given == "50.38 kg"
    assert graded(numerical(), "50.39").state is State.WRONG
