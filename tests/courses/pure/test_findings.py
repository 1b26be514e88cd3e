"""The rules of the review say what the table says, on both sides of every limit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts import ENVIRONMENTS, GROUPINGS, LEARNING_TYPES, MOMENTS, PLACES, TIMINGS, Plan
from courses.findings import (
    RULE_BY_ID,
    RULES,
    BadBand,
    Band,
    Evidence,
    Finding,
    RuleSettings,
    State,
    first_three,
    judge,
    kept,
    settings_from,
)
from courses.findings.learning import engagement
from tests.courses.pure.plans import CLASS, CLIP, EMPTY, MARKETING, QUIZ, UPLOAD, activity, plan, weekly, weeks


def finding(rule: str, of: Plan, settings: RuleSettings | None = None) -> Finding:
    return next(each for each in judge(of, settings) if each.rule == rule)


def said(rule: str, of: Plan) -> tuple[str, str]:
    found = finding(rule, of)
    return found.say(found.headline), found.say(found.advice)


def shared(percentage: str, one: dict[str, Any], other: dict[str, Any]) -> Plan:
    """A plan in which `one` takes so many percent of the time, to a hundredth of a percent."""
    minutes = int(Decimal(percentage) * 100)
    return plan(one | {"minutes": minutes}, other | {"minutes": 10_000 - minutes}, week_count=1)


# --- The limits of the table ---------------------------------------------------------------------------------------

LIMITS = [
    ("C01", ".79", "alert"),
    ("C01", "0.80", "warn"),
    ("C01", "0.89", "warn"),
    ("C01", "0.90", "ok"),
    ("C01", "1.10", "ok"),
    ("C01", "1.11", "warn"),
    ("C01", "1.25", "warn"),
    ("C01", "1.26", "alert"),
    ("C02", "1.5", "ok"),
    ("C02", "1.51", "warn"),
    ("C02", "2", "warn"),
    ("C02", "2.01", "alert"),
    ("C03", "0.35", "ok"),
    ("C03", "0.351", "warn"),
    ("C03", "0.5", "warn"),
    ("C03", "0.51", "alert"),
    ("C04", "0.5", "ok"),
    ("C04", "0.51", "warn"),
    ("C04", "1", "warn"),
    ("C04", "1.01", "alert"),
    ("C05", "0", "ok"),
    ("C05", "1", "warn"),
    ("C05", "2", "alert"),
    ("C06", "29", "note"),
    ("C06", "30", "ok"),
    ("C06", "79", "ok"),
    ("C06", "80", "note"),
    ("C07", "9.9", "alert"),
    ("C07", "10", "warn"),
    ("C07", "19.9", "warn"),
    ("C07", "20", "ok"),
    ("C07", "80", "ok"),
    ("C07", "80.1", "warn"),
    ("C07", "90", "warn"),
    ("C07", "90.1", "alert"),
    ("C08", "35", "ok"),
    ("C08", "35.1", "warn"),
    ("C08", "60", "warn"),
    ("C08", "60.1", "alert"),
    ("C09", "4", "ok"),
    ("C09", "3", "warn"),
    ("C09", "2", "alert"),
    ("C10", "50", "ok"),
    ("C10", "50.1", "warn"),
    ("C10", "65", "warn"),
    ("C10", "65.1", "alert"),
    ("C11", "10", "ok"),
    ("C11", "9.9", "warn"),
    ("C11", "5", "warn"),
    ("C11", "4.9", "alert"),
    ("C12", "40", "ok"),
    ("C12", "39.9", "warn"),
    ("C12", "25", "warn"),
    ("C12", "24.9", "alert"),
    ("C13", "0", "ok"),
    ("C13", "1", "alert"),
    ("C14", "5", "ok"),
    ("C14", "5.1", "warn"),
    ("C14", "15", "warn"),
    ("C14", "15.1", "alert"),
    ("C15", "0", "ok"),
    ("C15", "1", "warn"),
    ("C15", "2", "alert"),
    ("C16", "70", "ok"),
    ("C16", "69.9", "warn"),
    ("C16", "40", "warn"),
    ("C16", "39.9", "alert"),
    ("C17", "70", "ok"),
    ("C17", "69.9", "warn"),
    ("C17", "40", "warn"),
    ("C17", "39.9", "alert"),
    ("C18", "0.24", "warn"),
    ("C18", "0.25", "ok"),
    ("C18", "2", "ok"),
    ("C18", "2.01", "warn"),
    ("C18", "3", "warn"),
    ("C18", "3.01", "alert"),
    ("C19", "1", "ok"),
    ("C19", "2", "warn"),
    ("C19", "3", "alert"),
    ("C20", "2", "ok"),
    ("C20", "1", "warn"),
    ("C21", "9", "ok"),
    ("C21", "9.1", "warn"),
    ("C21", "15", "warn"),
    ("C21", "15.1", "alert"),
    ("C22", "80", "ok"),
    ("C22", "79.9", "warn"),
    ("C22", "50", "warn"),
    ("C22", "49.9", "alert"),
    ("C23", "50", "ok"),
    ("C23", "49.9", "warn"),
    ("C23", "25", "warn"),
    ("C23", "24.9", "alert"),
    ("C24", "80", "ok"),
    ("C24", "79.9", "warn"),
    ("C24", "50", "warn"),
    ("C24", "49.9", "alert"),
    ("C25", "100", "ok"),
    ("C25", "99.9", "warn"),
    ("C25", "60", "warn"),
    ("C25", "59.9", "alert"),
    ("C26", "15", "ok"),
    ("C26", "16", "warn"),
    ("C26", "20", "warn"),
    ("C26", "21", "alert"),
    ("C27", "0", "ok"),
    ("C27", "1", "warn"),
    ("C27", "2", "alert"),
    ("C28", "80", "ok"),
    ("C28", "79.9", "warn"),
    ("C28", "50", "warn"),
    ("C28", "49.9", "alert"),
    ("C29", "60", "ok"),
    ("C29", "60.1", "warn"),
    ("C29", "80", "warn"),
    ("C29", "80.1", "alert"),
    ("C30", "2", "ok"),
    ("C30", "2.1", "warn"),
    ("C30", "3", "warn"),
    ("C30", "3.1", "alert"),
    ("C31", "1", "ok"),
    ("C31", "2", "warn"),
    ("C31", "3", "alert"),
    ("C32", "1", "alert"),
    ("C32", "2", "warn"),
    ("C32", "3", "ok"),
    ("C32", "5", "ok"),
    ("C32", "6", "warn"),
    ("C32", "7", "alert"),
    ("C33", "1", "alert"),
    ("C33", "2", "warn"),
    ("C33", "3", "ok"),
    ("C33", "5", "ok"),
    ("C33", "6", "warn"),
    ("C33", "7", "alert"),
    ("C34", "2", "ok"),
    ("C34", "1", "warn"),
    ("C34", "0", "alert"),
    ("C35", "2", "ok"),
    ("C35", "1", "warn"),
    ("C35", "0", "alert"),
    ("C36", "1", "alert"),
    ("C36", "2", "warn"),
    ("C36", "3", "ok"),
    ("C36", "7", "ok"),
    ("C36", "8", "warn"),
    ("C36", "10", "warn"),
    ("C36", "11", "alert"),
    ("C37", "100", "ok"),
    ("C37", "99.9", "warn"),
    ("C37", "90", "warn"),
    ("C37", "89.9", "alert"),
    ("C38", "75", "ok"),
    ("C38", "74.9", "warn"),
    ("C38", "50", "warn"),
    ("C38", "49.9", "alert"),
    ("C39", "1", "ok"),
    ("C39", "0", "warn"),
    ("C40", "90", "ok"),
    ("C40", "89.9", "warn"),
    ("C40", "70", "warn"),
    ("C40", "69.9", "alert"),
    ("C41", "100", "ok"),
    ("C41", "99.9", "warn"),
    ("C41", "70", "warn"),
    ("C41", "69.9", "alert"),
    ("C42", "100", "ok"),
    ("C42", "99.9", "warn"),
    ("C42", "80", "warn"),
    ("C42", "79.9", "alert"),
    ("C43", "0.59", "alert"),
    ("C43", "0.6", "warn"),
    ("C43", "0.79", "warn"),
    ("C43", "0.8", "ok"),
    ("C43", "1.25", "ok"),
    ("C43", "1.26", "warn"),
    ("C43", "1.5", "warn"),
    ("C43", "1.51", "alert"),
    ("C44", "2", "ok"),
    ("C44", "1", "warn"),
    ("C44", "0", "alert"),
    ("C45", "80", "ok"),
    ("C45", "79.9", "warn"),
    ("C45", "40", "warn"),
    ("C45", "39.9", "alert"),
    ("C46", "100", "ok"),
    ("C46", "99.9", "warn"),
    ("C46", "70", "warn"),
    ("C46", "69.9", "alert"),
    ("C47", "7", "ok"),
    ("C47", "8", "warn"),
    ("C47", "14", "warn"),
    ("C47", "15", "alert"),
    ("C48", "5", "ok"),
    ("C48", "6", "warn"),
    ("C48", "8", "warn"),
    ("C48", "9", "alert"),
    ("C49", "0", "ok"),
    ("C49", "1", "warn"),
    ("C49", "2", "warn"),
    ("C49", "3", "alert"),
    ("C50", "4", "ok"),
    ("C50", "3", "warn"),
    ("C50", "2", "warn"),
    ("C50", "1", "alert"),
    ("C51", "2", "ok"),
    ("C51", "1", "warn"),
    ("C51", "0", "alert"),
    ("C52", "14", "warn"),
    ("C52", "15", "ok"),
    ("C52", "120", "ok"),
    ("C52", "121", "warn"),
    ("C52", "180", "warn"),
    ("C52", "181", "alert"),
    ("C53", "1", "ok"),
    ("C53", "0", "alert"),
    ("C54", "2", "ok"),
    ("C54", "1", "warn"),
    ("C54", "0", "alert"),
    ("C55", "1", "ok"),
    ("C55", "1.1", "warn"),
    ("C55", "1.2", "warn"),
    ("C55", "1.21", "alert"),
]


@pytest.mark.parametrize(("rule", "value", "state"), LIMITS)
def test_a_limit_of_the_table_belongs_to_the_better_side(rule: str, value: str, state: str) -> None:
    assert RULE_BY_ID[rule].band.state(Fraction(value)) == state


def test_every_rule_is_there_in_the_order_of_the_table() -> None:
    expected = [f"C{number:02d}" for number in range(1, 56)]

    assert [rule.id for rule in RULES] == expected


def test_both_sides_of_every_limit_are_looked_at() -> None:
    limits = {
        (rule.id, limit)
        for rule in RULES
        for limit in (rule.band.ok_from, rule.band.ok_to, rule.band.warn_from, rule.band.warn_to)
        if limit is not None and limit > 0
    }

    looked_at = {(rule, Fraction(value)) for rule, value, _state in LIMITS}

    assert limits <= looked_at
    assert all(len({state for name, _value, state in LIMITS if name == rule.id}) > 1 for rule in RULES)


def test_firm_norms_are_exactly_those_that_the_table_calls_firm() -> None:
    firm = {rule.id for rule in RULES if rule.evidence is Evidence.NORM and not rule.strength}

    assert firm == {"C01", "C06", "C13", "C37"}


# --- Nothing to judge ----------------------------------------------------------------------------------------------


def test_an_empty_plan_is_not_judged_at_all() -> None:
    assert {each.state for each in judge(EMPTY)} == {State.NOT_APPLICABLE}
    assert first_three(judge(EMPTY)) == kept(judge(EMPTY)) == ()


def test_weeks_without_activities_are_not_judged_either() -> None:
    assert {each.state for each in judge(plan(week_count=7, outcome_count=3))} == {State.NOT_APPLICABLE}


def test_activities_without_minutes_break_nothing() -> None:
    unestimated = plan(CLIP | {"minutes": None}, CLASS | {"minutes": None}, outcome_count=1)

    silent = {each.rule for each in judge(unestimated) if each.state is State.NOT_APPLICABLE}

    assert silent >= {*(f"C{number:02d}" for number in range(1, 13)), "C14", "C18", "C21", "C43", "C52", "C55"}
    assert finding("C42", unestimated).state is State.ALERT


def test_the_shelf_is_not_judged() -> None:
    assert {each.state for each in judge(plan(CLIP | {"week": None, "has_captions": False}))} == {State.NOT_APPLICABLE}


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "minutes": st.none() | st.integers(0, 900),
                "week": st.none() | st.integers(1, 5),
                "moment": st.sampled_from(MOMENTS),
                "learning_type": st.sampled_from(LEARNING_TYPES),
                "second_type": st.none() | st.sampled_from(LEARNING_TYPES),
                "second_share": st.integers(0, 50),
                "environment": st.sampled_from(ENVIRONMENTS),
                "place": st.sampled_from(PLACES),
                "timing": st.sampled_from(TIMINGS),
                "grouping": st.sampled_from(GROUPINGS),
                "assessment": st.sampled_from(["none", "formative", "summative"]),
                "outcome_ids": st.lists(st.integers(1, 5), max_size=3).map(tuple),
                "has_captions": st.none() | st.booleans(),
                "clip_seconds": st.none() | st.integers(0, 4000),
                "title": st.text(max_size=20),
            }
        ),
        max_size=12,
    ),
    st.sets(st.integers(1, 5)),
    st.integers(0, 3),
)
def test_any_plan_can_be_judged_and_every_sentence_said(
    facts: list[dict[str, Any]], quiet: set[int], outcome_count: int
) -> None:
    drawn = plan(*facts, weeks=weeks(5, without_teaching=quiet), outcome_count=outcome_count)
    here = {each.placement_id for each in drawn.placed}

    for each in judge(drawn):
        for template in (each.headline, each.advice, each.why, each.threshold, each.measures):
            each.say(template)  # a quantity that is missing from a sentence would raise
        assert set(each.placement_ids) <= here
        assert len(set(each.placement_ids)) == len(each.placement_ids)
        assert (each.value is None) == (each.state is State.NOT_APPLICABLE)
        assert (each.size > 0) == (each.state not in (State.OK, State.NOT_APPLICABLE))


# --- C01 to C05: study load ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ("99.9", "alert"),
        ("100", "warn"),
        ("112.4", "warn"),
        ("112.5", "ok"),
        ("125", "ok"),
        ("150", "ok"),
        ("165", "ok"),
        ("165.1", "warn"),
        ("187.5", "warn"),
        ("187.6", "alert"),
    ],
)
def test_load_is_measured_from_the_nearer_end_of_what_the_credits_stand_for(hours: str, state: str) -> None:
    assert finding("C01", weekly(int(Decimal(hours) * 60))).state == state


def test_load_with_one_figure_per_credit_is_the_formula_of_the_table() -> None:
    dutch = replace(weekly(126 * 60), hours_per_credit_low=28, hours_per_credit_high=28)

    assert finding("C01", dutch).value == pytest.approx(126 / 140)
    assert said("C01", dutch) == ("The planned 126 h fit the credits", "5 credits stand for 140 h.")


def test_too_little_load_says_how_much_is_missing() -> None:
    assert said("C01", weekly(80 * 60)) == (
        "Less planned than the credits stand for: 80 h",
        "5 credits stand for 125 h to 150 h: 45 h more. Is all own work on the board?",
    )


def test_too_little_load_points_at_activities_without_minutes_first() -> None:
    found = finding("C01", plan({"minutes": 60}, {"minutes": None}))

    assert "Begin with the activities that have no minutes yet: 1." in found.say(found.advice)
    assert found.placement_ids == (2,)


def test_too_much_load_says_how_much_to_take_out() -> None:
    assert said("C01", weekly(200 * 60)) == (
        "More planned than the credits stand for: 200 h",
        "5 credits stand for 125 h to 150 h. Take out or shorten 50 h.",
    )


def test_a_course_without_credits_has_no_load_to_match() -> None:
    assert finding("C01", replace(weekly(60), credits=Decimal(0))).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        ((90, 75, 75, 0), "ok"),  # 90 is 1.5 times the mean of 60
        ((91, 75, 74, 0), "warn"),
        ((120, 60, 60, 0), "warn"),
        ((121, 60, 59, 0), "alert"),
    ],
)
def test_the_fullest_week_is_held_against_an_average_week(minutes: tuple[int, ...], state: str) -> None:
    assert finding("C02", weekly(*minutes)).state == state


def test_a_heavy_week_is_named_with_what_would_help() -> None:
    heavy = weekly(60, 385, 60, 60, 60)
    found = finding("C02", heavy)

    # An average week has 125 min; 1.5 times that is 187 min 30.
    assert found.say(found.headline) == "Week 2 is heavy: 6 h 25"
    assert found.say(found.advice) == ("That is 3.1 times an average week (2 h 05). Move or shorten about 3 h 20.")
    assert (found.weeks, found.placement_ids) == ((2,), (2,))


def test_a_peak_in_a_week_without_teaching_is_a_peak_but_does_not_lift_the_mean() -> None:
    exam = plan(
        *({"week": number, "minutes": 60} for number in (1, 2)),
        {"week": 3, "minutes": 300},
        weeks=weeks(3, without_teaching=[3]),
    )

    assert finding("C02", exam).value == pytest.approx(5.0)
    assert finding("C03", exam).state is State.OK
    assert finding("C05", exam).state is State.OK


@pytest.mark.parametrize("rule", ["C02", "C03", "C04", "C05"])
def test_one_week_has_no_rhythm(rule: str) -> None:
    assert finding(rule, weekly(60)).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("minutes", "state"),
    [((135, 65), "ok"), ((136, 64), "warn"), ((150, 50), "warn"), ((151, 49), "alert")],
)
def test_variation_is_the_standard_deviation_against_the_mean(minutes: tuple[int, ...], state: str) -> None:
    assert finding("C03", weekly(*minutes)).state == state


def test_an_uneven_load_names_the_lightest_and_the_fullest_week() -> None:
    assert said("C03", weekly(30, 240, 60)) == (
        "The load is uneven over the weeks",
        "From 30 min in week 1 to 4 h in week 2. Move work from full weeks to light ones.",
    )


@pytest.mark.parametrize(
    ("minutes", "state"),
    [((75, 125), "ok"), ((74, 126), "warn"), ((50, 150), "warn"), ((49, 151), "alert")],
)
def test_a_jump_is_the_step_between_two_weeks_against_the_mean(minutes: tuple[int, ...], state: str) -> None:
    assert finding("C04", weekly(*minutes)).state == state
    assert finding("C04", weekly(*reversed(minutes))).state == state


def test_a_rise_and_a_fall_have_their_own_words() -> None:
    assert said("C04", weekly(60, 120)) == (
        "The load jumps from week 1 to week 2",
        "It rises from 1 h to 2 h. Could some of it begin a week earlier?",
    )
    assert said("C04", weekly(120, 60)) == (
        "The load drops from week 1 to week 2",
        "It falls from 2 h to 1 h. Could some of it wait a week?",
    )


@pytest.mark.parametrize(
    ("minutes", "state", "headline"),
    [
        ((115, 100, 25), "ok", "Something happens in every week"),  # 25 of 80 is above a quarter
        ((110, 110, 20), "ok", "Something happens in every week"),  # exactly a quarter
        ((111, 110, 19), "warn", "Little or nothing happens in week 3"),
        ((240, 0, 0), "alert", "Little or nothing happens in weeks 2, 3"),
    ],
)
def test_an_empty_week_has_less_than_a_quarter_of_an_average_week(
    minutes: tuple[int, ...], state: str, headline: str
) -> None:
    found = finding("C05", weekly(*minutes))

    assert (found.state, found.say(found.headline)) == (state, headline)


# --- C06, C07, C08, C20: where and when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("online", "state", "label"),
    [
        ("29.99", "note", "web-supported"),
        ("30", "ok", "blended"),
        ("79.99", "ok", "blended"),
        ("80", "note", "online"),
    ],
)
def test_the_label_is_judged_in_whole_percents_and_never_a_fault(online: str, state: str, label: str) -> None:
    found = finding("C06", shared(online, {"place": "online"}, CLASS))

    assert (found.state, found.is_broken) == (state, False)
    assert label in found.say(found.headline)


def test_the_label_leaves_workplaces_and_paper_aside() -> None:
    mixed = plan(
        {"place": "workplace", "environment": "workplace"},
        {"place": "anywhere", "environment": "physical"},
        {"place": "anywhere", "environment": "digital", "minutes": 30},
        CLASS | {"minutes": 30},
    )

    assert finding("C06", mixed).value == 50.0


@pytest.mark.parametrize(
    ("own_time", "state"),
    [
        ("9.99", "alert"),
        ("10", "warn"),
        ("19.99", "warn"),
        ("20", "ok"),
        ("80", "ok"),
        ("80.01", "warn"),
        ("90", "warn"),
        ("90.01", "alert"),
    ],
)
def test_timing_is_mixed_between_a_fifth_and_four_fifths(own_time: str, state: str) -> None:
    assert finding("C07", shared(own_time, {"timing": "async"}, CLASS)).state == state


def test_one_sided_timing_asks_what_the_other_would_add() -> None:
    assert said("C07", shared("95", {"timing": "async"}, CLASS))[0] == "Almost everything is in own time: 95%"
    assert said("C07", shared("5", {"timing": "async"}, CLASS))[0] == "Almost everything is together: 95%"


@pytest.mark.parametrize(("taking_in", "state"), [("35", "ok"), ("35.01", "warn"), ("60", "warn"), ("60.01", "alert")])
def test_time_together_is_asked_what_it_is_used_for(taking_in: str, state: str) -> None:
    lecture, case = CLASS | {"learning_type": "acquisition"}, CLASS | {"learning_type": "practice"}

    assert finding("C08", shared(taking_in, lecture, case)).state == state


def test_transmission_in_own_time_is_no_matter_for_time_together() -> None:
    assert finding("C08", plan({"learning_type": "acquisition"})).state is State.NOT_APPLICABLE
    assert finding("C08", plan({}, CLASS | {"learning_type": "practice"})).value == 0.0


def test_a_lecture_that_is_half_discussion_counts_for_half() -> None:
    half = CLASS | {"learning_type": "acquisition", "second_type": "discussion", "second_share": 50}

    assert finding("C08", plan(half)).value == 50.0


def test_a_single_environment_asks_for_another() -> None:
    found = finding("C20", plan({}, {}))

    assert (found.state, found.say(found.headline)) == ("warn", "Only this environment is used: digital")
    assert found.say(found.advice) == (
        "Which would you like to use more, and why not now: physical, workplace, hybrid?"
    )
    assert finding("C20", plan({}, CLASS)).state is State.OK


# --- C09 to C12: what students do ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "value", "state"),
    [
        ((95, 5), 2, "alert"),
        ((90, 5, 5), 3, "warn"),
        ((85, 5, 5, 5), 4, "ok"),
        ((86, 5, 5, 4), 3, "warn"),
    ],
)
def test_a_learning_type_counts_from_a_twentieth_of_the_time(minutes: tuple[int, ...], value: int, state: str) -> None:
    types = plan(*({"learning_type": t, "minutes": m} for t, m in zip(LEARNING_TYPES, minutes, strict=False)))
    found = finding("C09", types)

    assert (found.value, found.state) == (value, state)


def test_missing_learning_types_are_named() -> None:
    assert said("C09", plan({}, {"learning_type": "practice"}))[1] == (
        "Hardly or not used: inquiry, production, discussion, collaboration. Would one of them serve an outcome?"
    )


@pytest.mark.parametrize(("taking_in", "state"), [("50", "ok"), ("50.01", "warn"), ("65", "warn"), ("65.01", "alert")])
def test_taking_in_information_may_be_half_of_the_time(taking_in: str, state: str) -> None:
    assert finding("C10", shared(taking_in, {}, {"learning_type": "practice"})).state == state


@pytest.mark.parametrize(("talking", "state"), [("10", "ok"), ("9.99", "warn"), ("5", "warn"), ("4.99", "alert")])
@pytest.mark.parametrize("learning_type", ["discussion", "collaboration"])
def test_talking_and_working_together_is_a_tenth_of_the_time(learning_type: str, talking: str, state: str) -> None:
    assert finding("C11", shared(talking, {"learning_type": learning_type}, {})).state == state


@pytest.mark.parametrize(("making", "state"), [("40", "ok"), ("39.99", "warn"), ("25", "warn"), ("24.99", "alert")])
def test_own_construction_and_dialogue_is_two_fifths_of_the_time(making: str, state: str) -> None:
    assert finding("C12", shared(making, {"learning_type": "production"}, {})).state == state


@pytest.mark.parametrize(
    ("facts", "mode"),
    [
        ({"learning_type": "acquisition"}, "passive"),
        ({"learning_type": "acquisition", "feedback_by": "automatic"}, "active"),
        ({"learning_type": "acquisition", "assessment": "formative"}, "active"),
        ({"learning_type": "inquiry"}, "active"),
        ({"learning_type": "inquiry", "feedback_by": "peer"}, "constructive"),
        ({"learning_type": "inquiry", "grouping": "pair"}, "interactive"),
        ({"learning_type": "practice", "feedback_by": "automatic"}, "active"),
        ({"learning_type": "practice", "feedback_by": "lecturer"}, "constructive"),
        ({"learning_type": "production"}, "constructive"),
        ({"learning_type": "production", "grouping": "group"}, "interactive"),
        ({"learning_type": "discussion", "grouping": "alone"}, "constructive"),
        ({"learning_type": "discussion", "grouping": "class"}, "interactive"),
        ({"learning_type": "collaboration", "grouping": "group"}, "interactive"),
        ({"learning_type": "something new"}, "active"),
    ],
)
def test_engagement_is_derived_and_never_typed_in(facts: dict[str, Any], mode: str) -> None:
    derived = activity(**facts)

    assert engagement(derived, derived.learning_type) == mode


# --- C13, C14: outcomes --------------------------------------------------------------------------------------------

TAUGHT, CHECKED, TESTED = {}, QUIZ, {"assessment": "summative"}


@pytest.mark.parametrize(
    ("facts", "headline"),
    [
        ([(TAUGHT, 1)], "Outcome 1 is taught but never assessed"),
        ([(TESTED, 1)], "Outcome 1 is assessed but never practised"),
        ([(TAUGHT, 9)], "Outcome 1 is neither practised nor assessed"),
        ([(CHECKED, 1)], "Every outcome is practised and assessed"),
        ([(TAUGHT, 1), (TESTED, 1)], "Every outcome is practised and assessed"),
    ],
)
def test_an_outcome_is_practised_and_assessed(facts: list[tuple[dict[str, Any], int]], headline: str) -> None:
    one = plan(*(each | {"outcome_ids": (number,)} for each, number in facts), outcome_count=1)

    assert said("C13", one)[0] == headline


@pytest.mark.parametrize(
    ("facts", "headline", "advice", "gaps"),
    [
        (
            [(TAUGHT, (1, 2)), (CHECKED, (3,))],
            "2 outcomes are taught but never assessed",
            "Add a formative check for outcomes 1, 2, or drop them.",
            2,
        ),
        (
            [(TESTED, (1, 2)), (CHECKED, (3,))],
            "2 outcomes are assessed but never practised",
            "Link activities that prepare for outcomes 1, 2.",
            2,
        ),
        (
            [(TAUGHT, (1,)), (TESTED, (2,))],
            "3 of 3 outcomes are not fully served",
            "Not practised: 2, 3. Not assessed: 1, 3.",
            4,
        ),
    ],
)
def test_several_gaps_are_told_in_one_sentence(
    facts: list[tuple[dict[str, Any], tuple[int, ...]]], headline: str, advice: str, gaps: int
) -> None:
    three = plan(*(each | {"outcome_ids": served} for each, served in facts), outcome_count=3)

    assert said("C13", three) == (headline, advice)
    assert finding("C13", three).value == gaps


def test_without_outcomes_nothing_can_be_an_orphan() -> None:
    assert finding("C13", plan({})).state is finding("C14", plan({})).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(("orphan", "state"), [("5", "ok"), ("5.01", "warn"), ("15", "warn"), ("15.01", "alert")])
def test_time_without_outcome_is_measured(orphan: str, state: str) -> None:
    drawn = replace(shared(orphan, {"outcome_ids": ()}, {"outcome_ids": (1,)}), outcomes=plan(outcome_count=1).outcomes)

    assert finding("C14", drawn).state == state


def test_an_orphan_is_asked_what_it_is_for() -> None:
    one = plan({"title": "Word search"}, {"outcome_ids": (1,)}, outcome_count=1)
    two = plan({"title": "Word search"}, {"minutes": 90, "title": "Quiz night"}, outcome_count=1)

    assert said("C14", one)[0] == "What is “Word search” for?"
    assert said("C14", two) == (
        "2 activities serve no outcome: 100% of the time",
        "Begin with “Quiz night”. What is it for? Link it to an outcome, or leave it out.",
    )
    assert finding("C14", two).placement_ids == (2, 1)


def test_a_link_to_an_outcome_of_another_design_serves_nothing() -> None:
    assert finding("C14", plan({"outcome_ids": (77,)}, outcome_count=1)).value == 100.0


# --- C21, C37: clips -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "state"), [(6, "ok"), (9, "ok"), (10, "warn"), (15, "warn"), (16, "alert")])
def test_a_clip_is_at_most_nine_minutes(minutes: int, state: str) -> None:
    assert finding("C21", plan(CLIP | {"minutes": minutes})).state == state


def test_a_clip_is_judged_by_its_running_time_where_that_is_known() -> None:
    found = finding("C21", plan(CLIP | {"minutes": 5, "clip_seconds": 541, "title": "Clip: Framing"}))

    assert (found.state, found.say(found.headline)) == ("warn", "“Clip: Framing” takes 10 min")


def test_long_clips_are_counted_and_the_longest_named() -> None:
    found = finding(
        "C21", plan(*(CLIP | {"minutes": m, "week": w, "title": f"Clip {w}"} for w, m in ((1, 12), (3, 20))))
    )

    assert found.say(found.headline) == "2 clips are longer than 9 min"
    assert "The longest is “Clip 3”: 20 min." in found.say(found.advice)
    assert (found.weeks, found.placement_ids) == ((1, 3), (2, 1))


def test_short_clips_earn_a_green_tick() -> None:
    assert said("C21", plan(CLIP | {"minutes": 6}, CLIP | {"minutes": 9})) == (
        "No clip is longer than 9 min",
        "1 of 2 take at most 6 min.",
    )


@pytest.mark.parametrize(("captioned", "state"), [(10, "ok"), (9, "warn"), (8, "alert")])
def test_every_clip_needs_captions(captioned: int, state: str) -> None:
    found = finding("C37", plan(*(CLIP | {"has_captions": number < captioned} for number in range(10))))

    assert (found.state, len(found.placement_ids)) == (state, 10 - captioned)


def test_the_clip_without_captions_is_named() -> None:
    assert said("C37", plan(CLIP | {"has_captions": False, "title": "Clip: Cells"}))[0] == (
        "“Clip: Cells” has no captions"
    )
    assert said("C37", plan(*[CLIP | {"has_captions": False}] * 2))[0] == "2 of 2 clips have no captions"


def test_without_clips_there_is_nothing_to_caption() -> None:
    assert finding("C37", plan({})).state is finding("C21", plan({})).state is State.NOT_APPLICABLE


# --- What is shown, and whose limits -------------------------------------------------------------------------------


def test_three_hints_come_first_by_firmness_and_then_by_size() -> None:
    found = judge(MARKETING)

    assert [each.rule for each in first_three(found)] == ["C01", "C13", "C44"]
    ranked = [each.rank for each in first_three(found, limit=99)]
    assert ranked == sorted(ranked)


def test_a_broken_heuristic_comes_before_a_note_on_a_norm() -> None:
    offline = plan(CLASS | {"minutes": 125 * 60}, weeks=weeks(1), outcome_count=0)

    shown = [each.rule for each in first_three(judge(offline), limit=99)]

    assert finding("C06", offline).state is State.NOTE
    assert shown[-1] == "C06"
    assert "C20" in shown[:-1]


def test_kept_rules_are_listed_for_the_green_ticks() -> None:
    assert {each.state for each in kept(judge(MARKETING))} == {State.OK}
    assert "C37" in [each.rule for each in kept(judge(MARKETING))]


def test_size_is_one_at_the_outer_limit() -> None:
    band = Band.between((20, 80), (10, 90))

    assert [band.size(value) for value in (5, 10, 20, 50, 80, 85, 90)] == [
        Fraction(3, 2),
        1,
        0,
        0,
        0,
        Fraction(1, 2),
        1,
    ]


def test_an_institution_sets_its_own_limits() -> None:
    strict = settings_from({"C21": {"ok": [None, 6], "warn": [None, 8]}}, switched_off=["C37"])
    seven = plan(CLIP | {"minutes": 7, "has_captions": False})

    assert finding("C21", seven, strict).state is State.WARN
    assert finding("C21", seven, strict).say(finding("C21", seven, strict).threshold) == "at most 6 min"
    assert "C37" not in [each.rule for each in judge(seven, strict)]


@pytest.mark.parametrize(
    "stored",
    [
        {"C99": {"ok": [None, 1]}},
        {"C02": {"fine": [None, 1]}},
        {"C02": {"ok": [None, "much"]}},
        {"C02": {"ok": [None, True]}},
        {"C02": {"ok": 1.5}},
        {"C02": {"ok": [None, 3]}},  # beyond the outer limit of 2.0
        {"C02": {"ok": [1, None]}},  # the outer limit lies on the other side
        {"C02": {"ok": [None, None], "warn": [None, None]}},
        {"C02": []},
    ],
)
def test_contradicting_limits_are_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(BadBand):
        settings_from(stored)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_measures_why_and_from_where(rule: Any) -> None:
    found = finding(rule.id, MARKETING)

    assert found.ground
    assert found.measures
    assert found.why.endswith(".")
    assert found.source


def test_limits_are_shown_as_they_were_set() -> None:
    found = finding("C03", weekly(136, 64))

    assert (found.say(found.threshold), found.say("{value}")) == ("at most 0.35", "0.36")


def test_upload_and_quiz_of_the_example_count_as_assessment() -> None:
    assert finding("C13", plan(UPLOAD | {"outcome_ids": (1,)}, outcome_count=1)).state is State.OK
