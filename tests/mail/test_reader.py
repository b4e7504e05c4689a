"""Mails read in a child process: the same as here, and what breaks the child costs only the mail that broke it."""

import os
import signal
from pathlib import Path

import pytest

from app.lib.child import Child, Garbled, Pool, TooSlow
from app.mail import reader as reading
from app.mail import receiving
from app.mail.ledger import LedgerEntry
from app.mail.reader import Reader, understand
from app.mail.readers import MEMORY
from app.mail.receiving import process_new
from tests.mail.incoming import enter, mail, support
from tests.mail.incoming import receive as taken_in

LETTERS = sorted((Path(__file__).resolve().parents[1] / "letters").glob("*.eml"))


@pytest.fixture
def child():
    with Pool("app.mail.reader", idle=60, memory=MEMORY).child() as process:
        yield Reader(process)
        process.end()


@pytest.fixture
def ask(child, tmp_path):
    """Asks for a mail with this text, and says where it stands."""

    def ask(text: str) -> Path:
        place = tmp_path / text[:20]
        place.write_bytes(mail(text))
        child.ask(place)
        return place

    return ask


def test_a_mail_comes_back_as_it_is_read_here(child):
    for place in LETTERS:
        child.ask(place)
    for place in LETTERS:
        assert child.next() == understand(place.read_bytes()), place.name
    assert any(understand(place.read_bytes()).verdict.bounce for place in LETTERS)


def test_answers_larger_than_a_pipe_come_through(child, tmp_path):
    files = [os.urandom(3_000_000) for _ in range(3)]
    for number, content in enumerate(files):
        (tmp_path / str(number)).write_bytes(mail(files=(("a.bin", content),)))
        child.ask(tmp_path / str(number))
    assert [child.next().mail.attachments[0].content == content for content in files] == [True] * 3


@pytest.mark.parametrize("alone", [True, False])
def test_one_that_takes_too_long_is_given_up_and_the_next_is_read(child, ask, monkeypatch, alone):
    ask("the slow one")
    ask("the next one")
    os.kill(child._child.process.pid, signal.SIGSTOP)
    if alone:
        monkeypatch.setattr(reading, "SECONDS", 0.2)
        assert child.next(seconds=0.2).mail.defects == ["unreadable", "too_slow"]
    else:
        with pytest.raises(TooSlow):
            child.next(seconds=0.2)
    assert child.next().mail.text.strip() == "the next one"


def test_one_that_breaks_the_limit_of_memory_is_unreadable_and_the_next_is_read(child, ask, tmp_path):
    child._child.memory = 256 * 1024 * 1024
    (tmp_path / "large").write_bytes(mail("x" * 60_000_000))
    child.ask(tmp_path / "large")
    ask("the next one")
    assert "unreadable" in child.next().mail.defects
    assert child.next().mail.text.strip() == "the next one"


def test_a_child_that_was_killed_is_replaced(child, ask):
    ask("one")
    assert child.next().mail.text.strip() == "one"
    os.kill(child._child.process.pid, 9)
    child._child.process.wait()
    ask("two")
    assert child.next().mail.text.strip() == "two"


def test_no_answer_is_taken_for_another_when_the_child_dies_between_questions(child, ask):
    for text in ("one", "two", "three"):
        ask(text)
    assert child.next().mail.text.strip() == "one"
    os.kill(child._child.process.pid, 9)
    child._child.process.wait()
    for text in ("four", "five"):
        ask(text)
    assert [child.next().mail.text.strip() for _ in range(4)] == ["two", "three", "four", "five"]


@pytest.mark.parametrize(
    "answer", [[], [b"/other"], [b"/this", b"{}"], [b"/this", b"nonsense"], [b"/other", b"{}"], [b"/this", b"[]"]]
)
def test_an_answer_to_another_question_is_refused(answer):
    with pytest.raises(Garbled):
        reading._unpacked(b"/this", answer)


def test_a_mail_that_ends_the_child_twice_is_unreadable(child, ask, monkeypatch):
    start = Child.start

    def start_and_die(self):
        start(self)
        self.process.kill()

    monkeypatch.setattr(Child, "start", start_and_die)
    ask("one")
    assert child.next().mail.defects == ["unreadable", "ended"]


def test_a_missing_file_is_said_and_the_next_is_read(child, ask, tmp_path):
    child.ask(tmp_path / "nowhere")
    ask("two")
    with pytest.raises(FileNotFoundError):
        child.next()
    assert child.next().mail.text.strip() == "two"


def test_a_mail_that_cannot_be_read_in_time_becomes_a_ticket_with_the_mail_in_it(world, monkeypatch):
    support()
    start = Child.start

    def start_and_stand_still(self):
        start(self)
        os.kill(self.process.pid, signal.SIGSTOP)

    monkeypatch.setattr(Child, "start", start_and_stand_still)
    monkeypatch.setattr(reading, "pool", Pool("app.mail.reader", idle=60, memory=MEMORY))
    monkeypatch.setattr(receiving, "QUICKLY", 0.1)
    for module in (reading, receiving):
        monkeypatch.setattr(module, "SECONDS", 0.3)
    entry = taken_in(mail("slow"))
    assert (entry.outcome, entry.cause) == ("opened", "unreadable")
    kept = entry.message.attachments.get()
    assert (kept.name, kept.size) == ("message.eml", entry.size)


def test_a_slow_mail_lets_the_others_go_first(world, monkeypatch):
    support()
    slow, *others = [enter(mail(text)) for text in ("slow", "two", "three")]
    following, order = Reader.next, []

    def next_one(self, seconds):
        order.append((self._asked[0].decode().partition("\0")[0].rpartition("/")[2], seconds))
        if order[-1] == (slow.raw_sha256, receiving.QUICKLY):
            self._go_on()
            raise TooSlow
        return following(self, seconds)

    monkeypatch.setattr(Reader, "next", next_one)
    process_new()
    assert {entry.outcome for entry in LedgerEntry.select()} == {"opened"}
    assert order[-1] == (slow.raw_sha256, receiving.SECONDS)
    numbers = [LedgerEntry.get_by_id(each.id).ticket.number for each in (*others, slow)]
    assert numbers == sorted(numbers)


def test_what_was_asked_ahead_and_is_not_wanted_any_more_answers_nobody_else(world, monkeypatch):
    support()
    enter(mail("of a round that was cut short"))
    monkeypatch.setattr(reading.Reader, "next", lambda self, seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        process_new()
    monkeypatch.undo()
    assert (LedgerEntry.get().claimed_by, LedgerEntry.get().tries) == (None, 1)
    LedgerEntry.delete().execute()
    assert taken_in(mail("of the next round")).excerpt == "of the next round"


def test_a_program_that_ends_while_it_starts_a_child_was_not_ended_by_the_mail(world, monkeypatch):
    support()
    entry = enter(mail("in good health"))
    LedgerEntry.update(tries=receiving.MOST_TRIES).execute()

    def never(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Child, "start", never)
    monkeypatch.setattr(reading, "pool", Pool("app.mail.reader", idle=60, memory=MEMORY))
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            process_new()
    monkeypatch.undo()
    assert LedgerEntry.get().tries == receiving.MOST_TRIES
    LedgerEntry.update(tries=1).execute()
    assert process_new() == 1
    assert LedgerEntry.get_by_id(entry.id).outcome == "opened"
