"""Our companies: usually one, several when an installation serves more than one (SPEC T2)."""

import hashlib
from typing import Any
from zoneinfo import ZoneInfo

from peewee import BooleanField, CharField, JSONField

from app.branding.picture import PLACES, Picture
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
    portal_logo_sha256 = CharField(max_length=64, null=True)  # each a PNG of our own making in the store
    home_logo_sha256 = CharField(max_length=64, null=True)
    desk_logo_sha256 = CharField(max_length=64, null=True)
    favicon_sha256 = CharField(max_length=64, null=True)
    shapes = JSONField(default=dict)  # place: [width, height, tone]

    @classmethod
    def ours(cls) -> "Company":
        """The default company; before set-up, an unsaved one with plain values."""
        return cls.find(is_default=True) or cls(name="Ventanilla")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def picture(self, place: str) -> Picture | None:
        """What hangs in this place; where nothing does, the portal's logo stands in for the other two."""
        if sha256 := self.__data__.get(f"{place}_sha256"):
            return Picture(sha256, *self.shapes[place])
        return self.picture("portal_logo") if place in ("home_logo", "desk_logo") else None

    @property
    def key(self) -> tuple[Any, ...]:
        """All that the frame of a page shows of it (app/lib/kept.py)."""
        return self.id, self.name, self.tagline, *(self.__data__.get(f"{place}_sha256") for place in PLACES)

    @property
    def look(self) -> str:
        """Changes with whatever a document shows of the company."""
        shown = (self.name, self.address, self.phone, self.email, self.website, self.theme, self.portal_logo_sha256)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

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

    @classmethod
    def shows(cls, sha256: str) -> bool:
        """Whether a company of ours wears this picture: nothing else in the store is anybody's to see."""
        worn = [getattr(cls, f"{place}_sha256") == sha256 for place in PLACES]
        return cls.select().where(worn[0] | worn[1] | worn[2] | worn[3]).exists()

    def wearing(self, theme: str, pictures: dict[str, Picture | None]) -> "Company":
        """A copy that is not saved, to be looked at: this theme, these pictures, the rest as it is."""
        return type(self)(**self.__data__ | self._worn(theme, pictures))

    @transaction()
    def dress(self, *, by: Any, theme: str, pictures: dict[str, Picture | None]) -> None:
        """Puts on a theme and pictures (W7); None takes one down, and a place that is not named keeps its own."""
        fields = self._worn(theme, pictures)
        changed = {name: value for name, value in fields.items() if self.__data__.get(name) != value}
        if changed:
            self.change(**fields)
            changed.pop("shapes", None)
            record("company.dressed", by=by, about=self, now=changed)

    def undress(self) -> None:
        """Back to the plain look of a new company."""
        self.change(theme=type(self).theme.default, shapes={}, **{f"{place}_sha256": None for place in PLACES})

    def _worn(self, theme: str, pictures: dict[str, Picture | None]) -> dict[str, Any]:
        shapes = {**self.shapes, **{place: list(each[1:]) for place, each in pictures.items() if each}}
        hung = {f"{place}_sha256": each.sha256 if each else None for place, each in pictures.items()}
        return {"theme": theme if theme in THEMES else self.theme, "shapes": shapes, **hung}

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
