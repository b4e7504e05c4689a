"""Verbs ask for the right themselves: a room that forgot to would give nothing away."""

import ast
from collections.abc import Iterator

import pytest

from app.accounts.agent import Agent, NotAllowed
from app.accounts.role import EVERYTHING
from app.lib import db
from tests.house.demands import OTHERWISE, VERBS, around
from tests.house.source import modules, name_of, tree

ROOMS = (".desk", ".portal", ".public")
# Whoever comes nearest to a right without having it; a customer never acts as one of the desk.
LACKING = dict.fromkeys(EVERYTHING, ("vic", "carol")) | {
    "see": ("carol",),
    **dict.fromkeys(("reply", "authorize", "close", "reopen", "survey", "merge", "remove"), ("vic", "ines", "carol")),
    **dict.fromkeys(("configure", "invite", "quarantine", "purge"), ("vic", "ben", "bea", "carol")),
}
ON_THE_WIRE = {"mail.testing.Tested.test", "mail.dkim_key.DkimKey.check"}  # what follows the demand talks to servers


def demanding() -> Iterator[tuple[str, str | None]]:
    """(verb, the right it demands first: None where that is found out as it runs) of the domain."""
    for path in modules("app"):
        name = name_of(path)
        if not any(room in name for room in ROOMS):
            yield from _within(tree(path), name.removeprefix("app."))


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, str | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _within(child, f"{name}.{child.name}")
        elif isinstance(child, ast.FunctionDef):
            asked = [each for each in ast.walk(child) if isinstance(each, ast.Call) and _is_demand(each)]
            if asked:
                right = asked[0].args[-1]
                yield f"{name}.{child.name}", str(right.value) if isinstance(right, ast.Constant) else None


def _is_demand(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("demand", "self._demand") and ast.unparse(call.args[0]) == "by"


def test_every_verb_that_demands_a_right_is_tried_here():
    there = dict(demanding())
    assert there.keys() == VERBS.keys() | OTHERWISE.keys(), "tests/house/demands.py lacks verbs, or has some too many"
    assert {name for name, right in there.items() if right is None} == OTHERWISE.keys()


@pytest.mark.sqlite_only
def test_who_lacks_the_right_is_refused(world, things):
    there, around_us, wrong = dict(demanding()), around(world, things), []
    for name, ask in (VERBS | OTHERWISE).items():
        right = there[name]
        for who in LACKING[right] if right else ("vic", "ines"):
            if reaches(lambda by, ask=ask: ask(around_us, by), getattr(world, who)):
                wrong.append(f"{name} by {who}")
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_who_has_the_right_is_not(world, things):
    """Whatever else is missing then: nobody is told that it was their role."""
    around_us = around(world, things)
    tried = {name: ask for name, ask in VERBS.items() if name not in ON_THE_WIRE}
    wrong = [name for name, ask in tried.items() if not reaches(lambda by, ask=ask: ask(around_us, by), world.ada)]
    assert not wrong, wrong


def test_an_agent_who_left_has_no_right(world):
    Agent.by_person(world.bea.id).change(is_active=False)
    assert not any(world.bea.agent.may(right) for right in EVERYTHING)


def reaches(ask, by) -> bool:
    """Whether the verb gets beyond the right it demands. Nothing stays of what it did."""
    try:
        with db.transaction():
            ask(by)
            raise LookupError
    except NotAllowed:
        return False
    except Exception:
        return True
