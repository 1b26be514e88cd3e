"""What happened, who is told, and what must still be done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that happened. Entries are only ever added."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="journal_entries"
    )
    verb = models.CharField(max_length=48)
    # The thing it happened to, as "design" and its number: the journal lies below the apps and must not know them.
    subject = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    about = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "-at"], name="journal_entry_of_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.subject_id}"


class Notice(models.Model):
    """Something a person is told, once per cause."""

    class Mail(models.TextChoices):
        NONE = "none", _("Not mailed")
        DUE = "due", _("To be mailed")
        DIGEST = "digest", _("Waits for the next digest")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Mailed")
        FAILED = "failed", _("Could not be mailed")

    # Three of the indexes below begin with it.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    cause = models.CharField(max_length=80, help_text="What it is about, such as attempt-released:12.")
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_after = models.DateTimeField(null=True, blank=True, help_text="Not tried before then.")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "cause"], name="notice_once_per_cause")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["mail"], condition=Q(mail__in=["due", "digest"]), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return self.title


class Job(models.Model):
    """Work that must happen: written with its cause in one transaction, done once however often it is tried.

    The broker only wakes a worker up; this row is the truth (see docs/decisions/0004-jobs-live-in-the-database.md).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    ref = models.BigIntegerField(help_text="The number of the row the work is about.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # RACE: whoever holds the lease may finish; a later claim changes it, and the earlier worker's finish is refused.
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            # COST: the sweeper reads this every few seconds; finished rows are not in it.
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="job_waiting"),
            models.Index(fields=["kind", "ref"], name="job_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} ({self.state})"
