"""A piece of equipment that stands at a customer's (SPEC T7)."""

from typing import Any

from peewee import JOIN, BooleanField, CharField, ForeignKeyField

from app.lib import keyset
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.organization import Organization
from app.organizations.site import Site
from app.timeline.event import record


class NoSerial(Refused):
    says = _l("A piece of equipment is known by its name and its serial number.")
    field = "serial"


class Equipment(Record):
    """One machine, known by its serial number."""

    organization = ForeignKeyField(Organization, null=True, backref="equipment", on_delete="RESTRICT")
    site = ForeignKeyField(Site, null=True, backref="equipment", on_delete="SET NULL")
    name = CharField(max_length=200)
    brand = CharField(max_length=120, default="")
    model = CharField(max_length=120, default="")
    serial = CharField(max_length=120, index=True)
    is_active = BooleanField(default=True)

    @classmethod
    def listed(cls, words: str = "", after: str = "") -> tuple[list["Equipment"], str]:
        """A page of equipment by name, with its owners; and where the next page begins."""
        query = cls.select(cls, Organization, Site).join(Organization, JOIN.LEFT_OUTER)
        query = query.join_from(cls, Site, JOIN.LEFT_OUTER)
        if words.strip():
            query = query.where(keyset.holds(words, cls.name, cls.serial, cls.brand, cls.model, Organization.name))
        return keyset.page(query, cls.name, cls.id, after)

    @classmethod
    def by_number(cls, number: int) -> "Equipment | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def offered(cls, organization: Organization | None = None) -> "list[Equipment]":
        """For a list to choose from: an organization's, else everybody's."""
        query = cls.select().where(cls.is_active)
        if organization:
            query = query.where(cls.organization == organization)
        return list(query.order_by(cls.name, cls.serial).limit(500))

    @property
    def kind(self) -> str:
        """Brand and model."""
        return " ".join(filter(None, (self.brand, self.model)))

    @property
    def label(self) -> str:
        """Its name, brand, model and serial number on one line, each once."""
        kind = "" if self.kind and self.kind in self.name else self.kind
        return " · ".join(filter(None, (self.name, kind, self.serial)))

    @classmethod
    @transaction()
    def enter(cls, *, by: Any, **details: Any) -> "Equipment":
        """Raises NoSerial."""
        equipment = cls.create(**cls._checked(details))
        record("equipment.entered", by=by, about=equipment)
        return equipment

    @transaction()
    def amend(self, *, by: Any, **details: Any) -> None:
        """Raises NoSerial."""
        was = self.label
        self.change(**self._checked(details))
        record("equipment.changed", by=by, about=self, was=was, now=self.label)

    @staticmethod
    def _checked(details: dict[str, Any]) -> dict[str, Any]:
        clean = {name: value.strip() if isinstance(value, str) else value for name, value in details.items()}
        if not (clean.get("name") and clean.get("serial")):
            raise NoSerial
        if site := clean.get("site"):
            clean["organization"] = site.organization
        return clean
