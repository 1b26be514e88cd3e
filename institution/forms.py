"""What an administrator fills in about a rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blendedu.kit import signs
from blendedu.people.models import TeachingHour
from institution.models import PolicyRule
from institution.policy import METRICS, Demand, Metric, Scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blendedu.people.models import Unit
    from institution.queries import UnitSettings

Metrics = PolicyRule.Metric
MOST = {
    Scale.PERCENT: _("A share is at most %(most)s%%."),
    Scale.HOURS: _("That is more hours than there are: at most %(most)s."),
    Scale.DAYS: _("At most %(most)s working days."),
    Scale.COUNT: _("There are at most %(most)s."),
}
_ENVIRONMENT_TIME = {
    "digital": _("Time in the digital environment"),
    "physical": _("Time in the physical environment"),
    "workplace": _("Time in the workplace environment"),
    "hybrid": _("Time in the hybrid environment"),
}
_ENVIRONMENT_COUNT = {
    "digital": _("Activities in the digital environment"),
    "physical": _("Activities in the physical environment"),
    "workplace": _("Activities in the workplace environment"),
    "hybrid": _("Activities in the hybrid environment"),
}
_TYPE_TIME = {
    "acquisition": _("Time for acquisition"),
    "inquiry": _("Time for inquiry"),
    "practice": _("Time for practice"),
    "production": _("Time for production"),
    "discussion": _("Time for discussion"),
    "collaboration": _("Time for collaboration"),
}
# One list in place of two that depend on each other: what is measured, and of what.
MEASURES = [
    (
        _("Study load"),
        [
            (Metrics.WEEK_HOURS.value, _("Study hours in any week")),
            (Metrics.LOAD_PER_CREDIT.value, _("Study hours per credit")),
        ],
    ),
    (
        _("Share of the time"),
        [
            *((f"{Metrics.ENVIRONMENT_SHARE.value}:{of}", _ENVIRONMENT_TIME[of]) for of in signs.ENVIRONMENTS),
            (Metrics.SYNC_SHARE.value, _("Time together (synchronous)")),
            *((f"{Metrics.LEARNING_TYPE_SHARE.value}:{of}", _TYPE_TIME[of]) for of in signs.LEARNING_TYPES),
        ],
    ),
    (
        _("Number"),
        [
            (Metrics.LEARNING_TYPES_USED.value, _("Learning types used")),
            (Metrics.ENVIRONMENTS_USED.value, _("Environments used")),
            *((f"{Metrics.ACTIVITIES_IN_ENVIRONMENT.value}:{of}", _ENVIRONMENT_COUNT[of]) for of in signs.ENVIRONMENTS),
        ],
    ),
    (
        _("Feedback and access"),
        [
            (Metrics.FEEDBACK_DAYS.value, _("Working days until feedback")),
            (Metrics.CAPTIONED_CLIPS.value, _("Clips with captions (share)")),
        ],
    ),
]


class DemandForm(forms.Form):
    """What a rule asks and of which courses: all that is needed to try it."""

    measure = forms.ChoiceField(
        label=_("Measure"),
        choices=MEASURES,
        error_messages={
            "required": _("Choose what is measured."),
            "invalid_choice": _("Choose what is measured, from the list."),
        },
    )
    bound = forms.ChoiceField(label=_("Limit is"), choices=PolicyRule.Bound.choices, initial=PolicyRule.Bound.AT_MOST)
    limit = forms.DecimalField(
        label=_("Limit"),
        min_value=Decimal(0),
        max_digits=7,
        decimal_places=2,
        help_text=_("Per cent for a share; otherwise hours, working days or a number."),
        error_messages={
            "required": _("Say where the limit lies."),
            "invalid": _("Write a number, for example 20."),
            "min_value": _("A limit cannot be less than 0."),
        },
    )
    unit = forms.ChoiceField(
        label=_("For courses of"),
        help_text=_("It and everything below it."),
        error_messages={"required": _("Choose a unit."), "invalid_choice": _("Choose a unit that you administer.")},
    )
    credits_from = forms.DecimalField(
        label=_("From credits"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(120),
        max_digits=4,
        decimal_places=1,
    )
    credits_to = forms.DecimalField(
        label=_("To credits"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(120),
        max_digits=4,
        decimal_places=1,
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **options: Any) -> None:  # Any: whatever a form takes
        super().__init__(*args, **options)
        # COST: a field of models would ask the database three times: to check, to draw, and to draw the first choice.
        self.units = {str(unit.pk): unit for unit in units}
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, set_in(unit)) for pk, unit in self.units.items()]
        for name in ("limit", "credits_from", "credits_to"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean_measure(self) -> str:
        metric, _colon, of = self.cleaned_data["measure"].partition(":")
        self.cleaned_data["metric"], self.cleaned_data["of"] = metric, of
        return self.cleaned_data["measure"]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def clean(self) -> dict[str, Any]:  # Any: as Django declares it
        cleaned = super().clean() or self.cleaned_data
        metric = METRICS.get(cleaned.get("metric", ""))
        if metric is not None:
            self._check_bound(metric)
            self._check_limit(metric)
        low, high = cleaned.get("credits_from"), cleaned.get("credits_to")
        if low is not None and high is not None and low > high:
            self.add_error("credits_to", _("This is less than where the range begins."))
        return cleaned

    def _check_bound(self, metric: Metric) -> None:
        if self.cleaned_data.get("bound", metric.bounds[0]) not in metric.bounds:
            allowed = PolicyRule.Bound(metric.bounds[0]).label
            self.add_error("bound", _("For this measure a limit can only be “%(bound)s”.") % {"bound": allowed})

    def _check_limit(self, metric: Metric) -> None:
        limit = self.cleaned_data.get("limit")
        if limit is not None and limit > metric.most:
            self.add_error("limit", MOST[metric.scale] % {"most": metric.most})
        elif limit is not None and metric.scale in (Scale.COUNT, Scale.DAYS) and limit != int(limit):
            self.add_error("limit", _("Write a whole number."))

    @property
    def demand(self) -> Demand:
        """What the form asks; only after it was found valid."""
        data = self.cleaned_data
        return Demand(
            data["metric"], data["bound"], data["limit"], data["of"], data["credits_from"], data["credits_to"]
        )


class RuleForm(DemandForm):
    """A rule as it will be announced."""

    title = forms.CharField(
        label=_("Name of the rule"),
        max_length=160,
        help_text=_("Short, as lecturers will read it: “At least 20% on campus”."),
        error_messages={"required": _("Give the rule a name.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lecturers see it beside the rule in the Studio."),
    )
    force = forms.ChoiceField(
        label=_("How firm"),
        choices=PolicyRule.Force.choices,
        initial=PolicyRule.Force.ADVISED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how firm the rule is.")},
    )
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say from which day."),
            "invalid": _("Write a day, for example 1 February 2027."),
        },
    )
    series = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:  # Any: whatever a form takes
        options["initial"] = {"valid_from": today, "series": uuid4(), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self.today = today
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("A rule cannot hold for days that are past. Choose today or later."))
        return day


def set_in(unit: Unit) -> str:
    """A unit's name, set in under the one it belongs to."""
    return "\N{EN DASH} " * (unit.path.count("/") - 2) + unit.name


def initial_from(rule: PolicyRule | None) -> dict[str, Any]:  # Any: values of any field
    """A rule as the form shows it; nothing for a new one."""
    if rule is None:
        return {}
    return {
        "title": rule.title,
        "reason": rule.reason,
        "measure": f"{rule.metric}:{rule.of}" if rule.of else rule.metric,
        "bound": rule.bound,
        "limit": rule.limit.normalize().to_eng_string() if rule.limit % 1 else int(rule.limit),
        "unit": rule.unit_id,
        "credits_from": rule.credits_from,
        "credits_to": rule.credits_to,
        "force": rule.force,
    }


class UnitForm(forms.Form):
    """What holds for a unit; empty is taken from the unit above. The hidden fields are what the page showed."""

    teaching_hour = forms.TypedChoiceField(
        label=_("A teaching hour has"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    small_change_percent = forms.IntegerField(
        label=_("Small changes, per cent of the time"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_(
            "A new version that changes up to this share of the study time needs no approval of the DigiCoach. "
            "With 0 every change is looked at."
        ),
    )
    seen_hour = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_percent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, held: UnitSettings, **kwargs: Any) -> None:  # as Django's forms
        unit = held.unit
        kwargs.setdefault(
            "initial",
            {
                "teaching_hour": unit.teaching_hour or "",
                "small_change_percent": unit.small_change_percent,
                "seen_hour": unit.teaching_hour,
                "seen_percent": unit.small_change_percent,
            },
        )
        super().__init__(*args, **kwargs)
        inherited, percent = held.teaching_hour_above, held.small_change_above
        as_above = (
            gettext("%(minutes)s minutes, as in %(unit)s") % {"minutes": inherited.value, "unit": inherited.source}
            if inherited.source
            else gettext("60 minutes, as nothing is set")
        )
        hours = cast("forms.ChoiceField", self.fields["teaching_hour"])
        hours.choices = [("", as_above), *TeachingHour.choices]
        if percent.source:
            self.fields["small_change_percent"].widget.attrs["placeholder"] = gettext("%(percent)s, as in %(unit)s") % {
                "percent": percent.value,
                "unit": percent.source,
            }

    @property
    def seen(self) -> tuple[int | None, int | None]:
        """What the page showed when it was drawn."""
        return self.cleaned_data["seen_hour"], self.cleaned_data["seen_percent"]
