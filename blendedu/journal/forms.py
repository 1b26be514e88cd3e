"""How often a person wants mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from blendedu.people.models import User


class RhythmForm(forms.ModelForm):
    """The rhythm of e-mail; notices in the page come at once in any case."""

    class Meta:
        model = User
        fields = ["mail_rhythm"]
        labels = {"mail_rhythm": _("E-mail me")}
