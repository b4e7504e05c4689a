"""A large installation, written by plain inserts: the only place that goes around the verbs, because of the time."""

import hashlib
import json
import random
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from peewee import JSONField, chunked

from app import create_app
from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.branding.company import Company
from app.catalog import lists
from app.catalog.lists import Category, Origin, Priority, Tag, TicketType
from app.config import Config
from app.lib import bytecode, db, migrations, search
from app.lib.clock import now
from app.lib.db import Record
from app.lib.search import SearchEntry
from app.messages.message import Message
from app.organizations.organization import Organization
from app.tickets.counter import Counter
from app.tickets.lifecycle import STATUSES
from app.tickets.settings import FormSettings
from app.tickets.ticket import NEVER, Ticket, TicketTag
from app.timeline.event import Event

ROOT = Path(__file__).resolve().parents[2]
WORDS = [
    "cámara", "compresor", "válvula", "factura", "pedido", "ventilador", "alarma", "presión",
    "temperatura", "puerta", "motor", "filtro", "revisión", "contrato", "visita", "técnico",
    "garantía", "repuesto", "manual", "sensor", "avería", "ruido", "fuga", "agua",
    "aceite", "cable", "panel", "pantalla",
]  # fmt: skip
OPEN_SHARE, MOST_OPEN = 0.12, 12_000  # as in a desk that keeps up: what is closed grows, what is open does not
PER_TICKET, PER_TICKET_OF_MANY, MANY = 5, 2, 100_000  # messages of a ticket
LONG, SHORT = 1, 2  # two open tickets, the same but for the number of their messages
TURNS = {LONG: 500, SHORT: 6}
RARE, RARE_ONES = "ornitorrinco", 20  # a word of so many tickets; the others stand in a fifth and more of them
POOL = 2000  # texts that the messages are chosen from
AT_ONCE = 2000
PASSWORD = "a word for the bench"


def build(tickets: int) -> None:
    """Fills an empty, migrated database, saying how far it is where that takes long."""
    dice = random.Random(7)
    with db.transaction():
        people = _people(dice)
    people |= {"pool": [_text(dice, 40) for _ in range(POOL)], "open": min(OPEN_SHARE, MOST_OPEN / tickets)}
    people |= {"turns": PER_TICKET_OF_MANY if tickets > MANY else PER_TICKET, "rare": max(1, tickets // RARE_ONES)}
    for numbers in chunked(range(1, tickets + 1), AT_ONCE):
        with db.transaction():
            _tickets(list(numbers), dice, people)
        if tickets >= MANY and numbers[-1] % MANY == 0:
            print(f"{numbers[-1]:,} of {tickets:,} tickets written", file=sys.stderr, flush=True)
    with db.transaction():
        Counter.create(name="ticket", value=tickets)
        if db.is_sqlite():
            db.database.execute_sql(f"INSERT INTO {search.FTS}({search.FTS}) VALUES ('rebuild')")
    if not db.is_sqlite():
        db.database.execute_sql("ANALYZE")  # as autovacuum does it; of SQLite nobody asks it, in no installation


def _write(model: Any, lines: list[dict[str, Any]]) -> None:
    """Many rows at once by the driver itself: a million tickets are written in minutes."""
    if not lines:
        return
    names = [field.name for field in model._meta.sorted_fields if field.name in lines[0] or field.default is not None]
    fields = [model._meta.fields[name] for name in names]
    made = {each.name: each.default for each in fields if each.name not in lines[0]}
    filled = {name: value() if callable(value) else value for name, value in made.items()}
    rows = [[_stored(each, line.get(each.name, filled.get(each.name))) for each in fields] for line in lines]
    mark = "?" if db.is_sqlite() else "%s"
    columns, marks = ", ".join(f'"{each.column_name}"' for each in fields), ", ".join([mark] * len(fields))
    text = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'
    db.database.connection().cursor().executemany(text, rows)


def _stored(field: Any, value: Any) -> Any:
    """As the driver takes it."""
    if isinstance(field, JSONField):
        return json.dumps(value)
    return value.id if isinstance(value, Record) else field.db_value(value)


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
        status = dice.choice(others if dice.random() < people["open"] else closed)
        status = "open" if number in TURNS else status
        age = timedelta(minutes=dice.randrange(600, 400_000))
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
        entries.append(
            {
                "ticket": number,
                "message": None,
                "is_public": True,
                "is_own": True,
                "body": f"{number} {subject} {who.name}",
            }
        )
        if dice.random() < 0.3:
            tags.append({"ticket": number, "tag": dice.choice(people["tags"]), "turn": rows[-1]["turn"]})
        for turn in range(TURNS.get(number, people["turns"])):
            incoming = turn % 2 == 0
            author = who if incoming else dice.choice(people["agents"])
            said = begun + timedelta(minutes=turn)
            text = dice.choice(people["pool"])
            if turn == 0 and number % people["rare"] == 0:
                text = f"{text} {RARE}"
            public = turn != 3
            messages.append(
                {
                    "ticket": number, "author": author, "author_name": author.name, "is_public": public,
                    "is_incoming": incoming, "channel": origin.key, "text": text, "said_at": said, "created_at": said,
                }
            )  # fmt: skip
            entries.append({"ticket": number, "message": None, "is_public": public, "is_own": False, "body": text})
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
        _write(model, lines)


def make(config: Config, tickets: int) -> None:
    """A whole installation in this folder and database: keys, migrated database, people, tickets."""
    folder = config.data_dir
    marker, schema = folder / "bench.schema", _schema(tickets)
    if marker.exists() and marker.read_text() == schema:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    app = create_app(config)
    with app.app_context(), db.connection():
        migrations.apply()
        bytecode.compile_all(app, config.templates_folder)
        build(tickets)
    db.database.close()
    marker.write_text(schema)


def _schema(tickets: int) -> str:
    """What a kept installation was made from: the same text makes the same rows."""
    parts = [*sorted((ROOT / "migrations").glob("*.py")), Path(__file__)]
    return f"{tickets} " + hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
