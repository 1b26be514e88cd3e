"""Uploads: text and files that are kept, handed in once, and answered when the feedback is released."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from activities.models import Attempt, AttemptFile, Progress, Remark
from activities.services import attempts, handins
from blendedu.people.models import Membership
from tests.activities.seats import CLOSED, LATE, NOT_YET, as_user, place, words
from tests.activities.texts import NASTY, is_harmless
from tests.factories import NOW, GroupFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

PDF = b"%PDF-1.7\n" + b"0" * 60


def essay(config=None, **fields):
    return place("upload", config or {}, feedback_by="lecturer", **fields)


def file(name="essay.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def save(work, person=None, client=None, **data):
    """What the page sends: always the number of the attempt and the revision that it was drawn from."""
    client = client or as_user(person or work.student)
    fields = {"number": 1, "revision": 0, **data}
    return client.post(work.act("save"), fields)


def in_group(work, *people):
    group = GroupFactory(cohort=work.run.cohort, name="Teal")
    Membership.objects.filter(cohort=work.run.cohort, user__in=people).update(group=group)
    return group


def files_of(work):
    return [(one.name, one.removed_at is None) for one in AttemptFile.objects.filter(attempt__offer=work.offer)]


# --- The happy path ---------------------------------------------------------------------------------------------------


def test_work_is_kept_and_then_handed_in_with_a_receipt():
    work = essay()
    client = as_user(work.student)

    kept = save(work, client=client, text="My **draft**", files=[file()])
    before = (Attempt.objects.get().state, Attempt.objects.get().text, files_of(work))
    handed = save(work, client=client, text="My **essay**", revision=1, hand_in=1)

    assert (kept.status_code, kept.url) == (303, f"{work.url}#work")
    assert before == (Attempt.State.OPEN, "My **draft**", [("essay.pdf", True)])
    assert (handed.status_code, handed.url) == (303, f"{work.url}#handed-in")
    page = client.get(work.url)
    assert "Handed in Wed 18 Nov, 10:00 by Joost Smit, in time" in words(page)
    assert "<strong>essay</strong>" in page.content.decode()
    assert Progress.objects.get().state == Progress.State.SUBMITTED


def test_a_file_that_was_chosen_and_not_added_comes_along_when_handing_in():
    work = essay()

    save(work, text="", files=[file()], hand_in=1)

    assert files_of(work) == [("essay.pdf", True)]
    assert Attempt.objects.get().state == Attempt.State.SUBMITTED


def test_a_file_is_removed_and_put_back_and_what_was_typed_is_kept_with_it():
    work = essay()
    client = as_user(work.student)
    save(work, client=client, files=[file()])
    number = AttemptFile.objects.get().pk

    save(work, client=client, text="Typed meanwhile", remove=number)
    removed = files_of(work), Attempt.objects.get().text
    save(work, client=client, text="Typed meanwhile", revision=1, put_back=number)

    assert removed == ([("essay.pdf", False)], "Typed meanwhile")
    assert files_of(work) == [("essay.pdf", True)]


def test_a_removed_file_is_not_handed_in():
    work = essay()
    save(work, files=[file()])
    save(work, text="", remove=AttemptFile.objects.get().pk)

    answer = save(work, text="", hand_in=1)

    assert answer.status_code == 422
    assert "There is nothing to hand in yet." in words(answer)
    assert Attempt.objects.get().state == Attempt.State.OPEN


def test_an_author_downloads_what_they_put_there():
    work = essay()
    save(work, files=[file()])
    address = reverse("courses:attempt-file", args=["mkc-101", AttemptFile.objects.get().pk])

    statuses = [as_user(one).get(address).status_code for one in (work.student, work.another_student(), UserFactory())]

    assert statuses == [200, 404, 404]
    assert address in as_user(work.student).get(work.url).content.decode()


# --- Once, and by one rule --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("allowed", [1, 3])
def test_clicked_twice_it_is_handed_in_once(allowed):
    work = essay({"attempts_allowed": allowed})

    answers = [save(work, text="Once", hand_in=1) for _again in range(2)]

    assert [answer.url for answer in answers] == [f"{work.url}#handed-in"] * 2
    assert Attempt.objects.count() == 1


def test_a_page_of_an_earlier_attempt_does_not_begin_another():
    work = essay({"attempts_allowed": 3})
    save(work, text="First", hand_in=1)

    answer = save(work, text="Typed in an old tab")

    assert answer.status_code == 409
    assert "This was handed in already, perhaps by your group or in another tab." in words(answer)
    assert "Typed in an old tab" in answer.content.decode()
    assert Attempt.objects.count() == 1


def test_it_is_handed_in_again_as_often_as_allowed():
    work = essay({"attempts_allowed": 2})
    save(work, text="First", hand_in=1)
    save(work, number=2, text="Second", hand_in=1)

    answer = save(work, number=3, text="Third", hand_in=1)

    assert answer.status_code == 409
    assert "You have used all your attempts." in words(answer)
    assert "Third" in answer.content.decode()
    assert list(Attempt.objects.order_by("number").values_list("text", flat=True)) == ["First", "Second"]


@pytest.mark.parametrize("hand_in", [{}, {"hand_in": 1}])
@pytest.mark.parametrize("what", ["text", "files"])
@pytest.mark.parametrize("window", [CLOSED, NOT_YET])
def test_one_rule_for_text_and_files_outside_of_the_window(what, hand_in, window):
    work = essay()
    work.move(**window)

    answer = save(work, **{what: "Words" if what == "text" else [file()]}, **hand_in)

    assert answer.status_code == 409
    assert not Attempt.objects.exists()
    assert ("Words" in answer.content.decode()) is (what == "text" and window is CLOSED)


@pytest.mark.parametrize("what", ["text", "files"])
def test_one_rule_for_text_and_files_after_the_due_date(what):
    work = essay()
    work.move(**LATE)

    save(work, **{what: "Words" if what == "text" else [file()]}, hand_in=1)

    assert Attempt.objects.get().late
    assert "late: after the due date" in words(as_user(work.student).get(work.url))


class SlowLine(BytesIO):
    """A body that is read at once in the test, while its clock goes on as if the line were slow."""

    def __init__(self, content, clock, until):
        super().__init__(content)
        self.clock, self.until = clock, until

    def read(self, size=-1):
        self.clock.move_to(self.until)
        return super().read(size)


@pytest.mark.parametrize(("minutes", "late"), [(10, False), (20, True)])
def test_a_file_that_began_to_arrive_in_time_is_in_time(at_now, minutes, late):
    work = essay()
    due = work.offer.due_at
    at_now.move_to(due - timedelta(minutes=1))
    body = encode_multipart(BOUNDARY, {"number": 1, "revision": 0, "files": file(), "hand_in": 1})
    client = as_user(work.student)

    client.generic(
        "POST",
        work.act("save"),
        **{
            "CONTENT_TYPE": MULTIPART_CONTENT,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": SlowLine(body, at_now, due + timedelta(minutes=minutes)),
        },
    )

    assert Attempt.objects.get().late is late


def test_what_was_added_in_time_and_handed_in_late_is_late(at_now):
    work = essay()
    save(work, files=[file()])
    at_now.shift(timedelta(days=5))

    save(work, hand_in=1)

    assert Attempt.objects.get().late


def test_what_is_saved_is_handed_in_when_it_closes_and_is_late(at_now):
    work = essay(offer={"closes_at": NOW + timedelta(days=5)})
    save(work, text="Saved and forgotten")
    attempt = Attempt.objects.get()

    attempts.close_attempt(attempt.pk, at=NOW + timedelta(days=5, seconds=6))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.text, attempt.late) == (Attempt.State.SUBMITTED, "Saved and forgotten", True)


def test_nobody_hands_in_nothing_when_it_closes():
    work = essay(offer={"closes_at": NOW + timedelta(days=5)})
    save(work, files=[file()])
    save(work, remove=AttemptFile.objects.get().pk)

    assert not attempts.close_attempt(Attempt.objects.get().pk, at=NOW + timedelta(days=6))
    assert Attempt.objects.get().state == Attempt.State.OPEN


# --- Groups -----------------------------------------------------------------------------------------------------------


def test_one_of_a_group_hands_in_for_all():
    work = essay(grouping="group")
    amina = work.another_student("Amina Rahman")
    in_group(work, work.student, amina)

    save(work, amina, text="Ours", hand_in=1)

    page = words(as_user(work.student).get(work.url))
    assert "You work in group Teal with Amina Rahman." in page
    assert "by Amina Rahman, in time" in page
    assert set(Progress.objects.values_list("user__name", "state")) == {
        ("Amina Rahman", "submitted"),
        ("Joost Smit", "submitted"),
    }


def test_two_of_a_group_add_files_and_both_are_kept():
    work = essay(grouping="group")
    amina = work.another_student()
    in_group(work, work.student, amina)

    save(work, work.student, files=[file("mine.pdf", PDF + b"1")])
    save(work, amina, files=[file("hers.pdf", PDF + b"2")])

    assert files_of(work) == [("mine.pdf", True), ("hers.pdf", True)]
    assert Attempt.objects.count() == 1


def test_a_text_that_a_mate_changed_meanwhile_is_never_written_over():
    work = essay(grouping="group")
    amina = work.another_student()
    in_group(work, work.student, amina)
    save(work, amina, text="What Amina wrote")

    answer = save(work, work.student, text="What Joost wrote", revision=0)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert Attempt.objects.get().text == "What Amina wrote"
    assert "What Amina wrote" in page
    assert "What Joost wrote" in page
    assert 'name="revision" value="1"' in page


def test_a_conflict_over_the_text_does_not_lose_a_file():
    work = essay(grouping="group")
    amina = work.another_student()
    in_group(work, work.student, amina)
    save(work, amina, text="What Amina wrote")

    save(work, work.student, text="What Joost wrote", files=[file()])

    assert files_of(work) == [("essay.pdf", True)]


def test_without_a_group_nothing_is_begun_and_the_page_says_why():
    work = essay(grouping="group")

    answer = save(work, text="Alone", hand_in=1)

    assert answer.status_code == 409
    assert "You are in no group yet" in words(answer)
    assert "Alone" in answer.content.decode()
    assert not Attempt.objects.exists()


def test_whoever_leaves_a_group_keeps_what_they_handed_in_with_it():
    work = essay(grouping="group")
    in_group(work, work.student)
    save(work, text="With Teal", hand_in=1)
    red = GroupFactory(cohort=work.run.cohort, name="Red")
    Membership.objects.filter(user=work.student).update(group=red)

    page = words(as_user(work.student).get(work.url))

    assert "with group Teal" in page
    assert "With Teal" in page
    assert "You are alone in group Red for now." in page
    assert "Hand in once more" in page


def test_a_member_of_another_group_sees_nothing_of_it():
    work = essay(grouping="group")
    amina = work.another_student()
    in_group(work, work.student)
    in_group_of_amina = GroupFactory(cohort=work.run.cohort, name="Red")
    Membership.objects.filter(user=amina).update(group=in_group_of_amina)
    save(work, text="A canary sings", files=[file("canary.pdf")], hand_in=1)

    assert "canary" not in words(as_user(amina).get(work.url))


# --- Feedback ---------------------------------------------------------------------------------------------------------


def answered(work, *, released):
    save(work, text="Mine", files=[file()], hand_in=1)
    attempt = Attempt.objects.get()
    Attempt.objects.filter(pk=attempt.pk).update(
        state=Attempt.State.GRADED,
        points=Decimal("7.50"),
        feedback="CANARY overall",
        graded_by=work.lecturer,
        graded_at=NOW,
        released_at=NOW if released else None,
    )
    for about in (None, attempt.files.get()):
        Remark.objects.create(attempt=attempt, author=work.lecturer, file=about, text="CANARY remark", created_at=NOW)


def test_nothing_of_the_feedback_is_seen_before_it_is_released():
    work = essay()
    answered(work, released=False)
    client = as_user(work.student)

    pages = [client.get(work.url), save(work, client=client, number=2, text="More")]

    for page in pages:
        text = page.content.decode()
        assert ("CANARY" in text, "7.5" in text, "Emma Vos" in text) == (False, False, False)
    assert "Feedback shows here as soon as it is released" in words(pages[0])


def test_released_feedback_shows_points_words_and_remarks():
    work = essay()
    answered(work, released=True)

    page = words(as_user(work.student).get(work.url))

    assert "7.5 of 10 points" in page
    assert page.count("CANARY overall") == 1
    assert page.count("CANARY remark") == 2


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("page.html", b"<script>alert(1)</script>", "is not a kind of file that is asked for"),
        ("drawing.svg", b"<svg/>", "is not a kind of file that is asked for"),
        ("page.pdf", b"<html><script>alert(1)</script>", "is not really a .pdf file"),
        ("essay.pdf", b"", "is empty"),
        ("essay.pdf.exe", b"MZ" + PDF, "is not a kind of file that is asked for"),
        ("essay", PDF, "is not a kind of file that is asked for"),
        ("e" * 300 + ".html", b"<p>", "is not a kind of file that is asked for"),
        ("e." + "x" * 300, PDF, "is not a kind of file that is asked for"),
    ],
)
def test_a_wrong_file_is_refused_in_place_and_what_was_typed_stays(name, content, problem):
    work = essay()

    answer = save(work, text="Still here", files=[file(name, content)])

    assert answer.status_code == 422
    assert problem in words(answer)
    assert "Still here" in answer.content.decode()
    assert files_of(work) == []


def test_a_file_that_is_too_large_is_refused_in_place():
    work = essay({"megabytes_max": 1})

    answer = save(work, files=[file(content=PDF + b"0" * 1024 * 1024)])

    assert answer.status_code == 422
    assert "At most 1 MB are taken." in words(answer)


def test_a_body_that_is_larger_than_any_upload_is_refused_before_it_is_read(settings):
    work = essay()
    settings.BLENDEDU_UPLOAD_MAX_BYTES = 1000

    def sent(**headers):
        too_large = file(content=PDF + b"0" * 2 * 1024 * 1024)
        return as_user(work.student).post(work.act("save"), {"files": too_large}, headers=headers)

    to_the_script, to_the_browser = sent(), sent(accept="text/html,*/*")

    assert (to_the_script.status_code, to_the_browser.status_code) == (413, 413)
    assert to_the_script["Content-Type"].startswith("text/plain")
    assert "This is larger than 1000" in words(to_the_browser)
    assert "Choose a smaller file" in words(to_the_browser)
    assert not Attempt.objects.exists()


def test_a_long_name_is_shortened_and_keeps_its_extension():
    work = essay()

    save(work, files=[file("e" * 300 + ".pdf")])

    ((name, _there),) = files_of(work)
    assert (len(name), name[-5:]) == (120, "e.pdf")


def test_one_file_too_many_is_refused_and_the_others_are_kept():
    work = essay({"files_max": 2})

    answer = save(work, files=[file(f"{number}.pdf", PDF + bytes([number])) for number in range(3)])

    assert answer.status_code == 422
    assert "At most 2 files are taken." in words(answer)
    assert files_of(work) == [("0.pdf", True), ("1.pdf", True)]


def test_the_same_file_sent_twice_is_kept_once():
    work = essay()

    for _again in range(2):
        save(work, files=[file()])

    assert files_of(work) == [("essay.pdf", True)]
    assert len(stored_files()) == 1


def test_removing_and_adding_does_not_fill_the_disk():
    work = essay({"files_max": 1})
    for number in range(handins.REMOVED_MAX + 1):
        save(work, files=[file("a.pdf", PDF + bytes([number]))])
        save(work, remove=AttemptFile.objects.latest("pk").pk)

    answer = save(work, files=[file("a.pdf", PDF + b"more")])

    assert answer.status_code == 422
    assert AttemptFile.objects.count() == handins.REMOVED_MAX + 1


def test_a_file_is_not_put_back_over_the_limit():
    work = essay({"files_max": 1})
    save(work, files=[file("a.pdf")])
    first = AttemptFile.objects.get().pk
    save(work, remove=first)
    save(work, files=[file("b.pdf", PDF + b"b")])

    assert save(work, put_back=first).status_code == 422


def test_files_are_refused_where_only_a_text_is_asked_for():
    work = essay({"asks_files": False, "accepts": []})

    answer = save(work, text="Words", files=[file()])

    assert answer.status_code == 422
    assert "Files are not asked for here." in words(answer)
    assert "Words" in answer.content.decode()


@pytest.mark.parametrize("text", ["x" * 60_001, "nul\x00byte"])
def test_a_text_that_cannot_be_kept_is_refused_and_stays_in_its_field(text):
    work = essay()

    answer = save(work, text=text)

    assert answer.status_code == 422
    assert 'id="text-error"' in answer.content.decode()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "²", "99999999999999999999", "-1"])
@pytest.mark.parametrize("name", ["remove", "put_back"])
def test_a_file_that_is_not_there_is_not_found(number, name):
    work = essay()
    save(work, text="Begun")

    assert save(work, text="Begun", revision=1, **{name: number}).status_code == 404


def test_a_file_of_somebody_else_is_not_found():
    work = essay()
    amina = work.another_student()
    save(work, amina, files=[file()])
    save(work, text="Begun")

    answer = save(work, text="Begun", revision=1, remove=AttemptFile.objects.get().pk)

    assert answer.status_code == 404
    assert files_of(work) == [("essay.pdf", True)]


def test_a_file_cannot_be_taken_away_after_handing_in():
    work = essay()
    save(work, files=[file()], hand_in=1)

    answer = save(work, remove=AttemptFile.objects.get().pk)

    assert answer.status_code in {303, 409}
    assert files_of(work) == [("essay.pdf", True)]


def test_only_students_hand_in():
    work = essay()

    people = (work.lecturer, work.coach, UserFactory())

    assert [save(work, one, text="x", hand_in=1).status_code for one in people] == [403, 403, 404]
    assert not Attempt.objects.exists()


def test_a_row_that_is_refused_leaves_no_file_behind():
    work = essay()
    before = stored_files()

    with mock.patch.object(AttemptFile, "save", side_effect=RuntimeError), pytest.raises(RuntimeError):
        save(work, files=[file()])

    assert stored_files() == before
    save(work, files=[file()])
    assert files_of(work) == [("essay.pdf", True)]


def stored_files():
    return set(default_storage.listdir("attempts")[1]) if default_storage.exists("attempts") else set()


@pytest.mark.parametrize("text", NASTY)
def test_a_text_never_becomes_a_script(text):
    work = essay()
    client = as_user(work.student)
    save(work, client=client, text=text)
    draft = client.get(work.url)
    save(work, client=client, text=text, revision=1, hand_in=1)
    Attempt.objects.update(released_at=NOW, feedback=text, graded_by=work.lecturer)
    Remark.objects.create(attempt=Attempt.objects.get(), author=work.lecturer, text=text, created_at=NOW)

    assert is_harmless(draft)
    assert is_harmless(client.get(work.url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_was_handed_in(count, django_assert_num_queries):
    work = essay({"attempts_allowed": 4}, grouping="group")
    in_group(work, work.student, work.another_student())
    client = as_user(work.student)
    for number in range(1, count + 1):
        save(work, client=client, number=number, files=[file()], hand_in=1)
    Attempt.objects.update(released_at=NOW, feedback="Good", graded_by=work.lecturer)
    for attempt in Attempt.objects.all():
        Remark.objects.create(attempt=attempt, author=work.lecturer, text="Why?", created_at=NOW)
    client.get(work.url)

    # Above eight, because a submission is several things: person, seat, group, week, reason, attempts, files, remarks,
    # mates, roles, unread
    with django_assert_num_queries(11):
        page = client.get(work.url)

    assert page.content.decode().count("<article") == count
