"""What is typed beside a finding, and what limits of a rule are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.findings import BadBand, Unit
from courses.words import exactly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courses.findings import Band, Rule

REASON_MAX = 1000
LIMIT_MAX = 100_000


class AnswerForm(forms.Form):
    """We decided otherwise, because …"""

    reason = forms.CharField(
        label=gettext_lazy("We decided otherwise, because …"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the next reader will ask.")},
    )


SIDES = {
    "ok_from": gettext_lazy("Fine from"),
    "ok_to": gettext_lazy("Fine up to"),
    "warn_from": gettext_lazy("Worth a look from"),
    "warn_to": gettext_lazy("Worth a look up to"),
}
UNITS = {
    Unit.PERCENT: gettext_lazy("per cent"),
    Unit.MINUTES: gettext_lazy("minutes"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.WORKING_DAYS: gettext_lazy("working days"),
    Unit.RATIO: gettext_lazy("times"),
    Unit.COUNT: gettext_lazy("number"),
}


class LimitForm(forms.Form):
    """The limits of a rule, on the sides on which it has any, or off; with a reason in any case."""

    off = forms.BooleanField(label=gettext_lazy("Switch this rule off"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why: it is shown wherever these limits hold.")},
        help_text=gettext_lazy("Shown wherever these limits hold."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, rule: Rule, *args: Any, trying: bool = False, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.sides = [name for name in SIDES if getattr(rule.band, name) is not None and not self._is_same(name)]
        for name in self.sides:
            self.fields[name] = forms.DecimalField(
                label=SIDES[name],
                help_text=UNITS[rule.unit],
                required=True,
                min_value=0,
                max_value=100 if rule.unit is Unit.PERCENT else LIMIT_MAX,
                max_digits=9,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
        self.order_fields([*self.sides, "off", "reason", "version"])
        if trying:
            self.fields["reason"].required = False

    def _is_same(self, name: str) -> bool:
        """A rule without a middle has one limit per side, asked for once."""
        band = self.rule.band
        return {"warn_from": band.warn_from == band.ok_from, "warn_to": band.warn_to == band.ok_to}.get(name, False)

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.sides]

    @property
    def band(self) -> dict[str, Any]:  # Any: as the column holds it
        """The band as it is stored: whole, so that it means the same when the table changes."""
        said = {name: self.cleaned_data.get(name) for name in self.sides}
        own = self.rule.band

        def one(name: str, instead: str) -> str | None:
            if getattr(own, name) is None:
                return None
            value = said.get(name, said.get(instead))
            return None if value is None else str(value.normalize() + 0 if value else 0)

        return {
            "ok": [one("ok_from", "ok_from"), one("ok_to", "ok_to")],
            "warn": [one("warn_from", "ok_from"), one("warn_to", "ok_to")],
        }

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or self.cleaned_data
        if not any(name in self.errors for name in self.sides):
            try:
                self.rule.band.revised(self.band)
            except BadBand:
                raise forms.ValidationError(
                    _("These limits contradict each other: what is fine lies within what is worth a look.")
                ) from None
        return cleaned

    @property
    def said(self) -> dict[str, Any]:  # Any: the columns of a limit
        """What the service stores."""
        return {
            "band": {} if self.cleaned_data["off"] else self.band,
            "switched_off": self.cleaned_data["off"],
            "reason": self.cleaned_data["reason"],
        }


def limits_shown(band: Band) -> Mapping[str, Any]:  # Any: numbers, as a form shows them
    """A band as initial values of the form."""
    limits: dict[str, Fraction | None] = {name: getattr(band, name) for name in SIDES}
    return {name: exactly(limit) for name, limit in limits.items() if limit is not None}
