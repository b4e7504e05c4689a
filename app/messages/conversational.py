"""What a ticket can do with messages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from peewee import Select

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import Attachment, words_of
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message, NothingSaid
from app.outbox.settings import hold
from app.timeline.event import Event

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


JUST = timedelta(minutes=10)


class OnlyNotesHere(Refused):
    says = _l("This ticket is internal: it takes notes only.")


class Overtaken(Refused):
    """Something was said while this was being written (T19): whoever still wants to send it presses again."""

    says = _l("Something new was said meanwhile. Read it below; your text is kept, press again to send it.")
    status = 409


class ClosedMeanwhile(Overtaken):
    """Somebody closed the ticket while this was being written."""

    says = _l("%(name)s closed this ticket meanwhile. Your text is kept.")


class MovedOn(Refused):
    """The ticket it was written on was merged meanwhile."""

    says = _l(
        "Ticket %(number)s has been merged into ticket %(into)s. Your text is kept: check who gets it, and press again "
        "to send it there."
    )
    status = 409


class Conversational:
    """Answering, noting, and hearing the customer."""

    @transaction()
    def reply(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        files: Iterable[Attachment] = (),
        cc: list[str] | None = None,
        seen: int | None = None,
    ) -> Message:
        """Answers the customer (L2).

        `cc`: the addresses to copy from now on; None leaves them as they are. `seen`: the id of the last message that
        the writer had before their eyes; raises Overtaken where somebody has said more since.
        """
        demand(by, "reply")
        self.lock()
        self.insist_seen(seen, by=by)
        if self.is_internal:
            raise OnlyNotesHere
        before, held_until = self.remembered(), hold()
        was = self.move("reply")
        copies = self.copy_also(cc)
        message = self._say(text, by=by, files=files, held_until=held_until)
        self.first_response_at = self.first_response_at or message.said_at
        self.touch(message)
        event = self.record(
            "message.replied", by=by, about=message, public=True, held_until=held_until, was=was, then=self.status,
            before=before, copies=copies,
        )  # fmt: skip
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
        self.tell_mentioned(message, by=by)
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
    def file_automatic(self: "Ticket", text: str, *, by: Person, said_at: datetime, **mail: Any) -> Message:
        """Files an auto-reply or a bounce as a folded note: no status, no clock, nobody told (C9a)."""
        self.hold()
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

    def insist_seen(self: "Ticket", seen: int | None, *, by: Person) -> None:
        """Raises Overtaken where somebody else has said something after the message with the id `seen`.

        Raises ClosedMeanwhile where the ticket, which took replies when it was shown, has been closed.
        """
        if seen is None:
            return
        if self.is_closed:
            closed = Event.find(ticket=self.id, kind="ticket.closed", order=("-id",))
            raise ClosedMeanwhile(name=closed.by.name if closed and closed.by else "Ventanilla")
        if self.said_since(seen, by=by):
            raise Overtaken

    def said_since(self: "Ticket", seen: int, *, by: Person) -> list[Message]:
        """What others have said after the message with the id `seen`, oldest first."""
        newer = self.messages.where(Message.id > seen, (Message.author != by) | Message.author.is_null())
        return list(newer.where(~Message.is_automatic).order_by(Message.id))

    def was_just_told(self: "Ticket", text: str, *, by: Person) -> bool:
        """Whether the latest message is this reply, of this person, minutes ago: a form sent again after going back."""
        last = self.messages.order_by(Message.id.desc()).first()
        if last is None or last.author_id != by.id or not last.is_public:
            return False
        return bool(text.strip()) and last.text == text.strip() and last.created_at > now() - JUST

    def _say(
        self: "Ticket",
        text: str,
        *,
        by: Person | None,
        files: Iterable[Attachment] = (),
        is_public: bool = True,
        **how: Any,
    ) -> Message:
        files = list(files)
        if not text.strip() and not files:
            raise NothingSaid
        how.setdefault("author_name", by.name if by else "")
        message = Message.create(ticket=self, author=by, is_public=is_public, text=text.strip(), **how)
        for attachment in files:
            attachment.attach_to(message)
        self.has_files = self.has_files or bool(files)
        self.index(words_of(message.text, files), public=is_public, message=message)
        return message

    def conversation(self: "Ticket", *, public_only: bool) -> list[Message]:
        """The messages, oldest first, with their authors. A customer's query leaves notes out."""
        found = []
        statement = prepared(("conversation", public_only), lambda: _conversation(public_only))
        for row in statement.rows({"ticket": self.id}):
            columns = iter(row)
            message = hydrated(Message, columns)
            message.__rel__["author"] = hydrated(Person, columns, AUTHOR)
            if not (public_only and message.is_held):
                found.append(message)
        return found


AUTHOR = ("id", "name", "email", "robot")


def _conversation(public_only: bool) -> Select:
    query = Message.select(Message, *(getattr(Person, name) for name in AUTHOR))
    query = query.left_outer_join(Person, on=(Message.author == Person.id)).where(Message.ticket == slot("ticket"))
    if public_only:
        query = query.where(Message.is_public)
    return query.order_by(Message.said_at, Message.id)
