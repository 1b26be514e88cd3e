"""The spine: activities, questions, offers and what students leave on them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities import registry
from blendedu.kit.minutes import ends_of
from blendedu.people.models import Cohort, Group

if TYPE_CHECKING:
    from datetime import datetime

    from activities.contract import ActivityType

MINUTES_MAX = 6000
ONLY_ONE_OWNER = Q(user__isnull=False, group__isnull=True) | Q(user__isnull=True, group__isnull=False)


class LearningType(models.TextChoices):
    """The six learning types (Laurillard, Teaching as a Design Science, 2012)."""

    ACQUISITION = "acquisition", _("Acquisition")
    INQUIRY = "inquiry", _("Inquiry")
    PRACTICE = "practice", _("Practice")
    PRODUCTION = "production", _("Production")
    DISCUSSION = "discussion", _("Discussion")
    COLLABORATION = "collaboration", _("Collaboration")


class Timing(models.TextChoices):
    SYNC = "sync", _("Together")
    ASYNC = "async", _("Own time")


class Environment(models.TextChoices):
    DIGITAL = "digital", _("Digital")
    PHYSICAL = "physical", _("Physical")
    WORKPLACE = "workplace", _("Workplace")
    HYBRID = "hybrid", _("Hybrid")


class Place(models.TextChoices):
    CAMPUS = "campus", _("On campus")
    ONLINE = "online", _("Online")
    WORKPLACE = "workplace", _("At the workplace")
    ANYWHERE = "anywhere", _("Anywhere")


class Grouping(models.TextChoices):
    ALONE = "alone", _("Alone")
    PAIR = "pair", _("In pairs")
    GROUP = "group", _("In groups")
    CLASS = "class", _("Whole class")


class Guidance(models.TextChoices):
    NONE = "none", _("On their own")
    LECTURER = "lecturer", _("With the lecturer")
    PEER = "peer", _("With peers")
    MENTOR = "mentor", _("With a mentor")


class Assessment(models.TextChoices):
    NONE = "none", _("Not assessed")
    FORMATIVE = "formative", _("Formative")
    SUMMATIVE = "summative", _("Summative")


class FeedbackBy(models.TextChoices):
    NONE = "none", _("No feedback")
    AUTOMATIC = "automatic", _("Automatic")
    LECTURER = "lecturer", _("Lecturer")
    PEER = "peer", _("Peers")


class MinutesBasis(models.TextChoices):
    ENTERED = "entered", _("Entered by a lecturer")
    ESTIMATED = "estimated", _("Estimated")
    MEASURED = "measured", _("Reported by students")


class AssessmentForm(models.TextChoices):
    """What kind of proof an assessment asks for; a programme counts how many kinds its students meet."""

    EXAM = "exam", _("Exam")
    TEST = "test", _("Test")
    REPORT = "report", _("Report")
    PRESENTATION = "presentation", _("Presentation")
    CASE = "case", _("Case")
    PORTFOLIO = "portfolio", _("Portfolio")
    PRACTICAL = "practical", _("Practical work")
    ORAL = "oral", _("Oral")
    PARTICIPATION = "participation", _("Participation")
    OTHER = "other", _("Other")


class Purpose(models.TextChoices):
    """What an activity is for, where its type does not say so. Some review rules look for it."""

    RETRIEVAL = "retrieval", _("Recall what was learnt")
    REFLECTION = "reflection", _("Look back and reflect")
    SELF_ASSESSMENT = "self_assessment", _("Assess yourself")
    EVALUATION = "evaluation", _("Evaluate the course")
    GUIDE = "guide", _("Course guide")
    HOW_TO = "how_to", _("How to work here")
    CONTACT = "contact", _("Get to know each other")
    COACHING = "coaching", _("Coaching meeting")
    BITE = "bite", _("Learning bite")


class Alternative(models.TextChoices):
    """What a student does who cannot be there when all meet."""

    RECORDING = "recording", _("A recording")
    OWN_TIME = "own_time", _("The same in own time")
    PRESENCE = "presence", _("None: being there is the point")


class Activity(models.Model):
    """What students do once: the design's card, and what an offer offers."""

    type_key = models.CharField(max_length=32, choices=registry.choices)
    title = models.CharField(max_length=160)
    brief = models.TextField(blank=True, help_text="What to do, in Markdown.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(MINUTES_MAX)])
    # Where one number would not be honest. Sums take `minutes`, the middle, and carry the range along.
    minutes_low = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_high = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_basis = models.CharField(max_length=10, choices=MinutesBasis.choices, default=MinutesBasis.ENTERED)
    # How the minutes were estimated: {"method": "reading", "inputs": {...}}, as courses.workload reads it.
    estimate = models.JSONField(default=dict, blank=True)
    learning_type = models.CharField(max_length=16, choices=LearningType.choices)
    second_type = models.CharField(max_length=16, choices=LearningType.choices, blank=True)
    second_share = models.PositiveSmallIntegerField(default=0, help_text="Per cent of the minutes, at most 50.")
    timing = models.CharField(max_length=5, choices=Timing.choices)
    place = models.CharField(max_length=10, choices=Place.choices)
    environment = models.CharField(max_length=10, choices=Environment.choices)
    grouping = models.CharField(max_length=6, choices=Grouping.choices, default=Grouping.ALONE)
    group_size = models.PositiveSmallIntegerField(null=True, blank=True)
    guidance = models.CharField(max_length=8, choices=Guidance.choices, default=Guidance.NONE)
    assessment = models.CharField(max_length=9, choices=Assessment.choices, default=Assessment.NONE)
    weight = models.PositiveSmallIntegerField(default=0, help_text="Per cent of the result of the course.")
    feedback_by = models.CharField(max_length=9, choices=FeedbackBy.choices, default=FeedbackBy.NONE)
    feedback_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Working days.")
    feedback_elaborated = models.BooleanField(default=False)
    required = models.BooleanField(default=True)
    assessment_form = models.CharField(max_length=13, choices=AssessmentForm.choices, blank=True)
    own_choice = models.BooleanField(default=False, help_text="Students choose the form or the subject.")
    alternative = models.CharField(max_length=9, choices=Alternative.choices, blank=True)
    purpose = models.CharField(max_length=15, choices=Purpose.choices, blank=True)
    tool = models.CharField(max_length=60, blank=True, help_text="What students have to learn to use for it.")
    points = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    config = models.JSONField(default=dict, blank=True)
    # Files that belong to the activity itself (a clip, its captions, a text) live in Material.

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=MINUTES_MAX), name="activity_minutes_bounded"
            ),
            models.CheckConstraint(
                condition=Q(minutes_low__isnull=True, minutes_high__isnull=True)
                | Q(
                    minutes_low__isnull=False,
                    minutes_low__lt=F("minutes_high"),
                    minutes__gte=F("minutes_low"),
                    minutes__lte=F("minutes_high"),
                    minutes_high__lte=MINUTES_MAX,
                ),
                name="activity_minutes_range_ordered",
            ),
            models.CheckConstraint(condition=Q(second_share__lte=50), name="activity_second_share_bounded"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="activity_weight_bounded"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes_range(self) -> tuple[int, int]:
        """The least and the most that it may take; twice the same where one number was given, or none."""
        return ends_of(self.minutes, self.minutes_low, self.minutes_high)

    @property
    def type(self) -> ActivityType[Any]:  # Any: each type has a configuration of its own
        return registry.get(self.type_key)


def material_path(material: Material, name: str) -> str:
    # SECURITY: stored names are ours; the name that the person gave is kept in a column and only ever quoted back.
    return f"material/{uuid.uuid4().hex}"


class Material(models.Model):
    """A file that belongs to an activity: a clip, its captions, a text."""

    class Kind(models.TextChoices):
        CLIP = "clip", _("Clip")
        CAPTIONS = "captions", _("Captions")
        TEXT = "text", _("Text")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="materials")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.FileField(upload_to=material_path, max_length=120)
    name = models.CharField(max_length=160)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    language = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question of an activity, as its author edits it. Students answer a Paper, never this row."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    content = models.JSONField(help_text="As activities.questions writes it.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "key"], name="question_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Paper(models.Model):
    """The questions of an activity as they stood when somebody began to answer. Never changed; shared by attempts."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="papers")
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    max_points = models.DecimalField(max_digits=7, decimal_places=2)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "digest"], name="paper_once_per_content")]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.digest[:8]}"


class Offer(models.Model):
    """An activity offered to a cohort: what students act on. It outlives versions of the design."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="offers")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="offers")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="A session ends then; work is late after it.")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Nothing is taken after it. Empty: never.")
    room = models.CharField(max_length=80, blank=True)
    link = models.URLField(max_length=400, blank=True)
    recording = models.URLField(max_length=400, blank=True)
    # No: planned, not built. Students are told that it is not ready yet, until somebody makes what is missing. What is
    # offered is never edited (copy on write), so this changes only where an offer gets an activity, a place or groups.
    built = models.BooleanField(default=True)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="A later version of the design left it out; kept, shown to nobody."
    )

    class Meta:
        indexes = [
            models.Index(fields=["cohort", "due_at"], name="offer_of_cohort"),
            # COST: asked every hour over all courses; nearly every offer is built.
            models.Index(fields=["opens_at"], condition=Q(built=False), name="offer_not_built"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("opens_at")), name="offer_due_after_opening"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gte=F("due_at")), name="offer_closes_after_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} for {self.cohort}"

    def is_open(self, at: datetime) -> bool:
        return self.is_ready and self.opens_at <= at and (self.closes_at is None or at <= self.closes_at)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to open: it was built, and is still part of the course."""
        return self.built and self.withdrawn_at is None


class Attempt(models.Model):
    """One try of a student, or of a group, at an offer."""

    class State(models.TextChoices):
        OPEN = "open", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        GRADED = "graded", _("Graded")

    # The numbers of attempts are unique per offer, which is the index for it too.
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    # Who was in the group when it handed in: groups change, and whose work it was does not.
    makers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="made_attempts")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="The time limit, kept by the server.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    late = models.BooleanField(default=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts")
    # What the activity asked when the attempt began, so that editing it never changes the past by accident.
    config_seen = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    max_points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    feedback = models.TextField(blank=True)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    graded_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    # RACE: two graders, or two tabs of a student; each write names the revision it was drawn from.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONLY_ONE_OWNER, name="attempt_has_one_owner"),
            models.UniqueConstraint(fields=["offer", "user", "number"], name="attempt_number_once_per_user"),
            models.UniqueConstraint(fields=["offer", "group", "number"], name="attempt_number_once_per_group"),
            models.UniqueConstraint(
                fields=["offer", "user"],
                condition=Q(state="open", user__isnull=False),
                name="attempt_one_open_per_user",
            ),
            models.UniqueConstraint(
                fields=["offer", "group"],
                condition=Q(state="open", group__isnull=False),
                name="attempt_one_open_per_group",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(submitted_at__isnull=False), name="attempt_submitted_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} at offer {self.offer_id}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class Answer(models.Model):
    """One line of the log of answers of an attempt. Lines are only added; the last line of a question counts."""

    # COST: no index of its own: the constraint below begins with it, and an examination writes little else.
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers", db_index=False)
    revision = models.PositiveIntegerField()
    question = models.CharField(max_length=32)
    value = models.JSONField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [
            # RACE: a tab that has not seen the latest line cannot write the next one (trust.md F1).
            models.UniqueConstraint(fields=["attempt", "revision"], name="answer_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.revision}: {self.question}"


def attempt_file_path(file: AttemptFile, name: str) -> str:
    # SECURITY: see material_path.
    return f"attempts/{uuid.uuid4().hex}"


class AttemptFile(models.Model):
    """A file that a student handed in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=attempt_file_path, max_length=120)
    name = models.CharField(max_length=160)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Remark(models.Model):
    """A comment of a lecturer on an attempt; students see it when the feedback is released."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(AttemptFile, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


def post_file_path(post: Post, name: str) -> str:
    # SECURITY: see material_path.
    return f"posts/{uuid.uuid4().hex}"


class Post(models.Model):
    """Something said in a discussion or put on a share board."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=400, blank=True)
    file = models.FileField(upload_to=post_file_path, max_length=120, blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    file_type = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    # What a lecturer took away, its author cannot put back.
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # As it was when it was written: people change roles, what they said does not.
    by_lecturer = models.BooleanField(default=False)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["offer", "created_at"], name="post_of_offer")]

    def __str__(self) -> str:
        return self.title or self.text[:40]


class Attendance(models.Model):
    """Who was at a session."""

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        LATE = "late", _("Late")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendances")
    state = models.CharField(max_length=8, choices=State.choices)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "user"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class Progress(models.Model):
    """How far a student is with an offer; the week and the gradebook read this one table."""

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        SUBMITTED = "submitted", _("Submitted")
        DONE = "done", _("Done")

    # There is nothing left for the student to do.
    FINISHED: ClassVar = frozenset({State.SUBMITTED, State.DONE})

    # The constraint below is the index for it too.
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="progress", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="progress")
    state = models.CharField(max_length=9, choices=State.choices, default=State.STARTED)
    share = models.PositiveSmallIntegerField(default=0, help_text="Per cent.")
    position = models.PositiveIntegerField(default=0, help_text="Where to resume: seconds of a clip.")
    # Which stretches of a clip were played, as [[from, to], ...] in seconds.
    played = models.JSONField(default=list)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    max_points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    minutes_reported = models.PositiveSmallIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "progress"
        constraints = [
            models.UniqueConstraint(fields=["offer", "user"], name="progress_once"),
            models.CheckConstraint(condition=Q(share__lte=100), name="progress_share_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    @property
    def is_done(self) -> bool:
        return self.state in self.FINISHED
