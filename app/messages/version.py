"""Editing what was said, with every wording kept (SPEC T12)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from peewee import BooleanField, ForeignKeyField, TextField, fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import words_of
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message, NothingSaid
from app.messages.settings import MessageSettings
from app.outbox.delivery import Delivery

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NotYours(Refused):
    says = _l("Only who wrote it edits it.")
    status = 403


class TooLateToEdit(Refused):
    says = _l("What the customer reads can be edited for %(minutes)s minutes only.")
    status = 409


class MessageVersion(Record):
    """A wording that was replaced; `was_sent`: a mail with it had left."""

    message = ForeignKeyField(Message, backref="versions", on_delete="CASCADE")
    text = TextField()
    written_at = UTCDateTimeField()
    was_sent = BooleanField(default=False)


class Revisable:
    """A ticket whose messages can be reworded by who wrote them."""

    @transaction()
    def reword(self: "Ticket", message: Message, text: str, *, by: Person) -> None:
        """Replaces the text and keeps the old one. Raises NotAllowed, NotYours, TooLateToEdit, NothingSaid."""
        demand(by, "note")
        self.lock()
        message.lock()
        if (problem := obstacle(message, by=by)) is not None:
            raise problem
        text = text.strip()
        if not text and not message.attachments.exists():
            raise NothingSaid
        if text == message.text:
            return
        MessageVersion.create(
            message=message,
            text=message.text,
            written_at=message.edited_at or message.said_at,
            was_sent=_has_left(message),
        )
        message.change(text=text, edited_at=now())
        words = words_of(text, message.attachments)
        SearchEntry.replace_message(self, message, words, public=message.is_public)
        latest = self.messages.where(Message.is_public).order_by(Message.said_at.desc(), Message.id.desc()).first()
        self.touch(message if message == latest else None)
        self.record("message.edited", by=by, about=message, public=message.is_public)


def _has_left(message: Message) -> bool:
    """Whether a mail with the wording it has now has left; one that left before was of an earlier one."""
    gone = Delivery.message == message, Delivery.state.in_(["sent", "bounced"])
    written_at = fn.COALESCE(Delivery.claimed_at, Delivery.sent_at)
    since = [written_at >= message.edited_at] if message.edited_at else []
    return bool(Delivery.select().where(*gone, *since).exists())


def obstacle(message: Message, *, by: Person) -> Refused | None:
    """Why this person cannot edit it now, if so."""
    if message.is_incoming or message.author_id != by.id:
        return NotYours()
    if message.is_public and now() > editable_until(message):
        return TooLateToEdit(minutes=MessageSettings.edit_public_for)
    return None


def editable_until(message: Message) -> datetime:
    return message.created_at + timedelta(minutes=MessageSettings.edit_public_for)
