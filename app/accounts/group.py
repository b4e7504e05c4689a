"""Groups of agents."""

from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record


class NoGroupName(Refused):
    says = _l("Give the group a name.")
    field = "name"


class GroupNameTaken(Refused):
    says = _l("There is already a group with this name.")
    field = "name"


class Group(Record):
    """A team; tickets may belong to one. Restricted: only members, assignee and administrators see them (SPEC P3)."""

    name = CharField(max_length=120, unique=True)
    is_restricted = BooleanField(default=False)
    is_active = BooleanField(default=True)
    position = IntegerField(default=0)

    class Meta:
        table_name = "agent_group"  # GROUP is a word of SQL

    @classmethod
    def active(cls) -> list["Group"]:
        return list(cls.select().where(cls.is_active).order_by(cls.position, cls.name))

    @classmethod
    def all(cls) -> list["Group"]:
        """Also those switched off."""
        return list(cls.select().order_by(cls.is_active.desc(), cls.position, cls.name))

    @classmethod
    def by_number(cls, number: int) -> "Group | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def found(cls, *, by: Person, name: str, members: list[int], **details: Any) -> "Group":
        """A new group with these people in it. Raises NotAllowed, NoGroupName, GroupNameTaken."""
        demand(by, "configure")
        last = cls.select(cls.position).order_by(cls.position.desc()).limit(1).scalar() or 0
        group = cls.create(name=cls._free_name(name), position=last + 1, **details)
        group._seat(members)
        record("group.founded", by=by, about=group)
        return group

    @transaction()
    def describe(self, *, by: Person, name: str, members: list[int], **details: Any) -> None:
        """Raises NotAllowed, NoGroupName, GroupNameTaken."""
        demand(by, "configure")
        self.change(name=self._free_name(name, but=self), **details)
        self._seat(members)
        record("group.changed", by=by, about=self)

    @classmethod
    def _free_name(cls, name: str, but: "Group | None" = None) -> str:
        name = " ".join(name.split())[:120]
        if not name:
            raise NoGroupName
        if any(each.name.casefold() == name.casefold() and each != but for each in cls.select()):
            raise GroupNameTaken
        return name

    def _seat(self, members: list[int]) -> None:
        """Exactly these people belong to it."""
        there = {person.id: person for person in self.members}
        for person in there.values():
            if person.id not in members:
                self.let_go(person)
        for person in Person.select().where(Person.id.in_([each for each in members if each not in there])):
            self.take_in(person)

    @property
    def members(self) -> list[Person]:
        return list(Person.select().join(GroupMember).where(GroupMember.group == self).order_by(Person.name))

    def take_in(self, person: Person) -> None:
        GroupMember.insert(group=self, person=person).on_conflict_ignore().execute()

    def let_go(self, person: Person) -> None:
        GroupMember.delete().where(GroupMember.group == self, GroupMember.person == person).execute()


class GroupMember(Record):
    """One agent's place in one group."""

    group = ForeignKeyField(Group, backref="memberships", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")

    class Meta:
        indexes = ((("group", "person"), True),)
