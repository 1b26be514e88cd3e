"""What every type of activity promises, whichever it is. A new type is tried here without anybody writing a line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.template.loader import get_template

from activities import checks, registry
from activities.contract import BrokenConfig, Collects, Grading
from activities.models import Material
from tests.activities.seats import CLOSED, LATE, NOT_YET, OPEN, as_user, place, words
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db

TYPES = [kind.key for kind in registry.every()]
every_type = pytest.mark.parametrize("kind", [registry.get(key) for key in TYPES], ids=TYPES)
GARBAGE = [None, [], {}, "", "x", -1, 0, 10**30, 3.5, True, ["a", None], {"a": {"b": []}}, "<script>"]


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def fields_of(kind):
    return [field.name for field in dataclasses.fields(kind.config_class)]


@every_type
def test_a_new_activity_of_the_type_can_be_read(kind):
    assert isinstance(kind.parse({}), kind.config_class)


@every_type
def test_a_setting_that_is_not_known_is_refused_by_name(kind):
    with pytest.raises(BrokenConfig) as refused:
        kind.parse({"surprise": 1})

    assert refused.value.problems == {"surprise": "This setting is not known."}


@every_type
@pytest.mark.parametrize("value", [{"a": 1}, ["<script>", {"b": 2}]])
def test_a_setting_of_the_wrong_kind_is_refused_by_name(kind, value):
    for name in fields_of(kind):
        with pytest.raises(BrokenConfig) as refused:
            kind.parse({name: value})

        assert name in refused.value.problems


@every_type
def test_the_form_asks_for_exactly_the_settings(kind):
    if kind.form_class is None:
        assert fields_of(kind) == []
        return

    form = kind.form_class()

    assert set(form.fields) == set(fields_of(kind))
    assert all(field.label for field in form.fields.values())


@every_type
def test_what_the_form_starts_with_can_be_read(kind):
    if kind.form_class is None:
        return
    empty = kind.form_class()
    start = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
    form = kind.form_class({name: value for name, value in start.items() if value not in (None, False)})

    assert form.errors == {}
    kind.parse(form.cleaned_data)


@every_type
def test_the_page_and_every_part_of_it_is_there(kind):
    assert get_template(kind.template("page"))
    assert kind.label
    assert kind.hint
    assert kind.icon
    assert kind.quick_words


def test_a_type_without_a_page_is_told_before_the_site_starts(monkeypatch):
    quiz = registry.get("quiz")
    monkeypatch.setattr(type(quiz), "template", lambda self, name: "activities/types/nowhere/page.html")

    (problem,) = checks.every_type_has_its_page()

    assert problem.id == "activities.E001"
    assert "'quiz'" in problem.msg


def test_the_types_that_there_are_pass_the_check():
    assert [problem for problem in run_checks() if problem.id == "activities.E001"] == []


@every_type
@pytest.mark.parametrize("value", GARBAGE, ids=repr)
def test_a_card_is_drawn_whatever_its_settings_hold(kind, value):
    config = dict.fromkeys([*fields_of(kind), "surprise"], value)

    facts = kind.card_facts(config)

    assert all(isinstance(fact, str) for fact in facts)
    assert kind.has_captions(config) in {True, False, None}


@every_type
def test_the_icon_is_in_the_sprite(kind):
    sprite = Path(finders.find("icons/sprite.svg")).read_text(encoding="utf-8")

    assert f'id="{kind.icon}"' in sprite


@every_type
def test_what_it_collects_fits_how_it_is_judged(kind):
    assert isinstance(kind.collects, Collects)
    assert kind.grading == Grading.NONE or kind.collects == Collects.ATTEMPTS
    assert set(kind.takes_files) <= set(Material.Kind.values)


@every_type
def test_files_that_come_and_go_leave_settings_that_can_be_read(kind):
    config: dict[str, object] = {}
    for kinds, seconds in ((kind.takes_files, 90), (kind.takes_files, None), ((), None)):
        config = kind.with_files(config, kinds, seconds)
        kind.parse(config)


@every_type
@pytest.mark.parametrize("window", [OPEN, NOT_YET, LATE, CLOSED], ids=["open", "not yet", "late", "closed"])
def test_the_page_is_drawn_for_everybody_who_has_a_seat(kind, window):
    here = place(kind.key, offer=window, brief="What to *do*")

    answers = [as_user(one).get(here.url) for one in (here.student, here.lecturer, here.coach, UserFactory())]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    assert all(answer.content.decode().count("<h1") == 1 for answer in answers[:3])


@every_type
def test_before_it_opens_a_student_sees_when_and_nothing_else(kind):
    here = place(kind.key, offer=NOT_YET, brief="A canary sings")

    page = words(as_user(here.student).get(here.url))

    if kind.timed:
        assert "canary" in page
    else:
        assert "You can begin from Wed 18 Nov, 11:00." in page
        assert "canary" not in page


@every_type
def test_a_broken_setting_is_said_in_place_and_never_a_crash(kind):
    here = place(kind.key, {"surprise": 1})

    answers = [as_user(one).get(here.url) for one in (here.student, here.lecturer)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "surprise" not in words(answers[0])
    assert "surprise" in words(answers[1])


@every_type
def test_actions_refuse_strangers_and_whoever_only_looks(kind):
    here = place(kind.key)

    for action in kind.actions:
        statuses = [as_user(one).post(here.act(action)).status_code for one in (here.coach, UserFactory())]
        assert statuses == [403, 404], action


@every_type
def test_looks_refuse_strangers_and_change_nothing(kind):
    here = place(kind.key)

    for look in kind.looks:
        statuses = [as_user(one).get(here.act(look)).status_code for one in (here.coach, UserFactory())]
        assert statuses == [403, 404], look
        assert as_user(here.student).post(here.act(look)).status_code == 404


@every_type
def test_an_action_that_does_not_exist_is_not_found(kind):
    here = place(kind.key)
    client = as_user(here.student)

    assert client.post(here.act("surprise")).status_code == 404
    for action in kind.actions:
        assert client.get(here.act(action)).status_code == 404


@every_type
def test_an_empty_post_and_a_post_of_garbage_are_answered(kind):
    here = place(kind.key)
    garbage = dict.fromkeys(["attempt", "number", "revision", "based_on", "post", "file", "parent", "text"], "\x00²")

    for action in kind.actions:
        for data in ({}, garbage):
            assert as_user(here.student).post(here.act(action), data).status_code < 500, action


@every_type
def test_the_week_has_a_line_for_it(kind):
    here = place(kind.key)

    todo = kind.todo(here.offer, None, NOW)

    assert not todo.done
    assert isinstance(todo.line, str)
