"""Knowledge clip: a video file of ours, or one at a host that the institution allows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.conf import settings
from django.http import JsonResponse
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from activities import registry
from activities.contract import ActivityType, Collects, Defaults, Made, Todo
from activities.models import Material, Progress
from activities.seats import closed_words, may_write, must_act, must_be_open
from activities.services.progress import note_played, note_said_done
from blendedu.kit.fragment import SeeOther

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Activity, Offer

SECONDS_MAX = 6 * 3600
STRETCHES_MAX = 200
TOLD_MAX = 6000  # signs; so many stretches and their brackets
AT_THE_END = 3  # seconds before the end from which a clip begins again instead of being resumed


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


_YOUTUBE = {"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"}


def embed_address(address: str) -> str:
    """The address of the host's player for a clip, or empty when the host is not allowed.

    Watch pages of the two common hosts are turned into their player that sets no cookies before play.
    """
    # SECURITY: what cannot be read in one way only is not read at all.
    if not address.isascii() or re.search(r"[\s\\@]", address):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.hostname or port:
        return ""
    host = parts.hostname.lower()
    if host in _YOUTUBE:
        host, path = "www.youtube-nocookie.com", _youtube_path(host, parts.path, parts.query)
    elif host in {"vimeo.com", "www.vimeo.com"}:
        host, path = "player.vimeo.com", _vimeo_path(parts.path)
    else:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"https://{host}{path}" if path and host in settings.BLENDEDU_CLIP_HOSTS else ""


def _youtube_path(host: str, path: str, query: str) -> str:
    if host == "youtu.be":
        video = path.strip("/")
    elif found := re.fullmatch(r"/(?:shorts|live|embed)/([^/]+)/?", path):
        video = found[1]
    else:
        video = parse_qs(query).get("v", [""])[0]
    return f"/embed/{video}?cc_load_policy=1" if re.fullmatch(r"[A-Za-z0-9_-]{6,20}", video) else ""


def _vimeo_path(path: str) -> str:
    found = re.fullmatch(r"/(\d+)(?:/([0-9a-f]+))?/?", path)
    if found is None:
        return ""
    unlisted = f"&h={found[2]}" if found[2] else ""
    return f"/video/{found[1]}?dnt=1{unlisted}"


def played(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The player tells which stretches were played since it was opened; told twice it changes nothing.

    JSON and not a fragment: the player stays as it is and only notes how much was seen.
    """
    must_act(seat)
    config: ClipConfig = Clip().parse(seat.activity.config)
    if not may_write(seat):
        return JsonResponse({"problem": closed_words(seat)}, status=409)
    try:
        told = json.loads(request.POST.get("played", "")[:TOLD_MAX] or "[]")
        stretches = [(int(start), int(end)) for start, end in told][:STRETCHES_MAX]
        position = int(float(request.POST.get("position", "") or 0))
        length = config.seconds or int(float(request.POST.get("length", "") or 0))
    except (ValueError, TypeError, OverflowError, RecursionError):
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
    """The student says that they have watched it: without scripts, or at a host whose player tells us nothing."""
    must_act(seat)
    must_be_open(seat)
    note_said_done(seat.offer.pk, seat.user.pk, at=seat.at)
    return SeeOther(f"{seat.page_url}#watched")


def clock(seconds: int) -> str:
    """Seconds as a player shows them: 3:10, 1:02:05."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


@dataclass(frozen=True, slots=True)
class Track:
    """Captions in one language, as the player offers them."""

    pk: int
    language: str
    label: str


def _track(file: Material) -> Track:
    language = file.language or "en"
    try:
        label = get_language_info(language)["name_local"]
    except KeyError:
        label = language
    return Track(file.pk, language, label)


@registry.register
class Clip(ActivityType[ClipConfig]):
    key = "clip"
    label = gettext_lazy("Clip")
    hint = gettext_lazy("A short video with captions")
    icon = "circle-play"
    order = 15
    collects = Collects.WATCHING
    takes_files = (Material.Kind.CLIP, Material.Kind.CAPTIONS)
    defaults = Defaults(minutes=8, learning_type="acquisition")
    estimated_by = "video"
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

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        config = self.parse(activity.config)
        kinds = (made or Made.of(activity)).files
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
        return config.get("captions") in ("file", "host")

    def seconds(self, config: Mapping[str, object]) -> int | None:
        said = config.get("seconds")
        return said if isinstance(said, int) and said > 0 else None

    def formats(self, config: Mapping[str, object]) -> tuple[str, ...]:
        return ("video", "text") if config.get("transcript") else ("video",)

    def with_files(
        self, config: Mapping[str, object], kinds: Collection[str], seconds: int | None
    ) -> dict[str, object]:
        fits: dict[str, object] = {}
        if Material.Kind.CLIP in kinds:
            fits["source"] = "file"
        if seconds is not None:
            fits["seconds"] = min(seconds, SECONDS_MAX)
        if Material.Kind.CAPTIONS in kinds:
            fits["captions"] = "file"
        elif config.get("captions") == "file":
            fits["captions"] = "none"
        return {**config, **fits}

    def estimate_inputs(self, config: Mapping[str, object]) -> dict[str, object]:
        length = self.parse(config).seconds
        return {"minutes": length // 60, "seconds": length % 60} if length else {}

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
        is_done = progress is not None and progress.is_done
        embed = embed_address(config.address) if config.source == "address" else ""
        position = progress.position if progress and not is_done else 0
        resume_at = position if not config.seconds or position < config.seconds - AT_THE_END else 0
        clip = next((file for file in materials if file.kind == Material.Kind.CLIP), None)
        return {
            "config": config,
            "progress": progress,
            "is_done": is_done,
            "share": progress.share if progress else 0,
            "may_say": seat.can_act and not is_done and seat.offer.is_open(seat.at),
            "clip": clip if config.source == "file" else None,
            "captions": [_track(file) for file in materials if file.kind == Material.Kind.CAPTIONS],
            "embed": embed,
            "host": urlsplit(embed).hostname or "",
            "length": clock(config.seconds) if config.seconds else "",
            "resume_at": resume_at,
            "resume_clock": clock(resume_at),
            "finish_url": seat.action_url("finish"),
            "played_url": seat.action_url("played") if seat.can_act and seat.offer.is_open(seat.at) else "",
        }
