"""Programmes: courses in terms that lead to a qualification."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blendedu.people.models import Term, Unit
from courses.models import Course, Limit


class Programme(models.Model):
    """A coherent set of courses."""

    code = models.SlugField(max_length=32, unique=True)
    title = models.CharField(max_length=160)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")
    credits = models.PositiveSmallIntegerField(default=60)
    # What the programme agreed on; a week above it is shown as too heavy.
    week_hours_max = models.PositiveSmallIntegerField(default=42)

    # What the person who asked may do; set by programmes.access while fetching, for the page to show or hide buttons.
    rights: frozenset[str] = frozenset()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(week_hours_max__gte=1, week_hours_max__lte=80), name="programme_week_hours_bounded"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CoursePlace(models.Model):
    """A course in a term of a programme. Courses in one term run side by side."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="course_places")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="course_places")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="course_places")
    compulsory = models.BooleanField(default=True)

    class Meta:
        ordering = ["term__starts_on", "course__title"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "course", "term"], name="course_once_per_term_of_programme")
        ]

    def __str__(self) -> str:
        return f"{self.course} in {self.programme}"


class ProgrammeOutcome(models.Model):
    """What graduates of a programme can do."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_outcome_number_once"),
        ]

    def __str__(self) -> str:
        return f"PLO{self.number}"


class OutcomeAim(models.Model):
    """An outcome of a course, in whatever version, works towards an outcome of the programme."""

    class Treatment(models.TextChoices):
        INTRODUCED = "introduced", _("Introduced")
        REINFORCED = "reinforced", _("Reinforced")
        MASTERED = "mastered", _("Mastered")

    programme_outcome = models.ForeignKey(ProgrammeOutcome, on_delete=models.CASCADE, related_name="aims")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="outcome_aims")
    outcome_key = models.UUIDField(help_text="Outcome.key, the same from version to version of the design.")
    treatment = models.CharField(max_length=10, choices=Treatment.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme_outcome", "course", "outcome_key"], name="outcome_aim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome_key} {self.treatment}"


class ProgrammeRuleLimit(Limit):
    """The bounds of a review rule as a programme has set them for its courses."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rule_limits")

    class Meta:
        ordering = ["rule"]
        constraints = [models.UniqueConstraint(fields=["programme", "rule"], name="rule_limit_once_per_programme")]

    def __str__(self) -> str:
        return f"{self.rule} of {self.programme_id}"
