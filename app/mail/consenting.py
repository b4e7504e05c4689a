"""A mailbox whose owner lets us in without a password: consent, its tokens, and the next token when one is over.

Tokens are sealed by the vault. A provider may give a new refresh token each time and refuse the former one: of two
that need a token at once, one asks, and the other takes what that one got.
"""

import json
import threading
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, NamedTuple

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import oauth, secrets
from app.lib.db import transaction
from app.lib.oauth import NoAccess, Token
from app.lib.refusals import Refused
from app.lib.secrets import Unreadable
from app.lib.words import lazy_gettext as _l
from app.mail.provider import KNOWN, MailProvider
from app.mail.sending import step_of

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

# Where consent was just given, the usual sentences would be beside the point.
CAUSES = {oauth.LOST: "consent", oauth.PROVIDER: "consent_answer"}
_asking: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)


class NotRegistered(Refused):
    says = _l("First enter what the provider gave you for this installation.")
    status = 409


class NoConsent(Refused):
    says = _l("The provider gave no access: %(said)s")


class Attempt(NamedTuple):
    """One way to the provider's page; state and verifier stay with the browser's session."""

    url: str
    state: str
    verifier: str


class Consenting:
    """Asking for consent, keeping it, using it."""

    @property
    def uses_consent(self: "Mailbox") -> bool:
        return self.signs_in in KNOWN

    @property
    def has_consent(self: "Mailbox") -> bool:
        return bool(self.access)

    @property
    def provider(self: "Mailbox") -> MailProvider | None:
        return MailProvider.named(self.signs_in) if self.uses_consent else None

    def begin_consent(self: "Mailbox", *, by: Person) -> Attempt:
        """The provider's page for this mailbox. Raises NotAllowed, NotRegistered, Unreadable."""
        demand(by, "configure")
        provider = self.provider
        if provider is None or not provider.is_ready:
            raise NotRegistered
        state, verifier = token_urlsafe(32), token_urlsafe(64)
        url = oauth.way_to_consent(provider.client(), state=state, verifier=verifier, hint=self.user or self.address)
        return Attempt(url, state, verifier)

    @transaction()
    def receive_consent(self: "Mailbox", *, by: Person, code: str, verifier: str) -> None:
        """Takes what the provider's page came back with; the test redeems it. Raises NotAllowed, NotRegistered."""
        if self.provider is None:
            raise NotRegistered
        kept = secrets.vault().lock(json.dumps({"code": code, "verifier": verifier}))
        self.ask_to_test(by=by, access_code=kept)

    def redeem_consent(self: "Mailbox") -> dict[str, Any]:
        """Asks for the first token; the code is good once. A step of the test: never inside a transaction."""
        asked, kept = self.test_asked_at, self.access_code
        self.change(access_code="")
        try:
            given = json.loads(secrets.vault().unlock(kept))
            if self.provider is None:
                raise NoAccess(oauth.LOST)
            token = oauth.redeem(self.provider.client(), **given)
            if not token.refresh:
                raise NoAccess(oauth.LOST, "no refresh token")
        except (NoAccess, Unreadable) as problem:
            cause, said = getattr(problem, "cause", "key"), getattr(problem, "detail", "")
            return step_of("consent", passed=False, cause=CAUSES.get(cause, cause), said=said)
        self._keep(token, asked=asked)
        return step_of("consent", passed=True)

    def access_token(self: "Mailbox", *, fresh: bool = False) -> str:
        """An access token that is good now; `fresh`: the last one was refused. Raises NoAccess, Unreadable."""
        before = self._token()
        if before and not fresh and not before.is_over:
            return before.access
        with _asking[self.id]:
            self.access = type(self).get_by_id(self.id).access  # what somebody else got meanwhile
            token = self._token()
            if token is None or self.provider is None:
                raise NoAccess(oauth.LOST)
            if token == before or token.is_over:
                token = oauth.renew(self.provider.client(), token.refresh)
                self._keep(token)
        return token.access

    def _token(self: "Mailbox") -> Token | None:
        return Token(**json.loads(secrets.vault().unlock(self.access))) if self.access else None

    @transaction()
    def _keep(self: "Mailbox", token: Token, asked: datetime | None = None) -> None:
        """Only while the mailbox is the one that it was given for: `asked` names the test that had it given."""
        access = secrets.vault().lock(json.dumps(asdict(token)))
        if asked is None or self.lock().test_asked_at == asked:
            self.change(access=access)
