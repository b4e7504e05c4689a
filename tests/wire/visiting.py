"""A browser without script or screen, over a real socket: keeps cookies, follows redirects, presses buttons."""

import urllib.error
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from tests.page import Page


class Answer:
    """What the server said, as `Page` reads it."""

    def __init__(self, response: Any) -> None:
        self.status_code: int = response.status
        self.headers = response.headers
        self.mimetype: str = response.headers.get_content_type()
        self.url: str = response.geturl()
        self.data: bytes = response.read()

    def get_data(self) -> bytes:
        return self.data


class Visitor:
    """Somebody with nothing but an address, perhaps from a mail."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders.append(("Accept-Language", "en"))

    def get(self, path: str, htmx: bool = False, **query: Any) -> Page:
        address = urljoin(self.base_url, path)
        return self._open(Request(f"{address}?{urlencode(query)}" if query else address))  # noqa: S310

    def post(self, path: str, htmx: bool = False, **fields: Any) -> Page:
        data = urlencode(fields, doseq=True).encode()
        return self._open(Request(urljoin(self.base_url, path), data, {"User-Agent": "A plain browser"}))  # noqa: S310

    def sign_in(self, email: str, password: str) -> Page:
        page = self.get("/sign-in")
        return page.press("Sign in", email=email, password=password)

    def _open(self, request: Request) -> Page:
        try:
            with self.opener.open(request, timeout=20) as response:
                answer = Answer(response)
        except urllib.error.HTTPError as refused:
            with refused:
                answer = Answer(refused)
        page = Page(answer, self)
        page.path = answer.url
        return page
