"""What somebody began to write on a ticket and did not send, kept on the server (SPEC T19)."""

from typing import Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, JSONField, TextField

from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField

KINDS = ("reply", "note")
LONGEST = 100_000
MOST = 200  # addresses that are kept, however many were typed
Changes = dict[str, list[str]]


class Draft(Record):
    """One person's half-written reply or note on one ticket."""

    ticket = DeferredForeignKey("Ticket", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    kind = CharField(max_length=10)
    text = TextField()
    copies = JSONField(default=dict)  # the addresses that it would add to the ticket's ("added"), or end ("ended")
    key = CharField(max_length=64, default="")  # of the form whose files it goes on with
    at = UTCDateTimeField(default=now)

    class Meta:
        indexes = ((("ticket", "person", "kind"), True),)

    @classmethod
    def keep(
        cls, ticket: Any, person: Person, kind: str, text: str, *, copies: list[str] | None = None, key: str = ""
    ) -> None:
        """Keeps what is written now; nothing at all is no draft.

        `copies`: the addresses it goes to beside the requester; it keeps in what they differ from the ticket's, so that
        what colleagues change meanwhile stands. `key`: of the form that has kept files beside it.
        """
        cls._write(ticket, person, kind, text, _changes(ticket.copied_addresses, copies), key)

    @classmethod
    def keep_also(
        cls, ticket: Any, person: Person, kind: str, text: str, *, changes: Changes | None = None, key: str = ""
    ) -> str:
        """Keeps it before what was begun there by itself, and returns both: neither takes the other's place.

        `changes`: the addresses that it adds to the copies ("added"), and those that it ends ("ended").
        """
        begun = cls.find(ticket=ticket.id, person=person.id, kind=kind)
        others = begun.text if begun and begun.text.strip() != text.strip() else ""
        both = f"{text}\n\n{others}".strip()
        kept, new = (begun.copies if begun else {}), changes or {}
        joined = {way: list(dict.fromkeys([*new.get(way, []), *kept.get(way, [])])) for way in ("added", "ended")}
        cls._write(ticket, person, kind, both, joined if any(joined.values()) else {}, key)
        return both

    @classmethod
    def _write(cls, ticket: Any, person: Person, kind: str, text: str, changes: Changes, key: str) -> None:
        if not (text.strip() or changes or key):
            begun = cls.find(ticket=ticket.id, person=person.id, kind=kind)
            if begun is None or not begun.key:  # files wait with it
                cls.drop(ticket, person, kind)
                return
        values = {"text": text[:LONGEST], "copies": changes, "at": now()} | ({"key": key} if key else {})
        target = [cls.ticket, cls.person, cls.kind]
        row = cls.insert(ticket=ticket, person=person, kind=kind, **values)
        row.on_conflict(conflict_target=target, update=values).execute()

    def copies_with(self, there: list[str]) -> list[str]:
        """Who gets copies of it, where these get them of the ticket."""
        stay = [address for address in there if address not in self.copies.get("ended", [])]
        return list(dict.fromkeys([*stay, *self.copies.get("added", [])]))

    @classmethod
    def drop(cls, ticket: Any, person: Person, kind: str) -> None:
        """It was sent, or nobody wants it."""
        cls.delete().where(cls.ticket == ticket, cls.person == person, cls.kind == kind).execute()


def _changes(there: list[str], copies: list[str] | None) -> Changes:
    """What these addresses are other than those that are there; {} where they are the same, or nobody said any."""
    if copies is None:
        return {}
    wanted = list(dict.fromkeys(address.strip().lower() for address in copies))[:MOST]
    added = [address for address in wanted if address not in there]
    ended = [address for address in there if address not in wanted]
    return {"added": added, "ended": ended} if added or ended else {}
