"""The deadline as a clock: what is left, how late, or that it stands still (SPEC T15, UI section 4)."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.lib.clock import now
from app.lib.moments import span
from app.tickets.lifecycle import STATUSES

WARN_FROM = 75  # per cent of the time spent


@dataclass(frozen=True, slots=True)
class Clock:
    """`state`: ok, warn, late, paused or met; `hidden`: the full words for the ear; `share`: per cent spent."""

    state: str
    label: str
    hidden: str = ""
    share: int = 0


def clock(
    status: str, due_at: datetime | None, created_at: datetime, resolved_at: datetime | None = None
) -> Clock | None:
    """The clock of a ticket; None where nothing is due."""
    if due_at is None:
        return None
    runs = STATUSES[status].clock
    if runs == "paused":
        return Clock("paused", _("Paused"))
    if runs == "stopped":
        return Clock("met", _("In time")) if resolved_at and resolved_at <= due_at else None
    left = due_at - now()
    words = span(left)
    if left.total_seconds() < 0:
        return Clock("late", f"−{words}", _("Overdue by %(time)s", time=words))
    whole = max((due_at - created_at).total_seconds(), 1)
    share = min(100, max(0, round(100 * (1 - left.total_seconds() / whole))))
    return Clock("warn" if share >= WARN_FROM else "ok", words, _("%(time)s left", time=words), share)
