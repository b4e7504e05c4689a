"""PDFs are made in a child process that ends when nothing is left to do, so that the worker itself stays small."""

import json
import sys
import traceback
import warnings

from app.lib import pdf
from app.lib.child import Gone, Lone, TooSlow, serve

IDLE = 20.0  # seconds a child waits for the next page before it ends
SECONDS = 60.0  # the longest a page may take, the start of a child included
MEMORY = 768 * 1024 * 1024  # the libraries alone take 90 million bytes


class PdfFailed(Exception):
    """The page could not be made into a PDF; the words are the child's last ones."""


class PdfTooSlow(PdfFailed):
    """The page took longer than it may; the child was ended."""


def render_in_child(html: str, *, title: str, language: str, seconds: float = SECONDS) -> bytes:
    """As `pdf.render`, in the child process; any number of threads may ask, one page is made at a time."""
    request = json.dumps({"html": html, "title": title, "language": language}).encode()
    try:
        head, data = _child.ask(request, seconds=seconds)
    except TooSlow as problem:
        raise PdfTooSlow(f"no PDF after {seconds:g} s") from problem
    except Gone as problem:
        raise PdfFailed("the child ended without an answer") from problem
    answer = json.loads(head)
    for message in answer["warnings"]:
        pdf.complain(message, stacklevel=3)
    if "error" in answer:
        raise PdfFailed(answer["error"])
    return data


_child = Lone("app.lib.pdf_child", idle=IDLE, memory=MEMORY)
stop, is_running = _child.end, _child.is_running


def _answer(question: list[bytes]) -> list[bytes]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", pdf.PdfWarning)
        try:
            data, words = pdf.render(**json.loads(question[0])), {}
        except Exception:
            data, words = b"", {"error": traceback.format_exc(limit=-5)}
    heard = [str(one.message) for one in seen if isinstance(one.message, pdf.PdfWarning)]
    return [json.dumps({"warnings": heard} | words).encode(), data]


if __name__ == "__main__":
    serve(_answer, sys.argv[1:])
