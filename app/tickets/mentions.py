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
    words = {_said(each) for each in NAME.findall(text)}
    return [person for person in _team() if person.id != by.id and words & _names(person)]


def names() -> frozenset[str]:
    """Whatever names somebody of the team after an @."""
    return frozenset(name for person in _team() for name in _names(person))


def _team() -> list[Person]:
    return list(Person.select(Person).join(Agent, JOIN.INNER).where(Agent.is_active).order_by(Person.id))


def _said(word: str) -> str:
    return word.rstrip(".-").casefold()


def _names(person: Person) -> set[str]:
    first = person.name.split()[:1]
    front = (person.email or "").partition("@")[0]
    return {each.casefold() for each in (*first, person.name.replace(" ", "."), front) if each}


def marked(line: str, known: frozenset[str]) -> Markup:
    """A line of a note with those @words marked that name somebody; the others look like what they are."""
    parts: list[Any] = []
    end = 0
    for found in (each for each in NAME.finditer(line) if _said(each[1]) in known):
        parts += [escape(line[end : found.start()]), Markup('<span class="mention">{}</span>').format(found.group())]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])
