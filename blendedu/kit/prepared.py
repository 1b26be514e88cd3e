"""Queries that are asked thousands of times: written with the ORM, turned into SQL once, then only filled in.

    @prepared
    def seats(user: int, code: str, pk: int) -> QuerySet[RunOffer]:
        return RunOffer.objects.filter(pk=pk, run__course__code=code).annotate(...)

    seats(user.pk, code, pk)  # a list of RunOffer, the same objects that the queryset would give

Django writes the SQL of a queryset anew each time it is asked, and PostgreSQL plans it anew: for a query with a few
joins both take longer than the answer. Here the SQL is kept per process and its plan per connection. Meant for the few
queries that every student's request asks; everything else is an ordinary queryset.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import update_wrapper
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from django.db.models import QuerySet

R = TypeVar("R")

INTEGERS = range(-(2**63), 2**63)
VARIANTS_MAX = 200  # of one query: lists of other lengths are other statements
LISTED_MAX = 60  # a longer list is asked in the ordinary way

# What stands for a value while the SQL is written, so that its places can be found in the parameters. Small enough for
# the smallest column, or Django would answer for the database that nothing can be equal to it.
_STANDINS: dict[str, Callable[[int, int], object]] = {
    "int": lambda turn, number: 11_003 + 9_001 * turn + number,
    "str": lambda turn, number: f"stand-in {turn} {number}",
    "datetime": lambda turn, number: datetime(1900 + turn, 1, 1, 1, 2, 3, number + 1, tzinfo=UTC),
    "date": lambda turn, number: date(1000 + turn, 1, 1) + timedelta(days=number),
}


class NotPreparable(TypeError):
    """This query depends on its values in another way than by filling them in."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement, where the values go in it, and how its rows become objects."""

    sql: str
    # Per parameter: its place among the arguments and, in a list, in the list; or None and the value itself.
    places: tuple[tuple[int | None, Any], ...]  # Any: a constant of the query
    read: Callable[[Sequence[Any]], list[Any]]
    locks: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement with stand-ins in it."""

    sql: str
    params: Sequence[object]
    standins: dict[object, tuple[int, int | None]]  # which argument each stands for, and where in a list
    query: Any  # Any: Django's own query and compiler
    compiler: Any
    gives: object


class Prepared(Generic[R]):
    """A query that is asked by calling it with its values."""

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self.build = build
        update_wrapper(self, build)
        self._kinds = tuple(_kind(each) for each in inspect.signature(build).parameters.values())
        for kind, _listed in self._kinds:
            if kind not in _STANDINS:
                raise NotPreparable(f"{build.__qualname__}: a value can be {', '.join(_STANDINS)} or a list of them.")
        self._ready: dict[tuple[object, ...], _Ready] = {}

    def __call__(self, *values: Any, using: str = "default") -> list[R]:  # Any: as the query's own annotations say
        """The rows, in a list."""
        connection = connections[using]
        key = (using, connection.vendor, *[len(value) if type(value) in {list, tuple} else -1 for value in values])
        ready = self._ready.get(key)
        if ready is None:
            if not self._fits(values):
                return list(self.build(*values).using(using))
            try:
                ready = self._prepare(values, using)
            except EmptyResultSet:
                # With these lists there is nothing to ask. Never kept: the ORM knows better than a stand-in.
                return list(self.build(*values).using(using))
            if len(self._ready) < VARIANTS_MAX:
                self._ready[key] = ready
        elif not self._fits(values):
            return list(self.build(*values).using(using))
        if ready.locks and connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        ask = getattr(connection, "prepared_cursor", connection.cursor)
        with ask() as cursor:
            cursor.execute(
                ready.sql,
                [
                    _adapted(connection, values[which] if place is None else values[which][place])
                    if which is not None
                    else place
                    for which, place in ready.places
                ],
            )
            return ready.read(cursor.fetchall())

    def first(self, *values: Any, using: str = "default") -> R | None:  # Any: as above
        """The first row, or nothing. The query orders and limits itself."""
        rows = self(*values, using=using)
        return rows[0] if rows else None

    def _fits(self, values: Sequence[Any]) -> bool:
        # A number that no column can hold, or a long list: the ORM knows what they mean.
        for value in values:
            kind = type(value)
            if kind is int:
                if value not in INTEGERS:
                    return False
            elif kind is list or kind is tuple:
                if len(value) > LISTED_MAX or any(type(each) is int and each not in INTEGERS for each in value):
                    return False
            elif value is None:
                raise NotPreparable(f"{self.build.__qualname__}: nothing (None) is compared in another way.")
        return True

    def _prepare(self, values: Sequence[Any], using: str) -> _Ready:
        """Write the statement twice, with two sets of stand-ins: what differs is a place, and must name one value."""
        first, second = self._written(values, using, 0), self._written(values, using, 1)
        if first.sql != second.sql:
            raise NotPreparable(f"{self.build.__qualname__}: its statement depends on its values.")
        places: list[tuple[int | None, Any]] = []
        for one, other in zip(first.params, second.params, strict=True):
            place = first.standins.get(one) if _is_plain(one) else None
            if place is not None and place == (second.standins.get(other) if _is_plain(other) else None):
                places.append(place)
            elif one == other:
                places.append((None, one))
            else:
                raise NotPreparable(f"{self.build.__qualname__}: a value is changed on its way.")
        if set(first.standins.values()) - set(places):
            raise NotPreparable(f"{self.build.__qualname__}: a value is changed on its way, or not asked for.")
        locks = first.query.select_for_update and connections[using].features.has_select_for_update
        return _Ready(first.sql, tuple(places), _reader(first.compiler, using, first.gives), bool(locks))

    def _written(self, values: Sequence[Any], using: str, turn: int) -> _Written:
        connection = connections[using]
        number = count()
        places: dict[object, tuple[int, int | None]] = {}
        standins: list[object] = []
        for which, ((kind, listed), value) in enumerate(zip(self._kinds, values, strict=True)):
            made = [_STANDINS[kind](turn, next(number)) for _each in (value if listed else [value])]
            standins.append(made if listed else made[0])
            for place, each in enumerate(made):
                places[_adapted(connection, each)] = (which, place if listed else None)
        queryset: Any = self.build(*standins)  # Any: what it will give, and how, is in its own private attributes
        # The way of Django 5.2; tests/kit/test_prepared.py compares with what querysets give, for the next version.
        gives: object = queryset._iterable_class  # noqa: SLF001 -- see above
        if queryset._prefetch_related_lookups or queryset._known_related_objects:  # noqa: SLF001 -- see above
            raise NotPreparable(f"{self.build.__qualname__}: no prefetching, and no managers of other rows.")
        if gives is not ModelIterable and gives is not ValuesListIterable:
            raise NotPreparable(f"{self.build.__qualname__}: its rows are objects or tuples.")
        compiler = queryset.query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        return _Written(sql, params, places, queryset.query, compiler, gives)


def prepared(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Decorator: a function of plain values that gives a queryset becomes a query that is written once."""
    return Prepared(build)


def _kind(argument: inspect.Parameter) -> tuple[str, bool]:
    """The kind of a value, and whether it is a list of them: `list[int]` is (int, True)."""
    said = inspect.formatannotation(argument.annotation).strip("'")
    kind = said.removeprefix("list[").removesuffix("]")
    return kind, kind != said


def _is_plain(value: object) -> bool:
    return isinstance(value, (int, str, datetime, date))


def _adapted(connection: Any, value: Any) -> Any:  # Any: a value as the driver takes it
    kind = type(value)
    if kind is int or kind is str:
        return value
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is date:
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, Enum):
        return value.value
    raise NotPreparable(f"{value!r} is neither a number, nor a text, nor a moment or a day.")


def _reader(
    compiler: Any, using: str, gives: object
) -> Callable[[Sequence[Any]], list[Any]]:  # Any: Django's compiler and its rows
    """How the rows of this statement become what its queryset gives; as ModelIterable and ValuesListIterable do it."""
    columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    converters = [
        (place, convert, expression)
        for place, (converts, expression) in compiler.get_converters(columns).items()
        for convert in converts
    ]

    def converted(rows: Sequence[Any]) -> Sequence[Any]:
        if not converters:
            return rows
        connection = connections[using]
        lists = [list(row) for row in rows]
        for row in lists:
            for place, convert, expression in converters:
                row[place] = convert(row[place], expression, connection)
        return lists

    if gives is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows)]
    model = compiler.klass_info["model"]
    fields = compiler.klass_info["select_fields"]
    begin, end = fields[0], fields[-1] + 1
    names = [column.target.attname for column in columns[begin:end]]
    annotations = list(compiler.annotation_col_map.items()) if compiler.annotation_col_map else []
    populators = get_related_populators(compiler.klass_info, compiler.select, using)  # type: ignore[call-arg]  # as 5.2

    def objects(rows: Sequence[Any]) -> list[Any]:
        made = []
        for row in converted(rows):
            each = model.from_db(using, names, row[begin:end])
            for populator in populators:
                populator.populate(row, each)
            for name, place in annotations:
                setattr(each, name, row[place])
            made.append(each)
        return made

    return objects
