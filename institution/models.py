"""The frame: vision and policy, checked live on every design."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blendedu.people.models import Unit
from institution.policy import Demand

SHARES = ["environment_share", "sync_share", "learning_type_share", "captioned_clips"]
ABOUT_SOMETHING = ["environment_share", "learning_type_share", "activities_in_environment"]


class PolicyRule(models.Model):
    """One version of a rule. It is never changed: a later version supersedes it, and approvals keep naming it.

    Only where it stands in its series changes: whether it is the latest, what superseded it, when it was withdrawn.
    """

    class Metric(models.TextChoices):
        ENVIRONMENT_SHARE = "environment_share", _("Share of an environment")
        SYNC_SHARE = "sync_share", _("Share of time together")
        LEARNING_TYPE_SHARE = "learning_type_share", _("Share of a learning type")
        LEARNING_TYPES_USED = "learning_types_used", _("Learning types used")
        ENVIRONMENTS_USED = "environments_used", _("Environments used")
        WEEK_HOURS = "week_hours", _("Study hours in any week")
        LOAD_PER_CREDIT = "load_per_credit", _("Hours per credit")
        FEEDBACK_DAYS = "feedback_days", _("Working days until feedback")
        CAPTIONED_CLIPS = "captioned_clips", _("Share of clips with captions")
        ACTIVITIES_IN_ENVIRONMENT = "activities_in_environment", _("Activities in an environment")

    class Bound(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class Force(models.TextChoices):
        REQUIRED = "required", _("Required")
        ADVISED = "advised", _("Advised")

    series = models.UUIDField(default=uuid.uuid4, help_text="The same for all versions of a rule.")
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    reason = models.TextField(blank=True, help_text="Why the institution wants it.")
    metric = models.CharField(max_length=32, choices=Metric.choices)
    of = models.CharField(max_length=16, blank=True, help_text="Which environment or learning type.")
    bound = models.CharField(max_length=8, choices=Bound.choices)
    limit = models.DecimalField(max_digits=7, decimal_places=2)
    force = models.CharField(max_length=8, choices=Force.choices, default=Force.ADVISED)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="policy_rules", help_text="It and all below.")
    credits_from = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    credits_to = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    valid_from = models.DateField()
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # RACE: of two administrators who change one rule, one takes this from the earlier version, the other is refused.
    live = models.BooleanField(default=True, help_text="The latest version of its series.")
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    withdrawn_on = models.DateField(null=True, blank=True, help_text="The whole series ends then.")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["title", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="policy_rule_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(live=True), name="policy_rule_one_live_version_per_series"
            ),
            models.CheckConstraint(condition=Q(limit__gte=0), name="policy_rule_limit_not_negative"),
            models.CheckConstraint(
                condition=~Q(metric__in=SHARES) | Q(limit__lte=100), name="policy_rule_share_at_most_all"
            ),
            models.CheckConstraint(
                condition=Q(metric__in=ABOUT_SOMETHING) & ~Q(of="") | ~Q(metric__in=ABOUT_SOMETHING) & Q(of=""),
                name="policy_rule_of_where_needed",
            ),
            models.CheckConstraint(
                condition=Q(credits_from__isnull=True)
                | Q(credits_to__isnull=True)
                | Q(credits_from__lte=models.F("credits_to")),
                name="policy_rule_credits_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    @property
    def demand(self) -> Demand:
        """What it asks, as the sums understand it."""
        return Demand(self.metric, self.bound, self.limit, self.of, self.credits_from, self.credits_to)
