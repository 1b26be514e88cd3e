"""Knowledge clip: a video file of ours, or one at a host that the institution allows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import registry
from activities.contract import ActivityType, Collects, Defaults, Todo
from activities.models import Material, Progress
from activities.services.progress import note_played, note_progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest

    from activities.contract import Seat
    from activities.models import Activity, Offer

SECONDS_MAX = 6 * 3600
STRETCHES_MAX = 200


@dataclass(frozen=True, slots=True)
class ClipConfig:
    source: str = "file"
    address: str = ""
    seconds: int = 0
    captions: str = "none"  # none, file (with the clip), host (at the host)
    done_from: int = 80  # per cent seen that counts as watched
    transcript: str = ""


class ClipForm(forms.Form):
    source = forms.ChoiceField(
        label=gettext_lazy("Where the clip is"),
        choices=[("file", gettext_lazy("A video file")), ("address", gettext_lazy("At a video host"))],
        initial="file",
    )
    address = forms.CharField(label=gettext_lazy("Address at the host"), required=False, max_length=400)
    seconds = forms.IntegerField(
        label=gettext_lazy("Length in seconds"), required=False, min_value=0, max_value=SECONDS_MAX, initial=0
    )
    captions = forms.ChoiceField(
        label=gettext_lazy("Captions"),
        choices=[
            ("none", gettext_lazy("None yet")),
            ("file", gettext_lazy("A captions file with the clip")),
            ("host", gettext_lazy("At the host")),
        ],
        initial="none",
    )
    done_from = forms.IntegerField(
        label=gettext_lazy("Watched from (per cent)"), min_value=1, max_value=100, initial=80
    )
    transcript = forms.CharField(
        label=gettext_lazy("Transcript"), required=False, max_length=60_000, widget=forms.Textarea
    )

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or 0


def embed_address(address: str) -> str:
    """The address of the host's player for a clip, or empty when the host is not allowed.

    Watch pages of the two common hosts are turned into their player that sets no cookies before play.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.hostname or parts.port or parts.username:
        return ""
    host, path = parts.hostname.lower(), parts.path
    if host in {"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"}:
        video = path.strip("/") if host == "youtu.be" else parse_qs(parts.query).get("v", [""])[0]
        if re.fullmatch(r"[\w-]{6,20}", video):
            host, address = (
                "www.youtube-nocookie.com",
                f"https://www.youtube-nocookie.com/embed/{video}?cc_load_policy=1",
            )
    elif host in {"vimeo.com", "www.vimeo.com"} and re.fullmatch(r"/\d+", path):
        host, address = "player.vimeo.com", f"https://player.vimeo.com/video{path}?dnt=1"
    return address if host in settings.BLENDEDU_CLIP_HOSTS else ""


def played(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The player tells which stretches were played since it last told; told twice it changes nothing."""
    config: ClipConfig = Clip().parse(seat.activity.config)
    if not seat.can_act:
        return HttpResponse(status=204)
    try:
        told = json.loads(request.POST.get("played", "[]"))
        stretches = [(int(start), int(end)) for start, end in told][:STRETCHES_MAX]
        position = int(float(request.POST.get("position", "0")))
        length = config.seconds or int(float(request.POST.get("length", "0")))
    except (ValueError, TypeError, OverflowError):
        return JsonResponse({"problem": _("The player sent something that is not a time.")}, status=422)
    if not 0 < length <= SECONDS_MAX:
        return JsonResponse({"problem": _("The length of the clip is not known.")}, status=422)
    progress = note_played(
        seat.offer.pk,
        seat.user.pk,
        played=stretches,
        position=position,
        length=length,
        done_from=config.done_from,
        at=seat.at,
    )
    return JsonResponse({"share": progress.share, "done": progress.is_done})


def finish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The student says that they have watched it: for a clip at a host, whose player tells us nothing."""
    if seat.can_act:
        note_progress(seat.offer.pk, [seat.user.pk], state=Progress.State.DONE, share=100, at=seat.at)
    return redirect(seat.page_url)


def clock(seconds: int) -> str:
    """Seconds as a player shows them: 3:10."""
    return f"{seconds // 60}:{seconds % 60:02d}"


@registry.register
class Clip(ActivityType[ClipConfig]):
    key = "clip"
    label = gettext_lazy("Clip")
    hint = gettext_lazy("A short video with captions")
    icon = "circle-play"
    order = 15
    collects = Collects.WATCHING
    defaults = Defaults(minutes=8, learning_type="acquisition")
    quick_words = ("clip", "video", "watch", "film", "recording")
    config_class = ClipConfig
    form_class = ClipForm
    actions = {"played": played, "finish": finish}

    def check(self, config: ClipConfig) -> dict[str, str]:
        problems = {}
        if config.source not in {"file", "address"}:
            problems["source"] = _("Choose where the clip is.")
        if config.captions not in {"none", "file", "host"}:
            problems["captions"] = _("Choose where the captions are.")
        if not 0 <= config.seconds <= SECONDS_MAX:
            problems["seconds"] = _("A clip lasts at most six hours.")
        if not 1 <= config.done_from <= 100:
            problems["done_from"] = _("Give a percentage from 1 to 100.")
        if config.source == "address" and config.address and not embed_address(config.address):
            problems["address"] = _(
                "Clips may come from: %s. Give an address there that begins with https://."
            ) % ", ".join(settings.BLENDEDU_CLIP_HOSTS)
        return problems

    def missing(self, activity: Activity) -> tuple[str, ...]:
        config = self.parse(activity.config)
        kinds = {material.kind for material in activity.materials.all()}
        gaps = []
        if config.source == "file" and Material.Kind.CLIP not in kinds:
            gaps.append(_("no video yet"))
        if config.source == "address" and not config.address:
            gaps.append(_("no address yet"))
        if not self.has_captions(activity.config):
            gaps.append(_("no captions yet"))
        return tuple(gaps)

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        return () if self.has_captions(config) else (_("no captions"),)

    def has_captions(self, config: Mapping[str, object]) -> bool | None:
        return config.get("captions") in {"file", "host"}

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        words = [_("Clip")]
        if self.has_captions(offer.activity.config):
            words.append(_("captions"))
        if progress is None or progress.is_done:
            return Todo(done=bool(progress), line=", ".join(words))
        if progress.position:
            words.append(_("stopped at %s") % clock(progress.position))
        minutes = offer.activity.minutes or 0
        left = max(1, round(minutes * (100 - progress.share) / 100)) if minutes else None
        return Todo(done=False, line=", ".join(words), share=progress.share, minutes_left=left)

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        materials = list(seat.activity.materials.all())
        progress = Progress.objects.filter(offer=seat.offer, user=seat.user).first() if seat.can_act else None
        embed = embed_address(config.address) if config.source == "address" else ""
        return {
            "config": config,
            "progress": progress,
            "clip": next((file for file in materials if file.kind == Material.Kind.CLIP), None),
            "captions": [file for file in materials if file.kind == Material.Kind.CAPTIONS],
            "embed": embed,
            "host": urlsplit(embed).hostname,
            "resume_at": progress.position if progress and not progress.is_done else 0,
            "resume_clock": clock(progress.position) if progress else "",
        }
