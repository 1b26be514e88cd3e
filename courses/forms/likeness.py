"""Which pattern a design is laid beside, and where it would begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import WEEKS_MAX, Design, Pattern

if TYPE_CHECKING:
    from django.db.models import QuerySet

GONE = _("This pattern is not in the library any more. Choose another.")


class LikenessForm(forms.Form):
    """A pattern, a week and a version; without a version the newest."""

    pattern = forms.ModelChoiceField(
        label=_("Pattern"),
        queryset=Pattern.objects.none(),
        to_field_name="key",
        empty_label=_("Choose a pattern"),
        error_messages={"invalid_choice": GONE, "required": _("Choose a pattern first.")},
    )
    week = forms.IntegerField(label=_("Begins in week"), min_value=1, max_value=WEEKS_MAX, initial=1)
    design = forms.ModelChoiceField(
        label=_("Version"),
        queryset=Design.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("The newest"),
        error_messages={"invalid_choice": _("There is no such version. Choose another.")},
    )

    def __init__(
        self,
        *args: Any,  # as Django
        patterns: QuerySet[Pattern],
        versions: QuerySet[Design],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        pattern: Any = self.fields["pattern"]  # a choice field, where Django promises any field
        design: Any = self.fields["design"]  # likewise
        pattern.queryset, design.queryset = patterns, versions
        pattern.label_from_instance = lambda row: row.title
        design.label_from_instance = _version


class TakeOneForm(forms.Form):
    """One activity of the pattern to take, into the plan as it was shown."""

    card = forms.CharField(max_length=36)
    version = forms.IntegerField(min_value=0)


def _version(design: Design) -> str:
    return _("Version %(number)s (%(state)s)") % {"number": design.number, "state": design.get_state_display()}
