"""What a certificate carries for a third party: the record of the chain, what was agreed, and what was hashed."""

import json
from typing import Any

from app.authorizations.decision import Decision
from app.authorizations.evidence import FORMAT, EvidenceRecord, personal_of, salted
from app.lib import canonical

EXHIBIT = "ventanilla-exhibit/1"


def exhibit(decision: Decision) -> bytes:
    """The JSON embedded in the PDF. With it anybody can make every hash again (docs/evidence.md)."""
    record = EvidenceRecord.get(EvidenceRecord.decision == decision)
    return canonical.encode(
        {
            "format": EXHIBIT,
            "record": json.loads(record.payload),
            "record_sha256": record.sha256,
            "agreement": json.loads(decision.agreement),
            "personal": personal_of(decision),
            "salt": decision.salt,
        }
    )


def read(data: bytes) -> dict[str, Any] | None:
    """An exhibit again, from somebody's file; None where it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    shapes = {"record": dict, "record_sha256": str, "agreement": dict, "personal": dict, "salt": str}
    if not isinstance(found, dict) or found.get("format") != EXHIBIT:
        return None
    return found if all(isinstance(found.get(name), shape) for name, shape in shapes.items()) else None


def is_consistent(found: dict[str, Any]) -> bool:
    """Whether its parts make each other's hashes: record, agreement, text and personal fields."""
    record, agreement, personal = found["record"], found["agreement"], found["personal"]
    try:
        hashes = {str(name): salted(found["salt"], str(name), str(value)) for name, value in personal.items()}
        return bool(
            record.get("format") == FORMAT
            and canonical.digest(canonical.encode(record)) == found["record_sha256"]
            and canonical.digest(canonical.encode(agreement)) == record.get("agreement_sha256")
            and canonical.digest(str(agreement.get("text"))) == record.get("text_sha256")
            and hashes == record.get("personal")
        )
    except (TypeError, ValueError, RecursionError):
        return False
