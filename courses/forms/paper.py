"""What goes on paper."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.exchange.paper.dossier import PAPERS, PARTS


class PaperForm(forms.Form):
    """The parts of the design that are printed, and the size of the paper."""

    parts = forms.MultipleChoiceField(
        label=_("What to print"),
        choices=list(PARTS.items()),
        initial=list(PARTS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one part."),
            "invalid_choice": _("There is no part “%(value)s”."),
        },
    )
    paper = forms.ChoiceField(
        label=_("Paper"), choices=list(PAPERS.items()), initial="a4", widget=forms.RadioSelect, required=False
    )
