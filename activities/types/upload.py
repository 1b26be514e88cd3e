"""Upload: work handed in as text and files, alone or as a group, answered by a lecturer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import registry, uploads
from activities.contract import ActivityType, Collects, Defaults, Grading, Todo
from activities.models import Attempt
from activities.queries import attempts as attempt_queries
from activities.services import attempts, handins
from activities.words import why_not

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Offer, Progress

KINDS = {
    "pdf": gettext_lazy("PDF"),
    "document": gettext_lazy("Document"),
    "presentation": gettext_lazy("Presentation"),
    "spreadsheet": gettext_lazy("Spreadsheet"),
    "text": gettext_lazy("Plain text"),
    "image": gettext_lazy("Picture"),
    "video": gettext_lazy("Video"),
    "sound": gettext_lazy("Sound"),
    "archive": gettext_lazy("Zip archive"),
}


@dataclass(frozen=True, slots=True)
class UploadConfig:
    asks_text: bool = True
    asks_files: bool = True
    accepts: tuple[str, ...] = ("pdf", "document", "presentation", "image")
    files_max: int = 5
    megabytes_max: int = 20
    max_points: int = 10
    attempts_allowed: int = 1


class UploadForm(forms.Form):
    asks_text = forms.BooleanField(label=gettext_lazy("Students write a text"), required=False, initial=True)
    asks_files = forms.BooleanField(label=gettext_lazy("Students hand in files"), required=False, initial=True)
    accepts = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of files"),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=["pdf", "document", "presentation", "image"],
    )
    files_max = forms.IntegerField(label=gettext_lazy("Files at most"), min_value=1, max_value=20, initial=5)
    megabytes_max = forms.IntegerField(
        label=gettext_lazy("Megabytes per file at most"), min_value=1, max_value=500, initial=20
    )
    max_points = forms.IntegerField(label=gettext_lazy("Points at most"), min_value=0, max_value=1000, initial=10)
    attempts_allowed = forms.IntegerField(
        label=gettext_lazy("Times it can be handed in"), min_value=1, max_value=20, initial=1
    )


def _begin(seat: Seat, config: UploadConfig) -> Attempt:
    return attempts.start_attempt(
        seat.offer,
        user=seat.user,
        group=seat.group,
        at=seat.at,
        attempts_allowed=config.attempts_allowed,
        config_seen=seat.activity.config,
        max_points=Decimal(config.max_points),
    )


def _mine(seat: Seat) -> list[Attempt]:
    rows = attempt_queries.attempts_of(seat.offer, user=seat.user, group=seat.group)
    return list(rows.prefetch_related("files", "remarks__author").select_related("submitted_by"))


def _refused(request: HttpRequest, seat: Seat, problem: str, *, status: int, text: str | None = None) -> HttpResponse:
    context = {**Upload().page(request, seat), "seat": seat, "problem": problem}
    if text is not None:
        context["typed"] = text
    return render(request, "activities/types/upload/work.html", context, status=status)


def add_file(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put a file with the work; it is kept before anything is handed in."""
    _must_act(seat)
    config: UploadConfig = Upload().parse(seat.activity.config)
    sent = request.FILES.getlist("files")
    if not sent:
        return _refused(request, seat, _("Choose a file first."), status=422)
    try:
        attempt = _begin(seat, config)
        for file in sent:
            handins.add_file(
                attempt,
                file,
                by=seat.user,
                at=seat.at,
                accepted=config.accepts,
                max_bytes=min(config.megabytes_max * uploads.MEGABYTE, settings.BLENDEDU_UPLOAD_MAX_BYTES),
                files_max=config.files_max,
            )
    except uploads.BadFile as error:
        return _refused(request, seat, why_not(error), status=422)
    except handins.TooManyFiles:
        return _refused(request, seat, _("At most %d files are taken.") % config.files_max, status=422)
    except attempts.AttemptRefused as error:
        return _refused(request, seat, str(error), status=409)
    return redirect(seat.page_url + "#work")


def remove_file(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take a file away from work that is not handed in yet; it can be put back."""
    _must_act(seat)
    try:
        handins.set_removed(
            seat.offer,
            _number(request, "file"),
            user=seat.user,
            group=seat.group,
            removed=not request.POST.get("back"),
            at=seat.at,
        )
    except handins.NoSuchFile:
        raise Http404 from None
    return redirect(seat.page_url + "#work")


def save(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep the text without handing in, or hand everything in."""
    _must_act(seat)
    config: UploadConfig = Upload().parse(seat.activity.config)
    text = request.POST.get("text", "")[:60_000]
    revision = _number(request, "revision")
    try:
        attempt = _begin(seat, config)
        if request.POST.get("hand_in"):
            if not text.strip() and not attempt.files.filter(removed_at__isnull=True).exists():
                return _refused(request, seat, _("There is nothing to hand in yet."), status=422, text=text)
            attempts.hand_in_work(attempt.pk, by=seat.user, text=text, at=seat.at, revision=revision)
        else:
            handins.save_text(attempt, text=text, revision=revision, at=seat.at)
    except attempts.StaleAnswers:
        return _refused(
            request,
            seat,
            _("The text was changed in another tab or by your group. Yours is kept below: compare, then save."),
            status=409,
            text=text,
        )
    except attempts.AttemptRefused as error:
        return _refused(request, seat, str(error), status=409, text=text)
    return redirect(seat.page_url + "#work")


def _must_act(seat: Seat) -> None:
    if not seat.can_act:
        raise PermissionDenied


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdigit() and len(value) < 12 else 0


@registry.register
class Upload(ActivityType[UploadConfig]):
    key = "upload"
    label = gettext_lazy("Upload")
    hint = gettext_lazy("Work handed in, with your feedback")
    icon = "upload"
    order = 40
    collects = Collects.ATTEMPTS
    grading = Grading.LECTURER
    per_group = True
    defaults = Defaults(
        minutes=60, learning_type="production", moment="after", assessment="formative", feedback_by="lecturer"
    )
    quick_words = ("upload", "hand", "submit", "essay", "report", "elaboration", "assignment", "write")
    config_class = UploadConfig
    form_class = UploadForm
    actions = {"add-file": add_file, "remove-file": remove_file, "save": save}

    def check(self, config: UploadConfig) -> dict[str, str]:
        problems: dict[str, str] = {}
        if not config.asks_text and not config.asks_files:
            problems["asks_files"] = _("Ask for a text, for files, or for both.")
        if config.asks_files and not config.accepts:
            problems["accepts"] = _("Choose at least one kind of file.")
        if set(config.accepts) - set(KINDS):
            problems["accepts"] = _("A kind of file is not known.")
        for name, low, high in (
            ("files_max", 1, 20),
            ("megabytes_max", 1, 500),
            ("max_points", 0, 1000),
            ("attempts_allowed", 1, 20),
        ):
            if not low <= getattr(config, name) <= high:
                problems[name] = _("This must lie between %(low)s and %(high)s.") % {"low": low, "high": high}
        return problems

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        as_group = offer.activity.grouping in {"group", "pair"}
        line = _("Group, one upload for all of you") if as_group else _("Upload")
        return Todo(done=bool(progress and progress.is_done), line=line)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        needs_group = self.per_group and seat.activity.grouping in {"group", "pair"}
        tries = _mine(seat) if seat.can_act else []
        current = next((one for one in tries if one.state == Attempt.State.OPEN), None)
        handed_in = [one for one in tries if one.state != Attempt.State.OPEN]
        context: dict[str, Any] = {  # Any: what the template shows
            "config": config,
            "extensions": uploads.extensions_for(config.accepts),
            "needs_group": needs_group,
            "without_group": needs_group and seat.can_act and seat.group is None,
            "current": current,
            "handed_in": handed_in,
            "may_work": seat.can_act
            and seat.offer.is_open(seat.at)
            and (current is not None or len(tries) < config.attempts_allowed),
            "members": list(seat.group.memberships.select_related("user")) if seat.group else [],
        }
        return context
