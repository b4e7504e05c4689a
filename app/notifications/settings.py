"""Which notices leave by mail at all (SPEC A5): all of them, until an administrator switches one off."""

from typing import Any

from app.lib.words import lazy_gettext as _l
from app.settings.section import Flag, Section

# What an agent is told of by mail, and how it is said.
HEADLINES: dict[str, Any] = {
    "message.received": _l("The customer has answered"),
    "message.claimed": _l("A mail is waiting for somebody to confirm who wrote it"),
    "authorization.authorized": _l("The authorization was given"),
    "authorization.denied": _l("The authorization was denied"),
    "message.mentioned": _l("A note names you"),
    "ticket.woken": _l("The ticket is back: its moment has come"),
    "ticket.assigned": _l("This ticket is yours now"),
    "ticket.reopened": _l("The ticket was taken up again"),
    "batch.ended": _l("Your tickets were changed together with others"),
    "delivery.failed": _l("A mail to the customer could not be delivered"),
}


def _name(kind: str) -> str:
    return kind.replace(".", "_")


# One switch for each kind, so that a new one is on and on the page by being named above.
NotificationSettings: Any = type(
    "NotificationSettings",
    (Section,),
    {
        "__doc__": "What agents are told of by mail; each of them can still do without.",
        "__module__": __name__,
        "title": _l("Notices to agents"),
        **{_name(kind): Flag(True, words) for kind, words in HEADLINES.items()},
    },
)


def switched_on() -> dict[str, Any]:
    """The kinds that leave by mail, with their words."""
    return {kind: words for kind, words in HEADLINES.items() if getattr(NotificationSettings, _name(kind))}
