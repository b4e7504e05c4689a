"""What in a stranger's file could harm who opens it: looked for in a child process, which a bomb ends alone."""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.lib.child import Gone, Lone, TooSlow, serve

IDLE = 20.0  # seconds a child waits for the next file before it ends
SECONDS = 20.0  # the longest one may take, the start of the child included
MEMORY = 768 * 1024 * 1024
SCRIPT, BOMB = "script", "bomb"
ACTS = {"/JavaScript", "/Launch"}  # actions of a PDF that run something
UNPACKED, TIMES = 100_000_000, 100  # bytes, and how many times its size, that make an archive a bomb


class NotSeenThrough(Exception):
    """The file could not be looked into: broken, locked by a password, or too much for us."""


def found_in(place: Path) -> str:
    """SCRIPT for a PDF that runs something, BOMB for a zip that unpacks to far too much, else "".

    Raises NotSeenThrough.
    """
    try:
        told: dict[str, str] = json.loads(_child.ask(str(place).encode(), seconds=SECONDS)[0])
    except (Gone, TooSlow) as problem:
        raise NotSeenThrough(type(problem).__name__) from problem
    if "problem" in told:
        raise NotSeenThrough(told["problem"])
    return told["found"]


_child = Lone("app.lib.dangers", idle=IDLE, memory=MEMORY)


def _answer(question: list[bytes]) -> list[bytes]:
    try:
        return [json.dumps({"found": _look(Path(question[0].decode()))}).encode()]
    except Exception as problem:  # whatever a stranger's file does to the library
        return [json.dumps({"problem": f"{type(problem).__name__}: {problem}"[:500]}).encode()]


def _look(place: Path) -> str:
    if zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            whole = sum(member.file_size for member in archive.infolist())
        if whole > max(UNPACKED, TIMES * place.stat().st_size):
            return BOMB
    data = place.read_bytes()
    is_pdf = b"%PDF-" in data[:1024]  # of one that is a zip as well both are looked for
    return SCRIPT if is_pdf and (_says_script(data) or _runs_something(data)) else ""


def _says_script(data: bytes) -> bool:
    """Whether it can be read as it stands, in a PDF too broken for the library as well; a name may be in hex."""
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), data)
    return b"/JavaScript" in plain


def _runs_something(data: bytes) -> bool:
    """Whether any object of the PDF, the packed ones too, holds an action that runs something."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    return any(_acts(part) for number in numbers for part in _parts(reader.get_object(number)))


def _acts(part: dict[str, Any]) -> bool:
    return "/JS" in part or any(dict.get(part, key) in ACTS for key in ("/S", "/Subtype"))


def _parts(thing: Any) -> Iterator[dict[str, Any]]:
    """The dictionaries in one object, itself among them; another object that it names is looked at in its turn."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += dict.values(one)
        elif isinstance(one, list):
            waiting += list.__iter__(one)


if __name__ == "__main__":
    serve(_answer, sys.argv[1:])
