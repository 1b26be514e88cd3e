"""Some fields of the editor, sent by themselves: a cell of the board, or what was just changed beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from activities import registry
from courses.forms.plan import SETTINGS, ActivityForm, initial_of
from courses.queries.plan import FIELD_COLUMNS, seen_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from activities.contract import ActivityType
    from courses.facts import Plan
    from courses.models import Placement

FIELDS_MAX = 60
_OF_SETTING = f"{SETTINGS}-"


class FieldsForm:
    """The fields that `field` names, laid over what the activity holds, and judged together with it.

    One field may come as `value` and `seen`; several under their own names, with `seen-` before the name for what each
    held when it was shown. Raises UnknownType for an activity whose type is not installed.
    """

    def __init__(self, plan: Plan, placement: Placement, sent: QueryDict, *, served: Sequence[int] = ()) -> None:
        self.placement = placement
        self.served = list(served)
        self.kind: ActivityType[Any] = registry.get(placement.activity.type_key)  # any type
        self._plan = plan
        self._sent = sent
        unbound = self._unbound()
        self._was = _texts(unbound)
        known = {name for name in self._was if name != "type_key"}
        asked = list(dict.fromkeys(sent.getlist("field")[:FIELDS_MAX]))
        self.unknown = [name for name in asked if name not in known]
        self.names = tuple(name for name in asked if name in known)
        self.form = ActivityForm(plan, self.kind, self._laid_over(unbound), config=placement.activity.config)

    def is_valid(self) -> bool:
        """Whether these fields can be saved. What was wrong with others before stands in nobody's way."""
        if not self.names or self.unknown:
            return False
        if self.form.is_valid():
            return True
        before = ActivityForm(self._plan, self.kind, _sent(self._unbound()), config=self.placement.activity.config)
        before.is_valid()
        old = _problems(before)
        return not any(name in self.names or text != old.get(name) for name, text in _problems(self.form).items())

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        return _problems(self.form)

    @property
    def seen(self) -> dict[str, str]:
        """What each field held when it was shown."""
        sent, alone = self._sent, len(self.names) == 1
        return {name: sent.get(f"seen-{name}", sent.get("seen", "") if alone else "") for name in self.names}

    @property
    def values(self) -> dict[str, Any]:  # Any: what the columns of an activity hold
        """What the service stores: the columns of these fields, and the settings with these changed."""
        every = self.form.values if self.form.is_valid() else self.form.cleaned_data
        columns = [column for name in self.names for column in FIELD_COLUMNS.get(name, (name,))]
        said = {name: every[name] for name in columns if name in every and name != "outcomes"}
        keys = [name.removeprefix(_OF_SETTING) for name in self.names if name.startswith(_OF_SETTING)]
        if keys:
            config = every["config"]
            said["config"] = {**self.placement.activity.config, **{key: config[key] for key in keys if key in config}}
        return said

    @property
    def outcome_ids(self) -> list[int] | None:
        """The outcomes, if they are among the fields."""
        return self.form.outcome_ids if "outcomes" in self.names else None

    @property
    def label(self) -> str:
        """What the only field is called on the page; empty for several."""
        if len(self.names) != 1:
            return ""
        name = self.names[0]
        if name.startswith(_OF_SETTING):
            return str(self.form.settings[name.removeprefix(_OF_SETTING)].label) if self.form.settings else ""
        return str(self.form.fields[name].label)

    def followed(self, now: Placement, served: Sequence[int]) -> dict[str, str]:
        """Other fields that hold something else by now, as the form writes them."""
        fresh = _texts(
            ActivityForm(
                self._plan, self.kind, initial=initial_of(now.activity, list(served)), config=now.activity.config
            )
        )
        return {name: text for name, text in fresh.items() if name in self.names or self._was.get(name) != text}

    def _unbound(self) -> ActivityForm:
        activity = self.placement.activity
        return ActivityForm(self._plan, self.kind, initial=initial_of(activity, self.served), config=activity.config)

    def _laid_over(self, unbound: ActivityForm) -> QueryDict:
        sent = _sent(unbound)
        for name in self.names:
            if name in self._sent:
                sent.setlist(name, self._sent.getlist(name))
            elif len(self.names) == 1 and "value" in self._sent:
                sent.setlist(name, self._sent.getlist("value"))
            else:
                sent.pop(name, None)  # a box that is not ticked is not sent
        return sent


def seen_by(form: ActivityForm, placement: Placement, served: Iterable[int]) -> dict[str, str]:
    """What each field of an editor holds, for the page to send back with a change."""
    pks = list(served)
    return {name: seen_of(placement.activity, name, pks) for name in _texts(form) if name != "type_key"}


def _bound_fields(form: ActivityForm) -> Mapping[str, Any]:  # Any: bound fields, which stubs do not name
    own = {name: form[name] for name in form.fields}
    settings = {bound.html_name: bound for bound in form.settings} if form.settings is not None else {}
    return own | settings


def _sent(form: ActivityForm) -> QueryDict:
    """A form as a browser would send it."""
    data = QueryDict(mutable=True)
    for name, bound in _bound_fields(form).items():
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(name, [str(each) for each in value])
        elif value is not None and value is not False:
            data[name] = "on" if value is True else str(value)
    if form.settings is not None:
        data["settings_for"] = form.kind.key
    return data


def _texts(form: ActivityForm) -> dict[str, str]:
    sent = _sent(form)
    return {name: ",".join(sent.getlist(name)) for name in _bound_fields(form)}


def _problems(form: ActivityForm) -> dict[str, str]:
    own = {name: " ".join(str(text) for text in texts) for name, texts in form.errors.items()}
    settings = form.settings.errors if form.settings is not None else {}
    return own | {f"{_OF_SETTING}{name}": " ".join(str(text) for text in texts) for name, texts in settings.items()}
