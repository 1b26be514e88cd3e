"""Courses, their designs, what is planned in them, how they are reviewed and run."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Offer
from blendedu.people.models import Cohort, Unit

WEEKS_MAX = 60


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
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(WEEKS_MAX)])
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["design", "number"], name="week_number_once")]

    def __str__(self) -> str:
        return f"Week {self.number}"


class Outcome(models.Model):
    """What students can do at the end of the course."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Bloom, 1 remember to 6 create.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["design", "number"], name="outcome_number_once")]

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
    outcomes = models.ManyToManyField(Outcome, blank=True, related_name="placements")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["design", "key"], name="placement_key_once")]
        indexes = [models.Index(fields=["design", "week", "moment", "position"], name="placement_on_board")]

    def __str__(self) -> str:
        return f"{self.activity_id} in design {self.design_id}"


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
    pin_key = models.CharField(max_length=40, blank=True, help_text="Placement key, week number or rule.")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
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
