"""Message-IDs that carry what they answer to, with a keyed hash: an invented one fails (MAIL.md, threading 2)."""

import hashlib
import hmac
import re
from dataclasses import dataclass

SHAPE = re.compile(r"<(\d{1,12})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{32})@[^<>@\s]{1,253}>")
BOUNCE = re.compile(r"\+b(\d{1,12})\.([0-9a-f]{20})@")
TAG = re.compile(r"\+(\d{1,12})\.(\d{1,12})\.([0-9a-f]{20})@")


@dataclass(frozen=True)
class Ours:
    """What one of our Message-IDs says: the ticket's number, the message and the delivery."""

    ticket: int
    message: int
    delivery: int


def _digest(key: bytes, words: str, length: int) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:length]


def make(ticket_number: int, message_id: int, delivery_id: int, domain: str, key: bytes) -> str:
    """`<ticket.message.delivery.hash@domain>`, one for each delivery."""
    words = f"{ticket_number}.{message_id}.{delivery_id}"
    return f"<{words}.{_digest(key, words, 32)}@{domain}>"


def verify(value: str, keys: list[bytes]) -> Ours | None:
    """What a Message-ID says if one of our keys made it, else None."""
    found = SHAPE.fullmatch(value.strip())
    if not found:
        return None
    words = ".".join(found.groups()[:3])
    if not any(hmac.compare_digest(_digest(key, words, 32), found[4]) for key in keys):
        return None
    return Ours(int(found[1]), int(found[2]), int(found[3]))


def reply_address(address: str, ticket_number: int, person_id: int, key: bytes) -> str:
    """`help+1042.7.hash@domain`: a subaddress (RFC 5233) for one ticket and one recipient."""
    local, _, domain = address.rpartition("@")
    words = f"{ticket_number}.{person_id}"
    return f"{local}+{words}.{_digest(key, 'reply:' + words, 20)}@{domain}"


def verify_reply_address(address: str, keys: list[bytes]) -> tuple[int, int] | None:
    """(ticket number, person id) of a reply address that one of our keys made, else None."""
    found = TAG.search(address)
    if not found:
        return None
    words = f"{found[1]}.{found[2]}"
    if not any(hmac.compare_digest(_digest(key, "reply:" + words, 20), found[3]) for key in keys):
        return None
    return int(found[1]), int(found[2])


def bounce_address(address: str, delivery_id: int, key: bytes) -> str:
    """`help+b77.hash@domain`: the envelope sender to which only the reports about one delivery come (VERP)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+b{delivery_id}.{_digest(key, f'bounce:{delivery_id}', 20)}@{domain}"


def verify_bounce_address(address: str, keys: list[bytes]) -> int | None:
    """The delivery of an envelope sender that one of our keys made, else None."""
    found = BOUNCE.search(address)
    if not found or not any(hmac.compare_digest(_digest(key, f"bounce:{found[1]}", 20), found[2]) for key in keys):
        return None
    return int(found[1])
