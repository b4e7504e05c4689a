"""Rooms find through somebody's eyes and say one verb: they ask no table and set no field (ARCHITECTURE 11, 2)."""

import ast

from app.lib.db import Record
from tests.house.source import modules, tree, where

ROOMS = {"desk", "portal", "public"}
ASKING = {"select", "get", "get_by_id", "get_or_none", "update", "insert", "delete", "create", "change", "save"}


def rooms():
    return [path for path in modules("app") if path.stem in ROOMS and path.parent.name != "app"] + [
        path for path in modules("app") if path.parent.name in ROOMS
    ]


def test_rooms_ask_no_table():
    wrong = []
    for path in rooms():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in Record.records:
                wrong.append(f"{where(path, node)}: {owner.id}.{node.func.attr}")
    assert not wrong, "\n".join(wrong)


def test_rooms_set_no_field():
    wrong = []
    for path in rooms():
        for node in ast.walk(tree(path)):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    if target.value.id in ("g", "form", "self", "response"):
                        continue
                    wrong.append(f"{where(path, node)}: {ast.unparse(target)}")
    assert not wrong, "\n".join(wrong)
