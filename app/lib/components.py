"""`ui.button(…)` in any template: the macros of components/ui.html, each drawn once for the same words.

A page calls two hundred of them, most with nothing but a few words and numbers. Such a call says all that its result
depends on, beside the language and the form's token; so the result is kept, and the token put in afterwards.
"""

from collections.abc import Callable
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import Flask
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.lib import words

TOKEN = token_hex(16)  # stands where a form's own token will be; nobody outside can know it
KEPT = 1000  # drawings, of some three hundred bytes each
# Exactly these: a subclass, or a record whose fields change, may equal another and look different.
PLAIN = frozenset({str, int, bool, type(None), Markup})


class Components:
    """The macros by name."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._module: Any = None

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._module is None or self._app.debug:
            source = self._app.jinja_env.get_template("components/ui.html")
            self._module = source.make_module({"csrf_token": lambda: TOKEN})
        made = self._keeper(getattr(self._module, name))
        if not self._app.debug:
            setattr(self, name, made)
        return made

    def _keeper(self, macro: Callable[..., Markup]) -> Callable[..., Markup]:
        def draw(*args: Any, **named: Any) -> Markup:
            given = (*args, *named.values())
            types = tuple(map(type, given))
            if not PLAIN.issuperset(types):
                given = tuple(str(each) if type(each) is LazyString else each for each in given)
                types = tuple(map(type, given))
            if PLAIN.issuperset(types):
                text = _drawn(macro, words.language(), tuple(named), types, *given)
            else:
                text = macro(*args, **named)
            return Markup(text.replace(TOKEN, generate_csrf())) if TOKEN in text else text  # noqa: S704

        return draw


@lru_cache(KEPT)
def _drawn(
    macro: Callable[..., Markup], _language: str, names: tuple[str, ...], _types: tuple[type, ...], *given: Any
) -> Markup:
    first = len(given) - len(names)
    return macro(*given[:first], **dict(zip(names, given[first:], strict=True)))
