"""A mailbox that is let in by OAuth 2: a real authorization server, and a Dovecot that takes nothing but its tokens."""

import threading
import time
import uuid

import pytest
import requests

from app.lib.db import connection
from app.lib.oauth import NoAccess
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.provider import MailProvider
from app.outbox.wire import WireSettings
from tests.mail.incoming import mail, support
from tests.wire.authority import CLIENT, SECRET

pytestmark = pytest.mark.sqlite_only  # it speaks with a server


def register(authority, world):
    provider = MailProvider.named("oauth")
    provider.register(
        by=world.ada, client_id=CLIENT, client_secret=SECRET, authorize_url=f"{authority.url}/authorize",
        token_url=f"{authority.url}/token", scope="mail",
    )  # fmt: skip
    return provider


@pytest.fixture
def mailbox(world, authority, token_dovecot):
    """Confirmed, its user having agreed."""
    register(authority, world)
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    WireSettings.set(mode="live")
    made = support(
        address=user, user=user, host=token_dovecot.host, port=token_dovecot.imap, signs_in="oauth", uidvalidity=None
    )
    agree(made, world)
    return Mailbox.get()


def agree(mailbox, world):
    """What an administrator does with a browser."""
    attempt = mailbox.begin_consent(by=world.ada)
    answer = requests.get(attempt.url, allow_redirects=False, timeout=5)
    code = answer.headers["Location"].partition("code=")[2].partition("&")[0]
    assert f"state={attempt.state}" in answer.headers["Location"]
    mailbox.receive_consent(by=world.ada, code=code, verifier=attempt.verifier)


def put(token_dovecot, authority, user, *letters):
    import imaplib

    box = imaplib.IMAP4(token_dovecot.host, token_dovecot.imap, timeout=10)
    shown = f"user={user}\1auth=Bearer {authority.grant(user)['access_token']}\1\1".encode()
    box.authenticate("XOAUTH2", lambda _: shown)
    for each in letters:
        box.append("INBOX", "", "", each)
    box.logout()


def test_mail_is_fetched_by_token(mailbox, authority, token_dovecot):
    put(token_dovecot, authority, mailbox.user, mail())
    assert mailbox.fetch() == 1
    assert mailbox.failing_since is None
    assert authority.asked == ["authorization_code"]


def test_tokens_are_sealed(mailbox):
    token = mailbox.access_token()
    kept = Mailbox.get().access
    assert token not in kept
    assert "access" not in kept


def test_a_token_whose_time_is_over_is_renewed_and_the_new_refresh_token_kept(mailbox, authority, token_dovecot):
    authority.lasts = 60  # less than the margin: over at once
    for count in range(3):
        put(token_dovecot, authority, mailbox.user, mail())
        Mailbox.update(access=Mailbox.get().access)
        mailbox = Mailbox.get()
        assert mailbox.fetch() == 1, mailbox.failure
        if not count:
            authority.lasts = 60
            _expire(mailbox)
    assert authority.asked.count("refresh_token") >= 2


def _expire(mailbox):
    """As if an hour had passed."""
    token = mailbox._token()
    mailbox._keep(type(token)(token.access, token.refresh, int(time.time())))


def test_a_token_refused_before_its_time_is_renewed(mailbox, authority, token_dovecot):
    put(token_dovecot, authority, mailbox.user, mail())
    authority.end_access()
    assert mailbox.fetch() == 1
    assert authority.asked == ["authorization_code", "refresh_token"]


def test_consent_taken_back_shows_and_ends_when_it_is_given_again(mailbox, authority, token_dovecot, desk, world):
    put(token_dovecot, authority, mailbox.user, mail())
    authority.revoke()
    assert mailbox.fetch() == 0
    assert Mailbox.get().failure.startswith("access")
    assert "expired or was withdrawn" in desk(world.ben).get("/desk/tickets").text
    agree(mailbox, world)
    assert Mailbox.get().fetch() == 1
    assert "expired or was withdrawn" not in desk(world.ben).get("/desk/tickets").text
    assert LedgerEntry.select().count() == 1


@pytest.mark.parametrize(
    "answer", [(500, b"oops"), (200, b"[]"), (200, b"{}"), (200, b'{"access_token": 7}'), (302, b""), (200, b"\xff")]
)
def test_a_provider_that_gives_no_proper_answer_is_asked_again_later(mailbox, authority, token_dovecot, answer):
    _expire(mailbox)
    authority.says = answer
    mailbox.fetch()
    assert Mailbox.get().failure.startswith("provider"), Mailbox.get().failure
    authority.says = None
    Mailbox.get().fetch()
    assert Mailbox.get().failing_since is None


def test_of_two_that_need_a_token_at_once_one_asks(mailbox, authority):
    _expire(mailbox)
    got, problems = [], []

    def ask():
        with connection():
            try:
                got.append(Mailbox.get_by_id(mailbox.id).access_token())
            except NoAccess as problem:
                problems.append(problem)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not problems
    assert len(set(got)) == 1
    assert authority.asked.count("refresh_token") == 1


def test_the_same_token_is_good_for_sending(mailbox):
    shown = mailbox.credential(sending=True)
    assert (shown.user, shown.is_token, shown.secret) == (mailbox.user, True, mailbox.access_token())
    assert shown.secret not in repr(shown)


def test_a_code_is_good_for_who_asked_for_it(mailbox, authority, world):
    attempt = mailbox.begin_consent(by=world.ada)
    location = requests.get(attempt.url, allow_redirects=False, timeout=5).headers["Location"]
    code = location.partition("code=")[2].partition("&")[0]
    before = mailbox.access
    mailbox.receive_consent(by=world.ada, code=code, verifier="another one's")
    failed = Mailbox.get()
    assert [(step["step"], step["passed"], step["cause"]) for step in failed.test_steps] == [
        ("consent", False, "consent")
    ]
    assert "invalid_grant" in failed.steps[0]["detail"]
    assert (failed.access, failed.access_code) == (before, "")
