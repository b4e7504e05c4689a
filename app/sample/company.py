"""Frigal, who keep cold rooms cold."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.branding.company import Company
from app.branding.picture import Picture
from app.catalog import lists
from app.catalog.lists import CustomField
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.sample import people, stories, templates
from app.sample.telling import Teller
from app.sandbox.sample import SAMPLE_PASSWORD, SampleRow, has_sample_password
from app.surveys.settings import SurveySettings
from app.tickets.counter import Counter
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket, TicketRead
from app.timeline.event import unannounced

HERE = Path(__file__).parent
LAST_NUMBER = 2431
FIRST_NUMBER = 2203
BROUGHT = ("Company", "Group", "Organization", "Site", "PortalLink", "Equipment", "ReplyTemplate", "Survey", "Mailbox")
SIGN_INS = {
    "marta@frigal.example": "administrator", "iker@frigal.example": "agent", "lucia@bahiaazul.example": "customer",
}  # fmt: skip
FRESH = timedelta(hours=2)  # mail of these last hours still has to leave, so that the inboxes are not empty


@transaction()
def build() -> None:
    """Fills an empty database. What it tells is history: nobody is notified, and only its latest mail leaves."""
    with unannounced():
        frigal = Company.create(
            name="Frigal", tagline="Mesa de ayuda", theme="laguna", language="es", timezone="Europe/Madrid",
            address="Calle del Hielo 14, 36202 Vigo", phone="900 555 120", email="soporte@frigal.example",
            website="https://frigal.example", is_default=True,
        )  # fmt: skip
        frigal.dress(by=None, theme="laguna", pictures=_pictures())
        lists.ship()
        FormSettings.set(who_may_open="everyone")
        SurveySettings.set(send_on_close=True)
        everybody = people.settle()
        templates.stock()
        _fields()
        teller = Teller(everybody, _mailbox())
        _number_next(FIRST_NUMBER)
        teller.tell(stories.FIRST)
        _number_next(LAST_NUMBER + 1 - len(stories.STORIES))
        for story in stories.STORIES:
            teller.tell(story)
        _mark()
        _age()
        _read()
    _look_at_files()


def _fields() -> None:
    """The fields of their own that Frigal's tickets have."""
    CustomField.add("Cobertura", kind="choice", choices=list(stories.COVERS))
    CustomField.add("Visita acordada", kind="date", for_customers=True)
    CustomField.add("Horas de marcha", kind="number")


def _look_at_files() -> None:
    """What the worker does when a file comes: no event of the sample asks it to."""
    for ticket in Ticket.select(Ticket.id):
        Attachment.look_at_files_of(ticket)


def _pictures() -> dict[str, Picture | None]:
    """The logo and the icon stand beside this module."""
    files = {"portal_logo": "frigal-icon.png", "home_logo": "frigal.png", "favicon": "frigal-icon.png"}
    found: dict[str, Picture | None] = {}
    for place, name in files.items():
        with (HERE / name).open("rb") as stream:
            found[place] = Picture.keep(SimpleNamespace(filename=name, stream=stream), place)
    return found


def _read() -> None:
    """The agents have opened all but the latest."""
    for ticket in Ticket.select().where(Ticket.last_heard_at < now() - FRESH):
        TicketRead.mark(ticket)


def sign_ins() -> list[tuple[str, str, str]]:
    """(name, address, password) of the sample people who may sign in."""
    found = {person.email: person for person in Person.select().where(Person.email.in_(list(SIGN_INS)))}
    there = [(found[email], role) for email, role in SIGN_INS.items() if email in found and found[email].is_sample]
    open_ones = [(person, role) for person, role in there if person.is_active and has_sample_password(person)]
    return [(f"{person.name}, {role}", person.email, SAMPLE_PASSWORD) for person, role in open_ones]


def _mailbox() -> Mailbox:
    return Mailbox.create(
        name="Soporte", address="soporte@frigal.example", kind="forwarded", state="confirmed", creates="ticket",
        is_default=True, confirmed_at=now(), tested_at=now(),
    )  # fmt: skip


def _number_next(number: int) -> None:
    """Frigal has been at it for years: its tickets do not begin at 1."""
    if not Counter.update(value=number - 1).where(Counter.name == "ticket").execute():
        Counter.create(name="ticket", value=number - 1)


def _mark() -> None:
    """Notes everything that came with the sample; shipped entries of the lists stay when it is erased."""
    for name in BROUGHT:
        SampleRow.mark(list(Record.records[name].select()))
    for kind in lists.LISTS.values():
        SampleRow.mark(list(kind.select().where(kind.key.is_null())))


def _age() -> None:
    """Says of all mail but the latest that it left when it was written."""
    old = Delivery.created_at < now() - FRESH
    Delivery.update(state="sent", sent_at=Delivery.created_at, answer="250 OK", attempts=1).where(old).execute()
