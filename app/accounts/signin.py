"""Signing in and out: the one module that knows flask-login, and the cookies of guests."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask import session as flask_session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts.person import Person
from app.accounts.session import Session
from app.accounts.visitor import Access
from app.lib import pages, secrets

log = structlog.get_logger("web")
GUEST_COOKIE = "guest"
GUEST_PATH = "/portal"
GUEST_LIFE = 12 * 3600  # seconds
GUEST_LINKS = 8


class SignedIn(UserMixin):
    """What flask-login keeps: its id is the key of a Session row, so that ending the row ends the sign-in."""

    def __init__(self, session: Session, key: str) -> None:
        self.session, self.key = session, key

    def get_id(self) -> str:
        return self.key


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # the session row is what counts, and addresses change on phones

    @manager.user_loader
    def load(key: str) -> SignedIn | None:
        session = Session.of(key)
        return SignedIn(session, key) if session else None

    manager.init_app(app)


def session() -> Session | None:
    """The live session of this request's cookie."""
    return current_user.session if current_user.is_authenticated else None


def person() -> Person | None:
    """Who is signed in, with both their faces loaded."""
    here = session()
    return here.person if here else None


def as_of() -> int:
    """The last event there was when this request began: nothing has been done to any ticket while it stays."""
    here = session()
    return here.as_of if here else 0


def begin(somebody: Person, *, mail: Any = None) -> None:
    """Signs this browser in. What the cookie held before ends: somebody else may have put it there.

    `mail`: the Delivery whose link was pressed, if it was one; evidence says so of what is decided meanwhile (W6).
    """
    flask_session.clear()
    row, key = Session.start(somebody, ip=address(), user_agent=user_agent(), mail=mail)
    login_user(SignedIn(row, key), remember=True)


def end() -> None:
    """Signs this browser out, and ends the session's row."""
    here = session()
    if here:
        here.end()
    logout_user()


def address() -> str:
    """The visitor's address; X-Forwarded-For counts only through trusted proxies (create_app)."""
    return request.remote_addr or ""


def user_agent() -> str:
    return request.headers.get("User-Agent", "")[:300]


def access(link: Any = None) -> Access:
    """How this request reached us, for evidence."""
    return Access(ip=address(), user_agent=user_agent(), link=link, session=None if link else session())


def ask() -> Response:
    """Answers with the way to the sign-in page. After a POST, or from htmx, the way back is the page that asked."""
    return lead(url_for("public.accounts.sign_in", next=_way_back(), guest=1 if guest_links() else None))


def lead(url: str, *, words: Any = "", is_ended: bool = False) -> Response:
    """Answers who is not let in with the way to another page: 303; for htmx 401 with a word and a link, its page stays.

    A poll or a press must not take away a page on which something is typed. `is_ended`: the page is not the sign-in,
    but that of a link which has ended.
    """
    if guest_links():
        log.info("a guest was turned away", path=request.path, method=request.method)
    if pages.wants_block():
        way = {"renewal_url" if is_ended else "sign_in_url": url}
        return make_response(render_template("errors/_fragment.html", status=401, words=words, **way), 401)
    return redirect(url, 303)


def _way_back() -> str | None:
    if request.method == "GET" and not pages.wants_block():
        return pages.here()
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host else None


def safe_next(path: str | None, default: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    if not path or not path.isprintable() or not path.startswith("/") or path.startswith(("//", "/\\")):
        return default  # browsers drop tabs and line ends, and take a backslash for a slash
    parts = urlsplit(path)
    return default if parts.scheme or parts.netloc else path


# --- guests: personal links live in a cookie of their own, apart from a staff sign-in in the same browser -------


def _guest_serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets.keys().derive_all("guest")[::-1], salt="guest")


def guest_links() -> list[int]:
    """The ids of the personal links that this browser has opened, newest first. Each request asks their rows again."""
    try:
        ids = _guest_serializer().loads(request.cookies.get(GUEST_COOKIE, ""), max_age=GUEST_LIFE)
    except BadSignature:
        return []
    return [each for each in ids if isinstance(each, int)][:GUEST_LINKS]


def admit_guest(response: Response, link_id: int, *, is_https: bool) -> Response:
    """Adds a link to the guest cookie of this browser."""
    ids = [link_id, *(each for each in guest_links() if each != link_id)][:GUEST_LINKS]
    response.set_cookie(
        GUEST_COOKIE,
        str(_guest_serializer().dumps(ids)),
        max_age=GUEST_LIFE,
        path=GUEST_PATH,
        httponly=True,
        samesite="Lax",
        secure=is_https,
    )
    return response
