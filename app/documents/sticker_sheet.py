"""A sheet of stickers with QR codes, one for each machine that a portal link is for (C15)."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import structlog
from flask import current_app
from flask_babel import force_locale
from peewee import CharField, ForeignKeyField

from app.branding.company import Company
from app.lib import pdf_child, qr
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.files import store
from app.lib.words import gettext as _
from app.organizations.portal_link import PortalLink
from app.timeline.event import record

PLAIN_STICKERS = 12  # of a link that is for no machine
log = structlog.get_logger()


class StickerSheet(Record):
    """One PDF of A4 pages: asked for, made by the worker, kept."""

    link = ForeignKeyField(PortalLink, backref="sheets", on_delete="CASCADE")
    language = CharField(max_length=5)
    sha256 = CharField(max_length=64, null=True, index=True)
    state = CharField(max_length=10, default="pending")  # pending, ready, failed
    requested_at = UTCDateTimeField(default=now)

    @classmethod
    @transaction()
    def ask(cls, link: PortalLink, *, by: Any, language: str) -> "StickerSheet":
        """The sheet as things stand now; one that is being made is waited for."""
        lately = cls.requested_at > now() - timedelta(minutes=2)
        waiting = cls.get_or_none(cls.link == link, cls.language == language, cls.state == "pending", lately)
        if waiting:
            return waiting
        sheet = cls.create(link=link, language=language)
        record("stickers.requested", by=by, about=sheet)
        return sheet

    @classmethod
    def of_link(cls, link: PortalLink, number: int) -> "StickerSheet | None":
        return cls.get_or_none(id=number, link=link)

    @property
    def is_ready(self) -> bool:
        return self.state == "ready" and self.sha256 is not None and store().exists(self.sha256)

    def make(self) -> None:
        """Makes the PDF and keeps it; one that is there already stays. A page that cannot be made is said to be so."""
        if self.is_ready:
            return
        try:
            with force_locale(self.language):
                page = current_app.jinja_env.get_template("organizations/documents/stickers.html").render(
                    company=Company.ours(), stickers=self.stickers()
                )
                title = _("Stickers of %(name)s", name=self.link.name or Company.ours().name)
            stored = store().put(pdf_child.render_in_child(page, title=title, language=self.language))
        except pdf_child.PdfFailed as problem:
            log.error("no stickers", sheet=self.id, why=str(problem)[-2000:])
            self.change(state="failed")
            return
        self.change(state="ready", sha256=stored.sha256)

    def stickers(self) -> list[dict[str, str]]:
        """What each says: name, serial number, a code, and the address to type."""
        link = self.link
        plain = {"name": link.name, "serial": "", "code": _code(link.url), "address": link.short_url}
        return [
            {
                "name": each.name,
                "serial": each.serial,
                "code": _code(f"{link.url}?serial={quote(each.serial, safe='')}"),
                "address": link.short_url,
            }
            for each in link.equipment
        ] or [plain] * PLAIN_STICKERS


def _code(url: str) -> str:
    return "data:image/png;base64," + b64encode(qr.png(url)).decode()
