"""Form fields that every app needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blendedu.kit.minutes import MOST, BadMinutes, Reason, format_minutes, parse_minutes


class MinutesField(forms.CharField):
    """Minutes as people type them: 90, 1:30, 1h30, 1.5 h, 45 min. Cleans to an int, or None when left empty."""

    default_error_messages = {
        Reason.UNREADABLE.value: _("Write the time as minutes or hours, for example 90, 1:30 or 1.5 h."),
        Reason.TOO_SMALL.value: _("Minutes cannot be less than 0."),
        Reason.TOO_LARGE.value: _("That is more than %(most)s. Check the number of minutes.")
        % {"most": format_minutes(MOST)},
    }

    def __init__(self, **options: Any) -> None:  # whatever a CharField takes
        options.setdefault("max_length", 20)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # as Django declares it
        return {**super().widget_attrs(widget), "autocomplete": "off", "class": "minutes"}

    def prepare_value(self, value: object) -> object:
        return format_minutes(value) if isinstance(value, int) else value

    def to_python(self, value: object) -> Any:  # int | None, where CharField promises str
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_minutes(text)
        except BadMinutes as problem:
            raise forms.ValidationError(self.error_messages[problem.reason.value], code=problem.reason.value) from None

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
