"""What the rules from C15 on measure: a small plan on each side of every band, and one with nothing to judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.calendar import (
    Slot,
    Spot,
    usual_windows,
    windows_of_week,
    working_day_later,
    working_days_between,
)
from courses.facts import (
    BuddyPlan,
    LastEvaluation,
    Plan,
    PlannedLink,
    PlannedOutcome,
    PlannedPeerReview,
    Staffing,
)
from courses.findings import Finding, judge
from courses.findings.running import responses_needed
from courses.turnaround import working_day_after, working_days
from tests.courses.pure.plans import CLASS, CLIP, EMPTY, QUIZ, UPLOAD, plan, weeks

Facts = dict[str, Any]


def finding(rule: str, of: Plan) -> Finding:
    return next(each for each in judge(of) if each.rule == rule)


def said(rule: str, of: Plan) -> str:
    found = finding(rule, of)
    return f"{found.say(found.headline)}. {found.say(found.advice)}".strip()


def linked(of: Plan, *pairs: tuple[int, int]) -> Plan:
    return replace(of, links=tuple(PlannedLink(n, a, b) for n, (a, b) in enumerate(pairs, start=1)))


def mixed(good: int, bad: int, like: Facts, unlike: Facts) -> Plan:
    """So many of the one and of the other, spread over weeks so that none meets another."""
    facts = [like] * good + [unlike] * bad
    return plan(*({"week": n, **each} for n, each in enumerate(facts, start=1)), week_count=len(facts))


# --- Building blocks ----------------------------------------------------------------------------------------------

RECALL = QUIZ | {"recalls": True, "collects": "attempts", "feedback_elaborated": True}
EXAM: Facts = {"assessment": "summative", "weight": 50, "learning_type": "production", "moment": "after"}
ESSAY = UPLOAD | {"collects": "attempts", "feedback_days": 5, "outcome_ids": (1,)}
MOMENTS = ("before", "together", "after")


def sequence(week: int, *moments: str, **before: Any) -> list[Facts]:
    each: dict[str, Facts] = {
        "before": {"week": week, "moment": "before", **before},
        "together": CLASS | {"week": week},
        "after": {"week": week, "moment": "after"},
    }
    return [each[moment] for moment in moments]


def sessions(whole: int, loose: int) -> Plan:
    """Sessions with preparation and follow-up, and sessions without follow-up."""
    facts = [each for week in range(whole) for each in sequence(week + 1, *MOMENTS)]
    facts += [each for week in range(loose) for each in sequence(whole + week + 1, "before", "together")]
    return plan(*facts, week_count=whole + loose)


def prepared(checked: int, unchecked: int) -> Plan:
    facts = [each for week in range(checked) for each in sequence(week + 1, *MOMENTS, collects="attempts")]
    facts += [each for week in range(unchecked) for each in sequence(checked + week + 1, *MOMENTS)]
    return plan(*facts, week_count=checked + unchecked)


def preparation(minutes: int) -> Plan:
    return plan({"minutes": minutes}, CLASS | {"minutes": 100})


def levelled(*levels: tuple[int, int]) -> Plan:
    """Outcomes with a level, and what is assessed for each."""
    return plan(
        *(
            {"assessment": "formative", "outcome_ids": (n,), "outcome_levels": (test,)}
            for n, (_, test) in _numbered(levels)
        ),
        outcomes=tuple(PlannedOutcome(n, n, f"Do {n}", level) for n, (level, _) in _numbered(levels)),
    )


def _numbered(pairs: tuple[tuple[int, int], ...]) -> list[tuple[int, tuple[int, int]]]:
    return list(enumerate(pairs, start=1))


def environments(count: int, *pairs: tuple[int, int]) -> Plan:
    used = ("digital", "physical", "workplace", "hybrid")[:count]
    return linked(plan(*({"environment": each} for each in used)), *pairs)


def clips(with_task: int, idle: int) -> Plan:
    facts = [each | {"week": n + 1} for n in range(with_task) for each in (CLIP, RECALL)]
    facts += [CLIP | {"week": with_task + n + 1} for n in range(idle)]
    return plan(*facts, week_count=with_task + idle)


def spaced(again: int, once: int) -> Plan:
    facts: list[Facts] = []
    for number in range(1, again + once + 1):
        facts.append({"week": 1, "outcome_ids": (number,)})
        if number <= again:
            facts.append({"week": 2, "outcome_ids": (number,)})
    return plan(*facts, outcome_count=again + once)


def counting(covered: int, blind: int) -> Plan:
    """Tests in week 5 by weight, with and without an earlier essay on the same outcome."""
    return plan(
        ESSAY | {"week": 1},
        EXAM | {"week": 5, "weight": covered, "outcome_ids": (1,)},
        EXAM | {"week": 5, "weight": blind, "outcome_ids": (2,)},
        outcome_count=2,
    )


def chain(*feedback_days: int) -> Plan:
    """An essay on its own outcome for each, and the next one a week later."""
    facts: list[Facts] = []
    for number, days in enumerate(feedback_days, start=1):
        facts.append(ESSAY | {"week": 1, "outcome_ids": (number,), "feedback_days": days})
        facts.append(ESSAY | {"week": 2, "outcome_ids": (number,), "feedback_by": "none"})
    return plan(*facts, outcome_count=len(feedback_days))


def explained(good: int, bare: int) -> Plan:
    return mixed(good, bare, ESSAY | {"feedback_elaborated": True}, ESSAY)


def weighing(heaviest: int) -> Plan:
    return plan(EXAM | {"weight": heaviest}, EXAM | {"weight": 100 - heaviest})


def marked(count: int, of_credits: str = "5") -> Plan:
    return plan(*[EXAM] * count, credits=Decimal(of_credits))


def due_together(count: int) -> Plan:
    return plan(
        *[EXAM | {"week": 3, "weight": 10}] * count, EXAM | {"week": 5, "weight": 10}, EXAM | {"week": 3, "weight": 9}
    )


def group(size: int, learning_type: str = "collaboration") -> Plan:
    return plan({"grouping": "group", "group_size": size, "learning_type": learning_type})


def buddies_of(size: int) -> Plan:
    return plan({}, buddies=BuddyPlan(1, 2, group_size=size))


def reviewed(reviews: int = 4, **facts: Any) -> Plan:
    return plan({"title": "Review"}, peer_reviews=(PlannedPeerReview(1, reviews, **facts),))


def formats(both: int, one: int) -> Plan:
    facts: list[Facts] = [{"outcome_ids": (n,), "formats": ("text",)} for n in range(1, both + one + 1)]
    facts += [{"outcome_ids": (n,), "formats": ("video",)} for n in range(1, both + 1)]
    return plan(*facts, outcome_count=both + one)


TASK: Facts = {"collects": "attempts"}
THURSDAY, FRIDAY, SATURDAY, SUNDAY = 3, 4, 5, 6


def tasks(open_long: int, short: int) -> Plan:
    """A task after class in each week, due on Sunday: of three days after Thursday, of two after Friday."""
    days = [THURSDAY] * open_long + [FRIDAY] * short
    facts = [each for week, day in enumerate(days, start=1) for each in class_and_task(week, day)]
    return plan(*facts, week_count=len(days))


def class_and_task(week: int, day: int, starts: int = 14 * 60) -> tuple[Facts, Facts]:
    return CLASS | {"week": week, "weekday": day, "starts": starts}, TASK | {"week": week, "moment": "after"}


def meetings(with_way: int, without: int) -> Plan:
    return mixed(with_way, without, CLASS | {"alternative": "recording"}, CLASS)


def timed(known: int, unknown: int) -> Plan:
    return mixed(known, unknown, {}, {"minutes": None})


def reported(minutes: int, count: int = 8) -> Plan:
    return plan({"minutes": 100, "reported_minutes": minutes, "reported_count": count})


def evaluated(*in_weeks: int) -> Plan:
    return plan({}, *({"purpose": "evaluation", "week": week} for week in in_weeks), week_count=10)


def told(done: int, actions: int) -> Plan:
    return plan({}, last_evaluation=LastEvaluation(20, 12, actions, done))


def answered(responses: int, enrolled: int) -> Plan:
    return plan({}, last_evaluation=LastEvaluation(enrolled, responses))


def seen_in(*days: tuple[int, int]) -> Plan:
    """A meeting in these weeks, on these weekdays, of four weeks."""
    return plan(*(CLASS | {"week": week, "weekday": day, "starts": 600} for week, day in days), week_count=4)


def tools(count: int) -> Plan:
    return plan(*({"tool": f"Tool {n}"} for n in range(count)))


def toolless(count: int) -> Plan:
    return plan({"tool": "Miro", "outcome_ids": (1,)}, *[{"tool": "Miro"}] * count, outcome_count=1)


def start(*purposes: str, first_task: bool = False) -> Plan:
    facts: list[Facts] = [{"purpose": purpose} for purpose in purposes]
    return plan({}, *facts, *([{"collects": "posts"}] if first_task else []))


def coached(*in_weeks: int, meets: bool = True) -> Plan:
    return plan(
        {},
        *({"purpose": "coaching", "week": week, "weekday": 0, "starts": 600} for week in in_weeks),
        week_count=6,
        buddies=BuddyPlan(1, 6, meeting_weeks=tuple(range(1, 7 if meets else 6))),
    )


def bite(minutes: int) -> Plan:
    return plan({"purpose": "bite", "minutes": minutes})


def looking_back(*in_weeks: int, week_count: int = 7) -> Plan:
    return plan({}, *({"purpose": "reflection", "week": week} for week in in_weeks), week_count=week_count)


def self_assessed(*in_weeks: int) -> Plan:
    return plan(
        {"purpose": "coaching"}, *({"purpose": "self_assessment", "week": week} for week in in_weeks), week_count=10
    )


def staffed(minutes_each: int) -> Plan:
    """An hour together, and feedback on the work of 10 students, for 160 minutes."""
    staff = Staffing(students=10, appointed_minutes=160, feedback_minutes=((2, minutes_each),))
    return plan(CLASS | {"minutes": 60}, ESSAY | {"grouping": "alone"}, staffing=staff)


# --- Both sides of every band -------------------------------------------------------------------------------------

TABLE: list[tuple[str, Plan, float, str]] = [
    ("C15", levelled((3, 3), (4, 5)), 0, "ok"),
    ("C15", levelled((3, 2), (4, 5)), 1, "warn"),
    ("C15", levelled((3, 2), (5, 1)), 2, "alert"),
    ("C16", sessions(7, 3), 70, "ok"),
    ("C16", sessions(6, 4), 60, "warn"),
    ("C16", sessions(4, 6), 40, "warn"),
    ("C16", sessions(3, 7), 30, "alert"),
    ("C17", prepared(7, 3), 70, "ok"),
    ("C17", prepared(4, 6), 40, "warn"),
    ("C17", prepared(3, 7), 30, "alert"),
    ("C18", preparation(24), 0.24, "warn"),
    ("C18", preparation(25), 0.25, "ok"),
    ("C18", preparation(200), 2, "ok"),
    ("C18", preparation(201), 2.01, "warn"),
    ("C18", preparation(300), 3, "warn"),
    ("C18", preparation(301), 3.01, "alert"),
    ("C19", environments(3, (1, 2), (2, 3)), 1, "ok"),
    ("C19", environments(3, (1, 2)), 2, "warn"),
    ("C19", environments(3), 3, "alert"),
    ("C22", clips(4, 1), 80, "ok"),
    ("C22", clips(3, 1), 75, "warn"),
    ("C22", clips(1, 1), 50, "warn"),
    ("C22", clips(1, 2), 100 / 3, "alert"),
    ("C23", plan(RECALL, week_count=2), 50, "ok"),
    ("C23", plan(RECALL, week_count=3), 100 / 3, "warn"),
    ("C23", plan(RECALL, week_count=4), 25, "warn"),
    ("C23", plan(RECALL, week_count=5), 20, "alert"),
    ("C24", spaced(4, 1), 80, "ok"),
    ("C24", spaced(3, 1), 75, "warn"),
    ("C24", spaced(1, 1), 50, "warn"),
    ("C24", spaced(1, 2), 100 / 3, "alert"),
    ("C25", counting(100, 0), 100, "ok"),
    ("C25", counting(99, 1), 99, "warn"),
    ("C25", counting(60, 40), 60, "warn"),
    ("C25", counting(59, 41), 59, "alert"),
    ("C26", plan(ESSAY | {"feedback_days": 15}), 15, "ok"),
    ("C26", plan(ESSAY | {"feedback_days": 16}), 16, "warn"),
    ("C26", plan(ESSAY | {"feedback_days": 20}), 20, "warn"),
    ("C26", plan(ESSAY | {"feedback_days": 21}), 21, "alert"),
    # Both are due on Sundays, a week apart: with feedback on the second working day three are left, then two.
    ("C27", chain(2, 2), 0, "ok"),
    ("C27", chain(2, 3), 1, "warn"),
    ("C27", chain(3, 3), 2, "alert"),
    ("C28", explained(4, 1), 80, "ok"),
    ("C28", explained(3, 1), 75, "warn"),
    ("C28", explained(1, 1), 50, "warn"),
    ("C28", explained(1, 2), 100 / 3, "alert"),
    ("C29", weighing(60), 60, "ok"),
    ("C29", weighing(61), 61, "warn"),
    ("C29", weighing(80), 80, "warn"),
    ("C29", weighing(81), 81, "alert"),
    ("C30", marked(1, "10"), 0.5, "ok"),
    ("C30", marked(2), 2, "ok"),
    ("C30", marked(3), 3, "warn"),
    ("C30", marked(4), 4, "alert"),
    ("C31", due_together(1), 1, "ok"),
    ("C31", due_together(2), 2, "warn"),
    ("C31", due_together(3), 3, "alert"),
    ("C32", group(1), 1, "alert"),
    ("C32", group(2), 2, "warn"),
    ("C32", group(3), 3, "ok"),
    ("C32", group(5), 5, "ok"),
    ("C32", group(6), 6, "warn"),
    ("C32", group(7), 7, "alert"),
    ("C32", group(4, "discussion"), 4, "alert"),
    ("C32", group(5, "discussion"), 5, "ok"),
    ("C32", group(12, "discussion"), 12, "ok"),
    ("C32", group(13, "discussion"), 13, "warn"),
    ("C32", group(20, "discussion"), 20, "warn"),
    ("C32", group(21, "discussion"), 21, "alert"),
    ("C32", buddies_of(2), 2, "ok"),
    ("C32", buddies_of(3), 3, "warn"),
    ("C32", buddies_of(4), 4, "alert"),
    ("C33", reviewed(1), 1, "alert"),
    ("C33", reviewed(2), 2, "warn"),
    ("C33", reviewed(3), 3, "ok"),
    ("C33", reviewed(5), 5, "ok"),
    ("C33", reviewed(6), 6, "warn"),
    ("C33", reviewed(7), 7, "alert"),
    ("C33", reviewed(3, counts=True), 3, "warn"),
    ("C33", reviewed(4, counts=True), 4, "ok"),
    ("C34", reviewed(counts=True, rubric=True, calibrations=1), 2, "ok"),
    ("C34", reviewed(counts=True, rubric=True), 1, "warn"),
    ("C34", reviewed(counts=True), 0, "alert"),
    ("C35", reviewed(rated_by_authors=True, remarks_after_days=7), 2, "ok"),
    ("C35", reviewed(rated_by_authors=True, remarks_after_days=8), 1, "warn"),
    ("C35", reviewed(), 0, "alert"),
    ("C36", reviewed(window_days=1), 1, "alert"),
    ("C36", reviewed(window_days=2), 2, "warn"),
    ("C36", reviewed(window_days=3), 3, "ok"),
    ("C36", reviewed(window_days=7), 7, "ok"),
    ("C36", reviewed(window_days=8), 8, "warn"),
    ("C36", reviewed(window_days=10), 10, "warn"),
    ("C36", reviewed(window_days=11), 11, "alert"),
    ("C38", formats(3, 1), 75, "ok"),
    ("C38", formats(2, 1), 200 / 3, "warn"),
    ("C38", formats(1, 1), 50, "warn"),
    ("C38", formats(1, 2), 100 / 3, "alert"),
    ("C39", plan(ESSAY | {"own_choice": True}), 1, "ok"),
    ("C39", plan(ESSAY), 0, "warn"),
    ("C40", tasks(9, 1), 90, "ok"),
    ("C40", tasks(8, 1), 800 / 9, "warn"),
    ("C40", tasks(7, 3), 70, "warn"),
    ("C40", tasks(6, 4), 60, "alert"),
    ("C40", plan(TASK), 100, "ok"),  # before class: a week and more
    ("C40", plan(TASK | {"moment": "after"}), 100, "ok"),  # no class: from Thursday
    ("C40", plan(*class_and_task(1, THURSDAY, 22 * 60 + 59)), 100, "ok"),  # three days to the minute
    ("C40", plan(*class_and_task(1, THURSDAY, 23 * 60)), 0, "alert"),
    ("C40", plan(*class_and_task(1, SATURDAY)), 0, "alert"),
    ("C40", plan(*class_and_task(1, SUNDAY)), 100, "ok"),  # too late for this Sunday: due on the next
    ("C41", meetings(3, 0), 100, "ok"),
    ("C41", meetings(9, 1), 90, "warn"),
    ("C41", meetings(7, 3), 70, "warn"),
    ("C41", meetings(6, 4), 60, "alert"),
    ("C42", timed(3, 0), 100, "ok"),
    ("C42", timed(9, 1), 90, "warn"),
    ("C42", timed(8, 2), 80, "warn"),
    ("C42", timed(7, 3), 70, "alert"),
    ("C43", reported(59), 0.59, "alert"),
    ("C43", reported(60), 0.6, "warn"),
    ("C43", reported(79), 0.79, "warn"),
    ("C43", reported(80), 0.8, "ok"),
    ("C43", reported(125), 1.25, "ok"),
    ("C43", reported(126), 1.26, "warn"),
    ("C43", reported(150), 1.5, "warn"),
    ("C43", reported(151), 1.51, "alert"),
    # Of ten weeks, 3 to 6 are halfway, 9 and 10 the end.
    ("C44", evaluated(3, 9), 2, "ok"),
    ("C44", evaluated(6, 10), 2, "ok"),
    ("C44", evaluated(2, 10), 1, "warn"),
    ("C44", evaluated(7, 10), 1, "warn"),
    ("C44", evaluated(5, 8), 1, "warn"),
    ("C44", evaluated(2, 8), 0, "alert"),
    ("C45", told(4, 5), 80, "ok"),
    ("C45", told(3, 4), 75, "warn"),
    ("C45", told(2, 5), 40, "warn"),
    ("C45", told(1, 3), 100 / 3, "alert"),
    ("C46", answered(18, 50), 100, "ok"),
    ("C46", answered(17, 50), 1700 / 18, "warn"),
    ("C46", answered(14, 40), 1400 / 17, "warn"),
    ("C46", answered(7, 20), 700 / 12, "alert"),
    ("C47", seen_in((1, 0), (2, 0), (3, 0), (4, 0)), 7, "ok"),
    ("C47", seen_in((1, 0), (2, 1), (3, 1), (4, 1)), 8, "warn"),
    ("C47", seen_in((1, 0), (3, 0), (4, 0)), 14, "warn"),
    ("C47", seen_in((1, 0), (3, 1), (4, 0)), 15, "alert"),
    ("C48", tools(5), 5, "ok"),
    ("C48", tools(6), 6, "warn"),
    ("C48", tools(8), 8, "warn"),
    ("C48", tools(9), 9, "alert"),
    ("C49", toolless(0), 0, "ok"),
    ("C49", toolless(1), 1, "warn"),
    ("C49", toolless(2), 2, "warn"),
    ("C49", toolless(3), 3, "alert"),
    ("C50", start("guide", "how_to", "contact", first_task=True), 4, "ok"),
    ("C50", start("guide", "how_to", "contact"), 3, "warn"),
    ("C50", start("guide", "how_to"), 2, "warn"),
    ("C50", start("guide"), 1, "alert"),
    ("C51", coached(1, 3, 5), 2, "ok"),
    ("C51", coached(1, 3, 5, meets=False), 1, "warn"),
    ("C51", coached(1, 4), 1, "warn"),
    ("C51", coached(1, 4, meets=False), 0, "alert"),
    ("C52", bite(14), 14, "warn"),
    ("C52", bite(15), 15, "ok"),
    ("C52", bite(120), 120, "ok"),
    ("C52", bite(121), 121, "warn"),
    ("C52", bite(180), 180, "warn"),
    ("C52", bite(181), 181, "alert"),
    ("C53", looking_back(4), 1, "ok"),
    ("C53", looking_back(3), 0, "alert"),
    ("C53", looking_back(2, week_count=2), 1, "ok"),
    ("C54", self_assessed(3, 9), 2, "ok"),
    ("C54", self_assessed(4, 9), 1, "warn"),
    ("C54", self_assessed(3, 8), 1, "warn"),
    ("C54", self_assessed(), 0, "alert"),
    ("C55", staffed(10), 1, "ok"),
    ("C55", staffed(11), 170 / 160, "warn"),
    ("C55", staffed(14), 200 / 160, "alert"),
]


@pytest.mark.parametrize(
    ("rule", "of", "value", "state"), TABLE, ids=[f"{rule}-{value:g}-{state}" for rule, _, value, state in TABLE]
)
def test_a_rule_measures_what_the_table_says(rule: str, of: Plan, value: float, state: str) -> None:
    found = finding(rule, of)

    assert (found.value, found.state) == (pytest.approx(value), state)
    assert said(rule, of)


def test_no_rule_from_c15_on_is_forgotten() -> None:
    judged_elsewhere = {"C20", "C21", "C37"}
    there = {rule for rule, _plan, _value, _state in TABLE}

    assert there == {f"C{number:02d}" for number in range(15, 56)} - judged_elsewhere
    for rule in there:
        states = {state for name, _plan, _value, state in TABLE if name == rule}
        assert "ok" in states, rule
        assert len(states) > 1, rule


@pytest.mark.parametrize("rule", sorted({rule for rule, *_ in TABLE}))
def test_an_empty_plan_has_nothing_to_judge_and_says_so(rule: str) -> None:
    found = finding(rule, EMPTY)

    assert (found.state, found.value) == ("not_applicable", None)
    assert said(rule, EMPTY)


@pytest.mark.parametrize(
    ("rule", "of"),
    [
        ("C15", plan({"outcome_ids": (1,)}, outcome_count=1)),  # nobody gave a level
        ("C16", plan({})),  # nothing together
        ("C17", plan(CLASS)),  # nothing prepares for it
        ("C18", plan({}, CLASS | {"minutes": None})),
        ("C19", plan({})),  # one environment
        ("C22", plan({})),
        ("C24", plan({})),  # no outcomes
        ("C25", plan(ESSAY)),  # nothing counts
        ("C26", plan(ESSAY | {"feedback_days": None})),
        ("C27", plan(ESSAY, outcome_count=1)),  # nothing comes after it
        ("C28", plan({})),
        ("C29", plan(EXAM | {"weight": 0})),
        ("C30", plan(EXAM, credits=Decimal(0))),
        ("C31", plan(EXAM | {"weight": 9})),
        ("C32", plan({"grouping": "group", "learning_type": "collaboration"})),  # nobody said how many
        ("C33", plan({"grouping": "group"})),
        ("C34", reviewed(rubric=True)),  # it does not count
        ("C36", reviewed()),
        ("C38", plan({"outcome_ids": (1,)}, outcome_count=1)),
        ("C40", plan({})),  # nothing to hand in
        ("C43", reported(100, count=7)),
        ("C44", plan({}, week_count=2)),
        ("C45", told(0, 0)),
        ("C54", plan({})),
    ],
)
def test_what_is_missing_is_named_and_not_guessed(rule: str, of: Plan) -> None:
    assert finding(rule, of).state == "not_applicable"


# --- Definitions that a number does not show ----------------------------------------------------------------------


def test_a_connection_prepares_for_a_session_in_a_later_week() -> None:
    apart = plan({"week": 1, "moment": "after"}, CLASS | {"week": 2}, {"week": 2, "moment": "after"})

    assert finding("C16", apart).value == 0
    assert finding("C16", linked(apart, (1, 2))).value == 100
    assert finding("C17", linked(apart, (1, 2))).value == 100  # what is used is checked


def test_preparation_for_another_outcome_prepares_for_nothing() -> None:
    apart = plan({"outcome_ids": (1,)}, CLASS | {"outcome_ids": (2,)}, {"moment": "after"}, outcome_count=2)

    assert said("C16", apart).startswith("“Read” has no preparation.")


def test_a_quiz_with_much_weight_is_no_recalling_without_risk() -> None:
    def heavy(weight: int) -> Plan:
        return plan(RECALL | {"assessment": "summative", "weight": weight}, week_count=1)

    assert finding("C23", heavy(5)).value == 100
    assert finding("C23", heavy(6)).value == 0


def test_a_quiz_that_evaluates_the_course_recalls_nothing() -> None:
    assert finding("C23", plan(RECALL | {"purpose": "evaluation"}, week_count=1)).value == 0


def test_practice_after_the_last_test_comes_too_late() -> None:
    late = plan(
        {"week": 1, "outcome_ids": (1,)},
        EXAM | {"week": 1, "outcome_ids": (1,)},
        {"week": 3, "outcome_ids": (1,)},
        outcome_count=1,
    )

    assert finding("C24", late).value == 0


def test_feedback_four_working_days_before_the_test_is_too_late() -> None:
    def with_feedback_after(days: int) -> Plan:
        essay = ESSAY | {"week": 1, "feedback_days": days}
        return plan(essay, EXAM | {"week": 3, "weight": 100, "outcome_ids": (1,)}, outcome_count=1)

    # Due on the Sunday of week 1, the test on the Sunday of week 3: ten working days between them.
    assert finding("C25", with_feedback_after(5)).value == 100
    assert finding("C25", with_feedback_after(6)).value == 0


def test_feedback_of_which_nobody_said_when_it_comes_is_not_counted() -> None:
    silent = plan(ESSAY | {"feedback_days": None}, EXAM | {"week": 5, "outcome_ids": (1,)}, outcome_count=1)

    assert said("C25", silent).startswith("Students get no feedback before “Read”.")


def test_tests_without_weights_weigh_the_same() -> None:
    bare = plan(
        ESSAY,
        EXAM | {"week": 5, "weight": 0, "outcome_ids": (1,)},
        EXAM | {"week": 5, "weight": 0, "outcome_ids": (2,)},
        outcome_count=2,
    )

    assert finding("C25", bare).value == 50


def test_deadlines_a_week_apart_do_not_fall_together() -> None:
    apart = plan(EXAM | {"week": 1, "weight": 10}, EXAM | {"week": 2, "weight": 10})

    assert finding("C31", apart).value == 1


def test_a_break_is_no_time_without_the_lecturer() -> None:
    with_break = replace(
        plan(CLASS | {"week": 1}, CLASS | {"week": 3}),
        weeks=weeks(3, without_teaching=[2]),
    )

    assert finding("C47", with_break).value == 7


def test_feedback_by_the_lecturer_is_presence_and_feedback_by_peers_is_not() -> None:
    # Due on the Sunday of week 1, back on the Friday of week 2.
    alone = plan(CLASS | {"week": 1}, ESSAY | {"week": 1}, CLASS | {"week": 3}, week_count=3)
    by_peers = plan(CLASS | {"week": 1}, ESSAY | {"week": 1, "feedback_by": "peer"}, CLASS | {"week": 3}, week_count=3)

    assert finding("C47", alone).value == 9
    assert finding("C47", by_peers).value == 14


def test_capitals_make_no_other_tool() -> None:
    assert finding("C48", plan({"tool": "Miro"}, {"tool": " miro "})).value == 1


def test_feedback_on_the_work_of_a_group_is_given_once_per_group() -> None:
    staff = Staffing(students=10, appointed_minutes=100, feedback_minutes=((1, 20),))
    in_groups = plan(ESSAY | {"grouping": "group", "group_size": 4}, staffing=staff)

    assert finding("C55", in_groups).value == pytest.approx(0.6)  # three groups


def test_a_portfolio_is_a_moment_to_look_back() -> None:
    assert finding("C53", plan({"assessment_form": "portfolio"}, week_count=1)).state == "ok"


def test_a_review_that_counts_asks_for_four_whatever_is_set() -> None:
    assert said("C33", reviewed(3, counts=True)).startswith("Reviews per work in “Review”: 3.")


@pytest.mark.parametrize(
    ("enrolled", "need"),
    [(5, 5), (10, 8), (20, 12), (30, 15), (40, 17), (50, 18), (60, 19), (80, 20), (100, 21), (300, 25), (1000, 26)],
)
def test_the_answers_that_a_group_needs_are_those_of_the_table(enrolled: int, need: int) -> None:
    assert responses_needed(enrolled) == need


# --- The usual week -----------------------------------------------------------------------------------------------

FIRST_MONDAY = date(2001, 1, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(MOMENTS),
            st.none() | st.integers(0, 6),
            st.none() | st.integers(0, 24 * 60 - 1),
            st.none() | st.integers(0, 600),
        ),
        max_size=6,
    ),
    st.integers(0, 10),
)
def test_the_usual_week_is_a_week_of_the_calendar(
    drawn: list[tuple[str, int | None, int | None, int | None]], week: int
) -> None:
    spots = [Spot(key, moment, day, starts, length) for key, (moment, day, starts, length) in enumerate(drawn)]
    slots = [
        Slot(
            spot.key,
            spot.moment,
            spot.weekday,
            None if spot.starts is None else time(*divmod(spot.starts, 60)),
            spot.minutes,
        )
        for spot in spots
    ]
    dated = windows_of_week(slots, FIRST_MONDAY + timedelta(weeks=week), UTC)

    def minute(at: Any) -> int:
        return (at.date() - FIRST_MONDAY).days * 24 * 60 + at.hour * 60 + at.minute

    assert usual_windows(spots, week) == {
        key: (minute(window.opens_at), minute(window.due_at)) for key, window in dated.items()
    }


@given(st.integers(-30, 200), st.integers(0, 60))
def test_working_days_without_dates_are_those_of_the_calendar(day: int, count: int) -> None:
    start_on = FIRST_MONDAY + timedelta(days=day)
    later = working_day_later(day, count)

    assert FIRST_MONDAY + timedelta(days=later) == working_day_after(start_on, count, ())
    assert working_days_between(day, later) == working_days(start_on, FIRST_MONDAY + timedelta(days=later), ())
