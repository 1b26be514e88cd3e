"""Does feedback come in time, and does it say something (C25 to C28, C47)?"""

from __future__ import annotations

from itertools import groupby, pairwise

from courses.calendar import MINUTES_A_DAY, working_days_between, working_days_to
from courses.facts import PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.findings.lacking import first_title, measure_lack
from courses.words import Param, gettext_noop

NO_SUMMATIVE = gettext_noop("Nothing counts for the result yet")
A_WEEK = 7  # days
WESTMINSTER = "University of Westminster, Assessment and feedback policy"
HATTIE = "Wisniewski, Zierer & Hattie, The power of feedback revisited, 2020"


def formative_first(rule: Rule, case: Case) -> Finding:
    """Measure the part of the result, by weight, before which students have had feedback on the same outcome.

    Feedback counts if it comes from a formative activity that is due earlier, and is back the asked number of working
    days before. Where nobody said in how many days it comes, it is not counted. While no summative activity has a
    weight, all weigh the same. The days are those of a usual run without holidays (courses.calendar).
    """
    summative = [a for a in case.placed if a.assessment == "summative"]
    if not summative:
        return rule.silent(case, NO_SUMMATIVE)
    weighed = any(a.weight for a in summative)
    # COST: per outcome, the working day on which feedback is there first; no test is compared with every activity.
    first: dict[int, int] = {}
    for activity in case.placed:
        if activity.assessment == "formative" and (back := case.feedback_day(activity)) is not None:
            for outcome in activity.outcome_ids:
                first[outcome] = min(working_days_to(back), first.get(outcome, working_days_to(back)))
    need = case.settings.feedback_before_days
    blind = [
        test
        for test in summative
        if not any(
            outcome in first and working_days_to(case.due_day(test)) - first[outcome] >= need
            for outcome in test.outcome_ids
        )
    ]
    whole = sum(a.weight if weighed else 1 for a in summative)
    lacking = sum(a.weight if weighed else 1 for a in blind)
    share = percent(whole - lacking, whole)
    blind = [test for test in blind if test.weight or not weighed]
    params: dict[str, Param] = {"title": blind[0].title if blind else "", "count": len(blind), "days": need}
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Students have feedback before it counts")
        advice = ""
    elif len(blind) == 1:
        headline = gettext_noop("Students get no feedback before “{title}”")
        advice = gettext_noop(
            "Plan a formative activity for the same outcome, with feedback {days} working days before it."
        )
    else:
        headline = gettext_noop("{count} times students get no feedback before it counts")
        advice = gettext_noop(
            "Begin with “{title}”: plan a formative activity for the same outcome, with feedback {days} working days "
            "before it."
        )
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[test.placement_id for test in blind],
    )


def _by_people(case: Case) -> list[PlannedActivity]:
    return [a for a in case.placed if a.feedback_by in ("lecturer", "peer") and a.feedback_days is not None]


def feedback_turnaround(rule: Rule, case: Case) -> Finding:
    """Find the longest time that students wait for feedback by people, in working days."""
    timed = _by_people(case)
    if not timed:
        return rule.silent(case, gettext_noop("Nobody has said yet when feedback comes"))
    days = {a.placement_id: a.feedback_days or 0 for a in timed}
    slowest = max(timed, key=lambda a: days[a.placement_id])
    value = days[slowest.placement_id]
    slow = [a.placement_id for a in timed if rule.state_of(case, days[a.placement_id]) is not State.OK]
    if rule.state_of(case, value) is State.OK:
        headline = gettext_noop("Feedback comes within {value}")
        advice = ""
    else:
        headline = gettext_noop("Feedback after {value}")
        advice = gettext_noop("On “{title}”. Could it be shorter, or come from peers or a worked example first?")
    return rule.found(
        case, value, headline=headline, advice=advice, params={"title": slowest.title}, placement_ids=slow
    )


def feedback_forward(rule: Rule, case: Case) -> Finding:
    """Count where feedback comes too late for the next deadline on the same outcome.

    A deadline is the due day of something that is assessed. Feedback of which nobody said when it comes is left out.
    """
    late: list[tuple[PlannedActivity, PlannedActivity]] = []
    judged = 0
    # COST: from the last deadline to the first, with the next one of each outcome at hand.
    following: dict[int, tuple[int, int]] = {}
    assessed = sorted((a for a in case.placed if a.is_assessed), key=case.due_day, reverse=True)
    for due, group in groupby(assessed, key=case.due_day):
        together = list(group)
        for activity in together:
            back = case.feedback_day(activity)
            nexts = [following[outcome] for outcome in activity.outcome_ids if outcome in following]
            if back is None or not nexts:
                continue
            judged += 1
            deadline, placement = min(nexts)
            if working_days_between(back, deadline) < case.settings.forward_days:
                late.append((activity, case.by_placement[placement]))
        for activity in together:
            following |= dict.fromkeys(activity.outcome_ids, (due, activity.placement_id))
    late.reverse()
    if not judged:
        return rule.silent(case, gettext_noop("No feedback comes before another deadline on the same outcome"))
    params: dict[str, Param] = {
        "count": len(late),
        "title": late[0][0].title if late else "",
        "next": late[0][1].title if late else "",
        "days": case.settings.forward_days,
    }
    if rule.state_of(case, len(late)) is State.OK:
        headline = gettext_noop("Feedback can be used for what comes next")
        advice = ""
    elif len(late) == 1:
        headline = gettext_noop("Feedback on “{title}” comes too late for “{next}”")
        advice = gettext_noop("Students need it {days} working days before. Give it sooner, or let the next one wait.")
    else:
        headline = gettext_noop("{count} times feedback comes too late for what is next")
        advice = gettext_noop(
            "Begin with “{title}”: students need its feedback {days} working days before “{next}” is due."
        )
    return rule.found(
        case,
        len(late),
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[a.placement_id for pair in late for a in pair],
    )


def feedback_information(rule: Rule, case: Case) -> Finding:
    """Measure the part of what is assessed, marked or not, of which the feedback explains something."""
    assessed = [a for a in case.placed if a.is_assessed]
    if not assessed:
        return rule.silent(case, gettext_noop("Nothing is assessed yet"))
    bare = [a for a in assessed if a.feedback_by == "none" or not a.feedback_elaborated]
    advice = gettext_noop("Right or wrong alone had nearly no effect in studies. Say what to do better, and why.")
    return measure_lack(
        rule,
        case,
        lacking=len(bare),
        of=len(assessed),
        fine=gettext_noop("Feedback says what to do better: for {value} of what is assessed"),
        one=(gettext_noop("“{title}” has no feedback that explains"), advice),
        many=(gettext_noop("{count} of {all} assessments have no feedback that explains"), advice),
        params={"title": first_title(bare)},
        placement_ids=[a.placement_id for a in bare],
    )


def presence_gap(rule: Rule, case: Case) -> Finding:
    """Find the longest time without planned contact with the lecturer, or feedback by them, in days.

    From the first day of teaching to the last Sunday of it. Weeks without teaching are no gap: their days are left out.
    """
    teaching = {week.number for week in case.plan.teaching_weeks}
    if not teaching or not case.placed:
        return rule.silent(case, gettext_noop("Nothing is planned yet"))
    # The day of teaching that a day of the calendar is: days of weeks without teaching have none of their own.
    before: list[int] = []
    taught = 0
    for week in sorted(case.plan.weeks, key=lambda w: w.number):
        before.append(taught)
        taught += week.number in teaching
    is_taught = [week.number in teaching for week in sorted(case.plan.weeks, key=lambda w: w.number)]

    def day_of_teaching(day: int) -> int:
        week, weekday = divmod(day, 7)
        if week >= len(before):
            return taught * A_WEEK
        return before[week] * A_WEEK + (weekday if is_taught[week] else 0)

    seen: set[int] = set()
    for activity in case.placed:
        opens, due = case.windows[activity.placement_id]
        if activity.guidance == "lecturer":
            seen.add(day_of_teaching((opens if activity.timing == "sync" else due) // MINUTES_A_DAY))
        if activity.feedback_by == "lecturer" and (back := case.feedback_day(activity)) is not None:
            seen.add(day_of_teaching(back))
    end = taught * A_WEEK - 1
    days = [0, *sorted(day for day in seen if 0 <= day <= end), end]
    gap, start = max(((b - a, -a) for a, b in pairwise(days)), default=(end, 0))
    start = -start
    numbers = [week.number for week in case.plan.teaching_weeks]
    first, last = numbers[start // A_WEEK], numbers[min((start + gap) // A_WEEK, len(numbers) - 1)]
    params: dict[str, Param] = {"from_week": first, "to_week": last}
    if rule.state_of(case, gap) is State.OK:
        headline = gettext_noop("Students see or hear from you at least every {value}")
        advice = ""
    else:
        headline = gettext_noop("{value} without you")
        advice = (
            gettext_noop("In week {from_week}. Plan a meeting, feedback, or a word in the discussion.")
            if first == last
            else gettext_noop(
                "From week {from_week} to week {to_week}. Plan a meeting, feedback, or a word in the discussion."
            )
        )
    return rule.found(
        case,
        gap,
        headline=headline,
        advice=advice,
        params=params,
        weeks=[number for number in numbers if first <= number <= last],
    )


FEEDBACK_RULES = (
    Rule(
        id="C25",
        name="formative_first",
        measures=gettext_noop("Part of the result before which students have had feedback"),
        unit=Unit.PERCENT,
        band=Band.at_least(100, 60),
        evidence=Evidence.EVID,
        strength=Strength.STRONG,
        source=f"{HATTIE}; {WESTMINSTER}",
        why=gettext_noop(
            "Feedback is among what helps learning most, if there is still something to do with it. "
            "How many days before is a rule of thumb."
        ),
        judge=formative_first,
    ),
    Rule(
        id="C26",
        name="feedback_turnaround",
        measures=gettext_noop("Longest wait for feedback by people"),
        unit=Unit.WORKING_DAYS,
        band=Band.at_most(15, 20),
        evidence=Evidence.NORM,
        strength=Strength.LIKE,
        source=f"{WESTMINSTER}; University of Manchester, Policy on feedback to students",
        why=gettext_noop(
            "Many universities promise feedback within 15 working days; within 10 is good. It is a norm where yours "
            "has set it."
        ),
        judge=feedback_turnaround,
    ),
    Rule(
        id="C27",
        name="feedback_forward",
        measures=gettext_noop("Feedback that comes too late for the next deadline"),
        unit=Unit.COUNT,
        band=Band.at_most(0, 1),
        evidence=Evidence.EVID,
        strength=Strength.DIRECTION,
        source="TESTA, Transforming the experience of students through assessment",
        why=gettext_noop(
            "In 75 programmes feedback often came when it could not be used any more. The number of days is our choice."
        ),
        judge=feedback_forward,
    ),
    Rule(
        id="C28",
        name="feedback_information",
        measures=gettext_noop("Assessments with feedback that explains"),
        unit=Unit.PERCENT,
        band=Band.at_least(80, 50),
        evidence=Evidence.EVID,
        strength=Strength.STRONG,
        source=(
            "Van der Kleij, Feskens & Eggen, Effects of feedback in a computer-based learning environment on students' "
            "learning outcomes, 2015"
        ),
        why=gettext_noop(
            "Feedback with an explanation had an effect of 0.49, the right answer alone 0.32, right or wrong 0.05. "
            "For how much it is given is our choice."
        ),
        judge=feedback_information,
    ),
)
PRESENCE_RULES = (
    Rule(
        id="C47",
        name="presence_gap",
        measures=gettext_noop("Longest time without contact with the lecturer, or feedback"),
        unit=Unit.DAYS,
        band=Band.at_most(7, 14),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source=(
            "Müller, Mildenberger & Steingruber, Learning effectiveness of a flexible learning study programme in a "
            "blended learning design, 2023"
        ),
        why=gettext_noop(
            "In flexible courses, social presence is one of the things that make the difference. "
            "The number of days is our choice."
        ),
        judge=presence_gap,
    ),
)
RULES = (*FEEDBACK_RULES, *PRESENCE_RULES)
