"""What only this installation can have written: an HMAC by a key that does not lie in the database."""

import hashlib
import hmac

from app.lib import secrets


def mac(text: str) -> str:
    return hmac.new(secrets.keys().derive("evidence"), text.encode(), hashlib.sha256).hexdigest()


def is_our_mac(given: str, text: str) -> bool:
    """Whether a key of ours, the present or a former one, made it."""
    keys = secrets.keys().derive_all("evidence")
    made = (hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in keys)
    return any(hmac.compare_digest(each, given) for each in made)
