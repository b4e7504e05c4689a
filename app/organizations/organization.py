"""A customer's company."""

from typing import Any

from peewee import BooleanField, CharField, TextField

from app.lib import keyset
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record


class Nameless(Refused):
    says = _l("Give the organization a name.")
    field = "name"


class Organization(Record):
    """A company whose people write to us (SPEC P4)."""

    name = CharField(max_length=200, index=True)
    tax_id = CharField(max_length=40, null=True)
    notes = TextField(default="")
    shares_tickets = BooleanField(default=False)  # its people see each other's tickets in the portal
    is_active = BooleanField(default=True)
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def register(cls, name: str, **details: object) -> "Organization":
        return cls.create(name=name.strip(), **details)

    @classmethod
    def listed(cls, words: str = "", after: str = "") -> tuple[list["Organization"], str]:
        """A page of organizations by name, and where the next one begins."""
        query = cls.select()
        if words.strip():
            query = query.where(keyset.holds(words, cls.name, cls.tax_id))
        return keyset.page(query, cls.name, cls.id, after)

    @classmethod
    def all(cls) -> "list[Organization]":
        """For a list to choose from."""
        return list(cls.select().where(cls.is_active).order_by(cls.name))

    @classmethod
    def by_number(cls, number: int) -> "Organization | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def enter(cls, *, by: Any, name: str, **details: Any) -> "Organization":
        """Raises Nameless."""
        if not name.strip():
            raise Nameless
        organization = cls.register(name, **details)
        record("organization.entered", by=by, about=organization)
        return organization

    @transaction()
    def amend(self, *, by: Any, name: str, **details: Any) -> None:
        """Raises Nameless."""
        if not name.strip():
            raise Nameless
        was = self.name
        self.change(name=name.strip()[:200], **details)
        record("organization.changed", by=by, about=self, was=was, now=self.name)
