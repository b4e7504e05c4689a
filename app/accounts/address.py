"""Further addresses of a person: mail from one of them is theirs (SPEC P4)."""

import re

from peewee import CharField, ForeignKeyField

from app.accounts.person import AddressTaken, Person, clean_address
from app.lib.db import Record

MOST = 20


class OtherAddress(Record):
    """Beside the one we write to, which stands with the person. No address is of two people."""

    person = ForeignKeyField(Person, backref="other_addresses", on_delete="CASCADE")
    address = CharField(max_length=254, unique=True)

    @classmethod
    def of(cls, person: Person) -> list[str]:
        return [each.address for each in cls.select().where(cls.person == person).order_by(cls.address)]

    @classmethod
    def clean(cls, text: str, *, person: Person | None, beside: str | None) -> list[str]:
        """The addresses in what was typed, one a line. Raises NotAnAddress, AddressTaken, both at this field."""
        found: list[str] = []
        for each in re.split(r"[\s,;]+", text.strip())[:MOST]:
            if each and (address := clean_address(each, field="other_addresses")) not in (beside, *found):
                found.append(address)
        for address in found:
            there = Person.by_email(address)
            if there is not None and there != person:
                raise AddressTaken(field="other_addresses")
        return found

    @classmethod
    def keep(cls, person: Person, addresses: list[str]) -> None:
        """These and no others, in the caller's transaction."""
        cls.delete().where(cls.person == person, cls.address.not_in(addresses)).execute()
        for address in addresses:
            cls.insert(person=person, address=address).on_conflict_ignore().execute()
