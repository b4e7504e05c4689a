"""Parts of a page that are drawn once and kept: `{{ kept("layouts/_sidebar.html", *what_it_shows) }}`.

Jinja takes longer to draw a page than the database to find it, and most of a page was on the last one too. The key must
hold all that the part shows beside the language and the form's token.
"""

from collections import OrderedDict
from collections.abc import Hashable
from secrets import token_hex
from sys import getsizeof
from threading import Lock
from types import FunctionType
from typing import Any

from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.lib import words
from app.lib.components import TOKEN

FRESH = token_hex(16)
MOST = 700_000  # bytes, all parts together
LARGEST = 60_000  # characters of a part worth keeping
is_checked = False  # the tests set it: what is found is drawn again, and must come out the same
_parts: OrderedDict[Hashable, str] = OrderedDict()
_lock = Lock()
_size = 0  # bytes of all that is kept


def shown(record: Any, names: tuple[str, ...] | None = None) -> tuple[Hashable, ...]:
    """The values of a record's fields, or of those named, as part of a key; of None, nothing."""
    if record is None:
        return ()
    data = record.__data__
    return tuple(data.values()) if names is None else tuple([data[name] for name in names])


def init_app(app: Flask) -> None:
    app.jinja_env.globals["kept"] = kept


class NotTheSame(AssertionError):
    """A part's key does not say all that the part shows; only tests look."""


@pass_context
def kept(context: Context, template: str, *key: Hashable, fresh: str = "", **values: Any) -> Markup:
    """The template as `{% include %}` would draw it with `values` too, or as it was when the key was last the same.

    A value that is a function is asked only when the part is drawn. `fresh` is a key of a form's own: it is put into
    what was drawn with another.
    """
    place = (template, context.get("spoken") or words.language(), key)
    with _lock:
        part = _parts.get(place)
        if part is not None:
            _parts.move_to_end(place)
    if part is None or is_checked:
        drawn = _draw(context, template, values, fresh)
        if part is not None and part != drawn:
            raise NotTheSame(f"{template} is kept by too short a key:\n{part}\n{drawn}")
        part = drawn
        if len(part) <= LARGEST:
            _keep(place, part)
    text: str = part
    if fresh:
        text = text.replace(FRESH, fresh)
    if TOKEN in text:
        text = text.replace(TOKEN, generate_csrf())
    return Markup(text)  # noqa: S704


def forget() -> None:
    """Empties it: a test begins with nothing drawn."""
    global _size
    with _lock:
        _parts.clear()
        _size = 0


def _keep(place: Hashable, part: str) -> None:
    """What was asked for longest ago makes room."""
    global _size
    with _lock:
        if place in _parts:
            _size -= getsizeof(_parts[place])
        _parts[place] = part
        _size += getsizeof(part)
        while _size > MOST:
            _size -= getsizeof(_parts.popitem(last=False)[1])


def _draw(context: Context, template: str, values: dict[str, Any], fresh: str) -> str:
    """With marks where a form's token and key stand, as no two have the same."""
    known = {name: value() if isinstance(value, FunctionType) else value for name, value in values.items()}
    text = context.environment.get_template(template).render(context.get_all() | known)
    own = g.get("csrf_token")
    text = text.replace(own, TOKEN) if own else text
    return text.replace(fresh, FRESH) if fresh else text
