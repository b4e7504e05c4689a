"""What somebody typed into the search box: words, and operators such as `from:carol` or `-tag:oil`, in any language."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.agent import Agent
from app.accounts.group import Group
from app.catalog.entry import Entry
from app.catalog.lists import Category, Origin, Priority, Tag, TicketType
from app.lib.clock import now
from app.lib.db import Record
from app.lib.folding import folded
from app.lib.words import in_every_language
from app.tickets.filters import Filter, is_off
from app.tickets.lifecycle import STATUSES

MOST = 8  # operators of one search
TERM = re.compile(r'(?<!\S)(-?)(\w{1,20}):("[^"]*"?|\S+)')
# Each operator by its names, without accents: English, Spanish, Portuguese.
NAMES: dict[str, str] = {
    name: operator
    for operator, names in {
        "from": "from de",
        "to": "to para",
        "subject": "subject asunto assunto",
        "status": "status estado",
        "tag": "tag etiqueta",
        "assignee": "assignee asignado asignada responsable atribuido responsavel",
        "group": "group grupo",
        "priority": "priority prioridad prioridade",
        "category": "category categoria",
        "type": "type tipo",
        "channel": "channel canal",
        "serial": "serial serie",
        "order": "order pedido encomenda",
        "before": "before antes",
        "after": "after despues depois desde",
        "is": "is es e esta",
        "has": "has con tiene com tem",
    }.items()
    for name in names.split()
}
IS: dict[str, tuple[str, str]] = {
    word: meaning
    for meaning, words in {
        ("state", "open"): "open abierto abierta aberto",
        ("state", "closed"): "closed cerrado cerrada fechado",
        ("state", "unattended"): "unattended sinatender poratender",
        ("state", "attended"): "attended atendido",
        ("has", "news"): "unread sinleer noleido porler",
        ("assignee", "me"): "mine mio meu",
        ("assignee", "none"): "unassigned sinasignar poratribuir",
        ("due", "overdue"): "overdue vencido atrasado",
        ("visibility", "internal"): "internal interno",
        ("visibility", "public"): "public publico",
    }.items()
    for word in words.split()
}
HAS = dict.fromkeys(("files", "file", "attachment", "attachments", "adjunto", "adjuntos", "anexo"), ("has", "files"))
HAS["anexos"] = ("has", "files")
ME = frozenset({"me", "yo", "mi", "eu", "mim"})
NOBODY = frozenset({"nobody", "none", "nadie", "nadia", "ninguem", "ninguno"})
DAYS = {"today": 0, "hoy": 0, "hoje": 0, "yesterday": 1, "ayer": 1, "ontem": 1}


@dataclass(frozen=True)
class Asked:
    """A search, understood: what nobody understands stays among the words, so that no search is an error."""

    words: str = ""
    filters: tuple[Filter, ...] = ()
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: str, zone: ZoneInfo) -> "Asked":
        filters: list[Filter] = []
        unknown: list[str] = []

        def take(found: re.Match[str]) -> str:
            operator = NAMES.get(folded(found[2]))
            if operator is None or len(filters) >= MOST:
                return found[0]
            meaning = _meaning(operator, found[3].strip('"'), zone)
            if meaning is None or is_off(meaning[0]):
                unknown.append(found[0])
                return found[0]
            filters.append(Filter(*meaning, f"asked{len(filters)}", unwanted=bool(found[1])))
            return " "

        words = " ".join(TERM.sub(take, typed).split()) if ":" in typed else typed
        return cls(words, tuple(filters), tuple(unknown))

    @property
    def engine_words(self) -> str:
        """What full text looks for. Whose ticket it is, or its serial number, are words of the ticket's own text."""
        if self.words:
            return self.words
        wanted = (each for each in self.filters if not each.unwanted)
        texts = [each.value for each in wanted if each.name in ("from", "serial", "order", "subject")]
        return texts[0] if texts else ""


def _meaning(operator: str, value: str, zone: ZoneInfo) -> tuple[str, str] | None:
    """The filter that an operator means with this value; None where there is no such thing."""
    said = folded(value)
    if not said:
        return None
    if operator == "to" and (boxes := _mailbox(said)):
        return "mailbox", boxes
    if operator in ("from", "to", "subject", "serial", "order"):
        return operator, value
    if operator in ("is", "has"):
        return (IS if operator == "is" else HAS).get(re.sub(r"[\s_-]", "", said))
    if operator in ("before", "after"):
        of = _day(said, zone)
        if of is None:
            return None
        return ("created_from", of.isoformat()) if operator == "after" else ("created_to", str(of - timedelta(days=1)))
    found = _FINDERS[operator](said)
    return ("origin" if operator == "channel" else operator, found) if found else None


def _day(said: str, zone: ZoneInfo) -> date | None:
    """2026-11-20, 20/11/2026, 2026-11, 2026, today, 7d."""
    today = now().astimezone(zone).date()
    if said in DAYS:
        return today - timedelta(days=DAYS[said])
    if ago := re.fullmatch(r"(\d{1,4})d", said):
        return today - timedelta(days=int(ago[1]))
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", said)
    turned = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", said)
    year, month, of = parts.groups() if parts else turned.groups()[::-1] if turned else (None, None, None)
    try:
        found = date(int(year or 0), int(month or 1), int(of or 1))
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def _matching(said: str, named: Iterable[tuple[Any, Iterable[str]]]) -> str | None:
    """The keys of those with this name, else of those whose name begins so, between commas."""
    known = [(str(key), [folded(name) for name in names]) for key, names in named]
    exact = [key for key, names in known if said in names]
    found = exact or [key for key, names in known if any(name.startswith(said) for name in names)]
    return ",".join(found[:20]) or None


def _status(said: str) -> str | None:
    return _matching(said, _statuses())


@cache
def _statuses() -> list[tuple[str, list[str]]]:
    return [(key, [key, *in_every_language(status.label)]) for key, status in STATUSES.items()]


def _entry(entries: type[Entry]) -> Callable[[str], str | None]:
    def find(said: str) -> str | None:
        named = [(each.id, each.names if each.name else [each.key or "", *each.names]) for each in entries.all()]
        return _matching(said, named)

    return find


def _tag(said: str) -> str | None:
    tags = {str(tag.id): tag.label for tag in Tag.all()}
    found = _matching(said, [(key, [label]) for key, label in tags.items()])
    return tags[found.split(",")[0]] if found else None


def _assignee(said: str) -> str | None:
    if said in ME or said in NOBODY:
        return "me" if said in ME else "none"
    people = [agent.person for agent in Agent.everybody()]
    return _matching(said, [(each.id, [each.name, each.email or "", *each.name.split()]) for each in people])


def _mailbox(said: str) -> str | None:
    boxes: Any = Record.records["Mailbox"]
    return _matching(said, [(box.id, [box.name, box.address]) for box in boxes.select()])


def _group(said: str) -> str | None:
    return "none" if said in NOBODY else _matching(said, [(group.id, [group.name]) for group in Group.active()])


_FINDERS: dict[str, Callable[[str], str | None]] = {
    "status": _status,
    "tag": _tag,
    "assignee": _assignee,
    "group": _group,
    "priority": _entry(Priority),
    "category": _entry(Category),
    "type": _entry(TicketType),
    "channel": _entry(Origin),
}
