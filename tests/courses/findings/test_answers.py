"""Answers with a reason: they rest a finding until its limits change or it gets clearly worse."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from blendedu.journal.models import Entry
from courses.findings import Again, Answer, State, again, is_settled, judge, read_answers
from courses.models import Course, FindingAnswer
from courses.services import findings as services
from courses.services import framework, limits
from courses.spoken import hints_of
from tests.courses.pure.plans import weekly
from tests.courses.studio.worlds import board, text_of
from tests.factories import (
    NOW,
    AppointmentFactory,
    CourseFactory,
    DesignFactory,
    PlacementFactory,
    UserFactory,
)

# --- When a question comes back -----------------------------------------------------------------------------------

(JUMPY,) = (each for each in judge(weekly(100, 60, 60)) if each.rule == "C04")  # a warning: 0.55 times the mean
ANSWER = Answer(
    reason="The first week is a boot camp.",
    by="Eva",
    on="2026-11-20",
    state=JUMPY.state.value,
    size=JUMPY.size,
    value="0.5",
    version=0,
    design=3,
)


def test_an_answer_rests_what_it_was_given_to():
    assert JUMPY.state is State.WARN
    assert is_settled(JUMPY, {"C04": ANSWER})
    assert not is_settled(JUMPY, {"C05": ANSWER})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"version": 1}, Again.LIMITS),
        ({"state": State.ALERT}, Again.WORSE),
        ({"size": JUMPY.size + 0.49}, Again.NO),
        ({"size": JUMPY.size + 0.5}, Again.WORSE),
        ({"state": State.NOTE}, Again.NO),
        ({"answerable": False}, Again.REQUIRED),
    ],
)
def test_it_is_asked_again_when_something_has_changed(changed, why):
    assert again(replace(JUMPY, **changed), ANSWER) == why


def test_a_rule_that_is_kept_again_lets_its_answer_rest_too():
    fine = replace(JUMPY, state=State.OK, size=0.0)

    assert not is_settled(fine, {"C04": ANSWER})
    assert hints_of([fine], {"C04": ANSWER}).answered == ()


def test_answers_survive_the_way_into_the_course_and_back():
    assert read_answers({"C04": ANSWER.to_json()}) == {"C04": ANSWER}


def test_an_answered_hint_leaves_the_first_three_and_is_not_counted():
    found = judge(weekly(100, 60, 60))
    before = hints_of(found)
    answers = {hint.rule: replace(ANSWER, state="alert", size=99.0) for hint in before.first}

    after = hints_of(found, answers)

    assert [hint.rule for hint in after.answered] == [hint.rule for hint in before.first]
    assert after.count == before.count - 3
    assert not {hint.rule for hint in after.first} & set(answers)
    assert after.answered[0].answer.reason == ANSWER.reason


# --- On the page --------------------------------------------------------------------------------------------------


@pytest.fixture
def world(client):
    eva, design = board(cards=0)
    PlacementFactory(design=design, week_number=1, activity__minutes=100)
    PlacementFactory(design=design, week_number=2, activity__minutes=None)
    client.force_login(eva)
    return eva, design


def page(**query):
    return reverse("courses:findings", args=["mkc-101"], query=query or None)


def act(client, name, rule, **said):
    return client.post(reverse(f"courses:{name}", args=["mkc-101", rule]), {"design": 1, **said})


def shown(client, **query):
    found = client.get(page(**query)).context["page"]
    return [item.hint.rule for group in found.groups for item in group.items]


@pytest.mark.django_db
def test_a_reason_moves_a_finding_to_the_answered_ones(client, world):
    eva, _design = world

    answer = act(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    assert (answer.status_code, answer.url.split("#")) == (303, [page(design=1, state="answered"), "C42"])
    assert "C42" not in shown(client)
    assert shown(client, state="answered") == ["C42"]
    assert "Week 2 is a free week." in text_of(client.get(page(state="answered")))
    row = FindingAnswer.objects.get()
    assert (row.rule, row.value, row.state, row.rule_version, row.design_number, row.given_by) == (
        "C42",
        "50%",
        "alert",
        0,
        1,
        eva,
    )
    assert Entry.objects.get(verb="finding-answered").details["reason"] == "Week 2 is a free week."


@pytest.mark.django_db
def test_without_a_reason_nothing_is_kept_and_the_form_says_why(client, world):
    answer = act(client, "finding-answer", "C42", reason=" ")

    assert answer.status_code == 422
    assert "Say why: the next reader will ask." in text_of(answer)
    assert not FindingAnswer.objects.exists()


@pytest.mark.django_db
def test_what_says_nothing_or_is_unknown_cannot_be_answered(client, world):
    assert "C22" in shown(client, state="silent")

    assert act(client, "finding-answer", "C22", reason="Why not.").status_code == 409
    assert act(client, "finding-answer", "C99", reason="Why not.").status_code == 404
    assert not FindingAnswer.objects.exists()


@pytest.mark.django_db
def test_the_same_answer_twice_is_one(client, world):
    for _ in range(2):
        act(client, "finding-answer", "C42", reason="Once.")

    assert FindingAnswer.objects.count() == 1


@pytest.mark.django_db
def test_another_reason_takes_the_place_of_the_first_which_is_kept(client, world):
    act(client, "finding-answer", "C42", reason="First.")
    act(client, "finding-answer", "C42", reason="Second.")

    assert FindingAnswer.objects.get(withdrawn_at=None).reason == "Second."
    assert FindingAnswer.objects.exclude(withdrawn_at=None).get().reason == "First."
    assert Course.objects.get(code="mkc-101").answered["C42"]["reason"] == "Second."


@pytest.mark.django_db
def test_an_answer_can_be_taken_back_once(client, world):
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    assert act(client, "finding-answer-withdraw", "C42").status_code == 303
    assert "C42" in shown(client)
    assert act(client, "finding-answer-withdraw", "C42").status_code == 409


@pytest.mark.django_db
def test_other_limits_ask_again_and_say_so(client, world):
    eva, design = world
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    limits.set_limit(
        design.course,
        "C42",
        kind="course",
        courses=Course.objects.all(),
        said={"band": {"ok": ["90", None]}, "switched_off": False, "reason": "We are stricter."},
        seen=0,
        by=eva,
        at=NOW,
    )

    assert "C42" in shown(client)
    assert "asked again: the limits of the rule are others now" in text_of(client.get(page()))


@pytest.mark.django_db
def test_the_studio_counts_answered_ones_apart(client, world):
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    response = client.get(reverse("courses:studio", args=["mkc-101"]))

    assert "1 answered" in text_of(response)
    assert "C42" not in [hint.rule for hint in response.context["page"].hints.first]


@pytest.mark.django_db
def test_the_coach_reads_answers_in_the_review_and_gives_none(client, world):
    _eva, design = world
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")
    coach = UserFactory()
    Course.objects.filter(pk=design.course_id).update(coach=coach)
    client.force_login(coach)

    assert "Week 2 is a free week." in text_of(client.get(reverse("courses:review", args=["mkc-101"])))
    assert act(client, "finding-answer", "C42", reason="No.").status_code == 403
    assert act(client, "finding-answer-withdraw", "C42").status_code == 403
    assert "Decide otherwise" not in text_of(client.get(page()))


@pytest.mark.django_db
def test_strangers_find_nothing(client, world):
    client.force_login(UserFactory())

    assert client.get(page()).status_code == 404
    assert act(client, "finding-answer", "C42", reason="Hm.").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_whatever_it_holds(client, world, count, django_assert_max_num_queries):
    _eva, design = world
    for _ in range(count):
        PlacementFactory(design=design, week_number=1)
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    with django_assert_max_num_queries(12):
        client.get(page())


@pytest.mark.django_db
def test_the_list_filters_by_ground(client, world):
    evidence = {
        item.hint.evidence
        for group in client.get(page(**{"class": "EVID"})).context["page"].groups
        for item in group.items
    }

    assert evidence == {"EVID"}


# --- The pages of limits ------------------------------------------------------------------------------------------

BAND = {"ok_to": "1.2", "warn_to": "1.6", "reason": "Our students work.", "version": "0"}


def limit_page(rule="C02"):
    return reverse("courses:limit", args=["mkc-101", rule])


@pytest.mark.django_db
def test_a_lecturer_sets_a_limit_and_the_list_says_so(client, world):
    _eva, design = world

    assert client.post(limit_page(), BAND).status_code == 303

    assert Course.objects.get(pk=design.course_id).framework["limits"]["C02"]["ok"] == [None, "1.2"]
    listed = client.get(reverse("courses:limits", args=["mkc-101"], query={"show": "set"}))
    assert [line.rule.id for line in listed.context["lines"]] == ["C02"]
    assert "Our students work." in text_of(listed)


@pytest.mark.django_db
def test_trying_a_limit_sets_nothing(client, world):
    answer = client.post(limit_page("C42"), {"ok_from": "50", "warn_from": "20", "version": "0", "try": "1"})

    assert answer.status_code == 200
    assert [(flip.before, flip.after) for flip in answer.context["outlook"].flips] == [("alert", "ok")]
    assert not Course.objects.get(code="mkc-101").framework


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ok_to": "3"}, "contradict each other"),
        ({"ok_to": ""}, "required"),
        ({"ok_to": "-1"}, "greater than or equal to 0"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_limits_that_cannot_be_are_refused_with_what_was_typed(client, world, changed, words):
    answer = client.post(limit_page(), BAND | changed)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Course.objects.get(code="mkc-101").framework


@pytest.mark.django_db
def test_a_limit_is_reset_and_the_reset_taken_back(client, world):
    client.post(limit_page(), BAND)

    client.post(limit_page(), {**BAND, "version": "1", "reset": "1"})
    assert "ok" not in Course.objects.get(code="mkc-101").framework["limits"]["C02"]
    client.post(limit_page(), {**BAND, "version": "2", "undo": "1"})

    assert Course.objects.get(code="mkc-101").framework["limits"]["C02"]["ok"] == [None, "1.2"]


@pytest.mark.django_db
def test_a_rule_is_switched_off_with_a_reason_and_listed_as_such(client, world):
    client.post(limit_page(), BAND | {"off": "on"})

    assert [rule.rule for rule in client.get(page(state="off")).context["page"].off] == ["C02"]
    assert "C02" not in {finding.rule for finding in client.get(page()).context["page"].findings}


@pytest.mark.django_db
def test_a_stale_limit_page_changes_nothing(client, world):
    client.post(limit_page(), BAND)

    answer = client.post(limit_page(), BAND | {"ok_to": "1.1"})

    assert answer.status_code == 409
    assert Course.objects.get(code="mkc-101").framework["limits"]["C02"]["ok"] == [None, "1.2"]


@pytest.mark.django_db
def test_limits_of_a_course_are_its_lecturers_alone(client, world):
    _eva, design = world
    director = AppointmentFactory(unit=design.course.unit, role="director").user
    client.force_login(director)

    assert client.get(limit_page()).status_code == 200
    assert client.post(limit_page(), BAND).status_code == 403
    client.force_login(UserFactory())
    assert client.get(limit_page()).status_code == 404


@pytest.mark.django_db
def test_an_administrator_sets_limits_for_a_unit_and_a_director_does_not(client, world):
    _eva, design = world
    unit = design.course.unit
    address = reverse("institution:limit", args=[unit.pk, "C02"])
    client.force_login(AppointmentFactory(unit=unit, role="director").user)
    assert client.post(address, BAND).status_code == 403

    client.force_login(AppointmentFactory(unit=unit, role="administrator").user)
    assert f"How courses of {unit.name} are judged" in text_of(client.get(address))
    assert client.post(address, BAND).status_code == 303

    assert Course.objects.get(pk=design.course_id).framework["limits"]["C02"]["from"] == unit.name


@pytest.mark.django_db
def test_every_rule_has_a_page_with_its_own_limits(client, world):
    for rule in ("C01", "C06", "C13", "C33", "C39", "C52"):
        response = client.get(limit_page(rule))
        form = response.context["form"]
        said = {name: form.initial[name] for name in form.sides} | {"reason": "As it was.", "version": "0"}

        assert client.post(limit_page(rule), said).status_code == 303, rule
    course = Course.objects.select_related("unit").get(code="mkc-101")
    assert framework.resolve([course]) == 0


@pytest.mark.django_db
def test_services_refuse_what_cannot_be_answered(world):
    eva, design = world
    required = replace(JUMPY, answerable=False)

    with pytest.raises(services.NotAnswerable):
        services.answer_finding(design, required, reason="No.", by=eva, at=NOW)


@pytest.mark.django_db
def test_the_preview_follows_what_is_typed(client, world):
    tried = {"ok_from": "50", "warn_from": "20", "version": "0", "try": "1"}

    answer = client.post(limit_page("C42"), tried, headers={"HX-Request": "true"})
    broken = client.post(limit_page("C42"), tried | {"warn_from": "60"}, headers={"HX-Request": "true"})

    assert "1 course would be judged otherwise." in text_of(answer)
    assert b"<html" not in answer.content
    assert (broken.status_code, "contradict each other" in text_of(broken)) == (422, True)


@pytest.mark.django_db
def test_taking_back_where_nothing_was_set_says_so(client, world):
    answer = client.post(limit_page(), {"version": "0", "undo": "1"})

    assert answer.status_code == 409
    assert "There is nothing to take back." in text_of(answer)


# --- In place -----------------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def act_in_place(client, name, rule, **said):
    address = reverse(f"courses:{name}", args=["mkc-101", rule])
    return client.post(address, {"design": 1, **said}, headers=HTMX)


@pytest.mark.django_db
def test_an_answer_takes_the_place_of_its_form_and_the_focus_stays_there(client, world):
    answer = act_in_place(client, "finding-answer", "C42", reason="Week 2 is a free week.")

    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert answer.content.count(b'<li class="c-') == 1
    assert "Week 2 is a free week." in text_of(answer)
    assert "Answered. It is kept with its reason" in text_of(answer)
    assert b'id="states" hx-swap-oob="true"' in answer.content
    assert (b'id="do-C42"' in answer.content, answer["HX-Trigger-After-Settle"]) == (
        True,
        '{"focusOn": {"id": "do-C42"}}',
    )

    back = act_in_place(client, "finding-answer-withdraw", "C42")

    assert "Decide otherwise" in text_of(back)
    assert b'id="do-C42"' in back.content


@pytest.mark.django_db
def test_a_refused_answer_says_why_at_its_field_and_keeps_what_was_typed(client, world):
    long = "x" * 1001

    answer = act_in_place(client, "finding-answer", "C42", reason=long)

    assert answer.status_code == 422
    assert answer.content.count(b'<li class="c-') == 1
    assert b'aria-invalid="true" aria-describedby="reason-C42-error"' in answer.content
    assert long in text_of(answer)
    assert answer["HX-Trigger-After-Settle"] == '{"focusOn": {"id": "reason-C42"}}'


@pytest.mark.django_db
def test_an_answer_that_is_gone_is_said_in_its_place(client, world):
    answer = act_in_place(client, "finding-answer-withdraw", "C42")

    assert answer.status_code == 409
    assert b'role="alert"' in answer.content
    assert "This answer was taken back already." in text_of(answer)


@pytest.mark.django_db
def test_an_answer_to_a_rule_that_was_switched_off_can_be_taken_back(client, world):
    act(client, "finding-answer", "C42", reason="Week 2 is a free week.")
    client.post(limit_page("C42"), {"ok_from": "50", "warn_from": "20", "off": "on", "reason": "No.", "version": "0"})

    answer = act_in_place(client, "finding-answer-withdraw", "C42")

    assert answer.status_code == 200
    assert b"<li class=" not in answer.content
    assert not FindingAnswer.objects.filter(withdrawn_at=None).exists()


@pytest.mark.django_db
def test_limits_are_set_reset_and_taken_back_in_place(client, world):
    held = client.post(limit_page(), BAND, headers=HTMX)
    reset = client.post(limit_page(), {**BAND, "version": "1", "reset": "1"}, headers=HTMX)
    undone = client.post(limit_page(), {**BAND, "version": "2", "undo": "1"}, headers=HTMX)

    assert [answer.status_code for answer in (held, reset, undone)] == [200, 200, 200]
    assert b"<html" not in held.content
    assert "These limits hold now." in text_of(held)
    assert b'name="version" value="1"' in held.content
    assert (held["HX-Trigger-After-Settle"], undone["HX-Trigger-After-Settle"]) == (
        '{"focusOn": {"id": "limit-set"}}',
        '{"focusOn": {"id": "limit-undo"}}',
    )
    assert Course.objects.get(code="mkc-101").framework["limits"]["C02"]["ok"] == [None, "1.2"]


@pytest.mark.django_db
def test_limits_that_are_refused_in_place_keep_what_was_typed(client, world):
    refused = client.post(limit_page(), BAND | {"reason": ""}, headers=HTMX)
    client.post(limit_page(), BAND)
    stale = client.post(limit_page(), BAND | {"ok_to": "1.1"}, headers=HTMX)

    assert (refused.status_code, b"<html" in refused.content) == (422, False)
    assert (b"data-focus" in refused.content, b'value="1.2"' in refused.content) == (True, True)
    assert (stale.status_code, b'role="alert"' in stale.content) == (409, True)
    form = stale.context["form"]
    assert (form["ok_to"].value(), form["version"].value()) == ("1.1", "1")


def so_far(response):
    return re.search(r'name="so_far" value="([^"]+)"', response.content.decode())[1]


@pytest.mark.django_db
def test_a_preview_of_many_goes_on_by_itself_until_all_are_judged(client, world, monkeypatch):
    _eva, design = world
    unit = design.course.unit
    for number in range(4):
        PlacementFactory(design=DesignFactory(course=CourseFactory(unit=unit, title=f"Other {number}")))
    monkeypatch.setattr("courses.queries.limits.PART", 2)
    client.force_login(AppointmentFactory(unit=unit, role="administrator").user)
    address = reverse("institution:limit", args=[unit.pk, "C42"])
    typed = {"ok_from": "50", "warn_from": "20", "version": "0", "try": "1"}

    first = client.post(address, typed, headers=HTMX)
    second = client.post(address, typed | {"so_far": so_far(first)}, headers=HTMX)
    last = client.post(address, typed | {"so_far": so_far(second)}, headers=HTMX)

    assert "2 of 5 designs are judged so far." in text_of(first)
    assert b'hx-trigger="load, click"' in first.content
    assert "4 of 5 designs are judged so far." in text_of(second)
    assert b'hx-swap-oob="beforeend:#flips"' in second.content
    assert "5 designs were judged: all of them." in text_of(last)
    assert "1 course would be judged otherwise." in text_of(last)
    # Other limits, or a token that nobody gave: from the beginning.
    for said in ({"ok_from": "60", "so_far": so_far(second)}, {"so_far": "made up"}):
        assert "2 of 5 designs are judged so far." in text_of(client.post(address, typed | said, headers=HTMX))
    # Without scripts: a button on the page.
    plain = client.post(address, typed | {"so_far": so_far(first)})
    assert "4 of 5 designs are judged so far." in text_of(plain)
    assert plain.context["outlook"].so_far.counts == {"alert": (1, 0), "ok": (3, 4)}
