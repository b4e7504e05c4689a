"""The lists themselves, with what is shipped in each."""

from typing import Any, ClassVar

from peewee import DeferredForeignKey, IntegerField, TextField

from app.catalog.entry import Entry
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


LISTS: dict[str, type[Entry]] = {
    "types": TicketType,
    "categories": Category,
    "services": Service,
    "priorities": Priority,
    "origins": Origin,
    "tags": Tag,
    "products": Product,
    "justifications": Justification,
}


def ship() -> None:
    """Puts the shipped entries into an empty catalog."""
    for entries in LISTS.values():
        if entries.select().exists():
            continue
        for position, key in enumerate(entries.shipped):
            details = {"level": position + 1} if entries is Priority else {}
            entries.create(key=key, position=position, **details)
