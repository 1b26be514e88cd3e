"""Connections between cards: what students make in one is used in another."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from courses.models import Link, Placement
from courses.services.plan.changing import BadPlace, PlanRefused, StalePlan, changing

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed

NOTE_MAX = 160
LINKS_MAX = 400


def add_link(
    design: Design, *, source: int, target: int, note: str = "", by: User, version: int, at: datetime
) -> Changed:
    """Say that the output of one card is used in another one.

    Circles are allowed, and so is a target that stands earlier: whoever plans both may move one of them next. The page
    names it. Raises BadPlace, PlanRefused for what is linked already, and StalePlan.
    """
    with changing(design, by=by, at=at, version=version) as change:
        cards = {
            placement.pk: placement
            for placement in Placement.objects.filter(design=design, pk__in=[source, target]).select_related("activity")
        }
        if source == target:
            raise PlanRefused(_("Choose another activity: nothing is connected with itself."))
        if len(cards) != 2:
            raise BadPlace(_("This design has no such activity."))
        if Link.objects.filter(source=source, target=target).exists():
            raise PlanRefused(_("These two are connected already."))
        if Link.objects.filter(design=design).count() >= LINKS_MAX:
            raise PlanRefused(_("A design has at most %(most)s connections.") % {"most": LINKS_MAX})
        link = Link.objects.create(design=design, source_id=source, target_id=target, note=_note(note))
        change.made(link)
        change.verb = "link-added"
        change.label = _("connecting “%(source)s” with “%(target)s”") % _titles(cards[source], cards[target])
        change.placement_pk = source
    return change.result


def edit_link(design: Design, pk: int, *, note: str, was: str, by: User, at: datetime) -> Changed:
    """Say otherwise what is used. `was` is what stood there; raises StalePlan if somebody wrote something else."""
    with changing(design, by=by, at=at, version=None) as change:
        link = _link(design, pk)
        if link.note != was:
            raise StalePlan
        change.patch(link, note=_note(note))
        change.verb = "link-edited"
        change.label = _("the note between “%(source)s” and “%(target)s”") % _titles(link.source, link.target)
        change.placement_pk = link.source_id
    return change.result


def remove_link(design: Design, pk: int, *, by: User, at: datetime) -> Changed:
    """Take a connection away."""
    with changing(design, by=by, at=at, version=None) as change:
        link = _link(design, pk)
        change.verb = "link-removed"
        change.label = _("disconnecting “%(source)s” from “%(target)s”") % _titles(link.source, link.target)
        change.placement_pk = link.source_id
        change.remove(link)
    return change.result


def _link(design: Design, pk: int) -> Link:
    links = Link.objects.select_related("source__activity", "target__activity")
    link = links.filter(design=design, pk=pk).first()
    if link is None:
        raise BadPlace(_("This connection is not there any more."))
    return link


def _note(note: str) -> str:
    note = " ".join(note.split())
    if len(note) > NOTE_MAX:
        raise PlanRefused(_("A note has at most %(most)s characters.") % {"most": NOTE_MAX})
    return note


def _titles(source: Placement, target: Placement) -> dict[str, str]:
    return {"source": _short(source.activity.title), "target": _short(target.activity.title)}


def _short(title: str) -> str:
    return title if len(title) <= 50 else title[:49] + "…"
