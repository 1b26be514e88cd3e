"""Study load: does it fit the credits, and is it spread evenly (rules C01 to C05)?"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from courses.facts import PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit
from courses.words import Minutes, Number, Param, Series, Span, gettext_noop

TWO_WEEKS = 2
ZEITLAST = "Schulmeister & Metzger, Die Workload im Bachelor (ZEITLast), 2011"
WHITELOCK = "Whitelock, Thorpe & Galley, Student workload: a case study of its significance, 2015"

NEEDS_WEEKS = gettext_noop("Needs minutes in at least two teaching weeks")


def _five_up(minutes: Fraction) -> Minutes:
    """Advice in steps of five minutes, upwards, so that following it is enough."""
    return Minutes(math.ceil(minutes / 5) * 5)


def _in_week(case: Case, week: int) -> list[int]:
    return [activity.placement_id for activity in _by_length(case.plan.activities_in(week))]


def _by_length(activities: tuple[PlannedActivity, ...]) -> list[PlannedActivity]:
    return sorted(activities, key=lambda activity: -activity.counted_minutes)


def _has_rhythm(case: Case) -> bool:
    return len(case.teaching_weeks) >= TWO_WEEKS and case.mean_week > 0


def credit_hours_match(rule: Rule, case: Case) -> Finding:
    """Compare the planned time with what the credits stand for: r = H / (C * k).

    `k` is a range (25 to 30 hours). Inside it r is 1; below it r is taken from the low end, above it from the high end.
    With one figure for `k` this is the formula of the table.
    """
    load = case.balance.load
    if load.high <= 0:
        return rule.silent(case, gettext_noop("This course has no credits"))
    if not load.planned:
        return rule.silent(case, gettext_noop("No activity has minutes yet"))
    if load.planned < load.low:
        ratio = Fraction(load.planned, load.low)
    elif load.planned > load.high:
        ratio = Fraction(load.planned, load.high)
    else:
        ratio = Fraction(1)
    missing, gaps = Minutes(load.missing), case.balance.unestimated
    if rule.state_of(case, ratio) is State.OK:
        headline = gettext_noop("The planned {planned} fit the credits")
        advice = gettext_noop("{credits} credits stand for {expected}.")
    elif ratio > 1:
        headline = gettext_noop("More planned than the credits stand for: {planned}")
        advice = gettext_noop("{credits} credits stand for {expected}. Take out or shorten {excess}.")
    elif gaps:
        headline = gettext_noop("Less planned than the credits stand for: {planned}")
        advice = gettext_noop(
            "{credits} credits stand for {expected}: {missing} more. Begin with the activities that have no minutes "
            "yet: {unestimated}."
        )
    else:
        headline = gettext_noop("Less planned than the credits stand for: {planned}")
        advice = gettext_noop("{credits} credits stand for {expected}: {missing} more. Is all own work on the board?")
    return rule.found(
        case,
        ratio,
        headline=headline,
        advice=advice,
        params={
            "planned": Minutes(load.planned),
            "credits": Number.of(case.plan.credits),
            "expected": Span(Minutes(load.low), Minutes(load.high)),
            "missing": missing,
            "excess": Minutes(load.excess),
            "unestimated": len(gaps),
        },
        placement_ids=gaps,
    )


def weekly_peak(rule: Rule, case: Case) -> Finding:
    """Compare the fullest week, with or without teaching, with an average teaching week: max H_w / mean."""
    fullest = case.balance.fullest_week
    if not _has_rhythm(case) or fullest is None:
        return rule.silent(case, NEEDS_WEEKS)
    ratio = fullest.minutes / case.mean_week
    limit = rule.band_in(case).ok_to
    params: dict[str, Param] = {
        "week": fullest.number,
        "minutes": Minutes(fullest.minutes),
        "mean": Minutes.about(case.mean_week),
        "excess": _five_up(fullest.minutes - limit * case.mean_week) if limit is not None else Minutes(0),
    }
    if rule.state_of(case, ratio) is State.OK:
        return rule.found(
            case,
            ratio,
            headline=gettext_noop("No week is far heavier than the others"),
            advice=gettext_noop("The fullest is week {week}: {minutes}. An average week has {mean}."),
            params=params,
            weeks=[fullest.number],
        )
    return rule.found(
        case,
        ratio,
        headline=gettext_noop("Week {week} is heavy: {minutes}"),
        advice=gettext_noop("That is {value} times an average week ({mean}). Move or shorten about {excess}."),
        params=params,
        placement_ids=_in_week(case, fullest.number),
        weeks=[fullest.number],
    )


def load_variation(rule: Rule, case: Case) -> Finding:
    """Measure how much the teaching weeks differ: sd(H_w) / mean, with the standard deviation of all these weeks.

    The weeks are the whole population, not a sample of it. Rounded to nine decimals, so that a plan on the limit is on
    the limit in spite of the square root.
    """
    if not _has_rhythm(case):
        return rule.silent(case, NEEDS_WEEKS)
    mean = case.mean_week
    variance = sum(((minutes - mean) ** 2 for _, minutes in case.teaching_weeks), Fraction(0)) / len(
        case.teaching_weeks
    )
    variation = Fraction(f"{math.sqrt(variance / mean**2):.9f}")
    lightest = min(case.teaching_weeks, key=lambda week: week[1])
    fullest = max(case.teaching_weeks, key=lambda week: week[1])
    params: dict[str, Param] = {
        "light_week": lightest[0],
        "least": Minutes(lightest[1]),
        "full_week": fullest[0],
        "most": Minutes(fullest[1]),
    }
    if rule.state_of(case, variation) is State.OK:
        return rule.found(
            case,
            variation,
            headline=gettext_noop("The load is spread evenly"),
            advice=gettext_noop("From {least} in week {light_week} to {most} in week {full_week}."),
            params=params,
        )
    return rule.found(
        case,
        variation,
        headline=gettext_noop("The load is uneven over the weeks"),
        advice=gettext_noop(
            "From {least} in week {light_week} to {most} in week {full_week}. Move work from full weeks to light ones."
        ),
        params=params,
        weeks=[lightest[0], fullest[0]],
    )


def load_jump(rule: Rule, case: Case) -> Finding:
    """Find the largest step between one teaching week and the next, up or down: max |H_w - H_(w-1)| / mean.

    The table's sentence speaks of doubling; a fall is as much a jump as a rise, so both have their own words.
    """
    if not _has_rhythm(case):
        return rule.silent(case, NEEDS_WEEKS)
    weeks = case.teaching_weeks
    before, after = max(itertools.pairwise(weeks), key=lambda pair: abs(pair[1][1] - pair[0][1]))
    jump = abs(after[1] - before[1]) / case.mean_week
    params: dict[str, Param] = {
        "from_week": before[0],
        "from_minutes": Minutes(before[1]),
        "to_week": after[0],
        "to_minutes": Minutes(after[1]),
    }
    if rule.state_of(case, jump) is State.OK:
        return rule.found(
            case,
            jump,
            headline=gettext_noop("Each week asks about as much as the one before"),
            advice=gettext_noop(
                "The largest step is from week {from_week} ({from_minutes}) to week {to_week} ({to_minutes})."
            ),
            params=params,
        )
    rises = after[1] > before[1]
    return rule.found(
        case,
        jump,
        headline=gettext_noop("The load jumps from week {from_week} to week {to_week}")
        if rises
        else gettext_noop("The load drops from week {from_week} to week {to_week}"),
        advice=gettext_noop("It rises from {from_minutes} to {to_minutes}. Could some of it begin a week earlier?")
        if rises
        else gettext_noop("It falls from {from_minutes} to {to_minutes}. Could some of it wait a week?"),
        params=params,
        placement_ids=_in_week(case, after[0] if rises else before[0]),
        weeks=[before[0], after[0]],
    )


def empty_week(rule: Rule, case: Case) -> Finding:
    """Count the teaching weeks with less than a quarter of an average week: H_w < 0.25 * mean."""
    if not _has_rhythm(case):
        return rule.silent(case, NEEDS_WEEKS)
    limit = case.settings.quiet_week * case.mean_week
    quiet = [number for number, minutes in case.teaching_weeks if minutes < limit]
    if rule.state_of(case, len(quiet)) is State.OK:
        headline = gettext_noop("Something happens in every week")
    elif len(quiet) == 1:
        headline = gettext_noop("Little or nothing happens in week {weeks}")
    else:
        headline = gettext_noop("Little or nothing happens in weeks {weeks}")
    return rule.found(
        case,
        len(quiet),
        headline=headline,
        advice=gettext_noop("Move something there, or plan a short task, so that students keep going.")
        if quiet
        else "",
        params={"weeks": Series(tuple(quiet))},
        placement_ids=[placement for week in quiet for placement in _in_week(case, week)],
        weeks=quiet,
    )


RULES = (
    Rule(
        id="C01",
        name="credit_hours_match",
        measures=gettext_noop("Planned study time against the credits"),
        unit=Unit.RATIO,
        band=Band.between(("0.90", "1.10"), ("0.80", "1.25")),
        evidence=Evidence.NORM,
        strength=Strength.PLAIN,
        source="European Commission, ECTS Users' Guide, 2015",
        why=gettext_noop(
            "A credit stands for all the time that a student typically needs: meetings, own work and assessment. "
            "The hours per credit are a norm; how far a plan may be off is a rule of thumb."
        ),
        judge=credit_hours_match,
    ),
    Rule(
        id="C02",
        name="weekly_peak",
        measures=gettext_noop("Fullest week against an average week"),
        unit=Unit.RATIO,
        band=Band.at_most("1.5", "2.0"),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source=f"{ZEITLAST}; {WHITELOCK}",
        why=gettext_noop(
            "Students suffer from peaks more than from totals: work that piles up is postponed. "
            "Studies give the direction; the limit is our choice."
        ),
        judge=weekly_peak,
    ),
    Rule(
        id="C03",
        name="load_variation",
        measures=gettext_noop("Spread of the weekly load (standard deviation against the mean)"),
        unit=Unit.RATIO,
        band=Band.at_most("0.35", "0.5"),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source=f"{ZEITLAST}; {WHITELOCK}",
        why=gettext_noop(
            "An even load is easier to combine with other courses, work and care. The limit is our choice."
        ),
        judge=load_variation,
    ),
    Rule(
        id="C04",
        name="load_jump",
        measures=gettext_noop("Largest step between two weeks, against an average week"),
        unit=Unit.RATIO,
        band=Band.at_most("0.5", "1"),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source=f"{ZEITLAST}; {WHITELOCK}",
        why=gettext_noop("Students plan by the week that they have just had. The limit is our choice."),
        judge=load_jump,
    ),
    Rule(
        id="C05",
        name="empty_week",
        measures=gettext_noop("Teaching weeks in which little or nothing happens"),
        unit=Unit.COUNT,
        band=Band.at_most(0, 1),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Practice of course design",
        why=gettext_noop("After a gap students have to find their way back. A rule of thumb."),
        judge=empty_week,
    ),
)
