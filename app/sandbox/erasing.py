"""Erasing the sample company: its people, their tickets and everything that hangs on them."""

from typing import Any

from peewee import ForeignKeyField

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.authorizations.certificate import Certificate
from app.authorizations.evidence import EvidenceRecord
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.search import SearchEntry
from app.organizations.settings import CustomerSettings
from app.sandbox.letter import SandboxLetter
from app.sandbox.sample import SampleRow, Stranger

# What the sample brought, in an order in which nothing is deleted before what points at it.
BROUGHT = (
    "Mailbox", "ReplyTemplate", "PortalLink", "Equipment", "Site", "Organization", "Category", "Service", "Product",
    "Tag", "TicketType", "Priority", "Origin", "Justification", "Survey", "Group", "Company",
)  # fmt: skip


@transaction()
def erase(*, staying: Person) -> None:
    """Deletes the sample. `staying` goes on to work here. What a ticket that stays still needs is switched off."""
    people = _people(staying)
    _erase_tickets(people)
    for letter_or_stranger in (SandboxLetter, Stranger):
        letter_or_stranger.delete().execute()
    for person in Person.select().where(Person.id.in_(people)):
        _erase_person(person)
    for kind in BROUGHT:
        for row_id in SampleRow.ids(kind):
            _erase_row(Record.records[kind], row_id)
    SampleRow.delete().execute()
    if not Record.records["Organization"].find(id=CustomerSettings.generic_organization or 0):
        CustomerSettings.set(generic_organization=None)


def _people(staying: Person) -> list[int]:
    """The sample's people, and those made up in the sandbox."""
    made_up = Person.email.in_(Stranger.select(Stranger.email))
    query = Person.select(Person.id).where(Person.is_sample | made_up, Person.id != staying.id)
    return [row.id for row in query]


def _erase_tickets(people: list[int]) -> None:
    """Tickets of these customers; decided authorizations go too, since nobody real ever gave one here."""
    records: dict[str, Any] = dict(Record.records)
    tickets = records["Ticket"]
    mine = [row.id for row in tickets.select(tickets.id).where(tickets.requester.in_(people))]
    for start in range(0, len(mine), 300):
        some = mine[start : start + 300]
        asked = records["Authorization"]
        requests = asked.select(asked.id).where(asked.ticket.in_(some))
        decisions = records["Decision"]
        decided = decisions.select(decisions.id).where(decisions.authorization.in_(requests))
        for kind in ("EvidenceRecord", "Certificate"):
            records[kind].delete().where(records[kind].decision.in_(decided)).execute()
        decisions.delete().where(decisions.authorization.in_(requests)).execute()
        asked.delete().where(asked.ticket.in_(some)).execute()
        invited = records["SurveyInvitation"]
        answers = records["Answer"]
        theirs = invited.select(invited.id).where(invited.ticket.in_(some))
        answers.delete().where(answers.invitation.in_(theirs)).execute()
        SearchEntry.forget(some)
        tickets.delete().where(tickets.id.in_(some)).execute()
    if mine:
        _begin_the_chain_anew()


def _begin_the_chain_anew() -> None:
    """The chain begins with the first decision that stays; certificates made before name another place in it."""
    EvidenceRecord.begin_anew()
    Certificate.update(state="pending", sha256=None, tries=0, requested_at=now()).execute()


def _erase_person(person: Person) -> None:
    """Whoever a kept row still names stays as a name that nobody can sign in by."""
    for details in (Agent, Contact):
        details.delete().where(details.person == person).execute()
    records = Record.records
    for kind, field in (("Message", "author"), ("Event", "by")):
        if not _needed_by_tickets(records[kind], field, person):
            records[kind].update({field: None}).where(getattr(records[kind], field) == person).execute()
    if _is_needed(person):
        person.change(is_sample=False, is_active=False, password_hash=None)
    else:
        person.delete_instance()


def _needed_by_tickets(kind: Any, field: str, person: Person) -> bool:
    """Whether a ticket that stays has something of theirs: its history keeps their name."""
    return kind.select().where(getattr(kind, field) == person, kind.ticket.is_null(False)).exists()


def _erase_row(kind: Any, row_id: int) -> None:
    row = kind.get_or_none(kind.id == row_id)
    if row is None:
        return
    if not _is_needed(row):
        row.delete_instance()
    elif "is_active" in kind._meta.fields and not getattr(row, "is_default", False):
        row.change(is_active=False)


def _is_needed(row: Any) -> bool:
    """Whether a row that may not be left without it points at this one."""
    for kind in Record.records.values():
        for field in kind._meta.sorted_fields:
            points_here = isinstance(field, ForeignKeyField) and field.rel_model is type(row)
            if points_here and field.on_delete == "RESTRICT" and kind.select().where(field == row).exists():
                return True
    return False
