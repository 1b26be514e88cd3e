"""Mail when the server is away, hangs, or refuses one letter; and to whom none goes (trust.md F26, F30)."""

import itertools
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail

from blendedu.journal.models import Notice
from blendedu.journal.services import notices
from blendedu.people.models import User
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


class Server:
    """A mail server that can be away, go away, or refuse some addresses."""

    def __init__(self) -> None:
        self.away: Exception | None = None
        self.goes_away_after: int | None = None
        self.raises: Exception = SMTPServerDisconnected("gone")
        self.refuses: dict[str, Exception] = {}
        self.opened = 0
        self.taken: list[str] = []

    def open(self) -> None:
        self.opened += 1
        if self.away:
            raise self.away

    def send_messages(self, letters):
        (address,) = letters[0].to
        if self.goes_away_after is not None and len(self.taken) >= self.goes_away_after:
            raise self.raises
        if address in self.refuses:
            raise self.refuses[address]
        self.taken.append(address)
        return 1

    def close(self) -> None:
        pass


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(notices, "get_connection", lambda: server)
    return server


def told(count=1, **fields):
    people = UserFactory.create_batch(count, **fields)
    notices.tell(people, cause="run-opened:1", title="It begins", at=NOW)
    return people


def stands():
    return list(Notice.objects.order_by("pk").values_list("mail", "mail_tries"))


@pytest.mark.parametrize("error", [ConnectionRefusedError("no"), TimeoutError("slow"), OSError("no route")])
def test_server_that_is_away_for_hours_costs_no_mail(server, error):
    told(3)
    server.away = error
    at = NOW

    for _round in range(50):
        notices.mail_due(at=at)
        at += timedelta(minutes=5)
    assert stands() == [("due", 0)] * 3
    server.away = None

    assert notices.mail_due(at=at) == 3
    assert stands() == [("sent", 1)] * 3


def test_server_that_is_away_is_asked_once_in_two_minutes_however_much_waits(server):
    told(150)
    server.away = TimeoutError("slow")

    for second in range(0, 120, 15):
        notices.mail_due(at=NOW + timedelta(seconds=second))

    assert server.opened == 1


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), TimeoutError("slow"), SoftTimeLimitExceeded()])
def test_server_that_goes_away_half_way_is_left_alone_and_sends_the_rest_later(server, error):
    people = told(4)
    server.goes_away_after, server.raises = 2, error

    assert notices.mail_due(at=NOW) == 2
    assert stands() == [("sent", 1)] * 2 + [("due", 0)] * 2
    server.goes_away_after = None
    notices.mail_due(at=NOW + notices.PAUSE)

    assert server.taken == [person.email for person in people]


@pytest.mark.parametrize(
    "error", [SMTPRecipientsRefused({}), SMTPDataError(554, b"no"), ValueError("a letter that cannot be written")]
)
def test_one_letter_that_is_refused_stops_no_other_and_is_given_up_in_the_end(server, error):
    people = told(3)
    server.refuses = {people[0].email: error}
    at = NOW

    notices.mail_due(at=at)
    assert server.taken == [person.email for person in people[1:]]
    for _try in range(10):
        Notice.objects.filter(mail="due").update(mail_after=None)
        notices.mail_due(at=at)

    assert stands()[0] == ("failed", 5)


def test_pause_after_a_refusal_doubles(server):
    (person,) = told()
    server.refuses = {person.email: SMTPDataError(451, b"come back later")}
    pauses = []

    for _try in range(4):
        Notice.objects.update(mail_after=None)
        notices.mail_due(at=NOW)
        notice = Notice.objects.get()
        Notice.objects.update(mailed_at=None)
        pauses.append(notice.mail_after)

    steps = [round((later - earlier).total_seconds() / 60) for earlier, later in itertools.pairwise(pauses)]
    assert steps == [2, 4, 8]


def test_digest_waits_for_a_server_that_is_away(server):
    told(2, mail_rhythm=User.MailRhythm.DAILY)
    server.goes_away_after = 1

    assert notices.send_digests(at=NOW) == 1
    server.goes_away_after = None

    # Not tomorrow: in the next round, a quarter of an hour later.
    assert notices.send_digests(at=NOW + timedelta(minutes=15)) == 1
    assert stands() == [("sent", 1)] * 2


def test_closed_account_gets_no_mail():
    (person,) = told()
    User.objects.update(is_active=False)

    assert (notices.mail_due(at=NOW), notices.send_digests(at=NOW), mail.outbox) == (0, 0, [])
    assert person.notices.count() == 1
