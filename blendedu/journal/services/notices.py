"""Telling people: in the page always, by e-mail in the rhythm that each person chose; once per person and cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from blendedu.journal.models import Notice
from blendedu.journal.services import wakes
from blendedu.people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.mail.backends.base import BaseEmailBackend


logger = structlog.get_logger(__name__)

MAIL_TRIES_MAX = 5
PAUSE = timedelta(minutes=2)  # before the next try; twice as long after each refusal of the same letter
# What a server says about one letter. Everything else that comes from the network is about the server.
OF_THE_LETTER = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
MAILS_AT_ONCE = 100
WAKE = "mail"
DIGEST_EVERY = {User.MailRhythm.DAILY: timedelta(days=1), User.MailRhythm.WEEKLY: timedelta(days=7)}
_MAIL_FOR = {
    User.MailRhythm.AT_ONCE: Notice.Mail.DUE,
    User.MailRhythm.DAILY: Notice.Mail.DIGEST,
    User.MailRhythm.WEEKLY: Notice.Mail.DIGEST,
    User.MailRhythm.OFF: Notice.Mail.NONE,
}


class ServerAway(Exception):
    """The mail server does not answer, or went away: no letter is to blame."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told about one cause."""

    recipient: User
    cause: str
    title: str
    body: str = ""
    url: str = ""


def tell(recipients: Iterable[User], *, cause: str, title: str, body: str = "", url: str = "", at: datetime) -> None:
    """Tell each person once about one cause; telling again, from a job that ran twice, changes nothing."""
    tell_each((Message(person, cause, title, body, url) for person in recipients), at=at)


def tell_each(messages: Iterable[Message], *, at: datetime) -> None:
    """Tell each of these messages, once per person and cause, in one statement."""
    notices = [
        Notice(
            recipient=message.recipient,
            cause=message.cause[:80],
            title=message.title[:160],
            body=message.body,
            url=message.url,
            created_at=at,
            mail=_MAIL_FOR[User.MailRhythm(message.recipient.mail_rhythm)],
        )
        for message in messages
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)
    if any(notice.mail == Notice.Mail.DUE for notice in notices):
        transaction.on_commit(_wake_mail)


def _wake_mail() -> None:
    from blendedu.journal import tasks  # noqa: PLC0415 -- leaf

    if wakes.take(WAKE) is None:
        return
    try:
        tasks.mail_due.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 -- the notices wait in the database; the sweeper sends them
        wakes.unsent(WAKE, 0)
        logger.warning("The broker took no message; the sweeper will mail.", error=str(error))


def mark_read(user: User, notice_ids: Iterable[int] | None, *, at: datetime) -> int:
    """Mark these notices, or all, of this person as read. Answers how many changed."""
    mine = Notice.objects.filter(recipient=user, read_at__isnull=True)
    if notice_ids is not None:
        mine = mine.filter(pk__in=list(notice_ids))
    return mine.update(read_at=at)


def mail_due(*, at: datetime) -> int:
    """Mail the notices that are due, each once. Answers how many were sent.

    Each notice is claimed before it is handed to the mail server, so two workers never send the same one. A letter that
    is refused is tried again later, and given up in the end. A server that is away is no letter's fault: everything
    waits until it is back, however long that takes. When a worker dies between claiming and sending, that mail is not
    repeated: the notice stands in the inbox, and a second copy of a mail is worse than none.
    """
    due = list(
        Notice.objects.filter(mail=Notice.Mail.DUE, recipient__is_active=True)
        .filter(Q(mail_after__isnull=True) | Q(mail_after__lte=at))
        .select_related("recipient")
        .order_by("pk")[:MAILS_AT_ONCE]
    )
    if not due:
        return 0
    sent: list[int] = []
    more = len(due) == MAILS_AT_ONCE
    connection = get_connection()
    try:
        _open(connection)
        for notice in due:
            if _send_once([notice], Notice.Mail.DUE, notice.recipient, connection):
                sent.append(notice.pk)  # noqa: PERF401 -- what was sent counts, also when the next one fails
    except ServerAway:
        # COST: whoever waits for a server that hangs does nothing else; the next one asks in two minutes.
        sooner = Q(mail_after__isnull=True) | Q(mail_after__lt=at + PAUSE)
        Notice.objects.filter(sooner, mail=Notice.Mail.DUE).update(mail_after=at + PAUSE)
        more = False
    finally:
        # COST: one statement for all of them. Until then they are "being sent", and nobody sends those again.
        Notice.objects.filter(pk__in=sent, mail=Notice.Mail.SENDING).update(mail=Notice.Mail.SENT)
        connection.close()
    if more:
        _wake_mail()
    return len(sent)


def send_digests(*, at: datetime) -> int:
    """Send one mail with everything new to each person whose day or week has passed. Answers how many mails."""
    sent = 0
    connection = get_connection()
    try:
        _open(connection)
        for person in _digest_readers(at):
            sent += _send_digest(person, connection, at=at)
    except ServerAway:
        pass  # whoever was not reached gets it in the next round
    finally:
        connection.close()
    return sent


def _digest_readers(at: datetime) -> Iterator[User]:
    for rhythm, every in DIGEST_EVERY.items():
        yield from User.objects.filter(
            Q(last_digest_at__isnull=True) | Q(last_digest_at__lte=at - every),
            is_active=True,
            mail_rhythm=rhythm,
            notices__mail=Notice.Mail.DIGEST,
        ).distinct()


def _send_digest(person: User, connection: BaseEmailBackend, *, at: datetime) -> bool:
    # RACE: two beats, or a job run twice: the one that moves the date sends the mail.
    before, mine = person.last_digest_at, User.objects.filter(pk=person.pk)
    if not mine.filter(last_digest_at=before).update(last_digest_at=at):
        return False
    notices = Notice.objects.filter(recipient=person, mail=Notice.Mail.DIGEST, created_at__lte=at)
    listed = list(notices.order_by("created_at"))
    try:
        if not _send_once(listed, Notice.Mail.DIGEST, person, connection):
            return False
    except ServerAway:
        mine.update(last_digest_at=before)
        raise
    pks = [notice.pk for notice in listed]
    Notice.objects.filter(pk__in=pks, mail=Notice.Mail.SENDING).update(mail=Notice.Mail.SENT)
    return True


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except Exception as error:  # noqa: BLE001 -- a mail server may raise anything
        logger.warning("The mail server does not answer; the mails wait.", error=str(error))
        raise ServerAway from None


def _send_once(notices: list[Notice], before: Notice.Mail, person: User, connection: BaseEmailBackend) -> bool:
    """Claim these notices, which are in the state `before`, and hand their letter over. Whoever asked marks them.

    Raises ServerAway; the notices are as before then.
    """
    now = timezone.now()
    pks = [notice.pk for notice in notices]
    claimed = Notice.objects.filter(pk__in=pks, mail=Notice.Mail.SENDING)
    if not Notice.objects.filter(pk__in=pks, mail=before).update(
        mail=Notice.Mail.SENDING, mail_tries=F("mail_tries") + 1, mailed_at=now
    ):
        return False
    try:
        connection.send_messages([_letter(notices, person)])
    except Exception as error:  # noqa: BLE001 -- a mail server may raise anything; the notice is kept and tried again
        if isinstance(error, (OSError, SoftTimeLimitExceeded)) and not isinstance(error, OF_THE_LETTER):
            logger.warning("The mail server went away; the mails wait.", error=str(error))
            claimed.update(mail=before, mail_tries=F("mail_tries") - 1, mailed_at=None)
            raise ServerAway from None
        logger.warning("A mail was refused.", to=person.email, error=str(error))
        claimed.filter(mail_tries__gte=MAIL_TRIES_MAX).update(mail=Notice.Mail.FAILED, mailed_at=None)
        tries = max((notice.mail_tries for notice in notices), default=0)
        claimed.update(mail=before, mailed_at=None, mail_after=now + PAUSE * 2**tries)
        return False
    return True


def _letter(notices: list[Notice], person: User) -> EmailMessage:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        only = notices[0] if len(notices) == 1 else None
        count = len(notices)
        subject = only.title if only else ngettext("%d thing is new", "%d things are new", count) % count
        body = render_to_string(
            "journal/letter.txt",
            {
                "person": person,
                "notices": notices,
                "address": settings.BLENDEDU_ADDRESS.rstrip("/"),
                "institution": settings.BLENDEDU_INSTITUTION,
            },
        )
        signed = gettext("%(subject)s - BlendEdu") % {"subject": subject}
    # SECURITY: a title may hold a person's words; a line break in it must not become a header.
    return EmailMessage(subject=" ".join(signed.split()), body=body, to=[person.email])
