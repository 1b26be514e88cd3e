"""Which files are with an activity, and which can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities import uploads
from activities.models import Material

if TYPE_CHECKING:
    from activities.models import Activity

# What each kind takes, by the words of activities.uploads, and how many an activity has at most.
ACCEPTED: Mapping[str, tuple[str, ...]] = {
    Material.Kind.CLIP: ("video",),
    Material.Kind.CAPTIONS: ("captions",),
    Material.Kind.TEXT: ("pdf", "document", "presentation", "text"),
}
MOST: Mapping[str, int] = {Material.Kind.CLIP: 1, Material.Kind.CAPTIONS: 8, Material.Kind.TEXT: 10}


PLAYABLE = ("mp4", "m4v", "webm")  # what browsers play; a film of another kind has to be converted first


def extensions_for(kind: str) -> tuple[str, ...]:
    """The extensions that files of this kind may have."""
    return PLAYABLE if kind == Material.Kind.CLIP else uploads.extensions_for(ACCEPTED[kind])


@dataclass(frozen=True, slots=True)
class Section:
    """The files of one kind that an activity has."""

    kind: str
    files: tuple[Material, ...]

    @property
    def one_only(self) -> bool:
        """Whether another file takes the place of the one that is there."""
        return MOST[self.kind] == 1

    @property
    def is_full(self) -> bool:
        return not self.one_only and len(self.files) >= MOST[self.kind]


def files_of(activity: Activity) -> list[Section]:
    """A section for every kind of file that the type takes, in its order; one query."""
    files = list(Material.objects.filter(activity=activity).order_by("language", "pk"))
    return [Section(kind, tuple(file for file in files if file.kind == kind)) for kind in activity.type.takes_files]
