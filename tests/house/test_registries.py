"""What is registered by name is complete: each kind of event on a ticket has its sentence."""

import ast

import pytest

from app.timeline.wording import WORDINGS
from tests.house.source import modules, tree, where

pytestmark = pytest.mark.sqlite_only


def recorded():
    """Every `ticket.record("kind", …)` of the code: (its place, the kind; a part that is filled in stands as *)."""
    for path in modules("app", "tasks"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                for kind in _kinds(node.args[0]) if node.args else ():
                    yield where(path, node), kind


def _kinds(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _kinds(node.body)
        yield from _kinds(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def test_every_kind_of_event_on_a_ticket_has_a_wording():
    wrong = [
        f"{place}: {kind}"
        for place, kind in recorded()
        if not any(known == kind or ("*" in kind and known.startswith(kind.partition("*")[0])) for known in WORDINGS)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(list(recorded())) > 15


def test_every_variant_belongs_to_a_kind():
    assert not [kind for kind in WORDINGS if kind.partition(":")[0] not in WORDINGS]
