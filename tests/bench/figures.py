"""One measured figure, printed as one JSON object; and the target it is held against."""

import json
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Collects what was measured and remembers whether a target was missed."""

    missed: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        floor: float | None = None,
        ratio: float | None = None,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """`ratio` is what the target is about where given, else `value`. A figure without target is only shown."""
        held = ratio if ratio is not None else value
        target, met = None, None
        if at_least is not None:
            target, met = f">= {at_least}", held >= at_least
        if at_most is not None:
            target, met = f"<= {at_most}", held <= at_most
        if met is False:
            self.missed.append(name)
        line = {"name": name, "value": _round(value), "unit": unit, "floor": _round(floor), "ratio": _round(ratio)}
        print(json.dumps({**line, "target": target, "met": met}), flush=True)

    def note(self, name: str, words: str) -> None:
        """Something that could not be measured here: said, never silent."""
        print(json.dumps({"name": name, "skipped": words}), flush=True)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
