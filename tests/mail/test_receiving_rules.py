"""What becomes of a mail: the rules of received mail, on entries made directly."""

from datetime import timedelta

import pytest
from peewee import IntegrityError, OperationalError

from app.accounts.contact import Contact
from app.accounts.person import Person
from app.catalog.lists import Priority, TicketType
from app.lib import message_ids, processes, secrets
from app.lib.clock import now
from app.lib.files import StorageFull, store
from app.lib.search import SearchEntry
from app.mail import authentication, loop, outgoing, receiving
from app.mail.filing import Filing
from app.mail.ledger import LedgerEntry
from app.mail.receiving import CLAIM_LASTS, TOGETHER, process_new
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tests.mail.incoming import enter, mail, receive, support


@pytest.fixture
def mailbox(world):
    return support()


def acknowledgements() -> list[Delivery]:
    return list(Delivery.select().where(Delivery.letter == "tickets.opened", Delivery.created_at > START[0]))


START = [now()]


@pytest.fixture(autouse=True)
def _begin():
    START[0] = now()


def answered(world) -> Delivery:
    """A delivery of an answer to Carol."""
    world.leak.reply("Is Friday fine?", by=world.ben)
    delivery = Delivery.select().where(Delivery.letter == "messages.replied").order_by(Delivery.id.desc()).first()
    delivery.accepted("250 OK")
    return delivery


# --- a new ticket (C6) -----------------------------------------------------------------------------------------


def test_a_mail_opens_a_ticket(mailbox):
    earlier = now() - timedelta(hours=2)
    entry = receive(mail("The blade is stuck.\n\nNora", files=(("blade.txt", b"a picture"),)), received_at=earlier)
    ticket = entry.ticket
    assert entry.outcome == "opened"
    assert (ticket.subject, ticket.channel, ticket.origin.key) == ("The saw stands still", "email", "email")
    assert (ticket.type, ticket.priority.key) == (TicketType.first(), "low")
    assert abs(ticket.created_at - earlier) < timedelta(seconds=1)
    assert (ticket.requester.name, ticket.email) == ("nora@new.example", "nora@new.example")
    assert ticket.requester.contact.offered_name == "Nora Vega"
    first = ticket.messages.get()
    assert "The blade is stuck." in first.text
    assert [file.name for file in first.attachments] == ["blade.txt"]
    assert first.mail_id == entry.mail_id
    assert entry.message == first


def test_it_is_acknowledged_in_its_thread(mailbox):
    entry = receive(mail())
    (delivery,) = acknowledgements()
    letter = outgoing.written(delivery)
    assert delivery.to_address == "nora@new.example"
    assert delivery.is_automatic == "auto-replied"
    assert (letter.in_reply_to, letter.references) == (entry.mail_id, [entry.mail_id])


def test_a_known_address_is_the_known_contact(mailbox, world):
    ticket = receive(mail(sender="C. Ruiz <CAROL@marlow.example>")).ticket
    assert ticket.requester == world.carol
    assert ticket.organization == world.marlow
    assert ticket.name == "Carol Ruiz"


def test_the_mailbox_brings_its_own_defaults(world):
    high = Priority.get(Priority.key == "high")
    support(group=world.press_team, assignee=world.bea, priority=high)
    ticket = receive(mail()).ticket
    assert (ticket.group, ticket.assignee, ticket.priority) == (world.press_team, world.bea, high)


def test_a_mail_without_words_subject_or_address_is_a_ticket_too(mailbox):
    ticket = receive(b"From: \xff\xfe <nobody>\r\nTo: help@acme.example\r\n\r\n").ticket
    assert ticket.subject == "(no subject)"
    assert ticket.messages.get().text == "(an e-mail without text)"
    assert ticket.email is None
    assert not acknowledgements()


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 50, b"\xff" * 2000, b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x"]
)
def test_rubbish_stops_nothing(mailbox, raw):
    odd, good = enter(raw), enter(mail())
    process_new()
    assert LedgerEntry.get_by_id(good.id).outcome == "opened"
    assert LedgerEntry.get_by_id(odd.id).outcome in ("opened", "ignored")


def test_a_mail_above_the_limit_is_a_ticket_that_says_so(mailbox):
    entry = receive(b"From: nora@new.example\r\nSubject: Big\r\n\r\n", only_headers=True)
    assert (entry.outcome, entry.cause) == ("opened", "too_large")
    assert "larger than" in entry.ticket.messages.get().text


# --- mailboxes that open nothing (C5) --------------------------------------------------------------------------


def test_a_mailbox_that_opens_nothing_passes_mail_over(world):
    support(creates="")
    entry = receive(mail())
    assert (entry.outcome, entry.cause, entry.ticket) == ("passed", "no_creation", None)


def test_a_reply_to_a_known_ticket_joins_there_too(world):
    support(creates="")
    delivery = answered(world)
    entry = receive(mail("Yes.", sender="carol@marlow.example", in_reply_to=delivery.mail_id))
    assert (entry.outcome, entry.ticket) == ("joined", world.leak)


def test_what_was_there_before_opens_nothing(world):
    support(creates_since_uid=1000)
    entry = receive(mail())
    assert (entry.outcome, entry.cause) == ("passed", "backlog")
    entry.process_again(by=world.ada)
    process_new()
    assert LedgerEntry.get_by_id(entry.id).outcome == "opened"


# --- replies (C7) ----------------------------------------------------------------------------------------------


def test_a_reply_to_our_mail_joins_its_ticket(mailbox, world):
    delivery = answered(world)
    raw = mail(
        "Friday is fine.\n\nOn Fri, Acme Service wrote:\n> Is Friday fine?",
        sender="carol@marlow.example", subject="Re: quite another subject", in_reply_to=delivery.mail_id,
    )  # fmt: skip
    entry = receive(raw)
    said = entry.message
    assert (entry.outcome, entry.cause, entry.ticket) == ("joined", "sent", world.leak)
    assert (said.text, said.author, said.is_public) == ("Friday is fine.", world.carol, True)
    assert "Is Friday fine?" in said.quoted
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_customer"
    assert not acknowledgements()


def test_an_invented_message_id_joins_nothing(mailbox, world):
    forged = message_ids.make(world.leak.number, 1, 1, "acme.example", b"another key")
    entry = receive(mail(in_reply_to=forged))
    assert (entry.outcome, entry.ticket == world.leak) == ("opened", False)


def test_a_signed_reply_address_joins(mailbox, world):
    key = secrets.keys().derive("message-id")
    address = message_ids.reply_address("help@acme.example", world.leak.number, world.carol.id, key)
    entry = receive(mail("Here I am", sender="carol@marlow.example", to=address))
    assert (entry.cause, entry.ticket) == ("reply_address", world.leak)
    entry = receive(mail("And I", sender="colleague@marlow.example", to=address))
    assert (entry.cause, entry.ticket, entry.message.claim) == ("someone_else", world.leak, "someone_else")
    assert entry.message.author_address == "colleague@marlow.example"


def test_the_number_in_the_subject_counts_for_who_takes_part(mailbox, world):
    mine = receive(mail(sender="carol@marlow.example", subject=f"Re: [#{world.leak.number}] The press leaks"))
    other = receive(mail(subject=f"Re: [#{world.leak.number}] The press leaks"))
    bare = receive(mail(sender="carol@marlow.example", subject=f"Invoice #{world.leak.number}"))
    assert (mine.outcome, mine.cause) == ("joined", "number")
    assert (other.outcome, other.cause, other.maybe_ticket) == ("opened", "maybe", world.leak)
    assert bare.outcome == "opened"


def test_an_answer_to_their_own_mail_joins(mailbox):
    first = receive(mail(sender="nora@new.example"))
    more = receive(mail("One more thing", sender="nora@new.example", references=first.mail_id, subject="Re: saw"))
    stranger = receive(mail("Me too", sender="zed@else.example", references=first.mail_id))
    assert (more.cause, more.ticket) == ("received", first.ticket)
    assert stranger.ticket != first.ticket


def test_a_reply_to_a_closed_ticket_brings_it_back(mailbox, world):
    delivery = answered(world)
    world.leak.close("Done", by=world.ben)
    receive(mail("It leaks again", sender="carol@marlow.example", in_reply_to=delivery.mail_id))
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_customer"


def test_or_leaves_it_closed_where_the_setting_says_so(mailbox, world):
    delivery = answered(world)
    world.leak.close("Done", by=world.ben)
    TicketSettings.set(reopen_on_reply=False)
    entry = receive(mail("It leaks again", sender="carol@marlow.example", in_reply_to=delivery.mail_id))
    assert entry.outcome == "joined"
    assert Ticket.get_by_id(world.leak.id).status == "closed_by_team"


def test_an_internal_ticket_takes_a_reply_as_a_note(mailbox, world):
    delivery = answered(world)
    world.leak.set_visibility(internal=True, by=world.ada)
    entry = receive(mail("Hello?", sender="carol@marlow.example", in_reply_to=delivery.mail_id))
    assert (entry.outcome, entry.cause, entry.message.is_public) == ("joined", "internal", False)


def test_an_agents_mail_is_a_note_and_goes_to_nobody(mailbox, world):
    delivery = answered(world)
    before = Delivery.select().where(Delivery.person == world.carol).count()
    entry = receive(mail("I close this", sender="bea@acme.example", in_reply_to=delivery.mail_id))
    assert (entry.cause, entry.message.is_public, entry.message.author) == ("agent_note", False, world.bea)
    assert Delivery.select().where(Delivery.person == world.carol).count() == before
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"


# --- claimed or proved (C9b) -----------------------------------------------------------------------------------


def test_who_fails_authentication_changes_no_status(world):
    support(authserv_id="mx.acme.example")
    delivery = answered(world)
    failed = "mx.acme.example; dmarc=fail header.from=marlow.example"
    raw = mail("Close it", sender="carol@marlow.example", in_reply_to=delivery.mail_id, authentication_results=failed)
    entry = receive(raw)
    assert (entry.cause, entry.proof, entry.message.is_public) == ("unproved", "failed", False)
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"
    by_number = receive(
        mail(sender="carol@marlow.example", subject=f"[#{world.leak.number}]", authentication_results=failed)
    )
    assert (by_number.outcome, by_number.maybe_ticket) == ("opened", world.leak)
    assert not acknowledgements()


def test_only_our_own_servers_results_count(world):
    support(authserv_id="mx.acme.example")
    entry = receive(mail(authentication_results="mx.else.example; dmarc=pass header.from=new.example"))
    assert entry.proof == "claimed"
    entry = receive(mail(authentication_results="mx.acme.example; dmarc=pass header.from=new.example"))
    assert (entry.proof, entry.message.proof) == ("proved", "proved")


# --- robots, loops, bounces (C9a) ------------------------------------------------------------------------------


def test_an_auto_reply_of_no_ticket_opens_none(mailbox):
    entry = receive(mail("I am away", subject="Out of office", auto_submitted="auto-replied"))
    assert (entry.outcome, entry.cause, entry.ticket) == ("ignored", "auto_reply", None)


def test_an_auto_reply_is_filed_and_changes_nothing(mailbox, world):
    delivery = answered(world)
    raw = mail("Away", sender="carol@marlow.example", auto_submitted="auto-replied", in_reply_to=delivery.mail_id)
    entry = receive(raw)
    ticket = Ticket.get_by_id(world.leak.id)
    assert (entry.outcome, entry.cause, ticket.status) == ("joined", "auto_reply", "answered_by_team")
    assert (entry.message.is_automatic, entry.message.is_public) == (True, False)
    assert not Event.select().where(Event.kind == "message.received", Event.ticket == world.leak).exists()


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"list_id": "<press.lists.example>"}, "nora@new.example"),
        ({"precedence": "bulk"}, "nora@new.example"),
        ({"x_auto_response_suppress": "All"}, "nora@new.example"),
        ({}, "noreply@shop.example"),
        ({"return_path": "<>"}, "postmaster@shop.example"),
    ],
)
def test_some_mails_are_tickets_without_an_acknowledgement(mailbox, headers, sender):
    assert receive(mail(sender=sender, **headers)).outcome == "opened"
    assert not acknowledgements()


def test_our_own_mail_come_back_is_ignored(mailbox):
    assert receive(mail(sender="help@acme.example")).cause == "loop"
    assert receive(mail(x_ventanilla_loop=loop.token(secrets.keys().derive("loop")))).cause == "loop"
    assert not acknowledgements()


def bounce(original: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.marlow.example\r\nTo: help@acme.example\r\nSubject: Undelivered Mail\r\n"
        "Return-Path: <>\r\nMIME-Version: 1.0\r\nMessage-ID: <b1@mx.marlow.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.marlow.example\r\n\r\n"
        f"Final-Recipient: rfc822; carol@marlow.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 No such user\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_a_bounce_marks_the_delivery_and_brings_the_ticket_back(mailbox, world):
    delivery = answered(world)
    entry = receive(bounce(delivery.mail_id))
    delivery = Delivery.get_by_id(delivery.id)
    assert (entry.outcome, entry.cause, delivery.state) == ("joined", "bounce", "bounced")
    assert "No such user" in delivery.answer
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"
    assert Event.select().where(Event.kind == "delivery.failed", Event.ticket == world.leak).count() == 1


def test_a_delay_is_only_noted(mailbox, world):
    delivery = answered(world)
    entry = receive(bounce(delivery.mail_id, action="delayed", status="4.4.1"))
    assert entry.cause == "delayed"
    assert Delivery.get_by_id(delivery.id).state == "sent"
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_team"


def test_a_bounce_of_what_we_never_sent_is_only_in_the_ledger(mailbox, world):
    entry = receive(bounce("<invented@acme.example>"))
    assert (entry.outcome, entry.cause) == ("ignored", "unknown_bounce")


def test_three_bounces_mark_the_contact(mailbox, world):
    for _ in range(3):
        raw = bounce(answered(world).mail_id).replace(b"<b1@", f"<{_}@".encode())
        receive(raw)
    assert Contact.get(Contact.person == world.carol).is_bouncing


# --- copies, caps, poison --------------------------------------------------------------------------------------


def test_the_same_mail_twice_is_one_ticket(mailbox):
    raw = mail()
    first, again = receive(raw), receive(raw)
    assert (again.outcome, again.cause, again.ticket) == ("ignored", "copy", first.ticket)


def test_the_same_mail_to_two_mailboxes_is_one_ticket(mailbox):
    other = support(address="sales@acme.example", is_default=False)
    raw = mail()
    first = receive(b"Delivered-To: help@acme.example\r\n" + raw, mailbox)
    again = receive(b"Delivered-To: sales@acme.example\r\n" + raw, other)
    assert (again.outcome, again.cause, again.ticket) == ("ignored", "copy", first.ticket)


def test_a_stolen_message_id_suppresses_nothing(mailbox):
    first = receive(mail("Something else", message_id="<one@new.example>"))
    second = receive(mail("The real one", message_id="<one@new.example>"))
    assert first.ticket != second.ticket


def test_a_mail_without_id_is_known_again(mailbox):
    raw = mail(message_id="")
    assert [receive(raw).outcome, receive(raw).outcome] == ["opened", "ignored"]


def test_acknowledgements_and_tickets_of_one_sender_are_capped(mailbox):
    for count in range(32):
        enter(mail(f"Number {count}", subject=f"Subject {count}"))
    process_new()
    assert len(acknowledgements()) == 3
    outcomes = [entry.outcome for entry in LedgerEntry.select().order_by(LedgerEntry.id)]
    assert outcomes == ["opened"] * 30 + ["quarantined"] * 2


def test_a_backlog_is_no_flood(mailbox):
    for count in range(35):
        enter(mail(f"Number {count}"), received_at=now() - timedelta(days=40 - count))
    process_new()
    assert LedgerEntry.select().where(LedgerEntry.outcome == "opened").count() == 35


def test_poison_is_set_aside_after_two_tries_alone(mailbox, monkeypatch):
    good, entry, another = enter(mail("fine")), enter(mail("boom")), enter(mail("fine too"))
    file, ended = Filing.file, []

    def end(filing):
        if "boom" in filing.mail.text:
            ended.append(filing.entry.id)
            raise KeyboardInterrupt  # as a killed process: nothing after it happens
        file(filing)

    monkeypatch.setattr(Filing, "file", end)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            process_new()
        LedgerEntry.update(claimed_by="gone").where(LedgerEntry.outcome == "new").execute()
        monkeypatch.setattr(processes, "lives", lambda name: False)
    assert LedgerEntry.get_by_id(good.id).outcome == "opened"  # it waited for nobody
    process_new()
    assert [LedgerEntry.get_by_id(each.id).outcome for each in (good, entry, another)] == [
        "opened", "quarantined", "opened",
    ]  # fmt: skip
    assert (LedgerEntry.get_by_id(entry.id).cause, ended) == ("poison", [entry.id] * 3)


def test_one_that_fails_is_said_and_those_filed_with_it_stay(mailbox, monkeypatch):
    entries = [enter(mail(text)) for text in ("one", "boom", "three")]
    file = Filing.file

    def fail(filing):
        file(filing)
        if "boom" in filing.mail.text:
            raise IntegrityError("a fault of ours")

    monkeypatch.setattr(Filing, "file", fail)
    assert process_new() == 3
    assert [LedgerEntry.get_by_id(each.id).outcome for each in entries] == ["opened", "failed", "opened"]
    assert Ticket.select().where(Ticket.channel == "email").count() == 2


def test_one_that_cannot_be_understood_is_said_and_the_others_are_filed(mailbox, monkeypatch):
    entries = [enter(mail(text)) for text in ("one", "boom", "three")]
    check = authentication.check

    def fail(read, *rest):
        return check(read, *rest) if "boom" not in read.text else 1 / 0

    monkeypatch.setattr(authentication, "check", fail)
    assert process_new() == 3
    assert [LedgerEntry.get_by_id(each.id).outcome for each in entries] == ["opened", "failed", "opened"]
    assert LedgerEntry.get_by_id(entries[1].id).detail.startswith("ZeroDivisionError")


@pytest.mark.parametrize("fault", [OperationalError("the database is locked"), StorageFull()])
def test_what_is_not_their_fault_counts_against_no_mail(mailbox, monkeypatch, fault):
    entries = [enter(mail(sender=f"c{count}@new.example")) for count in range(TOGETHER * 2 + 1)]

    def fail(filing):
        raise fault

    monkeypatch.setattr(Filing, "file", fail)
    with pytest.raises(type(fault)):
        process_new()
    assert {(each.outcome, each.tries, each.claimed_by) for each in LedgerEntry.select()} == {("new", 0, None)}
    monkeypatch.undo()
    assert process_new() == len(entries)
    opened = [LedgerEntry.get_by_id(each.id).ticket.number for each in entries]
    assert opened == sorted(opened)


def test_a_claim_that_nobody_gave_back_ends_by_its_age(mailbox, clock):
    entry = enter(mail())
    LedgerEntry.update(claimed_by=processes.myself(), claimed_at=now()).execute()
    assert process_new() == 0
    clock.shift(CLAIM_LASTS + timedelta(seconds=1))
    assert process_new() == 1
    assert LedgerEntry.get_by_id(entry.id).outcome == "opened"


def test_no_more_is_taken_than_fits_into_memory(mailbox, monkeypatch):
    entries = [enter(mail(sender=f"c{count}@new.example")) for count in range(7)]
    monkeypatch.setattr(receiving, "MOST_AT_ONCE", 2 * entries[0].size + 100)
    taken = []
    understand = receiving._Round._understand
    monkeypatch.setattr(
        receiving._Round,
        "_understand",
        lambda self, entry, seconds: taken.append(len(self.ahead[0])) or understand(self, entry, seconds),
    )
    assert process_new() == len(entries)
    assert max(taken) == 2
    assert {(each.outcome, each.tries) for each in LedgerEntry.select()} == {("opened", 1)}


def test_what_another_process_has_is_left_to_it(mailbox):
    entry = enter(mail())
    LedgerEntry.update(claimed_by="elsewhere/1/x", claimed_at=now()).execute()
    assert process_new() == 0
    assert LedgerEntry.get_by_id(entry.id).outcome == "new"


def test_a_failure_is_said_and_stops_no_other_mail(mailbox, monkeypatch, world):
    def fail(*_, **__):
        raise RuntimeError("a fault of ours")

    broken = enter(mail("one"))
    monkeypatch.setattr(Ticket, "open", fail)
    process_new()
    monkeypatch.undo()
    broken = LedgerEntry.get_by_id(broken.id)
    assert (broken.outcome, broken.cause, broken.detail) == ("failed", "error", "RuntimeError: a fault of ours")
    broken.process_again(by=world.ada)
    process_new()
    assert LedgerEntry.get_by_id(broken.id).outcome == "opened"


def test_a_missing_file_is_said(mailbox):
    entry = enter(mail())
    store().remove(entry.raw_sha256)
    process_new()
    assert LedgerEntry.get_by_id(entry.id).cause == "raw_missing"


# --- our link tokens in quoted history -------------------------------------------------------------------------


def test_our_link_tokens_are_masked_and_kept_only_raw(mailbox, world):
    delivery = answered(world)
    letter = outgoing.written(delivery)
    token = delivery.link.token
    raw = mail(
        "Fine.\n\nOn Fri, Acme Service wrote:\n" + "\n".join(f"> {line}" for line in letter.text.split("\n")),
        sender="carol@marlow.example", in_reply_to=delivery.mail_id,
        html=f"<p>Fine.</p><blockquote type='cite'>{letter.html}</blockquote>",
    )  # fmt: skip
    assert token.encode() in raw.replace(b"=\r\n", b"")
    entry = receive(raw)
    kept = Message.get_by_id(entry.message_id)
    assert token not in f"{kept.text}{kept.quoted}{kept.html}"
    assert token[:20] not in f"{kept.text}{kept.quoted}{kept.html}"
    assert not [row for row in SearchEntry.select() if token[:20] in row.body]


def test_the_sandbox_listener_may_have_no_mailbox_at_all(world):
    assert WireSettings.mode == "sandbox"
    entry = LedgerEntry.create(raw_sha256=store().put(mail()).sha256, source="listener", received_at=now())
    process_new()
    assert LedgerEntry.get_by_id(entry.id).outcome == "opened"
    assert Person.by_email("nora@new.example")
