"""One thing somebody said."""

from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey, ForeignKeyField, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.kept import shown
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record


class NothingSaid(Refused):
    says = _l("Write something first.")
    field = "text"


class TemplateUnfinished(Refused):
    says = _l("A template needs a name and a text.")
    field = "text"


USES: dict[str, Any] = {"reply": _l("Reply"), "closing": _l("Closing"), "authorization": _l("Authorization request")}
PLACEHOLDERS: dict[str, Any] = {
    "name": _l("the customer's first name"),
    "number": _l("the ticket's number"),
    "subject": _l("the ticket's subject"),
    "agent": _l("the agent's name"),
    "company": _l("our company's name"),
}


CARD = (
    "id", "author_name", "is_public", "is_incoming", "is_automatic", "channel", "purpose", "text", "quoted", "proof",
    "said_at", "edited_at",
)  # fmt: skip


class Message(Record):
    """Public or a note; in from the customer or out from the team."""

    ticket = DeferredForeignKey("Ticket", backref="messages", on_delete="CASCADE")
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
    mail_id = CharField(max_length=998, null=True, index=True)  # the Message-ID of the mail it came in
    references = TextField(default="")
    proof = CharField(max_length=10, default="")  # proved, claimed, failed: of a mail's sender (C9b)
    created_at = UTCDateTimeField(default=now)
    said_at = UTCDateTimeField(default=now)
    edited_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("ticket", "said_at"), False),)

    @property
    def shown(self) -> tuple[Any, ...]:
        """All that its card shows of it and its files, by which the card is kept (app/lib/kept.py)."""
        author = self.author and (self.author.id, self.author.name)
        return author, bool(self.html), "data-remote=" in (self.html or ""), *shown(self, CARD), *map(shown, self.files)

    @property
    def snippet(self) -> str:
        """Its beginning on one line, for lists."""
        return " ".join(self.text.split())[:200]


class ReplyTemplate(Record):
    """A text to start from (SPEC A6): in replies, closings and authorization requests."""

    name = CharField(max_length=120)
    text = TextField()
    use = CharField(max_length=20, default="reply")  # reply, closing, authorization
    language = CharField(max_length=5, null=True)
    group = DeferredForeignKey("Group", null=True, on_delete="SET NULL")
    is_active = BooleanField(default=True)

    @classmethod
    def offered(cls, *, use: str, group: object = None) -> "list[ReplyTemplate]":
        """The templates for this use: everybody's and those of the ticket's group, by name."""
        query = cls.select().where(cls.is_active, cls.use == use)
        query = query.where(cls.group.is_null() | (cls.group == group)) if group else query.where(cls.group.is_null())
        return list(query.order_by(cls.name))

    @classmethod
    def all(cls) -> "list[ReplyTemplate]":
        return list(cls.select().order_by(cls.use.desc(), cls.name))

    @classmethod
    def by_number(cls, number: int) -> "ReplyTemplate | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def write(cls, *, by: Person, name: str, text: str, **details: Any) -> "ReplyTemplate":
        """A new template. Raises NotAllowed, TemplateUnfinished."""
        demand(by, "configure")
        if not (name.strip() and text.strip()):
            raise TemplateUnfinished
        template = cls.create(name=name.strip(), text=text.strip(), **details)
        record("template.written", by=by, about=template)
        return template

    @transaction()
    def rewrite(self, *, by: Person, name: str, text: str, **details: Any) -> None:
        """Raises NotAllowed, TemplateUnfinished."""
        demand(by, "configure")
        if not (name.strip() and text.strip()):
            raise TemplateUnfinished
        self.change(name=name.strip(), text=text.strip(), **details)
        record("template.rewritten", by=by, about=self)

    @transaction()
    def remove(self, *, by: Person) -> None:
        """Texts that began with it stay as they were sent."""
        demand(by, "configure")
        record("template.removed", by=by, name=self.name)
        self.delete_instance()

    @property
    def use_label(self) -> str:
        return str(USES[self.use])

    def filled(self, values: dict[str, str]) -> str:
        """The text with its placeholders, `{name}` and such; one that cannot be filled stays, to be seen."""
        text = self.text
        for name, value in values.items():
            if value:
                text = text.replace("{" + name + "}", value)
        return text
