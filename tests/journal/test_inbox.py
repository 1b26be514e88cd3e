"""The inbox: what a person was told, once, and how often they get mail."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from blendedu.journal.models import Notice
from blendedu.journal.services import notices
from blendedu.people.models import User
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def tell(person: User, cause: str = "attempt-graded:1", **fields: str) -> None:
    title, url = fields.get("title", "Your result"), fields.get("url", "/week/")
    notices.tell([person], cause=cause, title=title, url=url, at=NOW)


def test_a_person_is_told_once_about_one_cause():
    person = UserFactory()

    tell(person)
    tell(person)

    assert list(Notice.objects.values_list("recipient", "cause")) == [(person.pk, "attempt-graded:1")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_costs_the_same_whatever_it_holds(client, django_assert_num_queries, count):
    person = UserFactory()
    for number in range(count):
        tell(person, cause=f"attempt-graded:{number}")
    client.force_login(person)
    client.get(reverse("journal:inbox"))

    # user, roles, count of pages, notices, unread
    with django_assert_num_queries(5):
        response = client.get(reverse("journal:inbox"))

    assert response.content.decode().count("Your result") == count


def test_opening_a_notice_reads_it_and_goes_there(client):
    person = UserFactory()
    tell(person, url="/week/")
    notice = Notice.objects.get()
    client.force_login(person)

    response = client.post(reverse("journal:notice-open", args=[notice.pk]))

    assert (response.status_code, response["Location"]) == (303, "/week/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_somebody_elses_notice_is_not_found(client):
    tell(UserFactory())
    client.force_login(UserFactory())

    response = client.post(reverse("journal:notice-open", args=[Notice.objects.get().pk]))

    assert response.status_code == 404
    assert Notice.objects.get().read_at is None


def test_looking_at_the_inbox_changes_nothing(client):
    person = UserFactory()
    tell(person)
    client.force_login(person)

    client.get(reverse("journal:inbox"))

    assert Notice.objects.get().read_at is None


def test_the_bell_answers_not_modified_while_the_number_is_the_same(client):
    person = UserFactory()
    tell(person)
    client.force_login(person)
    first = client.get(reverse("journal:bell"))

    same = client.get(reverse("journal:bell"), headers={"If-None-Match": first["ETag"]})
    tell(person, cause="another:2")
    changed = client.get(reverse("journal:bell"), headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)


def test_a_rhythm_that_does_not_exist_is_refused_in_place(client):
    person = UserFactory()
    client.force_login(person)

    response = client.post(reverse("journal:rhythm"), {"mail_rhythm": "hourly"})

    assert response.status_code == 422
    person.refresh_from_db()
    assert person.mail_rhythm == User.MailRhythm.AT_ONCE


def test_a_due_notice_is_mailed_once_however_often_the_worker_looks():
    person = UserFactory(name="Amina Rahman", email="amina@example.org")
    tell(person, title="Your result: Quiz", url="/courses/mkc/do/1/")

    sent = [notices.mail_due(at=NOW) for _again in range(3)]

    assert sent == [1, 0, 0]
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["amina@example.org"], "Your result: Quiz - BlendEdu")
    ]
    assert "/courses/mkc/do/1/" in mail.outbox[0].body


def test_a_title_with_a_line_break_cannot_become_a_header():
    tell(UserFactory(), title="Your result\nBcc: all@example.org")

    notices.mail_due(at=NOW)

    assert mail.outbox[0].subject == "Your result Bcc: all@example.org - BlendEdu"


class RefusesHalf:
    """A mail server that takes the first half of what it is given and then goes away (trust.md F26)."""

    def __init__(self, takes: int) -> None:
        self.takes = takes
        self.taken: list[str] = []

    def send_messages(self, letters):
        if len(self.taken) >= self.takes:
            raise ConnectionError("The server went away.")
        self.taken.extend(letter.to[0] for letter in letters)
        return len(letters)

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_mail_server_that_goes_away_half_way_leads_to_one_mail_each(monkeypatch):
    people = UserFactory.create_batch(20)
    notices.tell(people, cause="run-opened:1", title="It begins", at=NOW)
    server = RefusesHalf(takes=10)
    monkeypatch.setattr(notices, "get_connection", lambda: server)

    notices.mail_due(at=NOW)
    server.takes = 1000
    Notice.objects.filter(mail=Notice.Mail.DUE).update(mail_after=None)  # the pause before the next try
    notices.mail_due(at=NOW)

    assert sorted(server.taken) == sorted(person.email for person in people)
    assert set(Notice.objects.values_list("mail", flat=True)) == {Notice.Mail.SENT}


def test_a_daily_reader_gets_one_mail_with_everything_new():
    person = UserFactory(mail_rhythm=User.MailRhythm.DAILY)
    tell(person, cause="a:1", title="First thing")
    tell(person, cause="a:2", title="Second thing")

    assert notices.mail_due(at=NOW) == 0
    assert [notices.send_digests(at=NOW), notices.send_digests(at=NOW)] == [1, 0]
    assert mail.outbox[0].subject == "2 things are new - BlendEdu"
    assert "First thing" in mail.outbox[0].body
    assert "Second thing" in mail.outbox[0].body


def test_a_reader_who_wants_no_mail_gets_none():
    tell(UserFactory(mail_rhythm=User.MailRhythm.OFF))

    assert [notices.mail_due(at=NOW), notices.send_digests(at=NOW)] == [0, 0]
    assert mail.outbox == []
