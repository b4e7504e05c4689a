"""Proof of work: a browser shows that it has computed for a moment before a form is taken (ALTCHA's protocol).

Nothing is kept of a challenge until its solution has been used: it is signed, expires, and counts once (`once`).
"""

from datetime import timedelta
from typing import Any

import altcha

from app.lib import secrets
from app.lib.clock import now

ALGORITHM = "PBKDF2/SHA-256"
COST = 3000  # rounds of each of some 256 tries: half a second of a telephone, and our own check one try
LASTS = timedelta(hours=2)  # to write a long form in
LONGEST = 4000  # characters of a solution


def challenge() -> dict[str, Any]:
    """A fresh challenge, as the browser's part reads it."""
    key = secrets.keys().derive("proof")
    made = altcha.create_challenge(ALGORITHM, COST, expires_at=now() + LASTS, hmac_secret=key)
    return made.to_dict()


def spent_key(payload: str) -> str:
    """What names the challenge that this payload solves, to be used up once; empty where it solves none of ours."""
    if not payload or len(payload) > LONGEST:
        return ""
    for key in secrets.keys().derive_all("proof"):
        if _is_solved(payload, key):
            return f"proof:{altcha.Payload.from_base64(payload).challenge.parameters.nonce}"
    return ""


def _is_solved(payload: str, key: bytes) -> bool:
    try:
        return altcha.verify_solution(payload, key).verified
    except (TypeError, ValueError, OverflowError, AttributeError):  # of a shape that the library does not expect
        return False
