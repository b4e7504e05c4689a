"""Delivery reports: who failed, why, and which of our mails it was."""

# ruff: noqa: E501 (cases that read better on one line)

from pathlib import Path

import pytest

from app.mail import bounces
from app.mail.reading import read

pytestmark = pytest.mark.sqlite_only

LETTERS = Path(__file__).resolve().parents[1] / "letters"


def report(
    said: str,
    *,
    fields: str = "",
    sender: str = "MAILER-DAEMON@mx.example",
    subject: str = "Undelivered Mail Returned to Sender",
):
    head = f"Return-Path: <>\r\nFrom: {sender}\r\nTo: help@marlow.example\r\nSubject: {subject}\r\n"
    if not fields:
        return read((head + "\r\n" + said).encode())
    head += "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    parts = f"--b\r\nContent-Type: text/plain\r\n\r\n{said}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n--b--\r\n"
    return read((head + parts).encode())


def status(code: str, diagnostic: str, action: str = "failed", address: str = "carol@client.example") -> str:
    return f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {code}\r\nDiagnostic-Code: smtp; {diagnostic}"


def test_a_standard_report_names_address_reason_and_original():
    found = bounces.parse(read((LETTERS / "bounce_postfix.eml").read_bytes()))
    (victim,) = found.recipients
    assert (victim.address, victim.status, victim.kind) == ("nobody@client.example", "5.1.1", "dead")
    assert "User unknown" in victim.diagnostic
    assert found.original_message_id == "<12.34.56.abcdef@marlow.example>"
    assert ("subject", "[#12] Answer") in found.returned_headers
    assert found.is_dead


def test_a_report_in_plain_words():
    found = bounces.parse(read((LETTERS / "bounce_exim_full.eml").read_bytes()))
    assert [(one.address, one.kind) for one in found.recipients] == [("carol@client.example", "full")]
    assert found.original_message_id == "<12.35.57.abcdef@marlow.example>"
    assert not found.is_dead


@pytest.mark.parametrize(
    ("code", "diagnostic", "kind"),
    [
        ("5.1.1", "550 5.1.1 <carol@client.example> User unknown", "dead"),
        ("5.0.0", "550 No such user here", "dead"),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "dead"),
        ("5.4.4", "Host or domain name not found. Name service error: Host not found", "dead"),
        ("5.0.0", "550 5.1.1 The email account that you tried to reach does not exist", "dead"),
        ("5.2.2", "552 5.2.2 Mailbox full", "full"),
        ("5.0.0", "552 user is over quota", "full"),
        ("4.2.2", "452 4.2.2 The email account that you tried to reach is over quota", "full"),
        ("5.7.1", "550 5.7.1 Message rejected due to content restrictions", "blocked"),
        ("5.7.1", "554 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.example", "blocked"),
        ("5.7.26", "550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass", "blocked"),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "blocked"),
        ("5.1.8", "501 5.1.8 Sender address rejected: Domain not found", "blocked"),
        ("4.4.1", "connect to mx.client.example: Connection timed out", "blocked"),
        ("4.3.0", "451 something odd happened here", "later"),
    ],
)
def test_dead_full_blocked_or_later(code, diagnostic, kind):
    found = bounces.parse(report("This is the mail system.", fields=status(code, diagnostic)))
    assert [one.kind for one in found.recipients] == [kind]


def test_a_delay_is_never_a_death():
    found = bounces.parse(report("Still trying.", fields=status("5.1.1", "User unknown", action="delayed")))
    assert found.action == "delayed"
    assert [one.kind for one in found.recipients] == ["later"]


def test_several_recipients_each_with_its_reason():
    fields = (
        status("5.1.1", "550 User unknown")
        + "\r\n\r\n"
        + status("5.2.2", "552 mailbox full", address="dan@client.example").partition("\r\n\r\n")[2]
    )
    found = bounces.parse(report("Two failed.", fields=fields))
    assert [(one.address, one.kind) for one in found.recipients] == [
        ("carol@client.example", "dead"),
        ("dan@client.example", "full"),
    ]
    assert not found.is_dead


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<carol@client.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <help@marlow.example>\nTo: other@client.example", "failure notice"),
        ("The following message to <carol@client.example> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'user unknown'", "Delivery Status Notification (Failure)"),
        ("Your message did not reach some or all of the intended recipients.\n\n      Subject: Seal\n\nThe following recipient(s) could not be reached:\n\n      carol@client.example on 3/2/2026 10:00\n            There was a SMTP communication problem: 550 unknown recipient", "Undeliverable: Seal"),
        ("Delivery to the following recipient failed permanently:\n\n     carol@client.example\n\nTechnical details of permanent failure:\n550 5.1.1 user unknown", "Delivery Status Notification (Failure)"),
        ("No se ha podido entregar su mensaje a los siguientes destinatarios:\n\ncarol@client.example: usuario desconocido", "No se pudo entregar: Sello"),
    ],
)  # fmt: skip
def test_plain_reports_of_many_servers(said, subject):
    found = bounces.parse(report(said, subject=subject))
    assert [(one.address, one.kind) for one in found.recipients] == [("carol@client.example", "dead")]


@pytest.mark.parametrize(
    ("sender", "subject", "said"),
    [
        ("carol@client.example", "Undelivered parcel", "The parcel has not been delivered, could you look?"),
        ("carol@client.example", "Re: Delivery failure", "I got this from you: the user is unknown"),
        ("postmaster@client.example", "New rules for our mail", "From Monday we accept larger mails."),
        ("carol@client.example", "failed delivery of the press", "It was damaged."),
    ],
)
def test_people_who_write_about_delivery(sender, subject, said):
    head = f"Return-Path: <{sender}>\r\nFrom: {sender}\r\nSubject: {subject}\r\n\r\n"
    assert bounces.parse(read((head + said).encode())) is None


@pytest.mark.parametrize(
    "rubbish",
    ["", ":::", "Action: failed", "Final-Recipient: rfc822;\r\nAction: failed", "Status: 5.1.1\r\n" * 500, "\0" * 100],
)
def test_broken_reports_do_not_raise(rubbish):
    found = bounces.parse(report("<carol@client.example>: user unknown", fields=rubbish or "\r\n"))
    assert found is None or found.action == "failed"
