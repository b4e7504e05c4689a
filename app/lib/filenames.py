"""Names of files that came from outside, made safe to keep, show and send back."""

import re
import unicodedata

LONGEST = 255  # bytes, the limit of the usual file systems
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*]')


def clean(name: str | None, *, default: str = "file") -> str:
    """The last part of the name, without control, invisible and direction-turning characters, in at most 255 bytes."""
    text = unicodedata.normalize("NFC", name or "")
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    text = re.split(r"[/\\]", text)[-1]
    text = FORBIDDEN.sub("_", " ".join(text.split())).strip(". ")
    if not text or text.startswith("."):
        text = default + text
    if RESERVED.match(text):
        text = "_" + text
    return _shortened(text)


def extension(name: str) -> str:
    """The last extension in lower case without its dot; empty if there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _is_visible(char: str) -> bool:
    # Cc control, Cf invisible format (bidirectional overrides among them), Cs lone surrogates, Zl Zp line breaks.
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _shortened(text: str) -> str:
    if len(text.encode()) <= LONGEST:
        return text
    ending = extension(text)
    tail = f".{ending}" if ending and len(ending.encode()) <= 16 else ""
    stem = text[: len(text) - len(tail)].encode()[: LONGEST - len(tail.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + tail
