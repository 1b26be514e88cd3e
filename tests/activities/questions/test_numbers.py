"""Numbers are read by the stated decimal mark, compared exactly, and echoed as understood."""

import random
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.questions import BadResponse, State, parse
from activities.questions.numbers import NotANumber, understand
from tests.activities.questions.samples import graded, numerical


def plain_number(value, tolerance="0", kind="absolute", **changes):
    answers = [{"value": value, "tolerance": tolerance, "tolerance_kind": kind}]
    return numerical(answers=answers, **{"unit": "", **changes})


def test_f37_the_edge_of_the_tolerance_is_inside():
    assert graded(plain_number("45.8", "0.2"), "46.0").state is State.RIGHT
    assert graded(plain_number("45.8", "0.2"), "45.6").state is State.RIGHT
    assert graded(plain_number("45.8", "0.2"), "46.0001").state is State.WRONG


decimals = st.decimals(
    min_value=Decimal("-1e9"), max_value=Decimal("1e9"), allow_nan=False, allow_infinity=False, places=6
)


def test_f37_both_edges_are_inside_and_a_step_further_is_outside():
    chance, step = random.Random(37), Decimal("0.0000001")
    for _case in range(2_500):  # four edges each: ten thousand cases
        value = Decimal(chance.randint(-(10**15), 10**15)).scaleb(-chance.randint(0, 6))
        tolerance = Decimal(chance.randint(0, 10**11)).scaleb(-5)
        question = parse(plain_number(str(value), str(tolerance)))
        edges = value + tolerance, value - tolerance, value + tolerance + step, value - tolerance - step
        states = [question.grade(question.response(f"{edge:f}")).state for edge in edges]
        assert states == [State.RIGHT, State.RIGHT, State.WRONG, State.WRONG], (value, tolerance)


@settings(max_examples=300, deadline=None)
@given(value=decimals, percent=st.integers(0, 100))
def test_f37_the_edges_of_a_tolerance_in_per_cent_are_inside(value, percent):
    question = parse(plain_number(str(value), str(percent), "percent"))
    margin = abs(value) * percent / 100

    assert question.grade(question.response(f"{value + margin:f}")).state is State.RIGHT
    assert question.grade(question.response(f"{value - margin:f}")).state is State.RIGHT


def test_tolerance_in_per_cent_of_a_negative_value_reaches_both_ways():
    data = plain_number("-200", "5", "percent")

    assert graded(data, "-210").state is State.RIGHT
    assert graded(data, "-190").state is State.RIGHT
    assert graded(data, "-189.99").state is State.WRONG


@pytest.mark.parametrize(
    ("typed", "with_point", "with_comma"),
    [
        ("3.5", "3.5", "3.5"),
        ("3,5", "3.5", "3.5"),
        ("3,145", "3145", "3.145"),
        ("3.145", "3.145", "3145"),
        ("0,145", "0.145", "0.145"),
        ("0.145", "0.145", "0.145"),
        ("1,234.5", "1234.5", "1234.5"),
        ("1.234,5", "1234.5", "1234.5"),
        ("1,234,567", "1234567", "1234567"),
        ("1.234.567", "1234567", "1234567"),
        ("12 345,6", "12345.6", "12345.6"),
        ("12\u202f345", "12345", "12345"),
        ("12\u00a0345", "12345", "12345"),
        ("12'345.60", "12345.60", "12345.60"),
        ("12’345", "12345", "12345"),
        ("\u22125", "-5", "-5"),
        ("– 5", "-5", "-5"),
        ("+5", "5", "5"),
        (",5", "0.5", "0.5"),
        (".5", "0.5", "0.5"),
        ("5.", "5", "5"),
        ("1e3", "1E+3", "1E+3"),
        ("1.5E-3", "0.0015", "0.0015"),
        ("1,5×10^3", "1.5E+3", "1.5E+3"),
        ("2 x 10^-2", "0.02", "0.02"),
        ("٣٫٥", "3.5", "3.5"),
        ("４６", "46", "46"),
        ("000", "0", "0"),
    ],
)
def test_f38_numbers_are_read_by_the_stated_mark(typed, with_point, with_comma):
    assert understand(typed, "point").number == Decimal(with_point)
    assert understand(typed, "comma").number == Decimal(with_comma)


NO_NUMBERS = """
abc --5 1/2 ½ 10² 1,23,456 1.2.3 5,5, 12,345.678,9 e5 . , 1,,2 5\u200b.5.5 0x1F 1_000
NaN nan sNaN Infinity -inf 1e999999999 1e100
""".split()


@pytest.mark.parametrize(
    "typed", [*NO_NUMBERS, "", "- -", "1 23", "5\n\n5", "9" * 31, pytest.param("1" * 10_000_000, id="10 MB")]
)
@pytest.mark.parametrize("mark", ["point", "comma"])
def test_what_is_no_plain_number_is_refused_at_once(typed, mark):
    before = time.perf_counter()

    assert not is_number(typed, mark)
    assert time.perf_counter() - before < 10


def is_number(typed, mark):
    try:
        return not understand(typed, mark).beside
    except NotANumber:
        return False


def test_f38_an_ambiguous_number_is_echoed_as_understood():
    question = parse(plain_number("3.145", decimal="point"))

    response = question.read({"q-n1": ["3,145"]})

    assert response.value == "3,145"
    assert str(response.echo) == "Understood as 3145, not as 3.145."
    assert question.grade(response).given == "3,145 (= 3145)"


def test_f38_the_echo_uses_the_mark_of_the_question():
    question = parse(plain_number("3.145", decimal="comma"))

    assert str(question.read({"q-n1": ["3,145"]}).echo) == "Understood as 3,145, not as 3145."
    assert str(question.read({"q-n1": ["3.5"]}).echo) == "Understood as 3,5."
    assert question.read({"q-n1": ["3,5"]}).echo is None
    assert graded(plain_number("3.145", decimal="comma"), "3,145").state is State.RIGHT
    assert parse(plain_number("3.145", decimal="comma")).correct == "3,145"


@pytest.mark.parametrize("typed", ["45.8", "45.8 kg", "45.8kg", " 45,8  kg ", "45.8\u00a0kg"])
def test_the_unit_may_be_typed_or_left_out(typed):
    assert graded(numerical(), typed).state is State.RIGHT


def test_a_currency_may_stand_before_the_number():
    assert graded(plain_number("5", unit="€"), "€ 5").state is State.RIGHT
    assert graded(plain_number("5", unit="€"), "€5").state is State.RIGHT


def test_the_same_unit_written_with_other_characters_is_the_same():
    assert graded(plain_number("5", unit="µm"), "5 μm").state is State.RIGHT


@pytest.mark.parametrize("typed", ["45.8 g", "45.8 KG", "about 45", "45.8 kg or so"])
def test_another_word_is_refused_before_it_can_cost_points(typed):
    with pytest.raises(BadResponse) as refused:
        parse(numerical()).read({"q-n1": [typed]})

    assert refused.value.where == "q-n1"


def test_the_message_shows_a_number_with_the_mark_of_the_question():
    with pytest.raises(BadResponse, match="such as 12,5"):
        parse(plain_number("1", decimal="comma")).read({"q-n1": ["many"]})


@given(number=decimals)
def test_a_number_written_plainly_is_read_as_itself(number):
    assert understand(f"{number:f}", "point").number == number
    assert understand(f"{number:f}".replace(".", ","), "comma").number == number


@given(text=st.text(alphabet="0123456789.,' e+-x*^\u00a0\u2212kgNaI", max_size=30))
def test_any_text_is_a_number_or_refused_and_never_a_crash(text):
    try:
        typed = understand(text, "point", unit="kg")
    except NotANumber:
        return
    assert typed.number.is_finite()
