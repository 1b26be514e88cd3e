"""How environments are connected, and which tools students have to learn (C19, C48, C49)."""

from __future__ import annotations

from courses.facts import ENVIRONMENTS
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit
from courses.words import Param, Series, gettext_noop, word

TWO = 2


def environment_connected(rule: Rule, case: Case) -> Finding:
    """Count the groups of environments between which nothing is handed on.

    Environments that any placed activity uses are the points, connections between activities of different environments
    the lines between them; one group means that everything is connected.
    """
    used = [value for value in ENVIRONMENTS if any(activity.environment == value for activity in case.placed)]
    if len(used) < TWO:
        return rule.silent(case, gettext_noop("Fewer than two environments are used"))
    group = {value: value for value in used}
    for source, target in case.links:
        one = group[case.by_placement[source].environment]
        other = group[case.by_placement[target].environment]
        group = {value: one if of == other else of for value, of in group.items()}
    groups = list(dict.fromkeys(group.values()))
    params: dict[str, Param] = {"environments": Series(tuple(word(value) for value in used)), "all": len(used)}
    if rule.state_of(case, len(groups)) is State.OK:
        headline = gettext_noop("What students make goes from one environment to the next")
        advice = gettext_noop("Connected: {environments}.")
    else:
        params["one"], params["other"] = word(groups[0]), word(groups[1])
        headline = gettext_noop("Nothing connects {one} and {other}")
        advice = gettext_noop(
            "What do students make in the one that they need in the other? Connect two activities: the output of one "
            "is used in the other."
        )
    return rule.found(case, len(groups), headline=headline, advice=advice, params=params)


def _tools(case: Case) -> dict[str, str]:
    """The tools that students need, as they were first written; capitals make no other tool."""
    tools: dict[str, str] = {}
    for activity in case.placed:
        if activity.tool.strip():
            tools.setdefault(activity.tool.strip().casefold(), activity.tool.strip())
    return tools


NO_TOOLS = gettext_noop("No activity names a tool that students have to learn")


def tool_count(rule: Rule, case: Case) -> Finding:
    """Count the tools that students need for the activities of the course."""
    tools = _tools(case)
    if not tools:
        return rule.silent(case, NO_TOOLS)
    ok = rule.state_of(case, len(tools)) is State.OK
    one = len(tools) == 1
    return rule.found(
        case,
        len(tools),
        headline=gettext_noop("Students learn one tool: {tools}")
        if one
        else gettext_noop("Students learn {value} tools")
        if ok
        else gettext_noop("{value} tools; each needs learning time"),
        advice=""
        if one
        else gettext_noop("They are: {tools}.")
        if ok
        else gettext_noop("Could one of them do for another? They are: {tools}."),
        params={"tools": Series(tuple(tools.values()))},
        placement_ids=[activity.placement_id for activity in case.placed if activity.tool.strip()],
    )


def tool_reason(rule: Rule, case: Case) -> Finding:
    """Count the activities that need a tool and serve no outcome. Every activity has a learning type."""
    if not _tools(case):
        return rule.silent(case, NO_TOOLS)
    known = {outcome.id for outcome in case.plan.outcomes}
    without = [a for a in case.placed if a.tool.strip() and known.isdisjoint(a.outcome_ids)]
    params: dict[str, Param] = {
        "count": len(without),
        "tool": without[0].tool.strip() if without else "",
        "title": without[0].title if without else "",
    }
    if rule.state_of(case, len(without)) is State.OK:
        headline = gettext_noop("Every tool serves an outcome")
        advice = ""
    elif len(without) == 1:
        headline = gettext_noop("What does {tool} serve?")
        advice = gettext_noop("“{title}” needs it, and is linked to no outcome.")
    else:
        headline = gettext_noop("{count} activities need a tool and serve no outcome")
        advice = gettext_noop("Begin with “{title}”: what does {tool} serve there?")
    return rule.found(
        case,
        len(without),
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[activity.placement_id for activity in without],
    )


CONNECTION_RULES = (
    Rule(
        id="C19",
        name="environment_connected",
        measures=gettext_noop("Groups of environments that nothing connects"),
        unit=Unit.COUNT,
        band=Band.at_most(1, 2),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source=(
            "Definitions and cases of blended learning (how are environments connected?); Zitter & Hoeve, Hybrid "
            "learning environments, 2012"
        ),
        why=gettext_noop(
            "Learning at a workplace, on campus and online adds up when something goes from one to the other. "
            "The limit is our choice."
        ),
        judge=environment_connected,
    ),
)
TOOL_RULES = (
    Rule(
        id="C48",
        name="tool_count",
        measures=gettext_noop("Tools that students have to learn"),
        unit=Unit.COUNT,
        band=Band.at_most(5, 8),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="EMBED, European maturity model for blended education (tools), 2020",
        why=gettext_noop("Time to learn a tool is time not spent on the subject. A rule of thumb."),
        judge=tool_count,
    ),
    Rule(
        id="C49",
        name="tool_reason",
        measures=gettext_noop("Activities with a tool and without an outcome"),
        unit=Unit.COUNT,
        band=Band.at_most(0, 2),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="EMBED, European maturity model for blended education (tools), 2020",
        why=gettext_noop("A tool is chosen for what students learn with it. The limit is our choice."),
        judge=tool_reason,
    ),
)
RULES = (*CONNECTION_RULES, *TOOL_RULES)
