"""Session: everybody together at a time, at a place or online."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import registry
from activities.contract import ActivityType, Collects, Defaults, Made, ShowAgain, Todo
from activities.models import Attendance
from activities.queries import attendance as sheets
from activities.seats import must_act, must_teach
from activities.services import attendance
from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from activities.contract import Seat
    from activities.models import Activity, Offer, Progress

STARTS = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
CHECK_IN_BEFORE = timedelta(minutes=15)  # and from then on the link is a button
WEEKDAYS = [
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
]


@dataclass(frozen=True, slots=True)
class SessionConfig:
    weekday: int = 2
    starts: str = "10:00"
    room: str = ""
    link: str = ""
    agenda: str = ""
    check_in: bool = True  # students say themselves that they are there; the lecturer has the last word


USUAL = SessionConfig()


class SessionForm(forms.Form):
    weekday = forms.TypedChoiceField(label=gettext_lazy("Day"), choices=WEEKDAYS, coerce=int, initial=2)
    starts = forms.CharField(
        label=gettext_lazy("Begins at"),
        initial="10:00",
        max_length=5,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    room = forms.CharField(label=gettext_lazy("Room"), required=False, max_length=80)
    link = forms.CharField(label=gettext_lazy("Link for online"), required=False, max_length=400)
    agenda = forms.CharField(label=gettext_lazy("Agenda"), required=False, max_length=10_000, widget=forms.Textarea)
    check_in = forms.BooleanField(label=gettext_lazy("Students check in themselves"), required=False, initial=True)


def _within_check_in(offer: Offer, at: datetime) -> bool:
    return offer.opens_at - CHECK_IN_BEFORE <= at <= offer.due_at


def check_in(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A student says: I am here."""
    must_act(seat)
    config: SessionConfig = Session().parse(seat.activity.config)
    if not config.check_in:
        raise PermissionDenied
    if not _within_check_in(seat.offer, seat.at):
        raise ShowAgain(409, refused=_("You can check in from 15 minutes before the session until it ends."))
    attendance.check_in(seat.offer, seat.user, at=seat.at)
    return SeeOther(f"{seat.page_url}#here")


def note(request: HttpRequest, seat: Seat) -> HttpResponse:
    """A lecturer notes who was there, for all at once; "rest" is what everybody gets who has no line yet."""
    must_teach(seat)
    states = {
        number: value
        for key, value in request.POST.items()
        if key.startswith("state-")
        and (number := number_in(key.removeprefix("state-"))) is not None
        and value in Attendance.State.values
    }
    rest = request.POST.get("rest", "")
    attendance.note_all(
        seat.offer, states, rest=rest if rest in Attendance.State.values else "", by=seat.user, at=seat.at
    )
    return SeeOther(f"{seat.page_url}#sheet")


def _web_address(address: str) -> str:
    """An address that may be made a link; links of an offer come from settings and forms of several makers."""
    return address if address.lower().startswith(("https://", "http://")) else ""


@registry.register
class Session(ActivityType[SessionConfig]):
    key = "session"
    label = gettext_lazy("Session")
    hint = gettext_lazy("Together, in a room or online")
    icon = "presentation"
    order = 10
    collects = Collects.ATTENDANCE
    timed = True
    defaults = Defaults(
        minutes=120,
        learning_type="discussion",
        timing="sync",
        place="campus",
        environment="physical",
        grouping="class",
        guidance="lecturer",
        moment="together",
    )
    quick_words = ("session", "class", "lecture", "seminar", "workshop", "tutorial", "meeting", "visit")
    config_class = SessionConfig
    form_class = SessionForm
    actions = {"check-in": check_in, "note": note}

    def check(self, config: SessionConfig) -> dict[str, str]:
        problems = {}
        if not 0 <= config.weekday <= 6:
            problems["weekday"] = _("Choose a day of the week.")
        if not STARTS.fullmatch(config.starts):
            problems["starts"] = _("Give the time as 10:00.")
        if config.link:
            try:
                URLValidator(schemes=["https", "http"])(config.link)
            except ValidationError:
                problems["link"] = _("A link begins with https:// or http://.")
        return problems

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        config = self.parse(activity.config)
        return () if config.room or config.link else (_("no room and no link yet"),)

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        if config.get("room"):
            return (_("room %(room)s") % {"room": config["room"]},)
        return (_("link ready"),) if config.get("link") else ()

    def own_time(self, config: Mapping[str, object]) -> tuple[int, int] | None:
        weekday, starts = config.get("weekday", USUAL.weekday), str(config.get("starts", USUAL.starts))
        if not isinstance(weekday, int) or not 0 <= weekday <= 6 or not STARTS.fullmatch(starts):
            return None
        hours, minutes = starts.split(":")
        return weekday, int(hours) * 60 + int(minutes)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        return Todo(done=at > offer.due_at, line=_("Room %s") % offer.room if offer.room else "")

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        config = self.parse(seat.activity.config)
        mine = Attendance.objects.filter(offer=seat.offer, user=seat.user).first() if seat.can_act else None
        sheet = sheets.sheet(seat.offer) if seat.can_teach else []
        counts = Counter(line.state for line in sheet)
        offer, link = seat.offer, _web_address(seat.offer.link)
        is_near = offer.opens_at - CHECK_IN_BEFORE <= seat.at <= offer.due_at
        return {
            "config": config,
            "is_over": seat.at > offer.due_at,
            "is_now": offer.opens_at <= seat.at <= offer.due_at,
            "link": link,
            "link_is_ready": bool(link) and (is_near or seat.can_teach),
            "link_from": offer.opens_at - CHECK_IN_BEFORE,
            "recording": _web_address(offer.recording),
            "attendance": mine,
            "is_done": mine is not None and mine.state in sheets.WAS_THERE,
            "may_check_in": seat.can_act and mine is None and config.check_in and is_near,
            "check_in_url": seat.action_url("check-in"),
            "note_url": seat.action_url("note"),
            "sheet": sheet,
            "states": Attendance.State.choices,
            "tally": [(label, counts[state]) for state, label in Attendance.State.choices if counts[state]],
            "not_noted": counts[""],
        }
