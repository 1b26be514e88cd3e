"""The editor's form: out and in again, and every problem beside its field."""

import pytest

from activities.questions import BrokenQuestion, blank, form_of, from_form, kinds, parse, refill
from tests.activities.questions.samples import every_question


def posted(form):
    """What a browser sends for a form in the shape that `blank` and `form_of` give."""
    data = {}

    def put(name, value):
        if value is True:
            data[name] = ["on"]
        elif value is not False:
            data[name] = [str(value)]

    for name, value in form.items():
        if name in ("answers", "distractors"):
            for row in value:
                for field, content in row.items():
                    if field != "index":
                        put(f"{name[:-1]}-{row['index']}-{field}", content)
        elif name != "kind":
            put(name, value)
    return data


def fields_of(kind, data):
    with pytest.raises(BrokenQuestion) as broken:
        from_form(kind, data)
    return broken.value.by_field()


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
def test_a_question_comes_back_from_its_form_unchanged(question):
    data = posted(form_of(question))

    assert parse(from_form(question.kind, data)) == question


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question.kind)
def test_a_filled_form_can_be_shown_again_as_it_was(question):
    form = form_of(question)

    assert refill(question.kind, posted(form)) == form


@pytest.mark.parametrize("kind", kinds())
def test_a_new_form_says_what_is_missing_and_never_crashes(kind):
    form = blank(kind)

    missing = fields_of(kind, posted(form))

    assert form["kind"] == kind
    assert "text" in missing
    assert refill(kind, posted(form))["text"] == ""


@pytest.mark.parametrize("kind", kinds())
def test_no_form_at_all_says_what_is_missing(kind):
    assert "text" in fields_of(kind, {})


def test_a_new_single_choice_is_made_from_a_radio_button_and_a_few_texts():
    data = {
        "text": ["Which?\r\nReally."],
        "points": ["1,5"],
        "shuffle": ["on"],
        "right": ["3"],
        "answer-0-text": ["One"],
        "answer-1-text": ["  "],
        "answer-3-text": [" Two "],
        "answer-3-feedback": ["Yes."],
        "answer-10-text": ["Ten"],
    }

    made = from_form("single", data)

    assert made["text"] == "Which?\nReally."
    assert made["points"] == "1.5"
    assert made["shuffle"] is True
    assert [(choice["text"], choice["share"]) for choice in made["choices"]] == [
        ("One", "0"),
        ("Two", "100"),
        ("Ten", "0"),
    ]


def test_new_choices_get_keys_that_tell_nothing_and_old_ones_keep_theirs():
    data = {
        "text": ["Which?"],
        "right": ["0"],
        "answer-0-key": ["k7"],
        "answer-0-text": ["One, reworded"],
        "answer-1-text": ["Two"],
    }

    first, second = from_form("single", data), from_form("single", data)

    assert first["choices"][0]["key"] == second["choices"][0]["key"] == "k7"
    assert first["choices"][1]["key"] != second["choices"][1]["key"]
    assert first["key"] != second["key"]


def test_problems_carry_the_names_of_the_fields():
    data = {
        "text": ["Which?"],
        "points": ["many"],
        "answer-2-text": ["One"],
        "answer-5-feedback": ["Feedback without an answer"],
        "answer-7-text": ["x" * 10_001],
        "answer-9-share": ["120"],
        "answer-9-text": ["Nine"],
    }

    assert set(fields_of("single", data)) == {"points", "answer-5-text", "answer-7-text", "answer-9-share"}


def test_a_multiple_choice_is_made_from_ticks():
    data = {
        "text": ["Which?"],
        "scoring": ["all_or_nothing"],
        "answer-0-text": ["One"],
        "answer-0-right": ["on"],
        "answer-1-text": ["Two"],
    }

    made = parse(from_form("multiple", data))

    assert list(made.rights.values()) == [True, False]
    assert made.scoring == "all_or_nothing"
    assert made.shuffle is False


def test_true_or_false_must_be_chosen():
    assert set(fields_of("truefalse", {"text": ["So?"]})) == {"answer"}


def test_a_short_answer_is_worth_everything_unless_said_otherwise():
    data = {"text": ["Capital?"], "answer-0-text": ["Brussels"], "answer-1-text": ["Br*"], "answer-1-share": ["33,3"]}

    made = from_form("short", data)

    assert [answer["share"] for answer in made["answers"]] == ["100", "33.3"]


def test_a_number_is_typed_with_the_mark_of_its_question():
    data = {"text": ["How much?"], "decimal": ["comma"], "answer-0-value": ["1.045,8"], "answer-0-tolerance": ["0,2"]}

    made = from_form("numerical", data)

    assert made["answers"][0]["value"] == "1045.8"
    assert made["answers"][0]["tolerance"] == "0.2"
    assert form_of(parse(made))["answers"][0]["value"] == "1045,8"


@pytest.mark.parametrize("typed", ["many", "5 kg", "1e999999999", "NaN", "1" * 100_000])
def test_a_number_that_is_none_is_refused_beside_its_field(typed):
    data = {"text": ["How much?"], "answer-4-value": [typed]}

    assert "answer-4-value" in fields_of("numerical", data)


def test_items_with_the_same_partner_share_it_and_distractors_stay():
    data = {
        "text": ["Match."],
        "answer-0-text": ["Lyon"],
        "answer-0-match": ["France"],
        "answer-1-text": ["Paris"],
        "answer-1-match": ["France "],
        "answer-2-text": ["Rome"],
        "answer-2-match": ["Italy"],
        "distractor-0-text": ["Spain"],
        "distractor-1-text": ["Italy"],
    }

    question = parse(from_form("matching", data))

    assert question.correct == "Lyon → France; Paris → France; Rome → Italy"
    assert sorted(question.option_texts.values()) == ["France", "Italy", "Spain"]
    assert [row["text"] for row in form_of(question)["distractors"]] == ["Spain"]


def test_a_reworded_partner_keeps_its_key_so_that_kept_answers_keep_their_meaning():
    question = next(question for question in every_question() if question.kind == "matching")
    data = posted(form_of(question))
    data["answer-0-match"] = ["Brussels (capital)"]

    changed = parse(from_form("matching", data))

    assert changed.pairs[0].option == question.pairs[0].option
    assert changed.option_texts[question.pairs[0].option] == "Brussels (capital)"


def test_an_item_without_a_partner_is_a_problem_of_that_row():
    data = {
        "text": ["Match."],
        "answer-0-text": ["A"],
        "answer-0-match": ["B"],
        "answer-1-text": ["C"],
        "answer-2-text": ["D"],
    }

    assert set(fields_of("matching", data)) == {"answer-1-match", "answer-2-match"}


def test_fields_that_do_not_exist_and_numbers_beyond_reason_are_left_alone():
    data = {"text": ["So?"], "answer": ["false"], "answer-99999-text": ["x"], "answer-x-text": ["x"], "csrf": ["x"]}

    assert from_form("truefalse", data)["answer"] is False


def test_more_than_fifty_choices_are_refused_for_all_rows_together():
    data = {"text": ["Which?"], "right": ["0"], **{f"answer-{n}-text": [f"{n}"] for n in range(51)}}

    assert set(fields_of("single", data)) == {"answers"}
