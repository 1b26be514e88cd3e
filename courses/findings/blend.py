"""Where and when students learn: online or on site, together or in own time, in which environments (C06-C08, C20)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from courses.facts import ENVIRONMENTS, PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.words import Param, Percent, Series, gettext_noop, word

HALF = 50


def _minutes(activities: Iterable[PlannedActivity]) -> int:
    return sum(activity.counted_minutes for activity in activities)


def _is_online(activity: PlannedActivity) -> bool:
    return activity.place == "online" or (activity.place == "anywhere" and activity.environment == "digital")


def blend_label(rule: Rule, case: Case) -> Finding:
    """Name the blend by the online part of class and online time: o = online / (online + on-site).

    Online is what takes place online, and digital work that may be done anywhere; on site is what is on campus.
    Workplaces, and work without a screen that may be done anywhere, are neither. The bands of the table are whole
    percentages (30 to 79), so o is rounded down: 79.9% is still blended, 80% is online. It is a label, never a fault.
    """
    online = [activity for activity in case.placed if _is_online(activity)]
    on_site = [activity for activity in case.placed if activity.place == "campus"]
    whole = _minutes(online) + _minutes(on_site)
    if not whole:
        return rule.silent(case, gettext_noop("No time is planned online or on campus yet"))
    share = math.floor(percent(_minutes(online), whole))
    low = rule.band_in(case).ok_from or 0
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("This is a blended course: {value} of class and online time is online")
    elif share < low:
        headline = gettext_noop("This is a web-supported course: {value} of class and online time is online")
    else:
        headline = gettext_noop("This is an online course: {value} of class and online time is online")
    return rule.found(
        case,
        share,
        headline=headline,
        advice=gettext_noop("Only a name: in research, blended means {ok_from} to {ok_to}. Less and more can be good."),
        placement_ids=[activity.placement_id for activity in online],
    )


def timing_mix(rule: Rule, case: Case) -> Finding:
    """Measure the part of the time that students choose themselves: share(async)."""
    if not case.balance.minutes:
        return rule.silent(case, gettext_noop("No activity has minutes yet"))
    alone = case.balance["timing"]["async"]
    share = percent(alone.minutes, case.balance.minutes)
    own_time = share > HALF
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Time together and own time are mixed: {value} is own time")
        advice = ""
    elif own_time:
        headline = gettext_noop("Almost everything is in own time: {value}")
        advice = gettext_noop("What would a moment together add: questions, a case, meeting each other?")
    else:
        headline = gettext_noop("Almost everything is together: {together}")
        advice = gettext_noop("What would own time add: preparing at one's own pace, deepening, flexibility?")
    rare = case.balance["timing"]["sync" if own_time else "async"]
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        params={"together": Percent.of(100 - share)},
        placement_ids=[part.placement_id for part in rare.parts],
    )


def timing_fit(rule: Rule, case: Case) -> Finding:
    """Ask what time together is used for: the share of synchronous minutes of type acquisition.

    An activity with two learning types counts for the part that is acquisition.
    """
    together = [activity for activity in case.placed if activity.timing == "sync"]
    whole = _minutes(together)
    if not whole:
        return rule.silent(case, gettext_noop("No time together is planned yet"))
    taking_in = [
        (activity.placement_id, minutes)
        for activity in together
        for learning_type, minutes in activity.minutes_by_type()
        if learning_type == "acquisition" and minutes
    ]
    share = percent(sum(minutes for _, minutes in taking_in), whole)
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Time together is for doing: {value} of it is transmission")
        advice = ""
    else:
        headline = gettext_noop("{value} of your time together is transmission")
        advice = gettext_noop("Clips or texts beforehand could free time for questions and cases.")
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        placement_ids=[placement for placement, _ in sorted(taking_in, key=lambda row: -row[1])],
    )


def environment_variety(rule: Rule, case: Case) -> Finding:
    """Count the environments that any placed activity uses, estimated or not."""
    used = [value for value in ENVIRONMENTS if any(activity.environment == value for activity in case.placed)]
    if not used:
        return rule.silent(case, gettext_noop("Nothing is planned yet"))
    params: dict[str, Param] = {
        "environments": Series(tuple(word(value) for value in used)),
        "others": Series(tuple(word(value) for value in ENVIRONMENTS if value not in used)),
    }
    if rule.state_of(case, len(used)) is State.OK:
        return rule.found(
            case,
            len(used),
            headline=gettext_noop("{value} learning environments are used"),
            advice=gettext_noop("They are: {environments}."),
            params=params,
        )
    return rule.found(
        case,
        len(used),
        headline=gettext_noop("Only this environment is used: {environments}"),
        advice=gettext_noop("Which would you like to use more, and why not now: {others}?"),
        params=params,
    )


BLEND_RULES = (
    Rule(
        id="C06",
        name="blend_label",
        measures=gettext_noop("Online part of class and online time"),
        unit=Unit.PERCENT,
        band=Band.between((30, 79), outside=State.NOTE),
        evidence=Evidence.NORM,
        strength=Strength.PLAIN,
        source=(
            "Müller & Mildenberger, Facilitating flexible learning by replacing classroom time with an online learning "
            "environment, 2021"
        ),
        why=gettext_noop(
            "The name tells how your course compares with those in research, where replacing a third to three quarters "
            "of class time gave equal results. It says nothing about quality."
        ),
        judge=blend_label,
    ),
    Rule(
        id="C07",
        name="timing_mix",
        measures=gettext_noop("Part of the time that is own time"),
        unit=Unit.PERCENT,
        band=Band.between((20, 80), (10, 90)),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="Definitions and cases of blended learning (the optimal combination of synchronous and asynchronous)",
        why=gettext_noop(
            "Together suits interaction, own time suits deepening; most courses gain from both. "
            "The limits are our choice."
        ),
        judge=timing_mix,
    ),
    Rule(
        id="C08",
        name="timing_fit",
        measures=gettext_noop("Part of the time together in which students take in information"),
        unit=Unit.PERCENT,
        band=Band.at_most(35, 60),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source=(
            "Låg & Sæle, Does the flipped classroom improve student learning and satisfaction?, 2019; Freeman et al., "
            "Active learning increases student performance in science, engineering, and mathematics, 2014"
        ),
        why=gettext_noop(
            "Students learn more when class time is for working with the subject, and information is taken in "
            "beforehand. Studies support the direction; the limit is our choice."
        ),
        judge=timing_fit,
    ),
)

VARIETY_RULES = (
    Rule(
        id="C20",
        name="environment_variety",
        measures=gettext_noop("Learning environments used"),
        unit=Unit.COUNT,
        band=Band.at_least(2, outside=State.WARN),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Definitions and cases of blended learning (the questions on learning environments)",
        why=gettext_noop("Each environment offers something that the others lack. A rule of thumb, and a question."),
        judge=environment_variety,
    ),
)
RULES = (*BLEND_RULES, *VARIETY_RULES)
