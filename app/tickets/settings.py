"""How tickets behave."""

from app.lib.words import lazy_gettext as _l
from app.settings.section import Choice, Days, Flag, Many, Section

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
    fields_off = Many([], _l("Fields switched off"), _l("They disappear everywhere."), choices=OPTIONAL_FIELDS)


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
