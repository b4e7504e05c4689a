"""The database: one connection a unit of work, records, transactions, and times that mean the same on both engines."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from peewee import (
    SQL,
    AutoField,
    Database,
    DatabaseProxy,
    DateTimeField,
    DeferredForeignKey,
    ForeignKeyAccessor,
    ForeignKeyField,
    Model,
    ModelBase,
    NodeList,
    SqliteDatabase,
)
from playhouse.db_url import parse
from playhouse.pool import PooledPostgresqlDatabase

from app.lib import quick
from app.lib.folding import folded, unaccented
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

PATIENCE = 5  # seconds that somebody who wants to write waits for others
SQLITE_PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "synchronous": 2,
    "busy_timeout": PATIENCE * 1000,
    "cache_size": -400,
}
IDLE = 2  # connections that wait

database = DatabaseProxy()


class UTCDateTimeField(DateTimeField):
    """An aware moment in Python, naive UTC on disk: the same order and the same answer on SQLite and PostgreSQL.

    Raises ValueError for a naive datetime, whose zone nobody knows.
    """

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a naive datetime has no place in the database")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        if isinstance(value, str):  # the shape SQLite keeps; datetime's own reader is ten times quicker than peewee's
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value


class _QuickForeignKey(ForeignKeyAccessor):
    """Follows a key to its row by a statement whose text is built once."""

    def get_rel_instance(self, instance: Any) -> Any:
        value = instance.__data__.get(self.name)
        if value is not None and self.name not in instance.__rel__ and issubclass(self.rel_model, Record):
            instance.__rel__[self.name] = self.rel_model.get_by_id(value)
        return super().get_rel_instance(instance)


ForeignKeyField.accessor_class = _QuickForeignKey  # peewee's own hook, for every key of ours


class NeverReused(AutoField):
    """For rows of which the newest may be deleted: SQLite would give its number to the next one, and what still speaks
    of the old one (an Undo in another window, the address for a bounce) would meet it. PostgreSQL counts on.
    """

    def ddl(self, ctx: Any) -> Any:
        made = super().ddl(ctx)
        return NodeList((made, SQL("AUTOINCREMENT"))) if is_sqlite() else made


class _RecordType(ModelBase):
    """Resolves deferred foreign keys also to records that were declared before: peewee looks only ahead."""

    def __new__(cls, *arguments: Any, **kwargs: Any) -> Any:
        made = super().__new__(cls, *arguments, **kwargs)
        for known in getattr(made, "records", {}).values():
            DeferredForeignKey.resolve(known)
        return made


class Vanished(Refused):
    """Somebody else deleted the row meanwhile."""

    says = _l("This is no longer here: somebody deleted it meanwhile.")
    status = 409


class Record(Model, metaclass=_RecordType):
    """A row with verbs. Every subclass is found by its name in `records`, which is how events point at anything."""

    records: ClassVar[dict[str, type["Record"]]] = {}

    id = AutoField()

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__dict__.get("is_abstract"):
            Record.records[cls.__name__] = cls

    def lock(self) -> Self:
        """Reads this row again, held until the transaction ends: what was decided meanwhile is seen, not overwritten.

        Raises Vanished.

        SQLite needs no row lock: `BEGIN IMMEDIATE` already makes writers wait for each other.
        """
        fresh = quick.by_id(type(self), self.id, held=True)
        if fresh is None:
            raise Vanished
        self._become(fresh.__data__)
        if database.in_transaction():
            _held().append((self, dict(fresh.__data__)))
        return self

    @classmethod
    def hold_all(cls, ids: Iterable[int | None]) -> None:
        """Locks these rows in the order of their ids, until the transaction ends: two who need some of the same do not
        wait for each other in a ring.
        """
        wanted = {each for each in ids if each}
        if wanted and not is_sqlite():
            list(cls.select(cls.id).where(cls.id.in_(wanted)).order_by(cls.id).for_update().tuples())

    def _become(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if self.__data__.get(name) != value:
                self.__rel__.pop(name, None)
        self.__data__.update(values)
        self._dirty.clear()

    @classmethod
    def find(cls, *, order: tuple[str, ...] = (), **equals: Any) -> Self | None:
        """The first row in which these fields have these values; `order` as field names, "-" in front: descending."""
        return quick.find(cls, equals, order)

    @classmethod
    def get_or_none(cls, *query: Any, **equals: Any) -> Self | None:
        return super().get_or_none(*query, **equals) if query else cls.find(**equals)

    @classmethod
    def get_by_id(cls, pk: Any) -> Self:
        found = quick.by_id(cls, pk)
        if found is None:
            raise cls.DoesNotExist
        return found

    @classmethod
    def make_once(cls, key: str, **values: Any) -> Self:
        """A new row; or the one there is with the same in the field `key`, where two made it at the same moment.

        On PostgreSQL the second waits for the first; on SQLite who writes is alone, and has looked.
        """
        if is_sqlite():
            return cls.create(**values)
        cls.insert(**values).on_conflict_ignore().execute()
        return cls.get(getattr(cls, key) == values[key])

    def save(self, force_insert: bool = False, only: Any = None) -> Any:
        """As peewee's, by statements whose text is built once; an expression among the values takes the long way."""
        is_new = force_insert or self.id is None
        self._populate_unsaved_relations(self.__data__)
        wanted = self._dirty if only is None else {getattr(field, "name", field) for field in only}
        here = self.__data__
        names = tuple([name for name in self._meta.fields if name in wanted and name in here])
        if self.id is None or not is_new:
            names = tuple([name for name in names if name != "id"])
        if not names:
            return super().save(force_insert, only) if is_new else 0
        done = quick.insert(self, names) if is_new else quick.update(self, names)
        if done is None:
            return super().save(force_insert, only)
        if is_new:
            self.__data__["id"] = done
        self._dirty.difference_update(names, ("id",))
        return done

    def change(self, **fields: Any) -> None:
        """Sets these fields and saves only them."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(only=list(fields))


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction (inside another: a savepoint). Also a decorator, safe across threads.

    Where it is rolled back, the records that were locked in it are as they were read, in memory too: a page that says
    why a verb was refused shows them.
    """
    held, before = _held(), len(_held())
    _unit.levels = level = getattr(_unit, "levels", 0) + 1
    try:
        with _savepoint(f"level{level}") if database.in_transaction() else database.atomic():
            yield
    except BaseException:
        for record, values in reversed(held[before:]):
            record._become(values)
        del held[before:]
        raise
    finally:
        _unit.levels = level - 1
    if not database.in_transaction():
        held.clear()


@contextmanager
def _savepoint(name: str) -> Iterator[None]:
    """Its name says how deep it is: the engines know the statement again, while peewee's names are new each time."""
    database.execute_sql(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        database.execute_sql(f"ROLLBACK TO SAVEPOINT {name}")
        raise
    database.execute_sql(f"RELEASE SAVEPOINT {name}")


def _held() -> "list[tuple[Record, dict[str, Any]]]":
    """The records locked in this thread's transaction, as they were read."""
    if not hasattr(_unit, "held"):
        _unit.held = []
    return _unit.held


def after_commit(call: Callable[[], Any]) -> None:
    """Runs `call` when the outermost transaction has been committed, never when it was rolled back."""
    database.after_commit(call)


def in_turn(what: str) -> None:
    """Who says the same word waits here until the transaction that said it first has ended.

    For what looks and then makes; on SQLite who writes is alone anyhow.
    """
    if not is_sqlite():
        database.execute_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (what,))


def is_sqlite() -> bool:
    return isinstance(database.obj, SqliteDatabase)


def aside(column: Any) -> Any:
    """A column as SQLite reads it once another index has led to the row: no index of this one is used for it.

    PostgreSQL knows how frequent which value is, and chooses by that.
    """
    return NodeList((SQL("+"), column), glue="") if is_sqlite() else column


def use(url: str, *, threads: int = 16) -> Database:
    """Points every record at this database: `sqlite:///path` or `postgresql://user@host/name`."""
    database.initialize(_sqlite(url) if url.startswith("sqlite") else _postgres(url, threads))
    return database.obj


class _Sqlite(SqliteDatabase):
    """Keeps a few connections open for the next unit of work, whichever thread it runs in, the last used first.

    Opening one costs 0.5 ms; one for each of sixteen threads would cost ten megabytes. The threads of a process write
    in turn: SQLite itself lets those who wait sleep longer and longer, while others overtake them.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, check_same_thread=False, **options)
        self._idle: list[Any] = []
        self._writing = threading.Lock()
        self._mine = threading.local()

    def begin(self, lock_type: str | None = None) -> None:
        mine = getattr(self._mine, "turn", False)
        if not mine:
            self._mine.turn = self._writing.acquire(timeout=PATIENCE)  # who waited in vain is told so by SQLite
        try:
            super().begin(lock_type)
        except BaseException:
            if not mine:
                self._end_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._end_turn()  # not if it failed: then it is rolled back

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if getattr(self._mine, "turn", False):
            self._mine.turn = False
            self._writing.release()

    def _connect(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return super()._connect()  # type: ignore[misc]

    def _close(self, conn: Any) -> None:
        if len(self._idle) < IDLE:
            self._idle.append(conn)
        else:
            super()._close(conn)  # type: ignore[misc]

    def close_all(self) -> None:
        """Closes those that nobody uses."""
        while self._idle:
            super()._close(self._idle.pop())  # type: ignore[misc]


def _sqlite(url: str) -> SqliteDatabase:
    # IMMEDIATE: with the default a transaction that reads first and writes later fails when another one wrote between.
    path = url.removeprefix("sqlite:///")
    made = _Sqlite(path, pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", autoconnect=False, cached_statements=64)
    made.register_function(unaccented, "f_unaccent", 1)
    made.register_function(folded, "folded", 1)
    return made


def _postgres(url: str, threads: int) -> PooledPostgresqlDatabase:
    options = parse(url, unquote_user=True, unquote_password=True)
    return PooledPostgresqlDatabase(
        options.pop("database"),
        prefer_psycopg3=True,
        max_connections=threads + 2,
        stale_timeout=300,
        timeout=5,
        # Planned for the values at hand: a rare word or filter goes another way than a frequent one.
        options="-c statement_timeout=15000 -c plan_cache_mode=force_custom_plan",
        autoconnect=False,
        **options,
    )


@contextmanager
def roomy() -> Iterator[None]:
    """For a long run of writes: SQLite keeps ten times as much of the database in memory meanwhile."""
    if not is_sqlite():
        yield
        return
    database.execute_sql(f"PRAGMA cache_size = {10 * SQLITE_PRAGMAS['cache_size']}")
    try:
        yield
    finally:
        database.execute_sql(f"PRAGMA cache_size = {SQLITE_PRAGMAS['cache_size']}")
        database.execute_sql("PRAGMA shrink_memory")


def on_release(call: Callable[[], None]) -> None:
    """Registers what must be forgotten at the end of each request or task (caches of a unit of work)."""
    _release_calls.append(call)


_release_calls: list[Callable[[], None]] = []
_unit = threading.local()


def acquire() -> None:
    """Begins a unit of work (a request, a task): takes a connection if this thread has none. Units may nest."""
    _unit.depth = getattr(_unit, "depth", 0) + 1
    if database.is_closed():
        database.connect()


def release() -> None:
    """Ends a unit of work: its connection goes back to those that wait for the next one."""
    for call in _release_calls:
        call()
    _unit.depth = max(0, getattr(_unit, "depth", 0) - 1)
    if not _unit.depth and database.obj is not None and not database.is_closed():
        database.close()


@contextmanager
def connection() -> Iterator[None]:
    """A unit of work outside a request: a task, a command, a thread."""
    acquire()
    try:
        yield
    finally:
        release()
