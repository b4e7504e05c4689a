"""Tokens that a link carries: an HMAC of an id and a nonce, of which the database keeps only the hash (SPEC W3)."""

import hashlib
import hmac
import secrets
from base64 import b32encode, urlsafe_b64encode


def nonce() -> str:
    """Sixteen random bytes as hex."""
    return secrets.token_hex(16)


def make(key: bytes, scope: str, link_id: int, nonce: str) -> str:
    """The token of one link, 43 characters safe in a URL: only who holds the key can make it again."""
    digest = hmac.new(key, f"{scope}:{link_id}:{nonce}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def short(key: bytes, scope: str, link_id: int, nonce: str) -> str:
    """A token that can be typed from a sticker: 100 bits as 20 letters and digits, none of them easily confused."""
    digest = hmac.new(key, f"{scope}:{link_id}:{nonce}".encode(), hashlib.sha256).digest()
    return b32encode(digest).decode().lower()[:20]


def fingerprint(token: str) -> str:
    """What the database keeps of a token: its SHA-256 as hex."""
    return hashlib.sha256(token.encode()).hexdigest()
