"""Courses, their designs, what is planned in them, how they are reviewed and run."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Offer
from blendedu.people.models import Cohort, Unit

WEEKS_MAX = 60
LOCK_RESTS = timedelta(seconds=90)  # without a key or a click in the editor, others may take the card over


class Course(models.Model):
    """A unit with outcomes, credits and activities."""

    code = models.SlugField(max_length=32, unique=True)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True, help_text="What it is about, in Markdown.")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="courses")
    credits = models.DecimalField(
        max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(120))]
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="coached_courses"
    )
    # What institution and programme have set for this course, resolved: {"hour": 45, "small_change": 10, "limits":
    # {"C02": {"ok": [null, 1.4], "from": "..."}}}. COST: the Studio judges without asking for it on every move.
    framework = models.JSONField(default=dict, blank=True)
    # The live FindingAnswers by rule, as courses.findings.answering reads them. COST: as above.
    answered = models.JSONField(default=dict, blank=True)
    lecturers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Teaching", related_name="taught_courses")

    # What the person who asked may do; set by courses.access while fetching, for the page to show or hide buttons.
    rights: frozenset[str] = frozenset()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(credits__gte=0), name="course_credits_not_negative")]

    def __str__(self) -> str:
        return self.title


class Teaching(models.Model):
    """A lecturer of a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="teachings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teachings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="lecturer_once_per_course")]

    def __str__(self) -> str:
        return f"{self.user_id} teaches {self.course_id}"


class Design(models.Model):
    """A numbered version of a course: what is planned, and what a run follows."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        ARCHIVED = "archived", _("Archived")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="designs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors")
    # RACE: every change of the plan names the version that it was drawn from, and one UPDATE compares and sets it.
    plan_version = models.PositiveIntegerField(default=0)
    # What balance.loads() says of the plan, so that policy and programmes judge a thousand designs with one query.
    load = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    rights: frozenset[str] = frozenset()  # as Course.rights

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="design_number_once"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(state__in=["draft", "in_review"]), name="design_one_draft_per_course"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.number}"

    @property
    def is_editable(self) -> bool:
        return self.state == self.State.DRAFT


class Week(models.Model):
    """A teaching week of a design."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="weeks")
    # The same from version to version, and whatever its number becomes: comments and comparisons hold on to it.
    key = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(WEEKS_MAX)])
    title = models.CharField(max_length=120, blank=True)
    teaching = models.BooleanField(default=True, help_text="No: preparation, examinations, a break.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="week_number_once"),
            models.UniqueConstraint(fields=["design", "key"], name="week_key_once"),
        ]

    def __str__(self) -> str:
        return f"Week {self.number}"


class Outcome(models.Model):
    """What students can do at the end of the course."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="outcomes")
    # The same from version to version, so that a programme can point at it.
    key = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Bloom, 1 remember to 6 create.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="outcome_number_once"),
            models.UniqueConstraint(fields=["design", "key"], name="outcome_key_once"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=6), name="outcome_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"LO{self.number}"


class Placement(models.Model):
    """An activity at its place in a design: before, together or after in a week, or on the shelf."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("Before")
        TOGETHER = "together", _("Together")
        AFTER = "after", _("After")

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="placements")
    # The same from version to version, so that differences and cascades can be computed.
    key = models.UUIDField(default=uuid.uuid4)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="placements")
    week = models.ForeignKey(Week, on_delete=models.SET_NULL, null=True, blank=True, related_name="placements")
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.BEFORE)
    position = models.PositiveIntegerField(default=0)
    outcomes = models.ManyToManyField(Outcome, through="Alignment", blank=True, related_name="placements")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["design", "key"], name="placement_key_once")]
        indexes = [models.Index(fields=["design", "week", "moment", "position"], name="placement_on_board")]

    def __str__(self) -> str:
        return f"{self.activity_id} in design {self.design_id}"


class Alignment(models.Model):
    """A placement serves an outcome, on a level of its own where somebody has said so."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="alignments")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="alignments")
    level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Bloom, 1 remember to 6 create.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "outcome"], name="alignment_once"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=6), name="alignment_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} serves {self.outcome_id}"


class Link(models.Model):
    """What students make in one activity is used in another."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="links_in")
    note = models.CharField(max_length=160, blank=True, help_text="What is used, and how.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="link_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} used in {self.target_id}"


class EnvironmentAnswers(models.Model):
    """The three questions on learning environments, as the lecturers of a course answer them."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="environment_answers")
    used = models.TextField(blank=True, help_text="Which environments do you use, and what for?")
    wanted = models.JSONField(default=list, help_text="Which would you like to use more?")
    why_not = models.TextField(blank=True, help_text="Why not now?")
    connected = models.TextField(blank=True, help_text="How do you connect them?")
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Environments of {self.course}"


class Limit(models.Model):
    """The bounds of a review rule as somebody has set them. Without a band and not switched off, it is not set now."""

    rule = models.CharField(max_length=8)
    band = models.JSONField(default=dict, blank=True, help_text='As courses.findings reads it: {"ok": [null, 1.4]}.')
    switched_off = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    # What it said before, so that the last change can be taken back.
    before = models.JSONField(default=dict, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_set(self) -> bool:
        return bool(self.band) or self.switched_off


class RuleLimit(Limit):
    """The bounds of a review rule as a unit or a course has set them; nearer to the course wins."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="rule_limits")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, null=True, blank=True, related_name="rule_limits")

    class Meta:
        ordering = ["rule"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "rule"], name="rule_limit_once_per_unit"),
            models.UniqueConstraint(fields=["course", "rule"], name="rule_limit_once_per_course"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, course__isnull=True) | Q(unit__isnull=True, course__isnull=False),
                name="rule_limit_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} version {self.version}"


class FindingAnswer(models.Model):
    """Why a course decided otherwise than a rule asks; it counts until it is taken back."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="finding_answers")
    rule = models.CharField(max_length=40)
    reason = models.TextField()
    # What was answered: the finding at that time, the version of the rule or of its bounds, the version of the design.
    value = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=14, default="warn")
    size = models.FloatField(default=0, help_text="How far off it was, as a finding measures it.")
    rule_version = models.PositiveIntegerField(default=1)
    design_number = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["rule", "-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "rule"], condition=Q(withdrawn_at__isnull=True), name="finding_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:40]}"


class Presence(models.Model):
    """Who has the Studio of a design open, and beside which card. Old rows mean nothing and are swept."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["design", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.design_id}"


class CardLock(models.Model):
    """Who edits a card. Others see the name, and may take over after a while or when it is handed over."""

    placement = models.OneToOneField(Placement, on_delete=models.CASCADE, related_name="lock")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.user_id} edits {self.placement_id}"

    def keeps_out(self, user_id: int, *, at: datetime) -> bool:
        """Whether somebody else has this card: a lock on which nothing happens for a while is free for others."""
        return self.user_id != user_id and at - self.seen_at < LOCK_RESTS


class Storyboard(models.Model):
    """A session in which a team in a room fills a design together; the facilitator freezes and ends it."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="storyboards")
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    rings_at = models.DateTimeField(null=True, blank=True, help_text="When the timer rings.")
    frozen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["design"], condition=Q(ended_at__isnull=True), name="storyboard_one_open_per_design"
            )
        ]

    def __str__(self) -> str:
        return f"Storyboard of {self.design_id}"


class Pattern(models.Model):
    """A piece of design that others may start from, with its author and its licence."""

    class Licence(models.TextChoices):
        CC0 = "cc0", _("CC0: free for any use")
        BY = "by", _("CC BY: name the author")
        BY_SA = "by-sa", _("CC BY-SA: name the author, share alike")
        BY_NC = "by-nc", _("CC BY-NC: name the author, not for profit")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    advice = models.TextField(blank=True, help_text="When to use it, and what to watch.")
    # What it stands on: [{"text": ..., "source": ..., "ground": "EVID", "HEUR" or "NORM"}].
    evidence = models.JSONField(default=list, blank=True)
    content = models.JSONField(help_text="As courses.exchange writes a design.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="patterns"
    )
    attribution = models.CharField(max_length=200, blank=True, help_text="Who is named, and what it is based on.")
    licence = models.CharField(max_length=5, choices=Licence.choices, default=Licence.BY)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="patterns", help_text="Empty: everybody."
    )
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="adaptations")
    shared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class DesignImport(models.Model):
    """A file or a table that was read, waiting to be looked at and taken; nothing is changed before that."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=160)
    format = models.CharField(max_length=16)
    proposal = models.JSONField(help_text="The design as courses.exchange writes it, and what was guessed.")
    report = models.JSONField(default=list, help_text="Taken, changed, left out, line by line.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    design = models.ForeignKey(Design, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports")

    class Meta:
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One change of a plan with what it replaced, so that it can be undone by name."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="steps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=200)
    # [{"row": "placement", "pk": 12, "before": {...} or null, "after": {...} or null}, ...]
    changes = models.JSONField()
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["design", "user", "-id"], name="step_latest")]

    def __str__(self) -> str:
        return self.label


class ReviewRequest(models.Model):
    """A lecturer asks the DigiCoach to look at a design."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the DigiCoach")
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Changes asked for")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="review_requests")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    # What the decision was based on: the version of the plan, its loads and the policy rules in force.
    plan_version = models.PositiveIntegerField()
    # Approved without the DigiCoach, by the institution's rule on small changes.
    small = models.BooleanField(default=False)
    judged = models.JSONField(default=dict)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["design"], condition=Q(state="asked"), name="review_one_open_per_design"),
        ]

    def __str__(self) -> str:
        return f"Review of design {self.design_id}: {self.state}"


class Comment(models.Model):
    """A remark on a design, pinned to an activity, a week or a hint; it follows them from version to version."""

    class Pin(models.TextChoices):
        DESIGN = "design", _("The design")
        ACTIVITY = "activity", _("An activity")
        WEEK = "week", _("A week")
        HINT = "hint", _("A hint")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="comments")
    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="comments")
    pin = models.CharField(max_length=8, choices=Pin.choices, default=Pin.DESIGN)
    pin_key = models.CharField(max_length=40, blank=True, help_text="Key of the placement or week, or the rule.")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentioned_in")
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["course", "pin", "pin_key"], name="comment_by_pin")]

    def __str__(self) -> str:
        return self.text[:40]


class Run(models.Model):
    """One delivery of an approved design to a cohort."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="runs")
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="runs")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The Sunday of the last teaching week.")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "cohort"], name="run_once_per_cohort")]

    def __str__(self) -> str:
        return f"{self.course} {self.name}"


class RunWeek(models.Model):
    """A week of the design in the calendar of a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="weeks")
    number = models.PositiveSmallIntegerField()
    monday = models.DateField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_week_once")]

    def __str__(self) -> str:
        return f"Week {self.number} of run {self.run_id}"


class RunOffer(models.Model):
    """Where an offer stands in its run: which placement it comes from."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="run_offers")
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="run_offer")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="run_offers")
    week_number = models.PositiveSmallIntegerField()
    moment = models.CharField(max_length=8, choices=Placement.Moment.choices)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["week_number", "moment", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "placement"], name="run_offer_once_per_placement")]
        indexes = [models.Index(fields=["run", "week_number"], name="run_offer_of_week")]

    def __str__(self) -> str:
        return f"Offer {self.offer_id} in run {self.run_id}"


class Publication(models.Model):
    """A later design that was published to a run, with all that it changed, so that it can be taken back in a day."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="publications")
    old_design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    new_design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="publications")
    # Every row that was written, before and after, by offer.
    changes = models.JSONField()
    note = models.TextField(blank=True, help_text="What students are told.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"Design {self.new_design_id} to run {self.run_id}"


class ReportedTime(models.Model):
    """What students of all runs of a course report about one card, kept so that a board reads it with its cards."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="reported_times")
    key = models.UUIDField(help_text="Of the placement, from version to version.")
    median = models.PositiveSmallIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="reported_time_once")]

    def __str__(self) -> str:
        return f"{self.median} min, {self.reports} reports"


class ClassQuestion(models.Model):
    """A question that a student wants answered in a session; the lecturer sees it before."""

    run_offer = models.ForeignKey(RunOffer, on_delete=models.CASCADE, related_name="class_questions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
