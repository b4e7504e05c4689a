"""Receipts, complaints, and addresses that are no more: what becomes of the ticket and of who is written to."""

import pytest

from app.accounts.contact import Contact
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, receive, support

REPORT = (
    "From: {sender}\r\nTo: help@acme.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@else.example>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nAbout your mail.\r\n"
    "--b\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n"
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {returned}\r\nTo: carol@marlow.example\r\n"
    "\r\n--b--\r\n"
)


@pytest.fixture
def letter(world):
    support()
    return answered(world)


def answered(world):
    Ticket.get_by_id(world.leak.id).reply("On Friday.", by=world.ben)
    return Delivery.select().where(Delivery.letter == "messages.replied").order_by(Delivery.id.desc()).first()


def report(kind, returned, fields="", subject="About", sender="robot@else.example"):
    return REPORT.format(kind=kind, returned=returned, fields=fields, subject=subject, sender=sender).encode()


def test_a_receipt_is_a_folded_note_and_moves_nothing(world, letter):
    fields = f"Disposition: manual-action/MDN-sent-manually; displayed\r\nOriginal-Message-ID: {letter.mail_id}"
    entry = receive(report("disposition-notification", "<other@x.example>", fields, sender="carol@marlow.example"))
    assert (entry.outcome, entry.cause, entry.message.is_automatic) == ("joined", "receipt", True)
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"


def test_who_complains_gets_no_more_mail_until_somebody_says_so(world, letter, desk):
    entry = receive(report("feedback-report", letter.mail_id, "Feedback-Type: abuse\r\nVersion: 1"))
    assert (entry.outcome, entry.cause) == ("joined", "abuse_report")
    before = Delivery.select().count()
    answered(world)
    assert Delivery.select().count() == before
    assert "reported our mail as spam" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    page = desk(world.ben).get(f"/desk/contacts/{world.carol.id}")
    assert "Reported our mail" in page
    page.press("Write to them again")
    answered(world)
    assert Delivery.select().count() == before + 1


def test_a_complaint_about_what_we_never_sent_silences_nobody(world, letter):
    entry = receive(report("feedback-report", "<1.1.1.invented@acme.example>", "Feedback-Type: abuse"))
    assert (entry.outcome, entry.cause) == ("ignored", "abuse_report")
    assert not Contact.get(Contact.person == world.carol).is_muted


@pytest.mark.parametrize(("status", "marked"), [("5.1.1", True), ("5.2.2", False), ("5.7.1", False)])
def test_three_mails_to_an_address_that_is_no_more_mark_it(world, letter, status, marked):
    for count in range(3):
        fields = f"Final-Recipient: rfc822; carol@marlow.example\r\nAction: failed\r\nStatus: {status}"
        mail_id = answered(world).mail_id
        entry = receive(report("delivery-status", mail_id, fields, subject=f"Failed{count}"))
        assert (entry.outcome, entry.cause) == ("joined", "bounce")
    assert Contact.get(Contact.person == world.carol).is_bouncing is marked


@pytest.mark.parametrize(("answer", "dead"), [("550 5.1.1 No such user", True), ("552 5.2.2 Full", False)])
def test_a_refusal_says_whether_the_address_is_dead(letter, answer, dead):
    letter.failed(answer)
    assert Delivery.get_by_id(letter.id).is_dead is dead


def test_an_ordinary_mail_after_all_that_is_heard(world, letter):
    assert receive(mail("Fine", sender="carol@marlow.example", in_reply_to=letter.mail_id)).cause == "sent"
