"""A thin wire to an SMTP server: bytes go out, and every answer comes back as a value or a plain exception."""

import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from app.lib.causes import BROKEN, LOGIN, NAME, TIMEOUT, TLS, TLS_NAME, TLS_TRUST, cause_of
from app.lib.causes import context as tls_context

CAUSES_OF_TLS = (TLS, TLS_NAME, TLS_TRUST)
PATIENCE = 15.0  # seconds that a server may take over one answer
IDLE = 10  # seconds after which a kept connection is asked whether it still stands
_BARE_LF = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the letter."""

    code: int
    text: str


class SmtpRefused(Exception):
    """The server answered and said no: for good (5xx) or for now (4xx)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text

    @property
    def permanent(self) -> bool:
        return self.code >= 500


class SmtpUnreachable(Exception):
    """No answer could be had; `cause` is name, refused, timeout, tls, login or broken."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the test of a server: name, connect, tls, login."""

    name: str
    passed: bool
    detail: str = ""
    cause: str = ""


class Smtp:
    """One server; the connection opens with the first letter, is kept for the next ones, and closes with `with`."""

    def __init__(
        self,
        host: str,
        port: int = 587,
        security: str = "starttls",
        user: str = "",
        password: str = "",
        *,
        is_token: bool = False,
        timeout: float | None = None,
        verify: bool = True,
        context: ssl.SSLContext | None = None,
        helo: str | None = None,
    ) -> None:
        self.host, self.port, self.security = host, port, security
        self.user, self.password, self.is_token, self.helo = user, password, is_token, helo
        self.timeout = timeout or PATIENCE
        self.context = context or tls_context(verify)
        self._wire: smtplib.SMTP | None = None
        self._used_at = 0.0
        self._has_begun = False  # whether the server may have taken the letter in hand

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> Accepted:
        """Hands one letter over for one recipient; a connection that the server has closed is opened again.

        Never once the server may have the letter: what became of it then nobody knows, and the caller decides.
        """
        was_kept, wire = self._wire is not None, self._ready()
        try:
            return self._hand_over(wire, envelope_from, recipient, raw)
        except SmtpRefused:
            self._calm(wire)
            raise
        except Exception as problem:
            self._drop()
            if was_kept and not self._has_begun and isinstance(problem, smtplib.SMTPServerDisconnected | OSError):
                return self.send(envelope_from, recipient, raw)
            raise _unreachable(problem) from problem

    def check(self) -> Iterator[Step]:
        """Tries the server step by step for the test page; after the first step that fails nothing more is tried."""
        self.close()
        try:
            socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            yield Step("name", False, _said(problem), NAME)
            return
        yield Step("name", True)
        steps = [("connect", self._connect), ("tls", self._secure), ("login", self._sign_in)]
        for name, step in steps:
            if (name == "tls" and self.security == "none") or (name == "login" and not self.user):
                continue
            try:
                step()
            except (SmtpUnreachable, SmtpRefused) as problem:
                cause = getattr(problem, "cause", "")
                yield Step("tls" if cause in CAUSES_OF_TLS else name, False, _said(problem), cause)
                self._drop()
                return
            yield Step(name, True)
        self.close()

    def close(self) -> None:
        wire, self._wire = self._wire, None
        if wire is None:
            return
        try:
            wire.quit()
        except (OSError, smtplib.SMTPException):
            wire.close()

    def _ready(self) -> smtplib.SMTP:
        if self._wire is not None and time.monotonic() - self._used_at < IDLE:
            return self._wire
        if self._wire is not None:
            try:
                if self._wire.noop()[0] == 250:
                    return self._wire
            except (OSError, smtplib.SMTPException):
                pass
            self._drop()
        try:
            self._connect()
            self._secure()
            self._sign_in()
        except BaseException:
            self._drop()
            raise
        assert self._wire is not None  # noqa: S101 - for the type checker: _connect sets it or raises
        return self._wire

    def _connect(self) -> None:
        try:
            if self.security == "tls":
                wire: smtplib.SMTP = smtplib.SMTP_SSL(
                    timeout=self.timeout, local_hostname=self.helo, context=self.context
                )
            else:
                wire = smtplib.SMTP(timeout=self.timeout, local_hostname=self.helo)
            wire._host = self.host  # type: ignore[attr-defined]  # the name that a certificate is checked against
            code, text = wire.connect(self.host, self.port)
        except Exception as problem:
            raise _unreachable(problem) from problem
        self._wire = wire
        if code != 220:
            raise SmtpRefused(code, _plain(text))

    def _secure(self) -> None:
        wire = self._wire
        if wire is None or self.security != "starttls":
            return
        try:
            wire.ehlo_or_helo_if_needed()
            wire.starttls(context=self.context)
            wire.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError as problem:
            raise SmtpUnreachable(TLS, _said(problem)) from problem
        except smtplib.SMTPResponseException as problem:
            raise SmtpUnreachable(TLS, _said(problem)) from problem
        except Exception as problem:
            raise _unreachable(problem) from problem

    def _sign_in(self) -> None:
        if self._wire is None or not self.user:
            return
        try:
            if self.is_token:
                self._show_token(self._wire)
            else:
                self._wire.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as problem:
            raise SmtpUnreachable(LOGIN, f"{problem.smtp_code} {_plain(problem.smtp_error)}") from None
        except (smtplib.SMTPNotSupportedError, UnicodeError) as problem:
            raise SmtpUnreachable(LOGIN, _said(problem)) from None
        except Exception as problem:
            raise _unreachable(problem) from problem

    def _show_token(self, wire: smtplib.SMTP) -> None:
        """XOAUTH2, as Google and Microsoft speak it. A refusal comes as a challenge that wants an empty answer."""
        wire.ehlo_or_helo_if_needed()
        if "XOAUTH2" not in wire.esmtp_features.get("auth", "").upper().split():
            raise smtplib.SMTPNotSupportedError("The server offers no XOAUTH2")
        shown = b64encode(f"user={self.user}\1auth=Bearer {self.password}\1\1".encode()).decode()
        code, said = wire.docmd("AUTH", f"XOAUTH2 {shown}")
        if code == 334:
            code, said = wire.docmd("")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, said)

    def _hand_over(self, wire: smtplib.SMTP, envelope_from: str, recipient: str, raw: bytes) -> Accepted:
        self._has_begun = False
        wire.ehlo_or_helo_if_needed()
        options = [f"size={len(raw)}"] if wire.does_esmtp and wire.has_extn("size") else []
        raw = _BARE_LF.sub(b"\r\n", raw)
        if not raw.isascii() and wire.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        wide = not (envelope_from + recipient).isascii()
        if wide:
            if not wire.has_extn("smtputf8"):
                raise SmtpRefused(553, "The server takes no addresses outside ASCII")
            options.append("SMTPUTF8")
            wire.command_encoding = "utf-8"
        try:
            _expect(wire.mail(envelope_from, options), 250)
            _expect(wire.rcpt(recipient), 250, 251)
            self._has_begun = True
            code, text = _expect(wire.data(raw), 250)
        except smtplib.SMTPDataError as problem:
            raise SmtpRefused(problem.smtp_code, _plain(problem.smtp_error)) from None
        except smtplib.SMTPSenderRefused as problem:
            raise SmtpRefused(problem.smtp_code, _plain(problem.smtp_error)) from None
        finally:
            wire.command_encoding = "ascii"
        self._used_at = time.monotonic()
        return Accepted(code, text)

    def _calm(self, wire: smtplib.SMTP) -> None:
        """After a refusal the transaction is given up, the connection kept if the server still listens."""
        try:
            wire.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def _expect(answer: tuple[int, bytes], *good: int) -> tuple[int, str]:
    code, text = answer[0], _plain(answer[1])
    if code not in good:
        if code == 421:
            raise SmtpUnreachable(BROKEN, f"{code} {text}")
        raise SmtpRefused(code, text)
    return code, text


def _plain(text: bytes | str) -> str:
    value = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return " ".join(value.replace("\0", "").split())[:1000]


def _unreachable(problem: Exception) -> SmtpUnreachable:
    if isinstance(problem, SmtpUnreachable):
        return problem
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):  # the library wraps what cuts an answer short
        return SmtpUnreachable(TIMEOUT, _said(problem))
    if isinstance(problem, smtplib.SMTPException):  # which is an OSError too
        return SmtpUnreachable(BROKEN, _said(problem))
    return SmtpUnreachable(cause_of(problem), _said(problem))


def _said(problem: Exception) -> str:
    return " ".join(str(problem).split())[:300]
