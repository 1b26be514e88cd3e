"""What the estimator asks: one form for each way of estimating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.models import MINUTES_MAX
from courses import workload

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "e"  # the address of the Studio has words of its own: lens, filter, week

_DIFFICULTIES = [
    ("no_new", gettext_lazy("No new concepts")),
    ("some_new", gettext_lazy("Some new concepts")),
    ("many_new", gettext_lazy("Many new concepts")),
]
_PURPOSES = [
    ("survey", gettext_lazy("Skim the main ideas")),
    ("understand", gettext_lazy("Understand")),
    ("engage", gettext_lazy("Work with it: solve, judge, draw conclusions")),
]


def _count(label: Any, *, most: int, initial: int | None = None, **options: Any) -> forms.IntegerField:  # as Django
    return forms.IntegerField(
        label=label, required=False, min_value=options.pop("least", 0), max_value=most, initial=initial, **options
    )


class EstimateForm(forms.Form):
    """The inputs of one way. `estimate` is there once they are valid."""

    method: ClassVar[str]
    estimate: workload.Estimate
    known: frozenset[str] = frozenset()  # the inputs that are said elsewhere on the page

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:  # as Django's forms
        super().__init__(data, prefix=PREFIX, **kwargs)

    def clean(self) -> dict[str, Any]:  # as Django's forms
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.estimate = workload.reckon(self.method, self.inputs_of(cleaned))
        except workload.NothingToEstimate:
            raise forms.ValidationError(self.asks, code="nothing") from None
        if self.estimate.minutes > MINUTES_MAX:
            raise forms.ValidationError(_("That is more than an activity can have. Check the numbers."), code="most")
        return cleaned

    @staticmethod
    def inputs_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:  # Any: numbers and words
        """What is stored: only what was said."""
        return {name: value for name, value in cleaned.items() if value not in (None, "")}

    @property
    def inputs(self) -> dict[str, Any]:  # Any: numbers and words
        return self.inputs_of(self.cleaned_data)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of what nobody has said elsewhere."""
        return [self[name] for name in self.fields if name not in self.known]

    @property
    def is_explained(self) -> bool:
        """Whether there is anything to say about its fields."""
        return any(field.help_text for field in self.fields.values())

    @property
    def asks(self) -> str:
        """What to say while there is nothing to estimate."""
        return _("Fill in the numbers, and the time shows here.")


class ReadingForm(EstimateForm):
    method = "reading"

    words = _count(gettext_lazy("Words"), most=600_000, help_text=gettext_lazy("Counts before pages, where known."))
    pages = _count(gettext_lazy("Pages"), most=2_000)
    words_per_page = forms.TypedChoiceField(
        label=gettext_lazy("Words on a page"),
        coerce=int,
        choices=[
            (450, gettext_lazy("450, a paperback")),
            (600, gettext_lazy("600, a monograph")),
            (750, gettext_lazy("750, a textbook")),
        ],
        initial=600,
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What students read it for"), choices=_PURPOSES, initial="understand"
    )
    difficulty = forms.ChoiceField(label=gettext_lazy("How new it is"), choices=_DIFFICULTIES, initial="some_new")
    speeds = forms.ChoiceField(
        label=gettext_lazy("Reading speeds"),
        choices=[
            ("estimator", gettext_lazy("Workload Estimator: 65 to 500 words per minute")),
            (workload.OPEN_UNIVERSITY, gettext_lazy("Open University: 35, 70 or 120 words per minute")),
        ],
        initial="estimator",
        help_text=gettext_lazy("The Open University's speeds are for study of its own texts; the purpose is in them."),
    )
    extra_percent = _count(
        gettext_lazy("Extra for the language, %"),
        most=200,
        initial=0,
        help_text=gettext_lazy("25 is a usual value where students are no native readers."),
    )

    @property
    def asks(self) -> str:
        return _("Say how many words or pages there are, and the time shows here.")


class WritingForm(EstimateForm):
    method = "writing"

    words = _count(
        gettext_lazy("Words"),
        most=60_000,
        help_text=gettext_lazy("A page has 250 with double spacing, 500 with single."),
    )
    genre = forms.ChoiceField(
        label=gettext_lazy("What is written"),
        choices=[
            ("reflection", gettext_lazy("Reflection or narrative")),
            ("argument", gettext_lazy("Argument")),
            ("research", gettext_lazy("Research")),
        ],
        initial="reflection",
    )
    drafting = forms.ChoiceField(
        label=gettext_lazy("Drafting"),
        choices=[
            ("none", pgettext_lazy("drafting", "None")),
            ("minimal", gettext_lazy("Minimal")),
            ("extensive", gettext_lazy("Extensive")),
        ],
        initial="minimal",
    )


class VideoForm(EstimateForm):
    method = "video"

    minutes = _count(gettext_lazy("Running time, minutes"), most=600)
    seconds = _count(gettext_lazy("and seconds"), most=59)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What students watch it for"), choices=_PURPOSES, initial="understand"
    )


class QuizForm(EstimateForm):
    method = "quiz"

    recall = _count(gettext_lazy("Questions to recall"), most=500, help_text=gettext_lazy("1 minute each"))
    applied = _count(gettext_lazy("Questions to apply"), most=500, help_text=gettext_lazy("1.5 minutes each"))
    short_answer = _count(gettext_lazy("Short answers, matching"), most=500, help_text=gettext_lazy("3 minutes each"))


class DiscussionForm(EstimateForm):
    method = "discussion"

    form = forms.ChoiceField(
        label=gettext_lazy("Contributions are"),
        choices=[("written", gettext_lazy("Written")), (workload.SPOKEN, gettext_lazy("Spoken or filmed"))],
        initial="written",
    )
    posts = _count(gettext_lazy("Contributions of each student"), most=100, initial=1)
    words = _count(gettext_lazy("Words in each"), most=5_000, initial=100)
    read_posts = _count(gettext_lazy("Contributions of others to read"), most=1_000, initial=20)
    words_per_post = _count(gettext_lazy("Words in each of those"), most=5_000, initial=100)
    minutes = _count(gettext_lazy("Minutes in each, where they are spoken"), most=120, initial=3)


class ReviewForm(EstimateForm):
    method = "review"

    works = _count(gettext_lazy("Works to review"), most=50, initial=2)
    words = _count(gettext_lazy("Words in each work"), most=60_000)
    criteria = _count(
        gettext_lazy("Groups of criteria"),
        most=50,
        help_text=gettext_lazy("10 minutes each. Without words and criteria a review takes 30 minutes."),
    )


class RatingForm(EstimateForm):
    method = "rating"

    received = _count(gettext_lazy("Reviews to rate"), most=50, initial=2)


class SharingForm(EstimateForm):
    method = "sharing"

    examples = _count(gettext_lazy("Examples to find and share"), most=100, initial=1)


class GroupForm(EstimateForm):
    method = "group"

    minutes = _count(gettext_lazy("Minutes of work for each student"), most=MINUTES_MAX)


class ExamForm(EstimateForm):
    method = "exam"

    study_hours = _count(gettext_lazy("Hours of study"), most=95, initial=5)
    limit_minutes = _count(
        gettext_lazy("Minutes of the examination itself"),
        most=600,
        help_text=gettext_lazy("Leave it empty where the examination is a card of its own."),
    )


class ExpertForm(EstimateForm):
    method = "expert"

    minutes = _count(gettext_lazy("Minutes that you need yourself"), most=MINUTES_MAX // 3)


FORMS: Mapping[str, type[EstimateForm]] = {
    form.method: form
    for form in (
        ReadingForm,
        WritingForm,
        VideoForm,
        QuizForm,
        DiscussionForm,
        ReviewForm,
        RatingForm,
        SharingForm,
        GroupForm,
        ExamForm,
        ExpertForm,
    )
}


def opened(method: str, known: Mapping[str, Any]) -> EstimateForm:  # Any: numbers and words
    """The form as the panel opens it: with what is known, and reckoned at once where that is enough."""
    form_class = FORMS[method]
    blank = form_class()
    initial = {name: field.initial for name, field in blank.fields.items()} | {
        name: value for name, value in known.items() if name in blank.fields
    }
    data = {f"{PREFIX}-{name}": value for name, value in initial.items() if value is not None}
    bound = form_class(data)
    return bound if bound.is_valid() else form_class(initial=initial)


def offered(method: str, known: Mapping[str, Any], sent: Mapping[str, str]) -> EstimateForm:  # Any: numbers and words
    """The form of a way beside an activity that is still being typed: what its settings say needs no second typing."""
    form_class = FORMS[method]
    names = {name: field.initial for name, field in form_class().fields.items()}
    typed = {
        name: sent[f"{PREFIX}-{name}"] for name in names if f"{PREFIX}-{name}" in sent and sent.get("way") == method
    }
    said = names | typed | {name: value for name, value in known.items() if name in names}
    form = form_class({f"{PREFIX}-{name}": value for name, value in said.items() if value is not None})
    form.known = frozenset(known)
    return form
