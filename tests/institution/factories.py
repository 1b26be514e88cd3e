"""Rules without surprises: valid, in force since the first of September, nothing random."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory

from institution.models import PolicyRule
from tests.factories import NOW, UnitFactory, UserFactory


class PolicyRuleFactory(factory.django.DjangoModelFactory[PolicyRule]):
    """At least a fifth of the time together."""

    class Meta:
        model = PolicyRule

    title = "At least 20% together"
    reason = "Students asked for more time with each other."
    metric = PolicyRule.Metric.SYNC_SHARE
    of = ""
    bound = PolicyRule.Bound.AT_LEAST
    limit = Decimal(20)
    force = PolicyRule.Force.REQUIRED
    unit = factory.SubFactory(UnitFactory)
    valid_from = date(2026, 9, 1)
    announced_at = NOW
    announced_by = factory.SubFactory(UserFactory)
