"""Readings: a text in the page, files, an address or a chapter; read, or not after all."""

from __future__ import annotations

import pytest

from activities.contract import BrokenConfig
from activities.models import Material, Progress
from activities.types.reading import Reading
from tests.activities.seats import CLOSED, NOT_YET, as_user, place, words
from tests.activities.texts import NASTY, is_harmless
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def reading(db):
    return place("reading", {"source": "text", "text": "A **frame** decides.", "pages": 3, "purpose": "survey"})


def test_a_text_is_read_on_the_page(reading):
    page = as_user(reading.student).get(reading.url)

    assert "<strong>frame</strong>" in page.content.decode()
    assert "3 pages" in words(page)
    assert "Read it to: Skim the main ideas" in words(page)


def test_a_student_has_read_it_and_has_not_after_all(reading):
    client = as_user(reading.student)

    states = []
    for data in ({}, {"done": "no"}, {}):
        assert client.post(reading.act("finish"), data).status_code == 303
        states.append(Progress.objects.get().state)

    assert states == [Progress.State.DONE, Progress.State.STARTED, Progress.State.DONE]
    assert "You have read it" in words(client.get(reading.url))


def test_files_are_downloaded(db):
    reading = place("reading", {"source": "file"})
    file = Material.objects.create(
        activity=reading.activity, kind="text", file="material/x", name="Chapter 2.pdf", size=2048, content_type="x"
    )

    page = as_user(reading.student).get(reading.url).content.decode()

    assert f'href="/courses/mkc-101/material/{file.pk}/" download>Chapter 2.pdf</a>' in page


def test_an_address_opens_by_itself_and_says_its_host(db):
    reading = place("reading", {"source": "address", "address": "https://example.org/article?a=1&b=2"})

    page = as_user(reading.student).get(reading.url)

    assert (
        'href="https://example.org/article?a=1&amp;b=2" target="_blank" rel="noopener nofollow"'
        in page.content.decode()
    )
    assert "at example.org" in words(page)


def test_a_book_is_named_and_no_link(db):
    reading = place("reading", {"source": "address", "address": "Kotler: Marketing, chapter 2"})

    page = as_user(reading.student).get(reading.url)

    assert "Kotler: Marketing, chapter 2" in words(page)
    assert 'target="_blank"' not in page.content.decode()


@pytest.mark.parametrize("address", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "ftp://a.b/c"])
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(BrokenConfig):
        Reading().parse({"source": "address", "address": address})


@pytest.mark.parametrize("config", [{}, {"source": "file"}, {"source": "address"}])
def test_a_reading_without_its_text_says_so(db, config):
    reading = place("reading", config)

    assert "No text yet" in words(as_user(reading.student).get(reading.url))
    assert Reading().missing(reading.activity) != ()


@pytest.mark.parametrize("window", [CLOSED, NOT_YET])
def test_nothing_is_noted_outside_of_the_window(reading, window):
    reading.move(**window)

    answer = as_user(reading.student).post(reading.act("finish"))

    assert answer.status_code == 409
    assert not Progress.objects.exists()


def test_only_students_read(reading):
    people = (reading.lecturer, reading.coach, UserFactory())

    assert [as_user(one).post(reading.act("finish")).status_code for one in people] == [403, 403, 404]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_never_becomes_a_script(db, text):
    reading = place("reading", {"source": "text", "text": text}, brief=text)

    assert is_harmless(as_user(reading.student).get(reading.url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_files_it_has(db, count, django_assert_num_queries):
    reading = place("reading", {"source": "file"})
    for number in range(count):
        Material.objects.create(activity=reading.activity, kind="text", file="x", name=f"{number}.pdf", size=1)
    client = as_user(reading.student)
    client.get(reading.url)

    # person, seat, week, reason, progress, files, roles, unread
    with django_assert_num_queries(8):
        page = client.get(reading.url)

    assert page.content.decode().count(" download>") == count
