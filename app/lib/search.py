"""Full text without regard to accents, on SQLite (FTS5) and PostgreSQL (tsvector), behind one interface.

The rows live in `SearchEntry`, an ordinary table; what makes them quick to find is added by `prepare`, which each
migration of that table calls: peewee knows neither an FTS5 shadow table nor a generated tsvector column.
"""

import re
import unicodedata
from typing import Any, NamedTuple

from peewee import SQL, BooleanField, DeferredForeignKey, Query, Select, TextField, chunked, fn
from playhouse.sqlite_ext import FTS5Model

from app.lib import passages
from app.lib.db import Record, database, is_sqlite
from app.lib.prepared import Slot, prepared, slot

FTS = "search_entry_fts"
NEWEST = 500  # texts that are looked at: of a word in every ticket, the latest ones
LONGEST = 200_000  # characters of a text
NARROWED = 2000  # where what is found is narrowed further
AT_ONCE = 25  # texts that one statement reads
SOUGHT = 50  # tickets with the rarest word whose texts are read for the others
MOST_TERMS = 8  # words that are looked for each by itself
TERM = re.compile(r'-?"[^"]*"?|\S+')
# PostgreSQL takes a rare word for a frequent one and would read all texts for it, the latest first. It is given the
# latest ones to read, if a glance at a twentieth of them promises enough, and where those hold too few, all of them
# without an order, so that it goes by the words.
LATEST_FIRST = """(
    WITH glance AS MATERIALIZED (
        SELECT COUNT(*) AS hits FROM (SELECT search FROM search_entry ORDER BY id DESC LIMIT 1000) AS latest
        WHERE search @@ f_asked(%s, %s)
    ), near AS MATERIALIZED (
        SELECT ticket_id, id FROM (
            SELECT ticket_id, id, search FROM search_entry ORDER BY id DESC
            LIMIT (SELECT CASE WHEN hits * 20 >= {most} THEN 20000 ELSE 0 END FROM glance)
        ) AS late
        WHERE search @@ f_asked(%s, %s) LIMIT {most}
    )
    SELECT ticket_id, id FROM near WHERE (SELECT COUNT(*) FROM near) = {most}
    UNION ALL (
        SELECT ticket_id, id FROM search_entry
        WHERE (SELECT COUNT(*) FROM near) < {most} AND search @@ f_asked(%s, %s) ORDER BY id + 0 DESC LIMIT {most}
    )
) AS found"""


class SearchEntry(Record):
    """One text that may be found: `is_public` ones also by customers."""

    ticket = DeferredForeignKey("Ticket", on_delete="CASCADE")
    message = DeferredForeignKey("Message", null=True, on_delete="CASCADE")
    is_public = BooleanField(default=False)
    is_own = BooleanField(default=False)  # of the ticket itself: subject, names, numbers
    body = TextField()

    @classmethod
    def add(cls, ticket: Any, body: str, *, public: bool, message: Any = None, own: bool = False) -> None:
        """Makes a text findable, in the caller's transaction."""
        values = {"ticket": ticket.id, "message": message and message.id, "public": public, "own": own}
        values["body"] = body[:LONGEST]
        (key,) = prepared("make findable", cls._adding).rows(values).fetchone()
        if is_sqlite():
            database.execute_sql(f"INSERT INTO {FTS}(rowid, body) VALUES (?, ?)", (key, values["body"]))

    @classmethod
    def _adding(cls) -> Query:
        told = {cls.ticket: "ticket", cls.message: "message", cls.is_public: "public", cls.is_own: "own"}
        return cls.insert({field: slot(name) for field, name in {**told, cls.body: "body"}.items()}).returning(cls.id)

    @classmethod
    def replace(cls, ticket: Any, texts: list[tuple[str, bool]]) -> None:
        """Makes these the texts of the ticket itself (subject, names, numbers), each public or not."""
        wanted = {(body[:LONGEST], public) for body, public in texts if body}
        for entry in cls.select().where(cls.ticket == ticket, cls.is_own):
            text = (entry.body, entry.is_public)
            if text in wanted:
                wanted.remove(text)
            else:
                entry.delete_instance()
        for body, public in sorted(wanted):
            cls.add(ticket, body, public=public, own=True)

    @classmethod
    def replace_message(cls, ticket: Any, message: Any, body: str, *, public: bool) -> None:
        """Makes this the text of a message, in place of the one before."""
        cls.delete().where(cls.message == message).execute()
        if body:
            cls.add(ticket, body, public=public, message=message)

    @classmethod
    def forget(cls, tickets: list[int]) -> None:
        """Makes everything of these tickets unfindable, before they are deleted."""
        cls.delete().where(cls.ticket.in_(tickets)).execute()

    @classmethod
    def forget_texts(cls, ticket: Any, texts: list[str]) -> None:
        """Makes these texts of a ticket, word by word, unfindable."""
        wanted = {text[:LONGEST] for text in texts if text}
        for entry in cls._further(ticket):
            if entry.body in wanted:
                entry.delete_instance()

    @classmethod
    def hand_over(cls, ticket: Any, other: Any, text: str, *, public: bool) -> None:
        """This text of a ticket leads to the other one; no customer finds it there unless `public`."""
        entry = next((each for each in cls._further(ticket) if each.body == text[:LONGEST]), None)
        if entry:
            entry.change(ticket=other, is_public=entry.is_public and public)

    @classmethod
    def _further(cls, ticket: Any) -> Select:
        """The texts of a ticket that are neither its own nor those of its messages."""
        return cls.select().where(cls.ticket == ticket, cls.is_own == False, cls.message.is_null())  # noqa: E712

    @classmethod
    def public_tickets(cls, wanted: "Wanted", *, held: Select) -> Select:
        """A subquery of the ids of all tickets with a public text that holds all these words.

        For customers: of what others wrote they see nothing, so that no latest ones may be taken first; nor what was
        said in `held`, a subquery of the ids of messages that have not left yet.
        """
        query = cls.select(cls.ticket_id).where(cls.is_public, cls.message.is_null() | cls.message.not_in(held))
        if is_sqlite():
            words = f"{wanted.words}*" if wanted.by_beginning else wanted.words
            return query.where(cls.id.in_(SQL(f"(SELECT rowid FROM {FTS} WHERE {FTS} MATCH ?)", [words])))
        return query.where(SQL("search @@ f_asked(%s, %s)", [wanted.words, wanted.by_beginning]))

    @classmethod
    def hits(cls, wanted: "Wanted", *, most: int) -> Select:
        """The texts that hold all these words, the latest `most` of them: (ticket, text)."""
        if is_sqlite():
            return cls.select(cls.ticket_id, cls.id).where(cls.id.in_(wanted.matching(most)))
        asked = [wanted.words, wanted.by_beginning]
        return Select((SQL(LATEST_FIRST.format(most=most), asked * 3),), (SQL("found.ticket_id"), SQL("found.id")))

    @classmethod
    def spread(cls, terms: "list[Wanted]") -> dict[int, int]:
        """The tickets that hold each of these in whichever text: ticket -> its latest text with the rarest of them.

        Of the latest tickets with the rarest, that is, whose texts are read where another one is in very many.
        """
        found = [cls._latest(each) for each in terms]
        rarest, _is_cut = min(found, key=lambda latest: (latest[1], len(latest[0])))
        ids = sorted(rarest, reverse=True)
        for there, is_cut in found:
            ids = ids if is_cut else [ticket for ticket in ids if ticket in there]
        ids = ids[:SOUGHT]
        for each, (there, is_cut) in zip(terms, found, strict=True):
            rest = cls._reading([ticket for ticket in ids if ticket not in there], each) if is_cut else set()
            ids = [ticket for ticket in ids if ticket in there or ticket in rest]
        return {ticket: rarest[ticket] for ticket in ids}

    @classmethod
    def among(cls, tickets: list[int], wanted: "Wanted") -> set[int]:
        """Which of these tickets have a text that holds this."""
        there, is_cut = cls._latest(wanted)
        rest = cls._reading([ticket for ticket in tickets if ticket not in there], wanted) if is_cut else set()
        return rest | there.keys() & set(tickets)

    @classmethod
    def _latest(cls, wanted: "Wanted") -> tuple[dict[int, int], bool]:
        """The tickets of the latest texts that hold this, each with the latest; and whether there may be more."""
        key = "latest texts", wanted.by_beginning, NEWEST
        latest = prepared(key, lambda: cls.hits(wanted.slots, most=NEWEST).order_by(SQL("2")))
        rows = list(latest.rows(wanted.values))
        return dict(rows), len(rows) == NEWEST

    @classmethod
    def _reading(cls, tickets: list[int], wanted: "Wanted") -> set[int]:
        """Which of these have a text that holds this, by reading them: the engine would go through all that do."""
        pattern = passages.phrase(wanted.typed, by_beginning=wanted.by_beginning)
        found: set[int] = set()
        for some in chunked(tickets, SOUGHT):
            texts: Any = cls.select(cls.ticket_id, fn.SUBSTR(cls.body, 1, 20_000)).where(cls.ticket_id.in_(list(some)))
            bare = ((ticket, passages.plain(unicodedata.normalize("NFC", body))) for ticket, body in texts.tuples())
            found.update(ticket for ticket, body in bare if pattern.search(body))
        return found

    @classmethod
    def bodies(cls, ids: list[int]) -> dict[int, str]:
        """These texts, the beginning of long ones."""
        found: dict[int, str] = {}
        for some in chunked(ids, AT_ONCE):
            slots = {f"id{place}": some[place] if place < len(some) else 0 for place in range(AT_ONCE)}
            found.update(prepared("bodies", cls._bodies).rows(slots))
        return found

    @classmethod
    def _bodies(cls) -> Select:
        text = fn.SUBSTR(cls.body, 1, 20_000).alias("text")
        return cls.select(cls.id, text).where(cls.id.in_([slot(f"id{place}") for place in range(AT_ONCE)]))


class Wanted(NamedTuple):
    """What somebody looks for, from anything they typed: all words, the last one as a beginning too.

    Two with the same `by_beginning` make the same statement but for `values`, in place of which it may have slots.
    """

    words: Any  # as the engine asks for them
    by_beginning: bool
    last: Any = ""  # the word that may be a beginning
    typed: str = ""

    @classmethod
    def of(cls, typed: str) -> "Wanted":
        is_quoted = typed.rstrip().endswith('"')  # the last word is meant as it stands
        if not is_sqlite():
            return cls(typed, not is_quoted, typed=typed)
        words = FTS5Model.web_query(typed) or '""'
        last = f'"{words.rpartition(" ")[2].strip(chr(34))}"'
        return cls(words, not is_quoted and words != '""' and words.endswith('"'), last, typed)

    @property
    def slots(self) -> "Wanted":
        """The same with slots, for a statement that is made once."""
        return self._replace(words=Slot("words"), last=Slot("last"))

    @property
    def values(self) -> dict[str, str]:
        """What goes into the slots."""
        return {"words": self.words, "last": self.last}

    @classmethod
    def apart(cls, typed: str) -> "tuple[list[Wanted], list[Wanted]]":
        """Each word or phrase by itself: those that must be there, and those that must not (`-word`).

        Where somebody writes "or" the words belong together; so do very many.
        """
        terms = [term for term in TERM.findall(typed) if any(map(str.isalnum, term))]
        without = [term[1:] for term in terms if term.startswith("-")]
        sought = [term for term in terms if not term.startswith("-")]
        if not terms or len(terms) > MOST_TERMS or any(term.lower() == "or" for term in sought):
            return [cls.of(typed)], []
        whole = [cls.of(term)._replace(by_beginning=False) for term in sought[:-1]]
        last = [cls.of(term) for term in sought[-1:]]
        return [*whole, *last], [cls.of(term)._replace(by_beginning=False) for term in without]

    def matching(self, most: int) -> SQL:
        """On SQLite: the texts.

        The beginnings are left out where the last word alone, as it stands, is in more than is looked at: FTS5 gathers
        all that begins with a common word before it gives the first of them.
        """
        found = f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH"
        if not self.by_beginning:
            return SQL(f"({found} ? ORDER BY rowid DESC LIMIT {most})", [self.words])
        enough = f"(SELECT COUNT(*) FROM ({found} ? LIMIT {most})) = {most}"
        asked = f"? || CASE WHEN {enough} THEN '' ELSE '*' END"
        return SQL(f"({found} ({asked}) ORDER BY rowid DESC LIMIT {most})", [self.words, self.last])


def prepare(db: Any) -> None:
    """Adds what the engine needs beside the table `search_entry`."""
    if is_sqlite():
        db.execute_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5(body, content='search_entry', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
        )
        # Whatever takes a text away, a cascade too: its number is given again, and would answer for its words.
        db.execute_sql(
            f"CREATE TRIGGER IF NOT EXISTS search_entry_gone AFTER DELETE ON search_entry BEGIN "
            f"INSERT INTO {FTS}({FTS}, rowid, body) VALUES ('delete', OLD.id, OLD.body); END"
        )
        return
    db.execute_sql("CREATE EXTENSION IF NOT EXISTS unaccent")
    db.execute_sql(
        "CREATE OR REPLACE FUNCTION f_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT "
        "AS $$ SELECT public.unaccent('public.unaccent', $1) $$"
    )
    # A function of constants, so that PostgreSQL knows the words when it plans, and with them how rare they are.
    # Nothing at all stays nothing.
    db.execute_sql(
        "CREATE OR REPLACE FUNCTION f_asked(text, boolean) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT "
        "AS $$ SELECT CASE WHEN $2 AND numnode(q) > 0 THEN (q::text || ':*')::tsquery ELSE q END "
        "FROM (SELECT websearch_to_tsquery('simple', public.f_unaccent($1)) AS q) AS asked $$"
    )
    db.execute_sql(
        "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS search tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', f_unaccent(body))) STORED"
    )
    db.execute_sql("CREATE INDEX IF NOT EXISTS search_entry_search ON search_entry USING gin (search)")
