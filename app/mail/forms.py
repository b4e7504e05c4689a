"""The forms of a mailbox and of the ledger's filter."""

from typing import Any

from wtforms import BooleanField, EmailField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.accounts.agent import Agent
from app.accounts.group import Group
from app.catalog.lists import Priority, TicketType
from app.lib.forms import Form, offer
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.lib.words import pgettext
from app.mail.ledger import OUTCOMES
from app.mail.mailbox import Mailbox

REQUIRED = DataRequired(_l("Fill this in."))
PORT = [REQUIRED, NumberRange(1, 65535, _l("A port is a number from 1 to 65535."))]
SECURITY = offer([("tls", "TLS"), ("starttls", "STARTTLS"), ("none", _lp("encryption", "None"))])
OFF = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
CHOSEN = ("group", "assignee", "type", "priority")  # what a new ticket gets; 0 is nothing

PRESETS: dict[str, dict[str, Any]] = {
    "gmail": {"host": "imap.gmail.com", "smtp_host": "smtp.gmail.com", "uses_subaddress": True},
    "microsoft": {"host": "outlook.office365.com", "smtp_host": "smtp.office365.com", "uses_subaddress": True},
    "other": {},
}
# Which field a failed step of the test points at.
AT_FAULT = {
    "in_server": "host", "in_tls": "security", "in_login": "password", "in_folder": "folder", "out_server": "smtp_host",
    "out_tls": "smtp_security", "out_login": "smtp_password",
}  # fmt: skip


class MailboxForm(Form):
    address = EmailField(_l("Address"), [REQUIRED, Length(max=254)], render_kw=OFF)
    name = StringField(_l("Name"), [Length(max=120)], render_kw=OFF)
    kind = RadioField(
        _l("How mail comes in"), choices=offer([("imap", _l("Fetched by IMAP")), ("forwarded", _l("Forwarded to us"))])
    )
    host = StringField(_l("Server"), [Length(max=200)], render_kw=OFF)
    port = IntegerField(_l("Port"), PORT)
    security = SelectField(_l("Encryption"), choices=SECURITY)
    user = StringField(_l("User"), [Length(max=254)], render_kw=OFF)
    password = PasswordField(_l("Password"), [Length(max=500)], render_kw={"autocomplete": "new-password"})
    folder = StringField(_l("Folder"), [Length(max=200)], render_kw=OFF)
    after_reading = SelectField(
        _l("After reading"),
        choices=offer([("keep", _l("Leave it where it is")), ("move", _l("Move it to another folder"))]),
    )
    move_to = StringField(_l("Folder to move to"), [Length(max=200)], render_kw=OFF)
    every_minutes = IntegerField(
        _l("Fetch every"), [REQUIRED, NumberRange(1, 1440, _l("Minutes, from 1 to 1440."))], description=_l("Minutes.")
    )
    authserv_id = StringField(
        _l("Name in Authentication-Results"),
        [Length(max=254)],
        description=_l(
            "Of your own mail server. Its results show who really sent a mail; without it senders are only claimed."
        ),
        render_kw=OFF,
    )
    smtp_host = StringField(_l("Server"), [Length(max=200)], render_kw=OFF)
    smtp_port = IntegerField(_l("Port"), PORT)
    smtp_security = SelectField(_l("Encryption"), choices=SECURITY)
    smtp_user = StringField(_l("User"), [Length(max=254)], render_kw=OFF)
    smtp_password = PasswordField(_l("Password"), [Length(max=500)], render_kw={"autocomplete": "new-password"})
    uses_subaddress = BooleanField(
        _l("Its server delivers address+anything@ here too"), description=_l("Answers then find their ticket surely.")
    )
    creates = BooleanField(
        _l("Open a ticket for each new mail"),
        description=_l("Otherwise only answers to known tickets are taken in."),
        render_kw={"role": "switch"},
    )
    acknowledges = BooleanField(_l("Answer with the number and the link to follow it"), render_kw={"role": "switch"})
    is_default = BooleanField(_l("Default mailbox"), description=_l("Mail of tickets from elsewhere leaves by it."))
    group = SelectField(_l("Group"), [Optional()], coerce=int)
    assignee = SelectField(_l("Assignee"), [Optional()], coerce=int)
    type = SelectField(_l("Type"), [Optional()], coerce=int)
    priority = SelectField(_l("Priority"), [Optional()], coerce=int)

    @classmethod
    def of(cls, mailbox: Mailbox | None, preset: str = "") -> "MailboxForm":
        """The form with what the mailbox, or the preset of a provider, says."""
        known = mailbox or Mailbox(**PRESETS.get(preset, {}))
        names = [name for name in cls.names() if not name.endswith("password")]
        data = {name: getattr(known, f"{name}_id" if name in CHOSEN else name) for name in names}
        data |= {name: data[name] or 0 for name in CHOSEN} | {"creates": known.creates == "ticket"}
        form = cls(data=data)
        form._offer()
        return form

    @classmethod
    def names(cls) -> list[str]:
        """The names of its fields, which are those of the record."""
        return [name for name in Mailbox._meta.fields if hasattr(cls, name)]

    def _offer(self) -> None:
        lists = {
            "group": [(each.id, each.name) for each in Group.active()],
            "assignee": [(each.id, each.name) for each in Agent.working()],
            "type": [(each.id, each.label) for each in TicketType.active()],
            "priority": [(each.id, each.label) for each in Priority.active()],
        }
        nothing = {"group": _("None"), "assignee": _("Nobody"), "type": _("The first one"), "priority": _("Low")}
        for name, choices in lists.items():
            self[name].choices = offer([(0, nothing[name]), *choices])

    def answers(self) -> dict[str, Any]:
        """What was filled in, as the record keeps it. Raises NotFilledIn."""
        given = super().answers()
        given |= {name: given[name] or None for name in CHOSEN}
        given["creates"] = "ticket" if given["creates"] else ""
        given["name"] = given["name"].strip() or given["address"].strip()
        for name in ("host", "smtp_host", "user", "smtp_user", "folder", "move_to"):
            given[name] = (given[name] or "").strip()
        return given

    def point_at(self, mailbox: Mailbox) -> "MailboxForm":
        """Marks the field that a failed test blames."""
        for step in mailbox.test_steps:
            if not step["passed"]:
                field = self[AT_FAULT[step["step"]]]
                field.errors = [mailbox.blame(step)]
        return self


class LedgerForm(Form):
    """The filter of the ledger, sent by GET."""

    class Meta:
        csrf = False

    outcome = SelectField(_l("Outcome"), [Optional()])
    mailbox = SelectField(_l("Mailbox"), [Optional()])

    @classmethod
    def of(cls, args: Any) -> "LedgerForm":
        form = cls(args)
        form.outcome.choices = offer([("", _("All")), *((key, str(label)) for key, label in OUTCOMES.items())])
        boxes = ((str(each.id), each.address) for each in Mailbox.all())
        form.mailbox.choices = offer([("", pgettext("mailboxes", "All")), *boxes])
        return form

    @property
    def chosen(self) -> dict[str, Any]:
        """The conditions; what is not on offer counts as all."""
        outcomes, boxes = ({each.value for each in field.choices} for field in (self.outcome, self.mailbox))
        outcome = self.outcome.data if self.outcome.data in outcomes else ""
        mailbox = self.mailbox.data if self.mailbox.data in boxes else ""
        return {"outcome": outcome or None, "mailbox": int(mailbox) if mailbox else None}
