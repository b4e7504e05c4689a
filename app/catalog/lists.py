"""The lists themselves, with what is shipped in each."""

from typing import Any, ClassVar

from peewee import (
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Select,
    TextField,
)

from app.catalog.entry import Entry
from app.lib.prepared import hydrated, prepared, slot
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp


class TicketType(Entry):
    """The scope ("Tipo") in which a ticket is handled; the first one is the default."""

    shipped: ClassVar[dict[str, Any]] = {"incident": _l("Incident"), "request": _l("Request")}


class Category(Entry):
    """What the customer says it is; may have its own survey (S1)."""

    shipped: ClassVar[dict[str, Any]] = {
        "question": _lp("category", "Question"),
        "suggestion": _l("Suggestion"),
        "problem": _l("Problem"),
    }

    survey = DeferredForeignKey("Survey", null=True, on_delete="SET NULL")
    needs_code = BooleanField(default=False)  # who decides an authorization first types a mailed code (W6b)


class Service(Entry):
    """A service of ours; may belong to a group."""

    group = DeferredForeignKey("Group", null=True, on_delete="SET NULL")


class Priority(Entry):
    """How urgent; `level` 1 to 4 picks the mark and the order."""

    shipped: ClassVar[dict[str, Any]] = {
        "low": _l("Low"),
        "medium": _l("Medium"),
        "high": _l("High"),
        "urgent": _l("Urgent"),
    }

    level = IntegerField(default=1)


class Origin(Entry):
    """How a ticket reached us: its channel. The system sets it; the shipped ones cannot be removed."""

    shipped: ClassVar[dict[str, Any]] = {
        "desk": _l("Support app"),
        "form": _l("Web form"),
        "email": _l("E-mail"),
        "chat": _l("Chat"),
        "whatsapp": _l("WhatsApp"),
        "facebook": _l("Facebook"),
        "x": _l("X"),
        "link": _l("Portal link"),
        "api": _l("API"),
    }

    @property
    def is_system(self) -> bool:
        return self.key is not None


class Tag(Entry):
    """A word that groups tickets."""


class Product(Entry):
    """What we sell."""


class Justification(Entry):
    """Why a ticket is in its status (T14), e.g. "waiting for the supplier"."""

    shipped: ClassVar[dict[str, Any]] = {
        "supplier": _l("Waiting for the supplier"),
        "part": _l("Waiting for a part"),
        "visit": _l("Visit arranged"),
    }

    status = TextField(null=True)  # only for this status; null: for all three of L10


class CustomField(Entry):
    """A field that tickets have beside ours (T20): of every type, or of one."""

    kind = CharField(max_length=10, default="text")  # text, number, date, choice, yes_no
    choices = JSONField(default=list)
    type = ForeignKeyField(TicketType, null=True, backref="custom_fields", on_delete="CASCADE")
    is_required = BooleanField(default=False)
    on_form = BooleanField(default=False)  # the public form asks for it
    for_customers = BooleanField(default=False)  # in portal and PDF

    @classmethod
    def of_type(cls, ticket_type: TicketType | int | None) -> "list[CustomField]":
        """The active fields of tickets of this type, in their order."""
        rows = prepared("fields of a type", cls._of_type).rows({"type": getattr(ticket_type, "id", ticket_type) or 0})
        return [hydrated(cls, iter(row)) for row in rows]

    @classmethod
    def _of_type(cls) -> Select:
        mine = cls.type.is_null() | (cls.type == slot("type"))
        return cls.select().where(cls.is_active, mine).order_by(cls.position, cls.id)


LISTS: dict[str, type[Entry]] = {
    "types": TicketType,
    "categories": Category,
    "services": Service,
    "priorities": Priority,
    "origins": Origin,
    "tags": Tag,
    "products": Product,
    "justifications": Justification,
    "fields": CustomField,
}


def ship() -> None:
    """Puts the shipped entries into an empty catalog."""
    for entries in LISTS.values():
        if entries.select().exists():
            continue
        for position, key in enumerate(entries.shipped):
            details = {"level": position + 1} if entries is Priority else {}
            entries.create(key=key, position=position, **details)
