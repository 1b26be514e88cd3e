"""What is typed in the Studio: an activity with its settings, a place on the board, a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities import registry
from activities.contract import BrokenConfig
from activities.models import (
    Alternative,
    Assessment,
    Environment,
    FeedbackBy,
    Grouping,
    Guidance,
    LearningType,
    Place,
    Purpose,
    Timing,
)
from blendedu.kit.forms import DurationField
from blendedu.kit.minutes import CLOCK_HOUR, Duration
from blendedu.kit.numbers import number_in
from courses.models import WEEKS_MAX, Placement
from courses.quickadd import Line, parse

if TYPE_CHECKING:
    from activities.contract import ActivityType
    from activities.models import Activity
    from courses.facts import Plan

SHELF = "shelf"
SETTINGS = "set"  # prefix of the type's own fields


def week_choices(plan: Plan) -> list[tuple[str, str]]:
    weeks = [
        (
            str(week.number),
            _("Week %(number)s: %(title)s") % {"number": week.number, "title": week.title}
            if week.title
            else _("Week %(number)s") % {"number": week.number},
        )
        for week in plan.weeks
    ]
    return [*weeks, (SHELF, _("The shelf: no week yet"))]


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast("forms.ChoiceField", form.fields[name])


class VersionForm(forms.Form):
    """Every change says from which version of the plan it was drawn."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ActivityForm(forms.Form):
    """An activity, for the add form and the side editor. The type's own settings are checked together with it.

    Fields are grouped as the editor shows them: what is asked of everybody first, the rest in blocks.
    """

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    type_key = forms.ChoiceField(label=gettext_lazy("Type"))
    minutes = DurationField(
        label=gettext_lazy("Time"),
        required=False,
        help_text=gettext_lazy("90, 1:30, 1.5 h, or a range: 60-90. Leave it empty while nobody knows."),
    )
    learning_type = forms.ChoiceField(label=gettext_lazy("Learning type"), choices=LearningType.choices)
    timing = forms.ChoiceField(label=gettext_lazy("When"), choices=Timing.choices)
    environment = forms.ChoiceField(label=gettext_lazy("Environment"), choices=Environment.choices)
    grouping = forms.ChoiceField(label=gettext_lazy("Students work"), choices=Grouping.choices)
    group_size = forms.IntegerField(label=gettext_lazy("Group size"), required=False, min_value=2, max_value=100)
    guidance = forms.ChoiceField(label=gettext_lazy("Guidance"), choices=Guidance.choices)
    brief = forms.CharField(
        label=gettext_lazy("What students do"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Shown to students above the activity. Markdown: **bold**, lists, links."),
    )
    second_type = forms.ChoiceField(
        label=gettext_lazy("Second learning type"),
        choices=[("", pgettext_lazy("learning type", "None")), *LearningType.choices],
        required=False,
    )
    second_share = forms.IntegerField(
        label=gettext_lazy("Its share of the time, per cent"), required=False, min_value=1, max_value=50
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), choices=Place.choices)
    required = forms.BooleanField(label=gettext_lazy("Required of every student"), required=False)
    assessment = forms.ChoiceField(label=gettext_lazy("Assessment"), choices=Assessment.choices)
    weight = forms.IntegerField(
        label=gettext_lazy("Weight in the result of the course, per cent"), required=False, min_value=0, max_value=100
    )
    feedback_by = forms.ChoiceField(label=gettext_lazy("Feedback from"), choices=FeedbackBy.choices)
    feedback_days = forms.IntegerField(
        label=gettext_lazy("Feedback within, working days"), required=False, min_value=0, max_value=60
    )
    feedback_elaborated = forms.BooleanField(
        label=gettext_lazy("Feedback says what to do better, not only right or wrong"), required=False
    )
    own_choice = forms.BooleanField(
        label=gettext_lazy("Students choose the form or the subject themselves"), required=False
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[("", pgettext_lazy("purpose", "What its type says")), *Purpose.choices],
        required=False,
        help_text=gettext_lazy("Only where the type does not say it. The review looks for it."),
    )
    tool = forms.CharField(
        label=gettext_lazy("Tool that students have to learn"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Leave it empty for what everybody knows, and for this site."),
    )
    alternative = forms.ChoiceField(
        label=gettext_lazy("For students who cannot be there"),
        choices=[("", pgettext_lazy("alternative", "Nothing is said yet")), *Alternative.choices],
        required=False,
    )
    outcomes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Outcomes that this serves"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, plan: Plan, kind: ActivityType[Any], *args: Any, **kwargs: Any) -> None:  # as Django's forms
        config = kwargs.pop("config", None)
        super().__init__(*args, **kwargs)
        self.kind = kind
        cast("DurationField", self.fields["minutes"]).teaching_hour = plan.teaching_hour
        known = registry.choices()
        if kind.key not in dict(known):
            known = [*known, (kind.key, kind.label)]
        _choices(self, "type_key").choices = known
        _choices(self, "outcomes").choices = [(o.id, f"LO{o.number}: {o.text}") for o in plan.outcomes]
        if not plan.outcomes:
            del self.fields["outcomes"]
        self.settings: forms.Form | None = None
        # Fields of another type than the one that was sent would all be missing: they are shown fresh instead.
        sent_for_this = self.is_bound and self.data.get("settings_for", kind.key) == kind.key
        self.changed_type = self.is_bound and not sent_for_this
        if kind.form_class is not None:
            data, files = (self.data, self.files) if sent_for_this else (None, None)
            self.settings = kind.form_class(data, files, prefix=SETTINGS, initial=config or {})
        self._kept_config = config or {}

    def redrawn(self, plan: Plan) -> ActivityForm:
        """The form for the type that was just chosen: what was typed stays, and nothing is judged yet."""
        typed = {name: self[name].data for name in self.fields}
        same = not self.changed_type
        settings = {name: self.settings[name].data for name in self.settings.fields} if same and self.settings else None
        return ActivityForm(plan, self.kind, initial=typed, config=settings)

    @property
    def details(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The blocks below the first, closed unless something in them is wrong: title, fields, open."""
        blocks = [
            (_("What students do"), ["brief"]),
            (_("Second learning type, place, required"), ["second_type", "second_share", "place", "required"]),
            (
                _("Assessment and feedback"),
                ["assessment", "weight", "own_choice", "feedback_by", "feedback_days", "feedback_elaborated"],
            ),
            (_("Purpose, tool, who cannot be there"), ["purpose", "tool", "alternative"]),
            (_("Outcomes"), ["outcomes"]),
        ]
        shown = []
        for title, names in blocks:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                shown.append((title, fields, any(field.errors for field in fields)))
        return shown

    @property
    def basics(self) -> list[forms.BoundField]:
        """The fields of the first block, after title, type and time."""
        names = ("learning_type", "timing", "environment", "grouping", "group_size", "guidance")
        return [self[name] for name in names]

    @property
    def settings_so_far(self) -> dict[str, Any]:  # Any: the settings of any type
        """The settings of the type as far as they are typed and make sense."""
        if self.settings is None or not self.settings.is_bound:
            return dict(self._kept_config)
        self.settings.is_valid()
        return dict(self.settings.cleaned_data)

    @property
    def has_problems(self) -> bool:
        return bool(self.errors or (self.settings and self.settings.errors))

    @property
    def settings_title(self) -> str:
        return _("Settings: %(type)s") % {"type": self.kind.label}

    @property
    def settings_open(self) -> bool:
        return self.changed_type or bool(self.settings and self.settings.errors)

    def is_valid(self) -> bool:
        own = super().is_valid()
        if self.changed_type and self.settings is not None:
            self.add_error("type_key", _("These are the settings of the new type. Check them, and save again."))
            return False
        return own and self._settings_are_valid()

    def _settings_are_valid(self) -> bool:
        if self.settings is None:
            return self._parses({} if self.changed_type else self._kept_config)
        if not self.settings.is_valid():
            return False
        return self._parses(dict(self.settings.cleaned_data))

    def _parses(self, config: dict[str, Any]) -> bool:  # Any: the settings of any type
        try:
            self.kind.parse(config)
        except BrokenConfig as broken:
            for key, problem in broken.problems.items():
                if self.settings is not None and key in self.settings.fields:
                    self.settings.add_error(key, problem)
                else:
                    self.add_error("type_key", f"{key}: {problem}")
            return False
        self._kept_config = config
        return True

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        if cleaned.get("second_type") and cleaned["second_type"] == cleaned.get("learning_type"):
            self.add_error("second_type", _("Choose a second type that differs from the first."))
        if cleaned.get("second_type") and not cleaned.get("second_share") and "second_share" not in self.errors:
            self.add_error("second_share", _("Say which part of the time it takes, from 1 to 50 per cent."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:  # Any: what the columns of an activity hold
        """What the service stores."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "outcomes"}
        return (
            said
            | columns_of(said["minutes"])
            | {
                "second_share": said["second_share"] or 0,
                "weight": said["weight"] or 0,
                "config": self._kept_config,
            }
        )

    @property
    def outcome_ids(self) -> list[int]:
        return self.cleaned_data.get("outcomes", [])

    def take_problems(self, problems: dict[str, list[str]]) -> None:
        """Show what the service refused, at its field."""
        for name, texts in problems.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def columns_of(duration: Duration | None) -> dict[str, int | None]:
    """A time as an activity stores it; nothing where nobody knows."""
    return duration.columns if duration else dict.fromkeys(("minutes", "minutes_low", "minutes_high"))


def duration_of(activity: Activity) -> Duration | None:
    """The time of an activity, as its form shows it."""
    if activity.minutes is None:
        return None
    return Duration(activity.minutes, activity.minutes_low, activity.minutes_high)


def initial_of(activity: Activity, outcome_ids: list[int]) -> dict[str, Any]:  # Any: as Django's forms
    """An activity as its form shows it."""
    names = [name for name in ActivityForm.base_fields if name != "outcomes"]
    return {name: getattr(activity, name) for name in names} | {
        "minutes": duration_of(activity),
        "outcomes": outcome_ids,
        "second_share": activity.second_share or None,
    }


def initial_for(kind: ActivityType[Any]) -> dict[str, Any]:  # Any: as Django's forms
    """How a new activity of a type begins."""
    names = "minutes learning_type timing place environment grouping guidance assessment feedback_by".split()
    return {name: getattr(kind.defaults, name) for name in names} | {"type_key": kind.key, "required": True}


class PlaceForm(VersionForm):
    """A place on the board: of a card that moves, or of a new one. `position` counts from 1, as people do."""

    week = forms.ChoiceField(label=gettext_lazy("Week"))
    moment = forms.ChoiceField(label=gettext_lazy("Moment"), choices=Placement.Moment.choices)
    position = forms.IntegerField(
        label=gettext_lazy("Position, from above"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("Leave it empty for the end."),
    )
    # What the board's other lenses set by the column in which a card lands.
    environment = forms.ChoiceField(choices=[("", ""), *Environment.choices], required=False, widget=forms.HiddenInput)
    learning_type = forms.ChoiceField(
        choices=[("", ""), *LearningType.choices], required=False, widget=forms.HiddenInput
    )
    timing = forms.ChoiceField(choices=[("", ""), *Timing.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: Plan | None = None, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        if plan is not None:
            _choices(self, "week").choices = week_choices(plan)
        else:
            # COST: a move does not read the weeks first; the service knows which there are.
            self.fields["week"] = forms.CharField(label=_("Week"), max_length=8)

    def clean_week(self) -> int | None:
        week = self.cleaned_data["week"]
        if week == SHELF:
            return None
        number = number_in(week)
        if number is None or not 1 <= number <= WEEKS_MAX:
            raise forms.ValidationError(_("This design has no such week."))
        return number

    def clean_position(self) -> int | None:
        position = self.cleaned_data["position"]
        return None if position is None else position - 1


class QuickForm(VersionForm):
    """One typed line for a cell of the board."""

    text = forms.CharField(label=gettext_lazy("Add an activity in one line"), max_length=400, required=False)
    week = forms.CharField(max_length=8, widget=forms.HiddenInput)
    moment = forms.ChoiceField(choices=[("", ""), *Placement.Moment.choices], required=False, widget=forms.HiddenInput)
    environment = forms.ChoiceField(choices=[("", ""), *Environment.choices], required=False, widget=forms.HiddenInput)
    learning_type = forms.ChoiceField(
        choices=[("", ""), *LearningType.choices], required=False, widget=forms.HiddenInput
    )
    timing = forms.ChoiceField(choices=[("", ""), *Timing.choices], required=False, widget=forms.HiddenInput)

    clean_week = PlaceForm.clean_week

    def __init__(self, *args: Any, teaching_hour: int = CLOCK_HOUR, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        self._teaching_hour = teaching_hour

    @staticmethod
    def read(text: str, *, teaching_hour: int = CLOCK_HOUR) -> Line:
        """What a line says, with the words of every type that is installed."""
        types = {kind.key: kind.quick_words for kind in registry.every()}
        return parse(text, types, teaching_hour=teaching_hour)

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        self.line = self.read(cleaned.get("text", ""), teaching_hour=self._teaching_hour)
        if self.line.problem:
            self.add_error("text", self.words_for(self.line.problem))
        return cleaned

    @staticmethod
    def words_for(problem: str) -> str:
        """What to do about a line that cannot be added."""
        return {
            "untitled": _("Write what students do, for example: watch clip cell division 20m alone"),
            "long_title": _("This title is too long: at most 160 characters."),
            "minutes": _("This time cannot be right: use 0 to 6000 minutes, the shorter time of a range first."),
        }[problem]

    @property
    def kind(self) -> ActivityType[Any]:
        """The type that was said, or the one that suits the cell: together a session, otherwise the first other."""
        if self.line.type_key:
            return registry.get(self.line.type_key)
        together = self.cleaned_data.get("moment") == Placement.Moment.TOGETHER
        kinds = list(registry.every())
        return next((kind for kind in kinds if kind.timed == together), kinds[0])

    @property
    def lands_at(self) -> str:
        """The moment of the cell, or the usual one of the type where the board's columns are no moments."""
        return self.cleaned_data.get("moment") or self.kind.defaults.moment

    def values(self) -> dict[str, Any]:  # Any: what the columns of an activity hold
        """The activity that the line means: its words first, then the cell's, then the type's defaults."""
        kind, line = self.kind, self.line
        values = initial_for(kind) | {"title": line.title, "config": {}}
        cell = {name: self.cleaned_data.get(name) for name in ("environment", "learning_type", "timing")}
        values |= {name: value for name, value in cell.items() if value}
        values |= line.values
        if line.duration is not None:
            values |= line.duration.columns
        return values | {"group_size": line.group_size, "required": line.required}


class WeekForm(VersionForm):
    """The title of a week, and whether there is class in it."""

    TEACHING, OFF = "teaching", "off"

    title = forms.CharField(label=gettext_lazy("Title of the week"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("In this week"),
        choices=[(TEACHING, gettext_lazy("There is class")), (OFF, gettext_lazy("No class"))],
        required=False,
        help_text=gettext_lazy(
            "A week without class (preparation, a holiday, examinations) may hold work, but is no gap if it is empty."
        ),
    )

    @property
    def teaching(self) -> bool | None:
        """Whether there is class; None if that was not asked."""
        kind = self.cleaned_data.get("kind")
        return kind == self.TEACHING if kind else None


class StartForm(forms.Form):
    """The first design of a course."""

    weeks = forms.IntegerField(label=gettext_lazy("Number of weeks"), min_value=1, max_value=WEEKS_MAX, initial=7)
