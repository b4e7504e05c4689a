"""Records: fields where they work, keys that say what a deletion does, and a schema equal to the migrated one."""

import importlib
import inspect
import pkgutil

import pytest
from peewee import Database, DeferredForeignKey, Field, ForeignKeyField
from playhouse.schema_diff import diff_models

import app as house
from app.lib import db, migrations
from app.lib.db import Record

# Columns that PostgreSQL computes for itself (app/lib/search.py): no record has them.
GENERATED = {("search_entry", "search")}


@pytest.fixture(scope="module")
def records():
    """Every record of the house, after every module has been imported."""
    for module in pkgutil.walk_packages(house.__path__, "app."):
        importlib.import_module(module.name)
    return sorted(
        (each for each in Record.records.values() if each.__module__.startswith("app.")), key=lambda each: each.__name__
    )


@pytest.mark.sqlite_only
def test_no_field_stands_on_a_mixin(records):
    """peewee drops it in silence."""
    wrong = [
        f"{each.__module__}.{each.__name__}.{name}"
        for record in records
        for each in inspect.getmro(record)
        if not hasattr(each, "_meta")
        for name, value in vars(each).items()
        if isinstance(value, Field | DeferredForeignKey)
    ]
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_every_foreign_key_says_what_a_deletion_does(records):
    wrong = [
        f"{record.__name__}.{field.name}"
        for record in records
        for field in record._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and not field.on_delete
    ]
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_every_deferred_key_found_its_record(records):
    wrong = [
        f"{record.__name__}.{field.name}"
        for record in records
        for field in record._meta.sorted_fields
        if isinstance(field, DeferredForeignKey)
    ]
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_no_index_is_the_beginning_of_another(records):
    """It would be written at every change and never be needed: a key that begins another index says index=False."""
    wrong = []
    for record in records:
        indexes = [index._expressions for index in record._meta.fields_to_index()]
        columns = [tuple(getattr(each, "column_name", str(each)) for each in index) for index in indexes]
        pairs = ((one, other) for one in columns for other in columns if one != other)
        wrong += [f"{record.__name__} {one}" for one, other in pairs if other[: len(one)] == one]
    assert not wrong, wrong


def test_the_models_are_the_migrated_schema(records, app, installations):
    migrated = db.database.obj
    difference = diff_models(migrated, records)
    missing = [*difference.create_tables, *difference.add_columns, *difference.add_indexes]
    assert not missing, str(difference)
    beside = [each for each in difference.drop_columns if each not in GENERATED]
    beside += [each for each in difference.drop_indexes if (each.table, each.columns[0]) not in GENERATED]
    assert not beside, str(difference)
    found = {record._meta.table_name: described(migrated, record) for record in records}
    url = installations.copies.url("models")
    try:
        with created(url, records) as fresh:
            for record in records:
                assert found[record._meta.table_name] == described(fresh, record), record.__name__
    finally:
        installations.copies.drop("models")


def test_the_database_itself_holds_every_foreign_key(records, app):
    """A deferred one is easily forgotten when a table is made."""
    wrong = []
    for record in records:
        table = record._meta.table_name
        held = {(each.column, each.dest_table) for each in db.database.get_foreign_keys(table)}
        said = {(each.column_name, each.rel_model._meta.table_name) for each in record._meta.refs}
        wrong += [f"{table}.{column} -> {target}" for column, target in sorted(said ^ held)]
    assert not wrong, wrong


def test_migrations_are_all_applied_and_applying_again_changes_nothing(app):
    assert migrations.pending() == []
    assert migrations.apply() == []


def described(database: Database, record: type[Record]) -> dict[str, object]:
    """What the database itself says of a table: types, nulls, indexes."""
    table = record._meta.table_name
    columns = {
        each.name: (each.data_type.lower(), each.null, each.primary_key)
        for each in database.get_columns(table)
        if (table, each.name) not in GENERATED
    }
    indexes = {
        (tuple(each.columns), each.unique)
        for each in database.get_indexes(table)
        if (table, each.columns[0]) not in GENERATED
    }
    return {"columns": columns, "indexes": indexes}


class created:  # noqa: N801  read as "with created(...)"
    """Another database with the tables as the models say, and nothing from the migrations."""

    def __init__(self, url: str, records: list[type[Record]]) -> None:
        self.url, self.records = url, records

    def __enter__(self) -> Database:
        self.before = db.database.obj
        fresh = db.use(self.url)
        fresh.connect()
        fresh.create_tables(self.records)
        return fresh

    def __exit__(self, *_: object) -> None:
        fresh = db.database.obj
        fresh.close()
        if hasattr(fresh, "close_all"):
            fresh.close_all()
        db.database.initialize(self.before)
