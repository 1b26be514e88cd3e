"""What a plan holds, as plain facts: the one shape that every sum about a course is made from.

Nothing here knows the database. `courses.queries` fills these shapes in one query; balance, findings, alignment,
changes and the institution's policy read them. So each sum can be tested, and tried out, without a course.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from blendedu.kit.minutes import ends_of

# The words of the domain, in the order in which they are always shown.
ENVIRONMENTS = ("digital", "physical", "workplace", "hybrid")
TIMINGS = ("sync", "async")
MOMENTS = ("before", "together", "after")
LEARNING_TYPES = ("acquisition", "inquiry", "practice", "production", "discussion", "collaboration")
GROUPINGS = ("alone", "pair", "group", "class")
GUIDANCES = ("none", "lecturer", "peer", "mentor")
FEEDBACKS = ("none", "automatic", "lecturer", "peer")
PLACES = ("campus", "online", "workplace", "anywhere")
ASSESSMENTS = ("none", "formative", "summative")

MOMENT_ORDER = {moment: order for order, moment in enumerate(MOMENTS)}


def half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round halves up, as people do; Python's own `round` takes 2.5 to 2."""
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """One card on the board: an activity and where it is placed.

    `minutes` is None while nobody has estimated them; such an activity counts for nothing and is listed as a gap.
    `week` is None on the shelf; the shelf never counts. `second_share` is the percentage of the minutes that belongs
    to `second_type`, at most half. `has_captions` is None for anything that is not a clip.
    """

    placement_id: int
    key: str
    activity_id: int
    type_key: str
    title: str
    minutes: int | None
    learning_type: str
    second_type: str | None
    second_share: int
    timing: str
    place: str
    environment: str
    grouping: str
    guidance: str
    assessment: str
    weight: int
    feedback_by: str
    feedback_days: int | None
    feedback_elaborated: bool
    required: bool
    week: int | None
    moment: str
    position: int
    outcome_ids: tuple[int, ...]
    has_captions: bool | None
    note_count: int = 0
    clip_seconds: int | None = None  # running time where known; planned minutes may include pausing and rewinding
    # Where one number would not be honest; `minutes` is the middle. Both or neither.
    minutes_low: int | None = None
    minutes_high: int | None = None
    basis: str = "entered"  # entered, estimated or measured
    method: str = ""  # of the estimate, as courses.workload names it
    group_size: int | None = None
    assessment_form: str = ""
    own_choice: bool = False  # students choose form or subject
    alternative: str = ""  # for who cannot be there: recording, own_time, presence
    purpose: str = ""
    tool: str = ""
    # The level (Bloom, 1 to 6) on which it serves each of `outcome_ids`, in their order; None where nobody said so.
    outcome_levels: tuple[int | None, ...] = ()
    # What its type says of it: what students leave (nothing, watching, attempts, posts, attendance), whether they
    # recall what they learnt, in which formats it offers material (text, video), on which weekday and minute it is.
    collects: str = "nothing"
    recalls: bool = False
    formats: tuple[str, ...] = ()
    weekday: int | None = None
    starts: int | None = None
    # The median of what students of all runs say that it took them, and how many said so; None while they are too few.
    reported_minutes: int | None = None
    reported_count: int = 0

    @property
    def counted_minutes(self) -> int:
        """The minutes that enter a sum: nothing is guessed for an activity without an estimate."""
        return self.minutes or 0

    @property
    def minutes_range(self) -> tuple[int, int]:
        """The least and the most that it may take; twice the same where one number was given."""
        return ends_of(self.minutes, self.minutes_low, self.minutes_high)

    def level_for(self, outcome_id: int) -> int | None:
        """The level on which it serves an outcome, if somebody has said so."""
        return dict(zip(self.outcome_ids, self.outcome_levels, strict=False)).get(outcome_id)

    @property
    def is_retrieval(self) -> bool:
        """Whether students recall what they learnt: it says so, or its type does and it is for nothing else."""
        return self.purpose == "retrieval" or (self.recalls and not self.purpose)

    @property
    def is_answered(self) -> bool:
        """Whether students leave something that others, or a machine, can look at."""
        return self.collects in ("attempts", "posts")

    @property
    def is_clip(self) -> bool:
        """Whether captions can be asked of it."""
        return self.has_captions is not None

    @property
    def is_assessed(self) -> bool:
        """Whether somebody or something looks at the result, with or without a mark."""
        return self.assessment != "none"

    def minutes_by_type(self) -> tuple[tuple[str, int], ...]:
        """Divide the minutes over main and second learning type, in whole minutes that add up to the activity."""
        minutes = self.counted_minutes
        if self.second_type is None or self.second_type == self.learning_type or not self.second_share:
            return ((self.learning_type, minutes),)
        second = half_up(minutes * self.second_share, 100)
        return ((self.learning_type, minutes - second), (self.second_type, second))


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A row of the board. Weeks without teaching (preparation, examinations) may hold work, but are no gap if empty."""

    id: int
    number: int
    title: str
    teaching: bool
    key: str = ""
    note_count: int = 0  # open comments pinned to it


@dataclass(frozen=True, slots=True)
class PlannedOutcome:
    """What students can do at the end. `level` is Bloom's, 1 (remember) to 6 (create), if anybody has said so."""

    id: int
    number: int
    text: str
    level: int | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """What students make in one card is used in another; both by `placement_id`."""

    id: int
    source: int
    target: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPeerReview:
    """How students review each other's work in one activity."""

    placement_id: int
    reviews_per_work: int
    counts: bool = False  # for the result
    rubric: bool = False
    calibrations: int = 0  # examples on which students try the rubric first
    rated_by_authors: bool = False
    remarks_after_days: int | None = None  # the lecturer's feedback on the feedback, days after the reviews are in
    window_days: int | None = None


@dataclass(frozen=True, slots=True)
class LastEvaluation:
    """What came of the last time that students were asked about the course."""

    enrolled: int
    responses: int
    actions: int = 0
    actions_told: int = 0  # with a result that students were told


@dataclass(frozen=True, slots=True)
class BuddyPlan:
    """How buddies work together, from one week to another."""

    first_week: int
    last_week: int
    group_size: int = 2
    meeting_weeks: tuple[int, ...] = ()  # in which the buddies meet


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who is appointed for a course, and what feedback on one piece of work takes."""

    students: int
    appointed_minutes: int
    feedback_minutes: tuple[tuple[int, int], ...] = ()  # placement, minutes per piece of work


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a design, complete: everything that a sum about a course may ask."""

    design_id: int
    course_code: str
    title: str
    credits: Decimal
    hours_per_credit_low: int = 25
    hours_per_credit_high: int = 30
    weeks: tuple[PlannedWeek, ...] = ()
    outcomes: tuple[PlannedOutcome, ...] = ()
    activities: tuple[PlannedActivity, ...] = ()
    links: tuple[PlannedLink, ...] = ()
    version: int = 1
    teaching_hour: int = 60  # minutes of an hour on the timetable
    # What other parts of the product know of a course; None or empty where none of them has said anything yet.
    peer_reviews: tuple[PlannedPeerReview, ...] = ()
    last_evaluation: LastEvaluation | None = None
    buddies: BuddyPlan | None = None
    staffing: Staffing | None = None

    @property
    def placed(self) -> tuple[PlannedActivity, ...]:
        """The activities that count, in the order in which students meet them: those in a week, not on the shelf."""
        numbers = {week.number for week in self.weeks}
        return tuple(sorted((activity for activity in self.activities if activity.week in numbers), key=_board_order))

    @property
    def shelf(self) -> tuple[PlannedActivity, ...]:
        """The activities that wait for a week; they count nowhere."""
        numbers = {week.number for week in self.weeks}
        return tuple(activity for activity in self.activities if activity.week not in numbers)

    @property
    def teaching_weeks(self) -> tuple[PlannedWeek, ...]:
        """The weeks in which something is expected to happen."""
        return tuple(week for week in self.weeks if week.teaching)

    def activities_in(self, week: int, moment: str | None = None) -> tuple[PlannedActivity, ...]:
        """The activities of a week, or of one cell of the board, in their order."""
        return tuple(
            activity
            for activity in self.placed
            if activity.week == week and (moment is None or activity.moment == moment)
        )

    def minutes_for_credits(self) -> tuple[int, int]:
        """The study time that the credits stand for, lowest and highest (ECTS Users' Guide, 2015: 25 to 30 hours)."""
        low = self.credits * self.hours_per_credit_low * 60
        high = self.credits * self.hours_per_credit_high * 60
        return int(low.to_integral_value()), int(high.to_integral_value())


def _board_order(activity: PlannedActivity) -> tuple[int, int, int, int]:
    return (
        activity.week or 0,
        MOMENT_ORDER.get(activity.moment, len(MOMENTS)),
        activity.position,
        activity.placement_id,
    )
