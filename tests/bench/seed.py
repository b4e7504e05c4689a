"""A large installation, written by plain inserts: the only place that goes around the verbs, because of the time."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

from peewee import chunked

from app import create_app
from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.branding.company import Company
from app.catalog import lists
from app.catalog.lists import Category, Origin, Priority, Tag, TicketType
from app.config import Config
from app.lib import db, migrations, search
from app.lib.clock import now
from app.lib.search import SearchEntry
from app.messages.message import Message
from app.organizations.organization import Organization
from app.tickets.counter import Counter
from app.tickets.lifecycle import STATUSES
from app.tickets.settings import FormSettings
from app.tickets.ticket import NEVER, Ticket, TicketTag
from app.timeline.event import Event

WORDS = [
    "cámara", "compresor", "válvula", "factura", "pedido", "ventilador", "alarma", "presión",
    "temperatura", "puerta", "motor", "filtro", "revisión", "contrato", "visita", "técnico",
    "garantía", "repuesto", "manual", "sensor", "avería", "ruido", "fuga", "agua",
    "aceite", "cable", "panel", "pantalla",
]  # fmt: skip
OPEN_SHARE = 0.12  # of all tickets, as in a desk that keeps up
PER_TICKET = 5
PASSWORD = "a word for the bench"


def build(tickets: int) -> None:
    """Fills an empty, migrated database."""
    dice = random.Random(7)
    with db.transaction():
        people = _people(dice)
    for numbers in chunked(range(1, tickets + 1), 500):
        with db.transaction():
            _tickets(list(numbers), dice, people)
    with db.transaction():
        Counter.create(name="ticket", value=tickets)
        if db.is_sqlite():
            db.database.execute_sql(f"INSERT INTO {search.FTS}({search.FTS}) VALUES ('rebuild')")
    db.database.execute_sql("ANALYZE")


def furnish() -> None:
    """A company and its lists."""
    Company.create(name="Bench", email="help@bench.example", language="es", is_default=True)
    lists.ship()


def _people(dice: random.Random) -> dict[str, Any]:
    furnish()
    FormSettings.set(who_may_open="everyone")
    agents = [Agent.enlist(f"Agent {n} Of Many", f"agent{n}@bench.example", role="agent") for n in range(12)]
    boss = Agent.enlist("Boss Bench", "boss@bench.example", role="administrator", password=PASSWORD)
    groups = [Group.create(name=f"Group {n}") for n in range(4)]
    for number, agent in enumerate(agents):
        groups[number % 4].take_in(agent)
    firms = [Organization.register(f"Firm {n}") for n in range(200)]
    contacts = [
        Contact.register(f"Name{n} Surname{n}", f"person{n}@firm{n % 200}.example", organization=firms[n % 200])
        for n in range(1000)
    ]
    contacts[0].set_password(PASSWORD)
    tags = [Tag.add(word) for word in WORDS[:8]]
    return {
        "agents": [*agents, boss],
        "groups": groups,
        "contacts": contacts,
        "tags": tags,
        "types": list(TicketType.select()),
        "categories": list(Category.select()),
        "priorities": list(Priority.select()),
        "origins": list(Origin.select().where(Origin.key.in_(["email", "form", "desk"]))),
    }


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def _tickets(numbers: list[int], dice: random.Random, people: dict[str, Any]) -> None:
    company = Company.ours()
    closed = [key for key, status in STATUSES.items() if status.kind == "closed"]
    others = [key for key in STATUSES if key not in closed]
    rows, messages, events, entries, tags = [], [], [], [], []
    for number in numbers:
        status = dice.choice(others if dice.random() < OPEN_SHARE else closed)
        age = timedelta(minutes=dice.randrange(1, 400_000))
        begun = now() - age
        who: Person = dice.choice(people["contacts"])
        due = now() + timedelta(minutes=dice.randrange(-3000, 9000)) if dice.random() < 0.7 else None
        origin = dice.choice(people["origins"])
        subject = _text(dice, 6)
        rows.append(
            {
                "number": number, "subject": subject, "status": status, "turn": STATUSES[status].turn,
                "type": dice.choice(people["types"]), "category": dice.choice(people["categories"]),
                "priority": dice.choice(people["priorities"]), "origin": origin, "channel": origin.key,
                "company": company, "group": dice.choice([*people["groups"], None]),
                "assignee": dice.choice([*people["agents"], None]), "requester": who,
                "organization": who.contact.organization, "name": who.name, "email": who.email,
                "due_at": due, "due_source": "manual" if due else "", "due_order": due or NEVER,
                "created_at": begun, "active_at": begun + age * dice.random(), "last_heard_at": begun,
                "snippet": _text(dice, 18), "closed_at": begun + age / 2 if status in closed else None,
            }
        )  # fmt: skip
        entries.append({"ticket": number, "message": None, "is_public": True, "body": f"{number} {subject} {who.name}"})
        if dice.random() < 0.3:
            tags.append({"ticket": number, "tag": dice.choice(people["tags"])})
        for turn in range(PER_TICKET):
            incoming = turn % 2 == 0
            author = who if incoming else dice.choice(people["agents"])
            said = begun + timedelta(minutes=turn)
            text = _text(dice, 40)
            public = turn != 3
            messages.append(
                {
                    "ticket": number, "author": author, "author_name": author.name, "is_public": public,
                    "is_incoming": incoming, "channel": origin.key, "text": text, "said_at": said, "created_at": said,
                }
            )  # fmt: skip
            entries.append({"ticket": number, "message": None, "is_public": public, "body": text})
            kind = "message.received" if incoming else "message.replied"
            events.append(
                {"kind": kind, "at": said, "by": author, "ticket": number, "is_public": public, "settled_at": said}
            )
    for model, lines in (
        (Ticket, rows),
        (Message, messages),
        (Event, events),
        (SearchEntry, entries),
        (TicketTag, tags),
    ):
        for batch in chunked(lines, 400):
            model.insert_many(batch).execute()


def make(folder: Path, tickets: int) -> None:
    """A whole installation in this folder: keys, migrated database, people, tickets."""
    config = Config(data_dir=folder, log_level="error")
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(config)
    with app.app_context(), db.connection():
        migrations.apply()
        build(tickets)
    db.database.close()
