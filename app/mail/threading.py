"""What a mail says about the ticket it belongs to, in the order in which it is believed: values, to be looked up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.lib import message_ids
from app.mail.parsed import ParsedMail

REPLY_ADDRESS, SENT, RECEIVED, NUMBER = "reply_address", "sent", "received", "number"
MOST_IDS = 50

_NUMBER = re.compile(r"\[(?:[^\[\]#]{0,40})#(\d{1,9})\]|(?<![\w&])#(\d{1,9})(?!\w)")
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "resent-to")
_ADDRESS = re.compile(r"[^\s<>,;\"]{1,200}@[^\s<>,;\"]{1,200}")


@dataclass(frozen=True, slots=True)
class Clue:
    """One sign: `sent` and `reply_address` were proved by our key; `received` and `number` anyone can write.

    value is the address, the id with its brackets, or the number as written; ticket is its number where that is known.
    """

    kind: str
    value: str
    ticket: int | None = None
    message: int | None = None
    delivery: int | None = None
    person: int | None = None


def candidates(mail: ParsedMail, *, keys: list[bytes]) -> list[Clue]:
    """All signs: a signed reply address, ids of ours, ids of others, numbers in the subject."""
    found = [*_reply_addresses(mail, keys), *_ids(mail, keys), *_numbers(mail.subject)]
    return list(dict.fromkeys(found))


def answered_ids(mail: ParsedMail) -> list[str]:
    """The ids a mail answers: References from the last to the first, then In-Reply-To (RFC 5322, section 3.6.4)."""
    return list(dict.fromkeys([*reversed(mail.references), *mail.in_reply_to]))[:MOST_IDS]


def returned(mail: ParsedMail, *, keys: list[bytes]) -> int | None:
    """The delivery to whose own envelope address a report came back (rule 11); only our key makes such an address."""
    found = (message_ids.verify_bounce_address(address, keys) for address in _subaddresses(mail))
    return next((delivery for delivery in found if delivery is not None), None)


def _subaddresses(mail: ParsedMail) -> list[str]:
    addresses = [one.address for one in mail.recipients if "+" in one.address]
    for name in _RECIPIENTS:
        for value in mail.header_all(name)[:10]:
            addresses += [found for found in _ADDRESS.findall(value[:2000]) if "+" in found]
    return list(dict.fromkeys(addresses))


def _reply_addresses(mail: ParsedMail, keys: list[bytes]) -> Iterator[Clue]:
    for address in _subaddresses(mail):
        proved = message_ids.verify_reply_address(address, keys)
        if proved:
            yield Clue(REPLY_ADDRESS, address, ticket=proved[0], person=proved[1])


def _ids(mail: ParsedMail, keys: list[bytes]) -> Iterator[Clue]:
    known = [(value, message_ids.verify(value, keys)) for value in answered_ids(mail)]
    for value, ours in known:
        if ours:
            yield Clue(SENT, value, ticket=ours.ticket, message=ours.message, delivery=ours.delivery)
    for value, ours in known:
        if not ours:
            yield Clue(RECEIVED, value)


def _numbers(subject: str) -> Iterator[Clue]:
    """ "[#123]" first, then a bare "#123"."""
    found = [(match[1], match[2]) for match in _NUMBER.finditer(subject[:1000])]
    for bracketed, bare in sorted(found, key=lambda pair: not pair[0])[:5]:
        number = bracketed or bare
        yield Clue(NUMBER, number, ticket=int(number))
