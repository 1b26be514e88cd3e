"""Discussions: threads and replies, taking back, who sees whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.models import Post, Progress
from tests.activities.seats import CLOSED, LATE, NOT_YET, as_user, place, words
from tests.activities.texts import NASTY, is_harmless
from tests.factories import NOW, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def discussion(**config):
    return place("discussion", config)


def write(talk, person, text="I think so.", **more):
    return as_user(person).post(talk.act("post"), {"text": text, **more})


def said(talk):
    return [(post.author.name, post.text, post.parent_id) for post in Post.objects.order_by("pk")]


def make(talk, author, text="Something", *, minutes=0, **fields):
    at = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    return Post.objects.create(offer=talk.offer, author=author, text=text, created_at=at, **fields)


def test_a_student_begins_a_thread_and_another_answers():
    talk = discussion()
    amina = talk.another_student("Amina Rahman")

    answer = write(talk, talk.student, "What is a **frame**?", title="Frames")
    thread = Post.objects.get()
    write(talk, amina, "The part of the facts that is seen.", parent=thread.pk)

    assert (answer.status_code, answer.url) == (303, f"{talk.url}#post-{thread.pk}")
    page = as_user(talk.student).get(talk.url)
    assert "<strong>frame</strong>" in page.content.decode()
    assert "Amina Rahman Wed 18 Nov, 10:00 The part of the facts that is seen." in words(page)


def test_a_reply_to_a_reply_stands_under_the_thread():
    talk = discussion()
    thread = make(talk, talk.student)
    reply = make(talk, talk.student, "First", parent=thread)

    write(talk, talk.student, "Second", parent=reply.pk)

    assert Post.objects.get(text="Second").parent == thread


def test_a_double_click_writes_once():
    talk = discussion()

    answers = [write(talk, talk.student, "Only once") for _again in range(2)]

    assert len({answer.url for answer in answers}) == 1
    assert len(said(talk)) == 1


def test_it_is_done_after_as_many_contributions_as_are_asked_for():
    talk = discussion(posts_wanted=2)

    states = []
    for text in ("One", "Two"):
        write(talk, talk.student, text)
        progress = Progress.objects.get()
        states.append((progress.state, progress.share))

    assert states == [(Progress.State.STARTED, 50), (Progress.State.DONE, 100)]


def test_what_is_taken_back_does_not_count_and_can_be_put_back():
    talk = discussion()
    write(talk, talk.student, "A canary sings")
    post = Post.objects.get()
    client, amina = as_user(talk.student), as_user(talk.another_student())

    client.post(talk.act("remove"), {"post": post.pk})
    gone = (
        "canary" in words(amina.get(talk.url)),
        "canary" in words(client.get(talk.url)),
        Progress.objects.get().state,
    )
    client.post(talk.act("remove"), {"post": post.pk, "back": 1})
    back = ("canary" in words(amina.get(talk.url)), Progress.objects.get().state)

    assert gone == (False, True, Progress.State.STARTED)
    assert back == (True, Progress.State.DONE)


def test_a_thread_that_was_answered_keeps_its_place_without_its_words():
    talk = discussion()
    amina = talk.another_student()
    thread = make(talk, talk.student, "A canary sings", title="Canary too", removed_at=NOW, removed_by=talk.student)
    make(talk, amina, "I heard it", parent=thread)

    page = words(as_user(amina).get(talk.url))

    assert "This was taken back." in page
    assert "I heard it" in page
    assert "anary" not in page


def test_what_a_lecturer_took_away_its_author_cannot_put_back():
    talk = discussion()
    post = make(talk, talk.student)
    as_user(talk.lecturer).post(talk.act("remove"), {"post": post.pk})

    answer = as_user(talk.student).post(talk.act("remove"), {"post": post.pk, "back": 1})

    post.refresh_from_db()
    assert (answer.status_code, post.removed_by) == (404, talk.lecturer)
    page = words(as_user(talk.student).get(talk.url))
    assert "Taken away by a lecturer." in page
    assert "Put back" not in page


def test_nobody_takes_away_what_is_somebody_elses():
    talk = discussion()
    post = make(talk, talk.another_student())

    answer = as_user(talk.student).post(talk.act("remove"), {"post": post.pk})

    assert answer.status_code == 404
    assert Post.objects.get().removed_at is None


@pytest.mark.parametrize("number", ["", "0", "²", "99999999999999999999", "-1", "one"])
def test_a_number_that_is_no_contributions_is_not_found(number):
    talk = discussion()

    assert as_user(talk.student).post(talk.act("remove"), {"post": number}).status_code == 404
    assert write(talk, talk.student, parent=number or "0").status_code == 404


def test_a_contribution_to_another_offer_is_not_found():
    talk = discussion()
    elsewhere = make(talk, talk.student)
    other = place_beside(talk)
    Post.objects.filter(pk=elsewhere.pk).update(offer=other.offer)

    assert write(talk, talk.student, parent=elsewhere.pk).status_code == 404
    assert as_user(talk.student).post(talk.act("remove"), {"post": elsewhere.pk}).status_code == 404


def place_beside(talk):
    from tests.factories import ActivityFactory, RunOfferFactory

    return RunOfferFactory(run=talk.run, activity=ActivityFactory(type_key="discussion", config={}))


def test_others_are_hidden_until_one_has_written():
    talk = discussion(post_first=True)
    make(talk, talk.another_student(), "A canary sings")
    client = as_user(talk.student)
    before = words(client.get(talk.url))

    write(talk, talk.student, "Here I am")

    assert "canary" not in before
    assert "You see what the others wrote as soon as you have written something yourself." in before
    assert "canary" in words(client.get(talk.url))


def test_whoever_cannot_see_a_thread_cannot_answer_it():
    talk = discussion(post_first=True)
    hidden = make(talk, talk.another_student())

    answer = write(talk, talk.student, "Blind answer", parent=hidden.pk)

    assert answer.status_code == 404
    assert len(said(talk)) == 1


def test_what_a_lecturer_asks_is_seen_and_answered_first_without_the_answers_of_others():
    talk = discussion(post_first=True, students_start=False)
    question = make(talk, talk.lecturer, "What did you find?", by_lecturer=True)
    make(talk, talk.another_student(), "A canary", parent=question)
    before = words(as_user(talk.student).get(talk.url))

    answer = write(talk, talk.student, "A sparrow", parent=question.pk)

    assert ("What did you find?" in before, "canary" in before) == (True, False)
    assert answer.status_code == 303
    assert "canary" in words(as_user(talk.student).get(talk.url))


def test_lecturers_see_everything_and_are_marked():
    talk = discussion(post_first=True)
    make(talk, talk.student, "A canary sings")

    write(talk, talk.lecturer, "Well said")

    page = words(as_user(talk.lecturer).get(talk.url))
    assert "canary" in page
    assert "Emma Vos Lecturer" in page
    assert not Progress.objects.filter(user=talk.lecturer).exists()


def test_staff_who_only_look_do_not_read_students():
    talk = discussion()
    make(talk, talk.student, "A canary sings")

    page = as_user(talk.coach).get(talk.url)

    assert page.status_code == 200
    assert "canary" not in words(page)
    assert "You see it as students do." in words(page)


def test_students_begin_no_threads_where_only_lecturers_do():
    talk = discussion(students_start=False)

    assert write(talk, talk.student).status_code == 403
    assert write(talk, talk.lecturer).status_code == 303
    assert "Begin a thread" not in words(as_user(talk.student).get(talk.url))


@pytest.mark.parametrize("window", [CLOSED, NOT_YET])
def test_what_comes_outside_of_the_window_is_refused_and_kept_on_the_page(window):
    talk = discussion()
    talk.move(**window)

    answer = write(talk, talk.student, "A long thought")

    assert answer.status_code == 409
    assert said(talk) == []
    if window is CLOSED:
        assert "A long thought" in answer.content.decode()
        assert "This closed on Wed 18 Nov, 09:59. Nothing is taken any more." in words(answer)


def test_late_is_not_closed_and_lecturers_write_after_it():
    talk = discussion()
    talk.move(**LATE)
    assert write(talk, talk.student, "Late").status_code == 303

    talk.move(**CLOSED)

    assert write(talk, talk.lecturer, "Looking back").status_code == 303


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001, "nul\x00byte"])
def test_a_bad_text_is_refused_in_place_and_nothing_typed_is_lost(text):
    talk = discussion()

    answer = write(talk, talk.student, text, title="My subject")

    assert answer.status_code == 422
    assert said(talk) == []
    assert 'value="My subject"' in answer.content.decode()


def test_a_bad_reply_comes_back_in_its_own_thread():
    talk = discussion()
    thread, other = make(talk, talk.student, minutes=1), make(talk, talk.student, minutes=2)

    answer = write(talk, talk.student, "x" * 20_001, parent=thread.pk)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("<details") - page.count('<details class="fold small">') == 2  # the form above, and this thread
    assert f'id="reply-{thread.pk}-text"' in page
    assert f'id="reply-{other.pk}-text"' in page
    assert page.count("x" * 20_001) == 1


def test_every_id_stands_once_on_the_page():
    import re

    talk = discussion()
    for number in range(3):
        make(talk, talk.student, parent=make(talk, talk.student, minutes=number), minutes=10)

    ids = re.findall(r'\bid="([^"]+)"', as_user(talk.student).get(talk.url).content.decode())

    assert sorted(ids) == sorted(set(ids))


def test_a_reply_leads_back_to_its_page():
    talk = discussion()
    first = make(talk, talk.student, "The oldest")
    for number in range(20):
        make(talk, talk.student, f"Thread {number}", minutes=number + 1)

    answer = write(talk, talk.student, "An answer", parent=first.pk, page=2)

    assert answer.url == f"{talk.url}?page=2#post-{Post.objects.get(text='An answer').pk}"
    assert "The oldest" in words(as_user(talk.student).get(f"{talk.url}?page=2"))
    assert "The oldest" not in words(as_user(talk.student).get(talk.url))


@pytest.mark.parametrize("page", ["0", "-1", "99999", "x", "<script>"])
def test_a_page_that_does_not_exist_shows_the_nearest(page):
    talk = discussion()

    assert as_user(talk.student).get(talk.url, {"page": page}).status_code == 200


@pytest.mark.parametrize("action", ["post", "remove"])
def test_only_students_and_lecturers_take_part(action):
    talk = discussion()

    assert [as_user(one).post(talk.act(action)).status_code for one in (talk.coach, UserFactory())] == [403, 404]


@pytest.mark.parametrize("text", NASTY)
def test_what_people_write_never_becomes_a_script(text):
    talk = discussion()
    thread = make(talk, talk.student, text, title=text)
    make(talk, talk.student, text, parent=thread)

    assert is_harmless(as_user(talk.lecturer).get(talk.url))
    assert is_harmless(write(talk, talk.student, " ", title=text))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_is_said(count, django_assert_num_queries):
    talk = discussion(post_first=True)
    for number in range(count):
        thread = make(talk, talk.student, minutes=number)
        for _each in range(count):
            make(talk, talk.another_student(f"Student {number}"), parent=thread)
    client = as_user(talk.student)
    client.get(talk.url)

    # person, seat, week, reason, own, count, threads, replies, roles, unread
    with django_assert_num_queries(10):
        page = client.get(talk.url)

    assert page.content.decode().count("<article") == count
