"""How much is assessed, when, and with which choice (C29 to C31, C39)."""

from __future__ import annotations

from fractions import Fraction

from courses.findings.feedback import NO_SUMMATIVE
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit
from courses.words import Number, Param, Series, gettext_noop

A_WEEK = 7  # days
A_SHARE_OF_A_YEAR = 5  # credits


def weight_concentration(rule: Rule, case: Case) -> Finding:
    """Find the largest weight of one summative activity."""
    weighed = [a for a in case.placed if a.assessment == "summative" and a.weight]
    if not weighed:
        return rule.silent(case, gettext_noop("Nothing that counts has a weight yet"))
    heaviest = max(weighed, key=lambda a: a.weight)
    if rule.state_of(case, heaviest.weight) is State.OK:
        headline = gettext_noop("No single test decides: the largest weighs {value}")
        advice = ""
    else:
        headline = gettext_noop("One test decides {value}")
        advice = gettext_noop("“{title}”. Could an earlier piece of work count for something?")
    return rule.found(
        case,
        heaviest.weight,
        headline=headline,
        advice=advice,
        params={"title": heaviest.title},
        placement_ids=[heaviest.placement_id],
    )


def summative_count(rule: Rule, case: Case) -> Finding:
    """Count summative activities per 5 credits. Fewer than one is no fault: only a heavy load is."""
    summative = [a for a in case.placed if a.assessment == "summative"]
    if not summative:
        return rule.silent(case, NO_SUMMATIVE)
    if case.plan.credits <= 0:
        return rule.silent(case, gettext_noop("This course has no credits"))
    rate = Fraction(len(summative)) / Fraction(case.plan.credits) * A_SHARE_OF_A_YEAR
    params: dict[str, Param] = {"count": len(summative), "credits": Number.of(case.plan.credits)}
    if rule.state_of(case, rate) is State.OK:
        headline = gettext_noop("What is marked leaves room for learning: {count} for {credits} credits")
        advice = ""
    else:
        headline = gettext_noop("Many marked tasks: {count} for {credits} credits")
        advice = gettext_noop("That is {value} per 5 credits. Which of them could have feedback and no mark?")
    return rule.found(
        case,
        rate,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[a.placement_id for a in summative],
    )


def deadline_cluster(rule: Rule, case: Case) -> Finding:
    """Find the most deadlines with weight that fall into seven days, in a usual run."""
    heavy = sorted(
        (a for a in case.placed if a.assessment == "summative" and a.weight >= case.settings.deadline_weight),
        key=case.due_day,
    )
    if not heavy:
        return rule.silent(case, gettext_noop("No deadline has much weight yet"))
    days = [case.due_day(a) for a in heavy]
    most = max(
        ([a for a, due in zip(heavy, days, strict=True) if day <= due < day + A_WEEK] for day in days),
        key=len,
    )
    params: dict[str, Param] = {
        "week": most[0].week or 0,
        "titles": Series(tuple(a.title for a in most)),
    }
    if rule.state_of(case, len(most)) is State.OK:
        headline = gettext_noop("Deadlines that count do not fall together")
        advice = ""
    else:
        headline = gettext_noop("{value} deadlines in week {week}")
        advice = gettext_noop("Within seven days: {titles}. Could one of them move?")
    return rule.found(
        case,
        len(most),
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[a.placement_id for a in most],
        weeks=sorted({a.week for a in most if a.week is not None}),
    )


def assessment_choice(rule: Rule, case: Case) -> Finding:
    """Count the assessments in which students choose the form or the subject."""
    assessed = [a for a in case.placed if a.is_assessed]
    if not assessed:
        return rule.silent(case, gettext_noop("Nothing is assessed yet"))
    chosen = [a for a in assessed if a.own_choice]
    if rule.state_of(case, len(chosen)) is State.OK:
        headline = gettext_noop("Students choose form or subject: in “{title}”")
        advice = ""
    else:
        headline = gettext_noop("Students choose nowhere how they show what they can")
        advice = gettext_noop("Could they choose the form somewhere, or the subject?")
    return rule.found(
        case,
        len(chosen),
        headline=headline,
        advice=advice,
        params={"title": chosen[0].title if chosen else ""},
        placement_ids=[a.placement_id for a in chosen],
    )


LOAD_RULES = (
    Rule(
        id="C29",
        name="weight_concentration",
        measures=gettext_noop("Largest weight of one test"),
        unit=Unit.PERCENT,
        band=Band.at_most(60, 80),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Practice of course design",
        why=gettext_noop("One bad day should not decide a course. A rule of thumb."),
        judge=weight_concentration,
    ),
    Rule(
        id="C30",
        name="summative_count",
        measures=gettext_noop("Marked tasks per 5 credits"),
        unit=Unit.RATIO,
        band=Band.at_most(2, 3),
        evidence=Evidence.EVID,
        strength=Strength.DIRECTION,
        source="Tomas & Jessop, Struggling and juggling: a comparison of assessment loads, 2018",
        why=gettext_noop(
            "Where much is marked, students learn for the mark and on the surface. The limit is a rule of thumb."
        ),
        judge=summative_count,
    ),
    Rule(
        id="C31",
        name="course_deadline_cluster",
        measures=gettext_noop("Deadlines with weight in seven days"),
        unit=Unit.COUNT,
        band=Band.at_most(1, 2),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Liverpool John Moores University, Assessment timelines",
        why=gettext_noop("Deadlines that fall together cost quality and sleep. A rule of thumb."),
        judge=deadline_cluster,
    ),
)
CHOICE_RULES = (
    Rule(
        id="C39",
        name="assessment_choice",
        measures=gettext_noop("Assessments with a choice of form or subject"),
        unit=Unit.COUNT,
        band=Band.at_least(1, outside=State.WARN),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="CAST, Universal Design for Learning Guidelines (5.1, 7)",
        why=gettext_noop(
            "A choice lets more students show what they can, and is theirs. The guideline is well known, its effect "
            "hardly measured: a rule of thumb."
        ),
        judge=assessment_choice,
    ),
)
RULES = (*LOAD_RULES, *CHOICE_RULES)
