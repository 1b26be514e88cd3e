"""How students work with each other: groups, reviews of each other's work, buddies (C32 to C36, C51, C54)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from courses.calendar import MINUTES_A_DAY
from courses.facts import PlannedActivity, PlannedPeerReview
from courses.findings.finding import Band, Case, Evidence, Finding, Rule, State, Strength, Unit
from courses.words import Param, gettext_noop

NO_REVIEWS = gettext_noop("Nobody has said yet how students review each other's work")


def group_size(rule: Rule, case: Case) -> Finding:
    """Look at the group that is furthest from a size in which everybody takes part.

    The limits of the rule are those for working together; discussions and buddies have their own.
    """
    bands = {"collaboration": rule.band_in(case), "discussion": case.settings.discussion_group}
    sized: list[tuple[Band, int, PlannedActivity | None]] = [
        (bands[activity.learning_type], activity.group_size, activity)
        for activity in case.placed
        if activity.grouping == "group" and activity.group_size and activity.learning_type in bands
    ]
    if case.plan.buddies:
        sized.append((case.settings.buddy_group, case.plan.buddies.group_size, None))
    if not sized:
        return rule.silent(case, gettext_noop("No group that works or talks together has a size yet"))
    band, size, worst = max(sized, key=lambda row: row[0].size(row[1]))
    off = [activity for limits, members, activity in sized if activity and limits.state(members) is not State.OK]
    params: dict[str, Param] = {"title": worst.title if worst else ""}
    if band.state(size) is State.OK:
        headline = gettext_noop("Groups are of a size in which everybody can take part")
        advice = ""
    elif band.ok_to is not None and size > band.ok_to:
        headline = gettext_noop("Groups of {value}: members may hide")
        advice = gettext_noop("In “{title}”.") if worst else gettext_noop("Buddies are two.")
    else:
        headline = gettext_noop("Groups of {value} are small for what they do")
        advice = (
            gettext_noop("In “{title}”. One who stays away is felt at once.")
            if worst
            else gettext_noop("Buddies are two.")
        )
    return rule.found(
        case,
        size,
        headline=headline,
        advice=advice,
        params=params,
        placement_ids=[activity.placement_id for activity in off],
        band=band,
    )


def _reviews(case: Case) -> list[PlannedPeerReview]:
    return [review for review in case.plan.peer_reviews if review.placement_id in case.by_placement]


def _worst(
    rule: Rule,
    case: Case,
    reviews: list[PlannedPeerReview],
    measure: Callable[[PlannedPeerReview], int],
    *,
    fine: str,
    broken: str,
    advice: str,
    band_of: Callable[[PlannedPeerReview, Band], Band] = lambda review, band: band,
) -> Finding:
    """State the review that is furthest from its limits."""
    bands = {review.placement_id: band_of(review, rule.band_in(case)) for review in reviews}
    worst = max(reviews, key=lambda review: bands[review.placement_id].size(measure(review)))
    band, value = bands[worst.placement_id], measure(worst)
    is_fine = band.state(value) is State.OK
    return rule.found(
        case,
        value,
        headline=fine if is_fine else broken,
        advice="" if is_fine else advice,
        params={"title": case.by_placement[worst.placement_id].title},
        placement_ids=[
            review.placement_id
            for review in reviews
            if bands[review.placement_id].state(measure(review)) is not State.OK
        ],
        band=band,
    )


def reviews_per_work(rule: Rule, case: Case) -> Finding:
    """Look at the number of reviews that each work gets; where they count for the result, at least four are needed."""
    reviews = _reviews(case)
    if not reviews:
        return rule.silent(case, NO_REVIEWS)
    need = case.settings.counted_reviews

    def stricter(review: PlannedPeerReview, band: Band) -> Band:
        if not review.counts or band.ok_from is None or band.ok_from >= need:
            return band
        return replace(band, ok_from=need, ok_to=None if band.ok_to is None else max(band.ok_to, need))

    return _worst(
        rule,
        case,
        reviews,
        lambda review: review.reviews_per_work,
        fine=gettext_noop("Each work gets enough reviews, and not too many"),
        broken=gettext_noop("Reviews per work in “{title}”: {value}"),
        advice=gettext_noop("At least 4 are as reliable as one lecturer; after six, writing them teaches little more."),
        band_of=stricter,
    )


def reviewer_training(rule: Rule, case: Case) -> Finding:
    """Count what prepares students for reviews that count: a rubric, and an example to try it on."""
    reviews = [review for review in _reviews(case) if review.counts]
    if not reviews:
        return rule.silent(case, gettext_noop("No review by students counts for the result"))
    return _worst(
        rule,
        case,
        reviews,
        lambda review: review.rubric + (review.calibrations > 0),
        fine=gettext_noop("Students try the rubric before they judge"),
        broken=gettext_noop("Students judge in “{title}” without having tried it"),
        advice=gettext_noop("Let students try the rubric on an example first."),
    )


def back_evaluation(rule: Rule, case: Case) -> Finding:
    """Count what comes back to reviewers: authors rate the reviews, and the lecturer says something about them soon."""
    reviews = _reviews(case)
    if not reviews:
        return rule.silent(case, NO_REVIEWS)
    soon = case.settings.remarks_days
    return _worst(
        rule,
        case,
        reviews,
        lambda review: (
            review.rated_by_authors + (review.remarks_after_days is not None and review.remarks_after_days <= soon)
        ),
        fine=gettext_noop("Reviewers hear what their reviews were worth"),
        broken=gettext_noop("Reviewers in “{title}” hear too little of what their reviews were worth"),
        advice=gettext_noop("Plan feedback on the feedback: let authors rate it, and say something within a week."),
    )


def review_window(rule: Rule, case: Case) -> Finding:
    """Look at the number of days for reviewing."""
    reviews = [review for review in _reviews(case) if review.window_days is not None]
    if not reviews:
        return rule.silent(case, gettext_noop("Nobody has said yet how many days there are for reviews"))
    return _worst(
        rule,
        case,
        reviews,
        lambda review: review.window_days or 0,
        fine=gettext_noop("There is time enough for reviews, and not too much"),
        broken=gettext_noop("{value} to review in “{title}”"),
        advice=gettext_noop("Less is rushed, more is put off until the last day."),
    )


def _coaching_days(case: Case) -> list[int]:
    return sorted(case.windows[a.placement_id][0] // MINUTES_A_DAY for a in case.placed if a.purpose == "coaching")


def buddy_rhythm(rule: Rule, case: Case) -> Finding:
    """Count what keeps buddies going: they meet in every week, and a lecturer with them often enough."""
    buddies = case.plan.buddies
    if buddies is None:
        return rule.silent(case, gettext_noop("This course has no buddy plan"))
    weeks: list[int] = [w.number for w in case.plan.weeks if buddies.first_week <= w.number <= buddies.last_week]
    if not weeks:
        return rule.silent(case, gettext_noop("This course has no buddy plan"))
    meets = set(weeks) <= set(buddies.meeting_weeks)
    start, end = case.places_of_weeks[weeks[0]] * 7, case.places_of_weeks[weeks[-1]] * 7 + 6
    days = [start, *(day for day in _coaching_days(case) if start <= day <= end), end]
    gap, since = 0, start
    for day, later in pairwise(days):
        if later - day > gap:
            gap, since = later - day, day
    coached = gap <= case.settings.coaching_days
    by_place = {place: number for number, place in case.places_of_weeks.items()}
    params: dict[str, Param] = {"from_week": by_place[since // 7], "to_week": by_place[(since + gap) // 7]}
    return rule.found(
        case,
        meets + coached,
        headline=gettext_noop("Buddies meet every week, and you with them")
        if meets and coached
        else gettext_noop("No coaching meeting between week {from_week} and week {to_week}")
        if not coached
        else gettext_noop("Buddies do not meet in every week"),
        advice=gettext_noop("Plan a moment with each pair: questions, no lesson.")
        if not coached
        else ""
        if meets
        else gettext_noop("A fixed moment in the week keeps a pair together."),
        params=params,
    )


def self_assessment_pair(rule: Rule, case: Case) -> Finding:
    """Count the self-assessments of a course with buddies or competences: one at the start, one at the end."""
    own = [a for a in case.placed if a.purpose == "self_assessment"]
    if not own and case.plan.buddies is None and not any(a.purpose == "coaching" for a in case.placed):
        return rule.silent(case, gettext_noop("Only for courses with buddies, coaching or self-assessment"))
    count = len(case.plan.weeks)
    places = [(case.places_of_weeks[a.week or 0] + 1) for a in own]
    begins = any(place == 1 or place <= case.settings.halfway[0] * count for place in places)
    ends = any(place > case.settings.near_end * count and place > 1 for place in places)
    return rule.found(
        case,
        begins + ends,
        headline=gettext_noop("Students see their own progress, from start to end")
        if begins and ends
        else gettext_noop("Students do not assess themselves at the end")
        if begins
        else gettext_noop("Students do not assess themselves at the start"),
        advice=""
        if begins and ends
        else gettext_noop("Let them answer the same questions again in the last week.")
        if begins
        else gettext_noop("Without a start value you cannot show progress."),
        placement_ids=[a.placement_id for a in own],
    )


GROUP_RULES = (
    Rule(
        id="C32",
        name="group_size",
        measures=gettext_noop("Members of a group, where that is furthest off"),
        unit=Unit.COUNT,
        band=Band.between((3, 5), (2, 6)),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Hew & Cheung, Higher-level knowledge construction in asynchronous online discussions, 2010; practice",
        why=gettext_noop(
            "Working together: 3 to 5; discussing: 5 to 12; buddies: 2. The evidence is mixed: a rule of thumb."
        ),
        judge=group_size,
    ),
    Rule(
        id="C33",
        name="reviews_per_work",
        measures=gettext_noop("Reviews that each work gets"),
        unit=Unit.COUNT,
        band=Band.between((3, 5), (2, 6)),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source="Cho, Schunn & Wilson, Validity and reliability of scaffolded peer assessment of writing, 2006",
        why=gettext_noop(
            "With a rubric, four peers judged as validly as a lecturer, in 16 courses. The limits are our choice."
        ),
        judge=reviews_per_work,
    ),
    Rule(
        id="C34",
        name="reviewer_training",
        measures=gettext_noop("What prepares reviewers: a rubric, an example to try it on"),
        unit=Unit.COUNT,
        band=Band.at_least(2, 1),
        evidence=Evidence.EVID,
        strength=Strength.MODERATE,
        source="Calibrated Peer Review (CPR)",
        why=gettext_noop("Who has judged an example judges the works of others better."),
        judge=reviewer_training,
    ),
    Rule(
        id="C35",
        name="back_evaluation",
        measures=gettext_noop("What comes back to reviewers: ratings by authors, remarks by the lecturer"),
        unit=Unit.COUNT,
        band=Band.at_least(2, 1),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source=(
            "SWoRD, Scaffolded writing and rewriting in the discipline; cases of blended learning (feedback on "
            "feedback)"
        ),
        why=gettext_noop("Giving feedback is learnt by hearing what it was worth. A rule of thumb."),
        judge=back_evaluation,
    ),
    Rule(
        id="C36",
        name="review_window",
        measures=gettext_noop("Days for reviewing"),
        unit=Unit.DAYS,
        band=Band.between((3, 7), (2, 10)),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Practice of peer review",
        why=gettext_noop("A review takes an hour, and a free one in the week. A rule of thumb."),
        judge=review_window,
    ),
)
BUDDY_RULES = (
    Rule(
        id="C51",
        name="buddy_rhythm",
        measures=gettext_noop("What keeps buddies going: weekly meetings, coaching every two weeks"),
        unit=Unit.COUNT,
        band=Band.at_least(2, 1),
        evidence=Evidence.INF,
        strength=Strength.PLAIN,
        source="Cases of blended learning (buddies)",
        why=gettext_noop("Pairs that do not meet fall apart unseen. The limits are our choice."),
        judge=buddy_rhythm,
    ),
)
SELF_RULES = (
    Rule(
        id="C54",
        name="self_assessment_pair",
        measures=gettext_noop("Self-assessments: at the start and at the end"),
        unit=Unit.COUNT,
        band=Band.at_least(2, 1),
        evidence=Evidence.HEUR,
        strength=Strength.PLAIN,
        source="Cases of blended learning (indicators of success)",
        why=gettext_noop("Progress is the difference between two measurements. A rule of thumb."),
        judge=self_assessment_pair,
    ),
)
RULES = (*GROUP_RULES, *BUDDY_RULES, *SELF_RULES)
