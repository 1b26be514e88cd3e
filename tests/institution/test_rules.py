"""Rules in the database: versions, what is in force when, who is told, what the Studio and a programme hear."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from blendedu.journal.models import Job, Notice
from blendedu.journal.services import jobs
from blendedu.people.models import Unit, User
from courses.balance import weigh
from courses.findings import Evidence, Finding, State
from courses.models import Design
from courses.queries.plan import plan_of
from courses.sources import findings_about
from courses.spoken import spoken
from institution import services
from institution.models import PolicyRule
from institution.policy import Demand
from institution.queries import Outlook, in_force, outlook, rules_over, subjects_in
from programmes.ceilings import ceiling_of
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    PlacementFactory,
    RunFactory,
    UnitFactory,
    UserFactory,
)
from tests.institution.factories import PolicyRuleFactory
from tests.programmes.factories import ProgrammeFactory, designed, store_load

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FIFTH = Demand("sync_share", "at_least", Decimal(20))


@pytest.fixture(autouse=True)
def _today(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def unit() -> Unit:
    return UnitFactory(name="Example University", path="/1/")


@pytest.fixture
def administrator() -> User:
    return UserFactory(name="Anna Diallo")


def announce(unit: Unit, actor: User, demand: Demand = FIFTH, **changes: object) -> PolicyRule:
    given = {"title": "Enough together", "force": "required", "valid_from": TODAY, **changes}
    return services.announce_rule(unit, demand=demand, actor=actor, at=NOW, **given)


def taught(unit: Unit, *, sync: int, own: int, title: str = "Statistics", **course: object) -> Design:
    """A design of one week with so many minutes together and in own time."""
    design = DesignFactory(course=CourseFactory(title=title, unit=unit, **course), weeks=1)
    for minutes, timing in ((sync, "sync"), (own, "async")):
        if minutes:
            PlacementFactory(
                design=design, activity=ActivityFactory(title=f"{timing} work", minutes=minutes, timing=timing)
            )
    store_load(design)
    return design


# --- Versions -----------------------------------------------------------------------------------------------------


def test_a_change_makes_a_new_version_and_leaves_the_old_one_as_it_was(unit, administrator) -> None:
    first = announce(unit, administrator)
    before = model_to_dict(first)

    second = announce(unit, administrator, Demand("sync_share", "at_least", Decimal(30)), supersedes=first)

    first.refresh_from_db()
    after = model_to_dict(first)
    standing = {"live", "superseded_by"}
    assert {name for name, value in after.items() if value != before[name]} == standing
    assert (second.version, second.series, first.superseded_by, first.live) == (2, first.series, second, False)


def test_of_two_who_change_the_same_version_one_is_refused(unit, administrator) -> None:
    first = announce(unit, administrator)
    announce(unit, administrator, supersedes=first)

    with pytest.raises(services.StaleRule):
        announce(unit, administrator, supersedes=first)
    assert PolicyRule.objects.count() == 2


def test_a_form_that_is_sent_twice_announces_once(unit, administrator) -> None:
    first = announce(unit, administrator)

    with pytest.raises(services.AlreadyAnnounced) as twice:
        announce(unit, administrator, series=first.series)
    assert twice.value.rule == first
    assert PolicyRule.objects.count() == 1


def test_the_database_keeps_one_live_version_per_series() -> None:
    rule = PolicyRuleFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRuleFactory(series=rule.series, version=2)
    PolicyRuleFactory(series=rule.series, version=2, live=False)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"limit": Decimal(-1)},
        {"limit": Decimal(101)},
        {"metric": "environment_share"},
        {"of": "digital"},
        {"credits_from": 6, "credits_to": 3},
    ],
)
def test_the_database_refuses_rules_without_sense(nonsense) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRuleFactory(**nonsense)


def test_a_coming_version_leaves_the_earlier_in_force_until_its_day(unit, administrator) -> None:
    first = announce(unit, administrator)
    second = announce(unit, administrator, supersedes=first, valid_from=date(2027, 2, 1))
    third = announce(unit, administrator, supersedes=second, valid_from=date(2027, 1, 1))

    days = [TODAY - timedelta(days=1), TODAY, date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 1)]
    assert [list(in_force(day)) for day in days] == [[], [first], [first], [third], [third]]


def test_a_withdrawn_rule_ends_with_all_that_was_to_come(unit, administrator) -> None:
    first = announce(unit, administrator)
    second = announce(unit, administrator, supersedes=first, valid_from=date(2027, 2, 1))

    services.withdraw_rule(second, actor=administrator, at=NOW, on=date(2026, 12, 1))

    days = [date(2026, 11, 30), date(2026, 12, 1), date(2027, 2, 1)]
    assert [list(in_force(day)) for day in days] == [[first], [], []]
    with pytest.raises(services.StaleRule):
        services.withdraw_rule(second, actor=administrator, at=NOW, on=TODAY)


def test_a_rule_holds_for_its_unit_and_everything_below(unit) -> None:
    UnitFactory(path="/1/2/")
    here, below = PolicyRuleFactory(unit=unit), PolicyRuleFactory(unit=Unit.objects.get(path="/1/2/"))
    PolicyRuleFactory(unit=UnitFactory(path="/12/"))

    assert set(rules_over("/1/2/3/", on=TODAY)) == {here, below}
    assert set(rules_over("/1/", on=TODAY)) == {here}
    assert set(rules_over("/123/", on=TODAY)) == set()


# --- Which design counts ------------------------------------------------------------------------------------------


def test_the_running_design_counts_else_the_one_in_the_works_else_the_latest(unit) -> None:
    running, working, resting = (CourseFactory(title=title, unit=unit) for title in ("Running", "Working", "Resting"))
    for course in (running, working, resting):
        DesignFactory(course=course, number=1, state="archived")
        DesignFactory(course=course, number=2, state="approved")
    DesignFactory(course=running, number=3, state="draft")
    DesignFactory(course=working, number=3, state="in_review")
    RunFactory(course=running, design=Design.objects.get(course=running, number=2))
    RunFactory(
        course=resting,
        design=Design.objects.get(course=resting, number=1),
        starts_on=date(2025, 9, 1),
        ends_on=date(2025, 12, 1),
    )

    subjects = subjects_in([unit], on=TODAY)

    assert [(each.title, each.number, each.running) for each in subjects] == [
        ("Resting", 2, False),
        ("Running", 2, True),
        ("Working", 3, False),
    ]


def test_designs_without_stored_loads_are_counted_apart(unit) -> None:
    rule = PolicyRuleFactory(unit=unit)
    taught(unit, sync=10, own=90)
    DesignFactory(course=CourseFactory(unit=unit), load={"form": 0})

    found = outlook(rule.demand, unit, subjects_in([unit], on=TODAY))

    assert (found.broken, found.unjudged, found.percent) == (1, 1, 0)


def test_the_share_that_keeps_a_rule_is_never_rounded_up_to_all(unit) -> None:
    rule = PolicyRuleFactory(unit=unit)
    taught(unit, sync=50, own=50, title="Kept")
    taught(unit, sync=0, own=100, title="Broken")
    kept, broken = sorted(
        outlook(rule.demand, unit, subjects_in([unit], on=TODAY)), key=lambda each: each.verdict.is_broken
    )

    assert Outlook(rule.demand, (kept,) * 299 + (broken,)).percent == 99
    assert Outlook(rule.demand, (kept,) * 300).percent == 100


# --- Who is told --------------------------------------------------------------------------------------------------


def run_job(rule: PolicyRule) -> None:
    job = Job.objects.get(kind=services.JUDGE, ref=rule.pk)
    assert jobs.run(job.pk, job.kind, job.ref, at=NOW)


def test_each_coach_gets_one_notice_with_the_courses_that_break_a_new_rule(unit, administrator) -> None:
    karel, mia = UserFactory(), UserFactory()
    taught(unit, sync=10, own=90, title="Statistics", coach=karel)
    taught(unit, sync=0, own=90, title="Algebra", coach=karel)
    taught(unit, sync=90, own=10, title="Rhetoric", coach=mia)
    taught(UnitFactory(path="/9/"), sync=0, own=10, title="Elsewhere", coach=mia)

    run_job(announce(unit, administrator))

    (notice,) = Notice.objects.all()
    assert notice.recipient == karel
    assert notice.body.splitlines() == [
        "At least 20% of the time together. From 18 November 2026 2 courses that you coach break this rule:",
        "- Algebra: 0%; it takes 18 min more together",
        "- Statistics: 10%; it takes 10 min more together",
    ]


def test_a_stricter_version_tells_only_of_courses_that_kept_the_earlier_one(unit, administrator) -> None:
    coach = UserFactory()
    taught(unit, sync=10, own=90, title="Broke it before", coach=coach)
    taught(unit, sync=25, own=75, title="Breaks it now", coach=coach)
    first = announce(unit, administrator)
    Job.objects.all().delete()

    run_job(announce(unit, administrator, Demand("sync_share", "at_least", Decimal(30)), supersedes=first))

    (notice,) = Notice.objects.all()
    assert "Breaks it now" in notice.body
    assert "Broke it before" not in notice.body


def test_the_job_may_run_twice_and_passes_over_what_was_replaced_meanwhile(unit, administrator) -> None:
    taught(unit, sync=0, own=90, coach=UserFactory())
    first = announce(unit, administrator)
    services.tell_of_rule(first.pk, at=NOW)
    services.tell_of_rule(first.pk, at=NOW)
    announce(unit, administrator, supersedes=first)
    services.tell_of_rule(first.pk, at=NOW)

    assert Notice.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_judging_costs_the_same_whatever_the_number_of_courses(
    unit, administrator, count, django_assert_num_queries
) -> None:
    coach = UserFactory()
    for _ in range(count):
        taught(unit, sync=0, own=90, coach=coach)
    rule = announce(unit, administrator)

    # The rule, one chunk of designs, the coaches, one notice.
    with django_assert_num_queries(4):
        services.tell_of_rule(rule.pk, at=NOW)


def test_courses_are_judged_in_chunks(unit, administrator, monkeypatch, django_assert_num_queries) -> None:
    monkeypatch.setattr(services, "CHUNK", 2)
    coach = UserFactory()
    for number in range(5):
        taught(unit, sync=0, own=90, title=f"Course {number}", coach=coach)
    rule = announce(unit, administrator)

    with django_assert_num_queries(6):
        services.tell_of_rule(rule.pk, at=NOW)
    assert Notice.objects.get().body.count("Course ") == 5


# --- What others hear ---------------------------------------------------------------------------------------------


def policy_of(design: Design) -> list[Finding]:
    design = Design.objects.select_related("course__unit").get(pk=design.pk)
    plan = plan_of(design)
    return [each for each in findings_about(design, plan, weigh(plan)) if each.rule.startswith("policy-")]


def test_the_studio_shows_the_figure_what_is_missing_and_what_could_change(unit) -> None:
    rule = PolicyRuleFactory(unit=unit, title="At least 20% {together}", version=2)
    design = taught(unit, sync=15, own=85)

    (finding,) = policy_of(design)

    said = spoken(finding)
    assert (finding.state, finding.evidence, finding.value) == (State.ALERT, Evidence.NORM, 15)
    assert said.headline == "At least 20% {together}: 15% now"
    assert said.advice == "It takes 5 min more together. Could change: async work."
    assert said.threshold == "at least 20%"
    assert said.source == "Policy of Example University, version 2, from 1 September 2026"
    assert said.why == "Students asked for more time with each other."
    assert finding.placement_ids == (design.placements.get(activity__timing="async").pk,)
    assert finding.rule == f"policy-{rule.series.hex}"


def test_changing_one_activity_turns_the_rule_green(unit) -> None:
    PolicyRuleFactory(unit=unit)
    design = taught(unit, sync=15, own=85)
    own = design.placements.get(activity__timing="async").activity

    own.timing = "sync"
    own.save()

    assert [each.state for each in policy_of(design)] == [State.OK]


def test_an_advised_rule_warns_and_a_required_one_alarms(unit) -> None:
    PolicyRuleFactory(unit=unit, force="advised", title="A")
    PolicyRuleFactory(unit=unit, force="required", title="B")

    assert sorted((each.measures, each.state) for each in policy_of(taught(unit, sync=0, own=85))) == [
        ("A", State.WARN),
        ("B", State.ALERT),
    ]


def test_rules_for_other_units_sizes_and_days_say_nothing(unit) -> None:
    PolicyRuleFactory(unit=UnitFactory(path="/12/"))
    PolicyRuleFactory(unit=unit, credits_from=6)
    PolicyRuleFactory(unit=unit, valid_from=TODAY + timedelta(days=1))

    assert policy_of(taught(unit, sync=0, own=85)) == []


def test_a_design_that_was_approved_under_an_earlier_version_says_so(unit, administrator) -> None:
    first = announce(unit, administrator, valid_from=date(2026, 9, 1))
    design = taught(unit, sync=50, own=50)
    Design.objects.filter(pk=design.pk).update(state="approved", approved_at=NOW - timedelta(days=7))
    announce(unit, administrator, supersedes=first)

    (finding,) = policy_of(design)

    assert spoken(finding).advice == "The design was approved under version 1 of this rule."


def test_policy_costs_the_studio_one_query(unit, django_assert_num_queries) -> None:
    for number in range(3):
        PolicyRuleFactory(unit=unit, title=f"Rule {number}")
    design = Design.objects.select_related("course__unit").get(pk=taught(unit, sync=0, own=85).pk)
    plan = plan_of(design)

    with django_assert_num_queries(1):
        findings_about(design, plan, weigh(plan))


def test_a_rule_about_hours_in_any_week_is_the_ceiling_of_programmes_if_it_is_stricter(unit) -> None:
    programme = ProgrammeFactory(unit=unit, week_hours_max=40)
    hours = {"metric": "week_hours", "bound": "at_most", "unit": unit}
    PolicyRuleFactory(title="For small courses", limit=10, credits_to=3, **hours)
    PolicyRuleFactory(title="Wide", limit=45, **hours)

    assert ceiling_of(programme, on=TODAY).minutes == 40 * 60

    PolicyRuleFactory(title="At most 26 h", limit=26, **hours)

    ceiling = ceiling_of(programme, on=TODAY)
    assert (ceiling.minutes, ceiling.source) == (26 * 60, "by policy: At most 26 h")


def test_a_design_of_a_programme_is_judged_like_any_other(unit) -> None:
    PolicyRuleFactory(unit=unit, metric="week_hours", bound="at_most", limit=2)

    (finding,) = policy_of(designed("Statistics", [60, 180], course=CourseFactory(unit=unit)))

    assert spoken(finding).headline == "At least 20% together: 3 h now"
    assert spoken(finding).advice == "It takes 1 h less in week 2. Could change: Statistics 2."
