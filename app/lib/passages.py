"""The passage of a text that a search found, with its words marked."""

import re
import unicodedata
from typing import NamedTuple

LENGTH = 110  # characters of a passage
BEFORE = 14  # of which so many, at most, before the first word


class Part(NamedTuple):
    """A piece of a passage, and whether it was looked for."""

    text: str
    is_hit: bool


class _Bases(dict[int, str]):
    """Each character without accent and capital, always one for one, so that places stay the same."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = found = base if len(base) == 1 else chr(code)
        return found


_bases = _Bases()


def pattern(words: str) -> re.Pattern[str] | None:
    """What to mark for these words; the last one as a beginning too. Words that must not be there are left out."""
    wanted = [word for word in re.findall(r"(?<![\w-])-?[\w]+", plain(words)) if not word.startswith("-")]
    wanted = [word for word in wanted if word not in ("or", "and", "not")]
    if not wanted:
        return None
    parts = [re.escape(word) for word in wanted[:12]]
    if not words.rstrip().endswith('"'):
        parts[-1] += r"\w*"
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def phrase(words: str, *, by_beginning: bool) -> re.Pattern[str]:
    """These words one after the other, in a text made `plain`; the last one as a beginning too, if it may be."""
    parts = [re.escape(word) for word in re.findall(r"[^\W_]+", plain(words))]
    return re.compile(r"\b" + r"[\W_]+".join(parts) + ("" if by_beginning else r"\b"))


def passage(body: str, wanted: re.Pattern[str]) -> tuple[Part, ...]:
    """The first place in the text that holds such a word, and what stands around it; empty where there is none."""
    body = " ".join(unicodedata.normalize("NFC", body).split())
    bare = plain(body)
    first = wanted.search(bare)
    if first is None:
        return ()
    start = first.start()
    if start > BEFORE:
        start = body.rfind(" ", 0, start - BEFORE) + 1 or start - BEFORE
    else:
        start = 0
    end = start + LENGTH
    parts, place = [Part("…", False)] if start else [], start
    for hit in wanted.finditer(bare, start, end):
        parts += [Part(body[place : hit.start()], False), Part(body[hit.start() : hit.end()], True)]
        place = hit.end()
    parts.append(Part(body[place:end] + ("…" if end < len(body) else ""), False))
    return tuple(part for part in parts if part.text)


def marked(text: str, wanted: re.Pattern[str]) -> tuple[Part, ...]:
    """The whole of a short text, its words marked; empty where it holds none of them."""
    text = unicodedata.normalize("NFC", text)
    parts, place = [], 0
    for hit in wanted.finditer(plain(text)):
        parts += [Part(text[place : hit.start()], False), Part(text[hit.start() : hit.end()], True)]
        place = hit.end()
    parts.append(Part(text[place:], False))
    return tuple(part for part in parts if part.text) if place else ()


def plain(text: str) -> str:
    """Without accents and capitals, character for character."""
    return text.lower() if text.isascii() else text.translate(_bases)
