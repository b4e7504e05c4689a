"""A ticket as its page at the desk shows it: everything read in a few statements, whatever its length."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import abort
from peewee import JOIN, SQL, Select

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.accounts.teams import Teams
from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.branding.company import Company
from app.catalog.lists import Category, Justification, Origin, Priority, Product, Service, Tag, TicketType
from app.lib.prepared import hydrated, prepared, slot
from app.lib.tally import Tally
from app.messages.message import Message
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.outbox.delivery import Delivery
from app.surveys.survey import SurveyInvitation
from app.tickets.deadline import Clock, clock
from app.tickets.lifecycle import allows
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket, TicketCopy, TicketRead, TicketTag
from app.timeline.event import Event
from app.timeline.wording import TOLD_ELSEWHERE

# What a ticket names beside people: each joined with the few columns that are shown.
NAMED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "type": (TicketType, ("id", "key", "name")),
    "category": (Category, ("id", "key", "name")),
    "service": (Service, ("id", "key", "name")),
    "priority": (Priority, ("id", "key", "name", "level")),
    "product": (Product, ("id", "key", "name")),
    "origin": (Origin, ("id", "key", "name")),
    "justification": (Justification, ("id", "key", "name")),
    "company": (Company, ("id", "name")),
    "group": (Group, ("id", "name")),
    "organization": (Organization, ("id", "name")),
    "equipment": (Equipment, ("id", "name", "serial")),
    "requester": (Person, ("id", "name", "email", "robot", "language")),
    "assignee": (Person, ("id", "name", "email", "robot")),
}
# What the page needs of a mail and of an event; letters and reactions are other people's business.
MAIL = ("id", "letter", "ticket", "message", "about_kind", "about_id", "to_name", "to_address", "state", "answer")
EVENT = ("id", "kind", "at", "by", "about_kind", "about_id", "details", "is_public")


@dataclass
class Fold:
    """Events between two messages, folded into one line."""

    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.events[0].id


# Acts of a role, and the acts of the life cycle behind them.
ACTS_OF = {
    "reply": "reply",
    "authorize": "request_authorization",
    "close": "close_by_team",
    "reopen": "reopen",
    "set_status": "set_status",
}


class Dossier:
    """One ticket, read through the eyes of one agent; each part is read when the page first asks for it."""

    def __init__(self, ticket: Ticket, me: Person) -> None:
        self.ticket, self.me = ticket, me

    @classmethod
    def for_agent(cls, me: Person, number: int, *, teams: Teams) -> "Dossier":
        """The ticket with this number, if this agent may see it; else 404."""
        shut = teams.closed_to_me
        statement = prepared(("dossier", shut), lambda: _ticket_query(shut, me))
        row = statement.rows({"number": number, "me": me.id}).fetchone()
        return cls(_read(row), me) if row else abort(404)

    # --- what this agent may do now ----------------------------------------------------------------------------

    def may(self, act: str) -> bool:
        """Whether their role includes it and the ticket's status allows it; `act` is a word of role.py."""
        role = self.me.agent
        if not (role and role.may("edit" if act == "set_status" else act)):
            return False
        if self.ticket.is_internal and act in ("reply", "authorize", "survey"):
            return False
        return allows(ACTS_OF[act], self.ticket.status) if act in ACTS_OF else True

    @property
    def ways(self) -> list[str]:
        """What may be written here, in the order of the composer's tabs."""
        acts = {"reply": "reply", "note": "note", "authorization": "authorize"}
        return [kind for kind, act in acts.items() if self.may(act)]

    def shows(self, name: str) -> bool:
        """Whether a field is on: some can be switched off for the whole installation (T6)."""
        return name not in TicketSettings.fields_off

    # --- the conversation --------------------------------------------------------------------------------------

    @cached_property
    def messages(self) -> list[Message]:
        """Oldest first, each with its author, its `files` and, where it went out, its `mails`."""
        messages = self.ticket.conversation(public_only=False)
        for message in messages:
            message.mails = []
        if any(message.is_public and not message.is_incoming for message in messages):
            for message in messages:
                message.mails = [mail for mail in self._mails if mail.message_id == message.id]
        return messages

    @cached_property
    def _mails(self) -> list[Delivery]:
        rows = prepared("mails", _mails).rows({"ticket": self.ticket.id})
        found = [hydrated(Delivery, iter(row), MAIL) for row in rows]
        return [mail for mail in found if mail.is_to_customer]

    def message(self, number: int) -> Message | None:
        return next((message for message in self.messages if message.id == number), None)

    def mail(self, number: int) -> Delivery | None:
        return next((mail for mail in self._mails if mail.id == number), None)

    @cached_property
    def events(self) -> list[Event]:
        """The whole history, oldest first, with who did it."""
        found = []
        for row in prepared("events", _events).rows({"ticket": self.ticket.id}):
            columns = iter(row)
            event = hydrated(Event, columns, EVENT)
            event.__rel__["by"] = hydrated(Person, columns, ("id", "name", "robot"))
            found.append(event)
        return found

    @cached_property
    def authorizations(self) -> list[Authorization]:
        """Oldest first; none is asked for where none was ever requested."""
        if not any(event.kind == "authorization.requested" for event in self.events):
            return []
        found: list[Authorization] = self.ticket.authorizations_shown()[::-1]
        for each in found:
            mails = [mail for mail in self._mails if mail.about_kind == "Authorization" and mail.about_id == each.id]
            each.mails = mails[-1:]
        return found

    @property
    def askable(self) -> list[Person]:
        """Who could be asked to authorize something: the requester and those in copy who may."""
        people = [self.ticket.requester] if self.ticket.requester else []
        people += [copy.person for copy in self.ticket.copies if copy.person not in people]
        return [person for person in people if person.email and person.contact and person.contact.may_authorize]

    @property
    def pending(self) -> Authorization | None:
        return next((each for each in self.authorizations if each.is_pending), None)

    @cached_property
    def entries(self) -> list[tuple[str, Any]]:
        """Messages, authorization cards and folds of events in the order of time, as (kind, it)."""
        self._load_files()
        told = [(message.said_at, 0, message.id, "message", message) for message in self.messages]
        told += [(each.created_at, 1, each.id, "authorization", each) for each in self.authorizations]
        silent = [event for event in self.events if event.kind not in TOLD_ELSEWHERE]
        told += [(event.at, 2, event.id, "event", event) for event in silent]
        entries: list[tuple[str, Any]] = []
        for *_, kind, it in sorted(told, key=lambda entry: entry[:3]):
            if kind != "event":
                entries.append((kind, it))
            elif entries and entries[-1][0] == "fold":
                entries[-1][1].events.append(it)
            else:
                entries.append(("fold", Fold([it])))
        return entries

    def _load_files(self) -> None:
        if self.ticket.has_files or self.authorizations:
            gallery.load(messages=self.messages, authorizations=self.authorizations)
            return
        for message in self.messages:
            message.files = []

    # --- what stands beside it ---------------------------------------------------------------------------------

    @cached_property
    def _words(self) -> dict[str, list[Any]]:
        """Tags and copies, in one statement."""
        found: dict[str, list[Any]] = {"tag": [], "copy": []}
        for kind, words in prepared("tags and copies", _words_query).rows({"ticket": self.ticket.id}):
            found[kind].append(words)
        return found

    @property
    def tags(self) -> list[str]:
        return self._words["tag"]

    @property
    def copies(self) -> list[str]:
        """The addresses that get a copy of every public message."""
        return self._words["copy"]

    @cached_property
    def surveys(self) -> list[SurveyInvitation]:
        """The surveys that were sent, newest first; none is asked for where none was."""
        if not any(event.kind == "survey.sent" for event in self.events):
            return []
        query = SurveyInvitation.select().where(SurveyInvitation.ticket == self.ticket)
        return list(query.order_by(SurveyInvitation.created_at.desc()))

    @property
    def clock(self) -> Clock | None:
        ticket = self.ticket
        return clock(ticket.status, ticket.due_at, ticket.created_at, ticket.resolved_at)

    def want_counts(self, figures: Tally) -> None:
        """Asks how many tickets the requester has, how many of them are open, and how many companies we are."""
        figures.want("companies", prepared("companies", _companies).bound({}))
        if self.ticket.requester_id:
            values = {"person": self.ticket.requester_id}
            figures.want("theirs", prepared("theirs", lambda: _theirs(False)).bound(values))
            figures.want("theirs-open", prepared("theirs open", lambda: _theirs(True)).bound(values))

    def mark_read(self) -> None:
        """Leaves the trace that an agent has seen the customer's last word; nothing where it was seen before."""
        ticket = self.ticket
        if ticket.last_heard_at and (ticket.read_at is None or ticket.read_at < ticket.last_heard_at):
            TicketRead.mark(ticket)


def _ticket_query(shut: frozenset[int], me: Person) -> Any:
    columns: list[Any] = [Ticket, TicketRead.at, Contact]
    joined: list[tuple[str, Any]] = []
    for name, (record, fields) in NAMED.items():
        source = record.alias()
        columns += [getattr(source, each) for each in fields]
        joined.append((name, source))
    query = Ticket.select(*columns)
    for name, source in joined:
        query = query.join_from(Ticket, source, JOIN.LEFT_OUTER, on=(getattr(Ticket, name) == source.id))
    query = query.join_from(Ticket, TicketRead, JOIN.LEFT_OUTER, on=(TicketRead.ticket == Ticket.id))
    query = query.join_from(Ticket, Contact, JOIN.LEFT_OUTER, on=(Contact.person == Ticket.requester))
    seen = [Ticket.visible_to(me, closed_off=shut, assigned_to=slot("me"))] if shut else []
    return query.where(Ticket.number == slot("number"), *seen)


def _read(row: tuple[Any, ...]) -> Ticket:
    """The ticket of a row of `_ticket_query`, with what it names hung onto it."""
    columns = iter(row)
    ticket = hydrated(Ticket, columns)
    ticket.read_at = TicketRead.at.python_value(next(columns))
    contact = hydrated(Contact, columns)
    for name, (record, fields) in NAMED.items():
        ticket.__rel__[name] = hydrated(record, columns, fields)
    requester = ticket.requester
    if requester:
        requester.__dict__["contact"] = contact
        if contact and contact.organization_id == ticket.organization_id:
            contact.__rel__["organization"] = ticket.organization
    return ticket


def _mails() -> Select:
    query = Delivery.select(*(getattr(Delivery, name) for name in MAIL)).where(Delivery.ticket == slot("ticket"))
    return query.order_by(Delivery.created_at, Delivery.id)


def _events() -> Select:
    query = Event.select(*(getattr(Event, name) for name in EVENT), Person.id, Person.name, Person.robot)
    query = query.left_outer_join(Person, on=(Event.by == Person.id)).where(Event.ticket == slot("ticket"))
    return query.order_by(Event.at, Event.id)


def _words_query() -> Any:
    tags = TicketTag.select(SQL("'tag'"), Tag.name).join(Tag).where(TicketTag.ticket == slot("ticket"))
    copies = TicketCopy.select(SQL("'copy'"), Person.email).join(Person).where(TicketCopy.ticket == slot("ticket"))
    return tags.union_all(copies)


def _companies() -> Select:
    return Company.select(Company.id).where(Company.is_active)


def _theirs(only_open: bool) -> Select:
    query = Ticket.select(Ticket.id).where(Ticket.requester == slot("person"))
    return (query.where(Ticket.closed_at.is_null()) if only_open else query).limit(1000)
