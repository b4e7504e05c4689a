"""Who signed a mail: DKIM signatures (RFC 6376) that hold, checked by dkimpy with keys from the name system."""

import logging
import re

from app.lib.resolving import Resolver

MOST = 4  # signatures looked at
HEADER = re.compile(rb"^(dkim-signature|from)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_quiet = logging.getLogger("dkim")
_quiet.setLevel(logging.CRITICAL)


def is_signed(raw: bytes) -> bool:
    """Whether there is anything to check. Of two authors a signature may mean the other one (section 8.15)."""
    head = raw[: 256 * 1024].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = [name.lower() for name in HEADER.findall(head)]
    return b"dkim-signature" in found and found.count(b"from") == 1


def signers(raw: bytes, resolver: Resolver) -> list[str]:
    """The domains that signed this mail as it stands. A signature that fails counts as none (section 6.1)."""
    if not is_signed(raw):
        return []
    from dkim import DKIM, DKIMException

    def key(name: bytes, timeout: float = 0) -> bytes | None:
        texts = resolver.texts(name.decode("ascii").rstrip("."))
        return texts[0] if texts else None

    found: list[str] = []
    for place in range(MOST):
        signature = DKIM(raw, logger=_quiet)
        try:
            holds = signature.verify(idx=place, dnsfunc=key)
        except (DKIMException, ValueError, IndexError, KeyError, TypeError, AttributeError):  # bytes of strangers
            continue
        if holds and _covers_all(signature):
            found.append(signature.domain.decode("ascii", "replace").lower())
    return found


def _covers_all(signature: object) -> bool:
    """Whether it signs the author and the whole text: below a length that is named anybody may add words."""
    fields = signature.signature_fields  # type: ignore[attr-defined]
    return b"l" not in fields and b"from" in signature.include_headers  # type: ignore[attr-defined]
