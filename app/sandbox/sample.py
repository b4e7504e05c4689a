"""What the sample company brought with it, so that it can be told from what people make, and erased."""

from peewee import CharField, IntegerField

from app.accounts.person import Person
from app.lib.db import Record

SAMPLE_PASSWORD = "frigal-de-prueba"  # noqa: S105  printed at each start: it opens nothing but the sample


class SampleRow(Record):
    """One row that came with the sample company, besides its people, who carry their own mark."""

    kind = CharField(max_length=40)
    row_id = IntegerField()

    class Meta:
        indexes = ((("kind", "row_id"), True),)

    @classmethod
    def mark(cls, rows: list[Record]) -> None:
        """Notes that these rows are the sample's."""
        named = [{"kind": type(row).__name__, "row_id": row.id} for row in rows]
        for start in range(0, len(named), 200):
            cls.insert_many(named[start : start + 200]).execute()

    @classmethod
    def ids(cls, kind: str) -> list[int]:
        return [row.row_id for row in cls.select().where(cls.kind == kind)]

    @classmethod
    def holds(cls, row: Record) -> bool:
        return cls.select().where(cls.kind == type(row).__name__, cls.row_id == row.id).exists()


class Stranger(Record):
    """Somebody whom a newcomer made up in the sandbox, to write in as."""

    name = CharField(max_length=200)
    email = CharField(max_length=254, unique=True)

    @classmethod
    def remember(cls, name: str, email: str) -> None:
        cls.insert(name=name, email=email).on_conflict(conflict_target=[cls.email], update={cls.name: name}).execute()


def has_sample_password(person: Person) -> bool:
    """Whether the printed password opens this person's account."""
    return bool(person.password_hash) and person.has_password(SAMPLE_PASSWORD)
