"""A person's browser without the screen: keeps cookies, carries tokens, asks plainly or as htmx does."""

import contextvars
import hashlib
import os
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from app.accounts.session import Session
from app.lib import db
from tests.page import Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Client:
    """Fetches pages as one person; every page is checked by `Page` while it is read."""

    def __init__(self, app: Flask, home: str = "/") -> None:
        self.app = app
        self.home = home
        self.http = app.test_client()

    def sign_in(self, person: Any) -> Self:
        """As the sign-in page does it, without the cost of a password."""
        _, key = Session.start(person, user_agent="tests")
        with self.http.session_transaction() as session:
            session["_user_id"] = key
            session["_fresh"] = True
        db.acquire()  # as below: the session's context gave the connection back
        return self

    @property
    def token(self) -> str:
        """A CSRF token of this browser, as any of its pages would carry it."""
        with self.http.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha256(os.urandom(32)).hexdigest())
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(raw))

    def get(self, path: str = "", htmx: bool = False, follow: bool = True, **query: Any) -> Page:
        return self._open("GET", path or self.home, htmx, follow, query_string=query or None)

    def post(self, path: str, htmx: bool = False, follow: bool = True, **fields: Any) -> Page:
        """Sends a form; a value may be a list, or (file, name). `csrf_token=""` sends a wrong token."""
        fields.setdefault("csrf_token", self.token)
        return self._open("POST", path, htmx, follow, data=fields)

    def _open(self, method: str, path: str, htmx: bool, follow: bool, **sent: Any) -> Page:
        headers = dict(HTMX) if htmx else {}
        response = self._ask(path, method=method, headers=headers, **sent)
        hops = 0
        while follow and response.status_code in (301, 302, 303) and hops < 5:
            path, hops = urljoin(path, response.location), hops + 1
            parts = urlsplit(path)
            local = parts.path + (f"?{parts.query}" if parts.query else "")
            response = self._ask(local, headers=headers)
        whole = response.get_data()[:400].lstrip().lower().startswith(b"<!doctype")
        page = Page(response, self, whole)
        page.path = path
        return page

    def _ask(self, path: str, **options: Any) -> Any:
        """In a context of its own, so that `g` of one request, or of the test, is never seen by the next."""
        try:
            return contextvars.Context().run(self.http.open, path, buffered=True, **options)
        finally:
            db.acquire()  # the request gave the thread's connection back, and the test goes on
