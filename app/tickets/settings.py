"""How tickets behave."""

from typing import Any

from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.settings import CustomerSettings
from app.settings.section import Choice, Days, Flag, Many, Secret, Section, Text

STATUS_CHOICES = [("open", _l("Open")), ("in_progress", _l("In progress")), ("pending", _l("Pending"))]
OPTIONAL_FIELDS = [
    ("visibility", _l("Visibility")),
    ("category", _l("Category")),
    ("service", _l("Service")),
    ("priority", _l("Priority")),
    ("due_at", _l("Deadline")),
    ("cc", _l("Cc")),
    ("tags", _l("Tags")),
    ("product", _l("Product")),
    ("serial", _l("Serial number")),
    ("sales_order", _l("Sales order")),
    ("diagnosis", _l("Diagnosis")),
    ("customer_company", _l("Customer company")),
]


class FieldsOff(Many):
    """What is switched off; the equipment's fields too while the installation keeps no equipment (T7)."""

    def __get__(self, instance: Any, owner: type) -> list[str]:
        chosen = self.stored()
        return chosen if CustomerSettings.uses_equipment else list(dict.fromkeys([*chosen, "serial", "equipment"]))


class TicketSettings(Section):
    """Life cycle and fields."""

    title = _l("Tickets")

    status_after_creation = Choice(
        "open", _l("Status of a new ticket"), _l("Without an assignee."), choices=STATUS_CHOICES
    )
    status_after_assignment = Choice(
        "open", _l("Status once assigned"), _l("Saved with an assignee, or assigned later."), choices=STATUS_CHOICES
    )
    close_resolved_after = Days(
        7,
        _l("Close resolved tickets after"),
        _l("Days without a word from the customer; then it is closed by the team."),
    )
    reopen_on_reply = Flag(
        True, _l("Reopen closed tickets"), _l("A customer's answer to a closed ticket brings it back to its assignee.")
    )
    reopen_within = Days(30, _l("Customers may reopen for"), _l("Days after closing."))
    link_life = Days(90, _l("Personal links last"), _l("Days; an expired link offers to send a new one."))
    keep_removed_for = Days(30, _l("Keep deleted tickets for"), _l("Days in the bin; then they are gone for good."))
    fields_off = FieldsOff([], _l("Fields switched off"), _l("They disappear everywhere."), choices=OPTIONAL_FIELDS)


class FormSettings(Section):
    """The public form."""

    title = _l("Public form")

    who_may_open = Choice(
        "registered",
        _l("Who may open tickets in the help portal"),
        _l("Registered customers have their name and address filled in."),
        choices=[
            ("nobody", _l("Nobody")),
            ("registered", _l("Registered customers only")),
            ("everyone", _l("Everyone")),
        ],
    )


class NoKey(Refused):
    says = _l("Fill this in, or switch reCAPTCHA off: without both keys nobody is asked.")


class RecaptchaSettings(Section):
    """Whether Google judges the senders of the public form (C3); without both keys a proof of work does."""

    title = _l("Integrations")
    link = (_l("Google's page: make the keys of reCAPTCHA v3"), "https://www.google.com/recaptcha/admin/create")

    is_wanted = Flag(
        False,
        _l("reCAPTCHA v3 on the public form"),
        _l("Google then sees who opens the form. Without it the visitor's browser solves a small task of our own."),
    )
    site_key = Text("", _l("reCAPTCHA site key"), _l("Stands in the page."))
    secret_key = Secret(
        "", _l("reCAPTCHA secret key"), _l("Kept encrypted and never shown; leave it empty to keep it.")
    )
    minimum_score = Choice(
        "0.5",
        _l("Minimum score"),
        _l("Below it the sender confirms by mail. 0.0 is surely a robot, 1.0 surely a person."),
        choices=[(f"0.{tenth}", f"0.{tenth}") for tenth in range(1, 10)],
    )

    @classmethod
    def insist_sound(cls, values: dict[str, Any]) -> None:
        """Raises NoKey: switched on without its keys it would seem to judge, and would not."""
        for name in ("site_key", "secret_key"):
            if values["is_wanted"] and not values[name].strip():
                raise NoKey(field=name)

    @classmethod
    def is_on(cls) -> bool:
        return bool(cls.is_wanted and cls.site_key and cls.secret_key)
