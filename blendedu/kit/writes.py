"""Small writes that happen thousands of times: their SQL is written once, as blendedu.kit.prepared does for reading.

`insert` and `update` are `save` for one row: the same columns and values, without signals, which this product does not
use on its models. `change` runs a statement that the ORM cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.models import AutoField
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

if TYPE_CHECKING:
    from django.db.models import Model

_inserts: dict[tuple[object, ...], str] = {}


def change(sql: str, values: Sequence[Any], *, using: str = "default") -> int:  # Any: plain values, or the driver's own
    """Run a statement that writes, planned once per connection; answers how many rows it changed.

    Without a transaction around it, it is one by itself.
    """
    connection = connections[using]
    with _cursor(connection) as cursor:
        cursor.execute(sql, [_adapted(connection, value) for value in values])
        return int(cursor.rowcount)


def insert(
    row: Model,
    *,
    ignore: bool = False,
    replace: Sequence[str] = (),
    unique: Sequence[str] = (),
    using: str = "default",
) -> bool:
    """Write a new row; answers whether it, or the one it replaced, was written.

    With `ignore`, a row that stands in its way stays as it is; with `replace`, these fields of the one that has the
    same `unique` fields take the values of this. The key of the row is set unless one of the two was asked for.
    """
    connection = connections[using]
    model = type(row)
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]  # noqa: SLF001 -- the one way
    key = (using, connection.vendor, model, ignore, *replace, "/", *unique)
    sql = _inserts.get(key)
    if sql is None:
        sql = _inserts[key] = _insert_sql(row, fields, ignore=ignore, replace=replace, unique=unique, using=using)
    wants_key = not ignore and not replace
    with _cursor(connection) as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
        if wants_key:
            returned = connection.features.can_return_columns_from_insert
            row.pk = cursor.fetchone()[0] if returned else cursor.lastrowid
        written = bool(cursor.rowcount) or wants_key
    row._state.adding, row._state.db = False, using  # noqa: SLF001 -- as save does
    return written


def update(row: Model, *names: str, where: Mapping[str, object] | None = None, using: str = "default") -> int:
    """Write these fields of the row, if its columns in the database still are as `where` says; answers 1 or 0."""
    connection = connections[using]
    about: Any = type(row)._meta  # noqa: SLF001 -- the public face of a model, which has columns only here
    quote = connection.ops.quote_name
    fields = [about.get_field(name) for name in names]
    conditions = {about.get_field(name): value for name, value in (where or {}).items()}
    named = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    asked = "".join(f" AND {quote(field.column)} = %s" for field in conditions)
    sql = f"UPDATE {quote(about.db_table)} SET {named} WHERE {quote(about.pk.column)} = %s{asked}"  # noqa: S608 -- names
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
    values += [row.pk, *(field.get_db_prep_save(value, connection) for field, value in conditions.items())]
    with _cursor(connection) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _insert_sql(
    row: Model, fields: Sequence[Any], *, ignore: bool, replace: Sequence[str], unique: Sequence[str], using: str
) -> str:
    get = type(row)._meta.get_field  # noqa: SLF001 -- the public face of a model
    query: Any = InsertQuery(  # Any: Django's own
        type(row),
        on_conflict=OnConflict.IGNORE if ignore else OnConflict.UPDATE if replace else None,
        update_fields=[get(name) for name in replace],
        unique_fields=[get(name) for name in unique],
    )
    query.insert_values(fields, [row])
    compiler = query.get_compiler(using=using)
    if not ignore and not replace and connections[using].features.can_return_columns_from_insert:
        compiler.returning_fields = [type(row)._meta.pk]  # noqa: SLF001 -- as above
    ((sql, _params),) = compiler.as_sql()
    return str(sql)


def _cursor(connection: Any) -> Any:  # Any: Django's connection and cursor
    return getattr(connection, "prepared_cursor", connection.cursor)()


def _adapted(connection: Any, value: Any) -> Any:  # Any: as the driver takes it
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Decimal):
        return connection.ops.adapt_decimalfield_value(value)
    return value
