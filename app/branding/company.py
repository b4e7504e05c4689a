"""Our companies: usually one, several when an installation serves more than one (SPEC T2)."""

from typing import Any
from zoneinfo import ZoneInfo

from peewee import BooleanField, CharField

from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

THEMES: dict[str, Any] = {
    "tinta": _l("Ink"), "mar": _l("Sea"), "laguna": _l("Lagoon"), "pino": _l("Pine"), "albero": _l("Ochre"),
    "teja": _l("Roof tile"), "ciruela": _l("Plum"),
}  # fmt: skip


class Nameless(Refused):
    says = _l("Give the company a name.")
    field = "name"


class Company(Record):
    """A company of ours: its name stands on pages, mails and PDFs, its zone on every printed time."""

    name = CharField(max_length=120)
    tagline = CharField(max_length=120, default="")
    address = CharField(max_length=300, default="")
    phone = CharField(max_length=60, default="")
    email = CharField(max_length=254, default="")
    website = CharField(max_length=200, default="")
    theme = CharField(max_length=20, default="tinta")
    language = CharField(max_length=5, default="es")
    timezone = CharField(max_length=60, default="Europe/Madrid")
    is_default = BooleanField(default=False)
    is_active = BooleanField(default=True)

    @classmethod
    def ours(cls) -> "Company":
        """The default company; before set-up, an unsaved one with plain values."""
        return cls.find(is_default=True) or cls(name="Ventanilla")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def theme_label(self) -> str:
        return str(THEMES.get(self.theme, self.theme))

    @property
    def mail_domain(self) -> str:
        """The domain of our Message-IDs."""
        return self.email.rpartition("@")[2] or "ventanilla.invalid"

    @classmethod
    def all(cls) -> "list[Company]":
        """Every company of ours, the default one first."""
        return list(cls.select().order_by(cls.is_default.desc(), cls.name))

    @classmethod
    def by_number(cls, number: int) -> "Company | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def found(cls, *, by: Any, name: str, **details: Any) -> "Company":
        """One more company of ours; the first one is the default. Raises Nameless."""
        if not name.strip():
            raise Nameless
        company = cls.create(name=name.strip(), is_default=not cls.select().exists(), **details)
        record("company.founded", by=by, about=company)
        return company

    @transaction()
    def describe(self, *, by: Any, **details: Any) -> None:
        """Name, address, looks, language, zone. Raises Nameless."""
        if not details.get("name", self.name).strip():
            raise Nameless
        was = {name: getattr(self, name) for name in details}
        self.change(**details)
        new = {name: value for name, value in details.items() if was[name] != value}
        if new:
            record("company.changed", by=by, about=self, was={name: was[name] for name in new}, now=new)
