"""A real worker keeps its mailboxes: it hears of mail at once where the server tells, and none holds up another."""

import time
import uuid

import pytest

from app.lib.lease import Lease
from app.mail.connecting import sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.timeline.event import announce_to
from tests.mail.incoming import mail, support
from tests.wire.weather import Weather


def box(dovecot, **fields):
    WireSettings.set(mode="live")
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    usual = {"address": user, "user": user, "host": dovecot.host, "port": dovecot.imap, "password": sealed("secret")}
    return support(**usual | {"uidvalidity": None, "is_default": False, "every_minutes": 60} | fields)


def wait_for(question, seconds=20.0):
    """How long it took until this was so."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


def opened():
    return LedgerEntry.select().where(LedgerEntry.outcome == "opened").count()


def watched(mailbox):
    return Mailbox.get_by_id(mailbox.id).fetched_at is not None


def test_mail_is_there_seconds_after_the_server_has_it(world, worker, dovecot):
    mailbox = box(dovecot)
    worker.start()
    wait_for(lambda: watched(mailbox))
    time.sleep(1)  # the line is laid
    for count in range(1, 3):
        dovecot.put(mailbox.user, mail(subject=f"Number {count}"))
        wait_for(lambda count=count: opened() == count)  # its time would come in an hour


def test_a_server_that_is_silent_holds_up_no_other_mailbox_and_no_end(world, worker, dovecot):
    weather = Weather(dovecot.imap)
    weather.turn("stall")
    for _ in range(5):
        box(dovecot, port=weather.port)
    good = box(dovecot, kind="pop3", port=dovecot.pop3)
    dovecot.put(good.user, mail())
    worker.start()
    wait_for(lambda: opened() == 1)  # less than the 30 s until silence is an error
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 4
    weather.end()


def test_a_worker_that_waits_for_mail_ends_at_once(world, worker, dovecot):
    mailbox = box(dovecot)
    worker.start()
    wait_for(lambda: watched(mailbox))
    time.sleep(1)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 4


def test_a_mailbox_confirmed_or_taken_back_meanwhile_is_begun_or_left(world, worker, dovecot):
    mailbox = box(dovecot, state="draft")
    worker.start()
    time.sleep(1)
    dovecot.put(mailbox.user, mail())
    assert not LedgerEntry.select().exists()
    Mailbox.update(state="confirmed").execute()
    wait_for(lambda: opened() == 1)
    Mailbox.update(state="draft").execute()


def test_what_a_killed_worker_had_entered_is_opened_by_the_next_one_at_once(world, worker, dovecot):
    mailbox = box(dovecot)
    dovecot.put(mailbox.user, mail())
    assert mailbox.fetch() == 1
    assert Lease.take("process_mail")  # the killed one had this minute's round
    worker.start()
    wait_for(lambda: opened() == 1)  # the next round would come in a minute


def test_what_a_killed_worker_had_to_send_is_sent_by_the_next_one_at_once(world, worker, postbag):
    WireSettings.set(mode="live")
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none", kind="forwarded")
    Delivery.update(state="cancelled").execute()
    announce_to(None)  # whoever was told of it has died
    world.leak.reply("Is Friday fine?", by=world.ben)
    assert Lease.take("send_mail")  # this minute's round has been
    worker.start()
    wait_for(lambda: len(postbag.letters) == 1)


@pytest.mark.parametrize("kind", ["imap", "pop3"])
def test_a_worker_killed_while_it_fetches_leaves_a_ledger_that_balances(world, worker, dovecot, kind):
    mailbox = box(dovecot, kind=kind, port=getattr(dovecot, kind), after_reading="delete")
    for count in range(30):
        dovecot.put(mailbox.user, mail(subject=f"Number {count}", files=(("a.bin", b"\0" * 50_000),)))
    for pause in (0.2, 0.5, 0.9):
        worker.start()
        time.sleep(pause)
        worker.kill()
    worker.start()
    wait_for(lambda: opened() == 30, 60)
    wait_for(lambda: not dovecot.flags(mailbox.user), 30)
    worker.stop()
    assert sorted(entry.subject for entry in LedgerEntry.select()) == sorted(f"Number {count}" for count in range(30))
