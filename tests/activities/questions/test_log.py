"""The log of answers and the state that is computed from it never part."""

import random

from hypothesis import given
from hypothesis import strategies as st

from activities.questions import Entry, Paper, fold, grade_paper
from tests.activities.questions.samples import RIGHT, paper_of_every_kind, single

keys = st.sampled_from(["a", "b", "c", "d"])
values = st.none() | st.integers(0, 5) | st.text(max_size=3) | st.lists(st.integers(0, 3), max_size=2)
saves = st.lists(st.tuples(keys, values), max_size=60)


def log_of(saved):
    return [Entry(revision, key, value) for revision, (key, value) in enumerate(saved, start=1)]


def test_an_empty_log_is_an_empty_sheet():
    assert fold([]) == {}


def test_the_last_save_of_each_question_stands_and_none_takes_it_back():
    log = [Entry(1, "a", "x"), Entry(2, "b", "y"), Entry(3, "a", "z"), Entry(4, "b", None)]

    assert fold(log) == {"a": "z"}


def test_an_answer_of_false_or_nothing_much_is_still_an_answer():
    assert fold([Entry(1, "a", False), Entry(2, "b", 0), Entry(3, "c", "")]) == {"a": False, "b": 0, "c": ""}


@given(saved=saves)
def test_f10_replaying_the_log_gives_the_state(saved):
    state = {}
    for key, value in saved:
        state.pop(key, None)
        if value is not None:
            state[key] = value

    assert fold(log_of(saved)) == state


@given(saved=saves, seed=st.integers(0, 1_000))
def test_f10_the_order_of_arrival_does_not_matter(saved, seed):
    log = log_of(saved)
    late = log.copy()
    random.Random(seed).shuffle(late)

    assert fold(late) == fold(log)


@given(saved=saves, cut=st.integers(0, 60))
def test_f10_a_save_that_is_sent_twice_counts_once(saved, cut):
    log = log_of(saved)

    assert fold(log + log[:cut]) == fold(log)


@given(saved=saves, cut=st.integers(0, 60))
def test_a_snapshot_and_the_rest_of_the_log_give_the_whole(saved, cut):
    log = log_of(saved)
    snapshot = [Entry(0, key, value) for key, value in fold(log[:cut]).items()]
    cleared = {entry.key for entry in log[cut:]}

    assert fold(snapshot + log[cut:]) == {
        **{key: value for key, value in fold(log[:cut]).items() if key not in cleared},
        **fold(log[cut:]),
    }


def twenty_questions():
    return Paper.from_json({"questions": [single(key=f"q{number}") for number in range(20)]})


def test_f5_two_hundred_random_walks_end_where_the_student_left_them():
    paper = twenty_questions()
    for seed in range(200):
        chance = random.Random(seed)
        log, state, sheet, revision = [], {}, {}, 0
        for _step in range(60):
            key = f"q{chance.randrange(20)}"
            move = chance.choice(["answer", "answer", "answer", "clear", "reload", "resend"])
            if move == "answer":
                sheet[key] = chance.choice(["k7", "k3", "k9"])
            elif move == "clear":
                sheet.pop(key, None)
            elif move == "reload":
                sheet = fold(log)
            elif log:
                log.append(chance.choice(log))
            if move in ("answer", "clear"):
                revision += 1
                raw = {f"q-{key}": [sheet[key]]} if key in sheet else {}
                log.append(Entry(revision, key, paper.by_key[key].read(raw).value))
                state[key] = sheet.get(key)
            state = {key: value for key, value in state.items() if value is not None}
            assert fold(log) == state == sheet
        assert grade_paper(paper, fold(log)) == grade_paper(paper, state)


def test_f6_an_answer_given_just_before_submitting_is_counted():
    paper = paper_of_every_kind()
    log = [Entry(number, key, value) for number, (key, value) in enumerate(RIGHT.items(), start=1)]

    assert grade_paper(paper, fold(log[:-1])).results["x1"].state == "unanswered"
    assert grade_paper(paper, fold(log)).results["x1"].state == "right"
