"""What people fill in about a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.models import OutcomeAim

if TYPE_CHECKING:
    from courses.models import Outcome
    from programmes.queries.map import CourseAims, Wanted

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


class OutcomeForm(forms.Form):
    """The words of an outcome of the programme; `was` is what the page showed."""

    text = forms.CharField(
        label=_("Graduates can ..."), max_length=300, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
    was = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput, strip=False)

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


class AimsForm(forms.Form):
    """One choice per outcome of the course and of the programme. `seen` is what the page was drawn from."""

    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, page: CourseAims, *args: Any, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        self.page = page
        choices = [("", "–"), *OutcomeAim.Treatment.choices]
        for outcome in page.outcomes:
            for aimed in page.programme_outcomes:
                self.fields[_name(aimed.pk, str(outcome.key))] = forms.ChoiceField(
                    label=f"LO{outcome.number}, PLO{aimed.number}",
                    choices=choices,
                    required=False,
                    initial=page.aims.get((aimed.pk, str(outcome.key)), ""),
                )

    @property
    def rows(self) -> list[tuple[Outcome, list[forms.BoundField]]]:
        """The fields as the table shows them: a row per outcome of the course."""
        return [
            (outcome, [self[_name(aimed.pk, str(outcome.key))] for aimed in self.page.programme_outcomes])
            for outcome in self.page.outcomes
        ]

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        return {
            (aimed.pk, str(outcome.key)): self.cleaned_data[_name(aimed.pk, str(outcome.key))]
            for outcome in self.page.outcomes
            for aimed in self.page.programme_outcomes
        }


def _name(outcome: int, key: str) -> str:
    return f"aim-{outcome}-{key}"


class LoadQuery(forms.Form):
    """Which study load an address asks for; never shown as a form."""

    term = forms.IntegerField(required=False, min_value=1)
    cohort = forms.IntegerField(required=False, min_value=1)
    week = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    course = forms.SlugField(required=False)
