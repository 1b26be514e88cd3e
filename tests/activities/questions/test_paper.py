"""A paper is a snapshot: its marks are the same today and in five years."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.questions import (
    BrokenQuestion,
    Paper,
    PaperResult,
    State,
    describe,
    grade_paper,
    kinds,
    parse,
    public,
    shown_order,
)
from tests.activities.questions.samples import (
    CANARY,
    RIGHT,
    every_question,
    matching,
    multiple,
    paper_of_every_kind,
    single,
)

ANSWERS = {
    "s1": [None, "k7", "k3", "k9"],
    "m1": [None, ["k1"], ["k1", "k2"], ["k1", "k2", "k3", "k4"]],
    "t1": [None, True, False],
    "a1": [None, "Brussels", "Bruxelles", "Paris"],
    "n1": [None, "45.8", "46,0 kg", "50", "-1"],
    "x1": [None, {"p1": "o4"}, RIGHT["x1"], {"p1": "o5", "p3": "o9"}],
}
answer_sheets = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in ANSWERS.items()})


def test_a_paper_adds_up_its_questions():
    result = grade_paper(paper_of_every_kind(), {"s1": "k3", "m1": ["k1"], "t1": True, "a1": "Paris"})

    assert result.points == Decimal("2.50")
    assert result.max_points == Decimal("11.00")
    assert {key: str(question.state) for key, question in result.results.items()} == {
        "s1": "partly",
        "m1": "partly",
        "t1": "right",
        "a1": "wrong",
        "n1": "unanswered",
        "x1": "unanswered",
    }


def test_all_right_answers_earn_all_points():
    result = grade_paper(paper_of_every_kind(), RIGHT)

    assert result.points == result.max_points
    assert all(question.state is State.RIGHT for question in result.results.values())


def test_an_empty_paper_is_worth_nothing_and_breaks_nothing():
    result = grade_paper(Paper.from_json({}), {})

    assert (result.points, result.max_points, result.results) == (0, 0, {})


@given(answers=answer_sheets)
def test_marks_survive_being_stored(answers):
    result = grade_paper(paper_of_every_kind(), answers)

    assert PaperResult.from_json(json.loads(json.dumps(result.to_json()))) == result


@given(answers=answer_sheets)
def test_f35_the_same_answers_on_the_same_paper_give_the_same_marks(answers):
    first = grade_paper(paper_of_every_kind(), answers)
    stored = Paper.from_json(json.loads(json.dumps(paper_of_every_kind().to_json())))

    assert grade_paper(stored, json.loads(json.dumps(answers))) == first


@given(answers=answer_sheets)
def test_marks_stay_between_nothing_and_everything(answers):
    for result in grade_paper(paper_of_every_kind(), answers).results.values():
        assert 0 <= result.points <= result.max_points
        assert (result.state is State.RIGHT) == (result.points == result.max_points)


def test_f36_a_changed_question_makes_another_paper_and_leaves_the_old_one_alone():
    old = paper_of_every_kind()
    before = grade_paper(old, RIGHT)
    changed = old.to_json()
    changed["questions"][0]["choices"][0]["share"] = "0"
    changed["questions"][0]["choices"][1]["share"] = "100"

    new = Paper.from_json(changed)

    assert new.digest() != old.digest()
    assert grade_paper(new, RIGHT).results["s1"].state is State.WRONG
    assert grade_paper(old, RIGHT) == before


def test_the_digest_names_the_paper_and_not_the_way_it_was_written():
    paper = paper_of_every_kind()
    turned = json.loads(json.dumps(paper.to_json(), sort_keys=True))

    assert Paper.from_json(turned).digest() == paper.digest()
    assert len(paper.digest()) == 64
    assert paper_of_every_kind("Another title").digest() != paper.digest()


def test_a_paper_cannot_be_changed():
    paper = paper_of_every_kind()

    with pytest.raises(AttributeError):
        paper.title = "Other"
    with pytest.raises(AttributeError):
        paper.questions[0].points = Decimal(50)


# -- what students see


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
def test_f40_a_student_sees_no_feedback_and_no_right_answer(question):
    secret = json.dumps(question.to_json())
    shown = json.dumps(public(question, seed="attempt-1"))

    assert CANARY in secret
    assert CANARY not in shown
    for word in ("share", "right", 'answer":', "tolerance", "scoring", "45.8", "feedback", 'option":', "Bru*"):
        assert word not in shown


def test_f40_questions_that_differ_only_in_the_right_answer_look_the_same():
    one, other = multiple(), multiple()
    for choice in other["choices"]:
        choice["right"] = not choice.get("right")

    assert public(parse(one), 1) == public(parse(other), 1)


def test_f40_the_options_of_a_matching_question_do_not_follow_its_items():
    orders = {shown_order(parse(matching(key=f"x{n}", shuffle=False)), seed=None) for n in range(50)}

    assert len(orders) > 5


def test_what_a_student_sees_is_plain_json():
    for question in every_question():
        assert json.loads(json.dumps(public(question, 3))) == public(question, 3)


# -- the order of choices


def test_choices_keep_their_order_after_a_reload_and_differ_between_students():
    question = parse(single(choices=[{"key": f"k{n}", "text": f"{n}", "share": 100} for n in range(8)]))

    orders = [shown_order(parse(question.to_json()), seed=f"attempt-{n}") for n in range(40)]

    assert orders == [shown_order(question, seed=f"attempt-{n}") for n in range(40)]
    assert len(set(orders)) > 35
    assert all(sorted(order) == sorted(choice.key for choice in question.choices) for order in orders)


def test_the_order_is_the_same_on_every_machine():
    question = parse(multiple())

    assert shown_order(question, seed=42) == shown_order(question, seed="42") == ("k3", "k1", "k4", "k2")


def test_choices_that_are_not_shuffled_keep_the_order_of_the_author():
    assert shown_order(parse(multiple(shuffle=False)), seed=1) == ("k1", "k2", "k3", "k4")


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_describes_itself(kind):
    description = describe(kind)

    assert description.kind == kind
    assert description.label
    assert description.hint
    assert description.icon.replace("-", "").isalpha()


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(BrokenQuestion):
        describe("essay")
