"""Translations found once a page: flask-babel looks for them at each of a page's hundred words."""

from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Domain
from flask_babel import gettext as slow_gettext
from flask_babel import ngettext as slow_ngettext
from flask_babel import pgettext as slow_pgettext


class Spoken(Domain):
    """Keeps the catalog where flask-babel itself forgets it when the language changes (force_locale, refresh)."""

    def get_translations(self) -> Any:
        here = getattr(g, "_flask_babel", None) if g else None
        if here is None:
            return super().get_translations() if g else NullTranslations()
        found = getattr(here, "babel_translations", None)
        if found is None:
            found = here.babel_translations = super().get_translations()
        return found


def init_app(app: Flask) -> None:
    """After Babel: the same words for Python, and a shorter way to them for templates."""
    app.extensions["babel"].instance.domain_instance = Spoken()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, slow_ngettext, newstyle=True, pgettext=slow_pgettext
    )


def gettext(message: str) -> str:
    try:
        return g._flask_babel.babel_translations.ugettext(message)
    except AttributeError:  # the first word of a page, or no page at all
        return slow_gettext(message)
