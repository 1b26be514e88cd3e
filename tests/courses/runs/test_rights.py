"""Who may see and do what with runs: strangers find nothing, students and colleagues are refused."""

import re

import pytest
from django.urls import reverse

from activities.models import Attempt
from blendedu.people.models import Membership
from courses.models import Run
from tests.factories import NOW, CourseFactory, RunFactory, RunOfferFactory, UserFactory

pytestmark = pytest.mark.django_db

LOOKED_AT = ["runs", "run"]  # the DigiCoach and directors look too
TAUGHT = [
    *("run-new", "run-offer", "run-members", "member-leave", "run-groups", "groups-deal", "gradebook"),
    *("gradebook-export", "feedback", "feedback-attempt"),
]
PARTS = ["feedback-releasing"]  # asked by a script, as a part of a page
POSTED = ["groups-move", "group-new", "group-rename", "group-remove", "feedback-release", "remark-remove"]


@pytest.fixture
def addresses(running):
    attempt = Attempt.objects.create(
        offer=running.offer, user=running.students[0], started_at=NOW, submitted_at=NOW, state="submitted"
    )

    def of(code, run, run_offer, member, group, work):
        kinds = [
            ((code,), "runs run-new"),
            ((code, run), "run run-members run-groups groups-deal gradebook gradebook-export groups-move group-new"),
            ((code, run_offer), "run-offer feedback feedback-release feedback-releasing"),
            ((code, run, group), "group-rename group-remove"),
            ((code, run, member), "member-leave"),
            ((code, work), "feedback-attempt"),
            ((code, work, 1), "remark-remove"),
        ]
        return {
            name: reverse(f"courses:{name}", args=arguments) for arguments, names in kinds for name in names.split()
        }

    mine = (running.run.pk, running.run_offer.pk, running.members[0].pk, running.group.pk, attempt.pk)
    return of, mine


def asked(client, name, address):
    return client.post(address) if name in POSTED else client.get(address, {"by": "size", "number": 2})


@pytest.mark.parametrize("name", [*LOOKED_AT, *TAUGHT, *PARTS, *POSTED])
def test_stranger_finds_nothing(client, addresses, name):
    of, mine = addresses
    client.force_login(UserFactory())

    assert asked(client, name, of("mkc-101", *mine)[name]).status_code == 404


@pytest.mark.parametrize("name", [*LOOKED_AT, *TAUGHT, *PARTS, *POSTED])
def test_student_is_refused(client, addresses, running, name):
    of, mine = addresses
    client.force_login(running.students[0])

    assert asked(client, name, of("mkc-101", *mine)[name]).status_code == 403


@pytest.mark.parametrize("name", [*TAUGHT, *PARTS, *POSTED])
def test_coach_looks_and_does_not_teach(client, addresses, coach, name):
    of, mine = addresses
    client.force_login(coach)

    assert asked(client, name, of("mkc-101", *mine)[name]).status_code == 403


@pytest.mark.parametrize("name", LOOKED_AT)
def test_coach_sees_runs_without_what_students_do(client, addresses, coach, name):
    of, mine = addresses
    client.force_login(coach)

    response = client.get(of("mkc-101", *mine)[name])

    assert response.status_code == 200
    assert "Handed in" not in response.content.decode()


@pytest.mark.parametrize("name", ["run", *TAUGHT[1:], *PARTS, *POSTED])
def test_F42_numbers_of_another_course_are_not_found(client, addresses, lecturer, name):
    of, mine = addresses
    CourseFactory(code="own-1", lecturer=lecturer)
    client.force_login(lecturer)

    assert asked(client, name, of("own-1", *mine)[name]).status_code == 404


def test_F42_lecturer_of_another_course_reads_and_writes_nothing(client, addresses):
    of, mine = addresses
    foreigner = UserFactory()
    CourseFactory(lecturer=foreigner)
    client.force_login(foreigner)

    for name, address in of("mkc-101", *mine).items():
        assert asked(client, name, address).status_code == 404, name

    assert Run.objects.count() == 1
    assert Membership.objects.count() == 3


@pytest.mark.parametrize("name", [*LOOKED_AT, *TAUGHT])
def test_F42_looking_never_writes(client, addresses, lecturer, name, django_assert_max_num_queries):
    of, mine = addresses
    client.force_login(lecturer)

    with django_assert_max_num_queries(12) as captured:
        response = asked(client, name, of("mkc-101", *mine)[name])

    assert response.status_code == 200
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_signed_out_person_is_sent_to_sign_in(client, addresses):
    of, mine = addresses

    assert client.get(of("mkc-101", *mine)["gradebook"]).status_code == 302


def test_everything_has_one_heading_and_unique_ids(client, addresses, lecturer):
    of, mine = addresses
    client.force_login(lecturer)

    for name in (*LOOKED_AT, *(name for name in TAUGHT if name != "gradebook-export")):
        text = asked(client, name, of("mkc-101", *mine)[name]).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert text.count("<h1") == 1, name
        assert len(ids) == len(set(ids)), (name, [one for one in ids if ids.count(one) > 1])
        assert not re.search(r"\{[{%]", text), name
        assert not re.search(r'\s(style|onclick)="', text), name


def test_second_run_s_members_are_not_touched_through_the_first(client, running, lecturer):
    other = RunFactory(course=running.course, design=running.run.design)
    client.force_login(lecturer)

    address = reverse("courses:member-leave", args=["mkc-101", other.pk, running.members[0].pk])

    assert client.post(address).status_code == 404
    assert RunOfferFactory(run=other).run_id != running.run.pk
