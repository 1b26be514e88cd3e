"""Files that belong to an activity: put, replaced, taken away, shared by versions, sent to those who may see them."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.models import Activity, Material
from blendedu.journal.models import Entry
from courses.models import Design, Placement
from courses.services.designs import next_version
from tests.activities.seats import CLOSED, NOT_YET, as_user, place, words
from tests.factories import NOW, ActivityFactory, CourseFactory, DesignFactory, PlacementFactory, UserFactory

pytestmark = pytest.mark.django_db

CLIPS = Path(__file__).parents[3] / "blendedu" / "demo" / "clips"
VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nA frame decides.\n"


@pytest.fixture(autouse=True)
def _own_disk_and_clock(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lecturer():
    return UserFactory(name="Emma Vos")


@pytest.fixture
def design(lecturer):
    return DesignFactory(course=CourseFactory(code="mkc-101", lecturer=lecturer))


@pytest.fixture
def clip(design):
    return PlacementFactory(design=design, activity=ActivityFactory(type_key="clip", title="Framing"))


def url(placement):
    return reverse("courses:materials", args=["mkc-101", placement.pk])


def film():
    return SimpleUploadedFile("Framing a message.webm", (CLIPS / "framing-a-message.webm").read_bytes())


def put(placement, person, kind, file, **more):
    return as_user(person).post(url(placement), {"kind": kind, "file": file, "language": "en", **more})


def captions(content=VTT, name="framing.en.vtt"):
    return SimpleUploadedFile(name, content)


def config_of(placement):
    return Activity.objects.get(placements=placement).config


def test_a_clip_tells_its_own_length(clip, lecturer):
    answer = put(clip, lecturer, "clip", film(), seconds=999)

    assert (answer.status_code, answer.url) == (303, url(clip))
    material = Material.objects.get()
    assert (material.name, material.content_type) == ("Framing a message.webm", "video/webm")
    assert config_of(clip) == {"source": "file", "seconds": 12}
    assert "Framing a message.webm" in words(as_user(lecturer).get(url(clip)))
    assert Entry.objects.get(verb="material-put").actor == lecturer


def test_a_clip_that_does_not_say_how_long_it_is_believes_the_lecturer(clip, lecturer):
    silent = SimpleUploadedFile("silent.webm", b"\x1a\x45\xdf\xa3" + b"\x00" * 40)

    put(clip, lecturer, "clip", silent, seconds=190)

    assert config_of(clip)["seconds"] == 190


def test_captions_are_told_to_the_balance_and_the_hints(clip, lecturer):
    put(clip, lecturer, "captions", captions())

    assert config_of(clip) == {"captions": "file"}
    assert Material.objects.get().language == "en"


def test_a_new_clip_takes_the_place_of_the_old_one(clip, lecturer):
    for _again in range(2):
        put(clip, lecturer, "clip", film())

    assert Material.objects.count() == 1


def test_captions_replace_those_in_the_same_language_only(clip, lecturer):
    put(clip, lecturer, "captions", captions(name="one.vtt"))
    put(clip, lecturer, "captions", captions(name="een.vtt"), language="nl")
    put(clip, lecturer, "captions", captions(name="two.vtt"))

    assert sorted(Material.objects.values_list("name", "language")) == [("een.vtt", "nl"), ("two.vtt", "en")]


def test_the_same_text_sent_twice_is_one(design, lecturer, settings):
    reading = PlacementFactory(design=design, activity=ActivityFactory(type_key="reading"))

    answers = [
        put(reading, lecturer, "text", SimpleUploadedFile("chapter.txt", content)).status_code
        for content in (b"Chapter 1", b"Chapter 1", b"Chapter 2")
    ]

    assert answers == [303, 303, 303]
    assert Material.objects.count() == 2
    assert len([each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]) == 2


def test_a_reading_takes_several_files(design, lecturer):
    reading = PlacementFactory(design=design, activity=ActivityFactory(type_key="reading"))

    for name in ("a.pdf", "b.pdf"):
        put(reading, lecturer, "text", SimpleUploadedFile(name, b"%PDF-1.7"))

    assert list(Material.objects.values_list("name", flat=True)) == ["a.pdf", "b.pdf"]
    assert config_of(reading) == {"source": "file"}


@pytest.mark.parametrize(
    ("kind", "file", "problem"),
    [
        ("clip", SimpleUploadedFile("a.mov", b"\0\0\0\x18ftypqt  "), "is not a kind of file that is asked for"),
        ("clip", SimpleUploadedFile("a.mp4", b"<html><script>"), "is not really a .mp4 file"),
        ("clip", SimpleUploadedFile("a.svg", b"<svg/>"), "is not a kind of file that is asked for"),
        ("clip", SimpleUploadedFile("a.webm", b""), "empty"),
        ("captions", SimpleUploadedFile("a.vtt", b"<html>"), "is not really a .vtt file"),
        ("captions", SimpleUploadedFile("a.srt", b"1\n00:00:01,000"), "is not a kind of file that is asked for"),
        ("captions", SimpleUploadedFile("a.vtt", b"WEBVTT\n\nnothing"), "holds no captions"),
        ("captions", SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:02.000 --> 00:01.000\nx"), "ends before it begins"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_place(clip, lecturer, kind, file, problem):
    answer = put(clip, lecturer, kind, file)

    assert answer.status_code == 422
    assert problem in words(answer)
    assert not Material.objects.exists()
    assert not default_storage.exists("material")


def test_nothing_chosen_and_bad_fields_are_refused_in_place(clip, lecturer):
    assert "Choose a file first." in words(put(clip, lecturer, "clip", ""))
    assert put(clip, lecturer, "captions", captions(), language="xx").status_code == 422
    assert put(clip, lecturer, "clip", film(), seconds=-5).status_code == 422
    assert put(clip, lecturer, "clip", film(), seconds=10**9).status_code == 422
    assert not Material.objects.exists()


def test_a_clip_that_is_too_large_is_refused_in_place(clip, lecturer, settings):
    settings.BLENDEDU_UPLOAD_MAX_BYTES = 10_000

    assert put(clip, lecturer, "clip", film()).status_code == 422


@pytest.mark.parametrize("kind", ["text", "", "surprise"])
def test_a_kind_that_the_type_does_not_take_is_not_found(clip, lecturer, kind):
    assert put(clip, lecturer, kind, film()).status_code == 404


def test_an_activity_that_takes_no_files_has_no_such_page(design, lecturer):
    talk = PlacementFactory(design=design, activity=ActivityFactory(type_key="discussion"))

    assert as_user(lecturer).get(url(talk)).status_code == 404


def test_a_file_is_taken_away_and_put_back(clip, lecturer):
    put(clip, lecturer, "captions", captions())
    client = as_user(lecturer)
    material = Material.objects.get()
    content = material.file.read()

    client.post(reverse("courses:material-remove", args=["mkc-101", clip.pk, material.pk]))
    gone = Material.objects.count(), config_of(clip)["captions"]
    page = client.get(url(clip))
    client.post(
        reverse("courses:material-back", args=["mkc-101", clip.pk]),
        {"token": client.session["material_removed"]["token"]},
    )

    assert gone == (0, "none")
    assert "“framing.en.vtt” is removed. Put back" in words(page)
    assert Material.objects.get().file.read() == content
    assert config_of(clip)["captions"] == "file"
    assert "Put back" not in words(client.get(url(clip)))


def test_only_what_was_taken_away_here_can_be_put_back(clip, lecturer, design):
    put(clip, lecturer, "captions", captions())
    client = as_user(lecturer)
    client.post(reverse("courses:material-remove", args=["mkc-101", clip.pk, Material.objects.get().pk]))
    token = client.session["material_removed"]["token"]
    other = PlacementFactory(design=design, activity=ActivityFactory(type_key="clip"))

    answers = [
        client.post(reverse("courses:material-back", args=["mkc-101", placement.pk]), {"token": sent})
        for placement, sent in ((other, token), (clip, token[:-2]), (clip, ""), (clip, "{}"))
    ]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert not Material.objects.exists()


def test_an_approved_version_keeps_its_files_when_the_next_one_changes_them(clip, lecturer, design):
    put(clip, lecturer, "clip", film())
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    design.refresh_from_db()
    draft = next_version(design, by=lecturer, at=NOW)
    copied = Placement.objects.get(design=draft)
    shared = Material.objects.get()

    put(copied, lecturer, "captions", captions())
    as_user(lecturer).post(
        reverse(
            "courses:material-remove",
            args=["mkc-101", copied.pk, Placement.objects.get(design=draft).activity.materials.get(kind="clip").pk],
        )
    )

    copied.refresh_from_db()
    assert copied.activity_id != clip.activity_id
    assert list(clip.activity.materials.all()) == [shared]
    assert default_storage.exists(shared.file.name)
    assert [one.kind for one in copied.activity.materials.all()] == ["captions"]


def test_a_file_of_a_shared_activity_is_taken_away_only_here(clip, lecturer, design):
    put(clip, lecturer, "clip", film())
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)
    design.refresh_from_db()
    draft = next_version(design, by=lecturer, at=NOW)
    copied = Placement.objects.get(design=draft)

    # The page shows the shared row: its number is the one that is sent.
    answer = as_user(lecturer).post(
        reverse("courses:material-remove", args=["mkc-101", copied.pk, Material.objects.get().pk])
    )

    copied.refresh_from_db()
    assert answer.status_code == 303
    assert clip.activity.materials.count() == 1
    assert copied.activity.materials.count() == 0


def test_an_approved_version_is_only_looked_at(clip, lecturer, design):
    put(clip, lecturer, "captions", captions())
    Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED)

    page = as_user(lecturer).get(url(clip))
    answers = [
        put(clip, lecturer, "captions", captions()),
        as_user(lecturer).post(
            reverse("courses:material-remove", args=["mkc-101", clip.pk, Material.objects.get().pk])
        ),
    ]

    assert "This version is not a draft" in words(page)
    assert "Upload" not in words(page)
    assert [answer.status_code for answer in answers] == [409, 409]
    assert Material.objects.count() == 1


def test_only_lecturers_change_files_and_staff_may_look(clip, lecturer, design):
    coach = UserFactory()
    type(design.course).objects.filter(pk=design.course_id).update(coach=coach)

    gets = [as_user(one).get(url(clip)).status_code for one in (lecturer, coach, UserFactory())]
    posts = [put(clip, one, "captions", captions()).status_code for one in (coach, UserFactory())]

    assert (gets, posts) == ([200, 200, 404], [403, 404])
    assert not Material.objects.exists()


def test_a_placement_or_a_file_of_another_course_is_not_found(clip, lecturer):
    foreign = PlacementFactory(activity=ActivityFactory(type_key="clip"))
    elsewhere = Material.objects.create(activity=foreign.activity, kind="clip", file="material/x", name="x", size=1)

    assert as_user(lecturer).get(url(foreign)).status_code == 404
    remove = reverse("courses:material-remove", args=["mkc-101", clip.pk, elsewhere.pk])
    assert as_user(lecturer).post(remove).status_code == 404
    assert as_user(lecturer).get(reverse("courses:material", args=["mkc-101", elsewhere.pk])).status_code == 404


# --- How they reach people ----------------------------------------------------------------------------------------


def offered(**window):
    here = place("clip", {"captions": "file"}, offer=window)
    Material.objects.create(
        activity=here.activity,
        kind="clip",
        file=ContentFile(b"0123456789", name="x"),
        name="Clip.webm",
        size=10,
        content_type="video/webm",
    )
    return here, reverse("courses:material", args=["mkc-101", Material.objects.get().pk])


def test_a_clip_plays_for_those_it_is_offered_to_and_for_staff():
    here, address = offered()

    statuses = [
        as_user(one).get(address).status_code for one in (here.student, here.lecturer, here.coach, UserFactory())
    ]

    assert statuses == [200, 200, 200, 404]


def test_a_clip_can_be_wound_forward():
    here, address = offered()

    answer = as_user(here.student).get(address, headers={"range": "bytes=4-6"})

    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"456")
    assert answer["Content-Range"] == "bytes 4-6/10"
    assert answer["Content-Disposition"] == 'inline; filename="Clip.webm"'


def test_a_clip_is_not_sent_before_it_opens_and_still_after_it_closed():
    here, address = offered(**NOT_YET)
    before = as_user(here.student).get(address).status_code

    here.move(**CLOSED)

    assert (before, as_user(here.student).get(address).status_code) == (403, 200)


def test_a_clip_of_another_activity_is_not_for_a_student_of_the_course(lecturer):
    here, _address = offered()
    draft = PlacementFactory(design=here.run.design, activity=ActivityFactory(type_key="clip"))
    hidden = Material.objects.create(activity=draft.activity, kind="clip", file="material/x", name="x", size=1)

    assert as_user(here.student).get(reverse("courses:material", args=["mkc-101", hidden.pk])).status_code == 403


def test_a_text_is_saved_and_never_shown_by_the_browser():
    here = place("reading", {"source": "file"})
    text = Material.objects.create(
        activity=here.activity,
        kind="text",
        file=ContentFile(b"<script>alert(1)</script>", name="x"),
        name="page.html",
        size=25,
        content_type="text/html",
    )

    answer = as_user(here.student).get(reverse("courses:material", args=["mkc-101", text.pk]))

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_files_there_are(clip, lecturer, count, django_assert_num_queries):
    for language in ("en", "nl", "fr")[:count]:
        Material.objects.create(activity=clip.activity, kind="captions", file="x", name="x", size=1, language=language)
    client = as_user(lecturer)
    client.get(url(clip))

    # person, placement, design and weeks, runs, files, roles, unread
    with django_assert_num_queries(7):
        page = client.get(url(clip))

    assert page.content.decode().count(" download>") == count


def test_playing_a_clip_costs_two_queries(django_assert_num_queries):
    here, address = offered()
    client = as_user(here.student)
    client.get(address)

    with django_assert_num_queries(2):  # person, file with its rights
        client.get(address)
