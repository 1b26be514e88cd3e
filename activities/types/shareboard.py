"""Share board: examples found by students, as links and files, each with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import posting, registry, uploads
from activities.contract import ActivityType, Collects, Defaults, Made, ShowAgain, Todo
from activities.models import Post
from activities.posting import back_to, is_hidden, own_count, page_of
from activities.queries import posts as post_queries
from activities.seats import closed_words, may_write, must_be_open, must_take_part, number_in
from activities.services import posts
from activities.words import why_not
from blendedu.kit.serving import serve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from activities.contract import Seat
    from activities.models import Activity, Offer, Progress

ACCEPTED = ("pdf", "image", "document", "presentation")
MAX_BYTES = 10 * uploads.MEGABYTE
EXAMPLES_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class ShareBoardConfig:
    examples_wanted: int = 1
    share_first: bool = False  # others are seen once one has shared


class ShareBoardForm(forms.Form):
    examples_wanted = forms.IntegerField(
        label=gettext_lazy("Examples per student"), min_value=1, max_value=20, initial=1
    )
    share_first = forms.BooleanField(
        label=gettext_lazy("Students see the others once they have shared something"), required=False
    )


class ExampleForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What it is"), max_length=160)
    link = forms.URLField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=400,
        assume_scheme="https",
        # Text and not url: browsers refuse www.example.org, which everybody writes.
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Why it is a good example"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django's own form
        super().__init__(*args, **kwargs)
        extensions = uploads.extensions_for(ACCEPTED)
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{each}" for each in extensions)
        self.fields["file"].help_text = _("%(extensions)s; at most %(megabytes)s MB.") % {
            "extensions": ", ".join(extensions),
            "megabytes": _max_bytes() // uploads.MEGABYTE,
        }

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        # SECURITY: Django's own check lets ftp through; everything else never becomes a link.
        if link and not link.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Give an address that begins with https:// or http://."))
        return link

    def clean_file(self) -> UploadedFile[Any] | None:  # Any: bytes or text, as the parser made it
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file:
            head = file.read(uploads.HEAD)
            file.seek(0)
            try:
                file.name = uploads.check(
                    file.name or "", file.size or 0, head, accepted=ACCEPTED, max_bytes=_max_bytes()
                )
            except uploads.BadFile as error:
                raise forms.ValidationError(why_not(error)) from None
        return file

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not {"link", "file"} & set(self.errors) and not cleaned.get("link") and not cleaned.get("file"):
            self.add_error("link", _("Give a link or a file."))
        return cleaned


def _max_bytes() -> int:
    return min(MAX_BYTES, int(settings.BLENDEDU_UPLOAD_MAX_BYTES))


def share(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put an example on the board."""
    must_take_part(seat)
    config: ShareBoardConfig = ShareBoard().parse(seat.activity.config)
    form = ExampleForm(request.POST, request.FILES)
    must_be_open(seat, form=form)
    if not form.is_valid():
        raise ShowAgain(422, form=form)
    try:
        made = posts.add_post(
            seat.offer,
            author=seat.user,
            parent_id=None,
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            link=form.cleaned_data["link"],
            file=form.cleaned_data["file"],
            wanted=config.examples_wanted,
            counts=seat.can_act,
            at=seat.at,
        )
    except uploads.BadFile as error:
        form.add_error("file", why_not(error))
        raise ShowAgain(422, form=form) from None
    return back_to(request, seat, made)


def remove(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take one's own example away, or a lecturer any; it can be put back."""
    config: ShareBoardConfig = ShareBoard().parse(seat.activity.config)
    return posting.remove(request, seat, wanted=config.examples_wanted)


def file(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """The file of an example, for whoever sees the example."""
    config: ShareBoardConfig = ShareBoard().parse(seat.activity.config)
    if is_hidden(seat, first=config.share_first, own=own_count(seat)):
        raise Http404
    example = post_queries.cards_of(seat).filter(pk=number_in(request, "post")).exclude(file="").first()
    if example is None:
        raise Http404
    return serve(request, example.file, name=example.file_name, content_type=example.file_type)


@registry.register
class ShareBoard(ActivityType[ShareBoardConfig]):
    key = "shareboard"
    label = gettext_lazy("Share board")
    hint = gettext_lazy("Students find examples and share them")
    icon = "share-2"
    order = 55
    collects = Collects.POSTS
    defaults = Defaults(minutes=30, learning_type="inquiry")
    estimated_by = "sharing"
    quick_words = ("share", "find", "example", "examples", "collect", "search")
    config_class = ShareBoardConfig
    form_class = ShareBoardForm
    actions = {"share": share, "remove": remove}
    looks = {"file": file}

    def check(self, config: ShareBoardConfig) -> dict[str, str]:
        if not 1 <= config.examples_wanted <= 20:
            return {"examples_wanted": _("Ask for 1 to 20 examples.")}
        return {}

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        return () if activity.brief.strip() else (_("no word yet on what to look for"),)

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        wanted = config.get("examples_wanted")
        if isinstance(wanted, int) and wanted > 1:
            return (ngettext("%d example", "%d examples", wanted) % wanted,)
        return ()

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        line = ", ".join([_("Share board"), *self.card_facts(offer.activity.config)])
        return Todo(done=bool(progress and progress.is_done), line=line)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        own = own_count(seat)
        hidden = is_hidden(seat, first=config.share_first, own=own)
        rows = post_queries.cards_of(seat) if not hidden else Post.objects.none()
        page = page_of(rows, request, size=EXAMPLES_PER_PAGE)
        may = may_write(seat)
        return {
            "config": config,
            "own": own,
            "is_done": own >= config.examples_wanted,
            "hidden": hidden,
            "page": page,
            "examples": post_queries.as_seen(page.object_list, seat),
            "form": ExampleForm(),
            "may_share": may,
            "closed": closed_words(seat) if seat.can_act and not may else "",
            "sharers": post_queries.authors_count(seat.offer),
            "share_url": seat.action_url("share"),
            "remove_url": seat.action_url("remove"),
            "file_url": seat.action_url("file"),
        }
