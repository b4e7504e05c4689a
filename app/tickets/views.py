"""The views of the desk: the queues an agent works from, each a condition over tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.lib.prepared import slot
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.tickets.lifecycle import CLOSED, CUSTOMER, OPEN, TEAM
from app.tickets.ticket import Ticket


@dataclass(frozen=True)
class View:
    """`turns` it covers, in the order a list shows them; `where` narrows them, with the slots `me` and `day_end`."""

    key: str
    label: Any
    icon: str
    turns: tuple[int, ...] = OPEN
    where: Any = None
    says_turn: bool = False  # the condition alone implies the turn, so that a count can leave it out
    order: str = "due"
    is_counted: bool = True
    is_hot: bool = False
    is_shown: bool = True


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("mine", _l("My tickets"), "user", where=Ticket.assignee == slot("me")),
        View("unattended", _l("Unattended"), "bell", turns=(TEAM,), is_hot=True),
        View("unassigned", _l("Unassigned"), "user-dashed", where=Ticket.assignee.is_null()),
        View(
            "awaiting-authorization",
            _l("Awaiting authorization"),
            "sign",
            turns=(CUSTOMER,),
            where=Ticket.status == "awaiting_authorization",
            says_turn=True,
        ),
        View(
            "due-today",
            _l("Due today"),
            "calendar",
            turns=(TEAM,),  # where it is anybody else's, the clock stands still
            where=Ticket.due_order < slot("day_end"),
        ),
        View("all", _l("All open"), "layers"),
        View("closed", _lp("tickets", "Closed"), "archive", turns=(CLOSED,), order="activity", is_counted=False),
        View("any", _l("All tickets"), "inbox", (*OPEN, CLOSED), order="activity", is_counted=False, is_shown=False),
    )
}
DEFAULT = "unattended"


def usual_view(q: str, filters: Mapping[str, str]) -> str:
    """Where an address names no view: whose tickets or which words means all of them, a group its open ones."""
    if q or "requester" in filters or "organization" in filters:
        return "any"
    return "all" if "group" in filters else DEFAULT
