"""How a row of the list looks: what its ids stand for, and the key by which the drawn row is kept (app/lib/kept.py)."""

from collections.abc import Hashable

from app.frame import today
from app.tickets.choices import Choice, Choices
from app.tickets.rows import Row

MARKS = {"desk": "app", "form": "web", "email": "mail", "chat": "chat", "whatsapp": "whatsapp", "link": "web"}
SNIPPET = 90  # characters: no list is wide enough for more


class Looks:
    """Given to the template of a row, `tickets/desk/_row.html`."""

    def __init__(self, choices: Choices, path: str) -> None:
        self.path, self.snippet = path, SNIPPET
        self._priorities, self._agents, self._origins = (choices[kind] for kind in ("priority", "assignee", "origin"))
        self._today = today()

    def key(self, row: Row) -> tuple[Hashable, ...]:
        return row, self.priority(row), self.assignee(row), self.origin(row), row.clock, self._today

    def priority(self, row: Row) -> Choice | None:
        return self._priorities.get(row.priority_id or 0)

    def assignee(self, row: Row) -> Choice | None:
        return self._agents.get(row.assignee_id or 0)

    def origin(self, row: Row) -> Choice | None:
        return self._origins.get(row.origin_id or 0)

    def mark(self, origin: Choice) -> str:
        """The small drawing of a channel."""
        return MARKS.get(origin.key or "", "app")
