"""The life cycle of SPEC section 2, as data: the statuses, and what may be done in each."""

from dataclasses import dataclass
from typing import Any

from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp

TEAM, CUSTOMER, ON_HOLD, CLOSED = 1, 2, 3, 4  # the turns, in the order a list shows them
OPEN = (TEAM, CUSTOMER, ON_HOLD)
AWAY = 5  # merged into another ticket, or in the bin: in no list, and nothing can be done with it

TURNS: dict[int, tuple[Any, Any]] = {
    TEAM: (_l("Team's turn"), _l("The customer is waiting for something from us")),
    CUSTOMER: (_l("Customer's turn"), _l("The clock is paused until they answer")),
    ON_HOLD: (_l("On hold"), _l("Pending or resolved")),
    CLOSED: (_lp("tickets", "Closed"), ""),
}


@dataclass(frozen=True)
class Status:
    """`kind`: unattended, attended or closed. `clock`: runs, paused or stopped."""

    key: str
    label: Any
    portal_label: Any
    kind: str
    clock: str
    turn: int


def _status(key: str, label: Any, kind: str, clock: str, turn: int, portal: Any = None) -> Status:
    return Status(key, label, portal or label, kind, clock, turn)


STATUSES: dict[str, Status] = {
    status.key: status
    for status in (
        _status("open", _l("Open"), "unattended", "runs", TEAM),
        _status("in_progress", _l("In progress"), "unattended", "runs", TEAM),
        _status(
            "answered_by_team", _l("Answered by team"), "attended", "paused", CUSTOMER, _l("Waiting for your reply")
        ),
        _status("answered_by_customer", _l("Answered by customer"), "unattended", "runs", TEAM),
        _status(
            "awaiting_authorization",
            _l("Awaiting authorization"),
            "attended",
            "paused",
            CUSTOMER,
            _l("Waiting for your authorization"),
        ),
        _status("authorized", _l("Authorization accepted"), "unattended", "runs", TEAM),
        _status("denied", _l("Authorization denied"), "unattended", "runs", TEAM),
        _status("pending", _l("Pending"), "attended", "paused", ON_HOLD),
        _status("resolved", _l("Resolved"), "attended", "stopped", ON_HOLD),
        _status("closed_by_customer", _l("Closed by customer"), "closed", "stopped", CLOSED),
        _status("closed_by_team", _l("Closed by team"), "closed", "stopped", CLOSED),
    )
}

UNATTENDED = frozenset(key for key, status in STATUSES.items() if status.kind == "unattended")
CLOSED_ONES = frozenset(key for key, status in STATUSES.items() if status.kind == "closed")
NOT_CLOSED = frozenset(STATUSES) - CLOSED_ONES
ON_HAND = frozenset({"in_progress", "pending", "resolved"})  # what an agent may set directly (L10)

# act -> (statuses it is allowed in, status after it; None: stays or is chosen). Rows of SPEC section 2.
ACTS: dict[str, tuple[frozenset[str], str | None]] = {
    "reply": (NOT_CLOSED, "answered_by_team"),  # L2
    "hear": (NOT_CLOSED, "answered_by_customer"),  # L3
    "hear_after_closing": (CLOSED_ONES, "answered_by_customer"),  # L9, where the setting is on
    "note": (frozenset(STATUSES), None),
    "request_authorization": (NOT_CLOSED, "awaiting_authorization"),  # L4
    "authorize": (NOT_CLOSED, "authorized"),  # L5
    "deny": (NOT_CLOSED, "denied"),  # L6
    "close_by_customer": (NOT_CLOSED, "closed_by_customer"),  # L7
    "close_by_team": (NOT_CLOSED, "closed_by_team"),  # L8
    "set_status": (NOT_CLOSED, None),  # L10
    "reopen": (CLOSED_ONES, "open"),  # L11
    "withdraw_authorization": (NOT_CLOSED, "in_progress"),  # L12
    "fail_delivery": (frozenset({"answered_by_team", "awaiting_authorization"}), "in_progress"),  # L13
    "remind": (NOT_CLOSED, None),  # L14
}


class StatusForbids(Refused):
    """The present status does not allow this act."""

    says = _l("That is not possible while the ticket is “%(status)s”.")
    status = 409


def next_status(act: str, status: str) -> str:
    """The status after `act`. Raises StatusForbids where the present one does not allow it."""
    allowed, after = ACTS[act]
    if status not in allowed:
        raise StatusForbids(status=str(STATUSES[status].label))
    return after or status


def allows(act: str, status: str) -> bool:
    return status in ACTS[act][0]
