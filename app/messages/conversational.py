"""What a ticket can do with messages."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from peewee import Select

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message, NothingSaid

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class OnlyNotesHere(Refused):
    says = _l("This ticket is internal: it takes notes only.")


class Conversational:
    """Answering, noting, and hearing the customer."""

    @transaction()
    def reply(
        self: "Ticket", text: str, *, by: Person, files: Iterable[Attachment] = (), cc: list[str] | None = None
    ) -> Message:
        """Answers the customer (L2). `cc`: the addresses to copy from now on; None leaves them as they are."""
        demand(by, "reply")
        self.lock()
        if self.is_internal:
            raise OnlyNotesHere
        was = self.move("reply")
        if cc is not None:
            self.copy_to(cc)
        message = self._say(text, by=by, files=files)
        self.first_response_at = self.first_response_at or message.said_at
        self.touch(message)
        event = self.record("message.replied", by=by, about=message, public=True, was=was)
        self.mail_customer("messages.replied", event=event, message=message, with_cc=True)
        return message

    @transaction()
    def note(self: "Ticket", text: str, *, by: Person, files: Iterable[Attachment] = (), **how: Any) -> Message:
        """Keeps an internal note: only the team ever sees it, and the status stays."""
        demand(by, "note")
        self.lock()
        message = self._say(text, by=by, files=files, is_public=False, **how)
        self.touch()
        self.record("message.noted", by=by, about=message)
        return message

    @transaction()
    def hear(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        channel: str,
        files: Iterable[Attachment] = (),
        said_at: datetime | None = None,
        **mail: Any,
    ) -> Message:
        """Takes in what the customer says (L3); a closed ticket comes back where the setting wants it (L9).

        `mail`: html, quoted, mail_id, references, proof, of a message that came by mail.
        """
        self.lock()
        if self.is_internal:
            raise OnlyNotesHere
        was = self.move_after_hearing()
        message = self._say(
            text, by=by, files=files, is_incoming=True, channel=channel, said_at=said_at or now(), **mail
        )
        self.last_heard_at = now()
        self.touch(message)
        self.record("message.received", by=by, about=message, public=True, was=was)
        return message

    @transaction()
    def file_claim(
        self: "Ticket", text: str, *, by: Person, said_at: datetime, files: Iterable[Any] = (), **mail: Any
    ) -> Message:
        """Files a mail whose sender could not be proved: the team reads it, nothing changes or is published (C9b)."""
        self.lock()
        message = self._say(
            text, by=by, files=files, is_public=False, is_incoming=True, channel="email", said_at=said_at, **mail
        )
        self.touch()
        self.record("message.claimed", by=by, about=message)
        return message

    @transaction()
    def file_automatic(self: "Ticket", text: str, *, by: Person, said_at: datetime, **mail: Any) -> Message:
        """Files an auto-reply or a bounce as a folded note: no status, no clock, nobody told (C9a)."""
        self.lock()
        message = self._say(
            text or "—",
            by=by,
            is_public=False,
            is_incoming=True,
            is_automatic=True,
            channel="email",
            said_at=said_at,
            **mail,
        )
        self.record("message.filed", by=by, about=message)
        return message

    def _say(
        self: "Ticket", text: str, *, by: Person, files: Iterable[Attachment] = (), is_public: bool = True, **how: Any
    ) -> Message:
        files = list(files)
        if not text.strip() and not files:
            raise NothingSaid
        how.setdefault("author_name", by.name)
        message = Message.create(ticket=self, author=by, is_public=is_public, text=text.strip(), **how)
        for attachment in files:
            attachment.attach_to(message)
        self.has_files = self.has_files or bool(files)
        self.index(message.text, public=is_public, message=message)
        return message

    def conversation(self: "Ticket", *, public_only: bool) -> list[Message]:
        """The messages, oldest first, with their authors. A customer's query leaves notes out."""
        found = []
        statement = prepared(("conversation", public_only), lambda: _conversation(public_only))
        for row in statement.rows({"ticket": self.id}):
            columns = iter(row)
            message = hydrated(Message, columns)
            message.__rel__["author"] = hydrated(Person, columns, AUTHOR)
            found.append(message)
        return found


AUTHOR = ("id", "name", "email", "robot")


def _conversation(public_only: bool) -> Select:
    query = Message.select(Message, *(getattr(Person, name) for name in AUTHOR))
    query = query.left_outer_join(Person, on=(Message.author == Person.id)).where(Message.ticket == slot("ticket"))
    if public_only:
        query = query.where(Message.is_public)
    return query.order_by(Message.said_at, Message.id)
