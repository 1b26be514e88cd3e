"""Clips: played, resumed, watched; at a host only after a click."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from activities.contract import BrokenConfig
from activities.models import Material, Progress
from activities.types.clip import Clip, clock, embed_address
from tests.activities.seats import CLOSED, NOT_YET, as_user, place, words
from tests.factories import NOW, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def with_clip(clip, *, captions: bool = True):
    for kind, name, content_type in (
        (Material.Kind.CLIP, "framing.webm", "video/webm"),
        (Material.Kind.CAPTIONS, "framing.en.vtt", "text/vtt; charset=utf-8"),
    ):
        if kind == Material.Kind.CLIP or captions:
            Material.objects.create(
                activity=clip.activity,
                kind=kind,
                file=ContentFile(b"0123456789", name=name),
                name=name,
                size=10,
                content_type=content_type,
                language="en" if kind == Material.Kind.CAPTIONS else "",
            )
    return clip


@pytest.fixture
def clip(db):
    return with_clip(place("clip", {"source": "file", "seconds": 100, "captions": "file"}))


def tell(clip, stretches, position=0, **more):
    data = {"played": json.dumps(stretches), "position": position, **more}
    return as_user(clip.student).post(clip.act("played"), data)


def test_the_page_plays_our_own_file_with_its_captions(clip):
    page = as_user(clip.student).get(clip.url).content.decode()

    film, captions = clip.activity.materials.order_by("pk")
    assert f'<source src="/courses/mkc-101/material/{film.pk}/" type="video/webm">' in page
    assert (
        f'<track kind="captions" src="/courses/mkc-101/material/{captions.pk}/" srclang="en" label="English" default>'
        in page
    )
    assert "autoplay" not in page


def test_what_is_played_is_added_up_once_however_often_it_is_told(clip):
    answers = [
        tell(clip, [[0, 30]], 30).json(),
        tell(clip, [[0, 30], [20, 50]], 50).json(),
        tell(clip, [[0, 50]]).json(),
    ]

    assert [answer["share"] for answer in answers] == [30, 50, 50]
    assert Progress.objects.get().played == [[0, 50]]


def test_a_clip_is_watched_from_the_share_that_the_lecturer_set(clip):
    tell(clip, [[0, 79]])
    before = Progress.objects.get().state

    answer = tell(clip, [[0, 80]]).json()

    assert (before, answer) == (Progress.State.STARTED, {"share": 80, "done": True})


def test_a_student_resumes_where_they_stopped(clip):
    tell(clip, [[0, 42]], 42)

    page = as_user(clip.student).get(clip.url)

    assert 'data-resume="42"' in page.content.decode()
    assert "Resume at 0:42" in words(page)


def test_a_clip_that_was_left_at_its_end_begins_again(clip):
    tell(clip, [[50, 99]], 99)

    assert 'data-resume="0"' in as_user(clip.student).get(clip.url).content.decode()


def test_without_scripts_a_student_says_that_they_have_watched_it(clip):
    client = as_user(clip.student)

    answer = client.post(clip.act("finish"))

    assert (answer.status_code, Progress.objects.get().state) == (303, Progress.State.DONE)
    assert "I have watched it" not in words(client.get(clip.url))


def test_saying_it_twice_keeps_the_first_time(clip, at_now):
    client = as_user(clip.student)
    client.post(clip.act("finish"))
    at_now.shift(timedelta(hours=1))

    client.post(clip.act("finish"))

    assert Progress.objects.get().done_at == NOW


@pytest.mark.parametrize(
    "sent",
    [
        {"played": "[[0"},
        {"played": "[1, 2]"},
        {"played": '{"a": 1}'},
        {"played": "[" * 5000},
        {"played": '[["a", "b"]]'},
        {"played": "[[1e999, 3]]"},
        {"played": "[]", "position": "soon"},
        {"played": "[]", "position": "nan"},
        {"played": "[]", "position": "inf"},
    ],
)
def test_a_player_that_sends_no_times_is_refused(clip, sent):
    answer = as_user(clip.student).post(clip.act("played"), sent)

    assert answer.status_code == 422
    assert answer.json() == {"problem": "The player sent something that is not a time."}
    assert not Progress.objects.exists()


@pytest.mark.parametrize("stretches", [[[-50, 20]], [[0, 20], [90, 9999]], [[30, 10]], [[0, 10**30]]])
def test_stretches_outside_of_the_clip_count_only_inside_of_it(clip, stretches):
    answer = tell(clip, stretches, 10**12)

    assert answer.status_code == 200
    assert 0 <= answer.json()["share"] <= 100
    assert Progress.objects.get().position <= 100


def test_a_clip_of_unknown_length_believes_its_player(db):
    clip = with_clip(place("clip", {"source": "file"}))

    assert tell(clip, [[0, 10]], length=20).json()["share"] == 50
    assert tell(clip, [[0, 10]], length=0).status_code == 422


@pytest.mark.parametrize("action", ["played", "finish"])
@pytest.mark.parametrize("window", [CLOSED, NOT_YET])
def test_nothing_is_noted_outside_of_the_window(clip, action, window):
    clip.move(**window)

    answer = as_user(clip.student).post(clip.act(action), {"played": "[[0, 90]]"})

    assert answer.status_code == 409
    assert not Progress.objects.exists()


@pytest.mark.parametrize("action", ["played", "finish"])
def test_only_students_watch(clip, action):
    statuses = [
        as_user(person).post(clip.act(action), {"played": "[[0, 9]]"}).status_code
        for person in (clip.lecturer, clip.coach, UserFactory())
    ]

    assert statuses == [403, 403, 404]
    assert not Progress.objects.exists()


def test_nothing_of_another_host_is_loaded_before_the_click(db):
    clip = place("clip", {"source": "address", "address": "https://youtu.be/dQw4w9WgXcQ", "captions": "host"})

    page = as_user(clip.student).get(clip.url)

    text = page.content.decode()
    assert "<iframe" not in text
    assert 'data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?cc_load_policy=1"' in text
    assert "Load the clip from www.youtube-nocookie.com" in words(page)
    assert 'rel="noopener noreferrer nofollow"' in text


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?cc_load_policy=1",
        ),
        (
            "https://youtube.com/shorts/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?cc_load_policy=1",
        ),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/ab12cd", "https://player.vimeo.com/video/76979871?dnt=1&h=ab12cd"),
        ("https://PLAYER.vimeo.com/video/1?dnt=1", "https://player.vimeo.com/video/1?dnt=1"),
        ("http://www.youtube.com/watch?v=dQw4w9WgXcQ", ""),
        ("https://www.youtube.com/watch?v=../../evil", ""),
        ("https://www.youtube.com/", ""),
        ("https://evil.example/embed/dQw4w9WgXcQ", ""),
        ("https://player.vimeo.com.evil.example/video/1", ""),
        ("https://player.vimeo.com@evil.example/video/1", ""),
        (r"https://evil.example\@player.vimeo.com/video/1", ""),
        ("https://player.vimeo.com:8443/video/1", ""),
        ("https://player.vimeo.com:99999/video/1", ""),
        ("https://[player.vimeo.com/video/1", ""),
        ("https://player.vimeo.com/video/1\n", ""),
        ("https://рlayer.vimeo.com/video/1", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,hello", ""),
        ("", ""),
    ],
)
def test_only_players_of_allowed_hosts_are_embedded(address, player):
    assert embed_address(address) == player


def test_an_address_that_is_not_allowed_is_refused_by_name():
    with pytest.raises(BrokenConfig) as refused:
        Clip().parse({"source": "address", "address": "https://evil.example/film"})

    assert list(refused.value.problems) == ["address"]
    assert "www.youtube-nocookie.com, player.vimeo.com" in str(refused.value)


def test_a_clip_without_its_film_says_so(db):
    clip = place("clip")

    assert "No clip yet" in words(as_user(clip.student).get(clip.url))
    assert Clip().missing(clip.activity) == ("no video yet", "no captions yet")


def test_a_host_that_is_no_longer_allowed_is_told(db, settings):
    clip = place("clip", {"source": "address", "address": "https://vimeo.com/76979871"})
    page = as_user(clip.student)
    settings.BLENDEDU_CLIP_HOSTS = []

    answer = page.get(clip.url)

    assert answer.status_code == 200
    assert "This is not ready yet" in words(answer)


def test_the_week_says_where_a_student_stopped(clip):
    tell(clip, [[0, 45]], 45)

    todo = Clip().todo(clip.offer, Progress.objects.get(), NOW)

    assert (todo.done, todo.line, todo.share, todo.minutes_left) == (False, "Clip, captions, stopped at 0:45", 45, 16)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (190, "3:10"), (3725, "1:02:05")])
def test_a_clock_is_written_as_players_write_it(seconds, shown):
    assert clock(seconds) == shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_captions_it_has(clip, count, django_assert_num_queries):
    for language in ("nl", "fr")[: count - 1]:
        Material.objects.create(
            activity=clip.activity, kind="captions", file="material/x", name="x.vtt", size=1, language=language
        )
    client = as_user(clip.student)
    client.get(clip.url)

    # person, seat, week, reason, files, progress, roles, unread
    with django_assert_num_queries(8):
        page = client.get(clip.url)

    assert page.content.decode().count("<track") == count
