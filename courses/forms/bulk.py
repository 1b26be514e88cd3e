"""Several cards at once: what is to become of them, and which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import registry
from activities.models import Environment, Grouping, Guidance, LearningType, Timing
from blendedu.kit.numbers import number_in
from courses.forms.plan import VersionForm
from courses.models import WEEKS_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from courses.facts import Plan, PlannedActivity
    from courses.models import Design

CARDS_MAX = 500
PERCENT_MAX = 1000
ALIKE = ("environment", "learning_type", "timing", "grouping", "guidance")  # set to one value for all


def selected_in(texts: Iterable[str]) -> list[int]:
    """The numbers of cards in `3,4,5`, however often it was sent; what is no number is left out."""
    parts = ",".join(texts)[:8000].split(",")
    numbers = [number_in(part.strip()) for part in parts]
    return list(dict.fromkeys(number for number in numbers if number))[:CARDS_MAX]


class BulkForm(VersionForm):
    """One wish for many cards. A field in which they differ says so, and changes nothing unless it is touched."""

    environment = forms.ChoiceField(label=gettext_lazy("Environment"), required=False)
    learning_type = forms.ChoiceField(label=gettext_lazy("Learning type"), required=False)
    timing = forms.ChoiceField(label=gettext_lazy("When"), required=False)
    grouping = forms.ChoiceField(label=gettext_lazy("Students work"), required=False)
    guidance = forms.ChoiceField(label=gettext_lazy("Guidance"), required=False)
    type_key = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    percent = forms.IntegerField(
        label=gettext_lazy("Scale the time to, per cent"),
        required=False,
        min_value=1,
        max_value=PERCENT_MAX,
        help_text=gettext_lazy("80 makes everything a fifth shorter, 150 half as long again."),
    )
    weeks_by = forms.IntegerField(
        label=gettext_lazy("Shift by weeks"),
        required=False,
        min_value=-WEEKS_MAX,
        max_value=WEEKS_MAX,
        help_text=gettext_lazy("2 is two weeks later, -1 one week earlier."),
    )
    beyond = forms.ChoiceField(
        label=gettext_lazy("What would leave the design"),
        required=False,
        choices=[
            ("", gettext_lazy("Shift nothing, and say which it is")),
            ("shelf", gettext_lazy("Goes to the shelf")),
        ],
    )
    add = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Serve these outcomes too"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    remove = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Serve these no longer"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, plan: Plan, cards: Sequence[PlannedActivity], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        words = {
            "environment": Environment.choices,
            "learning_type": LearningType.choices,
            "timing": Timing.choices,
            "grouping": Grouping.choices,
            "guidance": Guidance.choices,
            "type_key": registry.choices(),
        }
        for name, choices in words.items():
            held = {getattr(card, name) for card in cards}
            field = cast("forms.ChoiceField", self.fields[name])
            if len(held) == 1 and held <= {key for key, _word in choices}:
                field.choices, field.initial = choices, next(iter(held))
            else:
                field.choices = [("", _("Mixed: stays as it is")), *choices]
        for name in ("add", "remove"):
            served = {o.id: sum(o.id in card.outcome_ids for card in cards) for o in plan.outcomes}
            cast("forms.ChoiceField", self.fields[name]).choices = [
                (
                    o.id,
                    _("LO%(number)s: %(text)s (%(count)s of %(all)s)")
                    % {"number": o.number, "text": o.text, "count": served[o.id], "all": len(cards)},
                )
                for o in plan.outcomes
            ]
            if not plan.outcomes:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        both = set(cleaned.get("add") or ()) & set(cleaned.get("remove") or ())
        if both:
            self.add_error("remove", _("An outcome is either added or taken off."))
        return cleaned

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields of the first block."""
        return [self[name] for name in (*ALIKE, "type_key")]

    @property
    def times(self) -> list[forms.BoundField]:
        """The fields that reckon."""
        return [self[name] for name in ("percent", "weeks_by", "beyond")]

    @property
    def outcomes(self) -> list[forms.BoundField]:
        """The fields of outcomes, where the design has any."""
        return [self[name] for name in ("add", "remove") if name in self.fields]

    @property
    def wished(self) -> dict[str, Any]:  # Any: the fields of the service's Wish
        """What the service is asked for."""
        said = self.cleaned_data
        return {
            "values": {name: said[name] for name in ALIKE if said.get(name) and self._is_touched(name)},
            "type_key": said["type_key"] if self._is_touched("type_key") else "",
            "weeks_by": said["weeks_by"] or 0,
            "to_shelf_beyond": said["beyond"] == "shelf",
            "percent": said["percent"],
            "add": frozenset(said.get("add") or ()),
            "remove": frozenset(said.get("remove") or ()),
        }

    def _is_touched(self, name: str) -> bool:
        return self.cleaned_data.get(name, "") != (self.fields[name].initial or "")


class CopyForm(forms.Form):
    """The course into whose draft cards are copied."""

    course = forms.ChoiceField(label=gettext_lazy("Copy to the draft of"))

    def __init__(self, drafts: Iterable[Design], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(design.course.code, f"{design.course.title} ({design.course.code})") for design in drafts]
        cast("forms.ChoiceField", self.fields["course"]).choices = choices

    @property
    def has_choices(self) -> bool:
        """Whether there is any other draft."""
        return bool(cast("forms.ChoiceField", self.fields["course"]).choices)
