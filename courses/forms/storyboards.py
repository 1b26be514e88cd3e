"""What is sent in a storyboard session: its timer, and one line at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.plan import QuickForm
from courses.services.storyboards import MINUTES_MAX


class TimerForm(forms.Form):
    """How long; nothing means no timer."""

    minutes = forms.IntegerField(
        label=_("Minutes on the timer"), required=False, min_value=1, max_value=MINUTES_MAX, initial=20
    )


class LineForm(QuickForm):
    """A line for a week: the session sees to it that all lines find their place, so it names no version of the plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(*args, **kwargs)
        del self.fields["version"]
