"""What a line of a list shows beside number, dot and subject: the usual columns, and those one may add."""

from collections.abc import Iterable
from typing import Any

from app.lib.words import lazy_gettext as _l
from app.tickets.custom import MOST, number_of

STANDARD = ("priority", "customer", "status", "due", "assignee", "channel", "activity")
COLUMNS: dict[str, Any] = {
    "priority": _l("Priority"),
    "customer": _l("Customer"),
    "status": _l("Status"),
    "due": _l("Deadline"),
    "assignee": _l("Assigned to"),
    "channel": _l("Channel"),
    "activity": _l("Activity"),
    "category": _l("Category"),
    "type": _l("Type"),
    "group": _l("Group"),
    "service": _l("Service"),
    "product": _l("Product"),
    "serial": _l("Serial number"),
    "created": _l("Created"),
}


def chosen(said: str) -> tuple[str, ...]:
    """The columns that an address names, between commas: ours in our order, then fields of the installation's own."""
    asked = dict.fromkeys(said.split(","))
    return (*(name for name in COLUMNS if name in asked), *own(asked)) or STANDARD


def own(names: Iterable[str]) -> list[str]:
    """Those that are fields of the installation's own (T20), as many as a list shows."""
    return [name for name in names if number_of(name)][:MOST]
