"""Does what was learnt come back: recalling, spacing, levels (C15, C23, C24)?"""

from __future__ import annotations

from courses.facts import PlannedActivity, PlannedOutcome
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.findings.lacking import measure_lack
from courses.words import Param, Series, gettext_noop

A_WEEK = 7  # days
NO_OUTCOMES = gettext_noop("This course has no outcomes yet")
LATIMIER = "Latimier, Peyre & Ramus, A meta-analytic review of the benefit of spacing out retrieval practice, 2021"


def level_alignment(rule: Rule, case: Case) -> Finding:
    """Count the outcomes whose assessment, or whose activities, stay below their level (Bloom, 1 to 6).

    An outcome counts if the highest level that is assessed lies below its own, or if no activity reaches the level just
    below it. Whatever has no level is left out: nothing is guessed.
    """
    activities = case.by_placement
    low_tests: list[PlannedOutcome] = []
    low_work: list[PlannedOutcome] = []
    known = 0
    for row in case.alignment.rows:
        outcome = row.outcome
        if outcome.level is None:
            continue
        serving = dict.fromkeys((*row.practised_by, *row.assessed_by))
        levels = {pk: activities[pk].level_for(outcome.id) for pk in serving}
        tested = [level for pk in row.assessed_by if (level := levels[pk]) is not None]
        worked = [level for level in levels.values() if level is not None]
        known += bool(worked)
        if tested and max(tested) < outcome.level:
            low_tests.append(outcome)
        elif worked and max(worked) < outcome.level - 1:
            low_work.append(outcome)
    if not known:
        return rule.silent(case, gettext_noop("No outcome has a level that its activities say something about yet"))
    low = sorted((*low_tests, *low_work), key=lambda outcome: outcome.number)
    params: dict[str, Param] = {
        "count": len(low),
        "outcomes": Series(tuple(outcome.number for outcome in low)),
        "outcome": low[0].number if low else 0,
        "text": low[0].text if low else "",
    }
    if rule.state_of(case, len(low)) is State.OK:
        headline = gettext_noop("What is assessed reaches the level of its outcome")
        advice = ""
    elif len(low) == 1:
        headline = (
            gettext_noop("Outcome {outcome} asks more than its assessment")
            if low_tests
            else gettext_noop("Outcome {outcome} asks more than its activities")
        )
        advice = gettext_noop("“{text}”: raise what is asked of students, or lower the outcome.")
    else:
        headline = gettext_noop("{count} outcomes ask more than what serves them")
        advice = gettext_noop("Outcomes {outcomes}: raise what is asked of students, or lower the outcomes.")
    numbers = {outcome.id for outcome in low}
    return rule.found(
        case,
        len(low),
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[a.placement_id for a in case.placed if not numbers.isdisjoint(a.outcome_ids)],
    )


def _is_retrieval(case: Case, activity: PlannedActivity) -> bool:
    return activity.is_retrieval and (
        activity.assessment != "summative" or activity.weight <= case.settings.low_stakes_weight
    )


def retrieval_rhythm(rule: Rule, case: Case) -> Finding:
    """Measure the part of the teaching weeks in which students recall something without risk."""
    weeks = [week.number for week in case.plan.teaching_weeks]
    if not weeks or not case.placed:
        return rule.silent(case, gettext_noop("Nothing is planned yet"))
    with_one = {week for week in weeks if any(_is_retrieval(case, a) for a in case.by_week[week])}
    without = [week for week in weeks if week not in with_one]
    share = percent(len(with_one), len(weeks))
    params: dict[str, Param] = {"count": len(with_one), "all": len(weeks), "weeks": Series(tuple(without))}
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Students recall what they learnt in {count} of {all} weeks")
        advice = ""
    elif not with_one:
        headline = gettext_noop("No short tests without risk")
        advice = gettext_noop("They are one of the best supported techniques: five questions in a week will do.")
    else:
        headline = gettext_noop("Few short tests: in {count} of {all} weeks")
        advice = gettext_noop("They are one of the best supported techniques. Without one: weeks {weeks}.")
    return rule.found(case, share, headline=headline, advice=advice, params=params, weeks=without)


def spaced_outcome(rule: Rule, case: Case) -> Finding:
    """Measure the part of the outcomes that are practised twice, at least a week apart, before they count.

    What comes after the last summative assessment of an outcome is too late for it; an outcome without one may be
    practised at any time. The days are those of a usual run (courses.calendar).
    """
    rows = case.alignment.rows
    if not rows:
        return rule.silent(case, NO_OUTCOMES)
    if not case.placed:
        return rule.silent(case, gettext_noop("Nothing is planned yet"))
    once: list[PlannedOutcome] = []
    for row in rows:
        counts = [case.due_day(case.by_placement[pk]) for pk in row.summative_by]
        days = [case.due_day(case.by_placement[pk]) for pk in row.practised_by]
        days = [day for day in days if not counts or day < max(counts)]
        if not days or max(days) - min(days) < A_WEEK:
            once.append(row.outcome)
    numbers = {outcome.id for outcome in once}
    return measure_lack(
        rule,
        case,
        lacking=len(once),
        of=len(rows),
        fine=gettext_noop("Outcomes come back after a week: {value} of them"),
        one=(
            gettext_noop("Outcome {outcome} is met only once"),
            gettext_noop("Practise it again a week or more later, before it counts: a few questions will do."),
        ),
        many=(
            gettext_noop("{count} of {all} outcomes are met only once"),
            gettext_noop("Outcomes {outcomes}: practise them again a week or more later, before they count."),
        ),
        params={
            "outcome": once[0].number if once else 0,
            "outcomes": Series(tuple(outcome.number for outcome in once)),
        },
        placement_ids=[a.placement_id for a in case.placed if not numbers.isdisjoint(a.outcome_ids)],
    )


RULES = (
    Rule(
        id="C15",
        name="level_alignment",
        measures=gettext_noop("Outcomes above the level of what serves them"),
        unit=Unit.COUNT,
        band=Band.at_most(0, 1),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Biggs, Enhancing teaching through constructive alignment, 1996",
        why=gettext_noop(
            "An outcome says “evaluate” and the test asks to remember: then students learn to remember. "
            "A rule of thumb, as levels are a matter of judgement."
        ),
        judge=level_alignment,
    ),
    Rule(
        id="C23",
        name="retrieval_rhythm",
        measures=gettext_noop("Teaching weeks in which students recall something without risk"),
        unit=Unit.PERCENT,
        band=Band.at_least(50, 25),
        evidence=Evidence.EVID,
        strength=Strength.STRONG,
        source=f"Adesope, Trevisan & Sundararajan, Rethinking the use of tests, 2017; {LATIMIER}",
        why=gettext_noop("Recalling something keeps it better than reading it again; how often is our choice."),
        judge=retrieval_rhythm,
    ),
    Rule(
        id="C24",
        name="spaced_outcome",
        measures=gettext_noop("Outcomes that are practised again a week later, before they count"),
        unit=Unit.PERCENT,
        band=Band.at_least(80, 50),
        evidence=Evidence.EVID,
        strength=Strength.STRONG,
        source=f"{LATIMIER}; Cepeda et al., Distributed practice in verbal recall tasks, 2006",
        why=gettext_noop("What comes back after some days is remembered longer; how many outcomes is our choice."),
        judge=spaced_outcome,
    ),
)
