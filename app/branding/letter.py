"""How a letter is written: three templates in the recipient's language, with the company's look."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2.utils import urlize
from markupsafe import Markup

from app.branding.company import Company
from app.branding.picture import Picture
from app.branding.wording import LetterWording, Wording, filled, plain_values
from app.lib import links, moments
from app.lib.files import store
from app.lib.letters import Enclosure, Letter
from app.lib.naming import called
from app.lib.words import gettext as _
from app.outbox.delivery import Delivery
from app.outbox.letters import ABOUT, About

# The themes as literal colours: mail programs know no custom properties (design, section "Seven themes").
BRANDS: dict[str, dict[str, str]] = {
    name: {"solid": solid, "soft": soft, "ink": ink}
    for name, solid, soft, ink in (
        ("tinta", "#4252bf", "#eff3fe", "#2f3c94"),
        ("mar", "#0465a0", "#ebf5fd", "#004b7a"),
        ("laguna", "#076f6f", "#e9f6f6", "#005353"),
        ("pino", "#267147", "#ecf6ef", "#175533"),
        ("albero", "#815709", "#f9f2e8", "#624000"),
        ("teja", "#9c4022", "#fdf0eb", "#772d14"),
        ("ciruela", "#8e3c7f", "#faeff7", "#6c2961"),
    )
}
OWN = "branding/emails/own"
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Said:
    """What a letter says: subject, text, and the text as a page."""

    subject: str
    text: str
    html: str


def letter(folder: str, delivery: Delivery, *, files: Iterable[Enclosure] = (), **values: Any) -> Letter:
    """The letter made of `subject.txt`, `body.txt` and `body.html` of this template folder.

    `values` go to the templates beside what every letter knows: company, ticket, url, greeting, moment and day.
    """
    company = delivery.ticket.company if delivery.ticket else Company.ours()
    with force_locale(delivery.language):
        known = _known(delivery, company) | values
        own = LetterWording.of(delivery.letter, delivery.language)
        said = worded(own, ABOUT[delivery.letter], known) if own else _as_shipped(folder, known)
    return addressed(said, delivery, company, files)


def addressed(said: Said, delivery: Delivery, company: Company, files: Iterable[Enclosure] = ()) -> Letter:
    """The letter that says this, from the company to the recipient."""
    return Letter(
        from_name=company.name,
        from_address=company.email or f"ventanilla@{company.mail_domain}",
        to_name="" if delivery.to_name == delivery.to_address else delivery.to_name,
        to_address=delivery.to_address,
        subject=said.subject,
        text=said.text,
        html=said.html,
        language=delivery.language,
        attachments=[*_logo(company), *files],
    )


def _logo(company: Company) -> list[Enclosure]:
    """It goes along inside the letter: what stands elsewhere would be asked for, and often is not shown."""
    picture = company.picture("portal_logo")
    if picture is None or not store().exists(picture.sha256):
        return []
    return [Enclosure("logo.png", "image/png", store().read(picture.sha256), content_id=logo_id(picture))]


def logo_id(picture: Picture) -> str:
    return f"{picture.sha256[:20]}@logo.ventanilla"


def _as_shipped(folder: str, known: dict[str, Any]) -> Said:
    subject = " ".join(_render(f"{folder}/subject.txt", known).split())
    text = _tidy(_render(f"{folder}/body.txt", known))
    return Said(subject, text, _render(f"{folder}/body.html", known | {"subject_line": subject}))


def worded(wording: Wording, about: About, known: dict[str, Any]) -> Said:
    """The letter in a wording with placeholders; frame, button and files are the same as ever."""
    values = plain_values(known)
    ticket = known["ticket"]
    subject = " ".join(filled(wording.subject, values).split())
    subject = f"[#{ticket.number}] {subject}" if ticket else subject
    parts = [
        {"is_document": about.is_document and part.strip() == "{text}", "words": filled(part, values)}
        for part in wording.paragraphs(values)
    ]
    own = known | {
        "subject_line": subject,
        "heading": filled(wording.heading, values),
        "parts": parts,
        "for_team": about.group == "team",
    }
    return Said(subject, _tidy(_render(f"{OWN}.txt", own)), _render(f"{OWN}.html", own))


def _known(delivery: Delivery, company: Company) -> dict[str, Any]:
    link = delivery.link
    known = facts_of(delivery.ticket, company, delivery.to_name, delivery.language) | {"delivery": delivery}
    if link:
        known["url"] = links.absolute(f"/t/{link.token}")
        known["expires"] = moments.date(link.expires_at, company.zone, delivery.language)
    return known


def facts_of(ticket: Any, company: Company, to_name: str, language: str) -> dict[str, Any]:
    """What every letter knows of a ticket, the company and the recipient."""
    zone, logo = company.zone, company.picture("portal_logo")
    return {
        "company": company,
        "logo": logo,
        "logo_id": logo_id(logo) if logo else "",
        "brand": BRANDS.get(company.theme, BRANDS["tinta"]),
        "language": language,
        "to_name": to_name,
        "ticket": ticket,
        "status": ticket.state.portal_label if ticket else None,
        "url": None,
        "expires": None,
        "greeting": _greeting(to_name),
        "moment": lambda moment: moments.long(moment, zone, language),
        "day": lambda moment: moments.day(moment, zone, language),
        "words": words,
    }


def _greeting(name: str) -> str:
    """By the first name; without one where only the address is known."""
    first = called(name)
    return _("Hello,") if not first or "@" in first else _("Hello, %(name)s:", name=first)


def words(text: str) -> Markup:
    """A plain text as paragraphs, its lines kept and its addresses made links."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    lines = [[Markup(urlize(line, 80, rel="noopener")) for line in part.split("\n")] for part in parts if part.strip()]  # noqa: S704
    return Markup("\n").join(Markup("<p>{}</p>").format(Markup("<br>").join(each)) for each in lines)


def _render(name: str, values: dict[str, Any]) -> str:
    # The environment itself and not render_template: what stands around our pages is not needed in a letter.
    return current_app.jinja_env.get_template(name).render(**values)


def _tidy(text: str) -> str:
    lines = [line if line == "-- " else line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return _GAPS.sub("\n\n", "\n".join(lines)).strip() + "\n"
