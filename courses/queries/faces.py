"""What a list shows of an offer: values and nothing else, so that a line is drawn once for all who see the same.

`{% drawn %}` keeps a part of a page by the values that it was given. An object of the database is another one with
every request; a face is equal to the face of the same offer, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities import registry
from activities.models import Grouping
from blendedu.kit.minutes import ends_of
from courses.models import Placement

if TYPE_CHECKING:
    from datetime import datetime

    from activities.contract import ActivityType
    from courses.models import RunOffer


@dataclass(frozen=True, slots=True)
class Face:
    """An offer as a list shows it. The fields stand in the order of COLUMNS."""

    pk: int  # of the run offer, for its address
    offer_id: int
    moment: str
    title: str
    type_key: str
    environment: str
    minutes: int | None
    minutes_low: int | None
    minutes_high: int | None
    required: bool
    built: bool
    opens_at: datetime
    due_at: datetime
    room: str
    link: str  # where an online session meets
    grouping: str

    @property
    def type(self) -> ActivityType[Any]:  # Any: each type has a configuration of its own
        return registry.get(self.type_key)

    @property
    def moment_label(self) -> str:
        return str(Placement.Moment(self.moment).label)

    @property
    def grouping_label(self) -> str:
        return str(Grouping(self.grouping).label)

    @property
    def minutes_range(self) -> tuple[int, int]:
        """The least and the most that it may take."""
        return ends_of(self.minutes, self.minutes_low, self.minutes_high)


# For values_list of a query on run offers.
COLUMNS = (
    "pk",
    "offer_id",
    "moment",
    "offer__activity__title",
    "offer__activity__type_key",
    "offer__activity__environment",
    "offer__activity__minutes",
    "offer__activity__minutes_low",
    "offer__activity__minutes_high",
    "offer__activity__required",
    "offer__built",
    "offer__opens_at",
    "offer__due_at",
    "offer__room",
    "offer__link",
    "offer__activity__grouping",
)


def face_of(row: RunOffer) -> Face:
    """The face of a run offer that was fetched with its offer and activity."""
    offer, activity = row.offer, row.offer.activity
    return Face(
        row.pk,
        row.offer_id,
        row.moment,
        activity.title,
        activity.type_key,
        activity.environment,
        activity.minutes,
        activity.minutes_low,
        activity.minutes_high,
        activity.required,
        offer.built,
        offer.opens_at,
        offer.due_at,
        offer.room,
        offer.link,
        activity.grouping,
    )
