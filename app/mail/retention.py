"""How long the ledger keeps a mail as it came: what a ticket needs for good, the others by the settings (SPEC C9)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.lib.clock import now
from app.lib.db import transaction
from app.mail.settings import LedgerSettings

if TYPE_CHECKING:
    from app.mail.ledger import LedgerEntry

AT_ONCE = 500  # rows of one transaction: other writers wait for it


class Forgettable:
    """Letting go of the bytes and the words of mails that no ticket needs; their lines stay."""

    @classmethod
    def forget_old(cls: "type[LedgerEntry]") -> int:
        """The nightly duty. Returns how many mails are no longer kept; the sweep of orphans removes their files."""
        periods = {
            "ignored": LedgerSettings.keep_ignored,
            "passed": LedgerSettings.keep_passed,
            "quarantined": LedgerSettings.keep_quarantined,
            "discarded": LedgerSettings.keep_discarded,
        }
        return sum(cls._forget(outcome, days) for outcome, days in periods.items() if days)

    @classmethod
    def _forget(cls: "type[LedgerEntry]", outcome: str, days: int) -> int:
        forgotten, before = 0, now() - timedelta(days=days)
        old = (cls.outcome == outcome) & (cls.fetched_at < before) & (cls.raw_sha256 != "")
        while True:
            with transaction():
                few = cls.select(cls.id).where(old).order_by(cls.id).limit(AT_ONCE)
                count = cls.update(raw_sha256="", excerpt="").where(cls.id.in_(few), old).execute()
            forgotten += count
            if count < AT_ONCE:
                return forgotten
