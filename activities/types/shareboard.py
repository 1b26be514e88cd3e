"""Share board: examples found by students, as links and files, each with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.core.validators import URLValidator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import registry, uploads
from activities.contract import ActivityType, Collects, Defaults, Todo
from activities.queries import posts as post_queries
from activities.services import posts
from activities.words import why_not

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Offer, Progress

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
        validators=[URLValidator(schemes=["https", "http"])],
    )
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Why it is a good example"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not cleaned.get("link") and not file and "link" not in self.errors and "file" not in self.errors:
            self.add_error("link", _("Give a link or a file."))
        if file:
            head = file.read(uploads.HEAD)
            file.seek(0)
            limit = min(MAX_BYTES, settings.BLENDEDU_UPLOAD_MAX_BYTES)
            try:
                file.name = uploads.check(file.name, file.size, head, accepted=ACCEPTED, max_bytes=limit)
            except uploads.BadFile as error:
                self.add_error("file", why_not(error))
        return cleaned


def share(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put an example on the board."""
    config: ShareBoardConfig = ShareBoard().parse(seat.activity.config)
    if not seat.can_act and not seat.can_teach:
        raise PermissionDenied
    form = ExampleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, seat, form, status=422)
    if not seat.can_teach and not seat.offer.is_open(seat.at):
        form.add_error(None, _("This board is closed. What you wrote is still here, copy it if you need it."))
        return _again(request, seat, form, status=409)
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
    return redirect(f"{seat.page_url}#post-{made.pk}")


def remove(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take one's own example away, or a lecturer any; it can be put back."""
    number = request.POST.get("post", "")
    try:
        kept = posts.set_removed(
            seat.offer,
            int(number) if number.isdigit() and len(number) < 12 else 0,
            by=seat.user,
            may_any=seat.can_teach,
            removed=not request.POST.get("back"),
            at=seat.at,
        )
    except posts.NoSuchPost:
        raise Http404 from None
    return redirect(f"{seat.page_url}#post-{kept.pk}")


def _again(request: HttpRequest, seat: Seat, form: ExampleForm, *, status: int) -> HttpResponse:
    context = {**ShareBoard().page(request, seat), "seat": seat, "form": form}
    return render(request, "activities/types/shareboard/write.html", context, status=status)


@registry.register
class ShareBoard(ActivityType[ShareBoardConfig]):
    key = "shareboard"
    label = gettext_lazy("Share board")
    hint = gettext_lazy("Students find examples and share them")
    icon = "share-2"
    order = 55
    collects = Collects.POSTS
    defaults = Defaults(minutes=30, learning_type="inquiry")
    quick_words = ("share", "find", "example", "examples", "collect", "search")
    config_class = ShareBoardConfig
    form_class = ShareBoardForm
    actions = {"share": share, "remove": remove}

    def check(self, config: ShareBoardConfig) -> dict[str, str]:
        if not 1 <= config.examples_wanted <= 20:
            return {"examples_wanted": _("Ask for 1 to 20 examples.")}
        return {}

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        return (_("share board"),)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        return Todo(done=bool(progress and progress.is_done), line=_("Share board"))

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        hidden = seat.can_act and config.share_first and not post_queries.has_posted(seat.offer, seat.user)
        examples = post_queries.threads_of(seat.offer) if not hidden else post_queries.nothing()
        return {
            "config": config,
            "hidden": hidden,
            "examples": Paginator(examples, EXAMPLES_PER_PAGE).get_page(request.GET.get("page")),
            "form": ExampleForm(),
            "may_share": seat.can_teach or (seat.can_act and seat.offer.is_open(seat.at)),
            "sharers": post_queries.authors_count(seat.offer),
            "extensions": uploads.extensions_for(ACCEPTED),
        }
