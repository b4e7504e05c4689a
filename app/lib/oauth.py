"""OAuth 2 by authlib: the way to a provider's consent, the code for a token, and a fresh token when one has expired.

PKCE (RFC 7636) always. What a provider answers is taken as plain values; each failure is a NoAccess.
"""

import time
from dataclasses import dataclass
from typing import Any

SECONDS = 10.0  # how long a provider may take
EARLY = 90  # seconds before its end at which a token counts as expired
USUAL, A_YEAR = 3600, 366 * 24 * 3600
LOST, PROVIDER = "access", "provider"


class NoAccess(Exception):
    """No token: `cause` is LOST (consent is gone, connect again) or PROVIDER (it gave no proper answer)."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause, self.detail = cause, detail


@dataclass(frozen=True, slots=True)
class Client:
    """How this installation is known to a provider, and where the provider is asked."""

    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    scope: str
    redirect_uri: str
    extra: dict[str, str]  # further words of the way to its consent


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with its end, and what gets the next one."""

    access: str
    refresh: str
    expires_at: int

    @property
    def is_over(self) -> bool:
        return self.expires_at - EARLY <= time.time()


def way_to_consent(client: Client, *, state: str, verifier: str, hint: str) -> str:
    """The provider's page on which its user agrees."""
    url, _ = _session(client).create_authorization_url(
        client.authorize_url, state=state, code_verifier=verifier, login_hint=hint, **client.extra
    )
    return str(url)


def redeem(client: Client, *, code: str, verifier: str) -> Token:
    """The first token, for the code that the provider's page came back with. Raises NoAccess."""
    return _token(_asked(client, "fetch_token", code=code, code_verifier=verifier, grant_type="authorization_code"), "")


def renew(client: Client, refresh: str) -> Token:
    """The next token; where no new refresh token comes with it, the old one stays. Raises NoAccess."""
    return _token(_asked(client, "refresh_token", refresh_token=refresh), refresh)


def _session(client: Client) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        client.client_id,
        client.client_secret or None,
        scope=client.scope or None,
        redirect_uri=client.redirect_uri,
        token_endpoint_auth_method="client_secret_post" if client.client_secret else "none",
        code_challenge_method="S256",
    )


def _asked(client: Client, verb: str, **values: Any) -> dict[str, Any]:
    from authlib.common.errors import AuthlibBaseError

    try:
        with _session(client) as session:
            return dict(getattr(session, verb)(client.token_url, timeout=SECONDS, allow_redirects=False, **values))
    except AuthlibBaseError as problem:
        lost = problem.error in ("invalid_grant", "unauthorized_client", "invalid_client", "access_denied")
        raise NoAccess(LOST if lost else PROVIDER, _said(problem)) from None
    except OSError as problem:  # all of requests' own are such
        raise NoAccess(PROVIDER, _said(problem)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as problem:  # an answer that is none
        raise NoAccess(PROVIDER, type(problem).__name__) from None


def _token(answer: dict[str, Any], refresh: str) -> Token:
    access = answer.get("access_token")
    if not isinstance(access, str) or not access:
        raise NoAccess(PROVIDER, "no access token")
    given = answer.get("refresh_token")
    return Token(access, given if isinstance(given, str) and given else refresh, int(time.time()) + _lasts(answer))


def _lasts(answer: dict[str, Any]) -> int:
    """Seconds; some providers say them as text, some not at all."""
    said = str(answer.get("expires_in", ""))
    return min(int(said), A_YEAR) if said.isascii() and said.isdigit() else USUAL


def _said(problem: Exception) -> str:
    return " ".join(str(problem).split())[:200]
