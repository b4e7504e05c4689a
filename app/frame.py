"""What stands around every page: whose language and zone, which company, and how templates say times and sizes."""

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app import sheets
from app.branding.company import Company
from app.config import LANGUAGES, Config
from app.lib import moments, words
from app.outbox.wire import is_live

LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}
LANGUAGE_COOKIE = "language"


def init_app(app: Flask, config: Config) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", config.language)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=lambda: language(config), timezone_selector=lambda: str(zone()))
    words.init_app(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(current_locale=get_locale, when=when, when_full=when_full, when_long=when_long)
    environment.globals["stylesheet"] = sheets.address.__wrapped__ if app.debug else sheets.address
    environment.globals.update(span=moments.span, day=day, ui=_Components(app))
    app.context_processor(context)


class _Components:
    """`ui.button(…)` in any template: the macros of components/ui.html, made once."""

    def __init__(self, app: Flask) -> None:
        self._app, self._module = app, None

    def __getattr__(self, name: str) -> Any:
        if self._module is None or self._app.debug:
            self._module = self._app.jinja_env.get_template("components/ui.html").make_module()
        return getattr(self._module, name)


def context() -> dict[str, Any]:
    """What every template may use."""
    company = our_company()
    me = person()
    return {
        "company": company,
        "brand": company,
        "mode": me.mode if me else None,
        "languages": [
            {"code": code, "label": name, "current": code == str(get_locale())} for code, name in LANGUAGE_NAMES.items()
        ],
        "language_url": g.get("language_url", "/language"),
        "language_next": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "nav": g.get("nav", {}),
        "me": g.get("me"),
        "sandbox_banner": None if is_live() else {"text": _("Mail sandbox: no mail leaves this machine.")},
    }


def portal_nav(somebody: Any, *, is_guest: bool = False) -> dict[str, Any]:
    """The portal's navigation: for a customer signed in, for a guest by link, or for nobody yet (None)."""
    here = request.endpoint or ""
    pages = [
        (_("My tickets"), "portal.tickets.index", here.startswith("portal.") and "accounts" not in here),
        (_("Support"), "public.tickets.index", here.startswith("public.tickets.")),
    ]
    nav: dict[str, Any] = {
        "home_url": "/portal" if somebody and not is_guest else "/support",
        "portal": [{"label": label, "url": url_for(page), "current": current} for label, page, current in pages],
    }
    if somebody is None:
        return nav | {"sign_in_url": url_for("public.accounts.sign_in")}
    links = [
        {"label": _("My data"), "url": url_for("portal.accounts.edit_profile"), "icon": "user"},
        {"label": _("Sign out"), "url": url_for("public.accounts.destroy"), "icon": "sign-out", "post": True},
    ]
    return nav | {"person": {"person": somebody, "name": somebody.name, "links": [] if is_guest else links}}


def our_company() -> Company:
    """The company, read once a request."""
    if "company" not in g:
        g.company = Company.ours()
    return g.company


def person() -> Any:
    """The person in front of the screen, by whichever door; None if unknown."""
    me = g.get("me")
    return getattr(me, "person", me)


def language(config: Config) -> str | None:
    """The signed-in person's; by link the contact's; else the cookie; else the browser's; else the installation's."""
    if not has_request_context():
        return config.language
    chosen = getattr(person(), "language", None) or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    wanted = [tag.lower().split("-")[0] for tag, _ in request.accept_languages]  # pt-BR and pt-PT are pt
    ours = our_company()  # before set-up it is nobody's yet, and says nothing
    return next((tag for tag in wanted if tag in LANGUAGES), ours.language if ours.id else config.language)


def zone() -> ZoneInfo:
    """The person's zone, else the company's."""
    name = getattr(person(), "timezone", None) if has_request_context() else None
    return _zone(name or our_company().timezone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def when(moment: datetime | None) -> Markup:
    """A `<time>` for lists: short words, the full moment as its title."""
    return _time(moment, moments.short)


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
