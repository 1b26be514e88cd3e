"""Share boards: links and files with a reason; who sees them, and what is no link."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Post, Progress
from tests.activities.seats import CLOSED, NOT_YET, as_user, place, words
from tests.activities.texts import NASTY, is_harmless
from tests.factories import NOW, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
GOOD = {"title": "Tram poster", "link": "https://example.org/poster", "text": "It speaks to one segment."}


def board(**config):
    return place("shareboard", config)


def share(wall, person, **data):
    return as_user(person).post(wall.act("share"), {**GOOD, **data})


def file(name="poster.png", content=PNG):
    return SimpleUploadedFile(name, content)


def test_a_student_shares_a_link_with_a_reason():
    wall = board()

    answer = share(wall, wall.student)

    page = as_user(wall.another_student()).get(wall.url)
    assert answer.status_code == 303
    assert 'href="https://example.org/poster" target="_blank" rel="noopener nofollow ugc"' in page.content.decode()
    assert "example.org It speaks to one segment." in words(page)
    assert Progress.objects.get().state == Progress.State.DONE
    assert "1 student has shared" in words(page)


def test_a_link_without_https_gets_it():
    wall = board()

    share(wall, wall.student, link="www.example.org/a")

    assert Post.objects.get().link == "https://www.example.org/a"


def test_a_file_is_shared_and_sent_only_to_be_saved():
    wall = board()
    share(wall, wall.student, link="", file=file("Pöster 1.png"))

    answer = as_user(wall.another_student()).get(wall.act("file"), {"post": Post.objects.get().pk})

    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''P%C3%B6ster%201.png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://",
        "not a link at all",
        "https://example.org/" + "a" * 400,
    ],
)
def test_what_is_no_web_address_is_refused_and_nothing_typed_is_lost(link):
    wall = board()

    answer = share(wall, wall.student, link=link)

    assert answer.status_code == 422
    assert not Post.objects.exists()
    assert 'value="Tram poster"' in answer.content.decode()
    assert "It speaks to one segment." in answer.content.decode()
    assert is_harmless(answer)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("page.html", b"<script>alert(1)</script>", "is not a kind of file that is asked for"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a kind of file that is asked for"),
        ("drawing.svgz", b"\x1f\x8b", "is not a kind of file that is asked for"),
        ("page.xhtml", b"<html/>", "is not a kind of file that is asked for"),
        ("page.pdf", b"<html><script>alert(1)</script>", "is not really a .pdf file"),
        ("drawing.png", b"<svg onload=alert(1)>", "is not really a .png file"),
        ("sound.webp", b"RIFF0000WAVEfmt ", "is not really a .webp file"),
        ("poster.png", b"", "empty"),
        ("noextension", PNG, "is not a kind of file that is asked for"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_place(name, content, problem):
    wall = board()

    answer = share(wall, wall.student, link="", file=file(name, content))

    assert answer.status_code == 422
    assert problem in words(answer)
    assert not Post.objects.exists()


def test_a_file_that_is_too_large_is_refused_in_place(settings):
    settings.BLENDEDU_UPLOAD_MAX_BYTES = 1024 * 1024
    wall = board()

    answer = share(wall, wall.student, link="", file=file(content=PNG + b"0" * 1024 * 1024))

    assert answer.status_code == 422
    assert "At most 1 MB are taken." in words(answer)


def test_neither_link_nor_file_is_refused():
    wall = board()

    answer = share(wall, wall.student, link="")

    assert answer.status_code == 422
    assert "Give a link or a file." in words(answer)


def test_a_double_click_shares_once_and_another_file_is_another_example():
    wall = board()

    for name in ("a.png", "a.png", "b.png"):
        share(wall, wall.student, link="", file=file(name))

    assert sorted(Post.objects.values_list("file_name", flat=True)) == ["a.png", "b.png"]


def test_others_and_their_files_are_hidden_until_one_has_shared():
    wall = board(share_first=True)
    share(wall, wall.another_student(), title="A canary", link="", file=file())
    example = Post.objects.get()
    client = as_user(wall.student)

    before = client.get(wall.url), client.get(wall.act("file"), {"post": example.pk})
    share(wall, wall.student)
    after = client.get(wall.url), client.get(wall.act("file"), {"post": example.pk})

    assert ("canary" in words(before[0]), before[1].status_code) == (False, 404)
    assert ("canary" in words(after[0]), after[1].status_code) == (True, 200)


def test_what_was_taken_back_is_gone_for_others_with_its_file():
    wall = board()
    share(wall, wall.student, title="A canary", link="", file=file())
    example = Post.objects.get()
    as_user(wall.student).post(wall.act("remove"), {"post": example.pk})
    amina = as_user(wall.another_student())

    assert "canary" not in words(amina.get(wall.url))
    assert amina.get(wall.act("file"), {"post": example.pk}).status_code == 404
    assert as_user(wall.student).get(wall.act("file"), {"post": example.pk}).status_code == 200


@pytest.mark.parametrize("post", ["", "0", "²", "99999999999999999999", "a"])
def test_a_file_that_does_not_exist_is_not_found(post):
    wall = board()

    assert as_user(wall.student).get(wall.act("file"), {"post": post}).status_code == 404


def test_files_are_for_students_of_the_cohort_and_lecturers():
    wall = board()
    share(wall, wall.student, link="", file=file())
    query = {"post": Post.objects.get().pk}
    people = (wall.another_student(), wall.lecturer, wall.coach, UserFactory())

    assert [as_user(one).get(wall.act("file"), query).status_code for one in people] == [200, 200, 403, 404]


@pytest.mark.parametrize("window", [CLOSED, NOT_YET])
def test_what_comes_outside_of_the_window_is_refused(window):
    wall = board()
    wall.move(**window)

    answer = share(wall, wall.student)

    assert answer.status_code == 409
    assert not Post.objects.exists()
    if window is CLOSED:
        assert 'value="Tram poster"' in answer.content.decode()


@pytest.mark.parametrize("action", ["share", "remove"])
def test_only_students_and_lecturers_take_part(action):
    wall = board()

    assert [as_user(one).post(wall.act(action)).status_code for one in (wall.coach, UserFactory())] == [403, 404]


@pytest.mark.parametrize("text", NASTY)
def test_an_example_never_becomes_a_script(text):
    wall = board()
    Post.objects.create(
        offer=wall.offer, author=wall.student, title=text, text=text, link="https://a.b/'\"><script>", created_at=NOW
    )

    assert is_harmless(as_user(wall.lecturer).get(wall.url))


def test_a_host_that_looks_like_another_is_shown_as_it_is():
    wall = board()
    Post.objects.create(offer=wall.offer, author=wall.student, title="x", link="https://раypal.com/a", created_at=NOW)

    assert "xn--" in words(as_user(wall.lecturer).get(wall.url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_is_shared(count, django_assert_num_queries):
    wall = board(share_first=True)
    for number in range(count):
        Post.objects.create(offer=wall.offer, author=wall.student, title=f"No. {number}", created_at=NOW)
    client = as_user(wall.student)
    client.get(wall.url)

    # person, seat, week, reason, own, count, examples, sharers, roles, unread
    with django_assert_num_queries(10):
        page = client.get(wall.url)

    assert page.content.decode().count('class="panel example"') == count
