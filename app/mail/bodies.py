"""From the tree of parts to what a mail says and carries: its text, its HTML, its attachments."""

import re
from dataclasses import dataclass, field

from app.mail import charsets, headers, mime, oddities
from app.mail.enclosed import masked_file
from app.mail.mime import Entity

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CONTROL = dict.fromkeys((*range(9), 11, *range(14, 32), 127)) | {0x0C: "\n"}
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]*\s*$")
_ENRICHED = re.compile(r"<(?!<)[^>]{0,60}>|<(?=<)")
LONGEST_TEXT = 2_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment: a file, an inline image, or a whole attached message."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(slots=True)
class Section:
    """One stretch of the body, in the forms that the sender gave it."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Body:
    """What the parts hold, in reading order."""

    sections: list[Section] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)


def gather(root: Entity) -> Body:
    """Sections and attachments of a whole mail."""
    body = Body()
    _take(root, body, None, False)
    if not any((s.plain or "").strip() or s.html for s in body.sections) and body.calendars:
        body.sections.append(Section(plain=body.calendars[0]))
    return body


def _take(part: Entity, body: Body, section: Section | None, related: bool) -> None:
    if part.type.startswith("multipart/") and part.children:
        inside = section
        if part.type == "multipart/alternative" and section is None:
            inside = Section()
            body.sections.append(inside)
        for child in part.children:
            if part.type == "multipart/signed" and child.type == "application/pgp-signature":
                continue  # proves the text beside it; no file that someone sent
            _take(child, body, inside, related or part.type == "multipart/related")
        return
    name = file_name(part)
    disposition = _disposition(part)
    if part.type.startswith("multipart/") and not name:
        _take_text(part, body, section, "plain")
    elif part.type in ("text/plain", "text/html", "text/enriched", "text/richtext") and _is_body(
        part, name, disposition, body, section
    ):
        _take_text(part, body, section, "html" if part.type == "text/html" else "plain")
    else:
        _take_file(part, body, name, disposition, related)


def _disposition(part: Entity) -> str:
    value = part.get("content-disposition")[:200].decode("latin-1")
    return value.partition(";")[0].strip().strip("\"'").lower()


def _is_body(part: Entity, name: str, disposition: str, body: Body, section: Section | None) -> bool:
    if disposition == "attachment":
        return False
    return not name or (section is not None and not body.attachments and disposition != "inline")


def file_name(part: Entity) -> str:
    """The name the sender gave this part, made safe; "" if none."""
    disposition = part.get("content-disposition")
    value = ""
    if b"=" in disposition:
        params = mime.parameters(disposition.partition(b";")[2] or disposition)
        value = headers.parameter(params, "filename") or headers.parameter(params, "name")
    if not value:
        value = headers.parameter(part.params, "name") or headers.parameter(part.params, "filename")
    if not value:
        return ""
    return headers.file_name(value) if value.strip() else ""


def _take_text(part: Entity, body: Body, section: Section | None, form: str) -> None:
    text = text_of(part)
    if form == "plain":
        if part.type in ("text/enriched", "text/richtext"):
            text = _ENRICHED.sub("", text)
        if "begin " in text:
            text, files = oddities.uuencoded(text)
            for name, content in files:
                body.attachments.append(Part(headers.file_name(name), "application/octet-stream", content))
    if section is None:
        section = Section()
        body.sections.append(section)
    held = getattr(section, form)
    if held is None or not held.strip():
        setattr(section, form, text)
    else:
        setattr(section, form, held + ("\n" if form == "plain" else "<br>") + text)


def text_of(part: Entity) -> str:
    """The text of a part: transfer encoding and charset undone, line ends as \\n, no NUL or control characters."""
    data, trailer = part.body, b""
    if part.encoding == "base64":
        data, trailer = _without_trailer(data)
    data = mime.decoded(data, part.encoding)[: LONGEST_TEXT * 4]
    label = part.params.get("charset") or headers.parameter(part.params, "charset")
    if part.type == "text/html" and not charsets.codec(label or "") and (found := _META.search(data[:2048])):
        label = found.group(1).decode("latin-1")
    text = charsets.decode(data, label or "")
    if trailer:
        text += "\n" + charsets.decode(trailer)
    text = clean(text[:LONGEST_TEXT])
    if "flowed" in part.params.get("format", "").lower():
        text = unflowed(text, part.params.get("delsp", "").lower() == "yes")
    return text


def _without_trailer(data: bytes) -> tuple[bytes, bytes]:
    """Base64, and the plain footer that a mailing list hung below it."""
    lines = data.split(b"\n")
    for n, line in enumerate(lines):
        if not _BASE64_LINE.match(line):
            if n and not any(len(other) > 59 and _BASE64_LINE.match(other) for other in lines[n:]):
                return b"\n".join(lines[:n]), b"\n".join(lines[n:])
            break
    return data, b""


def clean(text: str) -> str:
    """Text that any database and page can hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CONTROL) if _DIRTY.search(text) else text


_DIRTY = re.compile("[\0-\x08\x0b-\x1f\x7f]")


def unflowed(text: str, delete_space: bool) -> str:
    """RFC 3676: soft line ends joined, the space stuffing taken away; quotes stay quotes."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        if bare.startswith(" "):
            bare = bare[1:]
        soft = bare.endswith(" ") and bare != "-- " and bare.strip() != ""
        shown = bare[:-1] if soft and delete_space else bare
        if open_depth == depth and bare != "-- ":
            out[-1] += shown
        else:
            out.append(">" * depth + (" " if depth else "") + shown)
        open_depth = depth if soft and len(out[-1]) < 20_000 else -1
    return "\n".join(out)


def _take_file(part: Entity, body: Body, name: str, disposition: str, related: bool) -> None:
    content = part.content()
    if part.type in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        opened = oddities.tnef(content)
        if opened is not None:
            text, html, files = opened
            body.attachments.extend(Part(headers.file_name(n), "application/octet-stream", c) for n, c in files)
            if (text or html) and not any((s.plain or "").strip() or s.html for s in body.sections):
                body.sections.append(Section(plain=clean(text) if text else None, html=clean(html) if html else None))
            return
        body.defects.add("winmail_unreadable")
    if part.type == "text/calendar" and (said := oddities.calendar(content)):
        body.calendars.append(said)
    content_id = headers.content_id(part.get("content-id"))
    inline = (
        disposition != "attachment"
        and part.type.startswith("image/")
        and (disposition == "inline" or bool(content_id) or related)
    )
    name = name or _default_name(part, content)
    content = masked_file(content, part.type, name)
    body.attachments.append(Part(name, part.type, content, content_id, inline))


_ENDINGS = {
    "application/pdf": "pdf",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/zip": "zip",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "message/delivery-status": "txt",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/xml": "xml",
    "application/xml": "xml",
    "text/rfc822-headers": "txt",
}


def _default_name(part: Entity, content: bytes) -> str:
    if part.type in ("message/rfc822", "message/global", "message/news"):
        subject = headers.text(mime.Splitter(content[:64_000]).headers_only().get("subject"))
        return headers.file_name((re.sub(r"[/\\]", "_", subject)[:120] or "message") + ".eml")
    main = part.type.partition("/")[0]
    stem = {"image": "image", "audio": "audio", "video": "video", "text": "text", "message": "message"}.get(
        main, "attachment"
    )
    return f"{stem}.{_ENDINGS.get(part.type, 'bin')}"
