"""A row of the plan of assessment and feedback, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities import registry
from activities.models import Activity, Assessment, FeedbackBy
from activities.models import AssessmentForm as Form
from courses.changes import Spot
from courses.forms.plan import SHELF, PlaceForm, VersionForm, initial_for, week_choices
from courses.models import Placement

if TYPE_CHECKING:
    from activities.contract import ActivityType
    from courses.facts import Plan

NO_FORM = ("", pgettext_lazy("form of an assessment", "Not said yet"))
FIELDS = ("assessment", "assessment_form", "weight", "feedback_by", "feedback_days", "feedback_elaborated")


class _Weighed(forms.Form):
    """What both forms ask: how it is assessed, and where it stands."""

    assessment = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Assessment.choices)
    assessment_form = forms.ChoiceField(label=gettext_lazy("Form"), choices=[NO_FORM, *Form.choices], required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight, per cent"), required=False, min_value=0, max_value=100)
    week = forms.ChoiceField(label=gettext_lazy("Week"))
    moment = forms.ChoiceField(label=gettext_lazy("Moment"), choices=Placement.Moment.choices)

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["week"]).choices = week_choices(plan)

    clean_week = PlaceForm.clean_week

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        if cleaned.get("weight") and cleaned.get("assessment") != Assessment.SUMMATIVE:
            self.add_error("weight", _("Only what counts for the result has a weight. Make it summative, or leave 0."))
        return cleaned

    def take_problems(self, problems: dict[str, list[str]]) -> None:
        """Show what the service refused, at its field."""
        for name, texts in problems.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class AssessmentForm(_Weighed):
    """One row. `seen` is the fingerprint of the activity, `at` its place, as they were when the row was opened."""

    feedback_by = forms.ChoiceField(label=gettext_lazy("Feedback from"), choices=FeedbackBy.choices)
    feedback_days = forms.IntegerField(
        label=gettext_lazy("Feedback within, working days"), required=False, min_value=0, max_value=60
    )
    feedback_elaborated = forms.BooleanField(label=gettext_lazy("Feedback says what to do better"), required=False)
    outcomes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Outcomes"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(max_length=32, widget=forms.HiddenInput, required=False)
    at = forms.RegexField(r"^(shelf|\d{1,3}):(before|together|after)$", widget=forms.HiddenInput)

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(plan, *args, **kwargs)
        cast("forms.ChoiceField", self.fields["outcomes"]).choices = [
            (o.id, f"LO{o.number}: {o.text}") for o in plan.outcomes
        ]
        if not plan.outcomes:
            del self.fields["outcomes"]

    @property
    def values(self) -> dict[str, Any]:  # Any: what the columns of an activity hold
        """What the service stores."""
        return {name: self.cleaned_data[name] for name in FIELDS} | {"weight": self.cleaned_data["weight"] or 0}

    @property
    def outcome_ids(self) -> list[int]:
        return self.cleaned_data.get("outcomes", [])

    @property
    def move(self) -> tuple[Spot, Spot]:
        """Where the card stood when the row was opened, and where it shall stand."""
        week, _colon, moment = self.cleaned_data["at"].partition(":")
        was = Spot(None if week == SHELF else int(week), moment)
        return was, Spot(self.cleaned_data["week"], self.cleaned_data["moment"])


class NewAssessmentForm(VersionForm, _Weighed):
    """Something new that is assessed; the rest is filled in later, in the Studio or in its row."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    type_key = forms.ChoiceField(label=gettext_lazy("Type"), choices=registry.choices)

    field_order = ("version", "title", "type_key", "assessment", "assessment_form", "weight", "week", "moment")

    @property
    def values(self) -> dict[str, Any]:  # Any: what the columns of an activity hold
        """What the service stores: as its type begins, with what was said."""
        said = self.cleaned_data
        names = ("title", "assessment", "assessment_form")
        usual = initial_for(self.kind)
        return usual | {name: said[name] for name in names} | {"weight": said["weight"] or 0, "config": {}}

    @property
    def kind(self) -> ActivityType[Any]:  # any type
        return registry.get(self.cleaned_data["type_key"])


def initial_row(
    placement: Placement, activity: Activity, outcome_ids: list[int], seen: str
) -> dict[str, Any]:  # Any: as Django's forms
    """A row as its form shows it."""
    week = str(placement.week.number) if placement.week else SHELF
    return {name: getattr(activity, name) for name in FIELDS} | {
        "outcomes": outcome_ids,
        "week": week,
        "moment": placement.moment,
        "seen": seen,
        "at": f"{week}:{placement.moment}",
    }
