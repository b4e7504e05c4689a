"""What a list's filters offer, and what its rows are called by: agents and small catalogs, in one statement."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.accounts.person import Person, initials
from app.catalog.entry import Entry
from app.catalog.lists import Category, Justification, Origin, Priority, Product, Service, Tag, TicketType
from app.lib.db import database
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.tickets.lifecycle import STATUSES

LISTS: dict[str, type[Entry]] = {
    "priority": Priority,
    "category": Category,
    "type": TicketType,
    "origin": Origin,
    "service": Service,
    "product": Product,
    "justification": Justification,
    "tag": Tag,
}
CUSTOMERS: dict[str, Any] = {"organization": Organization, "requester": Person, "equipment": Equipment}
FEW = 200  # organizations: more are no list to choose from, but a search
KINDS = (*LISTS, "company", "mailbox", "custom", "assignee")


class Choice(NamedTuple):
    """One agent or entry; a shipped entry has a name of its own only where it was renamed."""

    kind: str
    id: int
    name: str
    is_offered: bool
    key: str | None = None  # of a shipped entry; of a field of the installation's own its kind and choices
    level: int = 0  # of a priority

    @property
    def label(self) -> str:
        return self.name or str(LISTS[self.kind].shipped.get(self.key or "", self.key))

    @property
    def own_kind(self) -> str:
        """Of a field of the installation's own: text, number, date, choice, yes_no."""
        return (self.key or "").partition(" ")[0]

    @property
    def own_choices(self) -> list[str]:
        """What a field of kind choice offers."""
        found: list[str] = json.loads((self.key or "").partition(" ")[2])
        return found

    @property
    def initials(self) -> str:
        return initials(self.label)


def _statement() -> str:
    """Plain SQL, the same on both engines: the lists and the agents, told apart by their first column."""
    parts = [
        f"SELECT '{name}' AS kind, id, key, name, is_active AS offered, position, "  # noqa: S608
        f"{'level' if entries is Priority else '0'} AS level FROM {entries._meta.table_name}"
        for name, entries in LISTS.items()
    ]
    parts.append("SELECT 'as-of', COALESCE(MAX(id), 0), NULL, NULL, (1 = 1), 0, 0 FROM event")
    parts.append("SELECT 'company', id, NULL, name, is_active, 0, 0 FROM company")
    parts.append("SELECT 'mailbox', id, NULL, name, (state = 'confirmed'), 0, 0 FROM mailbox")
    parts.append(
        "SELECT 'custom', id, kind || ' ' || CAST(choices AS TEXT), name, is_active, position, 0 FROM custom_field"
    )
    parts.append(
        "SELECT 'assignee', p.id, NULL, p.name, (a.is_active AND a.role <> 'viewer'), 0, 0 "
        "FROM agent a JOIN person p ON p.id = a.person_id"
    )
    return " UNION ALL ".join(parts) + " ORDER BY kind, position, name, id"


def reason(each: Justification) -> str:
    """A reason as it is offered: one that is for a single status says for which (T14)."""
    return f"{each.label} ({STATUSES[each.status].label})" if each.status else str(each.label)


def named_customers(filters: Mapping[str, str]) -> dict[str, str]:
    """What the customers and machines are called that a list is narrowed by; those that are gone have no name."""
    asked = {name: int(filters[name]) for name in CUSTOMERS if filters.get(name, "").isdecimal()}
    found = {name: CUSTOMERS[name].get_or_none(CUSTOMERS[name].id == number) for name, number in asked.items()}
    return {name: record.name for name, record in found.items() if record}


def few_organizations() -> list[tuple[int, str]]:
    """All of them by name, or none where they are too many to choose from."""
    query = Organization.select(Organization.id, Organization.name).order_by(Organization.name, Organization.id)
    found = list(query.limit(FEW + 1).tuples())
    return found if len(found) <= FEW else []


class Choices:
    """`choices["priority"]` is a dictionary by id, in the order of the list."""

    def __init__(self) -> None:
        self._found: dict[str, dict[int, Choice]] = {name: {} for name in KINDS}
        self.as_of = 0  # the last event there was when all this was read
        for kind, number, key, name, offered, _, level in database.execute_sql(_statement()):
            if kind == "as-of":
                self.as_of = number
                continue
            self._found[kind][number] = Choice(kind, number, name, bool(offered), key, level)

    @property
    def key(self) -> tuple[Choice, ...]:
        """All of them, for what is kept by them."""
        return tuple(choice for entries in self._found.values() for choice in entries.values())

    def __getitem__(self, kind: str) -> dict[int, Choice]:
        return self._found[kind]

    def offered(self, kind: str) -> list[Choice]:
        return [choice for choice in self._found[kind].values() if choice.is_offered]
