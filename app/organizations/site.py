"""A place of a customer's where equipment stands: "Instalación" in Spanish (SPEC T7, C15)."""

from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField

from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.organization import Organization
from app.timeline.event import record


class UnnamedSite(Refused):
    says = _l("Give the site a name, for example “Kitchen” or “Vigo workshop”.")
    field = "name"


class Site(Record):
    """One place; its equipment moves with it, not its organization."""

    organization = ForeignKeyField(Organization, backref="sites", on_delete="CASCADE")
    name = CharField(max_length=200)
    address = CharField(max_length=300, default="")
    is_active = BooleanField(default=True)

    @classmethod
    def by_number(cls, number: int) -> "Site | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def all(cls) -> "list[Site]":
        """For a list to choose from, with their organizations."""
        query = cls.select(cls, Organization).join(Organization).where(cls.is_active, Organization.is_active)
        return list(query.order_by(Organization.name, cls.name))

    @classmethod
    @transaction()
    def enter(cls, organization: Organization, *, by: Any, **details: Any) -> "Site":
        """Raises UnnamedSite."""
        site = cls.create(organization=organization, **_tidy(details))
        record("site.entered", by=by, about=site)
        return site

    @transaction()
    def amend(self, *, by: Any, **details: Any) -> None:
        """Raises UnnamedSite."""
        self.change(**_tidy(details))
        record("site.changed", by=by, about=self)


def _tidy(details: dict[str, Any]) -> dict[str, Any]:
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in details.items()}
    if not clean.get("name"):
        raise UnnamedSite
    return clean
