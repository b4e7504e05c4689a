"""One thing somebody said."""

from functools import cached_property
from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey, ForeignKeyField, TextField

from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import NeverReused, Record, UTCDateTimeField
from app.lib.kept import shown
from app.lib.refusals import Refused
from app.lib.richtext import remote_images
from app.lib.words import lazy_gettext as _l


class NothingSaid(Refused):
    says = _l("Write something first.")
    field = "text"


# Why a mail waits for somebody to confirm it (claimable.py), for who decides about it.
UNPROVED, SOMEONE_ELSE, AGENT = "unproved", "someone_else", "agent"
CLAIMS: dict[str, Any] = {
    UNPROVED: _l("The check of its sender failed: somebody else may have written it. It has changed nothing yet."),
    SOMEONE_ELSE: _l("It answers a mail of this ticket, but comes from an address that takes no part in it."),
    AGENT: _l("It came from an agent's address, but nothing proves that the agent wrote it."),
}

FOLDS: dict[str, Any] = {
    "history": _l("Quoted text"),
    "signature": _l("Signature"),
    "both": _l("Signature and quoted text"),
}
CARD = (
    "id", "author_name", "is_public", "is_incoming", "is_automatic", "channel", "purpose", "text", "quoted", "proof",
    "said_at", "edited_at", "origin", "claim", "author_address", "fold",
)  # fmt: skip


class Message(Record):
    """Public or a note; in from the customer or out from the team."""

    id = NeverReused()
    ticket = DeferredForeignKey("Ticket", backref="messages", index=False, on_delete="CASCADE")
    author = ForeignKeyField(Person, null=True, backref="messages", on_delete="RESTRICT")
    author_name = CharField(max_length=200, default="")  # as it was when they said it
    is_public = BooleanField(default=True)
    is_incoming = BooleanField(default=False)
    is_automatic = BooleanField(default=False)  # an auto-reply or a bounce: shown folded
    channel = CharField(max_length=20, default="desk")
    purpose = CharField(max_length=20, default="")  # "closing" for the words that close; else empty
    text = TextField(default="")
    html = TextField(null=True)  # sanitized; only of mail, shown in its own frame
    quoted = TextField(default="")  # the folded history of a mail: never deleted
    fold = CharField(max_length=10, default="")  # what that is: signature, history, both
    mail_id = CharField(max_length=998, null=True, index=True)  # the Message-ID of the mail it came in
    references = TextField(default="")
    author_address = CharField(max_length=254, default="")  # of a mail whose author could not be taken as read
    claim = CharField(max_length=12, default="")  # why it waits for somebody to confirm it (claimable.py)
    proof = CharField(max_length=10, default="")  # proved, claimed, failed: of a mail's sender (C9b)
    held_until = UTCDateTimeField(
        null=True, index=True
    )  # until then its author can take it back, and no customer sees it (T19)
    created_at = UTCDateTimeField(default=now)
    said_at = UTCDateTimeField(default=now)
    edited_at = UTCDateTimeField(null=True)
    origin = DeferredForeignKey("Ticket", null=True, on_delete="SET NULL")  # the ticket it was said on, if another

    class Meta:
        indexes = ((("ticket", "said_at"), False),)

    @property
    def shown(self) -> tuple[Any, ...]:
        """All that its card shows of it and its files, by which the card is kept (app/lib/kept.py)."""
        author = self.author and (self.author.id, self.author.name)
        facts = self.is_held, bool(self.html), "data-remote=" in (self.html or "")
        return author, *facts, *shown(self, CARD), *map(shown, self.files)

    @property
    def is_held(self) -> bool:
        """Whether it still waits to leave."""
        return self.held_until is not None and self.held_until > now()

    @classmethod
    def held(cls) -> Any:
        """A subquery of the ids of all messages that still wait to leave: no customer sees them, nor finds them."""
        return cls.select(cls.id).where(cls.held_until > now())

    @property
    def seconds_held(self) -> int:
        """How long it still waits."""
        return max(0, int((self.held_until - now()).total_seconds())) if self.held_until else 0

    @cached_property
    def remote_images(self) -> tuple[int, int]:
        """How many pictures of its letter wait to be loaded from elsewhere, and how many tracking pixels never are."""
        return remote_images(self.html or "")

    @property
    def fold_label(self) -> str:
        """What is folded below its words."""
        return str(FOLDS.get(self.fold, FOLDS["history"]))

    @property
    def claim_sentence(self) -> str:
        """Why it waits for somebody to confirm it."""
        return str(CLAIMS.get(self.claim, ""))

    @property
    def snippet(self) -> str:
        """Its beginning on one line, for lists."""
        return " ".join(self.text.split())[:200]
