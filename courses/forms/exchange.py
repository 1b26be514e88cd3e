"""Forms of starting points and exchange: a file or a table, its columns, and how it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.uploads import MEGABYTE, BadFile
from activities.words import why_not
from blendedu.kit.minutes import CLOCK_HOUR
from courses.exchange import reading
from courses.exchange.proposal import Refused
from courses.exchange.table_words import LABELS, Column
from courses.models import WEEKS_MAX, Pattern
from courses.outline import of_weeks
from courses.services.imports import ADD, NEW, REPLACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from blendedu.people.models import Unit
    from courses.models import Design
    from courses.outline import Outline

COLUMN_CHOICES = [("", gettext_lazy("Leave it out")), *((column.value, LABELS[column]) for column in Column)]


class FileForm(forms.Form):
    """A file that holds a design. `read` is what was read from it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "JSON, CSV, XLSX or a Learning Designer file (.ldj), at most 5 MB; or a design with its files (ZIP)."
        ),
        error_messages={"required": gettext_lazy("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.txt,.xlsx,.ldj,.zip"}),
    )

    read: reading.Read

    def __init__(self, *args: Any, teaching_hour: int = CLOCK_HOUR, **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        self.teaching_hour = teaching_hour

    def clean(self) -> dict[str, Any]:  # Any: as Django declares it
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # Any: as Django declares it
        file = cleaned.get("file")
        if file is None:
            return cleaned
        # SECURITY: measured before it is read.
        is_package = reading.is_package(file.name or "")
        if not is_package and file.size > reading.BYTES_MAX:
            self.add_error("file", reading.too_large())
            return cleaned
        if is_package and file.size > settings.BLENDEDU_UPLOAD_MAX_BYTES:
            told = {"name": file.name, "megabytes": settings.BLENDEDU_UPLOAD_MAX_BYTES // MEGABYTE}
            self.add_error("file", why_not(BadFile("too_large", **told)))
            return cleaned
        try:
            self.read = (
                reading.read_package(file)
                if is_package
                else reading.read_file(file.name or "", file.read(), teaching_hour=self.teaching_hour)
            )
        except Refused as refused:
            self.add_error("file", _said(refused))
        return cleaned


class PasteForm(forms.Form):
    """A table that was copied from a spreadsheet. `read` is what was read from it."""

    table = forms.CharField(
        label=gettext_lazy("Table"),
        strip=False,
        max_length=reading.PASTE_MAX,
        help_text=gettext_lazy(
            "Copy the cells in your spreadsheet, with the headings, and paste them here. One activity on each line; "
            "the order of the columns does not matter."
        ),
        error_messages={"required": gettext_lazy("Paste the table first.")},
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "pasted"}),
    )

    read: reading.Read

    def __init__(self, *args: Any, teaching_hour: int = CLOCK_HOUR, **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        self.teaching_hour = teaching_hour

    def clean_table(self) -> str:
        text: str = self.cleaned_data["table"]
        try:
            self.read = reading.read_paste(text, teaching_hour=self.teaching_hour)
        except Refused as refused:
            raise forms.ValidationError(_said(refused)) from None
        return text


class ColumnsForm(forms.Form):
    """What each column of a table holds; one select per column."""

    has_header = forms.BooleanField(label=gettext_lazy("The first line holds the headings"), required=False)

    def __init__(self, *args: Any, columns: list[str], header: tuple[str, ...], **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        self.count = len(columns)
        for place, column in enumerate(columns):
            name = header[place] if place < len(header) else ""
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=_("Column %(number)s: %(name)s") % {"number": place + 1, "name": name[:40]},
                choices=COLUMN_CHOICES,
                required=False,
                initial=column,
            )

    @property
    def selects(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in range(self.count)]

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column_{place}"] for place in range(self.count)]


class TakeForm(forms.Form):
    """How something that was read is taken. Where no draft is open there is nothing to choose."""

    how = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.RadioSelect)
    first_week = forms.IntegerField(
        label=gettext_lazy("Its first week becomes week"), min_value=1, max_value=WEEKS_MAX, initial=1
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Design | None, week_count: int = 0, **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        how: Any = self.fields["how"]  # a choice field, where Django promises any field
        if draft is None:
            how.choices = [(NEW, _("Start a new design with it"))]
            how.initial = NEW
            how.widget = forms.HiddenInput()
            del self.fields["first_week"]
        else:
            said = {"number": draft.number}
            how.choices = [
                (ADD, _("Add it to version %(number)s, the open draft") % said),
                (REPLACE, _("Put it in the place of everything in version %(number)s") % said),
            ]
            how.initial = ADD
            self.fields["first_week"].initial = 1
            self.fields["first_week"].help_text = _(
                "Weeks that are there get the activities added; later ones are made. The draft has %(count)s."
            ) % {"count": week_count}
            self.fields["version"].initial = draft.plan_version


def _said(refused: Refused) -> str:
    return f"{refused.where}: {refused}" if refused.where else str(refused)


# --- Patterns and copies --------------------------------------------------------------------------------------------


class InsertForm(forms.Form):
    """From which week a pattern goes into the draft."""

    first_week = forms.IntegerField(label=gettext_lazy("Begins in week"), min_value=1, max_value=WEEKS_MAX, initial=1)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Design | None, week_count: int = 0, **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        if draft is None:
            del self.fields["first_week"]
            return
        self.fields["version"].initial = draft.plan_version
        self.fields["first_week"].help_text = _(
            "What stands in these weeks stays. Weeks that are missing are made; the draft has %(count)s."
        ) % {"count": week_count}


class PatternForm(forms.Form):
    """What is said of a pattern, and who may take it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    summary = forms.CharField(
        label=gettext_lazy("What happens, in two sentences"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    advice = forms.CharField(
        label=gettext_lazy("When to use it, and what to watch"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"), choices=Pattern.Licence.choices, initial=Pattern.Licence.BY
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who may take it"))

    def __init__(self, *args: Any, units: Sequence[Unit], **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        self.units = {str(unit.pk): unit for unit in units}
        audience: Any = self.fields["audience"]  # a choice field, where Django promises any field
        audience.choices = [
            *((key, _("Everybody in %(unit)s") % {"unit": unit.name}) for key, unit in self.units.items()),
            ("everybody", _("Everybody")),
        ]

    @property
    def unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["audience"])


class ShareForm(PatternForm):
    """Which part of the design is shared; activities can be left out."""

    first_week = forms.IntegerField(label=gettext_lazy("From week"), min_value=1, max_value=WEEKS_MAX)
    last_week = forms.IntegerField(label=gettext_lazy("To week"), min_value=1, max_value=WEEKS_MAX)
    cards = forms.MultipleChoiceField(
        label=gettext_lazy("Activities"), required=False, widget=forms.CheckboxSelectMultiple
    )
    based_on = forms.ModelChoiceField(
        label=gettext_lazy("It is based on"),
        queryset=Pattern.objects.none(),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("Nothing in this library"),
    )
    with_questions = forms.BooleanField(
        label=gettext_lazy("With the questions of quizzes"),
        required=False,
        help_text=gettext_lazy("And their right answers: leave it off for what is used in an exam."),
    )
    field_order = ("title summary advice first_week last_week cards with_questions based_on licence audience").split()

    def __init__(self, *args: Any, outline: Outline, patterns: QuerySet[Pattern], **more: Any) -> None:  # as Django
        super().__init__(*args, **more)
        cards: Any = self.fields["cards"]  # a choice field, where Django promises any field
        based_on: Any = self.fields["based_on"]  # likewise
        cards.choices = [
            (each.key, _("Week %(number)s: %(title)s") % {"number": each.week, "title": each.title})
            for each in outline.activities
            if each.week is not None
        ]
        cards.initial = [key for key, _label in cards.choices]
        based_on.queryset = patterns
        self.outline = outline
        self.fields["first_week"].initial = 1
        self.fields["last_week"].initial = max(1, outline.last_week)

    def clean(self) -> dict[str, Any]:  # Any: as Django declares it
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # Any: as Django declares it
        first, last = cleaned.get("first_week"), cleaned.get("last_week")
        if first and last and first > last:
            self.add_error("last_week", _("The last week comes before the first."))
        return cleaned

    @property
    def piece(self) -> Outline:
        """The part of the design that is shared."""
        said = self.cleaned_data
        wanted = set(said["cards"])
        chosen = replace(self.outline, activities=tuple(each for each in self.outline.activities if each.key in wanted))
        return of_weeks(chosen, said["first_week"], said["last_week"])


class PatternSearch(forms.Form):
    """What the library is searched for."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)
    whose = forms.ChoiceField(
        label=gettext_lazy("From"),
        required=False,
        choices=[
            ("", gettext_lazy("Anybody")),
            ("product", gettext_lazy("BlendEdu")),
            ("colleagues", gettext_lazy("Colleagues")),
            ("mine", gettext_lazy("Me")),
        ],
    )


class CopyForm(forms.Form):
    """How a design is copied: some weeks later or earlier, in so many weeks."""

    shift = forms.IntegerField(
        label=gettext_lazy("Weeks later"),
        min_value=-(WEEKS_MAX - 1),
        max_value=WEEKS_MAX - 1,
        initial=0,
        help_text=gettext_lazy(
            "2 leaves two empty weeks in front; -1 drops the first, and its activities wait on the shelf."
        ),
    )
    weeks = forms.IntegerField(label=gettext_lazy("Number of weeks"), min_value=1, max_value=WEEKS_MAX)
