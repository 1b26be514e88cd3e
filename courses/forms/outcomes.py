"""The words and the level of an outcome."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

# Bloom's levels with verbs that show them (Anderson and Krathwohl, A Taxonomy for Learning, Teaching and Assessing,
# 2001).
LEVELS = [
    ("", _("Not said yet")),
    ("1", _("1 Remember: list, name, recall")),
    ("2", _("2 Understand: explain, summarise, compare")),
    ("3", _("3 Apply: use, carry out, solve")),
    ("4", _("4 Analyse: distinguish, examine, relate")),
    ("5", _("5 Evaluate: judge, defend, choose")),
    ("6", _("6 Create: design, write, build")),
]


class OutcomeForm(forms.Form):
    """One outcome; `version` is the version of the plan that the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Students can ..."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begin with a verb that can be seen: segment an audience, not know about audiences."),
    )
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int, empty_value=None, required=False)


class VersionForm(forms.Form):
    """Only the version of the plan that the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
