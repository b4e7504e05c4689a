"""Authentication-Results: only our own server's, only the topmost."""

# ruff: noqa: E501 (cases that read better on one line)

import pytest

from app.mail.authentication import Proof, check
from app.mail.reading import read


def proof(*results: str, sender: str = "carol@client.example", ours: str = "mx.marlow.example") -> Proof:
    head = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    return check(read(f"{head}From: Carol <{sender}>\r\n\r\nhello".encode()), ours)


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("mx.marlow.example; dmarc=pass header.from=client.example", "proved"),
        ("mx.marlow.example 1; spf=pass smtp.mailfrom=bounce@client.example; dkim=none", "proved"),
        ('mx.marlow.example; dkim=pass (2048-bit key; "x") header.d=mail.client.example header.s=s1', "proved"),
        ("mx.marlow.example; dkim=pass header.i=@client.example; spf=fail smtp.mailfrom=x.example", "proved"),
        ("mx.marlow.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example", "claimed"),
        (
            "mx.marlow.example; dmarc=fail (p=none) header.from=client.example; spf=pass smtp.mailfrom=client.example",
            "failed",
        ),
        ("mx.marlow.example; spf=fail smtp.mailfrom=client.example", "failed"),
        ("mx.marlow.example; spf=softfail smtp.mailfrom=client.example", "claimed"),
        ("mx.marlow.example; dmarc=pass header.from=evil.example", "claimed"),
        ("mx.marlow.example; none", "claimed"),
        ("mx.marlow.example", "claimed"),
        ("MX.Marlow.Example (comment (inner)); dmarc=pass header.from=client.example", "proved"),
        ("other.example; dmarc=pass header.from=client.example", "claimed"),
        ("; dmarc=pass", "claimed"),
    ],
)
def test_what_the_results_mean(results, verdict):
    assert proof(results).verdict == verdict


def test_only_the_topmost_counts():
    good, bad = "mx.marlow.example; dmarc=pass header.from=client.example", "other.example; dmarc=fail"
    assert proof(good, bad).verdict == "proved"
    assert proof(bad, good).verdict == "claimed"


def test_without_a_trusted_server_nothing_is_proved():
    assert proof("mx.marlow.example; dmarc=pass header.from=client.example", ours="") == Proof()
    assert proof() == Proof()


def test_the_single_results_are_told():
    found = proof(
        "mx.marlow.example; spf=softfail smtp.mailfrom=x.example; dkim=fail header.d=a.example; dkim=pass header.d=client.example; dmarc=pass header.from=client.example"
    )
    assert (found.spf, found.dkim, found.dmarc) == ("softfail", "pass", "pass")
