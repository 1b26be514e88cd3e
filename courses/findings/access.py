"""Can everybody take part: formats, time to do something, what to do who cannot be there (C38, C40, C41)?"""

from __future__ import annotations

from courses.calendar import MINUTES_A_DAY
from courses.facts import PlannedActivity, PlannedOutcome
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, Strength, Unit
from courses.findings.lacking import first_title, measure_lack
from courses.words import Days, Param, Series, exactly, gettext_noop, word

TWO = 2
LIVE = "live"


def formats_of(activity: PlannedActivity) -> tuple[str, ...]:
    """In which formats it offers something to learn from; being told something together is one too."""
    if activity.learning_type not in ("acquisition", "inquiry"):
        return ()
    if activity.timing == "sync" and activity.learning_type == "acquisition":
        return (*activity.formats, LIVE)
    return activity.formats


def alternative_formats(rule: Rule, case: Case) -> Finding:
    """Measure the part of the outcomes with material that have it in two formats or more."""
    if not case.alignment.rows:
        return rule.silent(case, gettext_noop("This course has no outcomes yet"))
    formats: dict[int, set[str]] = {}
    for activity in case.placed:
        for outcome in activity.outcome_ids:
            formats.setdefault(outcome, set()).update(formats_of(activity))
    with_material = [row.outcome for row in case.alignment.rows if formats.get(row.outcome.id)]
    if not with_material:
        return rule.silent(case, gettext_noop("No outcome has material to learn from yet"))
    single: list[PlannedOutcome] = [outcome for outcome in with_material if len(formats[outcome.id]) < TWO]
    params: dict[str, Param] = {}
    if single:
        params["outcome"] = single[0].number
        params["format"] = word(next(iter(formats[single[0].id])))
        params["outcomes"] = Series(tuple(outcome.number for outcome in single))
    numbers = {outcome.id for outcome in single}
    return measure_lack(
        rule,
        case,
        lacking=len(single),
        of=len(with_material),
        fine=gettext_noop("Material comes in more than one format: for {value} of the outcomes"),
        one=(
            gettext_noop("Outcome {outcome} is offered as {format} only"),
            gettext_noop("Add a clip, a text or a transcript, so that students can choose."),
        ),
        many=(
            gettext_noop("{count} of {all} outcomes are offered in one format only"),
            gettext_noop("Outcomes {outcomes}: add a clip, a text or a transcript, so that students can choose."),
        ),
        params=params,
        placement_ids=[a.placement_id for a in case.placed if formats_of(a) and not numbers.isdisjoint(a.outcome_ids)],
    )


def access_window(rule: Rule, case: Case) -> Finding:
    """Measure the part of the tasks in own time whose window leaves students a choice of when to do them.

    The rule asks two things of a task: that students have it in sight a week before it is due, and that they can do it
    on three days, with an evening or a day of the weekend among them. The first holds for every task of a run: its page
    and the course guide show all of them with their days when the run is opened, and what comes before the first class
    opens a week before it. So what is measured is the window, and any window of three days holds an evening.

    A task is what students answer, hand in or are assessed on. Windows are those of a usual run (courses.calendar): a
    task before class opens a week ahead, one after class when class ends, due on Sunday.
    """
    tasks = [a for a in case.placed if a.timing == "async" and a.weekday is None and (a.is_answered or a.is_assessed)]
    if not tasks:
        return rule.silent(case, gettext_noop("No task in own time is planned yet"))
    open_for = {a.placement_id: _days_open(case, a) for a in tasks}
    short = sorted(
        (a for a in tasks if open_for[a.placement_id] < case.settings.open_days), key=lambda a: _days(case, a)
    )
    params: dict[str, Param] = {}
    if short:
        params["title"] = short[0].title
        params["days"] = Days(exactly(open_for[short[0].placement_id]))
    return measure_lack(
        rule,
        case,
        lacking=len(short),
        of=len(tasks),
        fine=gettext_noop("Students can choose when they do their tasks: {value} are open for three days"),
        one=(
            gettext_noop("“{title}” opens only {days} before it is due"),
            gettext_noop("Who works or cares needs three days. Place it before the next class, or meet earlier."),
        ),
        many=(
            gettext_noop("{count} of {all} tasks are open for less than three days"),
            gettext_noop(
                "“{title}” opens only {days} before it is due. Who works or cares needs three days: place it before "
                "the next class, or meet earlier in the week."
            ),
        ),
        params=params,
        placement_ids=[a.placement_id for a in short],
    )


def _days_open(case: Case, activity: PlannedActivity) -> int:
    opens, due = case.windows[activity.placement_id]
    return (due - opens) // MINUTES_A_DAY


def _days(case: Case, activity: PlannedActivity) -> tuple[int, int]:
    return _days_open(case, activity), case.due_day(activity)


def sync_alternative(rule: Rule, case: Case) -> Finding:
    """Measure the part of the sessions that say what a student does who cannot be there, or why that cannot be."""
    if not case.sessions:
        return rule.silent(case, gettext_noop("No time together is planned yet"))
    without = [session for session in case.sessions if not session.alternative]
    advice = gettext_noop("A recording, the same in own time, or the reason why being there is the point: say which.")
    return measure_lack(
        rule,
        case,
        lacking=len(without),
        of=len(case.sessions),
        fine=gettext_noop("Who cannot be there knows what to do"),
        one=(gettext_noop("What can a student do who cannot attend “{title}”?"), advice),
        many=(gettext_noop("{count} of {all} meetings say nothing to who cannot be there"), advice),
        params={"title": first_title(without)},
        placement_ids=[session.placement_id for session in without],
    )


FORMAT_RULES = (
    Rule(
        id="C38",
        name="alternative_formats",
        measures=gettext_noop("Outcomes with material in two formats or more"),
        unit=Unit.PERCENT,
        band=Band.at_least(75, 50),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="CAST, Universal Design for Learning Guidelines (1.2, 2.5)",
        why=gettext_noop(
            "Some read better than they listen, and some have to. The guideline is well known, its effect hardly "
            "measured: a rule of thumb."
        ),
        judge=alternative_formats,
    ),
)
WINDOW_RULES = (
    Rule(
        id="C40",
        name="access_window",
        measures=gettext_noop("Tasks in own time that are open for three days"),
        unit=Unit.PERCENT,
        band=Band.at_least(90, 70),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source=(
            "Collis & Moonen, Flexible learning in a digital world, 2001; cases of blended learning (working learners)"
        ),
        why=gettext_noop("Own time is only own if there is some: a free evening, a weekend. A rule of thumb."),
        judge=access_window,
    ),
    Rule(
        id="C41",
        name="sync_alternative",
        measures=gettext_noop("Meetings that say what to do who cannot be there"),
        unit=Unit.PERCENT,
        band=Band.at_least(100, 70),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source=(
            "CAST, Universal Design for Learning Guidelines; EMBED, European maturity model for blended education "
            "(inclusiveness, flexibility), 2020"
        ),
        why=gettext_noop("Somebody is always ill, at work or far away. A rule of thumb."),
        judge=sync_alternative,
    ),
)
RULES = (*FORMAT_RULES, *WINDOW_RULES)
