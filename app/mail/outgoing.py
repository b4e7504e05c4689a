"""Sending what is due: the letter is written, goes over its wire, and what became of it is kept; one letter at a time.

Nothing of the network happens inside a transaction. Each result is committed before the next letter is begun: a
killed worker repeats at most the one letter whose acceptance it could not keep, with the same Message-ID (C9c).
"""

from dataclasses import replace

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
from app.lib.smtp import SmtpRefused, SmtpUnreachable
from app.mail import loop
from app.mail.dkim_key import signed
from app.mail.mailbox import Mailbox
from app.mail.ways import NoWire, Ways, Wires
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
from app.outbox.wire import is_live

BATCH = 10  # few enough that no claim grows old while a server lets us wait
log = structlog.get_logger(__name__)


def send_due() -> int:
    """Sends everything that is due, and returns how many letters were accepted."""
    accepted, names = 0, _open_wires()
    with Wires(Ways()) as wires:
        while names and (batch := Delivery.claim_due(wires=names, limit=BATCH)):
            accepted += sum(_send(delivery, wires) for delivery in batch)
    return accepted


def _open_wires() -> list[str]:
    """The wires that carry mail now: mail for the sandbox waits for its receiver, the rest until somebody goes live."""
    sandbox = ["sandbox"] if current_app.extensions["ventanilla"].sandbox_smtp_port else []
    return [*sandbox, "live"] if is_live() else sandbox


def _send(delivery: Delivery, wires: Wires) -> bool:
    try:
        letter = written(delivery, wires.ways)
        raw = signed(letter.to_bytes(), letter.from_address, wires.ways.keys)
    except DatabaseError:
        raise
    except Unreadable:
        _postpone(delivery, "The DKIM key cannot be read with this installation's key")
        return False
    except Exception as problem:  # whatever is wrong with one letter, the others are due as well
        log.exception("letter could not be written", delivery=delivery.id, letter=delivery.letter)
        _fail(delivery, _why_unwritten(problem))
        return False
    if not delivery.is_still_mine:
        return False
    return _hand_over(delivery, letter, raw, wires)


def _hand_over(delivery: Delivery, letter: Letter, raw: bytes, wires: Wires) -> bool:
    try:
        answer = wires.send(delivery, letter.envelope_from, raw)
    except SmtpRefused as problem:
        if problem.permanent:
            _fail(delivery, str(problem))
        else:
            _postpone(delivery, str(problem))
    except (SmtpUnreachable, NoWire) as problem:
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


def written(delivery: Delivery, ways: Ways | None = None) -> Letter:
    """The letter as it goes over the wire: composed, from the right mailbox, in its thread, marked as what it is."""
    ways = ways or Ways()
    letter, mailbox = compose(delivery), ways.mailbox(delivery)
    address = mailbox.address if mailbox else letter.from_address
    headers = {loop.HEADER.title(): loop.token(secrets.keys().derive("loop"))}
    if delivery.is_automatic == "auto-generated":
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return replace(
        letter,
        from_address=address,
        reply_to=_reply_to(delivery, mailbox),
        message_id=_mail_id(delivery),
        in_reply_to=delivery.in_reply_to or "",
        references=delivery.references.split(),
        envelope_from=_envelope_sender(delivery, mailbox, address, ways),
        # "auto-replied" brings Precedence too: old responders know nothing else (MAIL.md, rule 2).
        automatic=delivery.is_automatic if delivery.is_automatic == "auto-replied" else "",
        headers=letter.headers | headers,
    )


def mailbox_for(delivery: Delivery) -> Mailbox | None:
    """The mailbox a letter is from."""
    return Ways().mailbox(delivery)


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


def _envelope_sender(delivery: Delivery, mailbox: Mailbox | None, address: str, ways: Ways) -> str:
    """Where reports about this letter go (MAIL.md, rules 2 and 11).

    An address of the delivery's own where the mailbox's server takes subaddresses. Else nobody for an acknowledgement,
    as a report about it would only start the next one (RFC 3834, section 3.3); the address that is set for reports; or
    the mailbox itself.
    """
    if mailbox and mailbox.uses_subaddress:
        return message_ids.bounce_address(mailbox.address, delivery.id, secrets.keys().derive("message-id"))
    if delivery.is_automatic == "auto-replied":
        return ""
    return (mailbox.bounce_address if mailbox else "") or ways.relay.bounce_address or address
