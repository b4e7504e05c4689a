"""Two matters in one ticket: splitting a conversation, and a ticket of the same kind again (SPEC T9)."""

from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.assignable import works_here
from app.tickets.counter import Counter

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

# What a ticket split off, or made like another one, has in common with it.
SHARED = (
    "is_internal", "type", "category", "service", "priority", "product", "company", "group", "organization", "name",
    "email", "phone", "customer_company", "equipment", "serial", "sales_order", "online_signature", "language",
)  # fmt: skip


class NothingToSplit(Refused):
    says = _l("Choose what goes to the new ticket, and leave something in this one.")
    field = "messages"


class NoSubjectYet(Refused):
    says = _l("Give it a subject.")
    field = "subject"


class Splittable:
    """A new ticket from part of this one, or like this one."""

    @transaction()
    def split_off(self: "Ticket", messages: list[int], *, subject: str, by: Person) -> "Ticket":
        """Opens a ticket with these messages, which leave this one. Nobody gets a mail.

        Raises NotAllowed, TicketAway, NothingToSplit, NoSubjectYet.
        """
        demand(by, "merge")
        self.lock()
        subject = " ".join(subject.split())[:300]
        if not subject:
            raise NoSubjectYet
        chosen = list(self.messages.where(Message.id.in_(messages)).order_by(Message.said_at, Message.id))
        if not chosen or len(chosen) == self.messages.count():
            raise NothingToSplit
        new = self._sibling(subject, created_at=chosen[0].said_at)
        new._receive(chosen, origin=self)
        new.index_myself()
        new.record("ticket.opened", by=by, public=True, status=new.status, channel=new.channel)
        new.record("ticket.split_off", by=by, number=self.number)
        new._relate("related", self)
        self._look_through()
        self.touch()
        self.record("ticket.split", by=by, number=new.number, subject=subject)
        return new

    @transaction()
    def duplicate(self: "Ticket", *, by: Person) -> "Ticket":
        """Opens a ticket like this one: its fields, its description and the files of that. Nobody gets a mail.

        The description stays whoever's it is, and what only the team sees stays that; it says where it was said.
        Pressed twice, it opens one.
        """
        demand(by, "open")
        self.lock()
        if (done := self.just("ticket.duplicated", by=by)) and (twin := type(self).find(number=done.details["number"])):
            return twin
        first = self.messages.order_by(Message.said_at, Message.id).first()
        said = self._said_again(first) if first else {}
        fields = {name: getattr(self, name) for name in SHARED if name not in ("name", "email")}
        new = type(self).open(
            by=by, subject=self.subject, text=first.text if first else self.subject, channel="desk",
            requester=self.requester, name=self.name, email=self.email, assignee=by if by.agent else None,
            files=[file.again() for file in first.attachments if not file.is_inline] if first else [],
            tags=[tag.label for tag in self.tags], acknowledge=False, message=said, **fields,
        )  # fmt: skip
        new.take_custom(self)
        new._relate("duplicate", self)
        new.record("ticket.related", by=by, number=self.number)
        self.record("ticket.duplicated", by=by, number=new.number)
        return new

    def _said_again(self: "Ticket", message: Message) -> dict[str, Any]:
        """What stays of a message on another ticket of the same kind."""
        kept = {name: getattr(message, name) for name in ("author_name", "is_incoming", "channel", "said_at")}
        is_public = message.is_public and not self.is_internal
        return kept | {"by": message.author, "is_public": is_public, "origin": message.origin or self}

    def _sibling(self: "Ticket", subject: str, **fields: Any) -> "Ticket":
        """A row with the same customer and the same properties, and nothing said yet."""
        shared = {name: getattr(self, name) for name in (*SHARED, "origin")} | fields
        assignee = self.assignee if self.assignee and works_here(self.assignee) else None
        defaults = self._defaults(shared, self.requester, self.channel, assigned=assignee is not None)
        new = type(self).create(
            number=Counter.next("ticket"), subject=subject, channel=self.channel, requester=self.requester,
            assignee=assignee, **defaults,
        )  # fmt: skip
        new.take_custom(self)
        return new

    def _receive(self: "Ticket", messages: list[Message], *, origin: "Ticket") -> None:
        ids = [message.id for message in messages]
        for message in messages:
            message.change(ticket=self, origin=message.origin_id or origin.id)
        Delivery.update(ticket=self).where(Delivery.message.in_(ids), Delivery.ticket == origin).execute()
        SearchEntry.update(ticket=self).where(SearchEntry.message.in_(ids)).execute()
        self._look_through()
        heard = [message.said_at for message in messages if message.is_incoming and message.is_public]
        self.last_heard_at = max(heard, default=None)
        for name in ("TicketCopy", "TicketTag"):
            rows, column = Record.records[name], "person" if name == "TicketCopy" else "tag"
            for row in rows.select().where(rows.ticket == origin):
                rows.create(ticket=self, **{column: getattr(row, f"{column}_id")})
        self.touch()

    def _look_through(self: "Ticket") -> None:
        """What lists show of its messages, after some came or went."""
        latest = self.messages.where(Message.is_public).order_by(Message.said_at.desc(), Message.id.desc()).first()
        self.snippet = latest.snippet if latest else ""
        here = Attachment.message.in_(Message.select(Message.id).where(Message.ticket == self))
        self.has_files = Attachment.select().where(here, ~Attachment.is_inline).exists()
