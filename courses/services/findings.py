"""Answers to findings: a course decided otherwise, and says why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from blendedu.journal.services.entries import record
from courses.findings import Answer, again, speaks
from courses.models import Course, FindingAnswer
from courses.spoken import value_said
from courses.words import ENGLISH

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.findings import Finding
    from courses.models import Design


class NotAnswerable(Exception):
    """The rule is kept, or it is a requirement: a reason changes nothing there."""


class NoAnswer(Exception):
    """There is no answer to take back; somebody was first."""


@transaction.atomic
def answer_finding(design: Design, finding: Finding, *, reason: str, by: User, at: datetime) -> None:
    """Say why the course decided otherwise than a rule asks. An earlier answer is kept, as withdrawn."""
    if not finding.answerable or not speaks(finding):
        raise NotAnswerable
    course = _locked(design.course)
    live = FindingAnswer.objects.filter(course=course, rule=finding.rule, withdrawn_at__isnull=True).first()
    if live is not None:
        if live.reason == reason and not again(finding, answer_of(live)):
            return  # the same form, sent twice
        FindingAnswer.objects.filter(pk=live.pk).update(withdrawn_at=at, withdrawn_by=by)
    FindingAnswer.objects.create(
        course=course,
        rule=finding.rule,
        reason=reason,
        value=value_said(finding, ENGLISH),
        state=finding.state.value,
        size=finding.size,
        rule_version=finding.version,
        design_number=design.number,
        given_at=at,
        given_by=by,
    )
    _keep(course)
    record(
        "finding-answered",
        subject="course",
        subject_id=course.pk,
        actor=by,
        at=at,
        about=finding.say(finding.headline),
        details={"rule": finding.rule, "version": finding.version, "value": finding.value, "reason": reason},
    )


@transaction.atomic
def withdraw_answer(course: Course, rule: str, *, by: User, at: datetime) -> None:
    """Take an answer back; the finding is shown among the others again. Raises NoAnswer."""
    course = _locked(course)
    rows = FindingAnswer.objects.filter(course=course, rule=rule, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=at, withdrawn_by=by):
        raise NoAnswer
    _keep(course)
    record("finding-answer-withdrawn", subject="course", subject_id=course.pk, actor=by, at=at, about=rule)


def answer_of(row: FindingAnswer) -> Answer:
    """An answer as sums read it."""
    return Answer(
        reason=row.reason,
        by=row.given_by.name,
        on=timezone.localdate(row.given_at).isoformat(),
        state=row.state,
        size=row.size,
        value=row.value,
        version=row.rule_version,
        design=row.design_number,
    )


def _locked(course: Course) -> Course:
    # RACE: the copy of the answers that a course keeps is written by one at a time.
    return Course.objects.select_for_update().get(pk=course.pk)


def _keep(course: Course) -> None:
    rows = FindingAnswer.objects.filter(course=course, withdrawn_at__isnull=True).select_related("given_by")
    Course.objects.filter(pk=course.pk).update(answered={row.rule: answer_of(row).to_json() for row in rows})
