"""What a type of activity answers. The core asks these capabilities, never a type's name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from types import UnionType

    from django import forms
    from django.http import HttpRequest

    from activities.models import Activity, Offer, Progress
    from blendedu.people.models import Group, User

C = TypeVar("C")


class Collects(StrEnum):
    """What students leave on an offer of this type."""

    NOTHING = "nothing"
    WATCHING = "watching"
    ATTEMPTS = "attempts"
    POSTS = "posts"
    ATTENDANCE = "attendance"


class Grading(StrEnum):
    """Who judges what students leave."""

    NONE = "none"
    AUTOMATIC = "automatic"
    LECTURER = "lecturer"


class BrokenConfig(ValueError):
    """The configuration of an activity cannot be read; `problems` says per key what is wrong, in words for people."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{key}: {text}" for key, text in self.problems.items()))


class ShowAgain(Exception):
    """Raised by an action that was refused: show the page of the activity once more, with this beside it.

    So a form that was sent without scripts comes back whole, with what was typed and what is wrong.
    """

    def __init__(self, status: int, **context: object) -> None:
        self.status = status
        self.context = context
        super().__init__(f"Show the page again ({status}).")


@dataclass(frozen=True, slots=True)
class Defaults:
    """How a new activity of a type starts."""

    minutes: int | None = 30
    learning_type: str = "acquisition"
    timing: str = "async"
    place: str = "anywhere"
    environment: str = "digital"
    grouping: str = "alone"
    guidance: str = "none"
    moment: str = "before"
    assessment: str = "none"
    feedback_by: str = "none"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at one offer: who, with which rights, when, and where its pages are."""

    user: User
    offer: Offer
    activity: Activity
    at: datetime
    can_act: bool
    can_teach: bool
    group: Group | None
    page_url: str
    act_url: str  # ends in /ACTION/
    feedback_url: str = ""
    preview: bool = False

    def action_url(self, action: str) -> str:
        return self.act_url.replace("ACTION", action)


@dataclass(frozen=True, slots=True)
class Made:
    """What has been made for an activity besides its settings: whether it has questions, and which kinds of files."""

    questions: bool = False
    files: frozenset[str] = frozenset()

    @classmethod
    def of(cls, activity: Activity) -> Made:
        """Read it for one activity. A page that lists many brings it along: activities.queries.made."""
        files = frozenset(material.kind for material in activity.materials.all())
        return cls(questions=bool(activity.questions.all()), files=files)


Action = "Callable[[HttpRequest, Seat], HttpResponse]"


@lru_cache(maxsize=128)
def _hints(cls: type[Any]) -> dict[str, Any]:  # Any: what dataclasses of types say
    return get_type_hints(cls)


def parse_dataclass(cls: type[C], config: Mapping[str, object]) -> C:
    """Read JSON into a flat frozen dataclass; unknown keys, missing keys and wrong kinds are refused by name.

    Raises BrokenConfig with every problem at once, so that a person mends them in one go.
    """
    problems: dict[str, str] = {}
    hints = _hints(cls)  # type: ignore[arg-type]  # a class can be a key
    known = {item.name: item for item in dataclasses.fields(cls)}  # type: ignore[arg-type]  # C is always a dataclass
    for key in config:
        if key not in known:
            problems[key] = _("This setting is not known.")
    values: dict[str, Any] = {}  # Any: checked against the hints below
    for name, item in known.items():
        if name not in config:
            if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
                problems[name] = _("This setting is missing.")
            continue
        value = config[name]
        if isinstance(value, list):
            value = tuple(value)
        if not _fits(value, hints[name]):
            problems[name] = _("This setting has the wrong kind of value.")
        values[name] = value
    if problems:
        raise BrokenConfig(problems)
    return cls(**values)


def _fits(value: object, hint: type | UnionType) -> bool:
    origin = get_origin(hint)
    if origin is tuple:
        (inside, *_rest) = get_args(hint)
        return isinstance(value, tuple) and all(_fits(each, inside) for each in value)
    if origin is not None:
        return any(_fits(value, option) for option in get_args(hint))
    if hint is type(None):
        return value is None
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, hint)  # the rest are plain classes


@dataclass(frozen=True, slots=True)
class NoConfig:
    """A type without settings of its own."""


@dataclass(frozen=True, slots=True)
class Todo:
    """What a student's week says about one offer."""

    done: bool
    line: str  # "Clip, 7 min, stopped at 3:10"
    share: int | None = None  # per cent done, when that is known
    minutes_left: int | None = None


class ActivityType(Generic[C]):
    """A type of activity: one class, one folder of templates, one folder of tests."""

    key: ClassVar[str]
    label: ClassVar[Any]  # Any: lazily translated text
    hint: ClassVar[Any] = ""  # Any: lazily translated text; one line for the chooser
    icon: ClassVar[str]
    order: ClassVar[int] = 100
    collects: ClassVar[Collects] = Collects.NOTHING
    grading: ClassVar[Grading] = Grading.NONE
    timed: ClassVar[bool] = False  # happens at a moment (a session) rather than in a window
    per_group: ClassVar[bool] = False  # may be done once for a whole group
    has_questions: ClassVar[bool] = False
    recalls: ClassVar[bool] = False  # students recall what they learnt, as in a quiz
    takes_files: ClassVar[tuple[str, ...]] = ()  # kinds of Material that a lecturer can put with it
    defaults: ClassVar[Defaults] = Defaults()
    quick_words: ClassVar[tuple[str, ...]] = ()
    estimated_by: ClassVar[str] = "expert"  # the way of estimating its time that usually suits, as it is stored
    config_class: ClassVar[type[Any]] = NoConfig
    form_class: ClassVar[type[forms.Form] | None] = None  # fields named like the keys of the configuration
    actions: ClassVar[Mapping[str, Any]] = {}  # Any: Action; name -> view of (request, seat), for POST
    looks: ClassVar[Mapping[str, Any]] = {}  # Any: Action; the same for GET: parts of the page that only read

    def parse(self, config: Mapping[str, object]) -> C:
        """The configuration as its dataclass; raises BrokenConfig. Types add checks on values in `check`."""
        parsed: C = parse_dataclass(self.config_class, config)
        problems = self.check(parsed)
        if problems:
            raise BrokenConfig(problems)
        return parsed

    def check(self, config: C) -> dict[str, str]:
        """Problems with the values, per key; empty when it can be used."""
        return {}

    def missing(self, activity: Activity, made: Made | None = None) -> tuple[str, ...]:
        """What must still be made before students can do it: 'no questions yet', 'no captions'.

        `made` is what is there already; without it, it is read.
        """
        return ()

    def card_facts(self, config: Mapping[str, object]) -> tuple[str, ...]:
        """Short words for the board's card: 'auto-graded', 'room B2.14'. Never raises: a broken card must be shown."""
        return ()

    def estimate_inputs(self, config: Mapping[str, object]) -> dict[str, object]:
        """What the configuration knows of the inputs of `estimated_by`: pages of a text, length of a clip."""
        return {}

    def has_captions(self, config: Mapping[str, object]) -> bool | None:
        """Whether a recording has captions; None when there is no recording."""
        return None

    def seconds(self, config: Mapping[str, object]) -> int | None:
        """How long a recording lasts; None where that is not known. Never raises, as a broken card is counted."""
        return None

    def formats(self, config: Mapping[str, object]) -> tuple[str, ...]:
        """In which formats it offers material to learn from: text, video. Never raises, as a broken card is counted."""
        return ()

    def own_time(self, config: Mapping[str, object]) -> tuple[int, int] | None:
        """Weekday (from Monday, 0) and minute of the day of what happens at a moment; None where nothing is said."""
        return None

    def with_files(
        self, config: Mapping[str, object], kinds: Collection[str], seconds: int | None
    ) -> dict[str, object]:
        """The configuration after a file was put with the activity or taken away.

        `kinds` are those that are there now; `seconds` is the length of a new recording, None when there is none.
        """
        return dict(config)

    def todo(self, offer: Offer, progress: Progress | None, at: datetime) -> Todo:
        """What the student's week says."""
        return Todo(done=bool(progress and progress.is_done), line=str(self.label))

    def page(self, request: HttpRequest, seat: Seat) -> dict[str, object]:
        """What `template("page")` shows to a student (or to a lecturer who previews). Reads only."""
        return {}

    def template(self, name: str) -> str:
        return f"activities/types/{self.key}/{name}.html"
