"""Our link tokens inside the files of a mail, such as a letter of ours that a customer attaches: masked like the text.

Else whoever downloads the file at the desk could act as the customer. The raw mail alone keeps them, in the store.
"""

import base64
import html
import quopri
import re
from email.header import decode_header, make_header

from app.mail import mime
from app.mail.masking import masked
from app.mail.mime import Entity

DEEPEST = 4  # mails within mails
WORD = rb"=\?[\w*-]{1,40}\?[bBqQ]\?[^?\s]{0,75}\?="  # RFC 2047
WORDS = re.compile(rb"%b(?:[ \t\r\n]{1,4}%b)*" % (WORD, WORD))
ENTITY = re.compile(r"&(?:#\d{1,5}|#[xX][0-9a-fA-F]{1,4}|sol|colon|period|lowbar|percnt);?")
OF_AN_ADDRESS = re.compile(r"[A-Za-z0-9_/:.%-]")


def masked_file(content: bytes, content_type: str, name: str = "") -> bytes:
    """The same bytes, unless one of our tokens can be read in them."""
    if content_type.startswith("message/") or name.lower().endswith(".eml"):
        return _mail(content, 0)
    if content_type == "text/html" or name.lower().endswith((".html", ".htm")):
        return _html(content)
    if content_type.startswith("text/") or name.lower().endswith((".txt", ".csv", ".ics")):
        return _text(content)
    return content


def _text(content: bytes) -> bytes:
    """A token is ASCII, whatever stands around it."""
    content = WORDS.sub(_encoded_words, content)
    if b"/" not in content and b"%2" not in content:
        return content
    said = content.decode("latin-1")
    clean = masked(said).replace("…", "...")
    return content if clean == said else clean.encode("latin-1")


def _html(content: bytes) -> bytes:
    """An address may be written with entities: those that stand for a letter of one are read."""
    plain = ENTITY.sub(_character, content.decode("latin-1")).encode("latin-1")
    clean = _text(plain)
    return _text(content) if clean == plain else clean


def _character(entity: re.Match[str]) -> str:
    said = html.unescape(entity[0])
    return said if OF_AN_ADDRESS.fullmatch(said) else entity[0]


def _encoded_words(words: re.Match[bytes]) -> bytes:
    """Words of a header, as they were encoded, unless a token stands in them."""
    try:
        said = str(make_header(decode_header(words[0].decode("ascii"))))
    except (LookupError, ValueError):
        return words[0]
    clean = masked(said)
    return words[0] if clean == said else clean.encode("ascii", "replace")


def _mail(content: bytes, depth: int) -> bytes:
    splitter = mime.Splitter(content)
    root, out = splitter.split(), splitter.raw
    leaves = sorted((part for part in root.walk() if not part.children), key=lambda part: part.start)
    for part in reversed(leaves):
        said = part.content()
        clean = _leaf(part, said, depth)
        if clean != said:
            out = out[: part.start] + _encoded(clean, part.encoding) + out[part.end :]
    return _text(out) if out != splitter.raw or _text(out) != out else content


def _leaf(part: Entity, said: bytes, depth: int) -> bytes:
    if part.type.startswith("message/") and depth < DEEPEST:
        return _mail(said, depth + 1)
    if part.type == "text/html":
        return _html(said)
    return _text(said) if part.type.startswith(("text/", "message/")) else said


def _encoded(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(content)
    return content
