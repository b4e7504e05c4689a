"""The groups as one agent sees them, read once a page."""

from dataclasses import dataclass
from functools import cached_property

from peewee import JOIN, Select

from app.accounts.group import Group, GroupMember
from app.accounts.person import Person
from app.lib.prepared import prepared, slot


@dataclass(frozen=True)
class Team:
    """One group, and whether this agent belongs to it."""

    id: int
    name: str
    is_restricted: bool
    is_mine: bool


class Teams:
    """All active groups, mine among them, and those whose tickets this agent may not see (SPEC P3)."""

    def __init__(self, me: Person) -> None:
        self.me = me

    @cached_property
    def all(self) -> list[Team]:
        rows = prepared("teams", _teams).rows({"me": self.me.id})
        return [Team(key, name, bool(restricted), bool(member)) for key, name, restricted, member in rows]

    @property
    def mine(self) -> list[Team]:
        return [team for team in self.all if team.is_mine]

    @property
    def open_to_me(self) -> list[Team]:
        return [team for team in self.all if team.id not in self.closed_to_me]

    @cached_property
    def closed_to_me(self) -> frozenset[int]:
        if self.me.agent and self.me.agent.is_administrator:
            return frozenset()
        return frozenset(team.id for team in self.all if team.is_restricted and not team.is_mine)


def _teams() -> Select:
    mine = (GroupMember.group == Group.id) & (GroupMember.person == slot("me"))
    query = Group.select(Group.id, Group.name, Group.is_restricted, GroupMember.id)
    query = query.join(GroupMember, JOIN.LEFT_OUTER, on=mine).where(Group.is_active | Group.is_restricted)
    return query.order_by(Group.position, Group.name)
