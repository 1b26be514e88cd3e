"""Asking for a review, answering it, commenting."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Comment


class AskForm(forms.Form):
    """What the DigiCoach should look at."""

    note = forms.CharField(
        label=_("What should the DigiCoach look at?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """The DigiCoach's answer; asking for changes needs words."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("changes", _("Ask for changes"))])
    answer = forms.CharField(
        label=_("Your answer"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "changes" and not cleaned.get("answer"):
            self.add_error("answer", _("Say what should change, so that the lecturer can do it."))
        return cleaned


class CommentForm(forms.Form):
    """A comment; `pin` and `key` say what it is about."""

    pin = forms.ChoiceField(choices=Comment.Pin.choices, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class PublishForm(forms.Form):
    """Publishing a small change says which version of the plan was on the page."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
