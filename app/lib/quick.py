"""The three statements a record runs most, with their text built once: peewee spends more time on building them than
the engine on running them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    Database,
    DateTimeField,
    Field,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    Node,
    SqliteDatabase,
    TextField,
)

PLAIN = {CharField: str, TextField: str, BooleanField: bool, IntegerField: int}

_texts: dict[tuple[Any, ...], str] = {}


def insert(record: Model, names: tuple[str, ...]) -> int | None:
    """Inserts these fields and returns the new id; None when a value is an expression, which peewee must write."""
    values = _values(record, names)
    if values is None:
        return None
    database = _database(record)
    text = _text(record, database, "insert", names)
    return int(database.execute_sql(text, values).fetchone()[0])


def update(record: Any, names: tuple[str, ...]) -> int | None:
    """Updates these fields by id and returns how many rows there were; None when a value is an expression."""
    values = _values(record, names)
    if values is None:
        return None
    database = _database(record)
    text = _text(record, database, "update", names)
    return int(database.execute_sql(text, [*values, record._pk]).rowcount)


def by_id(model: type[Model], key: Any, *, held: bool = False) -> Model | None:
    """The row with this id, or None; `held` until the transaction ends."""
    database = model._meta.database.obj
    text = _text(model, database, "held" if held else "select", ())
    row = database.execute_sql(text, [key]).fetchone()
    return None if row is None else _made(model, row)


def find(model: type[Model], equals: dict[str, Any], order: tuple[str, ...] = ()) -> Model | None:
    """The first row in which each of these fields has this value. `order`: field names, "-" in front for descending."""
    database, fields = model._meta.database.obj, model._meta.fields
    null = tuple(name for name, value in equals.items() if value is None)
    text = _text(model, database, "find", (*equals, "|", *null, "|", *order))
    values = [fields[name].db_value(value) for name, value in equals.items() if value is not None]
    row = database.execute_sql(text, values).fetchone()
    return None if row is None else _made(model, row)


def every(model: type[Model]) -> list[Model]:
    """All rows of a small table, as they come."""
    database = model._meta.database.obj
    return [_made(model, row) for row in database.execute_sql(_text(model, database, "every", ()))]


def record_of(model: type[Model], values: dict[str, Any]) -> Model:
    """A record as it was read: nothing in it is dirty."""
    made = model(__no_default__=1)
    made.__data__ = values
    return made


def _made(model: type[Model], row: tuple[Any, ...]) -> Model:
    pairs = zip(readers(model), row, strict=True)
    return record_of(model, {name: read(value) if read else value for (name, read), value in pairs})


def _database(record: Model) -> Database:
    return record._meta.database.obj


def _values(record: Model, names: tuple[str, ...]) -> list[Any] | None:
    data, values = record.__data__, []
    for name, plain, write in _writers(type(record), _database(record), names):
        value = data[name]
        if value is None or type(value) is plain:
            values.append(value)
        elif isinstance(value, Node):
            return None
        else:
            values.append(write(value))
    return values


_writing: dict[Any, list[tuple[str, type | None, Any]]] = {}


def _writers(
    model: type[Model], database: Database, names: tuple[str, ...]
) -> list[tuple[str, type | None, Callable[[Any], Any]]]:
    """Of each of these fields: its name, the type that is written as it stands, and how any other value is written."""
    key = (model, type(database), names)
    if key not in _writing:
        fields = [model._meta.fields[name] for name in names]
        _writing[key] = [(each.name, _plain(each), _writer(each, database)) for each in fields]
    return _writing[key]


def _plain(field: Field) -> type | None:
    if isinstance(field, ForeignKeyField):
        return _plain(field.rel_field)
    return next((plain for kind, plain in PLAIN.items() if isinstance(field, kind)), None)


def _writer(field: Any, database: Database) -> Callable[[Any], Any]:
    """JSON on SQLite is the text for `json(?)`; on PostgreSQL what the driver sends as jsonb."""
    is_text = isinstance(database, SqliteDatabase) and type(field) is JSONField
    return field._dumps if is_text else field.db_value


def _text(model: Any, database: Database, kind: str, names: tuple[str, ...]) -> str:
    key = (model._meta.model, type(database), kind, names)
    if key not in _texts:
        _texts[key] = _build(model._meta, isinstance(database, SqliteDatabase), kind, names)
    return _texts[key]


def _build(meta: Any, sqlite: bool, kind: str, names: tuple[str, ...]) -> str:
    table, mark = f'"{meta.table_name}"', "?" if sqlite else "%s"

    def place(name: str) -> str:
        return f"json({mark})" if sqlite and isinstance(meta.fields[name], JSONField) else mark

    if kind in ("insert", "update"):
        columns = [f'"{meta.fields[name].column_name}"' for name in names]
    if kind == "insert":
        marks = ", ".join(place(name) for name in names)
        return f'INSERT INTO {table} ({", ".join(columns)}) VALUES ({marks}) RETURNING "id"'
    if kind == "update":
        changes = ", ".join(f"{column} = {place(name)}" for column, name in zip(columns, names, strict=True))
        return f'UPDATE {table} SET {changes} WHERE "id" = {mark}'
    every = ", ".join(f'"{field.column_name}"' for field in meta.sorted_fields)
    if kind == "find":
        return f"SELECT {every} FROM {table} WHERE {_where(meta, mark, names)} LIMIT 1"
    if kind == "every":
        return f"SELECT {every} FROM {table}"
    held = " FOR UPDATE" if kind == "held" and not sqlite else ""
    return f'SELECT {every} FROM {table} WHERE "id" = {mark}{held}'


def _where(meta: Any, mark: str, names: tuple[str, ...]) -> str:
    """The condition and the order of `find`: names | those that are null | order."""
    first, second = (place for place, name in enumerate(names) if name == "|")
    null = names[first + 1 : second]
    column = {name: f'"{meta.fields[name].column_name}"' for name in names[:first]}
    parts = [f"{column[name]} IS NULL" if name in null else f"{column[name]} = {mark}" for name in column]
    order = [
        f'"{meta.fields[name.lstrip("-")].column_name}"{" DESC" if name.startswith("-") else ""}'
        for name in names[second + 1 :]
    ]
    return " AND ".join(parts) + (f" ORDER BY {', '.join(order)}" if order else "")


_reading: dict[Any, list[tuple[str, Any]]] = {}


def readers(model: type[Model], names: Iterable[str] | None = None) -> list[tuple[str, Any]]:
    """The name of each field, or of these, and how its value is read where the driver's own is not the one we use."""
    key = model if names is None else (model, names)
    if key not in _reading:
        fields = model._meta.sorted_fields if names is None else [model._meta.fields[name] for name in names]
        _reading[key] = [(field.name, _reader(field)) for field in fields]
    return _reading[key]


def _reader(field: Field) -> Any:
    return field.python_value if isinstance(field, BooleanField | DateTimeField | JSONField) else None
