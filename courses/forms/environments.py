"""The three questions on learning environments, and a connection between two cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Environment
from courses.forms.plan import VersionForm

if TYPE_CHECKING:
    pass

Groups = "tuple[tuple[int | None, tuple[PlannedActivity, ...]], ...]"
NOTE_MAX, ANSWER_MAX = 160, 4000


class AnswersForm(forms.Form):
    """The three questions of the source document; `version` is the version of the answers that the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    used = forms.CharField(
        label=gettext_lazy("Which learning environments do you use in your teaching, and what for?"),
        required=False,
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Which learning environment would you like to use more?"),
        required=False,
        choices=Environment.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    why_not = forms.CharField(
        label=gettext_lazy("Why are you not doing it now?"),
        required=False,
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    connected = forms.CharField(
        label=gettext_lazy("How do you connect the different learning environments?"),
        required=False,
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LinkForm(VersionForm):
    """A connection: what students make in one card is used in another one."""

    source = forms.TypedChoiceField(label=gettext_lazy("What students make in"), coerce=int)
    target = forms.TypedChoiceField(label=gettext_lazy("is used in"), coerce=int)
    note = forms.CharField(label=gettext_lazy("What is used, and how"), required=False, max_length=NOTE_MAX)

    def __init__(self, groups: Any, *args: Any, **kwargs: Any) -> None:  # as Django's forms; Groups
        super().__init__(*args, **kwargs)
        chosen = [("", _("Choose an activity")), *_grouped(groups)]
        for name in ("source", "target"):
            if name in self.fields:
                cast("forms.ChoiceField", self.fields[name]).choices = chosen

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        if cleaned.get("source") and cleaned.get("source") == cleaned.get("target"):
            self.add_error("target", _("Choose another activity: nothing is connected with itself."))
        return cleaned


class CardLinkForm(LinkForm):
    """The same from a card: its source is the card."""

    source = None  # type: ignore[assignment]  # Django's way to leave out a field of the parent


class NoteForm(forms.Form):
    """Another note on a connection; `was` is what the page showed."""

    note = forms.CharField(label=gettext_lazy("What is used, and how"), required=False, max_length=NOTE_MAX)
    was = forms.CharField(required=False, max_length=NOTE_MAX, widget=forms.HiddenInput)


def _grouped(groups: Any) -> list[tuple[str, list[tuple[int, str]]]]:  # Groups
    return [
        (
            _("Week %(number)s") % {"number": number} if number else _("Shelf"),
            [(card.placement_id, card.title) for card in cards],
        )
        for number, cards in groups
    ]
