"""The letter that tells an agent what happened."""

from typing import Any

from app.branding.letter import letter
from app.lib import links
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.notifications.telling import HEADLINES
from app.outbox.delivery import Delivery


def happened(delivery: Delivery) -> Letter:
    """What happened, in whose words, and the way to the desk."""
    event = delivery.event
    return letter(
        "notifications/emails/happened",
        delivery,
        headline=HEADLINES[event.kind],
        text=_words(event),
        status=delivery.ticket.state.label,
        button=_l("Open it at the desk"),
        button_url=links.absolute(f"/desk/tickets/{delivery.ticket.number}"),
    )


def _words(event: Any) -> str:
    """What was said or why, if the event is about that."""
    about = event.about
    if event.kind in ("message.received", "message.claimed") and about is not None:
        return f"{about.author_name}:\n\n{about.text[:2000]}"
    if event.kind == "delivery.failed" and about is not None:
        return f"{about.to_address}: {about.answer}"
    return str(event.details.get("reasons") or "")
