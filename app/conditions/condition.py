"""What a condition is, how it is kept, and whether it holds."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

ALL, ANY = "all", "any"
JOINED = [(ALL, _l("All of these hold")), (ANY, _l("Any of these holds"))]
WORDS, ADDRESS, CHOICE = "words", "address", "choice"
OPERATORS: dict[str, Any] = {
    "has": _l("contains one of"),
    "lacks": _l("contains none of"),
    "is": _l("is one of"),
    "is_not": _l("is none of"),
    "ends": _l("ends in one of"),
}
# What can be asked of each kind of fact.
ASKED = {
    WORDS: ("has", "lacks", "is", "is_not"),
    ADDRESS: ("is", "is_not", "ends", "has", "lacks"),
    CHOICE: ("is", "is_not"),
}
MOST, LONGEST = 30, 1000
LOOKED_AT = 200_000  # characters of a text


class NoSuchCondition(Refused):
    says = _l("One of the conditions cannot be asked of that field.")


class TooManyConditions(Refused):
    says = _l("These are too many conditions, or one of them is too long.")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known; `offers` are the values of a choice."""

    label: Any
    kind: str = WORDS
    offers: Callable[[], Iterable[tuple[str, Any]]] | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Some conditions, as a rule keeps them: [{"fact": …, "operator": …, "value": …}]. None at all hold always."""

    joined: str
    items: list[dict[str, str]]

    def hold(self, known: Mapping[str, Any]) -> bool:
        """Whether they do; `known` are the facts, each a text or several. A fact that is not known holds nothing."""
        answers = (_holds(item["operator"], item["value"], known.get(item["fact"])) for item in self.items)
        if not self.items:
            return True
        return any(answers) if self.joined == ANY else all(answers)


def checked(items: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact]) -> list[dict[str, str]]:
    """The conditions that were filled in. Raises NoSuchCondition, TooManyConditions."""
    kept = []
    for item in items:
        fact, operator, value = (str(item.get(name) or "").strip() for name in ("fact", "operator", "value"))
        if not value:
            continue
        if fact not in facts or operator not in ASKED[facts[fact].kind]:
            raise NoSuchCondition
        kept.append({"fact": fact, "operator": operator, "value": value})
    if len(kept) > MOST or any(len(item["value"]) > LONGEST for item in kept):
        raise TooManyConditions
    return kept


def sentence(item: Mapping[str, str], facts: Mapping[str, Fact]) -> str:
    """A condition in words, for lists."""
    fact = facts.get(item["fact"])
    return f"{fact.label if fact else item['fact']} {OPERATORS[item['operator']]}: {item['value']}"


def _holds(operator: str, value: str, known: Any) -> bool:
    if known is None:
        return False
    texts = [folded(str(each)[:LOOKED_AT]) for each in (known if isinstance(known, list | tuple | set) else [known])]
    wanted = [each for each in (folded(part) for part in value.split(",")) if each]
    if operator in ("lacks", "is_not"):
        return not _holds({"lacks": "has", "is_not": "is"}[operator], value, known)
    if operator == "is":
        return any(text == each for text in texts for each in wanted)
    if operator == "ends":
        return any(text.endswith(each) for text in texts for each in wanted)
    return any(_has(text, each) for text in texts for each in wanted)


def _has(text: str, words: str) -> bool:
    """Whole words: "oil" is not in "boiler"; where the words begin or end in a sign, it counts as it stands."""
    start = r"(?<!\w)" if re.match(r"\w", words) else ""
    end = r"(?!\w)" if re.search(r"\w$", words) else ""
    return bool(re.search(start + re.escape(words) + end, text))


def folded(text: str) -> str:
    """Without regard to case, accents and spaces: as people compare words."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())
