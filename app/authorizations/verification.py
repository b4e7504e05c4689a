"""Verifying the whole chain of evidence, record by record, against the rows it speaks of."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.authorizations.authorization import Authorization
from app.authorizations.decision import PERSONAL, Decision
from app.authorizations.evidence import START, EvidenceHead, EvidenceRecord, hashes_of, is_our_mac, payload_of
from app.lib import canonical

PACE = 1000  # records read at once: the chain may be longer than the memory


class Broken(NamedTuple):
    """The first record that does not hold, and why; `number` 0: the chain as a whole."""

    number: int
    why: str


class Verified(NamedTuple):
    """What was found: how many records hold, and the first that does not, if any."""

    count: int
    broken: Broken | None


def verify() -> Verified:
    """Walks the chain from its start to its head. Nothing is changed."""
    previous, count = START, 0
    for record, decision, asked in _records():
        why = _wrong(record, decision, asked, number=count + 1, previous=previous)
        if why:
            number = count + 1 if record.number > count + 1 else record.number
            return Verified(count, Broken(number, why))
        previous, count = record.sha256, count + 1
    return Verified(count, _wrong_end(count, previous))


def holds(record: EvidenceRecord) -> bool:
    """Whether this one record still says what the rows say."""
    decision = record.decision
    previous = json.loads(record.payload).get("previous", "")
    return not _wrong(record, decision, decision.authorization, number=record.number, previous=previous)


def _records() -> Iterator[tuple[EvidenceRecord, Decision, Authorization]]:
    last = 0
    while True:
        query = (
            EvidenceRecord.select(EvidenceRecord, Decision, Authorization)
            .join(Decision)
            .join(Authorization, on=(Decision.authorization == Authorization.id))
        )
        found = list(query.where(EvidenceRecord.number > last).order_by(EvidenceRecord.number).limit(PACE))
        for record in found:
            yield record, record.decision, record.decision.authorization
        if len(found) < PACE:
            return
        last = found[-1].number


def _wrong(record: Any, decision: Any, asked: Any, *, number: int, previous: str) -> str:
    """Why the record does not hold; empty: it does."""
    if record.number != number:
        return "the record is missing"
    if canonical.digest(record.payload) != record.sha256:
        return "its bytes do not make its hash"
    if not is_our_mac(record.mac, record.sha256):
        return "it was not written by this installation"
    try:
        said = json.loads(record.payload)
        if said.get("previous") != previous:
            return "it does not follow the record before"
        if canonical.digest(decision.agreement) != decision.agreement_sha256:
            return "what was agreed has been changed"
        return _unlike(decision, asked, said)
    except (ValueError, KeyError, TypeError):
        return "it cannot be read"


def _unlike(decision: Any, asked: Any, said: dict[str, Any]) -> str:
    """Where the rows say something else than the record."""
    expected = payload_of(decision, said["number"], said["previous"])
    if decision.erased_at:  # the person is forgotten: only the hashes are left
        if any(getattr(decision, name) for name in PERSONAL):
            return "personal data stands where it had been erased"
        expected["personal"] = said["personal"]
    elif said["personal"] != hashes_of(decision):
        return "a personal field has been changed"
    if expected != said:
        return "the decision has been changed"
    agreed = json.loads(decision.agreement)
    if canonical.digest(decision.text) != decision.text_sha256 or decision.text != agreed["text"]:
        return "the text has been changed"
    outcomes = {"authorized", "denied"}
    if agreed["outcome"] != decision.outcome or decision.outcome not in outcomes or asked.state != decision.outcome:
        return "the outcome has been changed"
    return "" if _is_request(asked, agreed) else "the request has been changed"


def _is_request(asked: Any, agreed: dict[str, Any]) -> bool:
    """Whether the request's row is still what was agreed."""
    items = [{name: each[name] for name in ("number", "text", "amount")} for each in agreed["items"]]
    until = asked.valid_until and canonical.moment(asked.valid_until)
    return bool(
        asked.text == agreed["text"]
        and asked.number == agreed["request"]
        and asked.currency == agreed["currency"]
        and asked.items_kept == items
        and until == agreed["valid_until"]
        and asked.content_sha256 == agreed["request_sha256"]
    )


def _wrong_end(count: int, previous: str) -> Broken | None:
    """Records taken away at the end leave the head, or a decision, behind."""
    head = EvidenceHead.select().first()
    if head is None:
        return Broken(0, "decisions without a record") if Decision.select().exists() or count else None
    if (head.number, head.sha256) != (count, previous):
        missing = head.number > count
        return Broken(count + 1, "the record is missing") if missing else Broken(0, "the end is not the head")
    if count and not is_our_mac(head.mac, f"{head.number}:{head.sha256}"):
        return Broken(0, "the head was not written by this installation")
    if Decision.select().count() != count:
        return Broken(0, "a decision has no record")
    return None
