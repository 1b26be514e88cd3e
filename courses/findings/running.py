"""Can it be run, and be learnt from: load, evaluation, start, looking back (C42 to C46, C50, C52, C53, C55)?"""

from __future__ import annotations

import math
from fractions import Fraction

from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.findings.lacking import first_title, measure_lack
from courses.words import Minutes, Number, Param, Series, gettext_noop, word

NOTHING = gettext_noop("Nothing is planned yet")
NOT_ASKED = gettext_noop("Students were not asked about this course yet")
FOUR_WEEKS = 4
THREE_WEEKS = 3


def load_documented(rule: Rule, case: Case) -> Finding:
    """Measure the part of the activities with an estimate; each estimate keeps how it was made."""
    if not case.placed:
        return rule.silent(case, NOTHING)
    without = [a for a in case.placed if a.minutes is None]
    return measure_lack(
        rule,
        case,
        lacking=len(without),
        of=len(case.placed),
        fine=gettext_noop("Every activity has its time"),
        one=(
            gettext_noop("“{title}” has no time"),
            gettext_noop("It counts for nothing in the study load. A range will do."),
        ),
        many=(
            gettext_noop("{count} activities have no time"),
            gettext_noop("They count for nothing in the study load. Begin with “{title}”; a range will do."),
        ),
        params={"title": first_title(without)},
        placement_ids=[a.placement_id for a in without],
    )


def load_measured(rule: Rule, case: Case) -> Finding:
    """Compare what students report with the plan, over the activities that enough of them reported on."""
    told = [
        a
        for a in case.placed
        if a.minutes and a.reported_minutes is not None and a.reported_count >= case.settings.reports
    ]
    if not told:
        return rule.silent(case, gettext_noop("Too few students have said what it took them"))
    planned = sum(a.counted_minutes for a in told)
    reported = sum(a.reported_minutes or 0 for a in told)
    ratio = Fraction(reported, planned)
    furthest = max(told, key=lambda a: abs((a.reported_minutes or 0) - a.counted_minutes))
    params: dict[str, Param] = {
        "planned": Minutes(planned),
        "reported": Minutes(reported),
        "title": furthest.title,
        "count": len(told),
    }
    is_fine = rule.state_of(case, ratio) is State.OK
    return rule.found(
        case,
        ratio,
        headline=gettext_noop("Students need about what was planned: {reported}")
        if is_fine
        else gettext_noop("Students report {value} times the plan"),
        advice=gettext_noop("{reported} for what was planned as {planned}.")
        if is_fine
        else gettext_noop("{reported} for what was planned as {planned}. “{title}” is furthest off."),
        params=params,
        placement_ids=[] if is_fine else [furthest.placement_id],
    )


def evaluation_planned(rule: Rule, case: Case) -> Finding:
    """Count the moments at which students are asked about the course: halfway, and at the end."""
    if not case.placed:
        return rule.silent(case, NOTHING)
    count = len(case.plan.weeks)
    if count < THREE_WEEKS:
        return rule.silent(case, gettext_noop("The course is too short to be evaluated halfway"))
    asked = [a for a in case.placed if a.purpose == "evaluation"]
    places = [Fraction(case.places_of_weeks[a.week or 0] + 1, count) for a in asked]
    low, high = case.settings.halfway
    halfway = any(low <= place <= high for place in places)
    at_end = any(place > case.settings.near_end for place in places)
    if halfway and at_end:
        headline = gettext_noop("Students are asked halfway and at the end")
        advice = ""
    elif halfway:
        headline = gettext_noop("No moment planned to ask students at the end")
        advice = gettext_noop("Plan an activity with the purpose “Evaluate the course” in the last week.")
    elif at_end:
        headline = gettext_noop("No moment planned to ask students halfway")
        advice = gettext_noop(
            "What they say then still helps themselves. Five minutes at the end of a meeting will do."
        )
    else:
        headline = gettext_noop("No moment planned to ask students")
        advice = gettext_noop("Plan two activities with the purpose “Evaluate the course”: halfway, and at the end.")
    return rule.found(
        case, halfway + at_end, headline=headline, advice=advice, placement_ids=[a.placement_id for a in asked]
    )


def actions_closed(rule: Rule, case: Case) -> Finding:
    """Measure the part of the actions of the last evaluation of which students were told the result."""
    last = case.plan.last_evaluation
    if last is None or not last.actions:
        return rule.silent(
            case, NOT_ASKED if last is None else gettext_noop("Nothing was promised after the last evaluation")
        )
    share = percent(last.actions_told, last.actions)
    is_fine = rule.state_of(case, share) is State.OK
    return rule.found(
        case,
        share,
        headline=gettext_noop("Students heard what came of their answers")
        if is_fine
        else gettext_noop("Close the loop: {count} open actions"),
        advice=gettext_noop("Told: {told} of {all}.")
        if is_fine
        else gettext_noop("Do them or drop them, and tell students which. Told so far: {told} of {all}."),
        params={"count": last.actions - last.actions_told, "told": last.actions_told, "all": last.actions},
    )


def responses_needed(enrolled: int, *, error: float = 0.10, z: float = 1.2816, spread: float = 0.8 * 0.2) -> int:
    """How many of a group must answer for the answer to stand: need(N) = N*pq / ((N-1)*(e/z)^2 + pq), rounded up.

    The liberal column of Nulty, The adequacy of response rates to online and paper surveys, 2008 (after Dillman).
    """
    return math.ceil(enrolled * spread / ((enrolled - 1) * (error / z) ** 2 + spread)) if enrolled > 0 else 0


def response_adequate(rule: Rule, case: Case) -> Finding:
    """Compare the answers to the last evaluation with what a group of that size needs."""
    last = case.plan.last_evaluation
    if last is None or last.enrolled <= 0:
        return rule.silent(case, NOT_ASKED)
    need = responses_needed(last.enrolled)
    share = percent(last.responses, need)
    is_fine = rule.state_of(case, share) is State.OK
    return rule.found(
        case,
        share,
        headline=gettext_noop("Enough students answered: {responses} of {enrolled}")
        if is_fine
        else gettext_noop("{responses} of {enrolled} answers: read with care"),
        advice=""
        if is_fine
        else gettext_noop(
            "A group of this size needs {need}. Give them time in class, and show what changed last time."
        ),
        params={"responses": last.responses, "enrolled": last.enrolled, "need": need},
    )


def start_guidance(rule: Rule, case: Case) -> Finding:
    """Count what the start of a course needs: a guide, how to work, getting to know each other, a task without risk."""
    teaching = [week.number for week in case.plan.teaching_weeks]
    if not teaching or not case.placed:
        return rule.silent(case, NOTHING)
    start = [a for a in case.placed if a.week is not None and a.week <= teaching[0]]
    found = {purpose: [a for a in start if a.purpose == purpose] for purpose in ("guide", "how_to", "contact")}
    found["first_task"] = [
        a
        for a in start
        if (a.is_assessed or a.is_answered)
        and (a.assessment != "summative" or a.weight <= case.settings.low_stakes_weight)
    ]
    missing = [name for name, activities in found.items() if not activities]
    value = len(found) - len(missing)
    is_fine = rule.state_of(case, value) is State.OK
    return rule.found(
        case,
        value,
        headline=gettext_noop("Students find their way in week {week}")
        if is_fine
        else gettext_noop("Students need a start point in week {week}"),
        advice="" if not missing else gettext_noop("Missing: {missing}. Set the purpose of a card, or add one."),
        params={"week": teaching[0], "missing": Series(tuple(word(name) for name in missing))},
        placement_ids=[a.placement_id for activities in found.values() for a in activities],
        weeks=[teaching[0]],
    )


def bite_size(rule: Rule, case: Case) -> Finding:
    """Look at the learning bite that is furthest from a size that one can take at once."""
    bites = [a for a in case.placed if a.purpose == "bite" and a.minutes is not None]
    if not bites:
        return rule.silent(case, gettext_noop("No learning bites are planned"))
    band = rule.band_in(case)
    worst = max(bites, key=lambda a: band.size(a.counted_minutes))
    off = [a for a in bites if band.state(a.counted_minutes) is not State.OK]
    too_long = band.ok_to is not None and worst.counted_minutes > band.ok_to
    return rule.found(
        case,
        worst.counted_minutes,
        headline=gettext_noop("Learning bites can be taken at once")
        if not off
        else gettext_noop("“{title}” takes {value}")
        if too_long
        else gettext_noop("“{title}” takes only {value}"),
        advice=""
        if not off
        else gettext_noop("Break the bite into smaller units.")
        if too_long
        else gettext_noop("Could it be part of another bite?"),
        params={"title": worst.title},
        placement_ids=[a.placement_id for a in off],
    )


def reflection_present(rule: Rule, case: Case) -> Finding:
    """Find the four weeks of teaching with the fewest moments to look back: reflection, or work on a portfolio."""
    weeks = [week.number for week in case.plan.teaching_weeks]
    if not weeks or not case.placed:
        return rule.silent(case, NOTHING)
    back = {
        number: [a for a in case.by_week[number] if a.purpose == "reflection" or a.assessment_form == "portfolio"]
        for number in weeks
    }
    stretches = [weeks[place : place + FOUR_WEEKS] for place in range(max(1, len(weeks) - FOUR_WEEKS + 1))]
    barest = min(stretches, key=lambda stretch: sum(len(back[number]) for number in stretch))
    value = sum(len(back[number]) for number in barest)
    params: dict[str, Param] = {"from_week": barest[0], "to_week": barest[-1]}
    if rule.state_of(case, value) is State.OK:
        return rule.found(
            case,
            value,
            headline=gettext_noop("Students look back at what they do"),
            advice=gettext_noop("At least {value} in any four weeks."),
            params=params,
            placement_ids=[a.placement_id for activities in back.values() for a in activities],
        )
    return rule.found(
        case,
        value,
        headline=gettext_noop("No moment to look back in weeks {from_week} to {to_week}")
        if value == 0
        else gettext_noop("Few moments to look back in weeks {from_week} to {to_week}"),
        advice=gettext_noop("A journal, a portfolio, three questions at the end of a meeting."),
        params=params,
        weeks=barest,
    )


def lecturer_load(rule: Rule, case: Case) -> Finding:
    """Compare what feedback and meetings ask of the lecturers with the hours for which they are appointed.

    Feedback on a group's work is given once per group. Activities of which nobody said what feedback takes add nothing.
    """
    staff = case.plan.staffing
    if staff is None or staff.appointed_minutes <= 0:
        return rule.silent(case, gettext_noop("Nobody has said yet for how many hours you are appointed"))
    feedback = 0
    for placement, minutes in staff.feedback_minutes:
        activity = case.by_placement.get(placement)
        if activity is None or activity.feedback_by != "lecturer":
            continue
        members = activity.group_size if activity.grouping in ("group", "pair") and activity.group_size else 1
        feedback += minutes * math.ceil(staff.students / members)
    meetings = sum(a.counted_minutes for a in case.sessions if a.guidance == "lecturer")
    ratio = Fraction(feedback + meetings, staff.appointed_minutes)
    is_fine = rule.state_of(case, ratio) is State.OK
    return rule.found(
        case,
        ratio,
        headline=gettext_noop("Feedback and meetings fit your hours")
        if is_fine
        else gettext_noop("The plan needs {needed} of you"),
        advice=gettext_noop("Feedback {feedback}, meetings {meetings}; you have {appointed}.")
        if is_fine
        else gettext_noop(
            "Feedback {feedback}, meetings {meetings}; you have {appointed}. Could peers or a worked example take some?"
        ),
        params={
            "needed": Minutes(feedback + meetings),
            "feedback": Minutes(feedback),
            "meetings": Minutes(meetings),
            "appointed": Minutes(staff.appointed_minutes),
            "students": Number.of(staff.students),
        },
    )


LOAD_RULES = (
    Rule(
        id="C42",
        name="load_documented",
        measures=gettext_noop("Activities with a time"),
        unit=Unit.PERCENT,
        band=Band.at_least(100, 80),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source=(
            "European Commission, ECTS Users' Guide, 2015; EMBED, European maturity model for blended education (study "
            "load), 2020"
        ),
        why=gettext_noop("Study load is documented per activity, or nobody can check it. The limit is our choice."),
        judge=load_documented,
    ),
    Rule(
        id="C43",
        name="load_measured",
        measures=gettext_noop("What students report against the plan"),
        unit=Unit.RATIO,
        band=Band.between(("0.8", "1.25"), ("0.6", "1.5")),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source="European Commission, ECTS Users' Guide, 2015 (load is monitored and adjusted)",
        why=gettext_noop("Plans are guesses until students say what it took them. The limit is our choice."),
        judge=load_measured,
    ),
    Rule(
        id="C44",
        name="evaluation_planned",
        measures=gettext_noop("Moments at which students are asked: halfway, at the end"),
        unit=Unit.COUNT,
        band=Band.at_least(2, 1),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source=(
            "Standards and Guidelines for Quality Assurance in the European Higher Education Area (ESG 1.9), 2015; "
            "EMBED, European maturity model for blended education (course cycle), 2020"
        ),
        why=gettext_noop("A course gets better when students are asked, and the present ones gain when asked halfway."),
        judge=evaluation_planned,
    ),
    Rule(
        id="C45",
        name="actions_closed",
        measures=gettext_noop("Actions of the last evaluation of which students heard the result"),
        unit=Unit.PERCENT,
        band=Band.at_least(80, 40),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Standards and Guidelines for Quality Assurance in the European Higher Education Area (ESG 1.9), 2015",
        why=gettext_noop("Who sees that an answer changed something answers again. A rule of thumb."),
        judge=actions_closed,
    ),
    Rule(
        id="C46",
        name="response_adequate",
        measures=gettext_noop("Answers against what a group of that size needs"),
        unit=Unit.PERCENT,
        band=Band.at_least(100, 70),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source="Nulty, The adequacy of response rates to online and paper surveys: what can be done?, 2008",
        why=gettext_noop("With few answers, chance speaks louder than students. The limit is a matter of statistics."),
        judge=response_adequate,
    ),
)
START_RULES = (
    Rule(
        id="C50",
        name="start_guidance",
        measures=gettext_noop("What a start needs: guide, how to work, contact, a first task"),
        unit=Unit.COUNT,
        band=Band.at_least(4, 2),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source="Quality Matters Rubric (1); OSCQR, Online course quality review rubric",
        why=gettext_noop("Students who know where to begin, begin. Rubrics for online courses ask for it."),
        judge=start_guidance,
    ),
)
BITE_RULES = (
    Rule(
        id="C52",
        name="bite_size",
        measures=gettext_noop("Learning bite that is furthest off"),
        unit=Unit.MINUTES,
        band=Band.between((15, 120), (0, 180)),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="Definitions and cases of blended learning (manageable units)",
        why=gettext_noop("A bite is what one can take at once. The limits are our choice."),
        judge=bite_size,
    ),
    Rule(
        id="C53",
        name="reflection_present",
        measures=gettext_noop("Moments to look back, in the four weeks with the fewest"),
        unit=Unit.COUNT,
        band=Band.at_least(1),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Cases of blended learning (portfolio, reflection)",
        why=gettext_noop("Looking back turns doing into learning. A rule of thumb."),
        judge=reflection_present,
    ),
)
STAFF_RULES = (
    Rule(
        id="C55",
        name="lecturer_load",
        measures=gettext_noop("What the plan needs of lecturers against their hours"),
        unit=Unit.RATIO,
        band=Band.at_most(1, "1.2"),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="Practice of course design",
        why=gettext_noop("A feedback plan that nobody has time for is not carried out. The limit is our choice."),
        judge=lecturer_load,
    ),
)
RULES = (*LOAD_RULES, *START_RULES, *BITE_RULES, *STAFF_RULES)
