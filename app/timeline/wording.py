"""What happened, in a sentence: one wording per kind of event and face, in the reader's language."""

from typing import Any

from markupsafe import Markup

from app.lib.words import lazy_gettext as _l
from app.timeline.event import Event

# Kind -> (at the desk, in the portal; None: customers are not told). A kind with variants has a function below that
# picks one: its name follows a colon.
WORDINGS: dict[str, tuple[Any, Any]] = {
    "ticket.opened": (_l("%(who)s opened the ticket"), _l("%(who)s opened the ticket")),
    "ticket.assigned": (_l("%(who)s gave the ticket to %(to)s"), None),
    "ticket.assigned:nobody": (_l("%(who)s left the ticket without an assignee"), None),
    "ticket.assigned:self": (_l("%(who)s took the ticket"), None),
    "ticket.grouped": (_l("%(who)s gave the ticket to the group %(to)s"), None),
    "ticket.grouped:nobody": (_l("%(who)s took the ticket out of its group"), None),
    "ticket.edited": (_l("%(who)s changed “%(field)s” to %(now)s"), None),
    "ticket.edited:emptied": (_l("%(who)s emptied “%(field)s”"), None),
    "ticket.edited:on": (_l("%(who)s switched “%(field)s” on"), None),
    "ticket.edited:off": (_l("%(who)s switched “%(field)s” off"), None),
    "ticket.due_set": (_l("%(who)s set the deadline"), None),
    "ticket.due_set:emptied": (_l("%(who)s took the deadline away"), None),
    "ticket.requester_set": (_l("%(who)s made %(to)s the requester"), None),
    "ticket.hidden": (_l("%(who)s made the ticket internal"), None),
    "ticket.published": (_l("%(who)s made the ticket public"), None),
    "ticket.tagged": (_l("%(who)s set the tags: %(tags)s"), None),
    "ticket.tagged:emptied": (_l("%(who)s took the tags away"), None),
    "ticket.copied": (_l("%(who)s set who gets a copy: %(to)s"), None),
    "ticket.copied:emptied": (_l("%(who)s stopped the copies"), None),
    "ticket.status_set": (_l("%(who)s changed the status"), None),
    "ticket.status_set:in_progress": (_l("%(who)s set the ticket in progress"), None),
    "ticket.status_set:pending": (_l("%(who)s set the ticket to pending"), None),
    "ticket.status_set:resolved": (_l("%(who)s marked the ticket as resolved"), _l("%(who)s marked it as resolved")),
    "ticket.status_set:why": (_l("%(who)s set the ticket to pending: %(why)s"), None),
    "ticket.closed": (_l("%(who)s closed the ticket"), _l("%(who)s closed the ticket")),
    "ticket.closed:stale": (
        _l("The ticket closed by itself: nobody answered after it was resolved"),
        _l("The ticket closed by itself: nobody answered after it was resolved"),
    ),
    "ticket.reopened": (_l("%(who)s reopened the ticket"), _l("%(who)s reopened the ticket")),
    "message.replied": (_l("%(who)s answered"), _l("%(who)s answered")),
    "message.noted": (_l("%(who)s wrote an internal note"), None),
    "message.received": (_l("%(who)s wrote"), _l("%(who)s wrote")),
    "message.filed": (_l("An automatic message from %(who)s was filed"), None),
    "message.claimed": (_l("%(who)s wrote by mail that they decide: only the page with the link decides"), None),
    "link.renewed": (_l("%(who)s asked for a fresh link"), None),
    "authorization.requested": (_l("%(who)s asked for an authorization"), _l("%(who)s asked for an authorization")),
    "authorization.reminded": (_l("%(who)s sent a reminder of the authorization"), None),
    "authorization.withdrawn": (_l("%(who)s cancelled the request"), _l("%(who)s cancelled the request")),
    "authorization.superseded": (
        _l("%(who)s replaced the request by a new version"),
        _l("%(who)s replaced the request by a new version"),
    ),
    "authorization.authorized": (_l("%(who)s authorized it"), _l("%(who)s authorized it")),
    "authorization.denied": (_l("%(who)s denied it"), _l("%(who)s denied it")),
    "delivery.failed": (_l("A mail to %(to)s could not be delivered"), None),
    "delivery.bounced": (_l("A mail to %(to)s came back"), None),
    "delivery.retried": (_l("%(who)s sent the mail to %(to)s again"), None),
    "survey.sent": (_l("%(who)s sent the survey"), None),
    "survey.answered": (_l("%(who)s answered the survey"), None),
}

FIELDS: dict[str, Any] = {
    "subject": _l("Subject"),
    "type": _l("Type"),
    "category": _l("Category"),
    "service": _l("Service"),
    "priority": _l("Priority"),
    "product": _l("Product"),
    "equipment": _l("Equipment"),
    "serial": _l("Serial number"),
    "sales_order": _l("Sales order"),
    "diagnosis": _l("Diagnosis"),
    "customer_company": _l("Customer company"),
    "name": _l("Name"),
    "phone": _l("Phone"),
    "company": _l("Company"),
    "origin": _l("Channel"),
    "online_signature": _l("Online signature"),
    "language": _l("Language"),
    "organization": _l("Organization"),
}

# What a message or a card in the conversation already says.
TOLD_ELSEWHERE = frozenset(
    {
        "ticket.opened", "message.replied", "message.noted", "message.received", "message.filed",
        "authorization.requested",
    }
)  # fmt: skip


def describe(event: Event, face: str = "desk") -> Markup:
    """The sentence for this face, who and what in bold; empty where the face is not told."""
    sentence = _sentence(event, face)
    if not sentence:
        return Markup("")
    bold = {name: Markup("<b>{}</b>").format(value) for name, value in _values(event).items()}
    return Markup(str(sentence)) % bold  # noqa: S704  the sentence is ours, the values are escaped


def plain(event: Event, face: str = "desk") -> str:
    """The sentence without markup."""
    sentence = _sentence(event, face)
    return str(sentence) % _values(event) if sentence else ""


def is_known(kind: str) -> bool:
    return kind in WORDINGS


def _sentence(event: Event, face: str) -> Any:
    """An unknown kind, of a newer version perhaps, is told by its bare name rather than by an error."""
    exact = WORDINGS.get(f"{event.kind}:{_variant(event)}") or WORDINGS.get(event.kind)
    if exact is None:
        return event.kind.replace("%", "%%") if face == "desk" else None
    return exact[0 if face == "desk" else 1]


def _variant(event: Event) -> str:
    details, kind = event.details, event.kind
    if kind == "ticket.assigned":
        return "self" if event.by and details.get("to") == event.by.name else "" if details.get("to") else "nobody"
    if kind == "ticket.grouped":
        return "" if details.get("to") else "nobody"
    if kind == "ticket.edited":
        now = details.get("now")
        return ("on" if now else "off") if isinstance(now, bool) else "" if now else "emptied"
    if kind == "ticket.status_set":
        return "why" if details.get("why") and details.get("status") == "pending" else str(details.get("status"))
    if kind == "ticket.closed":
        return "stale" if details.get("rule") else ""
    emptied = {"ticket.due_set": "due", "ticket.tagged": "tags", "ticket.copied": "to"}.get(kind)
    return "emptied" if emptied and not details.get(emptied) else ""


def _values(event: Event) -> dict[str, str]:
    details = event.details
    values = {name: _said(value) for name, value in details.items()}
    values["who"] = event.by.name if event.by else "Ventanilla"
    values["field"] = str(FIELDS.get(details.get("field", ""), details.get("field", "")))
    for name in ("to", "tags", "now", "why"):
        values.setdefault(name, "")
    return values


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
