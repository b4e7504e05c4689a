"""What goes wrong with a mailbox shows on every desk page, says what to do, and ends when it works again."""

import ssl
import uuid

import pytest

from app.lib import causes
from app.mail.connecting import sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.outbox.wire import WireSettings
from tests import needs
from tests.mail.incoming import mail, support
from tests.wire.mailserver import Dovecot

pytestmark = pytest.mark.sqlite_only  # what servers say, and our words for it


def box(server, **fields):
    WireSettings.set(mode="live")
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    usual = {"address": user, "user": user, "host": server.host, "port": server.imap, "password": sealed("secret")}
    return support(**usual | {"uidvalidity": None} | fields)


@pytest.mark.parametrize(("kind", "port"), [("imap", "imaps"), ("pop3", "pop3s")])
def test_a_certificate_for_another_name(world, secure_dovecot, trusting, desk, kind, port):
    mailbox = box(secure_dovecot, kind=kind, security="tls", port=getattr(secure_dovecot, port))
    mailbox.fetch()
    assert Mailbox.get().failure.startswith("tls_name")
    assert "certificate is for another name" in desk(world.ben).get("/desk/tickets").text


@pytest.mark.parametrize(
    ("kind", "security", "port"),
    [("imap", "tls", "imaps"), ("imap", "starttls", "imap"), ("pop3", "tls", "pop3s"), ("pop3", "starttls", "pop3")],
)
def test_a_certificate_that_nobody_vouches_for(world, secure_dovecot, kind, security, port):
    mailbox = box(secure_dovecot, kind=kind, security=security, port=getattr(secure_dovecot, port))
    mailbox.fetch()
    assert Mailbox.get().failure.startswith("tls_trust")


@pytest.mark.parametrize(
    ("kind", "security", "port"),
    [("imap", "tls", "imaps"), ("imap", "starttls", "imap"), ("pop3", "tls", "pop3s"), ("pop3", "starttls", "pop3")],
)
def test_tls_and_starttls_with_a_certificate_that_is_right(world, kind, security, port, monkeypatch):
    needs.insist("dovecot")
    server = Dovecot(names=("127.0.0.1", "localhost")).start()
    monkeypatch.setattr(
        causes, "context", lambda verify=True: ssl.create_default_context(cafile=str(server.certificate))
    )
    try:
        mailbox = box(server, kind=kind, security=security, port=getattr(server, port))
        server.put(mailbox.user, mail())
        assert mailbox.fetch() == 1, mailbox.failure
        assert mailbox.test(by=world.ada)
        told = next(step for step in mailbox.steps if step["title"] == "Encryption")
        assert "TLS 1.3, certificate until" in told["detail"]
    finally:
        server.end()


def test_a_full_mailbox_is_still_fetched_and_says_so_until_there_is_room(world, secure_dovecot, desk):
    mailbox = box(secure_dovecot)
    secure_dovecot.put(mailbox.user, mail("x" * 58_500))
    assert mailbox.fetch() == 1
    assert Mailbox.get().failure.startswith("quota")
    assert "The mailbox is full" in desk(world.ben).get("/desk/tickets").text
    wire = secure_dovecot.connect(mailbox.user)
    wire.select("INBOX")
    wire.store("1", "+FLAGS", "\\Deleted")
    wire.expunge()
    wire.logout()
    Mailbox.get().fetch()
    assert Mailbox.get().failing_since is None
    assert LedgerEntry.select().count() == 1


def test_who_named_another_folder_is_told_which_there_are(world, dovecot):
    mailbox = box(dovecot, folder="Soporte", state="draft")
    wire = dovecot.connect(mailbox.user)
    wire.create("Support")
    wire.logout()
    assert not mailbox.test(by=world.ada)
    failed = mailbox.steps[-1]
    assert "Support" in failed["detail"]
    assert "Support" in mailbox.known_folders
