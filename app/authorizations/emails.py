"""Letters about a request for authorization. No link in them decides: they open the request on its page (L4)."""

from typing import Any

from app.attachments.enclosing import enclose
from app.authorizations.code import LIFE
from app.branding.letter import letter
from app.lib import money
from app.lib.letters import Letter
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.letters import about

OPEN_REQUEST = _l("Open the request")


@about(
    _l("Request"), _l("An agent asks for an authorization."), group="authorization",
    takes=("author", "text", "valid_until"), needs=("text",), is_document=True,
)  # fmt: skip
def requested(delivery: Delivery) -> Letter:
    """The request, with the exact text; of a new version that it stands for the one before."""
    replaced = delivery.about.replaced
    return _request("authorizations/emails/requested", delivery, replaced_from=replaced and replaced.created_at)


@about(
    _l("Reminder"), _l("An agent reminds of a request that waits."), group="authorization",
    takes=("author", "text", "valid_until", "asked_at"), needs=("text",), is_document=True,
)  # fmt: skip
def reminded(delivery: Delivery) -> Letter:
    """The request again, with a fresh link (L14)."""
    return _request("authorizations/emails/reminded", delivery, asked_at=delivery.about.created_at)


@about(
    _l("Answer to a mailed decision"), _l("The customer mails that they authorize or deny."), group="authorization",
    takes=("text", "valid_until", "author"), needs=("text",), is_document=True,
)  # fmt: skip
def claimed(delivery: Delivery) -> Letter:
    """Answers a mail that says it decides: it does not, the page does (C9b)."""
    return _request("authorizations/emails/claimed", delivery)


@about(
    _l("Confirmation of a yes"), _l("The customer has authorized."), group="authorization",
    takes=("text", "decided_at", "decided_by"), needs=("text",), is_document=True,
)  # fmt: skip
def authorized(delivery: Delivery) -> Letter:
    """Confirms a yes to who gave it."""
    return _decided("authorizations/emails/authorized", delivery)


@about(
    _l("Confirmation of a no"), _l("The customer has denied."), group="authorization",
    takes=("text", "decided_at", "decided_by", "reasons"), needs=("text",), is_document=True,
)  # fmt: skip
def denied(delivery: Delivery) -> Letter:
    """Confirms a no to who gave it."""
    return _decided("authorizations/emails/denied", delivery)


@about(
    _l("One-time code"), _l("The customer is asked for a code before they decide."), group="authorization",
    takes=("code", "minutes"), needs=("code",),
)  # fmt: skip
def code(delivery: Delivery) -> Letter:
    """The one-time code; no link, so that who reads only this mail opens nothing (W6b)."""
    made = delivery.about
    digits = made.digits
    return letter(
        "authorizations/emails/code",
        delivery,
        code=f"{digits[:3]} {digits[3:]}",
        minutes=int(LIFE.total_seconds() // 60),
    )


def _request(folder: str, delivery: Delivery, **values: Any) -> Letter:
    authorization = delivery.about
    enclosed = enclose(authorization.attachments)
    return letter(
        folder,
        delivery,
        files=enclosed.files,
        author=authorization.asked_by.name,
        text=authorization.text,
        document=lambda: _whole(authorization, delivery.language),
        items=_items(authorization, delivery.language),
        total=_amount(authorization.total, authorization, delivery.language),
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
        document=lambda: _settled(decision, delivery.language),
        sentence=decision.sentence,
        reasons=decision.reasons,
        items=_items(authorization, delivery.language) if decision.outcome == "authorized" else [],
        total=_amount(authorization.total, authorization, delivery.language),
        part=_part(decision, delivery.language) if decision.is_partial else None,
        decided_at=decision.decided_at,
        decided_by=decision.name,
        button=_l("Open the ticket"),
        reply_line=True,
    )


def _whole(authorization: Any, language: str) -> str:
    """All that is asked, as one text: for a wording of the administrator's own."""
    items = _items(authorization, language)
    lines = [f"{place}. {words}: {amount}".removesuffix(": ") for place, (words, amount) in enumerate(items, 1)]
    total = _amount(authorization.total, authorization, language)
    if total and len(items) > 1:
        lines.append(_("Total: %(amount)s", amount=total))
    return "\n\n".join(part for part in (authorization.text, "\n".join(lines)) if part)


def _settled(decision: Any, language: str) -> str:
    """What was decided, as one text."""
    lines = []
    if decision.is_partial:
        part = _part(decision, language)
        total = [f"{_('Authorized total')}: {part['total']}"] if part["total"] else []
        lines = [_("Authorized items"), *part["authorized"], *total, "", _("Items not authorized"), *part["refused"]]
    return "\n\n".join(each for each in (decision.text, decision.sentence, "\n".join(lines)) if each)


def _part(decision: Any, language: str) -> dict[str, Any]:
    """A yes to some items: lines of those authorized, what they cost together, and lines of those refused."""

    def line(item: Any) -> str:
        amount = _amount(item.amount, decision.authorization, language)
        return f"{item.number}. {item.text}: {amount}".removesuffix(": ")

    return {
        "authorized": [line(item) for item in decision.authorized],
        "total": _amount(decision.authorized_total, decision.authorization, language),
        "refused": [f"{line(item)} · {decision.reason_for(item)}" for item in decision.refused],
    }


def _items(authorization: Any, language: str) -> list[tuple[str, str]]:
    return [(item.text, _amount(item.amount, authorization, language)) for item in authorization.items]


def _amount(amount: Any, authorization: Any, language: str) -> str:
    return "" if amount is None else money.shown(amount, authorization.currency, language)
