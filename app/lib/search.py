"""Full text without regard to accents, on SQLite (FTS5) and PostgreSQL (tsvector), behind one interface.

The rows live in `SearchEntry`, an ordinary table; what makes them quick to find is added by `prepare`, which each
migration of that table calls: peewee knows neither an FTS5 shadow table nor a generated tsvector column.
"""

from typing import Any

from peewee import SQL, BooleanField, DeferredForeignKey, Select, TextField
from playhouse.sqlite_ext import FTS5Model

from app.lib.db import Record, database, is_sqlite

FTS = "search_entry_fts"
NEWEST = 1000  # texts that are looked at: of a word in every ticket, the latest ones
WHOLE_WORDS = "websearch_to_tsquery('simple', f_unaccent(%s))"
LAST_AS_BEGINNING = (
    "SELECT CASE WHEN numnode(q) > 0 THEN (q::text || ':*')::tsquery ELSE q END "  # nothing at all stays nothing
    f"FROM (SELECT {WHOLE_WORDS} AS q) AS asked"
)


class SearchEntry(Record):
    """One text that may be found: `is_public` ones also by customers."""

    ticket = DeferredForeignKey("Ticket", on_delete="CASCADE")
    message = DeferredForeignKey("Message", null=True, on_delete="CASCADE")
    is_public = BooleanField(default=False)
    body = TextField()

    @classmethod
    def add(cls, ticket: Any, body: str, *, public: bool, message: Any = None) -> None:
        """Makes a text findable, in the caller's transaction."""
        entry = cls.create(ticket=ticket, message=message, is_public=public, body=body[:200_000])
        if is_sqlite():
            database.execute_sql(f"INSERT INTO {FTS}(rowid, body) VALUES (?, ?)", (entry.id, entry.body))

    @classmethod
    def replace(cls, ticket: Any, body: str, *, public: bool) -> None:
        """Makes this the text of the ticket itself (subject, names, numbers), in place of the one before."""
        for entry in cls.select().where(cls.ticket == ticket, cls.message.is_null()):
            entry._forget()
        cls.add(ticket, body, public=public)

    @classmethod
    def forget(cls, tickets: list[int]) -> None:
        """Makes everything of these tickets unfindable, before they are deleted."""
        for entry in cls.select().where(cls.ticket.in_(tickets)):
            entry._forget()

    def _forget(self) -> None:
        if is_sqlite():
            database.execute_sql(f"INSERT INTO {FTS}({FTS}, rowid, body) VALUES ('delete', ?, ?)", (self.id, self.body))
        self.delete_instance()

    @classmethod
    def tickets_with(cls, words: str, *, public_only: bool) -> Select:
        """A subquery of the ids of tickets that hold all these words; any user input is a valid query."""
        query = cls.select(cls.ticket_id)
        if public_only:
            query = query.where(cls.is_public)
        if is_sqlite():
            return query.where(cls.id.in_(_matching(words)))
        asked = WHOLE_WORDS if _is_quoted(words) else LAST_AS_BEGINNING
        return query.where(SQL(f"search @@ ({asked})", [words])).limit(NEWEST)


def _matching(words: str) -> SQL:
    """An FTS5 query from anything a person typed: all words, the last one as a beginning too.

    The beginnings are left out where the whole words alone find more than is looked at: FTS5 gathers all that begins
    with a common word before it gives the first of them.
    """
    whole = FTS5Model.web_query(words) or '""'
    found = f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH"
    if whole == '""' or not whole.endswith('"') or _is_quoted(words):
        return SQL(f"({found} ? ORDER BY rowid DESC LIMIT {NEWEST})", [whole])
    enough = f"(SELECT COUNT(*) FROM ({found} ? LIMIT {NEWEST})) = {NEWEST}"
    asked = f"CASE WHEN {enough} THEN ? ELSE ? END"
    return SQL(f"({found} ({asked}) ORDER BY rowid DESC LIMIT {NEWEST})", [whole, whole, f"{whole}*"])


def _is_quoted(words: str) -> bool:
    """Whether the last word is meant as it stands."""
    return words.rstrip().endswith('"')


def prepare(db: Any) -> None:
    """Adds what the engine needs beside the table `search_entry`."""
    if is_sqlite():
        db.execute_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5(body, content='search_entry', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
        )
        return
    db.execute_sql("CREATE EXTENSION IF NOT EXISTS unaccent")
    db.execute_sql(
        "CREATE OR REPLACE FUNCTION f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT "
        "AS $$ SELECT public.unaccent('public.unaccent', $1) $$"
    )
    db.execute_sql(
        "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS search tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', f_unaccent(body))) STORED"
    )
    db.execute_sql("CREATE INDEX IF NOT EXISTS search_entry_search ON search_entry USING gin (search)")
