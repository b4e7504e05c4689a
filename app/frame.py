"""What stands around every page: whose language and zone, which company, and how templates say times and sizes."""

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, get_locale
from markupsafe import Markup

from app import sheets
from app.branding.company import Company
from app.config import LANGUAGES, Config
from app.lib import kept, moments, pages, phones, words
from app.lib.clock import now
from app.lib.components import Components
from app.lib.words import LANGUAGE_NAMES
from app.lib.words import gettext as _
from app.organizations.settings import CustomerSettings
from app.outbox.wire import is_live

LANGUAGE_COOKIE = "language"


def init_app(app: Flask, config: Config) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", config.language)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=lambda: _locale(language(config)), timezone_selector=lambda: str(zone()))
    words.init_app(app)
    kept.init_app(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        current_locale=get_locale, lang_of=lang_of, today=today, when=when, when_full=when_full, when_long=when_long
    )
    environment.globals["stylesheet"] = sheets.address.__wrapped__ if app.debug else sheets.address
    environment.filters["spaced_phone"] = phones.spaced
    environment.globals.update(span=moments.span, day=day, ui=Components(app))
    app.context_processor(context)


def context() -> dict[str, Any]:
    """What every template may use."""
    here, asked = g._get_current_object(), request._get_current_object()  # once through proxies, which are slow
    company, me = our_company(), here.get("me")
    somebody = getattr(me, "person", me)
    return {
        "spoken": words.language(),
        "company": company,
        "brand": company,
        "mode": somebody.mode if somebody else None,
        "languages": LANGUAGE_NAMES,
        "language_url": here.get("language_url", "/language"),
        "language_next": pages.here() if asked.method == "GET" else pages.here().partition("?")[0],
        "nav": here.get("nav", {}),
        "me": me,
        "equipment_is_on": CustomerSettings.uses_equipment,
        "sandbox_banner": None if is_live() else {"text": _("Mail sandbox: no mail leaves this machine.")},
    }


class PortalNavigation:
    """The portal's: for a customer signed in, for a guest by link, or for nobody yet (None)."""

    def __init__(self, somebody: Any, *, is_guest: bool = False) -> None:
        self._who, self._is_guest = somebody, is_guest
        here = request.endpoint or ""
        self._at_tickets = here.startswith("portal.") and "accounts" not in here
        self._at_support = here.startswith("public.tickets.")

    @property
    def key(self) -> tuple[Any, ...]:
        """All that it shows (app/lib/kept.py)."""
        who = self._who and (self._who.id, self._who.name)
        return who, self._is_guest, self._at_tickets, self._at_support

    @property
    def home_url(self) -> str:
        return "/portal" if self._who and not self._is_guest else "/support"

    @property
    def portal(self) -> list[dict[str, Any]]:
        return [
            {"label": _("My tickets"), "url": url_for("portal.tickets.index"), "current": self._at_tickets},
            {"label": _("Support"), "url": url_for("public.tickets.index"), "current": self._at_support},
        ]

    @property
    def sign_in_url(self) -> str | None:
        return None if self._who else url_for("public.accounts.sign_in")

    @property
    def person(self) -> dict[str, Any] | None:
        if not self._who:
            return None
        links = [
            {"label": _("Support tickets"), "url": url_for("portal.tickets.index"), "icon": "inbox"},
            {"label": _("My data"), "url": url_for("portal.accounts.edit_profile"), "icon": "user"},
            {"label": _("Sign out"), "url": url_for("public.accounts.destroy"), "icon": "sign-out", "post": True},
        ]
        return {"person": self._who, "name": self._who.name, "links": [] if self._is_guest else links}


def our_company() -> Company:
    """The company, read once a request."""
    if "company" not in g:
        g.company = Company.ours()
    return g.company


def wear(company: Company | None) -> None:
    """This page looks as this company does, where it is about a matter of theirs."""
    if company is not None:
        g.company = company


def person() -> Any:
    """The person in front of the screen, by whichever door; None if unknown."""
    me = g.get("me")
    return getattr(me, "person", me)


def language(config: Config) -> str | None:
    """The signed-in person's; by link the contact's; else the cookie; else the browser's; else the installation's."""
    if not has_request_context():
        return config.language
    chosen = g.get("language") or getattr(person(), "language", None) or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    wanted = [tag.lower().split("-")[0] for tag, _ in request.accept_languages]  # pt-BR and pt-PT are pt
    ours = our_company()  # before set-up it is nobody's yet, and says nothing
    return next((tag for tag in wanted if tag in LANGUAGES), ours.language if ours.id else config.language)


def today() -> tuple[str, str]:
    """The reader's zone and date, which words like "yesterday" depend on."""
    here = zone()
    return here.key, f"{now().astimezone(here):%Y-%m-%d}"


def zone() -> ZoneInfo:
    """The person's zone, else the company's."""
    name = getattr(person(), "timezone", None) if has_request_context() else None
    return _zone(name or our_company().timezone)


@cache
def _locale(name: str | None) -> Locale | None:
    """Found once: flask-babel takes one as it is, and reads a name anew for each page."""
    return Locale.parse(name) if name else None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def when(moment: datetime | None) -> Markup:
    """A `<time>` for lists: short words, the full moment as its title."""
    return _time(moment, moments.short)


def lang_of(language: str) -> Markup:
    """The attribute of what is said in this language; nothing where the page speaks it too (WCAG 3.1.2)."""
    return Markup("") if language == str(get_locale()) else Markup(' lang="{}"').format(language)


def when_full(moment: datetime | None) -> Markup:
    """A `<time>` for conversations."""
    return _time(moment, moments.full)


def _time(moment: datetime | None, say: Any) -> Markup:
    if moment is None:
        return Markup("")
    here, locale = _here()
    shown, title = say(moment, here, locale), moments.full(moment, here, locale)
    # Numbers, names of months and weekdays: nothing here comes from anybody outside.
    return Markup(f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}" title="{title}">{shown}</time>')  # noqa: S704


def _here() -> tuple[ZoneInfo, str]:
    """The reader's zone and locale, found once a page; a letter in another language asks again."""
    locale = get_locale()
    kept = g.get("here")
    if kept is None or kept[0] is not locale:
        kept = g.here = (locale, zone(), str(locale))
    return kept[1], kept[2]


def when_long(moment: datetime | None) -> str:
    """With seconds and offset, for evidence."""
    return moments.long(moment, zone(), str(get_locale())) if moment else ""


def day(moment: datetime | None) -> str:
    return moments.day(moment, zone(), str(get_locale())) if moment else ""
