"""Sending what is due: the letter is written, goes over its wire, and what became of it is kept; one letter at a time.

Nothing of the network happens inside a transaction. Each result is committed before the next letter is begun: a
killed worker repeats at most the one letter whose acceptance it could not keep, with the same Message-ID (C9c).
"""

from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import structlog
from flask import current_app
from peewee import DatabaseError

from app.accounts.robot import Robot
from app.attachments.enclosing import FileGone
from app.branding.company import Company
from app.lib import message_ids, secrets
from app.lib.db import transaction
from app.lib.letters import Letter
from app.lib.secrets import Unreadable
from app.lib.smtp import Smtp, SmtpRefused, SmtpUnreachable
from app.mail import loop
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
from app.outbox.wire import is_live

BATCH = 10  # few enough that no claim grows old while a server lets us wait
log = structlog.get_logger(__name__)


class NoWire(Exception):
    """There is nothing to send by: no mailbox is confirmed, or its password cannot be read."""


def send_due() -> int:
    """Sends everything that is due, and returns how many letters were accepted."""
    accepted, names = 0, _open_wires()
    with Wires() as wires:
        while names and (batch := Delivery.claim_due(wires=names, limit=BATCH)):
            accepted += sum(_send(delivery, wires) for delivery in batch)
    return accepted


def _open_wires() -> list[str]:
    """The wires that carry mail now: mail for the sandbox waits for its receiver, the rest until somebody goes live."""
    sandbox = ["sandbox"] if current_app.extensions["ventanilla"].sandbox_smtp_port else []
    return [*sandbox, "live"] if is_live() else sandbox


def _send(delivery: Delivery, wires: "Wires") -> bool:
    try:
        letter = written(delivery)
        raw = letter.to_bytes()
    except DatabaseError:
        raise
    except Exception as problem:  # whatever is wrong with one letter, the others are due as well
        log.exception("letter could not be written", delivery=delivery.id, letter=delivery.letter)
        _fail(delivery, _why_unwritten(problem))
        return False
    if not delivery.is_still_mine:
        return False
    return _hand_over(delivery, letter, raw, wires)


def _hand_over(delivery: Delivery, letter: Letter, raw: bytes, wires: "Wires") -> bool:
    try:
        answer = wires.of(delivery).send(_envelope_sender(delivery, letter), delivery.to_address, raw)
    except SmtpRefused as problem:
        if problem.permanent:
            _fail(delivery, str(problem))
        else:
            _postpone(delivery, str(problem))
    except (SmtpUnreachable, NoWire) as problem:
        wires.is_down(delivery, problem)
        _postpone(delivery, str(problem))
    else:
        delivery.accepted(f"{answer.code} {answer.text}")
        return True
    return False


def _why_unwritten(problem: Exception) -> str:
    if isinstance(problem, FileGone):
        return str(problem)
    return f"The letter could not be written ({type(problem).__name__})"


@transaction()
def _fail(delivery: Delivery, answer: str) -> None:
    delivery.failed(answer)
    _bring_back(delivery)


@transaction()
def _postpone(delivery: Delivery, answer: str) -> None:
    if not delivery.postponed(answer):
        _bring_back(delivery)


def _bring_back(delivery: Delivery) -> None:
    if delivery.is_to_customer:
        delivery.ticket.fail_delivery(delivery, by=Robot.mail())


# --- the letter and its envelope -------------------------------------------------------------------------------


def written(delivery: Delivery) -> Letter:
    """The letter as it goes over the wire: composed, from the right mailbox, in its thread, marked as what it is."""
    letter = compose(delivery)
    mailbox = mailbox_for(delivery)
    address = mailbox.address if mailbox else letter.from_address
    headers = {loop.HEADER.title(): loop.token()}
    if delivery.is_automatic == "auto-generated":
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return replace(
        letter,
        from_address=address,
        reply_to=_reply_to(delivery, mailbox),
        message_id=_mail_id(delivery),
        in_reply_to=delivery.in_reply_to or "",
        references=delivery.references.split(),
        # "auto-replied" brings Precedence too: old responders know nothing else (MAIL.md, rule 2).
        automatic=delivery.is_automatic if delivery.is_automatic == "auto-replied" else "",
        headers=letter.headers | headers,
    )


def mailbox_for(delivery: Delivery) -> Mailbox | None:
    """The mailbox a letter leaves by: the ticket's own, else the default one, else any (the live wire: confirmed)."""
    own = delivery.ticket.mailbox if delivery.ticket else None
    usable = Mailbox.select().where((Mailbox.state == "confirmed") | (delivery.wire == "sandbox"))
    if own and (delivery.wire == "sandbox" or own.can_send):
        return own
    ranked = usable.order_by(Mailbox.is_default.desc(), (Mailbox.state == "confirmed").desc(), Mailbox.id)
    return next((each for each in ranked if delivery.wire == "sandbox" or each.can_send), None)


def _reply_to(delivery: Delivery, mailbox: Mailbox | None) -> str:
    """A signed subaddress where the mailbox's server delivers them (MAIL.md, threading rule 3)."""
    if not (mailbox and mailbox.uses_subaddress and delivery.ticket and delivery.person_id and delivery.is_to_customer):
        return ""
    key = secrets.keys().derive("message-id")
    return message_ids.reply_address(mailbox.address, delivery.ticket.number, delivery.person_id, key)


def _mail_id(delivery: Delivery) -> str:
    """Its Message-ID, the same at every try; kept before the letter leaves."""
    if not delivery.mail_id:
        number = delivery.ticket.number if delivery.ticket else 0
        domain, key = Company.ours().mail_domain, secrets.keys().derive("message-id")
        delivery.change(mail_id=message_ids.make(number, delivery.message_id or 0, delivery.id, domain, key))
    return str(delivery.mail_id)


def _envelope_sender(delivery: Delivery, letter: Letter) -> str:
    """Nobody for an acknowledgement: a report about it would only start the next one (RFC 3834, section 3.3)."""
    return "" if delivery.is_automatic == "auto-replied" else letter.from_address


# --- wires -----------------------------------------------------------------------------------------------------


@dataclass
class _Open:
    wire: Smtp | None = None
    problem: Exception | None = None


class Wires:
    """The connections of one round, kept while it lasts; a server that is down is asked once a round."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._open.values():
            if each.wire:
                each.wire.close()

    def of(self, delivery: Delivery) -> Smtp:
        """The connection for this delivery. Raises NoWire, or what the server said before in this round."""
        kept = self._open.setdefault(self._key(delivery), _Open())
        if kept.problem:
            raise kept.problem
        kept.wire = kept.wire or _connect(delivery)
        return kept.wire

    def is_down(self, delivery: Delivery, problem: Exception) -> None:
        self._open.setdefault(self._key(delivery), _Open()).problem = problem

    def _key(self, delivery: Delivery) -> int:
        mailbox = mailbox_for(delivery) if delivery.wire == "live" else None
        return mailbox.id if mailbox else 0 if delivery.wire == "sandbox" else -1


def _connect(delivery: Delivery) -> Smtp:
    if delivery.wire == "sandbox":
        return Smtp("127.0.0.1", current_app.extensions["ventanilla"].sandbox_smtp_port, "none")
    mailbox = mailbox_for(delivery)
    if mailbox is None:
        raise NoWire("No mailbox is confirmed for sending")
    try:
        return mailbox.smtp()
    except Unreadable:
        raise NoWire("The mailbox's password cannot be read with this installation's key") from None
