"""Changing a ticket's fields in place, and its tags."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.contact import Contact
from app.accounts.person import Person, clean_address
from app.catalog.entry import Entry
from app.catalog.lists import Tag
from app.lib.db import Record, in_turn, transaction
from app.lib.folding import folded
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

# What an agent edits as one value each; the rest have verbs of their own.
PLAIN = frozenset(
    {
        "subject", "type", "category", "service", "priority", "product", "equipment", "serial", "sales_order",
        "diagnosis", "customer_company", "name", "phone", "company", "origin", "online_signature", "language",
        "organization",
    }
)  # fmt: skip


# What full text knows of a ticket; the other fields change nothing there.
INDEXED = frozenset(
    {
        "subject", "category", "serial", "sales_order", "diagnosis", "customer_company", "name", "phone",
        "organization", "equipment",
    }
)  # fmt: skip


MOST_TAGS = 50


class NoSubject(Refused):
    says = _l("Give it a subject.")
    field = "subject"


class NoRequester(Refused):
    """A ticket has a requester: a contact, or a name or an e-mail typed in (SPEC T4)."""

    says = _l("Say whose ticket it is: a name or an e-mail address.")
    field = "name"


class TooManyTags(Refused):
    says = _l("Too many tags: %(limit)s at most.")
    field = "tags"


class Editable:
    """Fields, deadline, requester, visibility and tags."""

    @staticmethod
    def shows(name: str) -> bool:
        """Whether a field is on: some can be switched off for the whole installation (T6)."""
        return name not in TicketSettings.fields_off

    @transaction()
    def edit(self: "Ticket", *, by: Person, **fields: Any) -> None:
        """Sets plain fields (names in PLAIN); each change is one line of the history. Raises NoSubject, NoRequester."""
        demand(by, "edit")
        if "organization" in fields:  # all of its people read the ticket
            demand(by, "publish")
        self.lock()
        for name, value in fields.items():
            if name not in PLAIN:
                raise KeyError(name)
            if name == "subject" and not value.strip():
                raise NoSubject
            if name == "name" and not value.strip():
                raise NoRequester
        values = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
        changed = {name for name, value in values.items() if self._set(name, value, by=by)}
        if not changed:
            return
        self.touch()
        if not INDEXED.isdisjoint(changed):
            self.index_myself()

    def _set(self: "Ticket", name: str, value: Any, *, by: Person) -> bool:
        before = getattr(self, name)
        if before == value:
            return False
        setattr(self, name, value)
        self.record("ticket.edited", by=by, field=name, was=shown(name, before), now=shown(name, value))
        return True

    @transaction()
    def set_due(self: "Ticket", due_at: datetime | None, *, by: Person) -> None:
        """The deadline by hand (T15)."""
        demand(by, "forecast")
        self.lock()
        if due_at == self.due_at:
            return
        was = self.due_at
        self.due_at, self.due_source = due_at, "manual" if due_at else ""
        self.touch()
        before, after = (moment.isoformat() if moment else None for moment in (was, due_at))
        self.record("ticket.due_set", by=by, was=before, due=after)

    @transaction()
    def set_requester(self: "Ticket", *, by: Person, name: str, email: str, phone: str = "") -> None:
        """Whose ticket it is: the contact with this address, made if need be (T4). Raises NotAnAddress."""
        demand(by, "publish")
        self.lock()
        email = clean_address(email)
        person = Contact.register(name or email, email)
        if name and person.name == person.email:
            person.call(name, by=by)  # somebody known by the address alone (C6)
        self.requester, self.name, self.email, self.phone = person, name or person.name, email, phone
        self.organization = person.contact.organization if person.contact else None
        self.touch()
        self.index_myself()
        self.record("ticket.requester_set", by=by, to=person.name)

    @transaction()
    def set_copies(self: "Ticket", addresses: list[str], *, by: Person) -> None:
        """Who gets a copy of every public message from now on (T4). Raises NotACopy."""
        demand(by, "publish")
        self.lock()
        before = set(self.copied_addresses)
        self.copy_to(addresses)
        after = set(self.copied_addresses)
        if before != after:
            self.touch()
            self.index_myself()
            self.record("ticket.copied", by=by, to=sorted(after))

    @transaction()
    def set_visibility(self: "Ticket", *, internal: bool, by: Person) -> None:
        """Public or internal (T3); public messages stay marked as such, and mails of them that wait are cancelled."""
        demand(by, "publish")
        self.lock()
        if internal == self.is_internal:
            return
        self.is_internal = internal
        self.touch()
        self.index_myself()
        if internal:
            self._cancel_mails(by=by)
        self.record("ticket.hidden" if internal else "ticket.published", by=by)

    @transaction()
    def tag_with(self: "Ticket", names: list[str], *, by: Person) -> None:
        """Sets the tags by their names; a new word becomes a tag. Raises NotAllowed, TooManyTags."""
        demand(by, "edit")
        wanted = _tags(names)  # before the ticket is locked: others wait for a new word, and hold theirs
        self.lock()
        links = Record.records["TicketTag"]
        there = {link.tag_id for link in links.select().where(links.ticket == self)}
        if there == wanted.keys():
            return
        links.delete().where(links.ticket == self, links.tag.in_(there - wanted.keys())).execute()
        for tag_id in wanted.keys() - there:
            links.create(ticket=self, tag=tag_id)
        self.touch()
        self.index_myself()
        self.record("ticket.tagged", by=by, tags=sorted(tag.label for tag in wanted.values()))


@transaction()
def make_tags(names: list[str]) -> None:
    """Those of these words that are no tag yet. Raises TooManyTags."""
    _tags(names)


def _tags(names: list[str]) -> dict[int, Tag]:
    """The tags of these names by their ids, made where there is none."""
    wanted = {folded(tidied): tidied for name in names if (tidied := " ".join(name.split())[:120])}
    if len(wanted) > MOST_TAGS:
        raise TooManyTags(limit=MOST_TAGS)
    known = _tags_by_word()
    if wanted.keys() - known.keys():
        in_turn(Tag._meta.table_name)  # somebody may be making the same word
        known = _tags_by_word()
    tags = [known.get(key) or Tag.add(name) for key, name in wanted.items()]
    return {tag.id: tag for tag in tags}


def _tags_by_word() -> dict[str, Tag]:
    return {folded(tag.label): tag for tag in Tag.select()}


def shown(name: str, value: Any) -> str | bool | dict[str, str] | None:
    """A value as the history keeps it: in words, since the entry may be renamed or gone later."""
    if isinstance(value, bool) or value is None:
        return value
    if name in ("language", "status"):
        return {name: value}
    if isinstance(value, Entry):
        return value.recorded
    return str(getattr(value, "label", None) or getattr(value, "name", None) or value)
