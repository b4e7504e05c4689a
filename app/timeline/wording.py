"""What happened, in a sentence: one wording per kind of event and face, in the reader's language."""

import re
from typing import Any

from markupsafe import Markup, escape

from app.lib import kinds
from app.lib.db import Record
from app.lib.words import LANGUAGE_NAMES
from app.lib.words import lazy_gettext as _l
from app.timeline.event import Event

# Kind -> (at the desk, in the portal; None: customers are not told). A kind with variants has a function below that
# picks one: its name follows a colon.
WORDINGS: dict[str, tuple[Any, Any]] = {
    "ticket.opened": (_l("%(who)s opened the ticket"), _l("%(who)s opened the ticket")),
    "ticket.assigned": (_l("%(who)s assigned the ticket to %(to)s"), None),
    "ticket.assigned:nobody": (_l("%(who)s unassigned the ticket"), None),
    "ticket.assigned:self": (_l("%(who)s took the ticket"), None),
    "ticket.grouped": (_l("%(who)s moved the ticket to the group %(to)s"), None),
    "ticket.grouped:nobody": (_l("%(who)s removed the ticket from its group"), None),
    "ticket.edited": (_l("%(who)s changed “%(field)s” to %(now)s"), None),
    "ticket.edited:emptied": (_l("%(who)s cleared “%(field)s”"), None),
    "ticket.edited:on": (_l("%(who)s turned “%(field)s” on"), None),
    "ticket.edited:off": (_l("%(who)s turned “%(field)s” off"), None),
    "ticket.due_set": (_l("%(who)s set the deadline"), None),
    "ticket.due_set:emptied": (_l("%(who)s removed the deadline"), None),
    "ticket.requester_set": (_l("%(who)s made %(to)s the requester"), None),
    "ticket.hidden": (_l("%(who)s made the ticket internal"), None),
    "ticket.published": (_l("%(who)s made the ticket public"), None),
    "ticket.tagged": (_l("%(who)s set the tags: %(tags)s"), None),
    "ticket.tagged:emptied": (_l("%(who)s removed the tags"), None),
    "ticket.copied": (_l("%(who)s set who gets a copy: %(to)s"), None),
    "ticket.copied:emptied": (_l("%(who)s stopped the copies"), None),
    "ticket.status_set": (_l("%(who)s changed the status"), None),
    "ticket.status_set:in_progress": (_l("%(who)s set the ticket in progress"), None),
    "ticket.status_set:pending": (_l("%(who)s set the ticket to pending"), None),
    "ticket.status_set:resolved": (_l("%(who)s marked the ticket as resolved"), _l("%(who)s marked it as resolved")),
    "ticket.status_set:in_progress_why": (_l("%(who)s set the ticket in progress: %(why)s"), None),
    "ticket.status_set:pending_why": (_l("%(who)s set the ticket to pending: %(why)s"), None),
    "ticket.status_set:resolved_why": (
        _l("%(who)s marked the ticket as resolved: %(why)s"),
        _l("%(who)s marked it as resolved"),
    ),
    "ticket.closed": (_l("%(who)s closed the ticket"), _l("%(who)s closed the ticket")),
    "ticket.closed:stale": (
        _l("The ticket was closed automatically: nobody replied after it was resolved"),
        _l("The ticket was closed automatically: nobody replied after it was resolved"),
    ),
    "ticket.reopened": (_l("%(who)s reopened the ticket"), _l("%(who)s reopened the ticket")),
    "ticket.kept_apart": (_l("%(who)s kept this ticket separate from ticket %(number)s"), None),
    "ticket.merged": (_l("%(who)s merged the ticket into %(number)s"), None),
    "ticket.joined": (_l("%(who)s merged ticket %(number)s into this one"), None),
    "ticket.separated": (_l("%(who)s undid the merge into %(number)s"), None),
    "ticket.parted": (_l("%(who)s undid the merge of ticket %(number)s"), None),
    "ticket.split": (_l("%(who)s split ticket %(number)s off this one"), None),
    "ticket.split_off": (_l("%(who)s split this ticket off ticket %(number)s"), None),
    "ticket.duplicated": (_l("%(who)s duplicated this ticket as %(number)s"), None),
    "ticket.put_back": (_l("%(who)s undid a change of many tickets"), None),
    "ticket.removed": (_l("%(who)s moved the ticket to the bin"), None),
    "ticket.restored": (_l("%(who)s restored the ticket from the bin"), None),
    "ticket.purged": (_l("The conversation was permanently deleted"), None),
    "ticket.related": (_l("%(who)s linked it to ticket %(number)s"), None),
    "ticket.unrelated": (_l("%(who)s removed the link to ticket %(number)s"), None),
    "message.replied": (_l("%(who)s answered"), _l("%(who)s answered")),
    "message.taken_back": (_l("%(who)s took back a message before it was sent"), None),
    "message.noted": (_l("%(who)s wrote an internal note"), None),
    "message.received": (_l("%(who)s wrote"), _l("%(who)s wrote")),
    "message.filed": (_l("An automatic message from %(who)s was filed"), None),
    "message.claimed": (_l("A mail is waiting for somebody to confirm who wrote it"), None),
    "message.accepted": (_l("%(who)s accepted the mail from %(name)s as the customer's"), None),
    "message.confirmed": (_l("%(who)s confirmed the mail from %(name)s"), None),
    "message.dismissed": (_l("%(who)s kept the mail from %(name)s as a note"), None),
    "message.mentioned": (_l("%(who)s mentioned %(to)s in a note"), None),
    "ticket.snoozed": (_l("%(who)s snoozed the ticket until the customer replies"), None),
    "ticket.snoozed:until": (_l("%(who)s snoozed the ticket until a set time"), None),
    "ticket.woken": (_l("The snooze ended"), None),
    "message.edited": (_l("%(who)s edited a message"), None),
    "intervention.noted": (_l("%(who)s noted an intervention"), None),
    "intervention.retracted": (_l("%(who)s deleted an intervention"), None),
    "whatsapp.opened": (_l("%(who)s opened a message to %(to)s in WhatsApp: %(said)s"), None),
    "link.renewed": (_l("%(who)s asked for a fresh link"), None),
    "authorization.requested": (_l("%(who)s asked for an authorization"), _l("%(who)s asked for an authorization")),
    "authorization.claimed": (_l("%(who)s wrote by mail that they decide: only the page with the link decides"), None),
    "authorization.reminded": (_l("%(who)s sent a reminder of the authorization"), None),
    "authorization.withdrawn": (_l("%(who)s cancelled the request"), _l("%(who)s cancelled the request")),
    "authorization.superseded": (
        _l("%(who)s replaced the request by a new version"),
        _l("%(who)s replaced the request by a new version"),
    ),
    "authorization.code_sent": (_l("%(who)s asked for a one-time code"), None),
    "authorization.authorized": (_l("%(who)s authorized it"), _l("%(who)s authorized it")),
    "authorization.authorized:partial": (
        _l("%(who)s authorized a part of it"),
        _l("%(who)s authorized a part of it"),
    ),
    "authorization.erased": (_l("%(who)s erased the personal data of the decision"), None),
    "authorization.denied": (_l("%(who)s denied it"), _l("%(who)s denied it")),
    "contact.complained": (_l("%(name)s reported our mail as spam, and gets no more of it"), None),
    "delivery.failed": (_l("A mail to %(to)s could not be delivered"), None),
    "delivery.bounced": (_l("A mail to %(to)s came back"), None),
    "delivery.retried": (_l("%(who)s sent the mail to %(to)s again"), None),
    "delivery.cancelled": (_l("%(who)s cancelled the mail to %(to)s"), None),
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
    "status": _l("Status"),
    "justification": _l("Reason"),
    "assignee": _l("Assigned to"),
    "group": _l("Group"),
}

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What a sentence may say of an event beside who and which field; empty where an older event has none.
DETAILS = ("to", "tags", "now", "why", "number", "name", "said")

# What a message or a card in the conversation already says.
TOLD_ELSEWHERE = frozenset(
    {
        "ticket.opened", "message.replied", "message.noted", "message.received", "message.filed", "message.claimed",
        "authorization.requested", "intervention.noted", "message.mentioned",
    }
)  # fmt: skip


def describe(event: Event, face: str = "desk") -> Markup:
    """The sentence for this face, who and what in bold; empty where the face is not told."""
    sentence = _sentence(event, face)
    if not sentence:
        return Markup("")
    words, values = str(sentence), _values(event)
    bold = {name: f"<b>{escape(values[name])}</b>" for name in PLACEHOLDER.findall(words)}
    return Markup(words % bold)  # noqa: S704  the sentence is ours, the values are escaped


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
        return f"{details.get('status')}_why" if details.get("why") else str(details.get("status"))
    if kind == "authorization.authorized":
        return "partial" if details.get("partial") else ""
    if kind == "ticket.closed":
        return "stale" if details.get("rule") else ""
    if kind == "ticket.snoozed":
        return "until" if details.get("until") else ""
    emptied = {"ticket.due_set": "due", "ticket.tagged": "tags", "ticket.copied": "to"}.get(kind)
    return "emptied" if emptied and not details.get(emptied) else ""


def _values(event: Event) -> dict[str, str]:
    details = event.details
    values = {name: said(value) for name, value in details.items()}
    values["who"] = event.by.name if event.by else "Ventanilla"
    values["field"] = str(FIELDS.get(details.get("field", ""), details.get("field", "")))
    for name in DETAILS:
        values.setdefault(name, "")
    return values


def said(value: Any) -> str:
    """What an event keeps, in the reader's words and way of writing dates and numbers."""
    match value:
        case {"list": entries, "key": key}:
            return str(Record.records[entries].shipped.get(key, key))  # type: ignore[attr-defined]
        case {"kind": kind, "text": text}:
            return kinds.said(kind, text)
        case {"language": code}:
            return LANGUAGE_NAMES.get(code, code)
        case list():
            return ", ".join(map(str, value))
    return "" if value is None else str(value)
