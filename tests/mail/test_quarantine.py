"""Releasing, discarding, blocking, and how long mail is kept."""

from base64 import encodebytes
from datetime import timedelta
from email import message_from_bytes, message_from_string
from email.policy import SMTP
from quopri import encodestring

import pytest

from app.accounts.agent import NotAllowed
from app.lib import orphans
from app.lib.files import store
from app.mail.blocking import BlockedSender, NotASender, OneOfOurs, covers
from app.mail.ledger import LedgerEntry
from app.mail.quarantine import NotAgain, NotKept
from app.mail.settings import LedgerSettings
from tests.mail.incoming import mail, receive, support
from tests.page import both_ways

LEDGER = "/desk/mail/ledger"
MARK = b"X-Spam-Flag: YES\r\n"


@pytest.fixture
def box(world):
    return support()


def spam(**more):
    return receive(MARK + mail("Buy now", sender="seller@spam.example", **more))


def again(entry):
    return LedgerEntry.get_by_id(entry.id)


def test_a_mail_released_from_quarantine_becomes_a_ticket(world, box):
    entry = spam()
    entry.process_again(by=world.ada)
    assert (again(entry).outcome, again(entry).ticket.subject) == ("opened", "The saw stands still")
    with pytest.raises(NotAgain):
        again(entry).discard(by=world.ada)


def test_a_discarded_one_can_be_taken_back(world, box):
    entry = spam()
    entry.discard(by=world.ada)
    assert (again(entry).outcome, again(entry).cause) == ("discarded", "by_hand")
    with pytest.raises(NotAgain):
        again(entry).discard(by=world.ada)
    again(entry).process_again(by=world.ada)
    assert again(entry).outcome == "opened"


def test_only_who_may_look_into_quarantine_decides(world, box):
    entry = spam()
    for verb in (entry.process_again, entry.discard):
        with pytest.raises(NotAllowed):
            verb(by=world.ben)
    with pytest.raises(NotAllowed):
        BlockedSender.block("x@spam.example", by=world.ben)


# --- blocked senders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocked", "address", "by"),
    [
        ("a@spam.example", "A@Spam.example", "a@spam.example"),
        ("spam.example", "a@spam.example", "spam.example"),
        ("spam.example", "a@mail.spam.example", "spam.example"),
        ("spam.example", "a@notspam.example", ""),
        ("a@spam.example", "b@spam.example", ""),
        ("spam.example", "", ""),
    ],
)
def test_whom_a_block_covers(blocked, address, by):
    assert covers({blocked}, address) == by


def test_a_blocked_sender_is_ignored_until_unblocked(world, box):
    blocked = BlockedSender.block(" @Spam.Example ", by=world.ada)
    entry = receive(mail(sender="seller@mail.spam.example"))
    assert (entry.outcome, entry.cause, entry.detail) == ("ignored", "blocked", "spam.example")
    assert BlockedSender.block("spam.example", by=world.ada) == blocked
    again(entry).process_again(by=world.ada)
    assert again(entry).outcome == "opened"
    blocked.unblock(by=world.ada)
    assert receive(mail(sender="seller@mail.spam.example")).outcome == "opened"


def test_nobody_blocks_ourselves_or_nonsense(world, box):
    for sender in ("help@acme.example", "acme.example", "example"):
        with pytest.raises((OneOfOurs, NotASender)):
            BlockedSender.block(sender, by=world.ada)
    for sender in ("", "a b@c.example", "@", "a@", ".example", "x" * 300 + ".example", "a@b@c.example"):
        with pytest.raises(NotASender):
            BlockedSender.block(sender, by=world.ada)


# --- how long --------------------------------------------------------------------------------------------------


def test_what_no_ticket_needs_is_forgotten_in_time(world, box, clock):
    kept = receive(mail("Kept", subject="Kept"))
    gone = spam()
    gone.discard(by=world.ada)
    waiting = spam(subject="Another")
    clock.shift(timedelta(days=31))
    assert LedgerEntry.forget_old() == 1
    assert LedgerEntry.forget_old() == 0
    gone = again(gone)
    assert (gone.raw, gone.excerpt, gone.outcome, gone.from_address) == (None, "", "discarded", "seller@spam.example")
    assert again(waiting).raw
    with pytest.raises(NotKept):
        gone.process_again(by=world.ada)
    clock.shift(timedelta(days=400))
    LedgerEntry.forget_old()
    assert again(kept).raw
    assert not again(waiting).raw


def test_a_period_of_nothing_means_for_good(world, box, clock):
    LedgerSettings.set(keep_discarded=0)
    entry = spam()
    entry.discard(by=world.ada)
    clock.shift(timedelta(days=4000))
    assert LedgerEntry.forget_old() == 0


def test_the_sweep_takes_the_bytes_of_what_was_forgotten(world, box, clock):
    kept = receive(mail("Kept"))
    gone = spam()
    sha256 = gone.raw_sha256
    gone.discard(by=world.ada)
    clock.shift(timedelta(days=31))
    LedgerEntry.forget_old()
    assert sha256 not in orphans.named_hashes()
    assert kept.raw_sha256 in orphans.named_hashes()
    assert store().read(kept.raw_sha256)


# --- the pages -------------------------------------------------------------------------------------------------


@both_ways
def test_several_are_decided_at_once(desk, world, box, htmx):
    one, two, three = (spam(subject=f"Offer {n}") for n in range(3))
    ada = desk(world.ada)
    page = ada.get(f"/desk/mail/mailboxes/{box.id}/spam")
    assert "marked it as spam" in page.text
    ada.post(f"{LEDGER}/decision", do="discard", mail=[one.id, two.id], mailbox=box.id, tab="spam", htmx=htmx)
    assert [again(each).outcome for each in (one, two, three)] == ["discarded", "discarded", "quarantined"]
    ada.post(f"{LEDGER}/decision", do="release", mail=[three.id, "nonsense"], htmx=htmx)
    assert again(three).outcome == "opened"
    page = ada.get(f"/desk/mail/mailboxes/{box.id}/spam")
    assert "Nothing in quarantine" in page.text


def ticked(page):
    return [
        box for box in page.all("input") if box.get("type") == "checkbox" and box.element.get("checked") is not None
    ]


def test_all_of_a_page_can_be_ticked_without_script(desk, world, box):
    spam()
    page = desk(world.ada).get(f"/desk/mail/mailboxes/{box.id}/spam")
    assert not ticked(page)
    page = desk(world.ada).get(page.link("Tick all")["href"])
    assert len(ticked(page)) == 1
    assert page.has_link("Tick none")


def test_nothing_ticked_is_said(desk, world, box):
    spam()
    ada = desk(world.ada)
    ada.get(LEDGER)
    assert "Tick the e-mails first." in ada.post(f"{LEDGER}/decision", do="discard", outcome="quarantined").text


def test_one_mail_is_discarded_and_its_sender_blocked(desk, world, box):
    entry = spam()
    ada = desk(world.ada)
    page = ada.get(f"{LEDGER}/{entry.id}")
    assert page.has_button("Release to a ticket")
    assert page.has_button("Block the address")
    ada.post(f"{LEDGER}/{entry.id}/block", what="domain")
    ada.post(f"{LEDGER}/{entry.id}/discard")
    page = ada.get(f"{LEDGER}/{entry.id}")
    assert "Mail from spam.example is blocked." in page.text
    assert not page.has_button("Discard")
    assert ada.post(f"{LEDGER}/{entry.id}/discard").status == 409
    listed = ada.get("/desk/mail/blocked")
    assert "spam.example" in listed.text
    ada.post(f"/desk/mail/blocked/{BlockedSender.get().id}/removal")
    assert "Nobody is blocked" in ada.get("/desk/mail/blocked").text


def test_a_sender_is_blocked_by_hand(desk, world, box):
    ada = desk(world.ada)
    ada.get("/desk/mail/blocked")
    refused = ada.post("/desk/mail/blocked", sender="not a sender")
    assert refused.status == 422
    assert refused.field("Address or domain")["value"] == "not a sender"
    assert ada.post("/desk/mail/blocked", sender="ann@spam.example").status == 200


def test_the_file_holds_no_link_of_ours_whatever_way_it_is_written(desk, world, box):
    token = "aB3-" * 10 + "xyZ"
    quoted = f"Yes, do it.\n\n> Open your ticket: http://localhost/t/{token}\n"
    letter = message_from_bytes(mail(quoted, html=f"<p>Yes</p><blockquote>http://localhost/t/{token}</blockquote>"))
    for part, charset in zip(letter.get_payload(), ("base64", "quoted-printable"), strict=True):
        words = part.get_payload(decode=True)
        del part["Content-Transfer-Encoding"]
        encode = encodebytes if charset == "base64" else encodestring
        part["Content-Transfer-Encoding"] = charset
        part.set_payload(encode(words).decode())
    entry = receive(letter.as_bytes(policy=SMTP))
    assert token.encode() in b"".join(
        part.get_payload(decode=True) or b"" for part in message_from_bytes(entry.raw).walk()
    )
    said = desk(world.ada).get(f"{LEDGER}/{entry.id}/message.eml").response.get_data()
    texts = [part.get_payload(decode=True) for part in message_from_bytes(said).walk() if not part.is_multipart()]
    assert len(texts) == 2
    assert all(b"Yes" in text and b"/t/..." in text and token.encode() not in text for text in texts)
    plain = receive(mail("Nothing of ours"))
    assert desk(world.ada).get(f"{LEDGER}/{plain.id}/message.eml").response.get_data() == plain.raw


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_the_source_is_shown_without_links_of_ours(desk, world, box, encoding):
    token = "aB3-" * 10 + "xyZ"
    letter = message_from_bytes(mail(subject=f"Fw: http://localhost/t/{token}"), policy=SMTP)
    letter.set_content(f"> http://localhost/t/{token}\n\nLook", cte=encoding)
    entry = receive(letter.as_bytes())
    assert token not in desk(world.ada).get(f"{LEDGER}/{entry.id}").text
    shown = desk(world.ada).get(f"{LEDGER}/{entry.id}/source").all("pre")[0].text
    assert "message-id" in shown.lower()
    assert token not in shown
    assert token not in message_from_string(shown).get_payload(decode=True).decode()
