"""Do outcomes, activities and assessment fit (rules C13 and C14)?"""

from __future__ import annotations

from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.words import Param, Series, gettext_noop

NO_OUTCOMES = gettext_noop("This course has no outcomes yet")


def outcome_covered(rule: Rule, case: Case) -> Finding:
    """Count the gaps: outcomes without an activity, and outcomes without an assessment.

    An activity that is not summative practises an outcome; a formative or summative one assesses it. An outcome that
    lacks both counts as two gaps.
    """
    alignment = case.alignment
    if not alignment.rows:
        return rule.silent(case, NO_OUTCOMES)
    if not case.placed:
        return rule.silent(case, gettext_noop("Nothing is planned yet"))
    unpractised, unassessed = alignment.not_practised, alignment.not_assessed
    gaps = len(unpractised) + len(unassessed)
    touched = {outcome.number: outcome.text for outcome in (*unpractised, *unassessed)}
    params: dict[str, Param] = {
        "all": len(alignment.rows),
        "count": len(touched),
        "not_practised": Series(tuple(outcome.number for outcome in unpractised)),
        "not_assessed": Series(tuple(outcome.number for outcome in unassessed)),
    }
    if len(touched) == 1:
        [(params["outcome"], params["text"])] = touched.items()
    if rule.state_of(case, gaps) is State.OK:
        headline = gettext_noop("Every outcome is practised and assessed")
        advice = gettext_noop("{all} outcomes.")
    elif len(touched) == 1 and unpractised and unassessed:
        headline = gettext_noop("Outcome {outcome} is neither practised nor assessed")
        advice = gettext_noop("Link an activity and a formative check to it, or drop the outcome.")
    elif len(touched) == 1 and unpractised:
        headline = gettext_noop("Outcome {outcome} is assessed but never practised")
        advice = gettext_noop("Link an activity that prepares for it.")
    elif len(touched) == 1:
        headline = gettext_noop("Outcome {outcome} is taught but never assessed")
        advice = gettext_noop("Add a formative check, or drop the outcome.")
    elif not unpractised:
        headline = gettext_noop("{count} outcomes are taught but never assessed")
        advice = gettext_noop("Add a formative check for outcomes {not_assessed}, or drop them.")
    elif not unassessed:
        headline = gettext_noop("{count} outcomes are assessed but never practised")
        advice = gettext_noop("Link activities that prepare for outcomes {not_practised}.")
    else:
        headline = gettext_noop("{count} of {all} outcomes are not fully served")
        advice = gettext_noop("Not practised: {not_practised}. Not assessed: {not_assessed}.")
    placements = (p for row in alignment.rows if row.outcome.number in touched for p in row.practised_by)
    placements_and_tests = (p for row in alignment.rows if row.outcome.number in touched for p in row.assessed_by)
    return rule.found(
        case,
        gaps,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=dict.fromkeys((*placements, *placements_and_tests)),
    )


def orphan_activity(rule: Rule, case: Case) -> Finding:
    """Measure the part of the time that serves no outcome."""
    alignment = case.alignment
    if not alignment.rows:
        return rule.silent(case, NO_OUTCOMES)
    if not case.balance.minutes:
        return rule.silent(case, gettext_noop("No activity has minutes yet"))
    share = percent(alignment.orphan_minutes, case.balance.minutes)
    orphans = set(alignment.orphans)
    longest_first = sorted(
        (activity for activity in case.placed if activity.placement_id in orphans),
        key=lambda activity: -activity.counted_minutes,
    )
    if rule.state_of(case, share) is State.OK:
        headline = (
            gettext_noop("Almost all time serves an outcome")
            if orphans
            else gettext_noop("Every activity serves an outcome")
        )
        advice = gettext_noop("Without outcome: {value} of the time.") if orphans else ""
    elif len(longest_first) == 1:
        headline = gettext_noop("What is “{title}” for?")
        advice = gettext_noop("It takes {value} of the time and serves no outcome. Link it to one, or leave it out.")
    else:
        headline = gettext_noop("{count} activities serve no outcome: {value} of the time")
        advice = gettext_noop("Begin with “{title}”. What is it for? Link it to an outcome, or leave it out.")
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        params={"count": len(longest_first), "title": longest_first[0].title if longest_first else ""},
        placement_ids=[activity.placement_id for activity in longest_first],
    )


RULES = (
    Rule(
        id="C13",
        name="outcome_covered",
        measures=gettext_noop("Outcomes without practice or assessment"),
        unit=Unit.COUNT,
        band=Band.at_most(0),
        evidence=Evidence.NORM,
        strength=Strength.PLAIN,
        source=(
            "Biggs, Enhancing teaching through constructive alignment, 1996; Standards and Guidelines for Quality "
            "Assurance in the European Higher Education Area (ESG 1.3), 2015; Quality Matters Rubric (2.5)"
        ),
        why=gettext_noop(
            "What students should be able to do is what they practise and what is assessed. "
            "Quality assurance asks for it."
        ),
        judge=outcome_covered,
    ),
    Rule(
        id="C14",
        name="orphan_activity",
        measures=gettext_noop("Part of the time that serves no outcome"),
        unit=Unit.PERCENT,
        band=Band.at_most(5, 15),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source="Biggs, Enhancing teaching through constructive alignment, 1996",
        why=gettext_noop("Students ask what an activity is for; an outcome answers. The limit is our choice."),
        judge=orphan_activity,
    ),
)
