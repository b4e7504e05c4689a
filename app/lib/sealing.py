"""Sealing and checking in a child process (app/lib/seal.py), with limits of memory, time and how many may wait."""

import json
import threading
from typing import Any

from app.lib.child import Gone, Lone, TooSlow
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

IDLE = 20.0  # seconds a child waits for the next question before it ends
SECONDS = 45.0
CHECK_SECONDS = 20.0  # for a stranger's file
MEMORY = 640 * 1024 * 1024
WAITING = 3  # strangers who may wait while another's file is checked


class SealFailed(Exception):
    """It could not be sealed; the words are the child's last ones."""


class Busy(Refused):
    says = _l("Others are checking documents just now. Try again in a minute.")
    status = 503


class NotCheckable(Refused):
    """The child had to be ended: far too large inside, or made to be."""

    says = _l("This file takes too long to check. A certificate of ours does not.")
    field = "file"


def make_key(*, name: str, passphrase: str) -> tuple[dict[str, Any], bytes]:
    """What the new certificate says, and its PKCS#12."""
    return _asked({"task": "make_key", "name": name, "passphrase": passphrase})


def read_key(data: bytes, *, password: str, passphrase: str) -> tuple[dict[str, Any], bytes]:
    """What a company's certificate says, or its `problem`; and its PKCS#12 under our passphrase."""
    return _asked({"task": "read_key", "password": password, "passphrase": passphrase}, data)


def seal(pdf: bytes, *, key: bytes, evidence: bytes, **words: str) -> tuple[dict[str, Any], bytes]:
    """The level reached and the sealed PDF. `words`: passphrase, reason, by, evidence_note, timestamp_url."""
    return _asked({"task": "seal", **words}, pdf, key, evidence)


def check(pdf: bytes) -> tuple[dict[str, Any], bytes]:
    """What holds of a stranger's file, and the evidence in it. Raises Busy, NotCheckable."""
    if not _room.acquire(blocking=False):
        raise Busy
    try:
        return _asked({"task": "check"}, pdf, seconds=CHECK_SECONDS)
    except SealFailed as problem:
        raise NotCheckable from problem
    finally:
        _room.release()


def _asked(question: dict[str, Any], *parts: bytes, seconds: float = SECONDS) -> tuple[dict[str, Any], bytes]:
    try:
        head, data = _child.ask(json.dumps(question).encode(), *parts, seconds=seconds)
    except TooSlow as problem:
        raise SealFailed(f"no answer after {seconds:g} s") from problem
    except Gone as problem:
        raise SealFailed("the child ended without an answer") from problem
    told: dict[str, Any] = json.loads(head)
    if "error" in told:
        raise SealFailed(told["error"])
    return told, data


_child = Lone("app.lib.seal", idle=IDLE, memory=MEMORY)
stop = _child.end
_room = threading.BoundedSemaphore(WAITING + 1)
