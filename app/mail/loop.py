"""How our own letters are known when they come back (MAIL.md, rule 14): a header with a keyed token."""

import hmac
from hashlib import sha256

from app.lib import secrets

HEADER = "x-ventanilla-loop"


def token() -> str:
    """What the header of every letter of this installation holds."""
    return hmac.new(secrets.keys().derive("loop"), b"ventanilla", sha256).hexdigest()[:32]
