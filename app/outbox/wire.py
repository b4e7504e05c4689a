"""Which wire mail goes out by: the sandbox, until somebody goes live (SPEC 9)."""

from app.lib.words import lazy_gettext as _l
from app.settings.section import Choice, Section


class WireSettings(Section):
    """Set by going live and by going back, never by hand."""

    title = _l("Mail")

    mode = Choice("sandbox", _l("Wire"), choices=[("sandbox", _l("Sandbox")), ("live", _l("Live"))])


def current_wire() -> str:
    """`sandbox` or `live`. A delivery keeps the wire it was written for."""
    return WireSettings.mode


def is_live() -> bool:
    return WireSettings.mode == "live"
