"""The signs that mean the same everywhere: the words of an activity's attributes, in the order they are drawn.

Not the choices of a model (those belong to the app that stores them), but how every level draws and names them.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, str | Promise]

ENVIRONMENTS: Words = {
    "digital": _("Digital"),
    "physical": _("Physical"),
    "workplace": _("Workplace"),
    "hybrid": _("Hybrid"),
}
TIMINGS: Words = {"sync": _("Together"), "async": _("Own time")}
MOMENTS: Words = {
    "before": pgettext_lazy("moment", "Before"),
    "together": pgettext_lazy("moment", "Together"),
    "after": pgettext_lazy("moment", "After"),
}
LEARNING_TYPES: Words = {
    "acquisition": _("Acquisition"),
    "inquiry": _("Inquiry"),
    "practice": _("Practice"),
    "production": _("Production"),
    "discussion": _("Discussion"),
    "collaboration": _("Collaboration"),
}
GROUPINGS: Words = {
    "alone": _("Alone"),
    "pair": _("In pairs"),
    "group": _("In groups"),
    "class": _("Whole class"),
}
GUIDANCES: Words = {
    "none": pgettext_lazy("guidance", "No guidance"),
    "lecturer": _("Lecturer"),
    "peer": _("Fellow students"),
    "mentor": _("Mentor"),
}

# Each dimension of the balance, by the name that services and templates use.
DIMENSIONS: dict[str, Words] = {
    "environment": ENVIRONMENTS,
    "timing": TIMINGS,
    "moment": MOMENTS,
    "learning_type": LEARNING_TYPES,
    "grouping": GROUPINGS,
    "guidance": GUIDANCES,
}
ICONS = {
    "digital": "monitor",
    "physical": "building-2",
    "workplace": "briefcase",
    "hybrid": "repeat-2",
    "sync": "users",
    "async": "clock",
}


def word(key: str) -> str:
    """The word for an attribute's value, or the value itself where it has no word yet."""
    return str(next((words[key] for words in DIMENSIONS.values() if key in words), key))
