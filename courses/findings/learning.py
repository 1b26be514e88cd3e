"""What students do: the mix of learning types (rules C09 to C12)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from courses.facts import LEARNING_TYPES, PlannedActivity
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit, percent
from courses.words import Param, Series, gettext_noop, word

NO_MINUTES = gettext_noop("No activity has minutes yet")


class Engagement(StrEnum):
    """How students are engaged (Chi & Wylie, The ICAP framework, 2014)."""

    PASSIVE = "passive"
    ACTIVE = "active"
    CONSTRUCTIVE = "constructive"
    INTERACTIVE = "interactive"


OWN_MAKING = (Engagement.CONSTRUCTIVE, Engagement.INTERACTIVE)


def engagement(activity: PlannedActivity, learning_type: str) -> Engagement:
    """Derive the mode of engagement; nobody is asked to type it in.

    The table of learning-types.md derives it from learning type, `social` and `response`. `response` is not a facet of
    ours, so it is read from what the plan does know:

    - feedback by a lecturer or by peers means that students hand in something of their own (own product);
    - any other assessment or feedback means that they choose or fill in (select);
    - pairs and groups talk (dialogue); so does a whole class in a discussion.

    So acquisition is passive, and active where something is answered; inquiry and practice are active, constructive
    with an own product, and inquiry in pairs or groups is interactive; production is constructive, interactive in pairs
    or groups; discussion is interactive, constructive for a post written alone; collaboration is interactive.
    """
    in_dialogue = activity.grouping in ("pair", "group")
    own_product = activity.feedback_by in ("lecturer", "peer")
    match learning_type:
        case "acquisition":
            answered = activity.is_assessed or activity.feedback_by != "none"
            return Engagement.ACTIVE if answered else Engagement.PASSIVE
        case "inquiry" if in_dialogue:
            return Engagement.INTERACTIVE
        case "inquiry" | "practice":
            return Engagement.CONSTRUCTIVE if own_product else Engagement.ACTIVE
        case "production":
            return Engagement.INTERACTIVE if in_dialogue else Engagement.CONSTRUCTIVE
        case "discussion":
            return Engagement.CONSTRUCTIVE if activity.grouping == "alone" else Engagement.INTERACTIVE
        case "collaboration":
            return Engagement.INTERACTIVE
        case _:
            return Engagement.ACTIVE


def _placements(case: Case, types: Collection[str]) -> list[int]:
    """The activities of some types, longest part first."""
    parts = [part for value in types for part in case.balance["learning_type"][value].parts if part.minutes]
    return list(dict.fromkeys(part.placement_id for part in sorted(parts, key=lambda part: -part.minutes)))


def type_diversity(rule: Rule, case: Case) -> Finding:
    """Count the learning types with at least 5% of the time, second types included."""
    whole = case.balance.minutes
    if not whole:
        return rule.silent(case, NO_MINUTES)
    types = case.balance["learning_type"]
    used = [t for t in LEARNING_TYPES if percent(types[t].minutes, whole) >= case.settings.type_counts_from]
    params: dict[str, Param] = {
        "used": Series(tuple(word(value) for value in used)),
        "missing": Series(tuple(word(value) for value in LEARNING_TYPES if value not in used)),
        "all": len(LEARNING_TYPES),
    }
    if rule.state_of(case, len(used)) is State.OK:
        return rule.found(
            case,
            len(used),
            headline=gettext_noop("{value} of {all} learning types are used"),
            advice=gettext_noop("They are: {used}."),
            params=params,
        )
    return rule.found(
        case,
        len(used),
        headline=gettext_noop("Only {value} of {all} learning types are used"),
        advice=gettext_noop("Hardly or not used: {missing}. Would one of them serve an outcome?"),
        params=params,
    )


def acquisition_share(rule: Rule, case: Case) -> Finding:
    """Measure the part of the time in which students take in information: share(acquisition)."""
    if not case.balance.minutes:
        return rule.silent(case, NO_MINUTES)
    share = percent(case.balance["learning_type"]["acquisition"].minutes, case.balance.minutes)
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Students do more than take in information: that is {value} of the time")
        advice = ""
    else:
        headline = gettext_noop("Students mostly take in information: {value} of the time")
        advice = gettext_noop("Let them do something with it: a question, an example of their own, a case.")
    return rule.found(case, share, headline=headline, advice=advice, placement_ids=_placements(case, ("acquisition",)))


def communication_share(rule: Rule, case: Case) -> Finding:
    """Measure the part of the time in which students talk or work together: share(discussion + collaboration)."""
    if not case.balance.minutes:
        return rule.silent(case, NO_MINUTES)
    types = case.balance["learning_type"]
    share = percent(types["discussion"].minutes + types["collaboration"].minutes, case.balance.minutes)
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Students talk and work together: {value} of the time")
        advice = ""
    else:
        headline = gettext_noop("Few occasions to talk or work together: {value} of the time")
        advice = gettext_noop("A discussion before class, or a case in pairs, would already help.")
    return rule.found(
        case, share, headline=headline, advice=advice, placement_ids=_placements(case, ("discussion", "collaboration"))
    )


def constructive_share(rule: Rule, case: Case) -> Finding:
    """Measure the part of the time in which students make something of their own or are in dialogue (ICAP)."""
    if not case.balance.minutes:
        return rule.silent(case, NO_MINUTES)
    making = [
        (activity.placement_id, minutes)
        for activity in case.placed
        for learning_type, minutes in activity.minutes_by_type()
        if minutes and engagement(activity, learning_type) in OWN_MAKING
    ]
    share = percent(sum(minutes for _, minutes in making), case.balance.minutes)
    if rule.state_of(case, share) is State.OK:
        headline = gettext_noop("Students make something of their own, or are in dialogue: {value} of the time")
        advice = ""
    else:
        headline = gettext_noop("Little own construction or dialogue: {value} of the time")
        advice = gettext_noop("Ask for something of their own: an example, a solution, a comment on each other's work.")
    longest_first = sorted(making, key=lambda row: -row[1])
    return rule.found(
        case,
        share,
        headline=headline,
        advice=advice,
        placement_ids=dict.fromkeys(placement for placement, _ in longest_first),
    )


RULES = (
    Rule(
        id="C09",
        name="type_diversity",
        measures=gettext_noop("Learning types used"),
        unit=Unit.COUNT,
        band=Band.at_least(4, 3),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Young & Perović, Rapid and creative course design: as easy as ABC?, 2016",
        why=gettext_noop("Different outcomes ask for different ways of learning. A rule of thumb."),
        judge=type_diversity,
    ),
    Rule(
        id="C10",
        name="acquisition_share",
        measures=gettext_noop("Part of the time in which students take in information"),
        unit=Unit.PERCENT,
        band=Band.at_most(50, 65),
        evidence=Evidence.EVID,
        strength=Strength.DIRECTION,
        source=(
            "Toetenel & Rienties, Analysing 157 learning designs using learning analytic approaches as a means to "
            "evaluate the impact of pedagogical decision making, 2016"
        ),
        why=gettext_noop(
            "Courses with much reading, watching and listening please students, but do not lead to better results. "
            "The limit is our choice."
        ),
        judge=acquisition_share,
    ),
    Rule(
        id="C11",
        name="communication_share",
        measures=gettext_noop("Part of the time in which students talk or work together"),
        unit=Unit.PERCENT,
        band=Band.at_least(10, 5),
        evidence=Evidence.EVID,
        strength=Strength.DIRECTION,
        source=(
            "Rienties & Toetenel, The impact of learning design on student behaviour, satisfaction and performance: "
            "a cross-institutional comparison across 151 modules, 2016"
        ),
        why=gettext_noop(
            "In 151 modules of a distance university, time to communicate was the best predictor of students staying. "
            "The limit is our choice."
        ),
        judge=communication_share,
    ),
    Rule(
        id="C12",
        name="constructive_share",
        measures=gettext_noop("Part of the time with own construction or dialogue"),
        unit=Unit.PERCENT,
        band=Band.at_least(40, 25),
        evidence=Evidence.EVID,
        strength=Strength.CONTESTED,
        source=(
            "Chi & Wylie, The ICAP framework: linking cognitive engagement to active learning outcomes, 2014; Freeman "
            "et al., Active learning increases student performance in science, engineering, and mathematics, 2014"
        ),
        why=gettext_noop(
            "Making something and explaining it to others usually teaches more than following along, though not every "
            "study agrees. Use it as a mirror, not as a mark."
        ),
        judge=constructive_share,
    ),
)
