"""Pages that another site may show in a frame: there a browser keeps no cookie of ours, so they need none.

Their forms carry a signed token that lasts an hour in place of the session's; `open_to` names the sites.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from flask import Flask, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import ValidationError
from wtforms.csrf.core import CSRF

from app.lib import secrets
from app.lib.safety import POLICY
from app.lib.words import gettext as _

LASTS = 3600  # seconds
View = TypeVar("View", bound=Callable[..., Any])
_unguarded: set[str] = set()


def without_session(view: View) -> View:
    """Marks a view whose form is guarded by its own token, and not by the session's."""
    _unguarded.add(f"{view.__module__}.{view.__name__}")
    return view


def is_without_session(view: Callable[..., Any]) -> bool:
    return f"{view.__module__}.{view.__name__}" in _unguarded


def init_app(app: Flask) -> None:
    for view in _unguarded:
        app.extensions["csrf"].exempt(view)


def open_to(response: Response, sites: Iterable[str]) -> Response:
    """Lets these sites, and our own, show the answer in a frame. `sites` hold scheme, name and port, no more."""
    ancestors = " ".join(["'self'", *sites])
    response.headers["Content-Security-Policy"] = POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {ancestors}"
    )
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response


class _Token(CSRF):
    """The token of one form."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return str(_signer().dumps("form"))

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        try:
            _signer().loads(field.data or "", max_age=LASTS)
        except BadSignature as problem:
            raise ValidationError(_("The page waited too long. Nothing you typed is gone: send it again.")) from problem


class Framed:
    """Put before a form's own base: its token needs no session."""

    class Meta:
        csrf = True
        csrf_class: ClassVar[type[CSRF]] = _Token
        csrf_context = None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets.keys().derive_all("frame")[::-1], salt="form")
