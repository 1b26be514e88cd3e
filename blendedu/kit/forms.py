"""Form fields that every app needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blendedu.kit.minutes import (
    CLOCK_HOUR,
    MOST,
    BadMinutes,
    Duration,
    Reason,
    format_minutes,
    format_range,
    parse_duration,
    parse_minutes,
)


class MinutesField(forms.CharField):
    """Minutes as people type them: 90, 1:30, 1h30, 1.5 h, 45 min. Cleans to an int, or None when left empty."""

    default_error_messages = {
        Reason.UNREADABLE.value: _("Write the time as minutes or hours, for example 90, 1:30 or 1.5 h."),
        Reason.TOO_SMALL.value: _("Minutes cannot be less than 0."),
        Reason.TOO_LARGE.value: _("That is more than %(most)s. Check the number of minutes.")
        % {"most": format_minutes(MOST)},
    }

    def __init__(self, **options: Any) -> None:  # whatever a CharField takes
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # as Django declares it
        return {**super().widget_attrs(widget), "autocomplete": "off", "class": "minutes"}

    def prepare_value(self, value: object) -> object:
        return format_minutes(value) if isinstance(value, int) else value

    def to_python(self, value: object) -> Any:  # what `read` gives, where CharField promises str
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except BadMinutes as problem:
            raise forms.ValidationError(self.error_messages[problem.reason.value], code=problem.reason.value) from None

    def read(self, text: str) -> int | Duration:
        return parse_minutes(text)

    def validate(self, value: object) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: object) -> None:
        """Bounds are checked while reading; CharField's own validators expect a text."""

    def has_changed(self, initial: Any, data: Any) -> bool:  # as Django declares it
        if self.disabled:
            return False
        try:
            return bool(initial != self.to_python(data))
        except forms.ValidationError:
            return True


class DurationField(MinutesField):
    """A time or a range of times: 90, 60-90, 1h-1h30, 2 th. Cleans to a Duration, or None when left empty.

    `teaching_hour` is what an hour of the timetable has; a form sets it when it knows the institution.
    """

    default_error_messages = {
        Reason.UNREADABLE.value: _("Write the time as minutes or hours, for example 90, 1:30, 1.5 h or 60-90."),
        Reason.BACKWARDS.value: _("A range goes from the shorter time to the longer one, for example 60-90."),
    }

    def __init__(self, *, teaching_hour: int = CLOCK_HOUR, **options: Any) -> None:  # whatever a CharField takes
        super().__init__(**options)
        self.teaching_hour = teaching_hour

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, Duration):
            return super().prepare_value(value)
        if value.low is None or value.high is None:
            return format_minutes(value.minutes)
        return format_range(value.low, value.high)

    def read(self, text: str) -> Duration:
        return parse_duration(text, teaching_hour=self.teaching_hour)
