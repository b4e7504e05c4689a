"""Our link tokens inside the files of a mail, such as a letter of ours that a customer attaches: masked like the text.

Else whoever downloads the file at the desk could act as the customer. The raw mail alone keeps them, in the store.
"""

import base64
import quopri

from app.mail import mime
from app.mail.masking import masked
from app.mail.mime import Entity

DEEPEST = 4  # mails within mails


def masked_file(content: bytes, content_type: str, name: str = "") -> bytes:
    """The same bytes, unless one of our tokens can be read in them."""
    if content_type.startswith("message/") or name.lower().endswith(".eml"):
        return _mail(content, 0)
    if content_type.startswith("text/") or name.lower().endswith((".html", ".htm", ".txt", ".csv", ".ics")):
        return _text(content)
    return content


def _text(content: bytes) -> bytes:
    """A token is ASCII, whatever stands around it."""
    if b"/" not in content and b"%2" not in content:
        return content
    said = content.decode("latin-1")
    clean = masked(said).replace("…", "...")
    return content if clean == said else clean.encode("latin-1")


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
    return _text(said) if part.type.startswith(("text/", "message/")) else said


def _encoded(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(content)
    return content
