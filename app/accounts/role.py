"""What each role may do: defaults in code (SPEC P2)."""

from typing import Any

from app.lib.words import lazy_gettext as _l

LABELS: dict[str, Any] = {
    "viewer": _l("Viewer"),
    "agent": _l("Agent"),
    "operator": _l("Operator"),
    "administrator": _l("Administrator"),
}

READING = frozenset({"see"})
HELPING = READING | {"note"}
WORKING = HELPING | {
    "reply",
    "authorize",
    "close",
    "reopen",
    "edit",
    "publish",
    "assign",
    "open",
    "survey",
    "forecast",
    "merge",
    "remove",
}
RUNNING = WORKING | {"route"}
EVERYTHING = RUNNING | {"configure", "invite", "quarantine", "purge"}

MAY: dict[str, frozenset[str]] = {
    "viewer": READING,
    "agent": WORKING,
    "operator": RUNNING,
    "administrator": EVERYTHING,
}
# An internal agent helps and supervises: reads and notes, never writes to customers nor shows them a ticket (SPEC P1).
SPEAKING = frozenset({"reply", "authorize", "close", "reopen", "open", "survey", "merge", "remove", "publish"})
