"""What mails carry outside MIME: Outlook's winmail.dat, uuencoded files in the text, invitations without a text."""

import re

from tnefparse import TNEF

from app.mail import charsets, mime

_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} (.{1,250})$", re.MULTILINE)
_END = re.compile(r"^(?:end|====)[ \t]*$", re.MULTILINE)
LARGEST_CALENDAR = 500_000
LARGEST_TNEF = 40_000_000
MOST_TNEF_OBJECTS = 2_000


def uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the files that are uuencoded in it, and those files."""
    out: list[str] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    while len(files) < 100 and (found := _BEGIN.search(text, at)):
        base64 = found.group().startswith("begin-base64")
        head = text[found.end() : found.end() + 2000].encode("latin-1", "replace").strip(b"\n").split(b"\n")
        if not base64 and not _is_uu(head):
            out.append(text[at : found.end()])
            at = found.end()
            continue
        end = _END.search(text, found.end())
        block = text[found.end() : end.start() if end else len(text)].encode("latin-1", "replace")
        out.append(text[at : found.start()])
        content = mime.from_base64(block) if base64 else mime.from_uuencode(block.split(b"\n"))
        files.append((found.group(1).strip(), content))
        at = end.end() if end else len(text)
    out.append(text[at:])
    return "".join(out) if files else text, files


def _is_uu(lines: list[bytes]) -> bool:
    """Whether the first line is as long as its own first character says."""
    first = lines[0] if lines else b""
    return bool(first) and 0x20 < first[0] <= 0x60 and len(first) >= (((first[0] - 32) & 63) * 4 + 2) // 3


def tnef(content: bytes) -> tuple[str, str, list[tuple[str, bytes]]] | None:
    """Text, HTML and files of a winmail.dat; None if it is none or broken beyond use."""
    if len(content) > LARGEST_TNEF or content[:4] != b"\x78\x9f\x3e\x22":
        return None
    try:
        opened = TNEF(_whole_objects(content), do_checksum=False)
        files = [(str(item.long_filename() or "attachment"), bytes(item.data or b"")) for item in opened.attachments]
        text, html = _string(getattr(opened, "body", None)), _string(getattr(opened, "htmlbody", None))
    except Exception:
        return None
    return (text, html, files) if files or text or html else None


def _whole_objects(content: bytes) -> bytes:
    """The objects of a TNEF stream (MS-OXTNEF, 2.1.3) as far as they are ones: the library is quadratic in the rest."""
    end = 6  # signature and key
    for _ in range(MOST_TNEF_OBJECTS):
        if content[end : end + 1] not in (b"\x01", b"\x02"):
            break
        end += 9 + int.from_bytes(content[end + 5 : end + 9], "little") + 2
    return content[:end]


def _string(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value or "").replace("\0", "")


def calendar(content: bytes) -> str:
    """What an invitation says, as a few plain lines; "" if there is no event in it."""
    if len(content) > LARGEST_CALENDAR:
        return ""
    said: dict[str, str] = {}
    inside = ""
    for line in re.sub(r"\r?\n[ \t]", "", charsets.decode(content)).splitlines():
        name, colon, value = _property(line)
        if name in ("BEGIN", "END"):
            if inside == "VEVENT" and name == "END" and value.upper() == inside:
                break
            inside = value.upper() if name == "BEGIN" else "VEVENT" if value.upper() == "VALARM" else ""
        elif colon and (inside == "VEVENT" or name == "METHOD"):
            said.setdefault(name, value)
    if "SUMMARY" not in said and "DTSTART" not in said:
        return ""
    when = " – ".join(_moment(said[name]) for name in ("DTSTART", "DTEND") if name in said)
    organizer = re.sub("(?i)^mailto:", "", said.get("ORGANIZER", ""))
    lines = [
        said.get("SUMMARY", ""),
        when,
        said.get("LOCATION", ""),
        organizer,
        said.get("METHOD", ""),
        said.get("DESCRIPTION", ""),
    ]
    return "\n".join(_unescaped(line) for line in lines if line).strip()


def _property(line: str) -> tuple[str, str, str]:
    """Name, colon and value of one content line; its parameters may hold quoted colons (RFC 5545, section 3.1)."""
    found = _CONTENT_LINE.match(line)
    return (found[1].upper(), ":", found[2].strip()) if found else ("", "", "")


_CONTENT_LINE = re.compile(r'([A-Za-z0-9-]{1,60})(?:;(?:[^":]|"[^"]*")*)?:(.*)$', re.DOTALL)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")


def _moment(value: str) -> str:
    found = _STAMP.match(value)
    if not found:
        return value
    day = "-".join(found.group(1, 2, 3))
    return f"{day} {found[4]}:{found[5]}{' UTC' if found[6] else ''}" if found[4] else day


def _unescaped(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda found: "\n" if found[1] in "nN" else found[1], value)
