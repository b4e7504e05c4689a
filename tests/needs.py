"""What some tests need from the machine: present, or the test is skipped and the last line says so.

REQUIRE=postgres,redis,dovecot,chromium (any of them) turns such a skip into a failure.
"""

import os
import shutil
from collections.abc import Callable
from glob import glob

import pytest


def _postgres() -> str:
    found = os.environ.get("TEST_DATABASE_URL") or glob("/usr/lib/postgresql/*/bin/postgres")
    return "" if found else "no PostgreSQL server installed, and no TEST_DATABASE_URL"


def _program(*names: str) -> Callable[[], str]:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return lambda: "" if any(shutil.which(name, path=path) for name in names) else f"{names[0]} is not installed"


# The first is Chromium without its windows: it starts sooner, and draws the same pages with less.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING: dict[str, Callable[[], str]] = {
    "postgres": _postgres,
    "redis": _program("redis-server"),
    "dovecot": _program("dovecot"),
    "chromium": _program(*CHROMIUM),
    "poppler": _program("pdftotext"),
}


def required() -> set[str]:
    return set(filter(None, os.environ.get("REQUIRE", "").replace(" ", "").split(",")))


def missing(name: str) -> str:
    """Why this is not here; empty if it is."""
    return MISSING[name]()


def needs(name: str) -> pytest.MarkDecorator:
    """Marks a test or a module: skipped where the machine lacks this, unless it is required."""
    return pytest.mark.skipif(bool(missing(name)) and name not in required(), reason=_reason(name))


def insist(name: str) -> None:
    """The same from within a fixture."""
    if missing(name):
        (pytest.fail if name in required() else pytest.skip)(_reason(name))


def program(*names: str) -> str:
    """The path of the first of these programs."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    return next(found for found in (shutil.which(name, path=path) for name in names) if found)


def _reason(name: str) -> str:
    return f"needs {name}: {missing(name)}"


def summary(reasons: list[str]) -> str:
    """The one last line: what was not run for want of something."""
    counts = {reason: reasons.count(reason) for reason in sorted(set(reasons))}
    said = "; ".join(f"{count} {reason.removeprefix('Skipped: ')}" for reason, count in counts.items())
    return f"Not run on this machine: {said}." if said else "Nothing was left out: all that the tests need is here."
