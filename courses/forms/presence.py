"""What a page that is open says of itself every few seconds."""

from __future__ import annotations

from django import forms


class HereForm(forms.Form):
    """The plan that is on the screen, and the card whose editor is open."""

    design = forms.IntegerField(min_value=1)
    version = forms.IntegerField(min_value=0, required=False)
    editing = forms.IntegerField(min_value=1, required=False)
    active = forms.BooleanField(required=False)
    seen = forms.CharField(max_length=32, required=False)


class LockForm(forms.Form):
    """What is to become of the lock of a card."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("take", "release", "ask", "give", "keep")])
