"""Forms of changing a run: which shift is asked for, and what is confirmed of a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.cascade import Scope, Shift

if TYPE_CHECKING:
    from courses.models import RunOffer

NOTE_MAX = 500
DAYS_MAX = 365
WEEK_DAYS = 7


class ShiftForm(forms.Form):
    """Move an offer, its week, or its week and everything after it, by days or weeks."""

    scope = forms.ChoiceField(label=gettext_lazy("What moves"), choices=[], widget=forms.RadioSelect)
    number = forms.IntegerField(label=gettext_lazy("By"), initial=1, min_value=1, max_value=DAYS_MAX)
    unit = forms.ChoiceField(
        label=gettext_lazy("Days or weeks"),
        choices=[("weeks", gettext_lazy("weeks")), ("days", gettext_lazy("days"))],
        initial="weeks",
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Later or earlier"),
        choices=[("later", gettext_lazy("later")), ("earlier", gettext_lazy("earlier"))],
        initial="later",
    )

    def __init__(self, *args: Any, week: int, row: RunOffer | None, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        self._week, self._row = week, row
        choices = [
            (Scope.WEEK.value, _("All of week %(week)d") % {"week": week}),
            (Scope.ONWARDS.value, _("Week %(week)d and everything after it") % {"week": week}),
        ]
        if row is not None:
            activity = row.offer.activity
            words = (
                _("“%(title)s”, and what is due or opens with it") if activity.type.timed else _("“%(title)s” alone")
            )
            choices.insert(0, (Scope.ONE.value, words % {"title": activity.title}))
        scope: Any = self.fields["scope"]  # the field's own class, with its choices
        scope.choices = choices
        self.initial.setdefault("scope", choices[0][0])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == Scope.ONWARDS and cleaned.get("unit") == "days":
            self.add_error("unit", _("From a week onwards, everything moves by whole weeks."))
        days = (cleaned.get("number") or 0) * (WEEK_DAYS if cleaned.get("unit") == "weeks" else 1)
        if days > DAYS_MAX:
            self.add_error("number", _("At most a year."))
        return cleaned

    @property
    def shift(self) -> Shift:
        """What was asked for."""
        chosen = self.cleaned_data
        days = chosen["number"] * (WEEK_DAYS if chosen["unit"] == "weeks" else 1)
        return Shift(
            scope=Scope(chosen["scope"]),
            week=self._week,
            days=days if chosen["way"] == "later" else -days,
            key=str(self._row.placement.key) if self._row else "",
        )

    @property
    def carried(self) -> list[tuple[str, Any]]:  # Any: as the form read it
        """What the confirmation must say again."""
        return [(name, self.cleaned_data[name]) for name in ("scope", "number", "unit", "way")]


class ConfirmForm(forms.Form):
    """What a lecturer adds to a preview when confirming it."""

    note = forms.CharField(
        label=gettext_lazy("A word to your students"),
        required=False,
        max_length=NOTE_MAX,
        help_text=gettext_lazy("Stands above the list of changes in the one message that they get."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=80, required=False)
