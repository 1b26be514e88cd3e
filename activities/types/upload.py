"""Upload: work handed in as text and files, alone or as a group, answered by a lecturer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import registry, uploads
from activities.contract import ActivityType, Collects, Defaults, Grading, Made, ShowAgain, Todo
from activities.models import Attempt, AttemptFile, Grouping, Remark
from activities.queries import attempts as attempt_queries
from activities.seats import closed_words, must_act, must_be_open, number_in
from activities.services import attempts, handins
from activities.words import why_not
from blendedu.kit.fragment import SeeOther

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile  # Any with it: bytes or text, as the parser made it
    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Activity, Offer, Progress

TEXT_MAX = 60_000
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


class TextForm(forms.Form):
    """The text of the work as it was sent; markup and blank lines are the student's own."""

    text = forms.CharField(label=gettext_lazy("Your text"), max_length=TEXT_MAX, required=False, strip=False)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a lecturer has said about work; made only from feedback that is released."""

    points: Decimal | None
    max_points: Decimal | None
    text: str
    remarks: tuple[Remark, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Work that was handed in, as its makers see it: the receipt, and the feedback once it is released."""

    number: int
    at: datetime
    by: str
    late: bool
    text: str
    files: tuple[AttemptFile, ...]
    feedback: Feedback | None
    group: str  # where it was done with another group than the one of now


# --- What a student does --------------------------------------------------------------------------------------------


def save(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep what was typed and chosen, take a file away or put it back, or hand everything in.

    One form for all of it, so that no button loses what another field holds. Clicked twice, it is one receipt.
    """
    typed = {"typed": request.POST["text"]} if "text" in request.POST else {}
    config = _working(seat, **typed)
    form = TextForm(request.POST)
    if not form.is_valid():
        raise ShowAgain(422, text_problem=" ".join(map(str, form.errors["text"])), **typed)
    text = form.cleaned_data["text"] if config.asks_text and typed else None
    hand_in = bool(request.POST.get("hand_in"))
    chosen = request.FILES.getlist("files")
    earlier = _of_number(seat, number_in(request, "number"))
    if earlier is not None and earlier.state != Attempt.State.OPEN and not chosen and (hand_in or text == earlier.text):
        return SeeOther(f"{seat.page_url}#handed-in")
    if not chosen and not (text or "").strip() and earlier is None:
        if hand_in:
            raise ShowAgain(422, refused=_("There is nothing to hand in yet."), **typed)
        return SeeOther(f"{seat.page_url}#work")
    try:
        attempt = _begin(earlier, seat, config)
        # Files first: they cannot be in conflict, and a browser does not keep them for a second try.
        _change_files(request, seat, config, attempt, chosen)
        if not hand_in:
            if text is not None and text != attempt.text:
                handins.save_text(attempt, text=text, revision=number_in(request, "revision"), at=seat.at)
            return SeeOther(f"{seat.page_url}#work")
        words = attempt.text if text is None else text
        if not words.strip() and not attempt.files.filter(removed_at__isnull=True).exists():
            raise ShowAgain(422, refused=_("There is nothing to hand in yet."), **typed)
        attempts.hand_in_work(attempt.pk, by=seat.user, text=words, at=seat.at, revision=number_in(request, "revision"))
    except uploads.BadFile as error:
        raise ShowAgain(422, file_problem=why_not(error), **typed) from None
    except handins.TooManyFiles:
        raise ShowAgain(422, file_problem=_too_many(config), **typed) from None
    except attempts.StaleAnswers as stale:
        raise ShowAgain(409, elsewhere=str(stale.answers.get("text", "")), **typed) from None
    except attempts.AttemptRefused as error:
        raise ShowAgain(409, refused=str(error), **typed) from None
    return SeeOther(f"{seat.page_url}#handed-in")


def _change_files(
    request: HttpRequest, seat: Seat, config: UploadConfig, attempt: Attempt, chosen: Sequence[UploadedFile[Any]]
) -> None:
    if chosen and not config.asks_files:
        raise ShowAgain(422, refused=_("Files are not asked for here."), typed=request.POST.get("text", ""))
    for file in chosen:
        handins.add_file(
            attempt,
            file,
            by=seat.user,
            at=seat.at,
            accepted=config.accepts,
            max_bytes=_max_bytes(config),
            files_max=config.files_max,
        )
    for name in ("remove", "put_back"):
        if name not in request.POST:
            continue
        try:
            handins.set_removed(
                attempt, number_in(request, name), removed=name == "remove", files_max=config.files_max, at=seat.at
            )
        except handins.NoSuchFile:
            raise Http404 from None


# --- Small parts ----------------------------------------------------------------------------------------------------


def _working(seat: Seat, **typed: str) -> UploadConfig:
    """The settings, for somebody who may work on this now."""
    must_act(seat)
    must_be_open(seat, **typed)
    config: UploadConfig = Upload().parse(seat.activity.config)
    if _is_for_groups(seat) and seat.group is None:
        raise ShowAgain(409, refused=_("You are in no group yet, so there is nobody to hand in for."), **typed)
    return config


def _is_for_groups(seat: Seat) -> bool:
    return seat.activity.grouping != Grouping.ALONE


def _begin(attempt: Attempt | None, seat: Seat, config: UploadConfig) -> Attempt:
    """The open attempt, or a new one; a page that was drawn for an earlier one does not begin another by surprise."""
    if attempt is not None and attempt.state != Attempt.State.OPEN:
        raise attempts.AlreadySubmitted(_("This was handed in already, perhaps by your group or in another tab."))
    return attempts.start_attempt(
        seat.offer,
        user=seat.user,
        group=seat.group,
        at=seat.at,
        attempts_allowed=config.attempts_allowed,
        config_seen=seat.activity.config,
        max_points=Decimal(config.max_points),
    )


def _of_number(seat: Seat, number: int) -> Attempt | None:
    return attempt_queries.attempts_of(seat.offer, user=seat.user, group=seat.group).filter(number=number).first()


def _max_bytes(config: UploadConfig) -> int:
    return min(config.megabytes_max * uploads.MEGABYTE, int(settings.BLENDEDU_UPLOAD_MAX_BYTES))


def _too_many(config: UploadConfig) -> str:
    return ngettext(
        "At most %d file is taken. Remove one to add another.",
        "At most %d files are taken. Remove one to add another.",
        config.files_max,
    ) % (config.files_max)


def _tries(seat: Seat) -> list[Any]:  # Any: an Attempt with is_readable
    """The attempts of this student or group, first to last; and what they handed in with a group they have left."""
    owned = Q(group=seat.group) if seat.group is not None else Q(user=seat.user)
    rows = Attempt.objects.filter(owned | attempt_queries.made_by(seat.user.pk), offer=seat.offer)
    rows = rows.annotate(is_readable=ExpressionWrapper(attempt_queries.readable_by(seat.user.pk), BooleanField()))
    remarks = Prefetch("remarks", Remark.objects.filter(attempt__released_at__isnull=False).select_related("author"))
    return list(
        rows.select_related("submitted_by", "graded_by", "group").prefetch_related("files", remarks).order_by("number")
    )


def _receipt(attempt: Attempt, seat: Seat) -> HandedIn:
    # SECURITY: what is not released is not even handed to the template (trust.md F40).
    feedback = None
    if attempt.released_at is not None:
        feedback = Feedback(
            points=attempt.points,
            max_points=attempt.max_points,
            text=attempt.feedback,
            remarks=tuple(attempt.remarks.all()),
            by=attempt.graded_by.name if attempt.graded_by else "",
            at=attempt.released_at,
        )
    other = attempt.group_id is not None and (seat.group is None or attempt.group_id != seat.group.pk)
    return HandedIn(
        number=attempt.number,
        at=attempt.submitted_at or attempt.started_at,
        by=attempt.submitted_by.name if attempt.submitted_by else "",
        late=attempt.late,
        text=attempt.text,
        files=tuple(file for file in attempt.files.all() if file.removed_at is None),
        feedback=feedback,
        group=attempt.group.name if other and attempt.group else "",
    )


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
    estimated_by = "writing"
    quick_words = ("upload", "hand", "submit", "essay", "report", "elaboration", "assignment", "write")
    config_class = UploadConfig
    form_class = UploadForm
    actions = {"save": save}

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

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        return () if activity.brief.strip() else (_("no brief yet"),)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        as_group = offer.activity.grouping != Grouping.ALONE
        line = _("Group, one upload for all of you") if as_group else _("Upload")
        return Todo(done=bool(progress and progress.is_done), line=line)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        tries = _tries(seat) if seat.can_act else []
        owned = [one for one in tries if _owns(seat, one)]
        current = next((one for one in owned if one.state == Attempt.State.OPEN), None)
        done = [one for one in reversed(tries) if one.state != Attempt.State.OPEN]
        # SECURITY: of what the group handed in before somebody came, not even the template gets more than when.
        handed_in = [_receipt(one, seat) for one in done if one.is_readable]
        without_group = _is_for_groups(seat) and seat.can_act and seat.group is None
        files = list(current.files.all()) if current else []
        left = config.attempts_allowed - len(owned) + (1 if current else 0)
        return {
            "config": config,
            "is_done": bool(handed_in),
            "extensions": uploads.extensions_for(config.accepts),
            "kinds": [KINDS[key] for key in KINDS if key in config.accepts],
            "max_bytes": _max_bytes(config),
            "without_group": without_group,
            "members": _members(seat),
            "current": current,
            "number": current.number if current else len(owned) + 1,
            "revision": current.revision if current else 0,
            "files": [file for file in files if file.removed_at is None],
            "removed": [file for file in files if file.removed_at is not None],
            "handed_in": handed_in,
            "before": [one.submitted_at for one in done if not one.is_readable],
            "may_work": seat.can_act and not without_group and left > 0 and seat.offer.is_open(seat.at),
            "closed": closed_words(seat) if left > 0 else "",
            "left": left,
            "draft_key": f"draft:{seat.user.pk}:{seat.offer.pk}:",
            "save_url": seat.action_url("save"),
        }


def _owns(seat: Seat, attempt: Attempt) -> bool:
    return attempt.group_id == seat.group.pk if seat.group is not None else attempt.user_id == seat.user.pk


def _members(seat: Seat) -> list[str]:
    """The others of the group, by name."""
    if seat.group is None:
        return []
    others = seat.group.memberships.exclude(user=seat.user).order_by("user__name")
    return list(others.values_list("user__name", flat=True))
