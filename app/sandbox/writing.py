"""Writing from the sandbox: a sample person's mail, handed in at the listener as another server would forward it."""

import re
import uuid
from collections.abc import Iterable
from html import escape
from typing import Any

from flask_babel import force_locale

from app.accounts.person import clean_address
from app.config import LANGUAGES
from app.lib import moments
from app.lib.letters import Enclosure, Letter
from app.lib.refusals import Refused
from app.lib.smtp import Smtp, SmtpRefused, SmtpUnreachable
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.messages.message import NothingSaid
from app.sandbox.opened import OpenedLetter
from app.sandbox.sample import Stranger

BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  where a server may listen, but nobody can be called


class NotListening(Refused):
    says = _l(
        "The mail receiver is not running, so the mail was not sent. Your text is still here: try again in a moment."
    )
    status = 503


class NotTaken(Refused):
    says = _l("The mail receiver did not take the mail: %(answer)s")


class NoName(Refused):
    says = _l("Write a name.")
    field = "name"


class NoSubject(Refused):
    says = _l("Give it a subject.")
    field = "subject"


Place = tuple[str, int]  # host and port of the listener


def answer(opened: OpenedLetter, text: str, *, name: str, zone: Any, at: Place, files: Iterable[Any] = ()) -> None:
    """Answers a letter as its recipient, the history quoted below. Raises NothingSaid, NotListening, NotTaken."""
    if not text.strip():
        raise NothingSaid
    head = _quote_head(opened, zone)
    quoted = "\n".join(f"> {line}".rstrip() for line in opened.text.strip().splitlines())
    page = BODY.search(opened.html)
    old = page.group(1) if page else opened.html or f"<pre>{escape(opened.text)}</pre>"
    letter = Letter(
        from_name=name,
        from_address=opened.letter.recipient,
        to_name=opened.sender[0],
        to_address=opened.answers_go_to,
        subject=_re(opened.subject),
        text=f"{text.strip()}\n\n{head}\n{quoted}\n",
        html=f'{_paragraphs(text)}<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(head)}</div>'
        f'<blockquote class="gmail_quote">{old}</blockquote></div>',
        message_id=_message_id(opened.letter.recipient),
        in_reply_to=opened.mail_id,
        references=opened.references,
        attachments=_enclosures(files),
    )
    _hand_in(letter, at)


def write(*, name: str, email: str, to: str, subject: str, text: str, at: Place, files: Iterable[Any] = ()) -> None:
    """Writes as somebody new. Raises NoName, NotAnAddress, NoSubject, NothingSaid, NotListening, NotTaken."""
    name, email = " ".join(name.split()), clean_address(email)
    if not name:
        raise NoName
    if not subject.strip():
        raise NoSubject
    if not text.strip():
        raise NothingSaid
    letter = Letter(
        from_name=name,
        from_address=email,
        to_address=to,
        subject=" ".join(subject.split()),
        text=text.strip() + "\n",
        html=_paragraphs(text),
        message_id=_message_id(email),
        attachments=_enclosures(files),
    )
    _hand_in(letter, at)
    Stranger.remember(name, email)


def _hand_in(letter: Letter, at: Place) -> None:
    host, port = at
    if not port:
        raise NotListening
    try:
        with Smtp("127.0.0.1" if host in EVERYWHERE else host, port, "none", timeout=20) as wire:
            wire.send(letter.from_address, letter.to_address, letter.to_bytes())
    except SmtpUnreachable as problem:
        raise NotListening from problem
    except SmtpRefused as problem:
        raise NotTaken(answer=str(problem)) from problem


def _quote_head(opened: OpenedLetter, zone: Any) -> str:
    """The line above the history, in the language of the letter, as a mail program writes it."""
    name, address = opened.sender
    language = opened.language if opened.language in LANGUAGES else "en"
    moment = moments.long(opened.letter.received_at, zone, language).partition(" (")[0]
    with force_locale(language):
        return _("On %(moment)s, %(name)s <%(address)s> wrote:", moment=moment, name=name or address, address=address)


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _paragraphs(text: str) -> str:
    parts = [escape(part).replace("\n", "<br>") for part in text.replace("\r", "").strip().split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts)


def _message_id(address: str) -> str:
    return f"<{uuid.uuid4()}@{address.rpartition('@')[2]}>"


def _enclosures(files: Iterable[Any]) -> list[Enclosure]:
    chosen = [each for each in files if getattr(each, "filename", "")]  # a form sent as text has none
    return [Enclosure(each.filename, each.mimetype or "application/octet-stream", each.read()) for each in chosen]
