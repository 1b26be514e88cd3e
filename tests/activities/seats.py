"""A course with a run, and the people around one offer: a student, a lecturer, a coach, a stranger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from activities.models import Activity, Offer
from blendedu.people.models import User
from courses.models import Run, RunOffer
from tests.factories import (
    NOW,
    ActivityFactory,
    CourseFactory,
    MembershipFactory,
    OfferFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

CODE = "mkc-101"
OPEN = {"opens_at": NOW - timedelta(days=2), "due_at": NOW + timedelta(days=4)}
NOT_YET = {"opens_at": NOW + timedelta(hours=1), "due_at": NOW + timedelta(days=4)}
LATE = {"opens_at": NOW - timedelta(days=9), "due_at": NOW - timedelta(hours=1)}
CLOSED = {**LATE, "closes_at": NOW - timedelta(minutes=1)}


@dataclass
class Place:
    """One offer and the people around it."""

    run_offer: RunOffer
    student: User
    lecturer: User
    coach: User

    @property
    def offer(self) -> Offer:
        return self.run_offer.offer

    @property
    def activity(self) -> Activity:
        return self.run_offer.offer.activity

    @property
    def run(self) -> Run:
        return self.run_offer.run

    @property
    def url(self) -> str:
        return reverse("courses:activity", args=[self.run.course.code, self.run_offer.pk])

    def act(self, action: str) -> str:
        return reverse("courses:activity-act", args=[self.run.course.code, self.run_offer.pk, action])

    def another_student(self, name: str = "Amina Rahman", **fields: Any) -> User:
        return MembershipFactory(cohort=self.run.cohort, user__name=name, **fields).user

    def move(self, **window: Any) -> None:
        Offer.objects.filter(pk=self.offer.pk).update(**window)


def place(type_key: str, config: dict[str, Any] | None = None, *, offer: dict[str, Any] | None = None, **fields: Any):
    """An open offer of this type, with this configuration."""
    lecturer, coach = UserFactory(name="Emma Vos"), UserFactory(name="Sanne de Wit")
    course = CourseFactory(code=CODE, title="Marketing Communication", coach=coach, lecturer=lecturer)
    run = RunFactory(course=course)
    activity = ActivityFactory(type_key=type_key, title="The activity", config=config or {}, **fields)
    made = OfferFactory(activity=activity, cohort=run.cohort, **{**OPEN, **(offer or {})})
    run_offer = RunOfferFactory(run=run, activity=activity, offer=made)
    student = MembershipFactory(cohort=run.cohort, user__name="Joost Smit").user
    return Place(run_offer, student, lecturer, coach)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()
