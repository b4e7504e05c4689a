"""One form for what is hashed: canonical JSON, the same bytes for the same values wherever they are made again.

UTF-8 without escapes, keys in the order of their code points, no spaces; numbers are whole, amounts are strings such as
"1248.50", moments are UTC in microseconds ("2026-11-26T09:24:05.000000Z"). docs/evidence.md tells it to others.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def encode(value: Any) -> bytes:
    """Raises TypeError for a float, which no two programs write alike."""
    _insist_exact(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(data: bytes | str) -> str:
    """SHA-256 as hex, of a text's UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _insist_exact(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no place in what is hashed")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _insist_exact(part)
