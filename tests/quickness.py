"""Whether hostile input takes no more than its share of time, on a machine of any speed and however busy."""

import time
from collections.abc import Callable
from typing import Any

SHORT = 2.0  # seconds of CPU: what takes less needs no second look
PARTS = 8


def assert_linear(work: Callable[[Any], Any], given: Any) -> Any:
    """Raises AssertionError if the whole takes far longer than its eighth does eight times; returns what came of it."""
    began = time.process_time()
    result = work(given)
    whole = time.process_time() - began
    if whole > SHORT:
        part = min(_spent(work, given[: len(given) // PARTS]) for _ in range(3))
        whole = min(whole, _spent(work, given))
        assert whole < 3 * PARTS * part, f"{whole:.2f} s, and {part:.2f} s for an eighth of it"
    return result


def _spent(work: Callable[[Any], Any], given: Any) -> float:
    began = time.process_time()
    work(given)
    return time.process_time() - began
