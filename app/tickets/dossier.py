"""A ticket as its page at the desk shows it: everything read in a few statements, whatever its length."""

from functools import cached_property
from typing import Any

from flask import abort
from peewee import JOIN, FieldAlias, Select

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.accounts.teams import Teams
from app.authorizations.authorization import Authorization
from app.branding.company import Company
from app.catalog.lists import Category, Justification, Origin, Priority, Product, Service, TicketType
from app.lib.kinds import said
from app.lib.prepared import hydrated, prepared, slot
from app.lib.tally import Tally
from app.messages.draft import Draft
from app.messages.message import Message
from app.messages.settings import WhatsAppSettings
from app.messages.version import MessageVersion
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.outbox.delivery import Delivery
from app.surveys.survey import SurveyInvitation
from app.tickets.conversation import END, Conversation, mails_since
from app.tickets.deadline import Clock, clock
from app.tickets.intervention import Intervention
from app.tickets.lifecycle import AWAY, OPEN, allows
from app.tickets.particulars import SHAPED, particulars
from app.tickets.presence import Presence
from app.tickets.relatable import Relative
from app.tickets.ticket import Ticket, TicketRead
from app.timeline.event import Event

# What a ticket names beside people: each joined with the few columns that are shown.
NAMED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "type": (TicketType, ("id", "key", "name")),
    "category": (Category, ("id", "key", "name")),
    "service": (Service, ("id", "key", "name")),
    "priority": (Priority, ("id", "key", "name", "level")),
    "product": (Product, ("id", "key", "name")),
    "origin": (Origin, ("id", "key", "name")),
    "justification": (Justification, ("id", "key", "name")),
    "company": (Company, ("id", "name", "timezone")),
    "group": (Group, ("id", "name")),
    "organization": (Organization, ("id", "name")),
    "equipment": (Equipment, ("id", "name", "brand", "model", "serial")),
    "requester": (Person, ("id", "name", "email", "robot", "language")),
    "assignee": (Person, ("id", "name", "email", "robot")),
}
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

    def __init__(self, ticket: Ticket, me: Person, shut: frozenset[int]) -> None:
        self.ticket, self.me, self.shut = ticket, me, shut  # the groups they do not see

    @classmethod
    def for_agent(cls, me: Person, number: int, *, teams: Teams, itself: bool = False) -> "Dossier":
        """The ticket with this number, if this agent may see it; else 404. Of a merged one where it went to."""
        shut = teams.closed_to_me
        statement = prepared(("dossier", shut), lambda: _ticket_query(shut, me))
        row = statement.rows({"number": number, "me": me.id}).fetchone()
        ticket = _read(row) if row else abort(404)
        if ticket.merged_into_id and not itself:
            return cls.for_agent(me, ticket.merged_into.number, teams=teams, itself=True)
        return cls(ticket, me, shut)

    # --- what this agent may do now ----------------------------------------------------------------------------

    def may(self, act: str) -> bool:
        """Whether their role includes it and the ticket's status allows it; `act` is a word of role.py."""
        role = self.me.agent
        if self.ticket.is_away or not (role and role.may("edit" if act == "set_status" else act)):
            return False
        if self.ticket.is_internal and act in ("reply", "authorize", "survey"):
            return False
        return allows(ACTS_OF[act], self.ticket.status) if act in ACTS_OF else True

    @property
    def may_whatsapp(self) -> bool:
        """Whether this agent may open a message to the customer in WhatsApp (C12): of a closed ticket too."""
        ticket, role = self.ticket, self.me.agent
        return WhatsAppSettings.is_on and not (ticket.is_internal or ticket.is_away) and role.may("reply")

    @property
    def ways(self) -> list[str]:
        """What may be written here, in the order of the composer's tabs."""
        acts = {"reply": "reply", "note": "note", "authorization": "authorize"}
        return [kind for kind, act in acts.items() if self.may(act)]

    def shows(self, name: str) -> bool:
        """Whether a field is on (T6)."""
        return self.ticket.shows(name)

    # --- the conversation --------------------------------------------------------------------------------------

    @cached_property
    def conversation(self) -> Conversation:
        """The latest part of it; `open_at` chooses another."""
        return self.open_at()

    def open_at(self, *, part: str = "", before: Message | None = None, whole: bool = False) -> Conversation:
        """Some messages (public, internal; all), those before one of them, or the whole from the beginning."""
        found = Conversation(self.ticket, part=part, before=before, whole=whole)
        found.authorizations = self.authorizations if part != "internal" else []
        found.interventions = [each for each in self.interventions if part in ("", _part_of(each))]
        self.__dict__["conversation"] = found
        return found

    @property
    def messages(self) -> list[Message]:
        return self.conversation.messages

    @property
    def held(self) -> Message | None:
        """What this agent has just sent and can still take back."""
        return next((each for each in self.messages if each.author_id == self.me.id and each.is_held), None)

    @cached_property
    def maybe_of(self) -> Ticket | None:
        """The ticket that this one may belong to, if this agent sees it."""
        wanted = self.ticket.maybe_of_id
        return Ticket.seen_by_agent(self.me).where(Ticket.id == wanted).first() if wanted else None

    @property
    def events(self) -> list[Event]:
        """The whole history, oldest first, with who did it."""
        return Conversation(self.ticket, whole=True).events

    def message(self, number: int) -> Message | None:
        """The message with this id, if it is of this ticket."""
        found = Message.find(id=number, ticket=self.ticket.id)
        if found:
            found.files, found.mails = list(found.attachments), []
        return found

    def facts_of(self, message: Message) -> dict[str, Any]:
        """What is known of a message beside its words: its event, all its mails, the wordings before this one."""
        here = (Event.about_kind == "Message") & (Event.about_id == message.id)
        whose = Event.ticket.in_([self.ticket.id, message.origin_id or 0])
        event = Event.select().where(whose, here).order_by(Event.id).first()
        return {
            "event": event,
            "mails": [mail for mail in message.deliveries.order_by(Delivery.id) if mail.is_to_customer],
            "versions": list(message.versions.order_by(MessageVersion.id)),
        }

    @staticmethod
    def tells_message(event: Event) -> bool:
        """Whether there is a message to see more of."""
        return event.about_kind == "Message" and event.kind.startswith(("message.", "ticket.closed"))

    def event(self, number: int) -> Event | None:
        """The entry of its history with this id."""
        return Event.find(id=number, ticket=self.ticket.id)

    def presence_key(self, news: int) -> str:
        """What a page knows of who else is here and what is new."""
        return f"{news}:{','.join(self.others_here)}"

    def mail(self, number: int) -> Delivery | None:
        found = Delivery.find(id=number, ticket=self.ticket.id)
        return found if found and found.is_to_customer else None

    @cached_property
    def interventions(self) -> list[Intervention]:
        """Oldest first; none is asked for where none was ever noted."""
        return Intervention.of(self.ticket) if {"intervention.noted", "ticket.joined"} & self.kinds else []

    @cached_property
    def authorizations(self) -> list[Authorization]:
        """Oldest first; none is asked for where none was ever requested."""
        if not ("ticket.joined" in self.kinds or "authorization.requested" in self.kinds):
            return []
        found: list[Authorization] = self.ticket.authorizations_shown()[::-1]
        mails = mails_since(self.ticket, END) if found else []
        for each in found:
            each.mails = [mail for mail in mails if mail.about_kind == "Authorization" and mail.about_id == each.id][
                -1:
            ]
        return found

    @cached_property
    def _origins(self) -> dict[int, int]:
        """The numbers of the tickets that messages came from."""
        ids = {message.origin_id for message in self.messages} - {None, self.ticket.id}
        rows = Ticket.select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)).tuples() if ids else ()
        return dict(rows)

    def number_of(self, ticket_id: int) -> int:
        """The number of a ticket that a message came from."""
        return self._origins[ticket_id]

    @cached_property
    def relatives(self) -> list[Relative]:
        """What belongs to this one, as far as this agent may see it; asked for where there ever was a relation."""
        told = {"ticket.related", "ticket.joined", "ticket.split", "ticket.split_off", "ticket.duplicated"}
        return self.ticket.relatives(self.me) if told & self.kinds else []

    @property
    def askable(self) -> list[Person]:
        """Who could be asked to authorize something: the requester and those in copy who may."""
        people = [self.ticket.requester] if self.ticket.requester else []
        people += [person for person in self.ticket.copied_people if person not in people]
        return [person for person in people if person.email and person.contact and person.contact.may_authorize]

    @property
    def pending(self) -> Authorization | None:
        return next((each for each in self.authorizations if each.is_pending), None)

    # --- what stands beside it ---------------------------------------------------------------------------------

    @cached_property
    def _words(self) -> dict[str, list[Any]]:
        return particulars(self.ticket, self.me)

    @property
    def kinds(self) -> frozenset[str]:
        """What ever happened here: other parts ask nothing of the database where nothing of theirs did."""
        return frozenset(self._words["event"])

    @property
    def tags(self) -> list[str]:
        return self._words["tag"]

    @property
    def copies(self) -> list[str]:
        """The addresses that get a copy of every public message."""
        return self._words["copy"]

    @property
    def others_here(self) -> list[str]:
        """The names of other agents who look at this ticket now (T19)."""
        return sorted(name for number, name in self._words["here"] if number != self.me.id)

    @property
    def followers(self) -> dict[int, str]:
        return dict(self._words["follower"])

    @property
    def custom(self) -> dict[str, tuple[str, str]]:
        """The installation's own fields of this ticket: name of the property -> (label, what stands in it)."""
        values = dict(self._words["value"])
        kinds = {number: kind for kind in SHAPED for number, _label in self._words[kind]}
        return {
            f"custom_{number}": (label, said(kinds.get(number, ""), values.get(number, "")))
            for number, label in self._words["own"]
        }

    def draft(self, kind: str) -> str:
        """What I began to write and did not send."""
        return next(iter(self._words.get(kind, [])), "")

    def draft_files(self, kind: str) -> str:
        """The key of the form that kept files for that."""
        draft = self._draft(kind)
        return draft.key if draft else ""

    @cached_property
    def copies_to_write(self) -> list[str]:
        """Who gets a copy of the reply that I write: those who get all, but for what I had begun to change."""
        draft = self._draft("reply")
        return draft.copies_with(self.copies) if draft else self.copies

    def _draft(self, kind: str) -> Draft | None:
        return Draft.find(ticket=self.ticket.id, person=self.me.id, kind=kind) if self._words.get(kind) else None

    @property
    def latest(self) -> int:
        """The id of the newest message: what a reply sent later is compared with."""
        return max((message.id for message in self.messages), default=0)

    def mark_present(self) -> None:
        """Leaves the trace that I am here, where an earlier one is about to fade."""
        if not self._words["noted"]:
            Presence.mark(self.ticket, self.me)

    @cached_property
    def surveys(self) -> list[SurveyInvitation]:
        """The surveys that were sent, newest first; none is asked for where none was."""
        if "survey.sent" not in self.kinds:
            return []
        query = SurveyInvitation.select().where(SurveyInvitation.ticket == self.ticket)
        return list(query.order_by(SurveyInvitation.created_at.desc()))

    @property
    def clock(self) -> Clock | None:
        ticket = self.ticket
        return clock(ticket.status, ticket.due_at, ticket.created_at, ticket.resolved_at)

    def want_counts(self, figures: Tally) -> None:
        """Asks how many tickets of the requester this agent sees, how many are open, and how many companies we are."""
        figures.want("companies", prepared("companies", _companies).bound({}))
        if self.ticket.requester_id:
            values, me, shut = {"person": self.ticket.requester_id, "me": self.me.id}, self.me, self.shut
            for name, is_open in (("theirs", False), ("theirs-open", True)):
                statement = prepared((name, shut), lambda is_open=is_open: _theirs(is_open, shut, me))
                figures.want(name, statement.bound(values))

    def mark_read(self) -> None:
        """Leaves the trace that an agent has seen the customer's last word; nothing where it was seen before."""
        ticket = self.ticket
        if ticket.last_heard_at and (ticket.read_at is None or ticket.read_at < ticket.last_heard_at):
            TicketRead.mark(ticket)


def _part_of(noted: Intervention) -> str:
    return "public" if noted.is_public else "internal"


def _ticket_query(shut: frozenset[int], me: Person) -> Any:
    columns: list[Any] = [Ticket, TicketRead.at, Contact]
    joined: list[tuple[str, Any]] = []
    for name, (record, fields) in NAMED.items():
        source = record.alias()
        # Asked of the record: an alias has a "model" of its own, which is no field.
        columns += [FieldAlias.create(source, getattr(record, each)) for each in fields]
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


def _companies() -> Select:
    return Company.select(Company.id).where(Company.is_active)


def _theirs(only_open: bool, shut: frozenset[int], me: Person) -> Select:
    # By their turns: asked for those without `closed_at`, SQLite walks through all that are open instead of theirs.
    of_turns = Ticket.turn.in_(OPEN) if only_open else Ticket.turn != AWAY
    seen = [Ticket.visible_to(me, closed_off=shut, assigned_to=slot("me"))] if shut else []
    return Ticket.select(Ticket.id).where(Ticket.requester == slot("person"), of_turns, *seen).limit(1000)
