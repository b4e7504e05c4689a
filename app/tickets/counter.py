"""The counter behind ticket numbers: sequential, never reused, without gaps on both databases (SPEC T1)."""

from peewee import CharField, IntegerField

from app.lib.db import Record
from app.lib.prepared import prepared, slot


class Counter(Record):
    """A named number that only grows, taken in the transaction that uses it."""

    name = CharField(max_length=40, unique=True)
    value = IntegerField(default=0)

    @classmethod
    def next(cls, name: str) -> int:
        """One more, held by this transaction until it ends: whoever rolls back gives the number back."""
        more = prepared(
            "counter", lambda: cls.update(value=cls.value + 1).where(cls.name == slot("name")).returning(cls.value)
        )
        for (value,) in more.rows({"name": name}):
            return value
        return cls.create(name=name, value=1).value
