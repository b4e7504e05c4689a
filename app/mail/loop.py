"""How our own letters are known when they come back (MAIL.md, rule 14): a header with a keyed token."""

import hmac
from hashlib import sha256

HEADER = "x-ventanilla-loop"


def token(key: bytes) -> str:
    """What the header of every letter of this installation holds; `key` is the one derived for "loop"."""
    return hmac.new(key, b"ventanilla", sha256).hexdigest()[:32]
