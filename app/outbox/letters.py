"""The letters there are: the name of each, the function of an emails.py that makes it, and what it is about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery

Maker = Callable[[Delivery], Any]

GROUPS: dict[str, Any] = {
    "ticket": _l("Tickets"),
    "authorization": _l("Authorizations"),
    "survey": _l("Surveys"),
    "account": _l("Accounts"),
    "team": _l("To the team"),
}


@dataclass(frozen=True)
class About:
    """What a letter is, for who words it. `takes`: its own placeholders; `needs`: those it must keep."""

    title: Any
    when: Any = ""
    group: str = "ticket"
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    has_ticket: bool = True
    is_document: bool = False  # its {text} is printed as what somebody signs
    folder: str = ""


LETTERS: dict[str, Maker] = {}
ABOUT: dict[str, About] = {}


def about(title: Any, when: Any, **facts: Any) -> Callable[[Maker], Maker]:
    """Says beside a letter's function what the letter is: an administrator words it by this."""

    def decorate(maker: Maker) -> Maker:
        maker.about = About(title, when, **facts)  # type: ignore[attr-defined]
        return maker

    return decorate


def register(feature: str, module: ModuleType) -> None:
    """Takes in every public function that `module` defines, as `feature.function`."""
    for name, function in vars(module).items():
        if callable(function) and not name.startswith("_") and getattr(function, "__module__", "") == module.__name__:
            known: About = getattr(function, "about", About(f"{feature}.{name}"))
            LETTERS[f"{feature}.{name}"] = function
            ABOUT[f"{feature}.{name}"] = replace(known, folder=f"{feature}/emails/{name}")


def compose(delivery: Delivery) -> Any:
    """The letter of this delivery, made from what it points at. Raises KeyError for a name nobody registered."""
    return LETTERS[delivery.letter](delivery)
