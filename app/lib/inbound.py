"""What comes in with a request, made fit for both databases and for a page.

PostgreSQL takes no NUL in a text and no huge number; HTML has no place for any other control character either.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # an INTEGER of PostgreSQL: no row of ours has a larger number
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # all but tab and line ends
ASCII = "".join(map(chr, range(0x21, 0x7F)))


class Told(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address. Control characters are left out: nobody types one, no page shows one."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__([(_clean(name), _clean(value)) for name, value in _pairs(mapping)])


class Clean(Request):
    """What is mixed into the request of the house."""

    parameter_storage_class = Told

    def __init__(self, environ: dict[str, Any], *arguments: Any, **options: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():  # raw bytes, which need not be UTF-8: as a browser would have written them
            environ["QUERY_STRING"] = quote(query.encode("latin-1", "replace"), safe=ASCII)
        super().__init__(environ, *arguments, **options)


class NumberConverter(IntegerConverter):
    """`<int:number>` of an address: what no row can have is no address of ours."""

    def __init__(self, rules: Any, **bounds: Any) -> None:
        super().__init__(rules, **{"max": LARGEST} | bounds)


def query(text: str) -> dict[str, str]:
    """An address's query that came inside a field, or was kept, as clean as if it had come as one itself.

    What is written as %00 in it was no control character when the field was read.
    """
    return {_clean(name): _clean(value) for name, value in parse_qsl(text)}


def number(text: str) -> int:
    """A row's number, for `request.args.get(name, type=number)`: anything else counts as not given."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST):
        raise ValueError("no row has this number")
    return int(text)


def init_app(app: Flask) -> None:
    """After the library that has a request of its own, and before any door registers its rules."""
    app.request_class = type("CleanRequest", (Clean, app.request_class), {})
    app.url_map.converters["int"] = NumberConverter

    @app.before_request
    def refuse_controls() -> None:
        if any(isinstance(value, str) and CONTROLS.search(value) for value in (request.view_args or {}).values()):
            abort(404)


def _pairs(mapping: Any) -> Iterable[tuple[Any, Any]]:
    if mapping is None:
        return ()
    if hasattr(mapping, "items"):
        return mapping.items(multi=True) if hasattr(mapping, "lists") else mapping.items()
    return mapping


def _clean(value: Any) -> Any:
    return CONTROLS.sub("", value) if isinstance(value, str) else value
