"""A letter as its recipient's mail program would open it."""

import base64
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from functools import cached_property
from typing import Any

from app.lib.files import store
from app.sandbox.letter import SandboxLetter

EMPTY_PAGE = "<!doctype html><meta charset=utf-8><title>-</title>"
CID = re.compile(r"""(["'(])cid:([^"')\s]+)""")


@dataclass(frozen=True)
class Enclosed:
    """A file of a letter, by its place among the parts."""

    place: int
    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


class OpenedLetter:
    """Reads the raw bytes that the receiver kept."""

    def __init__(self, letter: SandboxLetter) -> None:
        self.letter = letter
        self.raw = store().read(letter.raw_sha256)
        self.message: EmailMessage = BytesParser(policy=policy.default).parsebytes(self.raw)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of From."""
        return self._first("From") or ("", self.letter.sender)

    @property
    def answers_go_to(self) -> str:
        """Where a mail program sends an answer."""
        return (self._first("Reply-To") or self.sender)[1]

    @property
    def recipient(self) -> tuple[str, str]:
        there = [each for each in self._all("To") if each[1].lower() == self.letter.recipient]
        return there[0] if there else ("", self.letter.recipient)

    @property
    def language(self) -> str:
        return str(self.message["Content-Language"] or "")[:2].lower()

    @property
    def references(self) -> list[str]:
        """What an answer refers to: the chain so far, and this letter."""
        return [*str(self.message["References"] or "").split(), *([self.mail_id] if self.mail_id else [])]

    @property
    def mail_id(self) -> str:
        return str(self.message["Message-ID"] or "").strip()

    @cached_property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @cached_property
    def html(self) -> str:
        """Its page, with the images that came along inside it, and links that open beside it."""
        part = self.message.get_body(("html",))
        if part is None:
            return ""
        images = {
            str(each["Content-ID"]).strip("<> "): f"data:{each.get_content_type()};base64,{_base64(each)}"
            for each in self.message.walk()
            if each["Content-ID"] and each.get_content_maintype() == "image"
        }
        page = CID.sub(lambda found: found.group(1) + images.get(found.group(2), ""), part.get_content())
        return re.sub(r"(<head[^>]*>)", r'\1<base target="_blank">', page, count=1, flags=re.IGNORECASE)

    @property
    def source(self) -> str:
        return self.raw.decode("utf-8", "replace").replace("\r\n", "\n")

    @cached_property
    def files(self) -> list[Enclosed]:
        return [
            Enclosed(place, part.get_filename() or "", part.get_content_type(), _bytes(part))
            for place, part in enumerate(self.message.iter_attachments())
        ]

    def _all(self, header: str) -> list[tuple[str, str]]:
        return [(name, address) for name, address in getaddresses([str(self.message[header] or "")]) if address]

    def _first(self, header: str) -> tuple[str, str] | None:
        return next(iter(self._all(header)), None)


def _bytes(part: Any) -> bytes:
    return bytes(part.get_payload(decode=True) or b"")


def _base64(part: Any) -> str:
    return base64.b64encode(_bytes(part)).decode()
