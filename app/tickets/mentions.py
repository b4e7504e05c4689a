"""Names after an @ in notes: whoever is named hears of it, if they may see the ticket."""

import re
from typing import Any

from markupsafe import Markup, escape
from peewee import JOIN

from app.accounts.agent import Agent
from app.accounts.person import Person

NAME = re.compile(r"(?<![\w@.])@([^\W\d_][\w.\-]{0,60})")


def mentioned(text: str, *, by: Person) -> list[Person]:
    """The active agents whose first name, whole name or the front of whose address stands after an @ in the text.

    A first name that several have names all of them.
    """
    if "@" not in text:
        return []
    words = {each.rstrip(".-").casefold() for each in NAME.findall(text)}
    found = Person.select(Person).join(Agent, JOIN.INNER).where(Agent.is_active, Person.id != by.id)
    return [person for person in found.order_by(Person.id) if words & _names(person)]


def _names(person: Person) -> set[str]:
    first = person.name.split()[:1]
    front = (person.email or "").partition("@")[0]
    return {each.casefold() for each in (*first, person.name.replace(" ", "."), front) if each}


def marked(line: str) -> Markup:
    """A line of a note with its @names marked."""
    parts: list[Any] = []
    end = 0
    for found in NAME.finditer(line):
        parts += [escape(line[end : found.start()]), Markup('<span class="mention">{}</span>').format(found.group())]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])
