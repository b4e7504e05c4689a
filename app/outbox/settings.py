"""How mail leaves."""

from datetime import datetime, timedelta

from app.lib.clock import now
from app.lib.words import lazy_gettext as _l
from app.settings.section import Seconds, Section

LONGEST = 300  # seconds: what waits longer is no slip of the hand


class SendingSettings(Section):
    """What is written can be taken back for a moment (T19)."""

    title = _l("Undo sending")

    undo_seconds = Seconds(
        10,
        _l("Undo sending for"),
        _l("Seconds that a reply or a closing waits before it leaves; at most 300. 0: none."),
    )


def hold() -> datetime | None:
    """Until when what is written now can be taken back; None where it leaves at once."""
    seconds = min(SendingSettings.undo_seconds, LONGEST)
    return now() + timedelta(seconds=seconds) if seconds > 0 else None
