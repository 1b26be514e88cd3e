"""A disk that is full, and what a killed process leaves on it: nothing is half there, and what was typed stays."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.models import Attempt, AttemptFile, Material, Post
from activities.services import leftovers
from activities.tasks import sweep_leftovers
from blendedu.celery import app
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    DesignFactory,
    MembershipFactory,
    PlacementFactory,
    RunFactory,
    RunOfferFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SAID = "could not be kept: our storage takes nothing just now"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def full_disk(monkeypatch):
    """Writes a part, as a real disk does, and then has no room."""

    def save(self, name, content):
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", save)


def seated(client, type_key, **config):
    run = RunFactory(course=CourseFactory(code="mkc"))
    row = RunOfferFactory(run=run, activity=ActivityFactory(type_key=type_key, config=config))
    now = timezone.now()
    row.offer.opens_at, row.offer.due_at = now - timedelta(days=1), now + timedelta(days=1)
    row.offer.save()
    client.force_login(MembershipFactory(cohort=run.cohort).user)
    return f"{reverse('courses:activity', args=['mkc', row.pk])}"


def pdf():
    return SimpleUploadedFile("report.pdf", b"%PDF-1.7 my work")


def test_work_sent_to_a_full_disk_says_so_and_keeps_what_was_typed(client, full_disk):
    page = seated(client, "upload")

    response = client.post(f"{page}save/", {"text": "Two hours of typing", "files": pdf(), "hand_in": "1"})

    said = response.content.decode()
    assert (response.status_code, SAID in said, "Two hours of typing" in said) == (422, True, True)
    assert not AttemptFile.objects.exists()
    assert not Attempt.objects.exclude(state="open").exists()


def test_work_is_handed_in_once_the_disk_takes_it_again(client, monkeypatch):
    page = seated(client, "upload")
    with monkeypatch.context() as full:
        full.setattr(FileSystemStorage, "_save", lambda *_given: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        client.post(f"{page}save/", {"text": "Typed", "files": pdf(), "hand_in": "1", "number": "1", "revision": "0"})

    again = client.post(
        f"{page}save/", {"text": "Typed", "files": pdf(), "hand_in": "1", "number": "1", "revision": "0"}
    )

    assert again.status_code == 303
    assert (Attempt.objects.get().state, AttemptFile.objects.count()) == ("submitted", 1)


def test_example_sent_to_a_full_disk_says_so_and_keeps_what_was_typed(client, full_disk):
    page = seated(client, "shareboard")

    response = client.post(f"{page}share/", {"title": "A poster", "text": "Because of its frame", "file": pdf()})

    said = response.content.decode()
    assert (response.status_code, SAID in said, "Because of its frame" in said) == (422, True, True)
    assert not Post.objects.exists()


def test_material_sent_to_a_full_disk_says_so(client, full_disk):
    lecturer = UserFactory()
    design = DesignFactory(course=CourseFactory(code="mkc", lecturer=lecturer))
    placement = PlacementFactory(design=design, activity=ActivityFactory(type_key="reading"))
    client.force_login(lecturer)

    response = client.post(reverse("courses:materials", args=["mkc", placement.pk]), {"kind": "text", "file": pdf()})

    assert (response.status_code, SAID in response.content.decode()) == (409, True)
    assert not Material.objects.exists()


# F20: what a process leaves that is killed between the disk and the database.
def test_half_a_file_that_nothing_names_is_swept_every_day(client, full_disk):
    page = seated(client, "upload")
    client.post(f"{page}save/", {"text": "Typed", "files": pdf()})
    (left,) = default_storage.listdir("attempts")[1]

    assert leftovers.sweep_leftovers(at=timezone.now()) == 0
    assert leftovers.sweep_leftovers(at=timezone.now() + timedelta(days=3)) == 1
    assert not default_storage.exists(f"attempts/{left}")


def test_sweeping_is_on_the_timetable():
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert sweep_leftovers.name in tasks
