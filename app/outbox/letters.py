"""The letters there are: the name of each and the function of an emails.py that makes it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from app.outbox.delivery import Delivery

Maker = Callable[[Delivery], Any]

LETTERS: dict[str, Maker] = {}


def register(feature: str, module: ModuleType) -> None:
    """Takes in every public function that `module` defines, as `feature.function`."""
    for name, function in vars(module).items():
        if callable(function) and not name.startswith("_") and getattr(function, "__module__", "") == module.__name__:
            LETTERS[f"{feature}.{name}"] = function


def compose(delivery: Delivery) -> Any:
    """The letter of this delivery, made from what it points at. Raises KeyError for a name nobody registered."""
    return LETTERS[delivery.letter](delivery)
