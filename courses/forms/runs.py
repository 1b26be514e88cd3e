"""Forms of runs: opening one, its members, groups and windows, and feedback on work."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Attempt, AttemptFile, Offer, Remark
from blendedu.people.models import Cohort, Group, Membership, Term
from courses.exchange import cohort_csv
from courses.models import Design
from courses.queries.runs import window_seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from courses.queries.runs import Calendar

LIST_MAX = cohort_csv.BYTES_MAX
TEXT_MAX = 20_000
PAST_DAYS, FUTURE_DAYS = 370, 3 * 370


class ResentForm(forms.Form):
    """A form that goes back to the page with what was typed, and with something the server knows better."""

    def resend(self, **values: str) -> None:
        data: Any = self.data  # a QueryDict, where Django promises any mapping
        self.data = data.copy()
        for name, value in values.items():
            self.data[name] = value  # type: ignore[index]  # the copy can be changed


class ListMixin(ResentForm):
    """A class list, pasted or uploaded. `proposal` is what was read from it, None without a list."""

    students = forms.CharField(
        label=gettext_lazy("Paste the list"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "One student on each line: name, e-mail, student number, group. Commas, semicolons or tabs between them; "
            "the last two may be left out."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a CSV file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("At most 1 MB and 2,000 students."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )

    proposal: cohort_csv.Proposal | None = None

    def read_list(self, cleaned: dict[str, Any]) -> None:
        """Read the file or, without one, the text; a list that says nothing at all is an error of its field."""
        file, text = cleaned.get("file"), cleaned.get("students") or ""
        field = "file" if file else "students"
        if file and file.size > LIST_MAX:
            # SECURITY: measured before it is read.
            self.add_error("file", _("This file is larger than 1 MB. A list of students is smaller: check the file."))
            return
        if not file and not text.strip():
            return
        proposal = cohort_csv.read(file.read() if file else text)
        whole = [problem.text for problem in proposal.problems if problem.line == 0]
        if not proposal.rows:
            faults = [(fault.line, fault.text) for fault in proposal.faults[:5]]
            said = whole or [_("Line %(line)d: %(text)s") % {"line": line, "text": text} for line, text in faults]
            self.add_error(field, said or [_("Nobody is on this list.")])
            return
        self.proposal = proposal


class RunForm(ListMixin):
    """A new run: which design, when, for whom."""

    design = forms.ModelChoiceField(label=gettext_lazy("Design"), queryset=Design.objects.none(), empty_label=None)
    name = forms.CharField(
        label=gettext_lazy("Name of the run"), max_length=80, help_text=gettext_lazy("For example Autumn 2026.")
    )
    term = forms.ModelChoiceField(
        label=gettext_lazy("Term"),
        queryset=Term.objects.none(),
        required=False,
        empty_label=gettext_lazy("No term: all holidays count"),
        help_text=gettext_lazy("Weeks that are holiday from Monday to Friday are skipped."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Starts on"),
        help_text=gettext_lazy("Week 1 is the week of this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Students"),
        choices=[("list", gettext_lazy("A list of students")), ("cohort", gettext_lazy("A cohort that exists"))],
        widget=forms.RadioSelect,
        initial="list",
    )
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a cohort"),
    )
    cohort_name = forms.CharField(
        label=gettext_lazy("Name of the new cohort"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Left empty, it is called as the run."),
    )
    token = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    leave_out = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ["design", "name", "term", "starts_on", "who", "cohort", "cohort_name", "students", "file"]

    def __init__(
        self,
        *args: Any,  # as Django's forms take them
        designs: Sequence[Design],
        cohorts: Any,  # a queryset with the annotation `students`
        terms: Calendar,
        today: date,
        **kwargs: Any,  # as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._calendar = terms
        self._pick("design").queryset = Design.objects.filter(pk__in=[design.pk for design in designs])
        self._pick("design").label_from_instance = lambda design: _("Version %d") % design.number
        self._pick("term").queryset = Term.objects.filter(pk__in=[term.pk for term in terms.terms]).order_by(
            "starts_on"
        )
        self._pick("cohort").queryset = cohorts
        self._pick("cohort").label_from_instance = _cohort_words
        self.initial.setdefault("token", uuid4().hex)
        self.initial.setdefault("design", designs[0].pk if designs else None)
        coming = next((term for term in terms.terms if term.ends_on > today), None)
        if coming is not None:
            self.initial.setdefault("term", coming.pk)
            self.initial.setdefault("name", coming.name)
            monday = today + timedelta(days=-today.weekday() % 7)
            self.initial.setdefault("starts_on", max(coming.starts_on, monday))

    def _pick(self, name: str) -> Any:  # the field's own class, with its writable queryset
        return self.fields[name]

    @property
    def holidays(self) -> tuple[Any, ...]:  # Holiday rows or facts: whatever has a start, an end and a name
        """The holidays of the chosen term, or all that are known."""
        term = self.cleaned_data.get("term")
        if term is None:
            return self._calendar.holidays
        return tuple(next(known for known in self._calendar.terms if known.pk == term.pk).holidays.all())

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if not self._today - timedelta(days=PAST_DAYS) <= day <= self._today + timedelta(days=FUTURE_DAYS):
            raise forms.ValidationError(_("Check the year: a run starts within three years from now."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        term, day = cleaned.get("term"), cleaned.get("starts_on")
        if term and day and not term.starts_on <= day <= term.ends_on:
            self.add_error("starts_on", _("This day is not in the term %(term)s.") % {"term": term.name})
        if cleaned.get("who") == "cohort":
            if not cleaned.get("cohort") and "cohort" not in self.errors:
                self.add_error("cohort", _("Choose a cohort."))
        elif cleaned.get("who") == "list":
            cleaned["cohort"] = None
            self.read_list(cleaned)
            if self.proposal is None and not {"students", "file"} & set(self.errors):
                self.add_error("students", _("Paste the list of students, or choose a file."))
        return cleaned


def _cohort_words(cohort: Any) -> str:  # a Cohort with the annotation `students`
    return _("%(name)s (%(count)d students)") % {"name": cohort.name, "count": cohort.students}


class JoinForm(ListMixin):
    """More students for a run that there is."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.read_list(cleaned)
        if self.proposal is None and not self.errors:
            self.add_error("students", _("Paste the list of students, or choose a file."))
        return cleaned


# --- Windows ------------------------------------------------------------------------------------------------------


def _moment(label: Any, **options: Any) -> forms.DateTimeField:  # Any: lazy text, and what the field takes
    return forms.DateTimeField(
        label=label,
        # `datetime-local` sends this, and a browser without it shows it. A time that the clock change repeats or
        # leaves out is refused by Django, with the reason: the author chooses another.
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **options,
    )


class WindowForm(ResentForm):
    """When and where an offer is. Labels are those of a session where it happens at a moment."""

    opens_at = _moment(gettext_lazy("Opens"))
    due_at = _moment(gettext_lazy("Due"))
    closes_at = _moment(
        gettext_lazy("Closes"),
        required=False,
        help_text=gettext_lazy("Nothing is taken after it. Left empty, work is taken late."),
    )
    room = forms.CharField(label=gettext_lazy("Room"), max_length=80, required=False)
    link = forms.URLField(label=gettext_lazy("Link"), max_length=400, required=False, assume_scheme="https")
    recording = forms.URLField(
        label=gettext_lazy("Link to the recording"), max_length=400, required=False, assume_scheme="https"
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=1400)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:  # as Django's forms take them
        kwargs.setdefault("initial", {}).update(
            {name: getattr(offer, name) for name in ("opens_at", "due_at", "closes_at", "room", "link", "recording")}
            | {"seen": window_seen(offer)}
        )
        super().__init__(*args, **kwargs)
        self._offer = offer
        if offer.activity.type.timed:
            self.fields["opens_at"].label = _("Starts")
            self.fields["due_at"].label = _("Ends")
            del self.fields["closes_at"]
        else:
            del self.fields["room"], self.fields["link"], self.fields["recording"]

    def clean_link(self) -> str:
        return _web(self.cleaned_data["link"])

    def clean_recording(self) -> str:
        return _web(self.cleaned_data["recording"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, due, closes = cleaned.get("opens_at"), cleaned.get("due_at"), cleaned.get("closes_at")
        if opens and due and due < opens:
            before = (
                _("This is before it starts.") if self._offer.activity.type.timed else _("This is before it opens.")
            )
            self.add_error("due_at", before)
        if due and closes and closes < due:
            self.add_error("closes_at", _("This is before it is due."))
        for name in ("closes_at", "room", "link", "recording"):
            if name not in self.fields:
                cleaned[name] = getattr(self._offer, name)
        return cleaned


def _web(address: str) -> str:
    if address and not address.startswith(("https://", "http://")):
        raise forms.ValidationError(_("A link begins with https:// or http://."))
    return address


# --- Groups -------------------------------------------------------------------------------------------------------


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)


class MoveForm(forms.Form):
    """Which members go to which group; without a group, to none."""

    members = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(),
        error_messages={
            "required": gettext_lazy("Tick at least one student."),
            "invalid_choice": gettext_lazy("One of these students is no longer in the cohort. Nobody was moved."),
        },
    )
    to = forms.ModelChoiceField(
        label=gettext_lazy("Move to"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=gettext_lazy("No group"),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:  # as Django's forms take them
        super().__init__(*args, **kwargs)
        members: Any = self.fields["members"]  # the field's own class, with its writable queryset
        members.queryset = Membership.objects.filter(cohort=cohort)
        to: Any = self.fields["to"]  # as above
        to.queryset = Group.objects.filter(cohort=cohort)


class DrawForm(forms.Form):
    """Groups at random: of a size, or a number of them."""

    by = forms.ChoiceField(
        label=gettext_lazy("Divide into"),
        choices=[("size", gettext_lazy("Groups of at most")), ("count", gettext_lazy("This many groups"))],
        initial="size",
    )
    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=500, initial=4)
    seed = forms.IntegerField(min_value=0, max_value=2**31, required=False, widget=forms.HiddenInput)
    expected = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


# --- Feedback -----------------------------------------------------------------------------------------------------


class FeedbackForm(ResentForm):
    """What a lecturer says about a submission."""

    points = forms.DecimalField(
        label=gettext_lazy("Points"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    feedback = forms.CharField(
        label=gettext_lazy("Feedback"),
        required=False,
        max_length=TEXT_MAX,
        help_text=gettext_lazy("Markdown works: **bold**, lists, links."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    remark = forms.CharField(
        label=gettext_lazy("Add a comment"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.ModelChoiceField(
        label=gettext_lazy("The comment is on"),
        queryset=AttemptFile.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole work"),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,  # as Django's forms take them
        attempt: Attempt,
        max_points: Decimal | None,
        has_files: bool,
        releasing: bool = False,
        **kwargs: Any,  # as above
    ) -> None:
        given = None if attempt.points is None else f"{attempt.points.normalize():f}"  # 9.5 and not 9.50
        kwargs.setdefault("initial", {}).update(points=given, feedback=attempt.feedback, revision=attempt.revision)
        super().__init__(*args, **kwargs)
        self._attempt, self._releasing = attempt, releasing
        if max_points is None:
            del self.fields["points"]
        else:
            points: Any = self.fields["points"]  # the field's own class, with its bounds
            points.max_value = max_points
            points.validators.append(self._at_most(max_points))
            points.widget.attrs["max"] = f"{max_points.normalize():f}"
            points.label = _("Points, of %(most)s") % {"most": f"{max_points.normalize():f}"}
        if has_files:
            file: Any = self.fields["file"]  # as above, with its queryset
            file.queryset = AttemptFile.objects.filter(attempt=attempt, removed_at__isnull=True)
        else:
            del self.fields["file"]

    @staticmethod
    def _at_most(most: Decimal) -> Any:  # a validator
        def check(value: Decimal) -> None:
            if value > most:
                facts = {"most": f"{most.normalize():f}"}
                raise forms.ValidationError(_("At most %(most)s points can be given.") % facts)

        return check

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned.setdefault("points", self._attempt.points)
        cleaned.setdefault("file", None)
        says = cleaned["points"] is not None or cleaned["feedback"].strip() or cleaned["remark"].strip()
        nothing_yet = self._attempt.state == Attempt.State.SUBMITTED or self._releasing
        if nothing_yet and not says and not Remark.objects.filter(attempt=self._attempt).exists():
            raise forms.ValidationError(_("Give points or write a sentence first: there is nothing to save yet."))
        return cleaned
