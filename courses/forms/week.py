"""What is asked of the student's week."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from blendedu.kit.forms import MinutesField
from courses.calendar import monday_of


class ReportForm(forms.Form):
    """How long something took a student: as planned by one tap, or their own words."""

    minutes = MinutesField(label=_("It took me"), help_text=_("Minutes or hours, for example 90 or 1.5 h."))

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if not minutes:
            raise forms.ValidationError(_("Write how long it took, at least one minute."))
        return minutes


class WeekForm(forms.Form):
    """Which week is shown: any day of it."""

    of = forms.DateField(required=False)

    def monday(self) -> date | None:
        """The Monday of the wanted week; None when none was named."""
        day: date | None = self.cleaned_data["of"]
        return monday_of(day) if day else None

    def clean_of(self) -> date | None:
        day: date | None = self.cleaned_data["of"]
        if day and not 2000 <= day.year <= 2200:
            raise forms.ValidationError(_("Choose a year between 2000 and 2200."))
        return day


class ClassQuestionForm(forms.Form):
    """A question for class."""

    text = forms.CharField(label=_("Your question for class"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
