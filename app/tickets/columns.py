"""What a line of a list shows beside number, dot and subject: the usual columns, and those one may add."""

from typing import Any

from app.lib.words import lazy_gettext as _l

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
