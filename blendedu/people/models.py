"""Who there is: users, units, terms, appointments, cohorts, memberships and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from blendedu.kit.prepared import prepared

if TYPE_CHECKING:
    from datetime import date


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # Any: model fields
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # Any: model fields
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    class MailRhythm(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        OFF = "off", _("Never")

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(max_length=12, blank=True)
    mail_rhythm = models.CharField(max_length=8, choices=MailRhythm.choices, default=MailRhythm.AT_ONCE)
    last_digest_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_once", violation_error_message=_("Known already.")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        # Signing in looks for the address as it is stored: in lower case.
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this person has anywhere; one query, kept for the request. Never decides a right by itself."""
        return frozenset(role for (role,) in _roles(self.pk))


@prepared
def _roles(user: int) -> models.QuerySet[Appointment, tuple[str]]:
    # COST: the menu of every page.
    appointed = Appointment.objects.filter(user=user).values_list("role")
    return appointed.union(Membership.objects.filter(user=user).values_list("role"))


class TeachingHour(models.IntegerChoices):
    """How many minutes an hour on a timetable has."""

    SHORT = 45, _("45 minutes")
    MIDDLE = 50, _("50 minutes")
    FULL = 60, _("60 minutes")


class Unit(models.Model):
    """A part of the institution: a faculty, a school, a department."""

    name = models.CharField(max_length=160)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    # COST: "everything below this unit" is one indexed prefix match instead of a recursive query per page.
    path = models.CharField(max_length=255, unique=True, help_text="Ids from the root: /1/4/")
    # What is empty is taken from the unit above.
    teaching_hour = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=TeachingHour.choices, help_text="Minutes of a teaching hour."
    )
    small_change_percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="A change of an approved design up to this share of its time needs no approval.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(teaching_hour__isnull=True) | models.Q(teaching_hour__in=[45, 50, 60]),
                name="unit_teaching_hour_known",
            ),
            models.CheckConstraint(
                condition=models.Q(small_change_percent__isnull=True) | models.Q(small_change_percent__lte=100),
                name="unit_small_change_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A stretch of the academic year in which courses run."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """Days of a term without teaching."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="holiday_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class Appointment(models.Model):
    """A role of a user in a unit and in everything below it."""

    class Role(models.TextChoices):
        LECTURER = "lecturer", _("Lecturer")
        COACH = "coach", _("DigiCoach")
        DIRECTOR = "director", _("Programme director")
        ADMINISTRATOR = "administrator", _("Administrator")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="appointment_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["lecturer", "coach", "director", "administrator"]),
                name="appointment_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Cohort(models.Model):
    """People who follow a course together."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Members of a cohort who work together."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["cohort", "name"], name="group_name_once_per_cohort")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a cohort, perhaps in one of its groups."""

    class Role(models.TextChoices):
        STUDENT = "student", _("Student")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.STUDENT)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships")
    student_number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="member_once_per_cohort")]

    def __str__(self) -> str:
        return f"{self.user} in {self.cohort}"
