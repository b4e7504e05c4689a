"""How a row of the list looks: what its ids stand for, and the key by which the drawn row is kept (app/lib/kept.py)."""

from collections.abc import Hashable

from app.accounts.teams import Teams
from app.catalog.lists import Justification
from app.frame import today
from app.lib.kinds import said
from app.tickets.choices import Choice, Choices, reason
from app.tickets.columns import COLUMNS, STANDARD
from app.tickets.lifecycle import ON_HAND, STATUSES
from app.tickets.listing import PER_COLUMN, Listing
from app.tickets.rows import Row
from app.tickets.settings import TicketSettings

MARKS = {"desk": "app", "form": "web", "email": "mail", "chat": "chat", "whatsapp": "whatsapp", "link": "web"}
SNIPPET = 80  # characters: no list is wide enough for more


class Looks:
    """Given to the template of a row, `tickets/desk/_row.html`."""

    def __init__(self, choices: Choices, listing: Listing, teams: Teams, *, may_select: bool) -> None:
        self.path, self.snippet, self.may_select = listing.path, SNIPPET, may_select
        off = self.off = tuple(TicketSettings.fields_off)  # an older address or view may still ask for what is off
        self._own = {f"custom_{each.id}": each for each in choices.offered("custom")}
        on = self._own.keys() | (COLUMNS.keys() - STANDARD) - set(off)
        self.more = [name for name in listing.columns if name in on]
        gone = {"due" if name == "due_at" else name for name in off}
        self.without = " ".join(name for name in STANDARD if name not in listing.columns or name in gone)
        self._priorities, self._agents, self._origins = (choices[kind] for kind in ("priority", "assignee", "origin"))
        self._lists = {name: choices[name] for name in ("category", "type", "service", "product")}
        self._groups = {team.id: team.name for team in teams.all}
        self._today, self._names = today(), choices.key
        self.per_column = PER_COLUMN
        self.groups = [(team.id, team.name) for team in teams.open_to_me]
        self.on_hand = [(key, STATUSES[key]) for key in STATUSES if key in ON_HAND]
        self.status_pairs = [(key, status.label) for key, status in self.on_hand]

    @property
    def kept_by(self) -> tuple[Hashable, ...]:
        """All that the lines show beside their own: columns, names, who may tick, today."""
        shown = self.without, self.off, *self.more
        return self.path, self.may_select, *shown, self._today, self._names, *self._groups.items()

    def heading(self, name: str) -> str:
        """Of a column that was added."""
        return self._own[name].label if name in self._own else str(COLUMNS[name])

    def pairs(self, choices: Choices, kind: str) -> list[tuple[int, str]]:
        """What a list offers: (number, words)."""
        return [(choice.id, choice.label) for choice in choices.offered(kind)]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Why a status: asked for only by who is about to give one."""
        return [(each.id, reason(each)) for each in Justification.active()]

    def key(self, row: Row) -> tuple[Hashable, ...]:
        more = tuple(self.cell(row, name) for name in self.more)
        named = self.priority(row), self.assignee(row), self.origin(row)
        return row, *named, row.clock, self._today, self.may_select, *more, *self.off

    def shows(self, name: str) -> bool:
        """Whether a field is on (T6)."""
        return name not in self.off

    def cell(self, row: Row, name: str) -> str:
        """What stands in a column that was added; a date is the template's to say."""
        if own := self._own.get(name):
            return said(own.own_kind, dict(row.own).get(own.id, ""))
        if name in self._lists:
            entry = self._lists[name].get(getattr(row, f"{name}_id") or 0)
            return entry.label if entry else ""
        return {"group": self._groups.get(row.group_id or 0, ""), "serial": row.serial}.get(name, "")

    def priority(self, row: Row) -> Choice | None:
        return None if "priority" in self.off else self._priorities.get(row.priority_id or 0)

    def assignee(self, row: Row) -> Choice | None:
        return self._agents.get(row.assignee_id or 0)

    def origin(self, row: Row) -> Choice | None:
        return self._origins.get(row.origin_id or 0)

    def mark(self, origin: Choice) -> str:
        """The small drawing of a channel."""
        return MARKS.get(origin.key or "", "app")
