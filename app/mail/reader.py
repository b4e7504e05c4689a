"""Mails are read in a child with limits of time and memory: one that breaks it costs nobody else's (MAIL.md, 1).

What comes back is plain values. While the worker files one mail, the child reads those that were asked for ahead.
"""

import json
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from app.lib import signatures
from app.lib.child import Child, Garbled, Gone, TooSlow, serve
from app.lib.resolving import resolver
from app.mail import authentication, classifying
from app.mail.bounces import Bounce, Victim
from app.mail.classifying import Verdict
from app.mail.parsed import Address, ParsedMail, Part
from app.mail.readers import pool
from app.mail.reading import read

SECONDS = 10.0  # the longest a mail may take, the start of a child included
FLAT = tuple(each.name for each in fields(ParsedMail) if each.name not in ("root", "attachments", "date"))
READY = b""  # a question that no file answers: the child says it again
PEOPLE = ("from_all", "reply_to", "to", "cc")


class Understood(NamedTuple):
    """A mail, and what kind of mail it is by itself."""

    mail: ParsedMail
    verdict: Verdict
    signers: tuple[str, ...] = ()  # the domains that signed it, where nobody whom we trust had checked that


class Reader:
    """Reads stored mails, any number of them asked for ahead, in the order in which they were asked."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._asked: deque[bytes] = deque()

    def ask(self, raw: Path, *, authserv_id: str = "", dns_server: str | None = None) -> None:
        """Asks for the mail in this file; `next` answers.

        `authserv_id`: whose results we trust. `dns_server`: where keys of signatures are asked for ("": as the system
        does) when there are none of these; None: signatures are not looked at.
        """
        about = [str(raw), authserv_id, dns_server or "", "" if dns_server is None else "signed"]
        self._asked.append("\0".join(about).encode())
        self._child.ask(self._asked[-1])

    def next(self, seconds: float = SECONDS) -> Understood:
        """The oldest mail asked for. One that the child cannot read within its limits comes back as unreadable.

        Raises FileNotFoundError when there is no such file, Garbled, and TooSlow where `seconds` are fewer than a mail
        may take.
        """
        for chance in (1, 2):  # a child may have ended, idle, just as we asked
            try:
                answer = self._child.answer(seconds)
            except TooSlow:
                self._go_on()
                if seconds < SECONDS:
                    raise
                return unreadable("too_slow")
            except Gone:
                if chance == 1:
                    self._ask_again()
            else:
                return _unpacked(self._asked.popleft(), answer)
        self._go_on()
        return unreadable("ended")

    def wake(self) -> None:
        """Has the child running and ready: whoever counts a try does so after it, not while a child is started."""
        self._child.ask(READY)
        with suppress(Gone, TooSlow):  # the first mail asked for will tell
            self._child.answer(SECONDS)

    def forget(self) -> None:
        """Wants none of the answers that are still to come."""
        if self._asked:
            self._asked.clear()
            self._child.end()

    def _go_on(self) -> None:
        self._asked.popleft()
        self._ask_again()

    def _ask_again(self) -> None:
        self._child.end()
        for question in self._asked:
            self._child.ask(question)


@contextmanager
def reader() -> Iterator[Reader]:
    """A reader for this thread alone."""
    with pool.child() as child:
        mine = Reader(child)
        try:
            yield mine
        except BaseException:
            child.end()  # whatever it was about to say
            raise
        mine.forget()


def unreadable(why: str) -> Understood:
    """What stands for a mail that could not be read."""
    return Understood(ParsedMail(defects=["unreadable", why]), Verdict(classifying.PERSON, ""))


def _packed(understood: Understood) -> list[bytes]:
    """As plain values: JSON, and the bytes of the attachments behind it. The tree of parts stays in the child."""
    mail, verdict, signers = understood
    values: dict[str, Any] = {name: getattr(mail, name) for name in FLAT}
    values["date"] = mail.date.isoformat() if mail.date else None
    values["attachments"] = [(part.name, part.content_type, part.content_id, part.inline) for part in mail.attachments]
    values["verdict"] = {"kind": verdict.kind, "cause": verdict.cause, "may_acknowledge": verdict.may_acknowledge}
    values["signers"] = signers
    values["bounce"] = asdict(verdict.bounce) if verdict.bounce else None
    return [json.dumps(values, default=_pair).encode(), *(part.content for part in mail.attachments)]


def _pair(address: Address) -> tuple[str, str]:
    return address.name, address.address


def _unpacked(question: bytes, answer: list[bytes]) -> Understood:
    """What `_answer` said. Raises FileNotFoundError where it found no file, Garbled where it speaks of another one."""
    if answer[:1] != [question]:
        raise Garbled
    if len(answer) == 1:
        raise FileNotFoundError
    try:
        return _understood(json.loads(answer[1]), answer[2:])
    except (ValueError, TypeError, KeyError) as problem:
        raise Garbled from problem


def _understood(values: dict[str, Any], contents: list[bytes]) -> Understood:
    for name in PEOPLE:
        values[name] = [Address(*each) for each in values[name]]
    values["sender"] = Address(*values["sender"]) if values["sender"] else None
    values["date"] = datetime.fromisoformat(values["date"]) if values["date"] else None
    values["headers"] = [(name, value) for name, value in values["headers"]]
    values["attachments"] = [
        Part(name, content_type, content, content_id, inline)
        for (name, content_type, content_id, inline), content in zip(values["attachments"], contents, strict=True)
    ]
    verdict, bounce, signers = values.pop("verdict"), values.pop("bounce"), values.pop("signers")
    if bounce:
        bounce["recipients"] = [Victim(**each) for each in bounce["recipients"]]
        bounce["returned_headers"] = [(name, value) for name, value in bounce["returned_headers"]]
    said = Verdict(**verdict, bounce=Bounce(**bounce) if bounce else None)
    return Understood(ParsedMail(**values), said, tuple(signers))


def understand(raw: bytes) -> Understood:
    """Reads and classifies, in this process."""
    mail = read(raw)
    return Understood(mail, classifying.kind_of(mail))


def _answer(question: list[bytes]) -> list[bytes]:
    """The question again, to tell which it answers, and what was understood; nothing more where there is no file."""
    if question == [READY]:
        return question
    place, authserv_id, dns_server, signed = question[0].decode().split("\0")
    try:
        raw = Path(place).read_bytes()
    except FileNotFoundError:
        return question
    understood = understand(raw)
    if signed and authentication.results_of(understood.mail, authserv_id) is None:
        understood = understood._replace(signers=tuple(signatures.signers(raw, resolver(dns_server))))
    return [*question, *_packed(understood)]


if __name__ == "__main__":
    serve(_answer, sys.argv[1:])
