"""Headers of received mail made readable: encoded words, raw 8-bit text, addresses, ids, dates, file names."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from itertools import islice

from app.lib import filenames
from app.mail import charsets, mime

LONGEST_LINE = 20_000
MOST_ADDRESSES = 1_000
MOST_LEXEMES = 20 * MOST_ADDRESSES  # a quote that is never closed is looked for at each of them
MOST_REFERENCES = 200

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?\s]*){0,20})\?=")
_WORDS = re.compile(r"(?:=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*(?:\?(?!=)[^?\s]*){0,20}\?=[ \t]*)+")
_QESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTROL = dict.fromkeys((*range(32), 127, 133, 8232, 8233), " ")
_INVISIBLE = dict.fromkeys((*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_ID = re.compile(r"<([^<>\s]{1,250})>")


@dataclass(frozen=True, slots=True)
class Address:
    """A name and a bare address; either may be empty."""

    name: str
    address: str


def text(raw: bytes, *, charset: str = "") -> str:
    """An unstructured header as one clean line."""
    if not raw:
        return ""
    if len(raw) > LONGEST_LINE:
        raw = raw[:LONGEST_LINE]
    value = charsets.decode(raw, charset)
    if "=?" in value:
        value = words(value)
    return one_line(value)


def one_line(value: str) -> str:
    """Without line breaks, control characters and direction overrides; composed, trimmed."""
    value = value.translate(_CONTROL)
    if not value.isascii():
        value = unicodedata.normalize("NFC", value.translate(_INVISIBLE))
    return value.strip()


def words(value: str) -> str:
    """RFC 2047 words decoded; neighbours of one charset are joined before decoding, for some split a character."""
    return _WORDS.sub(_run, value)


def _run(match: re.Match[str]) -> str:
    run = match.group()
    pieces: list[tuple[str, bytes]] = []
    for label, kind, body in _WORD.findall(run):
        data = _undo(kind, body)
        if data is None:
            return run
        label = label.split("*")[0].lower()
        if pieces and pieces[-1][0] == label and (charsets.codec(label) not in ("iso2022_jp_ext", "utf-7", "hz")):
            pieces[-1] = (label, pieces[-1][1] + data)
        else:
            pieces.append((label, data))
    ending = run[len(run.rstrip(" \t")) :]
    return "".join(charsets.decode(data, label) for label, data in pieces) + ending


def _undo(kind: str, body: str) -> bytes | None:
    if kind in "qQ":
        data = body.encode("utf-8", "replace").replace(b"_", b" ")
        return _QESCAPE.sub(lambda found: bytes((int(found.group(1), 16),)), data) if b"=" in data else data
    data = mime.from_base64(body.encode("ascii", "replace"))
    return data if data or not body.strip() else None


def ids(raw: bytes) -> list[str]:
    """The message ids of a header as <id>, in order; bare ones count if no bracket is there at all."""
    value = charsets.decode(raw[:100_000])
    found = _ID.findall(value)
    if not found and "@" in value:
        found = [word for word in (w.strip("<>,;\"'") for w in value.split()) if "@" in word and len(word) <= 250]
    out = list(dict.fromkeys(f"<{one_line(item)}>" for item in found))
    return out if len(out) <= MOST_REFERENCES else out[:1] + out[1 - MOST_REFERENCES :]


def message_id(raw: bytes) -> str:
    """The id of a mail as <id>, or ""; odd ones are kept as they stand, within 250 characters."""
    found = ids(raw)
    if found:
        return found[0]
    odd = one_line(charsets.decode(raw[:1000])).strip("<> ")[:250]
    return f"<{odd}>" if odd else ""


def content_id(raw: bytes) -> str:
    """What a cid: address names, without brackets."""
    return message_id(raw)[1:-1]


def date(raw: bytes) -> datetime | None:
    """The moment of a Date header in UTC; None for what is missing or absurd."""
    value = raw[:200].decode("latin-1").strip()
    if not value:
        return None
    try:
        found = parsedate_tz(value)
        if found is None:
            return None
        year, month, day, hour, minute, second = found[:6]
        offset = timezone(timedelta(seconds=found[9] or 0))
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=offset).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1971 <= moment.year <= 2100 else None


# ------------------------------------------------------------------ addresses

_LEXEMES = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.){0,200}+")|(?P<angle><[^<>]*>?)|(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*(?:\?(?!=)[^?\s]*){0,20}\?=)"""
    r"""|(?P<comment>\((?:[^()\\]|\\.){0,200}+\))|(?P<mark>[,;:])|(?P<space>\s+)|(?P<plain>[^\s",;:<(=]+|.)""",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s@<>\"',;:()\[\]]+@[^\s@<>\"',;:()]+")

_LOCAL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}")


def addresses(raw: bytes) -> list[Address]:
    """The people of a From, To or Cc header: groups opened up, comments and quotes understood."""
    if not raw:
        return []
    value = charsets.decode(raw[: LONGEST_LINE * 10])
    out: list[Address] = []
    phrase: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    for found in islice(_LEXEMES.finditer(value), MOST_LEXEMES):
        kind, lexeme = found.lastgroup, found.group()
        if lexeme == ":" and angle is None:
            if "@" in "".join(phrase):
                phrase.append(lexeme)
            else:
                phrase, comments = [], []  # the name of a group
        elif kind == "mark":
            _add(out, phrase, comments, angle)
            phrase, comments, angle = [], [], None
            if len(out) >= MOST_ADDRESSES:
                break
        elif kind == "angle":
            angle = lexeme if angle is None or "@" not in angle else angle
        elif kind == "comment":
            comments.append(lexeme[1:-1])
        else:
            phrase.append(" " if kind == "space" else lexeme)
    _add(out, phrase, comments, angle)
    return _joined(out)


def _add(out: list[Address], phrase: list[str], comments: list[str], angle: str | None) -> None:
    words_of = "".join(phrase).strip()[:1000]
    if angle is None and not words_of:
        return
    if angle is not None:
        address, name = _bare(angle.strip("<>")[:1000]), words_of
        if not address and (found := _BARE.search(words_of)):
            address, name = found.group(), words_of.replace(found.group(), "")
    else:
        address, name = _without_angle(words(words_of) if "=?" in words_of else words_of)
    name = _name(name) or _name(" ".join(comments))
    if address or name:
        out.append(Address(name[:250], address))


def _joined(found: list[Address]) -> list[Address]:
    """A name with an unquoted comma is one person; a lone word is a local address such as MAILER-DAEMON."""
    if len(found) == 1 and not found[0].address and _LOCAL.fullmatch(found[0].name):
        return [Address("", found[0].name)]
    out: list[Address] = []
    for one in found:
        if out and not out[-1].address and one.address and one.name:
            out[-1] = Address(f"{out[-1].name}, {one.name}", one.address)
        else:
            out.append(one)
    return out


def _without_angle(words_of: str) -> tuple[str, str]:
    """An address that stands bare, perhaps with a name before or behind it."""
    if words_of.count("@") == 1 and not re.search(r"\s", words_of.strip('"')):
        return _bare(words_of), ""
    if words_of.startswith('"') and '"@' in words_of and not re.search(r"\s", words_of.rpartition('"@')[2]):
        return _bare(words_of), ""
    found = _BARE.search(words_of)
    if found:
        return _bare(found.group()), words_of[: found.start()] + words_of[found.end() :]
    if "<" in words_of:
        head, _, tail = words_of.partition("<")
        return _bare(tail.strip(">")), head
    joined = re.sub(r"\s*([@.])\s*", r"\1", words_of)
    if found := _BARE.fullmatch(joined):
        return _bare(found.group()), ""
    return "", words_of


def _bare(value: str) -> str:
    """What stands between the angles, as a bare address: no route, no comment, no mailto."""
    value = words(value) if "=?" in value else value
    value = re.sub(r"\((?:[^()\\]|\\.)*\)", "", value) if "(" in value else value
    value = one_line(value)
    if value.lower().startswith("mailto:"):
        value = value[7:]
    if value.startswith("@") and ":" in value:
        value = value.rpartition(":")[2]
    local, at, domain = value.rpartition("@")
    if not at:
        return value.strip("\"'")[:320] if " " not in value else ""
    local = local.strip()
    if not (local.startswith('"') and local.endswith('"') and len(local) > 1):
        local = re.sub(r"\s+", "", local).strip("'\"")
    else:
        inner = local[1:-1]
        local = inner if re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~.-]+", inner) else local
    domain = re.sub(r"\s+", "", domain).strip("'\"<>.,;")
    return f"{local}@{domain}"[:320] if domain else local[:320]


def _name(value: str) -> str:
    if '"' in value:
        value = value.replace('"', "")
    if "=?" in value:
        value = words(value)
    value = " ".join(one_line(value).split())
    if len(value) > 1 and value[0] == value[-1] == "'":
        value = value[1:-1]
    return value.strip()


# ------------------------------------------------------------------ parameters


def parameter(params: dict[str, str], name: str) -> str:
    """A parameter's value: plain, RFC 2047 in spite of the rules, RFC 2231 with continuations and charset."""
    if name in params and "*" not in name:
        value = params[name]
        return _words_of(value)
    extended = params.get(name + "*")
    if extended is not None:
        return _extended(extended, "")
    pieces = []
    for number in range(100):
        if (piece := params.get(f"{name}*{number}*")) is not None:
            pieces.append((True, piece))
        elif (piece := params.get(f"{name}*{number}")) is not None:
            pieces.append((False, piece))
        else:
            break
    if not pieces:
        return ""
    if not any(coded for coded, _ in pieces):
        return _words_of("".join(piece for _, piece in pieces))
    return _continued(pieces)


def _words_of(value: str) -> str:
    value = charsets.decode(value.encode("latin-1", "replace")) if not value.isascii() else value
    if "=?" in value:
        return words(value)
    return value


def _continued(pieces: list[tuple[bool, str]]) -> str:
    label, data = "", b""
    for n, (coded, piece) in enumerate(pieces):
        if n == 0 and coded and piece.count("'") >= 2:
            label, _, piece = piece.split("'", 2)
        data += _unpercent(piece) if coded else piece.encode("latin-1", "replace")
    return charsets.decode(data, label)


def _extended(value: str, label: str) -> str:
    if value.count("'") >= 2:
        label, _, value = value.split("'", 2)
    if "=?" in value:
        return words(value)
    return charsets.decode(_unpercent(value), label)


_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def _unpercent(value: str) -> bytes:
    data = value.encode("latin-1", "replace")
    return _PERCENT.sub(lambda found: bytes((int(found.group(1), 16),)), data)


def file_name(value: str, default: str = "file") -> str:
    """A name that can be kept, shown and sent on: no path, no control or direction characters, 255 bytes."""
    if len(value) > 2000:
        value = value[:1500] + value[-500:]
    return filenames.clean(value, default=default)
