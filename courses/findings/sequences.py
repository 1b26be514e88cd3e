"""What comes before and after: preparation and follow-up of what is done together, and clips (C16 to C18, C22)."""

from __future__ import annotations

from fractions import Fraction

from courses.facts import PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit
from courses.findings.lacking import first_title, measure_lack, weeks_of
from courses.words import Minutes, Param, gettext_noop

NO_SESSIONS = gettext_noop("No time together is planned yet")


def before_during_after(rule: Rule, case: Case) -> Finding:
    """Measure the part of the sessions that something prepares for and something follows up."""
    if not case.sessions:
        return rule.silent(case, NO_SESSIONS)
    loose = [s for s in case.sessions if not all(case.sequences[s.placement_id])]
    before, after = case.sequences[loose[0].placement_id] if loose else ((), ())
    return measure_lack(
        rule,
        case,
        lacking=len(loose),
        of=len(case.sessions),
        fine=gettext_noop("Meetings are prepared and followed up: {value} of them"),
        one=(
            gettext_noop("“{title}” has no follow-up")
            if before
            else gettext_noop("“{title}” has no preparation")
            if after
            else gettext_noop("“{title}” has neither preparation nor follow-up"),
            gettext_noop("Put something before or after it in the same week, for the same outcome, or connect it."),
        ),
        many=(
            gettext_noop("{count} of {all} meetings lack preparation or follow-up"),
            gettext_noop(
                "Begin with “{title}”: put something before and after it, for the same outcome, or connect it."
            ),
        ),
        params={"title": first_title(loose)},
        placement_ids=[s.placement_id for s in loose],
        weeks=weeks_of(loose),
    )


def preparation_check(rule: Rule, case: Case) -> Finding:
    """Measure the part of the prepared sessions whose preparation is tested or used.

    It is when students answer or hand in something before the session, when a connection leads from the preparation to
    the session, or when the session itself begins with recalling or ends in something that is assessed.
    """
    prepared = [s for s in case.sessions if case.sequences[s.placement_id][0]]
    if not prepared:
        return rule.silent(case, gettext_noop("No meeting has a preparation yet"))
    unchecked = [s for s in prepared if not _is_checked(case, s)]
    return measure_lack(
        rule,
        case,
        lacking=len(unchecked),
        of=len(prepared),
        fine=gettext_noop("Preparation is checked or used: for {value} of the prepared meetings"),
        one=(
            gettext_noop("Nobody sees whether students prepared for “{title}”"),
            gettext_noop("A short quiz, an upload or a poll at the start would do."),
        ),
        many=(
            gettext_noop("For {count} of {all} prepared meetings, preparation is not checked or used"),
            gettext_noop("Begin with “{title}”: a short quiz, an upload or a poll at the start would do."),
        ),
        params={"title": first_title(unchecked)},
        placement_ids=[s.placement_id for s in unchecked],
        weeks=weeks_of(unchecked),
    )


def _is_checked(case: Case, session: PlannedActivity) -> bool:
    before = case.sequences[session.placement_id][0]
    return (
        session.is_retrieval
        or session.is_assessed
        or any(activity.is_answered or activity.is_assessed or activity.is_retrieval for activity in before)
        or any((activity.placement_id, session.placement_id) in case.links for activity in before)
    )


def preparation_size(rule: Rule, case: Case) -> Finding:
    """Compare the time of preparation with the time together, week by week, and show the week that is furthest off."""
    ratios: list[tuple[Fraction, int, int, int]] = []
    for number, activities in case.by_week.items():
        together = sum(a.counted_minutes for a in activities if a.timing == "sync")
        before = sum(a.counted_minutes for a in activities if a.timing == "async" and a.moment == "before")
        if together and before:
            ratios.append((Fraction(before, together), number, before, together))
    if not ratios:
        return rule.silent(case, gettext_noop("No week has both preparation and time together with minutes"))
    band = rule.band_in(case)
    ratio, week, before, together = max(ratios, key=lambda row: (band.size(row[0]), row[0]))
    params: dict[str, Param] = {"week": week, "before": Minutes(before), "together": Minutes(together)}
    if rule.state_of(case, ratio) is State.OK:
        headline = gettext_noop("Preparation and time together are in proportion")
        advice = gettext_noop("At most {value} times the time together, in week {week}.")
    elif band.ok_to is not None and ratio > band.ok_to:
        headline = gettext_noop("In week {week}, preparation is {value} times the time together")
        advice = gettext_noop("{before} for a meeting of {together}. Could some of it come after, or be left out?")
    else:
        headline = gettext_noop("In week {week}, hardly anything prepares for the time together")
        advice = gettext_noop(
            "{before} for {together}. What could students do beforehand, to have more of the meeting?"
        )
    concerned = [a for a in case.by_week[week] if a.moment == "before" or a.timing == "sync"]
    return rule.found(
        case,
        ratio,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[a.placement_id for a in concerned],
        weeks=[week],
    )


def video_with_task(rule: Rule, case: Case) -> Finding:
    """Measure the part of the clips that a task follows in the same week.

    A task is anything but taking in information; it comes for the same outcome, is connected with the clip, or is the
    next thing that students do.
    """
    clips = [activity for activity in case.placed if activity.is_clip]
    if not clips:
        return rule.silent(case, gettext_noop("No clips are planned"))
    idle = [clip for clip in clips if not _has_task(case, clip)]
    return measure_lack(
        rule,
        case,
        lacking=len(idle),
        of=len(clips),
        fine=gettext_noop("Clips lead to something: {value} of them"),
        one=(
            gettext_noop("“{title}” asks nothing of the viewer"),
            gettext_noop("Let a question or a task for the same outcome follow in the same week."),
        ),
        many=(
            gettext_noop("{count} of {all} clips ask nothing of the viewer"),
            gettext_noop("Begin with “{title}”: let a question or a task for the same outcome follow."),
        ),
        params={"title": first_title(idle)},
        placement_ids=[clip.placement_id for clip in idle],
        weeks=weeks_of(idle),
    )


def _has_task(case: Case, clip: PlannedActivity) -> bool:
    if clip.placement_id in case.handed_on:
        return True
    week = case.by_week[clip.week or 0]
    place = next(place for place, a in enumerate(week) if a is clip)
    later = [a for a in week[place + 1 :] if not a.is_clip]
    if later and _is_task(later[0]):
        return True
    return any(_is_task(a) and not set(a.outcome_ids).isdisjoint(clip.outcome_ids) for a in later)


def _is_task(activity: PlannedActivity) -> bool:
    return activity.learning_type != "acquisition" or activity.is_assessed or activity.is_answered


SEQUENCE_RULES = (
    Rule(
        id="C16",
        name="before_during_after",
        measures=gettext_noop("Meetings with preparation and follow-up"),
        unit=Unit.PERCENT,
        band=Band.at_least(70, 40),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Definitions and cases of blended learning (before, during and after class)",
        why=gettext_noop(
            "A blend is more than two courses side by side: what students do alone and what they do together lean on "
            "each other. A rule of thumb."
        ),
        judge=before_during_after,
    ),
    Rule(
        id="C17",
        name="preparation_check",
        measures=gettext_noop("Prepared meetings whose preparation is checked or used"),
        unit=Unit.PERCENT,
        band=Band.at_least(70, 40),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source=(
            "Låg & Sæle, Does the flipped classroom improve student learning and satisfaction?, 2019; van Alten et "
            "al., Effects of flipping the classroom on learning outcomes and satisfaction, 2019"
        ),
        why=gettext_noop(
            "Preparing pays a little more where it is tested, and students stop preparing for what is not used. "
            "The limit is our choice."
        ),
        judge=preparation_check,
    ),
    Rule(
        id="C18",
        name="preparation_size",
        measures=gettext_noop("Preparation against the time together, in the week that is furthest off"),
        unit=Unit.RATIO,
        band=Band.between(("0.25", "2"), (0, 3)),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Carnegie unit (an hour in class, two hours of own work)",
        why=gettext_noop("Too much preparation is skipped, and then the meeting repeats it. A rule of thumb."),
        judge=preparation_size,
    ),
)
CLIP_RULES = (
    Rule(
        id="C22",
        name="video_with_task",
        measures=gettext_noop("Clips that a question or a task follows"),
        unit=Unit.PERCENT,
        band=Band.at_least(80, 50),
        evidence=Evidence.EVID,
        strength=Strength.DIRECTION,
        source="Adesope, Trevisan & Sundararajan, Rethinking the use of tests, 2017",
        why=gettext_noop(
            "What one has to use or recall stays longer than what one has only watched. The limit is our choice."
        ),
        judge=video_with_task,
    ),
)
RULES = (*SEQUENCE_RULES, *CLIP_RULES)
