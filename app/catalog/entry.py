"""What every list of the catalog has in common."""

from functools import cache
from typing import Any, ClassVar, Self

from peewee import BooleanField, CharField, IntegerField

from app.lib.db import Record, in_turn, transaction
from app.lib.folding import folded
from app.lib.refusals import Refused
from app.lib.words import in_every_language
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record


class StillNeeded(Refused):
    """The system sets this entry by itself."""

    says = _l("Ventanilla sets this one by itself, so it stays. You can rename it.")


class Nameless(Refused):
    says = _l("Give it a name.")
    field = "name"


class NameTaken(Refused):
    says = _l("There is already one with this name.")
    field = "name"


@cache
def _in_every_language(entries: "type[Entry]", key: str) -> list[str]:
    return in_every_language(entries.shipped.get(key, key))


class Entry(Record):
    """One entry of a list: named, ordered, coloured, perhaps switched off."""

    is_abstract = True
    shipped: ClassVar[dict[str, Any]] = {}  # key -> label in the reader's language

    key = CharField(max_length=40, null=True, unique=True)
    name = CharField(max_length=120, null=True)
    color = CharField(max_length=12, default="")
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)

    @property
    def label(self) -> str:
        """Its own name; a shipped entry that was never renamed speaks the reader's language."""
        return self.name or str(self.shipped.get(self.key or "", self.key or ""))

    @property
    def recorded(self) -> str | dict[str, str]:
        """How the history keeps it: by its own name, or as the shipped entry that it is, for `said` of each reader."""
        return self.name or {"list": type(self).__name__, "key": self.key or ""}

    @property
    def names(self) -> list[str]:
        """What people call it: its own name, or the label of a shipped entry in each of our languages."""
        return [self.name] if self.name else _in_every_language(type(self), self.key or "")

    def __str__(self) -> str:
        return self.label

    @classmethod
    def active(cls) -> list[Self]:
        """The entries on offer, in their order."""
        return list(cls.select().where(cls.is_active).order_by(cls.position, cls.id))

    @classmethod
    def first(cls) -> Self | None:
        """The default entry: the first one on offer."""
        return cls.find(is_active=True, order=("position", "id"))

    @classmethod
    def by_key(cls, key: str) -> Self:
        found = cls.find(key=key)
        if found is None:
            raise cls.DoesNotExist
        return found

    @classmethod
    def add(cls, name: str, **details: Any) -> Self:
        """A new entry at the end of its list. Raises Nameless, NameTaken."""
        name = cls._free_name(name)
        last = cls.select(cls.position).order_by(cls.position.desc()).limit(1).scalar() or 0
        return cls.create(name=name, position=last + 1, **details)

    def rename(self, name: str) -> None:
        """Raises Nameless, NameTaken."""
        if folded(name.strip()) == folded(self.label):  # another spelling of itself
            if name.strip() != self.label:
                self.change(name=name.strip())
            return
        self.change(name=self._free_name(name))

    def switch(self, *, on: bool) -> None:
        """Offers the entry, or no longer offers it. Raises StillNeeded where the system itself sets it."""
        if not on and self.is_system:
            raise StillNeeded
        self.change(is_active=on)

    def move(self, *, up: bool) -> None:
        """Changes places with its neighbour."""
        cls = type(self)
        entries = list(cls.select().order_by(cls.position, cls.id))
        here = [entry.id for entry in entries].index(self.id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(entries):
            entries[here], entries[there] = entries[there], entries[here]
        for position, entry in enumerate(entries):
            if entry.position != position:
                entry.change(position=position)

    @classmethod
    def all(cls) -> list[Self]:
        """Also those switched off, in their order."""
        return list(cls.select().order_by(cls.position, cls.id))

    @classmethod
    def by_number(cls, number: int) -> Self | None:
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def enter(cls, *, by: Any, name: str, **details: Any) -> Self:
        """An administrator's new entry. Raises Nameless, NameTaken."""
        entry = cls.add(name, **details)
        record("entry.added", by=by, about=entry, name=entry.label)
        return entry

    @transaction()
    def amend(self, *, by: Any, name: str, **details: Any) -> None:
        """Another name, color, or what else this list keeps. Raises Nameless, NameTaken."""
        was = self.label
        self.rename(name)
        self.change(**details)
        record("entry.changed", by=by, about=self, was=was, now=self.label)

    @property
    def is_system(self) -> bool:
        return False

    @classmethod
    def is_taken(cls, name: str) -> bool:
        """Whether one is called so, with other accents or letters perhaps: search knows no difference either."""
        wanted = folded(" ".join(name.split()))
        return any(folded(entry.label) == wanted for entry in cls.select())

    @classmethod
    def _free_name(cls, name: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise Nameless
        in_turn(cls._meta.table_name)
        if cls.is_taken(name):
            raise NameTaken
        return name[:120]
