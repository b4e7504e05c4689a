"""The index of the settings pages: each endpoint with its words and its drawing."""

from typing import Any, NamedTuple

from flask import current_app, url_for

from app.lib.words import lazy_gettext as _l
from app.settings.section import Section


class Entry(NamedTuple):
    """One line of the index; `section` is the class name of a section of settings."""

    endpoint: str
    label: Any
    icon: str
    section: str = ""

    @property
    def url(self) -> str:
        return url_for(self.endpoint, name=self.section) if self.section else url_for(self.endpoint)


SETTINGS_INDEX = [
    Entry("desk.settings.index_companies", _l("Company"), "building"),
    Entry("desk.settings.index_looks", _l("Appearance"), "palette"),
    Entry("desk.accounts.index", _l("Agents"), "user"),
    Entry("desk.accounts.index_groups", _l("Groups"), "users"),
    Entry("desk.mail.index", _l("Mailboxes"), "mail"),
    Entry("desk.mail.index_ledger", _l("Mail ledger"), "list"),
    Entry("desk.mail.index_blocked", _l("Blocked senders"), "ban"),
    Entry("desk.settings.edit_section", _l("Spam"), "shield", "SpamSettings"),
    Entry("desk.settings.edit_section", _l("Keeping mail"), "archive", "LedgerSettings"),
    Entry("desk.settings.edit_section", _l("Public form"), "globe", "FormSettings"),
    Entry("desk.settings.edit_section", _l("Customers and links"), "link", "CustomerSettings"),
    Entry("desk.settings.edit_section", _l("Tickets"), "gear", "TicketSettings"),
    Entry("desk.settings.edit_section", _l("Integrations"), "zap", "RecaptchaSettings"),
    Entry("desk.settings.edit_section", _l("Authorizations"), "sign", "AuthorizationSettings"),
    Entry("desk.settings.edit_seal", _l("Seal of certificates"), "shield"),
    Entry("desk.catalog.index", _l("Categories and lists"), "layers"),
    Entry("desk.mail.edit_relay", _l("Outgoing mail"), "send"),
    Entry("desk.mail.index_outbox", _l("Outbox"), "upload"),
    Entry("desk.settings.index_letters", _l("E-mail texts"), "mail"),
    Entry("desk.settings.index_templates", _l("Reply templates"), "template"),
    Entry("desk.settings.index_surveys", _l("Surveys"), "face-good"),
    Entry("desk.settings.edit_wire", _l("Going live"), "zap"),
]
HIDDEN = {"WireSettings", "SurveySettings"}  # set by going live; on the page of the surveys


def index(path: str) -> list[dict[str, Any]]:
    """The lines for the page at `path`: rooms that an installation is without are left out."""
    shown = {entry.section for entry in SETTINGS_INDEX}
    others = [
        Entry("desk.settings.edit_section", section.title, "gear", name)
        for name, section in Section.sections.items()
        if name not in HIDDEN | shown
    ]
    entries = [*SETTINGS_INDEX[:-1], *others, SETTINGS_INDEX[-1]]
    there = [entry for entry in entries if entry.endpoint in current_app.view_functions]
    lines = [{"label": entry.label, "url": entry.url, "icon": entry.icon} for entry in there]
    here = max((line["url"] for line in lines if _within(path, line["url"])), key=len, default="")
    return [line | {"current": line["url"] == here} for line in lines]


def _within(path: str, url: str) -> bool:
    return path == url or path.startswith(url + "/")
