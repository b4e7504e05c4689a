"""The forms of a mailbox and of the ledger's filter."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.accounts.agent import Agent
from app.accounts.group import Group
from app.branding.company import Company
from app.catalog.lists import Category, Priority, TicketType
from app.conditions.condition import ALL, JOINED, MOST, OPERATORS
from app.lib.fields import RecordField
from app.lib.forms import Form, offer
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.lib.words import pgettext
from app.mail.import_rule import FACTS, ImportRule
from app.mail.ledger import OUTCOMES
from app.mail.mailbox import Mailbox
from app.mail.presets import PRESETS
from app.mail.provider import KNOWN, MailProvider
from app.mail.relay import Relay
from app.tickets.settings import TicketSettings

REQUIRED = DataRequired(_l("Fill this in."))
PORT = [REQUIRED, NumberRange(1, 65535, _l("A port is a number from 1 to 65535."))]
SECURITY = offer([("tls", "TLS"), ("starttls", "STARTTLS"), ("none", _lp("encryption", "None"))])
OFF = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
CHOSEN = ("company", "group", "assignee", "type", "priority")  # what a new ticket gets; 0 is nothing

# Which field a failed step of the test points at.
AT_FAULT = {
    "in_name": "host", "in_server": "host", "in_tls": "security", "in_login": "password", "in_folder": "folder",
    "out_server": "smtp_host", "out_tls": "smtp_security", "out_login": "smtp_password",
}  # fmt: skip


class MailboxForm(Form):
    address = EmailField(_l("Address"), [REQUIRED, Length(max=254)], render_kw=OFF)
    name = StringField(_l("Name"), [Length(max=120)], render_kw=OFF)
    kind = RadioField(
        _l("How mail comes in"),
        choices=offer(
            [("imap", _l("Fetched by IMAP")), ("pop3", _l("Fetched by POP3")), ("forwarded", _l("Forwarded to us"))]
        ),
    )
    host = StringField(_l("Server"), [Length(max=200)], render_kw=OFF)
    port = IntegerField(_l("Port"), PORT)
    security = SelectField(_l("Encryption"), choices=SECURITY)
    signs_in = RadioField(
        _l("How it signs in"),
        choices=offer([("password", _l("By password")), *((key, each.label) for key, each in KNOWN.items())]),
    )
    user = StringField(_l("User"), [Length(max=254)], render_kw=OFF)
    password = PasswordField(_l("Password"), [Length(max=500)], render_kw={"autocomplete": "new-password"})
    folder = StringField(_l("Folder"), [Length(max=200)], render_kw=OFF)
    after_reading = SelectField(
        _l("After reading"),
        choices=offer(
            [
                ("keep", _l("Leave it where it is")),
                ("move", _l("Move it to another folder")),
                ("delete", _l("Delete it from the server")),
            ]
        ),
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
    bounce_address = EmailField(
        _l("Address for reports about failed mail"),
        [Length(max=254)],
        description=_l("One that is fetched here. Empty: this one."),
        render_kw=OFF,
    )
    uses_subaddress = BooleanField(
        _l("Its server delivers address+anything@ here too"),
        description=_l("Answers are then sure to find their ticket."),
    )
    creates = BooleanField(
        _l("Open a ticket for each new mail"),
        description=_l("Otherwise only answers to known tickets are taken in."),
        render_kw={"role": "switch"},
    )
    acknowledges = BooleanField(_l("Answer with the number and the link to follow it"), render_kw={"role": "switch"})
    is_default = BooleanField(_l("Default mailbox"), description=_l("Mail for tickets from elsewhere is sent from it."))
    company = SelectField(_l("Company"), [Optional()], coerce=int)
    group = SelectField(_l("Group"), [Optional()], coerce=int)
    assignee = SelectField(_l("Assignee"), [Optional()], coerce=int)
    type = SelectField(_l("Type"), [Optional()], coerce=int)
    priority = SelectField(_l("Priority"), [Optional()], coerce=int)

    @classmethod
    def of(cls, mailbox: Mailbox | None, preset: str = "") -> "MailboxForm":
        """The form with what the mailbox, or the preset of a provider, says."""
        known = mailbox or Mailbox(**PRESETS.get(preset, PRESETS["other"]).fields)
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
            "company": [(each.id, each.name) for each in Company.all()],
            "group": [(each.id, each.name) for each in Group.active()],
            "assignee": [(each.id, each.name) for each in Agent.working()],
            "type": [(each.id, each.label) for each in TicketType.active()],
            "priority": [(each.id, each.label) for each in Priority.active()],
        }
        nothing = {
            "company": _("The default one"),
            "group": _("None"),
            "assignee": _("Nobody"),
            "type": _("The first one"),
            "priority": _("Low"),
        }
        for name, choices in lists.items():
            self[name].choices = offer([(0, nothing[name]), *choices])
        if "priority" in TicketSettings.fields_off:
            del self.priority

    def answers(self) -> dict[str, Any]:
        """What was filled in, as the record keeps it. Raises NotFilledIn."""
        given = super().answers()
        given |= {name: given[name] or None for name in CHOSEN if name in given}
        given["creates"] = "ticket" if given["creates"] else ""
        if given["kind"] == "pop3":  # nobody should have to know that its ports are others
            given["port"] = {993: 995, 143: 110}.get(given["port"], given["port"])
        given["name"] = given["name"].strip() or given["address"].strip()
        for name in ("host", "smtp_host", "user", "smtp_user", "folder", "move_to", "bounce_address"):
            given[name] = (given[name] or "").strip()
        return given

    def point_at(self, mailbox: Mailbox) -> "MailboxForm":
        """Marks the field that a failed test blames."""
        for step in mailbox.test_steps:
            if not step["passed"]:
                field = self[self._at_fault(step["step"], mailbox)]
                field.errors = [mailbox.blame(step)]
        return self

    @staticmethod
    def _at_fault(step: str, mailbox: Mailbox) -> str:
        return "signs_in" if step == "in_login" and mailbox.uses_consent else AT_FAULT[step]


class ProviderForm(Form):
    """What a provider of OAuth 2 gave us; the addresses only of one that we do not know."""

    client_id = StringField(_l("Client id"), [REQUIRED, Length(max=300)], render_kw=OFF)
    client_secret = PasswordField(_l("Client secret"), [Length(max=500)], render_kw={"autocomplete": "new-password"})
    tenant = StringField(
        _l("Tenant"), [Length(max=100)], description=_l("Id or domain; empty: accounts of any."), render_kw=OFF
    )
    authorize_url = URLField(_l("Authorization address"), [REQUIRED, Length(max=500)], render_kw=OFF)
    token_url = URLField(_l("Token address"), [REQUIRED, Length(max=500)], render_kw=OFF)
    scope = StringField(_l("Scope"), [Length(max=500)], render_kw=OFF)

    @classmethod
    def of(cls, provider: MailProvider) -> "ProviderForm":
        form = cls(obj=provider)
        for name in ("authorize_url", "token_url", "scope") if provider.key != "oauth" else ():
            del form[name]
        if provider.key != "microsoft":
            del form.tenant
        return form

    def answers(self) -> dict[str, Any]:
        return {name: (value or "").strip() for name, value in super().answers().items()}


class ConditionForm(PlainForm):
    """One condition; a part of a rule's form."""

    fact = SelectField(_l("Field"), choices=offer((key, each.label) for key, each in FACTS.items()))
    operator = SelectField(_l("Comparison"), choices=offer(OPERATORS.items()))
    value = StringField(_l("Words"), [Length(max=1000)], render_kw=OFF)


class ImportRuleForm(Form):
    """A rule with its conditions; there are always two more lines than conditions."""

    name = StringField(_l("Name"), [REQUIRED, Length(max=120)], render_kw=OFF)
    joined = RadioField(_l("How conditions are joined"), choices=offer(JOINED), default=ALL)
    conditions = FieldList(FormField(ConditionForm), max_entries=MOST)
    company = RecordField(_l("Company"), Company.all, blank=_l("As the mailbox says"))
    group = RecordField(_l("Group"), Group.active, blank=_l("As the mailbox says"))
    assignee = RecordField(_l("Assignee"), Agent.working, blank=_l("As the mailbox says"))
    type = RecordField(_l("Type"), TicketType.active, blank=_l("As the mailbox says"))
    priority = RecordField(_l("Priority"), Priority.active, blank=_l("As the mailbox says"))
    category = RecordField(_l("Category"), Category.active, blank=_l("None"))
    is_active = BooleanField(_l("On"), default=True, render_kw={"role": "switch"})

    @classmethod
    def of(cls, rule: ImportRule | None) -> "ImportRuleForm":
        form = cls(obj=rule, data={"conditions": rule.conditions} if rule else None)
        for name in ("priority", "category"):
            if name in TicketSettings.fields_off:
                del form[name]
        if not form.is_submitted():
            for _line in range(2 if rule else 3):
                form.conditions.append_entry()
        return form

    def answers(self) -> dict[str, Any]:
        return super().answers() | {"conditions": [each.data for each in self.conditions]}


class RelayForm(Form):
    """The installation's own server for sending."""

    host = StringField(_l("Server"), [Length(max=200)], render_kw=OFF)
    port = IntegerField(_l("Port"), PORT)
    security = SelectField(_l("Encryption"), choices=SECURITY)
    user = StringField(_l("User"), [Length(max=254)], render_kw=OFF)
    password = PasswordField(_l("Password"), [Length(max=500)], render_kw={"autocomplete": "new-password"})
    bounce_address = EmailField(
        _l("Address for reports about failed mail"),
        [Length(max=254)],
        description=_l("One that is fetched here. Empty: the mailbox that the mail is from."),
        render_kw=OFF,
    )

    @classmethod
    def of(cls, relay: Relay) -> "RelayForm":
        """With what there is; a saved password is not shown."""
        names = ("host", "port", "security", "user", "bounce_address")
        return cls(formdata=None, data={name: getattr(relay, name) for name in names})

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        return given | {name: (given[name] or "").strip() for name in ("host", "user", "bounce_address")}


class DkimForm(Form):
    """A key for one domain: pasted, or made."""

    domain = StringField(_l("Domain"), [REQUIRED, Length(max=253)], render_kw=OFF | {"placeholder": "empresa.es"})
    selector = StringField(_l("Selector"), [REQUIRED, Length(max=63)], render_kw=OFF)
    pasted = TextAreaField(_l("Private key (PEM)"), [Length(max=10_000)], render_kw={"rows": 6, **OFF})


class BlockForm(Form):
    sender = StringField(
        _l("Address or domain"),
        [REQUIRED, Length(max=254)],
        description=_l("Such as ann@example.com, or example.com with all its subdomains."),
        render_kw=OFF,
    )


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
