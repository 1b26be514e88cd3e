"""What people fill in about a programme."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

HOURS_MAX = 80


class CeilingForm(forms.Form):
    """The hours that the programme agreed on."""

    hours = forms.IntegerField(
        label=_("At most, in hours a week"),
        min_value=1,
        max_value=HOURS_MAX,
        help_text=_("A full week of study is 38 to 42 hours: 1,500 to 1,800 hours a year."),
        error_messages={
            "required": _("Say how many hours."),
            "invalid": _("Write a whole number of hours, for example 40."),
            "min_value": _("A week of less than 1 hour leaves nothing to plan."),
            "max_value": _("A week above 80 hours is no ceiling."),
        },
    )


class LoadQuery(forms.Form):
    """Which study load an address asks for; never shown as a form."""

    term = forms.IntegerField(required=False, min_value=1)
    cohort = forms.IntegerField(required=False, min_value=1)
    week = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    course = forms.SlugField(required=False)
