"""The house's translations: flask-babel's, found once a page instead of at each of its hundred words.

Everything that speaks imports `gettext`, `lazy_gettext` and their kin from here.
"""

from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Domain, force_locale, get_locale
from flask_babel import gettext as slow_gettext
from flask_babel import lazy_pgettext as lazy_pgettext
from flask_babel import ngettext as ngettext
from flask_babel import pgettext as pgettext
from flask_babel.speaklater import LazyString

from app.config import LANGUAGES

LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}


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
    """After Babel: the same words for Python and for templates."""
    app.extensions["babel"].instance.domain_instance = Spoken()
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]


def gettext(message: str, **values: Any) -> str:
    try:
        here = g._get_current_object()  # once through the proxy, which is slow
        words: str = here._flask_babel.babel_translations.ugettext(message)
    except (AttributeError, RuntimeError):  # the first word of a page, or no page at all
        words = slow_gettext(message)
    return words % values if values else words


def language() -> str:
    """The language that is spoken here: "es", "en" or "pt"."""
    try:
        found: str = g._get_current_object()._flask_babel.babel_locale.language
    except (AttributeError, RuntimeError):
        found = get_locale().language
    return found


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """Words that are found when they are printed: for labels of classes and modules."""
    return LazyString(gettext, message, **values)


def in_every_language(words: Any) -> list[str]:
    """These words in each language we speak: somebody may type any of them."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(str(words))
    return found
