"""Reading: a text in the page, a file, or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import registry
from activities.contract import ActivityType, Collects, Defaults, Made, Todo
from activities.models import Material, Progress
from activities.seats import must_act, must_be_open
from activities.services.progress import note_progress, note_said_done
from blendedu.kit.fragment import SeeOther

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Activity, Offer

PURPOSES = {
    "survey": gettext_lazy("Skim the main ideas"),
    "understand": gettext_lazy("Understand"),
    "engage": gettext_lazy("Work with it: solve, judge, draw conclusions"),
}
DIFFICULTIES = {
    "none": gettext_lazy("No new concepts"),
    "some": gettext_lazy("Some new concepts"),
    "many": gettext_lazy("Many new concepts"),
}


@dataclass(frozen=True, slots=True)
class ReadingConfig:
    source: str = "text"
    text: str = ""
    address: str = ""
    pages: int = 0
    words: int = 0
    purpose: str = "understand"
    difficulty: str = "some"


class ReadingForm(forms.Form):
    source = forms.ChoiceField(
        label=gettext_lazy("Where the text is"),
        choices=[
            ("text", gettext_lazy("On the page")),
            ("file", gettext_lazy("In a file")),
            ("address", gettext_lazy("At an address, or in a book")),
        ],
        initial="text",
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, required=False, max_length=60_000)
    address = forms.CharField(
        label=gettext_lazy("Address or reference"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("An address that begins with https://, or the book and chapter."),
    )
    pages = forms.IntegerField(label=gettext_lazy("Pages"), required=False, min_value=0, max_value=2000, initial=0)
    words = forms.IntegerField(
        label=gettext_lazy("Words"),
        required=False,
        min_value=0,
        max_value=600_000,
        initial=0,
        help_text=gettext_lazy("In all, when known; it makes the estimate better than pages."),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What students read it for"), choices=list(PURPOSES.items()), initial="understand"
    )
    difficulty = forms.ChoiceField(
        label=gettext_lazy("How new it is"), choices=list(DIFFICULTIES.items()), initial="some"
    )

    def clean_pages(self) -> int:
        return self.cleaned_data["pages"] or 0

    def clean_words(self) -> int:
        return self.cleaned_data["words"] or 0


def finish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The student has read it, or has not after all."""
    must_act(seat)
    must_be_open(seat)
    if request.POST.get("done") == "no":
        note_progress(seat.offer.pk, [seat.user.pk], state=Progress.State.STARTED, share=0, at=seat.at)
    else:
        note_said_done(seat.offer.pk, seat.user.pk, at=seat.at)
    return SeeOther(f"{seat.page_url}#read")


@registry.register
class Reading(ActivityType[ReadingConfig]):
    key = "reading"
    label = gettext_lazy("Reading")
    hint = gettext_lazy("A text, a chapter or an article")
    icon = "book-open"
    order = 20
    collects = Collects.WATCHING
    takes_files = (Material.Kind.TEXT,)
    defaults = Defaults(minutes=45, learning_type="acquisition")
    quick_words = ("read", "reading", "chapter", "article", "text", "book")
    estimated_by = "reading"
    config_class = ReadingConfig
    form_class = ReadingForm
    actions = {"finish": finish}

    def check(self, config: ReadingConfig) -> dict[str, str]:
        problems = {}
        if config.source not in {"text", "file", "address"}:
            problems["source"] = _("Choose where the text is.")
        if config.purpose not in PURPOSES:
            problems["purpose"] = _("Choose what students read it for.")
        if config.difficulty not in DIFFICULTIES:
            problems["difficulty"] = _("Choose how new it is.")
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):(?!\s)", config.address, re.IGNORECASE)
        # SECURITY: a book may have a colon in its title; an address may only begin in these two ways.
        if config.source == "address" and scheme and scheme[1].lower() not in {"http", "https"}:
            problems["address"] = _("An address must begin with https:// or http://.")
        return problems

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        config = self.parse(activity.config)
        # A chapter of a book on paper has no text here: its brief says which.
        if config.source == "text" and not config.text and not activity.brief.strip():
            return (_("no text yet"),)
        if config.source == "address" and not config.address:
            return (_("no address yet"),)
        if config.source == "file" and Material.Kind.TEXT not in (made or Made.of(activity)).files:
            return (_("no file yet"),)
        return ()

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        pages = config.get("pages")
        if isinstance(pages, int) and pages > 0:
            return (ngettext("%d page", "%d pages", pages) % pages,)
        return ()

    def formats(self, config: Mapping[str, object]) -> tuple[str, ...]:
        return ("text",)

    def estimate_inputs(self, config: Mapping[str, object]) -> dict[str, object]:
        parsed = self.parse(config)
        # A text on the page can be counted.
        words = parsed.words or (len(parsed.text.split()) if parsed.source == "text" else 0)
        return {
            "words": words or None,
            "pages": parsed.pages or None,
            "purpose": parsed.purpose,
            "difficulty": {"none": "no_new", "some": "some_new", "many": "many_new"}[parsed.difficulty],
        }

    def with_files(
        self, config: Mapping[str, object], kinds: Collection[str], seconds: int | None
    ) -> dict[str, object]:
        return {**config, "source": "file"} if Material.Kind.TEXT in kinds else dict(config)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        line = ", ".join([_("Reading"), *self.card_facts(offer.activity.config)])
        return Todo(done=bool(progress and progress.is_done), line=line)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        progress = Progress.objects.filter(offer=seat.offer, user=seat.user).first() if seat.can_act else None
        files = list(seat.activity.materials.filter(kind=Material.Kind.TEXT)) if config.source == "file" else []
        address = config.address.strip() if config.source == "address" else ""
        return {
            "config": config,
            "purpose": PURPOSES[config.purpose],
            "text": config.text.strip() if config.source == "text" else "",
            "files": files,
            "address": address,
            "host": _host(address),
            "progress": progress,
            "is_done": progress is not None and progress.is_done,
            "may_say": seat.can_act and seat.offer.is_open(seat.at),
            "finish_url": seat.action_url("finish"),
        }


def _host(address: str) -> str:
    """The host of an address; empty for a book and chapter, which is no link."""
    if not address.lower().startswith(("https://", "http://")):
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
