"""A contact: a customer's person."""

from typing import Any

from peewee import JOIN, BooleanField, CharField, ForeignKeyField, TextField

from app.accounts.address import OtherAddress
from app.accounts.agent import demand
from app.accounts.person import AddressTaken, Nameless, Person, clean_address
from app.lib import keyset
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.organization import Organization
from app.timeline.event import record

# What lets a contact see or decide more than their own tickets.
POWERS = ("organization", "may_authorize")


class NotANumber(Refused):
    says = _l("Write the country prefix and the number, for example 34 600 555 014.")
    field = "mobile"


class OneOfTheTeam(Refused):
    """Whoever receives an agent's mail can sign in as them; and of an organization they could read what is hidden."""

    says = _l(
        "%(name)s is one of the team: only an administrator changes their name, address, language, organization or "
        "what they may authorize."
    )
    status = 403
    field = "email"


class Contact(Record):
    """A person's details as a customer (SPEC P4)."""

    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    organization = ForeignKeyField(Organization, null=True, backref="contacts", on_delete="SET NULL")
    phone = CharField(max_length=60, default="")
    mobile = CharField(max_length=60, default="")
    position = CharField(max_length=120, default="")
    notes = TextField(default="")
    may_authorize = BooleanField(default=True)
    offered_name = CharField(max_length=200, default="")  # the display name of their first mail (C6)
    is_bouncing = BooleanField(default=False)
    is_muted = BooleanField(default=False)  # complained of a mail of ours: gets none
    more_phones = TextField(default="")  # one a line

    @property
    def best_phone(self) -> str:
        """What to dial: the mobile first, with the plus that is not kept."""
        return f"+{self.mobile}" if self.mobile else self.phone

    @classmethod
    @transaction()
    def register(
        cls,
        name: str,
        email: str | None,
        *,
        organization: Organization | None = None,
        language: str | None = None,
        **details: Any,
    ) -> Person:
        """Makes somebody a contact, or finds them, and returns the person. Raises NotAnAddress."""
        person = Person.known_as(name, email, language=language)
        if person.contact is None:
            made = cls.make_once("person", person=person, organization=organization, **details)
            person.__dict__["contact"] = made
        return person

    @classmethod
    def listed(cls, words: str = "", after: str = "") -> tuple[list["Contact"], str]:
        """A page of contacts by name, with people and organizations; and where the next page begins."""
        query = cls.select(cls, Person, Organization).join(Person).switch(cls).join(Organization, JOIN.LEFT_OUTER)
        if words.strip():
            found = keyset.holds(
                words, Person.name, Person.email, Organization.name, cls.mobile, cls.phone, cls.more_phones
            )
            beside = OtherAddress.select(OtherAddress.person).where(keyset.holds(words, OtherAddress.address))
            query = query.where(found | Person.id.in_(beside))
        return keyset.page(query, Person.name, Person.id, after)

    @classmethod
    def by_person(cls, number: int) -> "Contact | None":
        return cls.select(cls, Person).join(Person).where(Person.id == number).first()

    @classmethod
    @transaction()
    def enter(
        cls, *, by: Person, name: str, email: str, language: str | None, other_addresses: str = "", **details: Any
    ) -> Person:
        """An agent's new contact. Raises NotAllowed, Nameless, NotAnAddress, AddressTaken, OneOfTheTeam, NotANumber."""
        demand(by, "edit")
        if not name.strip():
            raise Nameless
        address = clean_address(email) if email.strip() else None
        there = Person.by_email(address) if address else None
        if there and there.contact:
            raise AddressTaken
        others = OtherAddress.clean(other_addresses, person=None, beside=address)
        if there and (others or details.get("organization")):
            _insist_not_of_the_team(there, by=by)
        person = cls.register(name, address, language=language, **_tidy(details))
        OtherAddress.keep(person, others)
        record("contact.entered", by=by, about=person)
        return person

    @transaction()
    def amend(
        self, *, by: Person, name: str, email: str, language: str | None, other_addresses: str = "", **details: Any
    ) -> None:
        """Raises NotAllowed, Nameless, NotAnAddress, AddressTaken, OneOfTheTeam, NotANumber."""
        demand(by, "edit")
        address = clean_address(email) if email.strip() else None
        if address and (there := Person.by_email(address)) and there != self.person:
            raise AddressTaken
        person, told = self.person, {"email": address, "language": language}
        others = OtherAddress.clean(other_addresses, person=person, beside=address)
        changed = any(getattr(person, field) != value for field, value in told.items())
        changed = changed or name.strip() != person.name or sorted(others) != OtherAddress.of(person)
        if changed or any(getattr(self, name) != details.get(name, getattr(self, name)) for name in POWERS):
            _insist_not_of_the_team(person, by=by)
        was, beside = person.email, OtherAddress.of(person)
        person.call(name, by=by)
        person.change(**told)
        OtherAddress.keep(person, others)
        self.change(**_tidy(details))
        moved: dict[str, Any] = {"was": was, "now": address} if was != address else {}
        if beside != sorted(others):
            moved |= {"beside": sorted(others), "beside_before": beside}
        record("contact.changed", by=by, about=person, **moved)

    def tell_phones(self, **phones: str) -> None:
        """What a customer says of their own numbers. Raises NotANumber."""
        self.change(**_tidy(phones))

    @transaction()
    def write_again(self, *, by: Person) -> None:
        """Mail to them leaves again, whatever came back or was complained of before. Raises NotAllowed."""
        demand(by, "edit")
        self.change(is_muted=False, is_bouncing=False)
        record("contact.unmuted", by=by, about=self.person)


def _insist_not_of_the_team(person: Person, *, by: Person) -> None:
    if person.agent and not (by.agent and by.agent.may("configure")):
        raise OneOfTheTeam(name=person.name)


def _tidy(details: dict[str, Any]) -> dict[str, Any]:
    """A mobile is kept as wa.me wants it: country prefix and number, digits only (C12)."""
    given = details.get("mobile", "")
    digits = "".join(each for each in given if each in "0123456789")
    if given.strip() and (any(each.isalpha() for each in given) or not 8 <= len(digits) <= 15):
        raise NotANumber
    if "more_phones" in details:
        lines = (line.strip()[:60] for line in details["more_phones"].splitlines())
        details["more_phones"] = "\n".join(filter(None, lines))
    return {**details, "mobile": digits}
