"""The first page of a stranger's PDF as a picture, drawn in a child process: no script runs, a bomb ends alone."""

import io
import json
import sys
from pathlib import Path

from app.lib import pictures
from app.lib.child import Gone, Lone, TooSlow, serve

IDLE = 20.0  # seconds a child waits for the next file before it ends
SECONDS = 20.0  # the longest a page may take, the start of the child included
MEMORY = 768 * 1024 * 1024
LARGEST = 1600  # pixels of the longer side


class NoPage(Exception):
    """There is no page to be drawn: the file is broken, locked by a password, or too much for us."""


def first_page(place: Path) -> bytes:
    """A PNG of at most LARGEST pixels a side. Raises NoPage."""
    try:
        head, data = _child.ask(str(place).encode(), seconds=SECONDS)
    except (Gone, TooSlow) as problem:
        raise NoPage(type(problem).__name__) from problem
    if why := json.loads(head):
        raise NoPage(why)
    return data


def smaller(picture: bytes, longest: int) -> bytes:
    """The picture of a page, made smaller."""
    return pictures.preview(io.BytesIO(picture), longest=longest)


_child = Lone("app.lib.pdf_pages", idle=IDLE, memory=MEMORY)


def _answer(question: list[bytes]) -> list[bytes]:
    try:
        return [json.dumps("").encode(), _drawn(question[0].decode())]
    except Exception as problem:  # whatever a stranger's file does to the library
        return [json.dumps(f"{type(problem).__name__}: {problem}"[:500] or "?").encode(), b""]


def _drawn(place: str) -> bytes:
    import pypdfium2

    with pypdfium2.PdfDocument(place) as document:
        page = document[0]
        width, height = page.get_size()
        scale = min(4.0, LARGEST / max(width, height, 1.0))
        if width * scale < 1 or height * scale < 1:
            raise ValueError("a page without a size")
        image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    serve(_answer, sys.argv[1:])
