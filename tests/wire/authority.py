"""A provider of OAuth 2 on the loopback, as strict as the strict ones: PKCE; codes and refresh tokens are good once.

It also tells a mail server whose access token is good (RFC 7662), which is how Dovecot takes XOAUTH2 from it.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "ventanilla-of-the-tests", "only the tests know"


class Authority:
    """Who has agreed to what. `lasts` seconds is an access token good; `says` is what it answers instead of a token."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.lasts = 3600
        self.says: tuple[int, bytes] | None = None
        self.asked: list[str] = []  # the grant types of the requests for a token
        self._codes: dict[str, dict[str, str]] = {}
        self._refresh: dict[str, str] = {}
        self._access: dict[str, tuple[str, float]] = {}
        self.redirect_uri = ""
        authority = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                self._say(*authority.consent(dict(_flat(asked.query))))

            def do_POST(self) -> None:
                body = dict(_flat(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
                path = urlsplit(self.path).path
                self._say(*(authority.token(body) if path == "/token" else authority.introspect(body)))

            def _say(self, status: int, body: bytes, location: str = "") -> None:
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer((self.host, 0), Answers)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.server.server_port}"

    def start(self) -> "Authority":
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- what people and programs ask ----------------------------------------------------------------------------

    def consent(self, asked: dict[str, str]) -> tuple[int, bytes, str]:
        """The page on which somebody agrees; here they always do, as whom the hint names."""
        fine = asked.get("client_id") == CLIENT and asked.get("response_type") == "code"
        fine = fine and asked.get("redirect_uri") == self.redirect_uri and asked.get("code_challenge_method") == "S256"
        if not fine:
            return 400, json.dumps({"error": "invalid_request"}).encode(), ""
        code = token_urlsafe(16)
        self._codes[code] = {"challenge": asked["code_challenge"], "user": asked["login_hint"]}
        return 302, b"", f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append(asked.get("grant_type", ""))
        if self.says:
            return self.says
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return 401, json.dumps({"error": "invalid_client"}).encode()
        user = self._redeemed(asked) if asked["grant_type"] == "authorization_code" else self._renewed(asked)
        if not user:
            return 400, json.dumps({"error": "invalid_grant", "error_description": "expired or revoked"}).encode()
        return 200, json.dumps(self.grant(user) | {"token_type": "Bearer", "expires_in": self.lasts}).encode()

    def introspect(self, asked: dict[str, str]) -> tuple[int, bytes]:
        user, end = self._access.get(asked.get("token", ""), ("", 0))
        return 200, json.dumps({"active": end > time.time(), "email": user}).encode()

    def _redeemed(self, asked: dict[str, str]) -> str:
        kept = self._codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        proves = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fine = kept and proves == kept["challenge"] and asked.get("redirect_uri") == self.redirect_uri
        return kept["user"] if kept and fine else ""

    def _renewed(self, asked: dict[str, str]) -> str:
        return self._refresh.pop(asked.get("refresh_token", ""), "")

    # --- what a test does ----------------------------------------------------------------------------------------

    def grant(self, user: str) -> dict[str, str]:
        """Both tokens for this user, as if they had agreed."""
        access, refresh = token_urlsafe(24), token_urlsafe(24)
        self._access[access] = (user, time.time() + self.lasts)
        self._refresh[refresh] = user
        return {"access_token": access, "refresh_token": refresh}

    def end_access(self) -> None:
        """No access token is good any more, whatever its time."""
        self._access.clear()

    def revoke(self) -> None:
        """Everybody has taken their consent back."""
        self._access.clear()
        self._refresh.clear()


def _flat(query: str) -> list[tuple[str, str]]:
    return [(name, values[0]) for name, values in parse_qs(query).items()]
