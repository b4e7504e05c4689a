"""A letter that goes out: text and HTML, files, and the headers that keep threads together and robots quiet."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import css_inline

from app.lib import clock

WIRE = policy.SMTP.clone(cte_type="7bit", max_line_length=78)
# Headers fold at 900: the library would take a Message-ID longer than a line apart into encoded words.
FOLDED = WIRE.clone(max_line_length=900)
LONGEST_HEADER = 900

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Enclosure:
    """One file that goes with a letter; with a content id it is an image inside the HTML."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Letter:
    """Everything about one letter to one recipient; `to_bytes()` is what goes over the wire."""

    from_name: str
    from_address: str
    to_address: str
    subject: str
    text: str
    html: str = ""
    to_name: str = ""
    cc: list[tuple[str, str]] = field(default_factory=list)
    message_id: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    reply_to: str = ""
    envelope_from: str = ""
    language: str = ""
    automatic: str = ""  # "auto-generated" or "auto-replied" (RFC 3834); empty for what a person wrote
    date: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)
    attachments: list[Enclosure] = field(default_factory=list)

    def to_message(self) -> EmailMessage:
        """The MIME message: alternative text and HTML, images beside the HTML, files around it."""
        message = EmailMessage(policy=WIRE)
        self._address(message)
        self._thread(message)
        self._describe(message)
        message.set_content(_wire_text(self.text), charset="utf-8", cte="quoted-printable")
        if self.html:
            message.add_alternative(inlined(self.html), subtype="html", charset="utf-8", cte="quoted-printable")
        self._enclose(message)
        if self.language:  # last: content headers move into the first part when a second one comes
            message["Content-Language"] = line(self.language)
        return message

    def to_bytes(self) -> bytes:
        """The message with the line ends of the wire."""
        return self.to_message().as_bytes(policy=FOLDED)

    @property
    def sender(self) -> str:
        """The envelope's sender, to which delivery reports go."""
        return self.envelope_from or self.from_address

    def _address(self, message: EmailMessage) -> None:
        message["From"] = address(self.from_name, self.from_address)
        message["To"] = address(self.to_name, self.to_address)
        if self.cc:
            message["Cc"] = tuple(address(name, one) for name, one in self.cc)
        if self.reply_to:
            message["Reply-To"] = address(self.from_name, self.reply_to)
        message["Subject"] = line(self.subject)

    def _thread(self, message: EmailMessage) -> None:
        message["Date"] = format_datetime(self.date or clock.now())
        if found := _ID.search(self.message_id):
            message["Message-ID"] = found.group()
        if found := _ID.search(self.in_reply_to):
            message["In-Reply-To"] = found.group()
        known = [found.group() for one in self.references[-30:] if (found := _ID.search(one))]
        if known:
            message["References"] = " ".join(dict.fromkeys(known))

    def _describe(self, message: EmailMessage) -> None:
        if self.automatic:
            message["Auto-Submitted"] = line(self.automatic)
            message["X-Auto-Response-Suppress"] = "All"
            message["Precedence"] = "bulk"
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"No header is called {name!r}")
            if name in message:
                del message[name]
            message[name] = line(value)

    def _enclose(self, message: EmailMessage) -> None:
        images = [one for one in self.attachments if one.content_id and self.html]
        for one in images:
            page = message.get_body(("html",))
            if page is not None:
                main, sub = _type(one.content_type)
                cid = f"<{line(one.content_id)}>"
                page.add_related(
                    one.content, maintype=main, subtype=sub, cid=cid, filename=line(one.name), disposition="inline"
                )
        for one in self.attachments:
            if one not in images:
                main, sub = _type(one.content_type)
                message.add_attachment(one.content, maintype=main, subtype=sub, filename=line(one.name))


def inlined(html: str) -> str:
    """HTML with the rules of its style sheet written on the elements, as mail programs need it; nothing is loaded."""
    return _inliner.inline(html) if "<style" in html else html


def line(value: str) -> str:
    """One header line of it: no line break can begin another header."""
    return _BREAKS.sub(" ", value).encode("utf-8", "replace").decode("utf-8").strip()[:LONGEST_HEADER]


def address(name: str, bare: str) -> Address:
    """A header's address; ValueError for what is none."""
    local, at, domain = line(bare).rpartition("@")
    if not at or not local or not domain or re.search(r"[\s<>,;]", domain + local):
        raise ValueError(f"Not an address: {bare!r}")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return Address(display_name=line(name), username=local, domain=domain)


def _wire_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _type(content_type: str) -> tuple[str, str]:
    """Main and sub type; what carries mail or cannot be sent as bytes goes as plain bytes."""
    found = re.fullmatch(r"([a-z]+)/([\w.+-]+)", content_type.strip().lower())
    if not found or found[1] in ("multipart", "message"):
        return "application", "octet-stream"
    return found[1], found[2]
