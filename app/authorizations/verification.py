"""Verifying the whole chain of evidence, record by record, against the rows and files it speaks of."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from peewee import fn

from app.attachments.attachment import Attachment
from app.authorizations.authorization import REQUEST, Authorization
from app.authorizations.certificate import Certificate
from app.authorizations.decision import PERSONAL, Decision
from app.authorizations.evidence import EvidenceHead, EvidenceRecord, hashes_of, payload_of
from app.authorizations.keyed import is_our_mac
from app.lib import canonical
from app.lib.db import Record
from app.lib.files import store

PACE = 1000  # records read at once: the chain may be longer than the memory
OUTCOMES = ("authorized", "denied")


class Broken(NamedTuple):
    """The first record that does not hold, and why; `number` 0: the chain as a whole."""

    number: int
    why: str


class Verified(NamedTuple):
    """What was found: how many records hold, where the chain ends, and the first that does not hold, if any."""

    count: int
    end: str  # the hash of the last record
    broken: Broken | None


def verify() -> Verified:
    """Walks the chain from its start to where it ended when the walk began, and reads every file that was shown.

    Nothing is changed. Who keeps what it said, "number" and "end", elsewhere sees later that no record up to there was
    taken away or put in another's place: `has`.
    """
    head = EvidenceHead.select().first() or EvidenceHead()
    last = EvidenceHead().sha256
    count = 0
    for record, decision, asked in _records(head.number):
        why = _wrong(record, decision, asked, number=count + 1, previous=last) or _wrong_files(decision, asked)
        if why:
            number = count + 1 if record.number > count + 1 else record.number
            return Verified(count, last, Broken(number, why))
        last, count = record.sha256, count + 1
    return Verified(count, last, _wrong_end(head, count, last) or _left_over())


def has(number: int, sha256: str) -> bool:
    """Whether the chain still has this record, as somebody noted it."""
    return EvidenceRecord.select().where(EvidenceRecord.number == number, EvidenceRecord.sha256 == sha256).exists()


def holds(record: EvidenceRecord) -> bool:
    """Whether this one record still says what the rows say."""
    decision = record.decision
    return not _wrong(record, decision, decision.authorization, number=record.number, previous=None)


def _records(last: int) -> Iterator[tuple[EvidenceRecord, Decision, Authorization]]:
    """All up to the number `last`, which no decision of this moment can change any more."""
    at = 0
    while True:
        tickets = Record.records["Ticket"]
        query = EvidenceRecord.select(EvidenceRecord, Decision, Authorization, tickets).join(Decision)
        query = query.join(Authorization, on=(Decision.authorization == Authorization.id))
        query = query.join(tickets, on=(Authorization.ticket == tickets.id), attr="ticket")
        query = query.where(EvidenceRecord.number.between(at + 1, last)).order_by(EvidenceRecord.number)
        found = list(query.limit(PACE))
        for record in found:
            yield record, record.decision, record.decision.authorization
        if len(found) < PACE:
            return
        at = found[-1].number


def _wrong(record: Any, decision: Any, asked: Any, *, number: int, previous: str | None) -> str:
    """Why the record does not hold; empty: it does. `previous`: the hash of the one before, where it is known."""
    if record.number != number:
        return "the record is missing"
    if canonical.digest(record.payload) != record.sha256:
        return "its bytes do not make its hash"
    if not is_our_mac(record.mac, record.sha256):
        return "it was not written by this installation"
    try:
        said = json.loads(record.payload)
        if previous not in (None, said["previous"]):
            return "it does not follow the record before"
        if canonical.digest(decision.agreement) != decision.agreement_sha256:
            return "what was agreed has been changed"
        agreed = json.loads(decision.agreement)
        return _unlike(decision, said) or _unlike_agreed(decision, asked, agreed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "it cannot be read"


def _unlike(decision: Any, said: dict[str, Any]) -> str:
    """Where the decision's row says something else than the record."""
    expected = payload_of(decision, said["number"], said["previous"])
    if decision.erased_at:  # the person is forgotten: only the hashes are left
        if any(getattr(decision, name) for name in PERSONAL):
            return "personal data stands where it had been erased"
        if not is_our_mac(decision.erased_mac, decision.erasure):
            return "its person was not erased by this installation"
        expected["personal"] = said["personal"]
    elif said["personal"] != hashes_of(decision):
        return "a personal field has been changed"
    if expected != said:
        return "the decision has been changed"
    is_drawn = not decision.erased_at and decision.signature_kind != "none"
    drawn = canonical.digest(decision.signature) if is_drawn else ""
    return "" if drawn == decision.signature_sha256 else "the signature has been changed"


def _unlike_agreed(decision: Any, asked: Any, agreed: dict[str, Any]) -> str:
    """Where the rows say something else than what was agreed."""
    if canonical.digest(decision.text) != decision.text_sha256 or decision.text != agreed["text"]:
        return "the text has been changed"
    if agreed["outcome"] != decision.outcome or decision.outcome not in OUTCOMES or asked.state != decision.outcome:
        return "the outcome has been changed"
    if asked.asked_of_id != decision.person_id:
        return "who was asked has been changed"
    items = [{name: each[name] for name in ("number", "text", "amount")} for each in agreed["items"]]
    named = ("company", "ticket", "request", "language", "text", "currency", "total", "attachments", "valid_until")
    request = {name: agreed[name] for name in named} | {"format": REQUEST, "items": items}
    was_asked = canonical.digest(canonical.encode(request)) == agreed["request_sha256"] == asked.content_sha256
    is_same = asked.content() == request and canonical.moment(asked.created_at) == agreed["asked_at"]
    is_same = is_same and asked.text_sha256 == decision.text_sha256
    return "" if was_asked and is_same else "the request has been changed"


def _wrong_files(decision: Any, asked: Any) -> str:
    """What of the files that were shown, and of the certificate, is no longer what it was."""
    for file in asked.attachments.order_by(Attachment.id):
        if _content(file.sha256) != file.sha256:
            return f"the file {file.name} has been changed, or is missing"
    certificate = Certificate.of(decision)
    if certificate is None or certificate.state != "ready":
        return ""
    is_ours = is_our_mac(certificate.mac, certificate.claim)
    return "" if is_ours and _content(certificate.sha256) == certificate.sha256 else "its certificate has been changed"


def _content(sha256: str) -> str:
    """The hash of the file that is kept under this name; empty where there is none."""
    try:
        with store().open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _wrong_end(head: Any, count: int, last: str) -> Broken | None:
    """Records taken away at the end leave the head behind."""
    if head.number > count:
        return Broken(count + 1, "the record is missing")
    if head.sha256 != last:
        return Broken(0, "the end is not the head")
    if count and not is_our_mac(head.mac, f"{head.number}:{head.sha256}"):
        return Broken(0, "the head was not written by this installation")
    return None


def _left_over() -> Broken | None:
    """What the chain leaves out. Each is one statement: a decision comes with its record and the head, or not."""
    head = fn.COALESCE(EvidenceHead.select(fn.MAX(EvidenceHead.number)), 0)
    if EvidenceRecord.select().where(EvidenceRecord.number > head).exists():
        return Broken(0, "the end is not the head")
    if Decision.select().where(Decision.id.not_in(EvidenceRecord.select(EvidenceRecord.decision))).exists():
        return Broken(0, "a decision has no record")
    answered = Authorization.select().where(Authorization.state.in_(OUTCOMES))
    if answered.where(Authorization.id.not_in(Decision.select(Decision.authorization))).exists():
        return Broken(0, "a request was answered, and its decision is missing")
    return None
