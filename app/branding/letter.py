"""How a letter is written: three templates in the recipient's language, with the company's look."""

import re
from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2.utils import urlize
from markupsafe import Markup

from app.branding.company import Company
from app.lib import links, moments
from app.lib.letters import Enclosure, Letter
from app.lib.words import gettext as _
from app.outbox.delivery import Delivery

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
_GAPS = re.compile(r"\n{3,}")


def letter(folder: str, delivery: Delivery, *, files: Iterable[Enclosure] = (), **values: Any) -> Letter:
    """The letter made of `subject.txt`, `body.txt` and `body.html` of this template folder.

    `values` go to the templates beside what every letter knows: company, ticket, url, greeting, moment and day.
    """
    company = delivery.ticket.company if delivery.ticket else Company.ours()
    with force_locale(delivery.language):
        known = _known(delivery, company) | values
        subject = " ".join(_render(f"{folder}/subject.txt", known).split())
        text = _tidy(_render(f"{folder}/body.txt", known))
        html = _render(f"{folder}/body.html", known | {"subject_line": subject})
    return Letter(
        from_name=company.name,
        from_address=company.email or f"ventanilla@{company.mail_domain}",
        to_name="" if delivery.to_name == delivery.to_address else delivery.to_name,
        to_address=delivery.to_address,
        subject=subject,
        text=text,
        html=html,
        language=delivery.language,
        attachments=list(files),
    )


def _known(delivery: Delivery, company: Company) -> dict[str, Any]:
    ticket, link = delivery.ticket, delivery.link
    zone, locale = company.zone, delivery.language
    return {
        "company": company,
        "brand": BRANDS.get(company.theme, BRANDS["tinta"]),
        "language": locale,
        "delivery": delivery,
        "ticket": ticket,
        "status": ticket.state.portal_label if ticket else None,
        "url": links.absolute(f"/t/{link.token}") if link else None,
        "expires": moments.date(link.expires_at, zone, locale) if link else None,
        "greeting": _greeting(delivery.to_name),
        "moment": lambda moment: moments.long(moment, zone, locale),
        "day": lambda moment: moments.day(moment, zone, locale),
        "words": words,
    }


def _greeting(name: str) -> str:
    """By the first name; without one where only the address is known."""
    first = name.split()[0] if name.split() else ""
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
