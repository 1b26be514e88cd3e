"""Sessions: where and when, checking in, the sheet of the lecturer, questions for class."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from activities.contract import BrokenConfig
from activities.models import Attendance, Progress
from activities.types.session import Session
from courses.models import ClassQuestion, Teaching
from tests.activities.seats import as_user, place, words
from tests.activities.texts import NASTY, is_harmless
from tests.factories import NOW, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

HOUR = timedelta(hours=1)


def session(*, starts=-HOUR / 2, lasts=HOUR, config=None, **offer):
    window = {"opens_at": NOW + starts, "due_at": NOW + starts + lasts}
    return place(
        "session", config or {"agenda": "1. *Case*"}, offer={**window, **offer}, timing="sync", grouping="class"
    )


def sheet_of(meeting):
    return dict(Attendance.objects.filter(offer=meeting.offer).values_list("user__name", "state"))


def test_a_student_sees_where_and_when_before_it_begins():
    meeting = session(starts=3 * HOUR, room="B2.14")

    page = as_user(meeting.student).get(meeting.url)

    assert "Wed 18 Nov 13:00 until 14:00 Room B2.14" in words(page)
    assert "<em>Case</em>" in page.content.decode()


@pytest.mark.parametrize(
    ("starts", "shown"),
    [(timedelta(minutes=16), False), (timedelta(minutes=15), True), (-HOUR / 2, True), (-2 * HOUR, False)],
)
def test_the_link_opens_a_quarter_of_an_hour_before(starts, shown):
    meeting = session(starts=starts, link="https://meet.example.org/mkc")

    page = as_user(meeting.student).get(meeting.url).content.decode()

    assert ("https://meet.example.org/mkc" in page) is shown


def test_a_link_that_is_no_address_never_becomes_one():
    meeting = session(link="javascript:alert(1)", recording="javascript:alert(2)")

    assert is_harmless(as_user(meeting.student).get(meeting.url))


def test_the_recording_stands_there_afterwards():
    meeting = session(starts=-3 * HOUR, recording="https://video.example.org/1")

    page = as_user(meeting.student).get(meeting.url).content.decode()

    assert 'href="https://video.example.org/1" target="_blank" rel="noopener noreferrer"' in page


def test_a_student_checks_in_once_however_often_it_is_clicked():
    meeting = session()
    client = as_user(meeting.student)

    answers = [client.post(meeting.act("check-in")).status_code for _again in range(2)]

    assert answers == [303, 303]
    assert sheet_of(meeting) == {"Joost Smit": "present"}
    assert Progress.objects.get().state == Progress.State.DONE
    assert "You checked in at 10:00" in words(client.get(meeting.url))


@pytest.mark.parametrize("starts", [timedelta(minutes=16), -2 * HOUR])
def test_checking_in_too_early_or_too_late_is_refused_in_place(starts):
    meeting = session(starts=starts)

    answer = as_user(meeting.student).post(meeting.act("check-in"))

    assert answer.status_code == 409
    assert "You can check in from 15 minutes before the session until it ends." in words(answer)
    assert sheet_of(meeting) == {}


def test_what_a_lecturer_noted_is_not_written_over_by_checking_in():
    meeting = session()
    as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{meeting.student.pk}": "absent"})

    as_user(meeting.student).post(meeting.act("check-in"))

    assert sheet_of(meeting) == {"Joost Smit": "absent"}
    assert not Progress.objects.filter(state=Progress.State.DONE).exists()


def test_a_lecturer_notes_everybody_at_once():
    meeting = session()
    amina = meeting.another_student("Amina Rahman")
    meeting.another_student("Lin Chen")

    answer = as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{amina.pk}": "excused", "rest": "present"})

    assert answer.status_code == 303
    assert sheet_of(meeting) == {"Amina Rahman": "excused", "Joost Smit": "present", "Lin Chen": "present"}
    assert set(Progress.objects.values_list("user__name", flat=True)) == {"Joost Smit", "Lin Chen"}


def test_of_two_lecturers_the_last_one_wins_and_the_sheet_says_who():
    meeting = session()
    second = UserFactory(name="Chidi Okafor")
    Teaching.objects.create(course=meeting.run.course, user=second)
    as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{meeting.student.pk}": "present"})

    as_user(second).post(meeting.act("note"), {f"state-{meeting.student.pk}": "late"})

    assert sheet_of(meeting) == {"Joost Smit": "late"}
    assert "Joost Smit Chidi Okafor, Wed 18 Nov, 10:00" in words(as_user(meeting.lecturer).get(meeting.url))


def test_saving_the_sheet_does_not_sign_what_others_noted():
    meeting = session()
    as_user(meeting.student).post(meeting.act("check-in"))

    as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{meeting.student.pk}": "present"})

    assert Attendance.objects.get().noted_by == meeting.student


def test_whoever_is_noted_absent_afterwards_has_not_done_it():
    meeting = session()
    as_user(meeting.student).post(meeting.act("check-in"))

    as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{meeting.student.pk}": "absent"})

    assert Progress.objects.get().state == Progress.State.STARTED


@pytest.mark.parametrize("key", ["state-99999999999999999999999", "state-²", "state--1", "state-", "state-1e3"])
def test_numbers_of_nobody_change_nothing(key):
    meeting = session()

    answer = as_user(meeting.lecturer).post(meeting.act("note"), {key: "present"})

    assert answer.status_code == 303
    assert sheet_of(meeting) == {}


def test_people_of_another_cohort_are_left_out():
    meeting = session()
    stranger = UserFactory()

    as_user(meeting.lecturer).post(meeting.act("note"), {f"state-{stranger.pk}": "present"})

    assert sheet_of(meeting) == {}


def test_only_lecturers_note_and_only_students_check_in():
    meeting = session()
    stranger = UserFactory()

    note = [as_user(one).post(meeting.act("note")).status_code for one in (meeting.student, meeting.coach, stranger)]
    check_in = [
        as_user(one).post(meeting.act("check-in")).status_code for one in (meeting.lecturer, meeting.coach, stranger)
    ]

    assert (note, check_in) == ([403, 403, 404], [403, 403, 404])


def test_students_do_not_see_the_sheet():
    meeting = session()
    meeting.another_student("Canary Bird")

    assert "Canary Bird" not in words(as_user(meeting.student).get(meeting.url))
    assert "Canary Bird" in words(as_user(meeting.lecturer).get(meeting.url))
    assert "Canary Bird" not in words(as_user(meeting.coach).get(meeting.url))


def test_questions_are_read_by_lecturers_and_by_who_asked():
    meeting = session(starts=3 * HOUR)
    ask = reverse("courses:class-question", args=["mkc-101", meeting.run_offer.pk])
    as_user(meeting.student).post(ask, {"text": "What is a persona?"})
    as_user(meeting.another_student()).post(ask, {"text": "And a segment?"})

    mine, theirs = (words(as_user(person).get(meeting.url)) for person in (meeting.student, meeting.lecturer))

    assert ("What is a persona?" in mine, "And a segment?" in mine) == (True, False)
    assert ("What is a persona?" in theirs, "And a segment? Amina Rahman" in theirs) == (True, True)
    assert "Questions for class 2" in mine


def test_a_question_after_the_session_is_refused_and_kept_on_the_page():
    meeting = session(starts=-3 * HOUR)
    ask = reverse("courses:class-question", args=["mkc-101", meeting.run_offer.pk])

    answer = as_user(meeting.student).post(ask, {"text": "Too late?"})

    assert answer.status_code == 409
    assert "Too late?" in answer.content.decode()
    assert not ClassQuestion.objects.exists()


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"weekday": 7}, "weekday"),
        ({"starts": "25:00"}, "starts"),
        ({"starts": "10"}, "starts"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"seats": 3}, "seats"),
    ],
)
def test_a_broken_setting_is_named(config, key):
    with pytest.raises(BrokenConfig) as refused:
        Session().parse(config)

    assert list(refused.value.problems) == [key]


@pytest.mark.parametrize("text", NASTY)
def test_an_agenda_or_a_question_never_becomes_a_script(text):
    meeting = session(starts=3 * HOUR, config={"agenda": text}, room=text[:80])
    ClassQuestion.objects.create(run_offer=meeting.run_offer, author=meeting.student, text=text, asked_at=NOW)

    assert all(is_harmless(as_user(person).get(meeting.url)) for person in (meeting.student, meeting.lecturer))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_students_there_are(count, django_assert_num_queries):
    meeting = session()
    for number in range(count - 1):
        meeting.another_student(f"Student {number}")
    student, lecturer = as_user(meeting.student), as_user(meeting.lecturer)
    student.get(meeting.url)
    lecturer.get(meeting.url)

    # person, seat, week, reason, questions, own attendance, roles, unread
    with django_assert_num_queries(8):
        student.get(meeting.url)
    # person, seat, week, reason, questions, cohort, members, noted, roles, unread
    with django_assert_num_queries(10):
        page = lecturer.get(meeting.url)

    assert page.content.decode().count("<fieldset") == count
