"""What was said and done on a ticket, as the desk shows it: the latest part, and what came before it on demand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from peewee import Select, Tuple

from app.accounts.person import Person
from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.lib.prepared import hydrated, prepared, slot
from app.messages.conversational import AUTHOR
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.intervention import Intervention
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from app.timeline.wording import TOLD_ELSEWHERE

SHOWN, EARLIER = 25, 50  # messages on the ticket's page, and in each part before
PARTS = ("", "public", "internal")  # what may be shown alone (T11); the history has a page of its own
BEGINNING, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
# What the page needs of a mail and of an event; letters and reactions are other people's business.
MAIL = (
    "id", "letter", "ticket", "message", "about_kind", "about_id", "to_name", "to_address", "state", "answer", "due_at",
    "sent_at",
)  # fmt: skip
EVENT = ("id", "kind", "at", "by", "about_kind", "about_id", "details", "is_public")


@dataclass
class Fold:
    """Events between two messages, folded into one line."""

    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.events[0].id


class Conversation:
    """One part of it: the latest entries, or those before one; `part`: all, or public or internal ones alone."""

    def __init__(self, ticket: Ticket, *, part: str = "", before: Message | None = None, whole: bool = False) -> None:
        self.ticket, self.part, self.before, self.whole = ticket, part, before, whole
        self.authorizations: list[Authorization] = []  # all of the ticket's in this part, as the dossier has them
        self.interventions: list[Intervention] = []

    @cached_property
    def _found(self) -> list[Message]:
        """Newest first, one more than is shown."""
        values: dict[str, Any] = {"ticket": self.ticket.id, "public": self.part == "public"}
        if self.before:
            values |= {"at": Message.said_at.db_value(self.before.said_at), "id": self.before.id}
        most = None if self.whole else (EARLIER if self.before else SHOWN) + 1
        key = ("part of a conversation", bool(self.part), bool(self.before), most)
        found = []
        for row in prepared(key, lambda: _messages(bool(self.part), bool(self.before), most)).rows(values):
            columns = iter(row)
            message = hydrated(Message, columns)
            message.__rel__["author"] = hydrated(Person, columns, AUTHOR)
            found.append(message)
        return found

    @property
    def has_older(self) -> bool:
        return not self.whole and len(self._found) > (EARLIER if self.before else SHOWN)

    @cached_property
    def _shown(self) -> list[Message]:
        return self._found[: len(self._found) - self.has_older][::-1]

    @property
    def _since(self) -> datetime:
        """From when this part goes."""
        return self._shown[0].said_at if self.has_older and self._shown else BEGINNING

    @cached_property
    def messages(self) -> list[Message]:
        """Oldest first, each with its author, its `files` and, where it went out, its `mails`."""
        shown = self._shown
        for message in shown:
            message.mails = []
        if any(message.is_public and not message.is_incoming for message in shown):
            for message in shown:
                message.mails = [mail for mail in self.mails if mail.message_id == message.id]
        return shown

    @property
    def _edges(self) -> dict[str, Any]:
        """From when to when this part goes, as the database keeps moments."""
        since = self._since
        until = self.before.said_at if self.before else END
        return {"ticket": self.ticket.id, "since": Event.at.db_value(since), "until": Event.at.db_value(until)}

    @cached_property
    def mails(self) -> list[Delivery]:
        """Those to the customer about what is shown, and about requests whenever they were made."""
        return mails_since(self.ticket, self._since)

    @cached_property
    def events(self) -> list[Event]:
        """Oldest first, with who did it."""
        found = []
        for row in prepared("events", _events).rows(self._edges):
            columns = iter(row)
            event = hydrated(Event, columns, EVENT)
            event.__rel__["by"] = hydrated(Person, columns, ("id", "name", "robot"))
            found.append(event)
        return found

    @cached_property
    def entries(self) -> list[tuple[str, Any]]:
        """Messages, cards and folds of events in the order of time, as (kind, it)."""
        self._load_files()
        told = [(message.said_at, 0, message.id, "message", message) for message in self.messages]
        told += [(each.created_at, 1, each.id, "authorization", each) for each in self._requests]
        told += [
            (each.done_at, 1, each.id, "intervention", each)
            for each in self.interventions
            if self._within(each.done_at)
        ]
        if not self.part:
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

    def _within(self, moment: datetime) -> bool:
        return self._since <= moment and (self.before is None or moment < self.before.said_at)

    @property
    def _requests(self) -> list[Authorization]:
        """Those made within this part; one that waits for an answer always stands in the latest."""
        latest = self.before is None
        return [each for each in self.authorizations if (latest if each.is_pending else self._within(each.created_at))]

    def _load_files(self) -> None:
        if self.ticket.has_files or self.authorizations:
            gallery.load(messages=self.messages, authorizations=self.authorizations)
            return
        for message in self.messages:
            message.files = []


def mails_since(ticket: Ticket, moment: datetime) -> list[Delivery]:
    """Mails to the customer from then on; those about requests whenever they were written."""
    rows = prepared("mails", _mails).rows({"ticket": ticket.id, "since": Delivery.created_at.db_value(moment)})
    found = [hydrated(Delivery, iter(row), MAIL) for row in rows]
    return [mail for mail in found if mail.is_to_customer]


def _messages(is_narrow: bool, is_before: bool, most: int | None) -> Select:
    query = Message.select(Message, *(getattr(Person, name) for name in AUTHOR))
    query = query.left_outer_join(Person, on=(Message.author == Person.id)).where(Message.ticket == slot("ticket"))
    if is_narrow:
        query = query.where(Message.is_public == slot("public"))
    if is_before:
        query = query.where(Tuple(Message.said_at, Message.id) < Tuple(slot("at"), slot("id")))
    return query.order_by(Message.said_at.desc(), Message.id.desc()).limit(most)


def _mails() -> Select:
    query = Delivery.select(*(getattr(Delivery, name) for name in MAIL)).where(Delivery.ticket == slot("ticket"))
    here = (Delivery.created_at >= slot("since")) | (Delivery.about_kind == "Authorization")
    return query.where(here).order_by(Delivery.created_at, Delivery.id)


def _events() -> Select:
    query = Event.select(*(getattr(Event, name) for name in EVENT), Person.id, Person.name, Person.robot)
    query = query.left_outer_join(Person, on=(Event.by == Person.id)).where(Event.ticket == slot("ticket"))
    return query.where(Event.at >= slot("since"), Event.at < slot("until")).order_by(Event.at, Event.id)
