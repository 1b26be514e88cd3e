"""Which pattern a design is laid beside, and where it would begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import WEEKS_MAX, Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from courses.models import Design

GONE = _("This pattern is not in the library any more. Choose another.")


class _WithContent(forms.ModelChoiceField):
    """Lists rows without what is large in them, and reads the chosen one whole."""

    def to_python(self, value: Any) -> Any:  # as Django
        listed: Any = self.queryset  # never without, here
        self.queryset = listed.defer(None)
        try:
            return super().to_python(value)
        finally:
            self.queryset = listed


class LikenessForm(forms.Form):
    """A pattern, a week and a version; without a version the newest."""

    pattern = _WithContent(
        label=_("Pattern"),
        queryset=Pattern.objects.none(),
        to_field_name="key",
        empty_label=_("Choose a pattern"),
        error_messages={"invalid_choice": GONE, "required": _("Choose a pattern first.")},
    )
    week = forms.IntegerField(label=_("Begins in week"), min_value=1, max_value=WEEKS_MAX, initial=1)
    design = forms.TypedChoiceField(
        label=_("Version"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("There is no such version. Choose another.")},
    )

    def __init__(
        self,
        *args: Any,  # as Django
        patterns: QuerySet[Pattern],
        versions: Sequence[Design],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        pattern: Any = self.fields["pattern"]  # a choice field, where Django promises any field
        design: Any = self.fields["design"]  # likewise
        pattern.queryset = patterns
        pattern.label_from_instance = lambda row: row.title
        design.choices = [("", _("The newest")), *((str(row.number), _version(row)) for row in versions)]


class TakeOneForm(forms.Form):
    """One activity of the pattern to take, into the plan as it was shown."""

    card = forms.CharField(max_length=36)
    version = forms.IntegerField(min_value=0)


def _version(design: Design) -> str:
    return _("Version %(number)s (%(state)s)") % {"number": design.number, "state": design.get_state_display()}
