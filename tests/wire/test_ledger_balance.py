"""Whatever a server does, the ledger balances: each UID on the server is one entry, and none is there twice."""

import time
import uuid
from collections import Counter

import pytest

from app.lib import imap as imap_wire
from app.lib import pop3 as pop3_wire
from app.mail.connecting import Connectable, sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, support
from tests.wire.weather import Weather

pytestmark = pytest.mark.sqlite_only  # on PostgreSQL test_keeping.py and test_killed_worker.py hold it

COUNT = 7


@pytest.fixture
def pop_weather(dovecot):
    made = Weather(dovecot.pop3)
    yield made
    made.end()


def box(dovecot, port, **fields):
    WireSettings.set(mode="live")
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    dovecot.put(
        user, *(mail(f"Number {n}", subject=f"Subject {n}", files=(("a.bin", b"\0" * 5000),)) for n in range(COUNT))
    )
    usual = {"address": user, "user": user, "host": dovecot.host, "port": port, "password": sealed("secret")}
    return support(**usual | {"uidvalidity": None} | fields)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nobody waits half a minute for a silent server in a test."""
    for way in ("imap", "pop3"):
        slow = getattr(Connectable, way)

        def hasty(self, *arguments, slow=slow, **options):
            wire = slow(self, *arguments, **options)
            wire.timeout = 1.0
            return wire

        monkeypatch.setattr(Connectable, way, hasty)
    for wire in (imap_wire, pop3_wire):
        monkeypatch.setattr(wire, "LONGEST", 2.0)
        monkeypatch.setattr(wire, "OPENING", 2.0)


def insist_on_balance(dovecot, mailbox, expected=COUNT):
    process_new()
    there = len(dovecot.flags(mailbox.user, mailbox.folder))
    entries = list(LedgerEntry.select())
    assert len(entries) == there == expected
    assert not {place: n for place, n in Counter((e.place, e.uidvalidity, e.uid) for e in entries).items() if n > 1}
    assert [entry.outcome for entry in entries] == ["opened"] * expected
    assert Ticket.select().where(Ticket.channel == "email").count() == expected


@pytest.mark.parametrize("does", ["stall", "reset", "trickle"])
@pytest.mark.parametrize("after", [0, 400, 900, 30_000])
def test_an_imap_server_that_goes_away_at_any_point(world, dovecot, weather, does, after):
    mailbox = box(dovecot, weather.port)
    weather.turn(does, after)
    began = time.monotonic()
    mailbox.fetch()
    assert time.monotonic() - began < 15
    failed = Mailbox.get()
    assert failed.failing_since
    assert failed.failure.partition(":")[0] in ("timeout", "broken", "refused"), failed.failure
    assert failed.claimed_by is None
    weather.calm()
    failed.fetch()
    assert Mailbox.get().failing_since is None
    insist_on_balance(dovecot, mailbox)


@pytest.mark.parametrize("does", ["stall", "reset", "trickle"])
@pytest.mark.parametrize("after", [0, 60, 8_000])
def test_a_pop3_server_that_goes_away_at_any_point_takes_nothing_with_it(world, dovecot, pop_weather, does, after):
    mailbox = box(dovecot, pop_weather.port, kind="pop3", after_reading="delete")
    pop_weather.turn(does, after)
    mailbox.fetch()
    assert Mailbox.get().failing_since
    assert len(dovecot.flags(mailbox.user)) == COUNT
    pop_weather.calm()
    Mailbox.get().fetch()
    assert Mailbox.get().failing_since is None
    process_new()
    assert dovecot.flags(mailbox.user) == []
    assert [entry.outcome for entry in LedgerEntry.select()] == ["opened"] * COUNT


def test_a_mail_that_the_server_skips_is_asked_for_again_and_enters_as_withheld_if_need_be(world, dovecot, weather):
    mailbox = box(dovecot, weather.port)
    weather.tell(lambda line: line.replace(b"UID 3 ", b"UID 99 ") if b"INTERNALDATE" in line else line)
    assert mailbox.fetch() == COUNT
    assert Mailbox.get().failing_since is None
    process_new()
    causes = {entry.uid: (entry.outcome, entry.cause) for entry in LedgerEntry.select()}
    assert causes.pop(3) == ("failed", "withheld")
    assert set(causes.values()) == {("opened", "")}
    assert sorted(causes) == [1, 2, 4, 5, 6, 7]


def test_a_size_that_is_a_lie_ends_the_conversation_and_not_our_memory(world, dovecot, weather):
    mailbox = box(dovecot, weather.port)
    weather.tell(lambda line: line.replace(b" {", b" {99") if b"BODY[] {" in line else line)
    mailbox.fetch()
    assert Mailbox.get().failing_since
    assert not LedgerEntry.select().exists()
    weather.tell(
        lambda line: line.replace(line[line.rindex(b"{") :], b"{999999999999}\r\n") if b"BODY[] {" in line else line
    )
    Mailbox.get().fetch()
    assert "announced" in Mailbox.get().failure
    weather.calm()
    Mailbox.get().fetch()
    insist_on_balance(dovecot, mailbox)


def test_rubbish_instead_of_imap_is_a_failure_and_no_fault(world, dovecot, weather):
    mailbox = box(dovecot, weather.port)
    for rubbish in (b"HTTP/1.1 200 OK\r\n", b"\0\xff\r\n", b"* OK [", b"* BYE go away\r\n"):
        weather.tell(lambda line, rubbish=rubbish: rubbish)
        Mailbox.get().fetch()
        assert Mailbox.get().failing_since
    weather.calm()
    Mailbox.get().fetch()
    insist_on_balance(dovecot, mailbox)


def test_a_new_numbering_in_the_middle_of_it(world, dovecot, weather):
    """UIDVALIDITY changes: all is fetched again, as from another place, and seen to be copies."""
    mailbox = box(dovecot, weather.port)
    mailbox.fetch()
    process_new()
    weather.tell(lambda line: line.replace(b"UIDVALIDITY ", b"UIDVALIDITY 1") if b"STATUS" in line else line)
    assert Mailbox.get().fetch() == COUNT
    process_new()
    assert Counter(entry.outcome for entry in LedgerEntry.select()) == {"opened": COUNT, "ignored": COUNT}
    dovecot.put(mailbox.user, mail(subject="After it"))
    assert Mailbox.get().fetch() == 1
    process_new()
    assert Ticket.select().where(Ticket.channel == "email").count() == COUNT + 1


def test_a_folder_made_anew_under_the_same_number_is_seen_by_its_next_uid(world, dovecot, weather):
    mailbox = box(dovecot, weather.port)
    mailbox.fetch()
    Mailbox.update(last_uid=5000).execute()  # as if the server had forgotten what it had given out
    dovecot.put(mailbox.user, mail(subject="After it"))
    Mailbox.get().fetch()
    process_new()
    assert Ticket.select().where(Ticket.subject == "After it").count() == 1


def test_a_folder_that_was_renamed_shows_and_goes_on_where_it_was(world, dovecot):
    mailbox = box(dovecot, dovecot.imap)
    wire = dovecot.connect(mailbox.user)
    wire.create("Support")
    wire.select("INBOX")
    wire.copy("1:*", "Support")
    Mailbox.update(folder="Support").execute()
    mailbox = Mailbox.get()
    mailbox.fetch()
    wire.rename("Support", "Elsewhere")
    Mailbox.get().fetch()
    assert Mailbox.get().failure.startswith("folder")
    wire.rename("Elsewhere", "Support")
    wire.append("Support", "", "", mail(subject="After it"))
    wire.logout()
    assert Mailbox.get().fetch() == 1
    assert Mailbox.get().failing_since is None
    insist_on_balance(dovecot, mailbox, COUNT + 1)


def test_another_folder_with_the_same_numbers_hides_no_mail(world, dovecot, desk):
    """Two folders may number their mails alike: the ledger takes neither for the other."""
    mailbox = box(dovecot, dovecot.imap)
    mailbox.fetch()
    wire = dovecot.connect(mailbox.user)
    wire.create("Support")
    wire.append("Support", "", "", mail(subject="In the other folder"))
    wire.logout()
    mailbox.edit(by=world.ada, folder="Support")
    Mailbox.update(state="confirmed", uidvalidity=LedgerEntry.select().first().uidvalidity).execute()
    said = b"UIDVALIDITY %d UIDNEXT 2 MESSAGES 1)\r\n" % Mailbox.get().uidvalidity
    weather = Weather(dovecot.imap)
    weather.tell(lambda line: line[: line.index(b"UIDVALIDITY")] + said if b"* STATUS" in line else line)
    Mailbox.update(port=weather.port).execute()
    assert Mailbox.get().fetch() == 1
    weather.end()
    process_new()
    assert Ticket.select().where(Ticket.subject == "In the other folder").count() == 1


@pytest.mark.parametrize("wish", ["move", "delete"])
def test_what_a_killed_worker_left_where_it_was_goes_with_the_next_mails(world, dovecot, wish):
    mailbox = box(dovecot, dovecot.imap, after_reading=wish, move_to="Done")
    mailbox.change(after_reading="keep")
    mailbox.fetch()  # entered, and killed before anything was moved
    mailbox.change(after_reading=wish)
    dovecot.put(mailbox.user, mail(subject="Later"))
    Mailbox.get().fetch()
    assert dovecot.flags(mailbox.user) == []
    assert LedgerEntry.select().count() == COUNT + 1
    if wish == "move":
        assert len(dovecot.flags(mailbox.user, "Done")) == COUNT + 1


def test_what_stood_there_before_moving_was_wished_stays(world, dovecot):
    mailbox = box(dovecot, dovecot.imap)
    mailbox.fetch()
    mailbox.edit(by=world.ada, after_reading="move", move_to="Done")
    dovecot.put(mailbox.user, mail(subject="Later"))
    Mailbox.get().fetch()
    assert len(dovecot.flags(mailbox.user)) == COUNT
    assert len(dovecot.flags(mailbox.user, "Done")) == 1
