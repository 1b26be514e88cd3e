"""The words and the level of an outcome, its place among the others, and what serves it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.services.plan import Turn

# Bloom's levels with verbs that show them (Anderson and Krathwohl, A Taxonomy for Learning, Teaching and Assessing,
# 2001); courses.verbs holds the long lists.
LEVELS = [
    ("", _("Not said yet")),
    ("1", _("1 Remember: list, name, recall")),
    ("2", _("2 Understand: explain, summarise, interpret")),
    ("3", _("3 Apply: use, carry out, solve")),
    ("4", _("4 Analyse: distinguish, examine, relate")),
    ("5", _("5 Evaluate: judge, defend, choose")),
    ("6", _("6 Create: design, write, build")),
]
NOT_LINKED = "n"
NEXT = ""  # the cell itself says what comes after it


class OutcomeForm(forms.Form):
    """One outcome; `version` is the version of the plan that the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Students can ..."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begin with a verb that can be seen: segment an audience, not know about audiences."),
    )
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int, empty_value=None, required=False)


class VersionForm(forms.Form):
    """Only the version of the plan that the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(VersionForm):
    """Where an outcome goes among the others: one up, one down."""

    way = forms.ChoiceField(choices=[("up", _("Up")), ("down", _("Down"))])


class CellForm(forms.Form):
    """A cell of the matrix: which activity and outcome, how it was drawn, and what follows on a click.

    `to` is what the person chose to set instead: a level, 0 for linked without a level, n for not linked.
    """

    cell = forms.RegexField(r"^\d{1,15}-\d{1,15}-[n0-6]-[n0-6]$")
    to = forms.ChoiceField(
        label=_("A click sets"),
        choices=[
            (NEXT, _("the next state")),
            ("0", _("linked")),
            *((str(level), str(level)) for level in range(1, 7)),
            (NOT_LINKED, _("not linked")),
        ],
        required=False,
    )

    @property
    def place(self) -> tuple[int, int]:
        """The placement and the outcome."""
        placement, outcome, *_codes = self.cleaned_data["cell"].split("-")
        return int(placement), int(outcome)

    @property
    def turn(self) -> Turn:
        """What the cell was, and what it shall be."""
        *_place, was, then = self.cleaned_data["cell"].split("-")
        return Turn(_state(was), _state(self.cleaned_data["to"] or then))


def _state(code: str) -> int | None:
    return None if code == NOT_LINKED else int(code)
