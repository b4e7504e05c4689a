"""The chain of evidence: one record for each decision, each holding the hash of the one before (SPEC W6).

A record is canonical JSON. What it says of a person stands there as salted hashes, so that it still verifies when that
person's data has been erased (P6). docs/evidence.md describes it for whoever checks it without us.
"""

import json
from typing import Any

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from app.authorizations.decision import PERSONAL, Decision
from app.authorizations.keyed import mac
from app.lib import canonical
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.lib.prepared import prepared, slot

FORMAT = "ventanilla-evidence/1"
START = "0" * 64  # what stands before the first record
CHAIN = "decisions"


class EvidenceHead(Record):
    """Where the chain ends; one row, which whoever adds a record holds until the transaction ends."""

    name = CharField(max_length=20, unique=True)
    number = IntegerField(default=0)
    sha256 = CharField(max_length=64, default=START)
    mac = CharField(max_length=64, default="")

    @classmethod
    def hold(cls) -> "EvidenceHead":
        """The head, one record further, held by this transaction: two decisions follow each other."""
        cls.insert(name=CHAIN).on_conflict_ignore().execute()
        step = prepared(
            "evidence head",
            lambda: cls.update(number=cls.number + 1).where(cls.name == slot("name")).returning(cls.id),
        )
        ((number,),) = list(step.rows({"name": CHAIN}))
        return cls.get_by_id(number)


class EvidenceRecord(Record):
    """One decision in the chain. `payload` is never read into and written again: its bytes are what is hashed."""

    number = IntegerField(unique=True)
    decision = ForeignKeyField(Decision, unique=True, backref="evidence", on_delete="RESTRICT")
    payload = TextField()
    sha256 = CharField(max_length=64, unique=True)
    mac = CharField(max_length=64)  # by a key of the installation: who only reaches the database cannot make it
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def append(cls, decision: Decision) -> "EvidenceRecord":
        """Adds a decision at the end, in the verb's transaction and as its last lock."""
        head = EvidenceHead.hold()
        payload = canonical.encode(payload_of(decision, head.number, head.sha256))
        sha256 = canonical.digest(payload)
        record = cls.create(
            number=head.number, decision=decision, payload=payload.decode(), sha256=sha256, mac=mac(sha256)
        )
        head.change(sha256=sha256, mac=mac(f"{head.number}:{sha256}"))
        return record

    @classmethod
    def begin_anew(cls) -> None:
        """Chains what is left from the start: only when a sandbox's trials are erased, before anybody real decided."""
        cls.delete().execute()
        EvidenceHead.delete().execute()
        for decision in Decision.select().order_by(Decision.id):
            cls.append(decision)


def payload_of(decision: Any, number: int, previous: str) -> dict[str, Any]:
    """What the record of this decision says. Takes a Decision, or a row with the same names."""
    agreement = json.loads(decision.agreement)
    return {
        "format": FORMAT,
        "number": number,
        "previous": previous,
        "ticket": agreement["ticket"],
        "request": agreement["request"],
        "outcome": decision.outcome,
        "agreement_sha256": decision.agreement_sha256,
        "text_sha256": decision.text_sha256,
        "decided_at": canonical.moment(decision.decided_at),
        "local_time": decision.local_time,
        "timezone": decision.timezone,
        "language": decision.language,
        "way": decision.way,
        "mail_id": decision.mail_id,
        "code_mail_id": decision.code_mail_id,
        "code_confirmed_at": decision.code_confirmed_at and canonical.moment(decision.code_confirmed_at),
        "signature": decision.signature_kind,
        "personal": hashes_of(decision),
    }


def hashes_of(decision: Any) -> dict[str, str]:
    """The salted hashes of what is personal."""
    return {name: salted(decision.salt, name, value) for name, value in personal_of(decision).items()}


def personal_of(decision: Any) -> dict[str, str]:
    """The personal fields as texts, as they are hashed."""
    values = {name: getattr(decision, name) for name in PERSONAL} | {"person": str(decision.person_id)}
    values["item_reasons"] = canonical.encode(decision.item_reasons or {}).decode()
    return values


def salted(salt: str, name: str, value: str) -> str:
    return canonical.digest(f"{salt}:{name}:{value}")
