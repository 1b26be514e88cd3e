"""A line of a list is drawn once for all who see the same, so what it shows must be values, and equal ones."""

from __future__ import annotations

import pytest
from django.urls import reverse

from activities.models import Progress
from courses.models import RunOffer
from courses.queries.faces import COLUMNS, Face, face_of
from tests.factories import NOW, ActivityFactory, MembershipFactory, OfferFactory, RunOfferFactory

pytestmark = pytest.mark.django_db


def offered(**activity):
    return RunOfferFactory(offer=OfferFactory(activity=ActivityFactory(**activity)))


def test_a_face_is_the_same_from_an_object_and_from_the_columns():
    row = offered(title="Read", minutes=75, minutes_low=60, minutes_high=90, grouping="group")

    columns = RunOffer.objects.filter(pk=row.pk).values_list(*COLUMNS).get()

    assert Face(*columns) == face_of(RunOffer.objects.select_related("offer__activity").get(pk=row.pk))
    assert Face(*columns).minutes_range == (60, 90)


def test_students_who_see_the_same_line_do_not_see_each_others_state(client):
    row = offered(title="Read")
    done, not_done = (MembershipFactory(cohort=row.run.cohort).user for _student in range(2))
    Progress.objects.create(offer=row.offer, user=done, state=Progress.State.DONE, updated_at=NOW)
    page = reverse("courses:overview", args=[row.run.course.code])

    said = []
    for student in (done, not_done, done):
        client.force_login(student)
        said.append("1 of 1 done" in client.get(page).content.decode())

    assert said == [True, False, True]


def test_a_changed_title_is_seen_at_once(client):
    row = offered(title="Read")
    student = MembershipFactory(cohort=row.run.cohort).user
    client.force_login(student)
    page = reverse("courses:overview", args=[row.run.course.code])

    before = client.get(page).content.decode()
    activity = row.offer.activity
    activity.title = "Read <b>twice</b>"
    activity.save()
    after = client.get(page).content.decode()

    assert ">Read</a>" in before
    assert "Read &lt;b&gt;twice&lt;/b&gt;</a>" in after
    assert ">Read</a>" not in after
