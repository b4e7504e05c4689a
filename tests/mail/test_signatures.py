"""DKIM where no trusted server has looked: only a signature that holds, of the author's own domain, proves anything."""

import dataclasses

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.lib.resolving import Resolver
from app.lib.signatures import signers
from app.mail.authentication import check
from app.mail.reading import read
from tests.mail.incoming import mail, receive, support
from tests.quickness import assert_linear

DOMAIN = "marlow.example"


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def signed(names, key):
    """Signs a mail as a domain's server does; its key is known to the name server."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    said = "v=DKIM1; k=rsa; p=" + "".join(public.decode().splitlines()[1:-1])

    def sign(raw, domain=DOMAIN, headers=(b"from", b"to", b"subject"), **more):
        pieces = (f'"{said[at : at + 200]}"' for at in range(0, len(said), 200))
        names.teach(f"s1._domainkey.{domain}", "TXT", " ".join(pieces))
        made = dkim.sign(raw, b"s1", domain.encode(), private, include_headers=list(headers), **more)
        return made + raw

    return sign


def carol(text="Go on", **more):
    return mail(text, sender="Carol Ruiz <carol@marlow.example>", **more)


def found(raw, names):
    return signers(raw, Resolver(names.address))


def test_a_signature_that_holds_names_its_domain(signed, names):
    assert found(signed(carol()), names) == [DOMAIN]
    assert found(signed(carol(), "mail.elsewhere.example"), names) == ["mail.elsewhere.example"]


def test_what_was_changed_or_is_not_known_holds_no_more(signed, names):
    raw = signed(carol("Pay 100"))
    assert found(raw.replace(b"Pay 100", b"Pay 900"), names) == []
    assert found(raw.replace(b"saw stands", b"saw falls"), names) == []
    names.known.clear()
    assert found(raw, names) == []
    assert found(carol(), names) == []
    assert len(names.asked) > 0


def test_words_added_below_a_signed_length_prove_nothing(signed, names):
    raw = signed(carol(), length=True)
    assert b"l=" in raw.partition(b"\r\n\r\n")[0]
    assert found(raw, names) == []


def test_of_two_authors_nobody_is_proved(signed, names):
    raw = signed(carol())
    assert found(b"From: boss@acme.example\r\n" + raw, names) == []


@pytest.mark.parametrize(
    "signature",
    [
        b"v=1; a=rsa-sha256; d=marlow.example; s=s1; h=from; bh=x; b=x",
        b"\xff\xfe; d=\x00",
        b"v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + b"x." * 500 + b"; s=s1; h=from; bh=YQ==; b=YQ==",
        b"v=1; a=ed25519-sha256; d=marlow.example; s=s1; h=from:" + b"x:" * 5000 + b"; bh=YQ==; b=YQ==",
        b";;;===",
        b"",
    ],
)
def test_rubbish_is_no_signature(names, signature):
    assert found(b"DKIM-Signature: " + signature + b"\r\n" + carol(), names) == []


def test_it_is_quick(names):
    head = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s1; h=from; bh=YQ==; b=YQ==\r\n"
    for filling in (" \t", "a ", "\r\n", "x" * 70 + "\r\n"):
        assert_linear(lambda text: found(head + b"From: a@a.example\r\n\r\n" + text.encode(), names), filling * 40_000)


def test_only_the_authors_own_domain_proves_the_author():
    parsed = read(carol())
    assert check(parsed, "", ["marlow.example"]).verdict == "proved"
    assert check(parsed, "", ["mail.marlow.example"]).verdict == "proved"
    assert check(parsed, "", ["evil.example"]).verdict == "claimed"
    assert check(parsed, "", []).verdict == "claimed"


def test_a_trusted_servers_word_counts_more():
    head = b"Authentication-Results: mx.acme.example; dmarc=fail header.from=marlow.example\r\n"
    assert check(read(head + carol()), "mx.acme.example", ["marlow.example"]).verdict == "failed"
    assert check(read(head + carol()), "other.example", ["marlow.example"]).verdict == "proved"


def test_a_mail_taken_in_is_checked_by_its_signature(app, world, names, signed, desk, monkeypatch):
    config = dataclasses.replace(app.extensions["ventanilla"], dns_server=names.address)
    monkeypatch.setitem(app.extensions, "ventanilla", config)
    support()
    entry = receive(signed(carol("Signed")))
    assert (entry.outcome, entry.proof, entry.message.proof) == ("opened", "proved", "proved")
    assert "Sender proved" in desk(world.ben).get(f"/desk/tickets/{entry.ticket.number}")
    assert receive(carol("Not signed")).proof == "claimed"
