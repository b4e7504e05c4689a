"""Every kind of nasty mail: read in time, nothing of it lost, kept in the database and shown at the desk."""

import pytest

from app.lib import richtext
from app.mail import bounces, classifying, forwarded, quotes, reader, reading, threading
from app.mail.ledger import LedgerEntry
from app.mail.receiving import process_new
from app.mail.saying import LIMITS
from app.messages.message import Message
from tests.mail.incoming import enter, support
from tests.mail.nasty import CASES, WORD
from tests.mail.test_reading import assert_storable
from tests.quickness import assert_linear


def everything(raw):
    """All that is made of a mail before it is filed; no last guard here: an exception is a failure."""
    mail = reading._read(raw)
    classifying.kind_of(mail)
    bounces.notice(mail, bounces.READ)
    list(threading.candidates(mail, keys=[b"k" * 32]))
    forwarded.forwarded(mail)
    return mail


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_in_time_and_nothing_is_lost(name):
    mail = assert_linear(everything, CASES[name])
    assert_storable(mail)
    said = [mail.text, mail.html or "", mail.subject, *(part.name for part in mail.attachments)]
    files = [part.content for part in mail.attachments]
    is_cut = not LIMITS.isdisjoint(mail.defects)  # then the ticket brings the whole mail
    assert is_cut or any(WORD in words for words in said) or any(WORD.encode() in content for content in files)
    shown = f"{mail.visible}\n{mail.quoted}"
    for line in {line.strip() for line in mail.text.split("\n")[:50]} if mail.html is None else ():
        assert not line or line in shown or not mail.visible


def test_there_are_enough_of_them():
    assert len(CASES) >= 130


def test_the_child_gives_the_same_answer():
    for name in ("two authors", "a report of 5,000 recipients", "nothing but a calendar", "an attached mail"):
        understood = reader.understand(CASES[name])
        packed = reader._packed(understood)
        assert reader._unpacked(b"q", [b"q", *packed]).verdict == understood.verdict


def test_each_is_kept_and_shown(world, desk):
    """In the database of this run, through the child, as a ticket or a line of the ledger that says why not."""
    support()
    small = [raw for raw in CASES.values() if len(raw) < 400_000]
    entries = [enter(raw) for raw in small]
    assert process_new() >= len(entries)
    outcomes = {each.outcome for each in LedgerEntry.select(LedgerEntry.outcome)}
    assert "new" not in outcomes
    failed = [each.cause for each in LedgerEntry.select().where(LedgerEntry.outcome == "failed")]
    assert not failed
    assert Message.select().count() > len(small) / 4
    browser = desk(world.ada)
    for entry in (
        LedgerEntry.select().where(LedgerEntry.ticket.is_null(False)).order_by(LedgerEntry.id.desc()).limit(12)
    ):
        assert browser.get(f"/desk/tickets/{entry.ticket.number}").status == 200


@pytest.mark.parametrize("name", ["On a On b", "5,000 introductions", "200,000 blank lines", "5,000 nested quotes"])
def test_quotes_lose_no_line(name):
    text = CASES[name].partition(b"\r\n\r\n")[2].decode()
    visible, folded = quotes.split(text)
    there = {line.strip() for line in text.split("\n")}
    assert {line.strip() for line in f"{visible}\n{folded}".split("\n")} >= there - {""}


def test_html_of_any_kind_is_safe_and_keeps_its_words():
    for name, raw in CASES.items():
        if b"text/html" in raw[:2000] and name != "two types":
            clean = richtext.clean(raw.partition(b"\r\n\r\n")[2].decode("utf-8", "replace"))
            assert WORD in clean.html or clean.cut, name
            assert "<script" not in clean.html
            assert "onclick" not in clean.html
