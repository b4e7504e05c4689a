"""The wording of a letter: subject, heading and text with placeholders, ours or the administrator's own (SPEC A5).

A placeholder, `{name}`, is exchanged for a plain value in one pass. Nothing in a wording or in a value is ever run:
there are no expressions, and what a value brings is text.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import current_app
from flask_babel import force_locale
from peewee import CharField, DeferredForeignKey, TextField

from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.outbox.letters import ABOUT, About
from app.timeline.event import record

PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w{0,40})\}")
RULER = re.compile(r"^-{10,}\n?", re.MULTILINE)
NUMBER = re.compile(r"^\[#[^\]]*\]\s*")

# What every letter can say, and what those about a ticket can.
ALWAYS: dict[str, Any] = {
    "greeting": _l("“Hello, Ana:”, or “Hello,” where the name is not known"),
    "name": _l("the recipient's first name"),
    "full_name": _l("the recipient's whole name"),
    "company": _l("our company's name"),
}
OF_A_TICKET: dict[str, Any] = {
    "number": _l("the ticket's number"),
    "subject": _l("the ticket's subject"),
    "status": _l("the ticket's status"),
    "agent": _l("the name of who is in charge"),
    "link": _l("the personal link, which the button opens too"),
    "link_until": _l("the day on which the link ends"),
}
SPECIAL: dict[str, Any] = {
    "author": _l("who wrote it"),
    "text": _l("the words themselves: the message, the request, the reason"),
    "reasons": _l("the reasons that were given"),
    "decided_at": _l("when it was decided"),
    "decided_by": _l("who decided"),
    "asked_at": _l("when it was asked"),
    "valid_until": _l("until when it can be answered"),
    "closed_at": _l("when it was closed"),
    "ends_at": _l("when the link ends"),
    "inviter": _l("who invites"),
    "introduction": _l("the survey's introduction"),
    "headline": _l("what happened"),
    "who": _l("who did it"),
    "what": _l("what was changed"),
    "code": _l("the one-time code"),
    "minutes": _l("for how many minutes it works"),
}


class NoSubject(Refused):
    says = _l("A letter needs a subject.")
    field = "subject"


class NoText(Refused):
    says = _l("A letter needs a text.")
    field = "text"


class NotAPlaceholder(Refused):
    says = _l("%(placeholder)s means nothing in this letter. What can be filled in stands beside.")


class PlaceholderMissing(Refused):
    """What the letter is there to bring must stay in it."""

    says = _l("%(placeholder)s is missing: without it the letter does not say what it is for.")
    field = "text"


@dataclass(frozen=True)
class Wording:
    """What a letter says, with its placeholders open."""

    subject: str
    heading: str
    text: str

    def insist(self, about: About) -> None:
        """Raises NoSubject, NoText, NotAPlaceholder, PlaceholderMissing."""
        if not self.subject.strip():
            raise NoSubject
        if not self.text.strip():
            raise NoText
        known = placeholders(about)
        for field in ("subject", "heading", "text"):
            for found in PLACEHOLDER.finditer(getattr(self, field)):
                if found[1] not in known:
                    raise NotAPlaceholder(field=field, placeholder=found[0])
        for name in about.needs:
            if f"{{{name}}}" not in self.text:
                raise PlaceholderMissing(placeholder=f"{{{name}}}")

    def paragraphs(self, values: Mapping[str, str]) -> list[str]:
        """The text, filled in; a paragraph all of whose placeholders have nothing to say is left out."""
        found = []
        for part in re.split(r"\n\s*\n", self.text.replace("\r\n", "\n").strip()):
            names = PLACEHOLDER.findall(part)
            if part.strip() and (not names or any(values.get(name) for name in names)):
                found.append(part.strip("\n"))
        return found


class LetterWording(Record):
    """An administrator's own wording of one letter in one language; where there is none, ours stands."""

    letter = CharField(max_length=80)
    language = CharField(max_length=5)
    subject = CharField(max_length=300)
    heading = CharField(max_length=300, default="")
    text = TextField()
    changed_at = UTCDateTimeField(default=now)
    changed_by = DeferredForeignKey("Person", null=True, on_delete="SET NULL")

    class Meta:
        indexes = ((("letter", "language"), True),)

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.heading, self.text)

    @classmethod
    def of(cls, letter: str, language: str) -> "Wording | None":
        """The own wording, if there is one."""
        found = cls.find(letter=letter, language=language)
        return found.wording if found else None

    @classmethod
    def own(cls) -> set[tuple[str, str]]:
        """Which letters have one, in which language."""
        return {(each.letter, each.language) for each in cls.select(cls.letter, cls.language)}

    @classmethod
    @transaction()
    def keep(cls, letter: str, language: str, wording: Wording, *, by: Any) -> None:
        """Raises NoSubject, NoText, NotAPlaceholder, PlaceholderMissing."""
        wording.insist(ABOUT[letter])
        values = {"subject": wording.subject, "heading": wording.heading, "text": wording.text}
        values |= {"changed_at": now(), "changed_by": by}
        found = cls.find(letter=letter, language=language)
        if found:
            found.change(**values)
        else:
            cls.create(letter=letter, language=language, **values)
        record("letter.reworded", by=by, letter=letter, language=language)

    @classmethod
    @transaction()
    def back_to_original(cls, letter: str, language: str, *, by: Any) -> None:
        if cls.delete().where(cls.letter == letter, cls.language == language).execute():
            record("letter.restored", by=by, letter=letter, language=language)


def placeholders(about: About) -> dict[str, Any]:
    """What may stand in this letter, with what each means."""
    return ALWAYS | (OF_A_TICKET if about.has_ticket else {}) | {name: SPECIAL.get(name, name) for name in about.takes}


def filled(text: str, values: Mapping[str, str]) -> str:
    """One pass: what a value brings is not looked at again."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def original(letter: str, language: str) -> Wording:
    """Our own wording, its places held open: the letter's files, drawn with placeholders for values."""
    about = ABOUT[letter]
    open_places = _open_places(about)
    with force_locale(language):
        subject = " ".join(_draw(f"{about.folder}/subject.txt", open_places).split())
        heading = html.unescape(_block(f"{about.folder}/body.html", "kicker", open_places)).strip()
        text = _block(f"{about.folder}/body.txt", "words", open_places)
    first, _gap, rest = RULER.sub("", text).strip().partition("\n\n")
    text = rest if first.startswith(heading) else f"{first}\n\n{rest}"
    return Wording(NUMBER.sub("", subject), heading, re.sub(r"\n{3,}", "\n\n", text).strip())


def _open_places(about: About) -> dict[str, Any]:
    held: dict[str, Any] = {name: f"{{{name}}}" for name in placeholders(about)}
    company = SimpleNamespace(name="{company}")
    ticket = SimpleNamespace(number="{number}", subject="{subject}", assignee=None, company=company)
    as_it_is = {name: lambda value: value for name in ("moment", "day", "words")}
    return held | {"company": company, "ticket": ticket if about.has_ticket else None, **as_it_is}


def _draw(name: str, values: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(name).render(**values)


def _block(name: str, block: str, values: dict[str, Any]) -> str:
    template = current_app.jinja_env.get_template(name)
    return "".join(template.blocks[block](template.new_context(values)))


def plain_values(known: Mapping[str, Any]) -> dict[str, str]:
    """What the placeholders stand for, of all that a letter knows: plain texts, moments as they are written."""
    ticket, company, name = known["ticket"], known["company"], known["to_name"]
    named = "" if "@" in name else name.strip()
    values = {
        "greeting": known["greeting"], "name": named.partition(" ")[0], "full_name": named, "company": company.name,
        "link": known.get("button_url") or known.get("url") or "", "link_until": known.get("expires") or "",
    }  # fmt: skip
    if ticket:
        agent = ticket.assignee.name if ticket.assignee and not known.get("hide_assignee") else _("the team")
        values |= {"number": str(ticket.number), "subject": ticket.subject, "agent": agent}
        values["status"] = str(known.get("status") or "")
    for each in SPECIAL:
        value = known.get(each)
        value = value() if callable(value) else value
        values[each] = known["moment"](value) if hasattr(value, "isoformat") else str(value or "")
    if document := known.get("document"):  # more than the text stands in what is signed
        values["text"] = document()
    values["inviter"] = values["inviter"] or company.name
    return values
