"""The small world of the tests, made with verbs."""

from dataclasses import dataclass, field

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.authorizations.seal import Seal
from app.branding.company import Company
from app.catalog import lists
from app.organizations.organization import Organization
from app.outbox.settings import SendingSettings
from app.tickets.ticket import Ticket
from tests.people import PASSWORD

CANARY = "canary-in-a-note"


@dataclass
class World:
    """Ada administers, Ben and Bea work, Vic only looks, Ines is internal; Carol and Dan are Marlow's, Eve is not."""

    ada: Person
    ben: Person
    bea: Person
    vic: Person
    ines: Person
    carol: Person
    dan: Person
    eve: Person
    marlow: Organization
    rival: Organization
    press_team: Group
    leak: Ticket
    others: dict[str, Ticket] = field(default_factory=dict)


def build() -> World:
    Company.create(
        name="Acme Service", email="help@acme.example", language="en", timezone="Europe/Madrid", is_default=True
    )
    lists.ship()
    SendingSettings.set(undo_seconds=0)  # the tests of taking back set it
    ada = Agent.enlist("Ada Moss", "ada@acme.example", role="administrator", password=PASSWORD)
    ben = Agent.enlist("Ben Ortiz", "ben@acme.example", role="agent", password=PASSWORD)
    bea = Agent.enlist("Bea Lund", "bea@acme.example", role="operator", password=PASSWORD)
    vic = Agent.enlist("Vic Hale", "vic@acme.example", role="viewer", password=PASSWORD)
    ines = Agent.enlist("Ines Paz", "ines@acme.example", role="agent", password=PASSWORD, is_internal=True)
    marlow, rival = Organization.register("Marlow Print"), Organization.register("Rival Press")
    carol = Contact.register("Carol Ruiz", "carol@marlow.example", organization=marlow, language="en")
    dan = Contact.register("Dan Webb", "dan@marlow.example", organization=marlow, may_authorize=False)
    eve = Contact.register("Eve Stone", "eve@rival.example", organization=rival)
    for customer in (carol, eve):
        customer.set_password(PASSWORD)
    Seal.own()  # as at the first start: made once for all tests
    team = Group.create(name="Presses")
    team.take_in(ben)
    leak = Ticket.open(
        by=carol, subject="The press leaks", text="There is oil under the press.", channel="form", requester=carol
    )
    leak.hand_over(to=ben, by=ada)
    leak.note(f"Third time this year. {CANARY}", by=ben)
    return World(ada, ben, bea, vic, ines, carol, dan, eve, marlow, rival, team, leak)
