"""What can be done to policy."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from blendedu.journal.services.notices import tell
from blendedu.people.models import Unit, User
from courses.services import framework
from institution.models import PolicyRule
from institution.policy import in_words, judge, shown
from institution.queries import Judged, Subject, subjects_in
from institution.words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from institution.policy import Demand

JUDGE = "judge-policy"
CHUNK = 500
NAMED_AT_MOST = 30


class StaleRule(Exception):
    """Somebody announced a later version or withdrew the rule since the page was drawn."""


class AlreadyAnnounced(Exception):
    """The same form was sent twice."""

    def __init__(self, rule: PolicyRule) -> None:
        super().__init__(f"{rule} is announced already.")
        self.rule = rule


@transaction.atomic
def announce_rule(
    unit: Unit,
    *,
    title: str,
    demand: Demand,
    force: str,
    valid_from: date,
    actor: User,
    at: datetime,
    reason: str = "",
    supersedes: PolicyRule | None = None,
    series: UUID | None = None,
) -> PolicyRule:
    """Announce a rule, or the next version of one. What was announced is never changed afterwards."""
    if supersedes is not None:
        # RACE: of two that change the same version one row is changed once.
        latest = PolicyRule.objects.filter(pk=supersedes.pk, live=True, withdrawn_on__isnull=True)
        if not latest.update(live=False):
            raise StaleRule
    series = supersedes.series if supersedes else series or uuid4()
    rule = PolicyRule(
        series=series,
        version=supersedes.version + 1 if supersedes else 1,
        title=title,
        reason=reason,
        metric=demand.metric,
        of=demand.of,
        bound=demand.bound,
        limit=demand.limit,
        credits_from=demand.credits_from,
        credits_to=demand.credits_to,
        force=force,
        unit=unit,
        valid_from=valid_from,
        announced_at=at,
        announced_by=actor,
    )
    _save_once(rule)
    if supersedes is not None:
        PolicyRule.objects.filter(pk=supersedes.pk).update(superseded_by=rule)
    record(
        "policy-announced",
        subject="policyrule",
        subject_id=rule.pk,
        actor=actor,
        at=at,
        about=title,
        details={"series": str(series), "version": rule.version, "valid_from": valid_from.isoformat()},
    )
    enqueue(JUDGE, rule.pk, at=at)
    return rule


def _save_once(rule: PolicyRule) -> None:
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError:
        # RACE: two clicks on one form carry the same series; the second finds the rule of the first.
        earlier = PolicyRule.objects.filter(series=rule.series, version=rule.version).first()
        if earlier is None:
            raise
        raise AlreadyAnnounced(earlier) from None


@transaction.atomic
def withdraw_rule(rule: PolicyRule, *, actor: User, at: datetime, on: date) -> None:
    """End a rule from a day on, with every version of it that is still to come."""
    latest = PolicyRule.objects.filter(pk=rule.pk, live=True, withdrawn_on__isnull=True)
    if not latest.update(withdrawn_on=on, withdrawn_by=actor):
        raise StaleRule
    record("policy-withdrawn", subject="policyrule", subject_id=rule.pk, actor=actor, at=at, about=rule.title)


def tell_of_rule(rule_id: int, *, at: datetime) -> None:
    """Tell each DigiCoach once which of their courses break a rule that they kept before, or that is new.

    Courses are judged in chunks, each with one query; a rule that was replaced or withdrawn meanwhile is passed over.
    """
    rules = PolicyRule.objects.select_related("unit", "supersedes__unit").filter(live=True, withdrawn_on__isnull=True)
    rule = rules.filter(pk=rule_id).first()
    if rule is None:
        return
    turned: dict[int, list[Judged]] = defaultdict(list)
    for judged in _newly_broken(rule, on=timezone.localdate(at)):
        if judged.subject.coach_id is not None:
            turned[judged.subject.coach_id].append(judged)
    for coach in User.objects.filter(pk__in=turned, is_active=True):
        with translation.override(coach.language or settings.LANGUAGE_CODE):
            tell(
                [coach],
                cause=f"policy-rule:{rule.pk}",
                title=_("Policy: %(title)s") % {"title": rule.title},
                body=_letter(rule, turned[coach.pk]),
                url=reverse("institution:rule", args=[rule.pk]),
                at=at,
            )


def _newly_broken(rule: PolicyRule, *, on: date) -> Iterator[Judged]:
    before: PolicyRule | None = getattr(rule, "supersedes", None)
    after = 0
    while True:
        chunk = subjects_in([rule.unit], on=on, demand=rule.demand, after=after, at_most=CHUNK)
        for subject in chunk:
            verdict = judge(rule.demand, subject.loads, subject.credits)
            if not verdict.is_broken:
                continue
            if before is None or not _breaks(before, subject):
                yield Judged(subject, verdict)
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].design_id


def _breaks(rule: PolicyRule, subject: Subject) -> bool:
    """Whether a course broke an earlier version; one that it was not about was not broken."""
    demand = rule.demand
    if not subject.unit_path.startswith(rule.unit.path) or not demand.covers(subject.credits):
        return False
    return judge(demand, subject.loads, subject.credits).is_broken


def _letter(rule: PolicyRule, broken: Iterable[Judged]) -> str:
    courses = sorted(broken, key=lambda each: each.subject.title)
    first = ngettext(
        "%(rule)s. From %(date)s %(count)s course that you coach breaks this rule:",
        "%(rule)s. From %(date)s %(count)s courses that you coach break this rule:",
        len(courses),
    ) % {
        "rule": spoken(in_words(rule.demand)),
        "date": date_format(rule.valid_from, "j F Y"),
        "count": len(courses),
    }
    lines = [
        _("- %(title)s: %(value)s; it takes %(missing)s")
        % {
            "title": each.subject.title,
            "value": spoken(shown(rule.demand, each.verdict.value)) if each.verdict.value is not None else "",
            "missing": spoken(each.verdict.missing) if each.verdict.missing else "",
        }
        for each in courses[:NAMED_AT_MOST]
    ]
    if len(courses) > NAMED_AT_MOST:
        lines.append(_("and %(count)s more") % {"count": len(courses) - NAMED_AT_MOST})
    return "\n".join([first, *lines])


class StaleUnit(Exception):
    """Somebody else has set this unit since the page was drawn."""


@transaction.atomic
def set_unit(
    unit: Unit,
    *,
    teaching_hour: int | None,
    small_change_percent: int | None,
    seen: tuple[int | None, int | None],
    actor: User,
    at: datetime,
) -> bool:
    """Set what holds for a unit and below; None is taken from above. `seen` is what the page showed.

    Answers whether the courses have it already; of a large unit a worker sees to it. Raises StaleUnit.
    """
    # RACE: of two administrators at once, one finds other values than they saw.
    shown_hour, shown_percent = seen
    rows = Unit.objects.filter(pk=unit.pk, teaching_hour=shown_hour, small_change_percent=shown_percent)
    if not rows.update(teaching_hour=teaching_hour, small_change_percent=small_change_percent):
        raise StaleUnit
    record(
        "unit-set",
        subject="unit",
        subject_id=unit.pk,
        actor=actor,
        at=at,
        about=unit.name,
        details={
            "teaching_hour": [shown_hour, teaching_hour],
            "small_change_percent": [shown_percent, small_change_percent],
        },
    )
    return framework.resolve_below(unit, at=at)
