"""A received mail as plain values: what reading makes, and what everything else about mail takes."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from app.mail import mime
from app.mail.bodies import Part
from app.mail.headers import Address

__all__ = ["Address", "ParsedMail", "Part"]


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One received mail, as plain values."""

    message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    from_all: list[Address] = field(default_factory=list)
    reply_to: list[Address] = field(default_factory=list)
    sender: Address | None = None
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    return_path: str | None = None
    date: datetime | None = None
    text: str = ""
    html: str | None = None
    visible: str = ""
    quoted: str = ""
    sign_off: str = ""  # what closes the visible words, as in a letter; of `quoted`
    folded: str = ""  # `quoted` without it
    fold: str = ""  # what that is: signature, history, both
    visible_html: str | None = None
    blocked_images: int = 0
    attachments: list[Part] = field(default_factory=list)
    carried: dict[str, str] | None = None  # the one mail that this one carries on as a file: who, what about, the words
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = "text/plain"
    defects: list[str] = field(default_factory=list)
    root: mime.Entity | None = field(default=None, repr=False, compare=False)

    def header(self, name: str) -> str:
        """The first header of that name (lower case), decoded; "" if there is none."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""

    def header_all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def auto_submitted(self) -> str:
        """The first word of Auto-Submitted in lower case, comments dropped (RFC 3834, section 5)."""
        value = re.sub(r"\([^()]*\)", "", self.header("auto-submitted")[:200])
        found = re.match(r"\s*([\w-]+)", value)
        return found.group(1).lower() if found else ""

    @property
    def recipients(self) -> list[Address]:
        return [*self.to, *self.cc]
