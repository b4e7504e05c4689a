"""How the parts of a row look, each drawn once a page: 25 rows show the same few pills, marks and avatars."""

from collections.abc import Callable, Hashable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from app.tickets.choices import Choices
from app.tickets.deadline import Clock, clock
from app.tickets.lifecycle import STATUSES
from app.tickets.rows import Row

MARKS = {"desk": "app", "form": "web", "email": "mail", "chat": "chat", "whatsapp": "whatsapp", "link": "web"}


class Drawn(dict[Hashable, Markup]):
    """What was drawn, by its key; what was not is drawn when it is asked for."""

    def __init__(self, draw: Callable[[Any], Markup]) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, key: Hashable) -> Markup:
        self[key] = drawn = self._draw(key)
        return drawn


class Looks:
    """Given to the template of the list: `looks.status[row.status]`."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.ui = current_app.jinja_env.globals["ui"]
        self.status = Drawn(lambda key: self.ui.status(key, str(STATUSES[key].label)))
        self.priority = Drawn(self._priority)
        self.assignee = Drawn(self._assignee)
        self.origin = Drawn(self._origin)
        self._clocks = Drawn(self.ui.clock)
        self.clip = self.ui.mark("files", _("With attachments"))
        self.unread = self.ui.unread()

    def clock(self, row: Row) -> Markup:
        found: Clock | None = clock(row.status, row.due_at, row.created_at, row.resolved_at)
        return self._clocks[found] if found else Markup("")

    def _priority(self, number: int | None) -> Markup:
        found = self.choices["priority"].get(number or 0)
        return self.ui.priority(found.level, found.label, words=False) if found else Markup("")

    def _assignee(self, number: int | None) -> Markup:
        found = self.choices["assignee"].get(number or 0)
        return self.ui.avatar(found, says=found.label if found else _("Unassigned"))

    def _origin(self, number: int | None) -> Markup:
        found = self.choices["origin"].get(number or 0)
        return self.ui.mark(MARKS.get(found.key or "", "app"), found.label) if found else Markup("")
