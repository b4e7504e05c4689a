"""Letters about a request for authorization. No link in them decides: they open the request on its page (L4)."""

from typing import Any

from app.attachments.enclosing import enclose
from app.branding.letter import letter
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery

OPEN_REQUEST = _l("Open the request")


def requested(delivery: Delivery) -> Letter:
    """The request, with the exact text."""
    return _request("authorizations/emails/requested", delivery)


def reminded(delivery: Delivery) -> Letter:
    """The request again, with a fresh link (L14)."""
    return _request("authorizations/emails/reminded", delivery, asked_at=delivery.about.created_at)


def authorized(delivery: Delivery) -> Letter:
    """Confirms a yes to who gave it."""
    return _decided("authorizations/emails/authorized", delivery)


def denied(delivery: Delivery) -> Letter:
    """Confirms a no to who gave it."""
    return _decided("authorizations/emails/denied", delivery)


def _request(folder: str, delivery: Delivery, **values: Any) -> Letter:
    authorization = delivery.about
    enclosed = enclose(authorization.attachments)
    return letter(
        folder,
        delivery,
        files=enclosed.files,
        author=authorization.asked_by.name,
        text=authorization.text,
        valid_until=authorization.valid_until,
        button=OPEN_REQUEST,
        reply_line=True,
        **enclosed.words,
        **values,
    )


def _decided(folder: str, delivery: Delivery) -> Letter:
    authorization = delivery.about
    decision = authorization.decision
    return letter(
        folder,
        delivery,
        text=decision.text,
        reasons=decision.reasons,
        decided_at=decision.decided_at,
        decided_by=decision.name,
        button=_l("Open the ticket"),
        reply_line=True,
    )
