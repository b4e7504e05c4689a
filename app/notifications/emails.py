"""The letter that tells an agent what happened."""

from dataclasses import replace
from typing import Any

from flask_babel import force_locale

from app.branding.letter import letter
from app.lib import links
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.lib.words import ngettext
from app.notifications.settings import HEADLINES
from app.outbox.delivery import Delivery
from app.outbox.letters import about

LISTED = 50  # tickets named in one letter


@about(
    _l("Notification"), _l("Something happened on an agent's ticket."), group="team", takes=("headline", "text"),
)  # fmt: skip
def happened(delivery: Delivery) -> Letter:
    """What happened, in whose words, and the way to the desk."""
    event = delivery.event
    written = letter(
        "notifications/emails/happened",
        delivery,
        headline=HEADLINES[event.kind],
        text=_words(event),
        status=delivery.ticket.state.label,
        button=_l("Open it at the desk"),
        button_url=links.absolute(f"/desk/tickets/{delivery.ticket.number}"),
    )
    # Where one chooses which of them to get (RFC 2369, section 3.2).
    return replace(written, headers={"List-Unsubscribe": f"<{links.absolute('/desk/profile')}>"})


@about(
    _l("Change of many tickets"), _l("Somebody changed many tickets at once, some of this agent's among them."),
    group="team", takes=("headline", "what", "who", "text"), has_ticket=False,
)  # fmt: skip
def batched(delivery: Delivery) -> Letter:
    """Which of somebody's tickets a change of many touched, and what it was."""
    batch: Any = delivery.about
    theirs = batch.whose().get(delivery.person_id, [])
    with force_locale(delivery.language):
        changed = ngettext("%(num)s of your tickets was changed", "%(num)s of your tickets were changed", len(theirs))
        return letter(
            "notifications/emails/batched",
            delivery,
            headline=changed,
            what=batch.sentence,
            who=batch.by.name,
            text=_listed(theirs),
            tickets=[(ticket.number, ticket.subject, _at_desk(ticket)) for ticket in theirs[:LISTED]],
            more=max(0, len(theirs) - LISTED),
            button=_l("Open it at the desk"),
            button_url=links.absolute("/desk/tickets?view=mine"),
        )


def _listed(theirs: list[Any]) -> str:
    lines = [f"{ticket.number} {ticket.subject}\n{_at_desk(ticket)}" for ticket in theirs[:LISTED]]
    more = len(theirs) - LISTED
    return "\n".join(lines) + ("\n\n" + ngettext("And %(num)s more.", "And %(num)s more.", more) if more > 0 else "")


def _at_desk(ticket: Any) -> str:
    return links.absolute(f"/desk/tickets/{ticket.number}")


def _words(event: Any) -> str:
    """What was said or why, if the event is about that."""
    about = event.about
    if event.kind in ("message.received", "message.claimed", "message.mentioned") and about is not None:
        return f"{about.author_name}:\n\n{about.text[:2000]}"
    if event.kind == "delivery.failed" and about is not None:
        return f"{about.to_address}: {about.answer}"
    return str(event.details.get("reasons") or "")
