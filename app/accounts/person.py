"""People: the one table that every `by` points at."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from peewee import BooleanField, CharField

from app.lib import passwords
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.naming import called
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

if TYPE_CHECKING:
    from app.accounts.agent import Agent
    from app.accounts.contact import Contact

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]{2,}")


class NotAnAddress(Refused):
    says = _l("This is not an e-mail address: it needs an @ and an ending such as “.com”.")
    field = "email"


class AddressTaken(Refused):
    says = _l("Somebody else already has this address.")
    field = "email"


class WeakPassword(Refused):
    says = _l("Choose a longer password: at least 10 characters.")
    field = "password"


class WrongPassword(Refused):
    says = _l("That is not your present password.")
    field = "old"


class Nameless(Refused):
    says = _l("Write your name.")
    field = "name"


def clean_address(address: str, *, field: str = "email") -> str:
    """The address as we compare it: trimmed, lower case. Raises NotAnAddress."""
    address = address.strip().lower()
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise NotAnAddress(field=field)
    return address


def is_address(address: str) -> bool:
    """Whether it can be one."""
    return len(address) <= 254 and bool(ADDRESS.fullmatch(address.strip().lower()))


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class Person(Record):
    """Somebody who acts, or a robot."""

    name = CharField(max_length=200)
    email = CharField(max_length=254, null=True, unique=True)
    robot = CharField(max_length=40, null=True, unique=True)
    language = CharField(max_length=5, null=True)
    timezone = CharField(max_length=60, null=True)
    mode = CharField(max_length=5, null=True)  # light or dark; null: as the system says
    password_hash = CharField(max_length=200, null=True)
    is_sample = BooleanField(default=False)
    is_active = BooleanField(default=True)
    created_at = UTCDateTimeField(default=now)

    @cached_property
    def agent(self) -> "Agent | None":
        """Their details as one of the team, if they are."""
        return Record.records["Agent"].get_or_none(person=self)  # type: ignore[return-value]

    @cached_property
    def contact(self) -> "Contact | None":
        """Their details as a customer, if they are one."""
        return Record.records["Contact"].get_or_none(person=self)  # type: ignore[return-value]

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def first_name(self) -> str:
        return called(self.name)

    @transaction()
    def call(self, name: str, *, by: "Person") -> None:
        """Gives them this name, on their tickets too. Raises Nameless."""
        name = name.strip()[:200]
        if not name:
            raise Nameless
        was = self.name
        if name != was:
            self.change(name=name)
            record("person.renamed", by=by, about=self, was=was, now=name)

    @transaction()
    def describe(self, *, name: str, language: str | None, timezone: str | None, mode: str | None) -> None:
        """What somebody says of themselves, and how they want to see pages. Raises Nameless."""
        self.call(name, by=self)
        self.change(language=language, timezone=timezone, mode=mode)

    def acts_in(self, language: str) -> None:
        """The language they first act in is the one we write to them in, until they choose another."""
        if self.language is None:
            self.change(language=language)

    def change_password(self, password: str, *, old: str) -> None:
        """Raises WrongPassword where there is one already and `old` is not it, and WeakPassword."""
        if self.password_hash and not self.has_password(old):
            raise WrongPassword
        self.set_password(password)

    def set_password(self, password: str) -> None:
        """Raises WeakPassword under 10 characters."""
        if len(password) < 10:
            raise WeakPassword
        self.change(password_hash=passwords.digest(password))

    def has_password(self, password: str) -> bool:
        """Whether this is their password; brings an old hash up to date. Someone without one costs the same time."""
        if not passwords.verify(self.password_hash, password):
            return False
        if passwords.is_dated(self.password_hash or ""):
            self.change(password_hash=passwords.digest(password))
        return True

    @classmethod
    def by_email(cls, address: str) -> "Person | None":
        """Whoever has this address, as the one we write to or as a further one."""
        address = address.strip().lower()
        found = cls.find(email=address)
        if found is None and address:
            other = Record.records["OtherAddress"].get_or_none(address=address)
            found = other.person if other else None
        return found

    @classmethod
    def known_as(cls, name: str, email: str | None, **details: Any) -> "Person":
        """The person with this address, made if there is none. Raises NotAnAddress."""
        address = clean_address(email) if email else None
        if person := cls.by_email(address) if address else None:
            return person
        values = {"name": name.strip()[:200] or address, "email": address, **details}
        if not address:
            return cls.create(**values)
        return cls.make_once("email", **values)
