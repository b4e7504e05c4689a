"""DKIM: the key by which letters of one of our domains are signed, and what the world must be able to read of it."""

import re
from typing import Any

from peewee import BooleanField, CharField, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import dkim_keys
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.mail.connecting import opened, sealed
from app.mail.testing import LONGEST
from app.timeline.event import record

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotADomain(Refused):
    says = _l("Write the part after the @ of your addresses, for example empresa.es.")
    field = "domain"


class NotASelector(Refused):
    says = _l("Small letters, figures and hyphens, for example ventanilla.")
    field = "selector"


class HasAKey(Refused):
    says = _l("This domain has a key already. Delete that one first.")
    field = "domain"


class NotAPrivateKey(Refused):
    says = _l("This is no private RSA key of 1024 bits or more, in PEM form and without a password.")
    field = "pasted"


class DkimKey(Record):
    """One domain's key. It signs only while it is switched on."""

    domain = CharField(max_length=253, unique=True)
    selector = CharField(max_length=63)
    private_key = TextField()  # sealed by the vault
    txt = TextField()  # the record to publish
    is_active = BooleanField(default=False)
    check_asked_at = UTCDateTimeField(null=True)  # until it has been made
    checked_at = UTCDateTimeField(null=True)
    is_published = BooleanField(default=False)  # as the last check found it
    found = TextField(default="")  # what that check read, or why it could not
    created_at = UTCDateTimeField(default=now)

    @property
    def name(self) -> str:
        """Where its record is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @classmethod
    def all(cls) -> "list[DkimKey]":
        return list(cls.select().order_by(cls.domain))

    @classmethod
    def by_number(cls, number: int) -> "DkimKey | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def active(cls) -> "dict[str, DkimKey]":
        """The keys that sign, by domain."""
        return {key.domain: key for key in cls.select().where(cls.is_active)}

    @classmethod
    @transaction()
    def add(cls, *, by: Person, domain: str, selector: str, pasted: str = "") -> "DkimKey":
        """A key that was pasted, else a new one.

        Raises NotAllowed, NotADomain, NotASelector, HasAKey, NotAPrivateKey.
        """
        demand(by, "configure")
        domain, selector = domain.strip().lower().rpartition("@")[2], selector.strip().lower()
        if not DOMAIN.fullmatch(domain):
            raise NotADomain
        if not SELECTOR.fullmatch(selector):
            raise NotASelector
        if cls.find(domain=domain):
            raise HasAKey
        try:
            pem = dkim_keys.taken(pasted) if pasted.strip() else dkim_keys.made()
        except dkim_keys.NotAKey:
            raise NotAPrivateKey from None
        key = cls.create(domain=domain, selector=selector, private_key=sealed(pem), txt=dkim_keys.record_of(pem))
        record("dkim.added", by=by, about=key, domain=domain)
        return key

    @transaction()
    def ask_to_check(self, *, by: Person) -> None:
        """Has the record looked up in the background. Raises NotAllowed."""
        demand(by, "configure")
        self.change(check_asked_at=now())
        record("dkim.check_asked", by=by, about=self)

    @property
    def is_being_checked(self) -> bool:
        return self.check_asked_at is not None and self.check_asked_at > now() - LONGEST

    def check(self, *, by: Person) -> bool:
        """Whether the world can read the record. Asks name servers: never inside a transaction."""
        demand(by, "configure")
        try:
            found = dkim_keys.published(self.selector, self.domain)
            there = any(dkim_keys.same(each, self.txt) for each in found)
            said = "" if there else " | ".join(found)[:500]
        except OSError as problem:
            there, said = False, str(problem)[:200]
        self.change(checked_at=now(), check_asked_at=None, is_published=there, found=said)
        return there

    @transaction()
    def switch(self, *, on: bool, by: Person) -> None:
        demand(by, "configure")
        self.change(is_active=on)
        record("dkim.switched", by=by, about=self, domain=self.domain, on=on)

    @transaction()
    def remove(self, *, by: Person) -> None:
        demand(by, "configure")
        record("dkim.removed", by=by, domain=self.domain)
        self.delete_instance()

    def sign(self, raw: bytes) -> bytes:
        """The letter with this key's signature. Raises Unreadable."""
        return dkim_keys.sign(raw, selector=self.selector, domain=self.domain, pem=opened(self.private_key))

    def __repr__(self) -> str:
        return f"<DkimKey {self.name}>"


def signed(raw: bytes, from_address: str, keys: "dict[str, Any]") -> bytes:
    """The letter, signed where its sender's domain has a key that is on. Raises Unreadable."""
    key = keys.get(from_address.rpartition("@")[2].lower())
    return key.sign(raw) if key else raw
