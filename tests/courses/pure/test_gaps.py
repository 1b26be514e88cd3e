"""The chips above the board: what is missing, and which cards it is about."""

from __future__ import annotations

from courses.balance import weigh
from courses.findings import judge
from courses.gaps import Gap, gaps_of
from courses.words import say
from tests.courses.pure.plans import outcomes, plan, weeks


def said(*facts: dict[str, object], unbuilt: tuple[int, ...] = (), **about: object) -> dict[str, Gap]:
    made = plan(*facts, **about)
    return {gap.key: gap for gap in gaps_of(made, weigh(made), judge(made), unbuilt=unbuilt)}


def words(gap: Gap) -> str:
    return say(gap.headline, gap.params)


def test_a_plan_that_lacks_nothing_has_no_gap() -> None:
    gaps = said({"feedback_by": "peer", "assessment": "formative", "outcome_ids": (1,)}, outcome_count=1)

    assert gaps == {}


def test_nothing_planned_is_no_gap() -> None:
    assert said(outcome_count=3) == {}


def test_minutes_that_nobody_gave_are_counted_and_named() -> None:
    gaps = said({"minutes": None, "feedback_by": "peer"}, {"minutes": 0}, {"minutes": None}, {"week": None})

    assert (words(gaps["minutes"]), gaps["minutes"].placement_ids) == ("2 without minutes", (1, 3))


def test_an_outcome_that_is_never_assessed_leads_to_what_practises_it() -> None:
    gaps = said(
        {"outcome_ids": (2,), "feedback_by": "peer"}, {"outcome_ids": (1,), "assessment": "formative"}, outcome_count=2
    )

    assert (words(gaps["assessed"]), gaps["assessed"].placement_ids) == ("Outcome 2 never assessed", (1,))
    assert "practised" not in gaps


def test_two_outcomes_are_named_and_three_are_counted() -> None:
    two = said({"feedback_by": "peer"}, outcomes=outcomes(2))
    three = said({"feedback_by": "peer"}, outcomes=outcomes(3))

    assert words(two["practised"]) == "Outcome 1, 2 never practised"
    assert words(three["practised"]) == "3 outcomes never practised"


def test_two_silent_weeks_are_no_gap_and_three_are() -> None:
    third = said({"week": 1}, {"week": 3, "feedback_by": "lecturer"})
    fourth = said({"week": 1}, {"week": 4, "feedback_by": "lecturer"})

    assert "feedback" not in third
    assert (words(fourth["feedback"]), fourth["feedback"].placement_ids) == ("No feedback before week 4", (1,))


def test_weeks_without_class_are_not_waited_in() -> None:
    gaps = said({"week": 1}, {"week": 4, "feedback_by": "lecturer"}, weeks=weeks(7, without_teaching=(2,)))

    assert "feedback" not in gaps


def test_no_feedback_at_all_is_said() -> None:
    assert words(said({"week": 1})["feedback"]) == "No feedback planned"


def test_what_is_not_built_counts_only_in_a_week() -> None:
    gaps = said({"feedback_by": "peer"}, {"week": None}, unbuilt=(1, 2))

    assert (words(gaps["built"]), gaps["built"].placement_ids) == ("1 planned, not built", (1,))
