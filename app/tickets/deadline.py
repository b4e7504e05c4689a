"""The deadline as a clock: what is left, how late, or that it stands still (SPEC T15, UI section 4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.lib.clock import now
from app.lib.moments import span
from app.lib.words import gettext as _
from app.tickets.lifecycle import STATUSES

WARN_FROM = 75  # per cent of the time spent


@dataclass(frozen=True, slots=True)
class Clock:
    """`state`: ok, warn, late, paused or met; `minutes` left, or past; `share`: per cent spent."""

    state: str
    minutes: int = 0
    share: int = 0

    @property
    def label(self) -> str:
        if self.state == "paused":
            return _("Paused")
        if self.state == "met":
            return _("In time")
        return f"−{self._words}" if self.state == "late" else self._words

    @property
    def hidden(self) -> str:
        """The full words for the ear; empty where the label says it all."""
        if self.state in ("paused", "met"):
            return ""
        if self.state == "late":
            return _("Overdue by %(time)s", time=self._words)
        return _("%(time)s left", time=self._words)

    @property
    def _words(self) -> str:
        return span(timedelta(minutes=self.minutes))


def clock(
    status: str,
    due_at: datetime | None,
    created_at: datetime,
    resolved_at: datetime | None = None,
    *,
    at: datetime | None = None,
) -> Clock | None:
    """The clock of a ticket at that moment, or now; None where nothing is due."""
    if due_at is None:
        return None
    runs = STATUSES[status].clock
    if runs == "paused":
        return Clock("paused")
    if runs == "stopped":
        return Clock("met") if resolved_at and resolved_at <= due_at else None
    left = (due_at - (at or now())).total_seconds()
    if left < 0:
        return Clock("late", int(-left // 60))
    whole = max((due_at - created_at).total_seconds(), 1)
    share = min(100, max(0, round(100 * (1 - left / whole))))
    return Clock("warn" if share >= WARN_FROM else "ok", int(left // 60), share)
