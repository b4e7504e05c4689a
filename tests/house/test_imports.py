"""Imports point down the shelves, stand at the top of the file, and dodge nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import modules, name_of, tree, where

pytestmark = pytest.mark.sqlite_only

# From the lowest shelf to the highest; two packages on one shelf stay apart.
SHELVES = [
    ["app.lib", "app.config"],
    ["app.timeline", "app.attachments"],
    ["app.settings"],
    ["app.outbox"],
    ["app.catalog", "app.calendars", "app.organizations", "app.branding"],
    ["app.conditions"],
    ["app.accounts"],
    ["app.messages", "app.authorizations", "app.surveys", "app.sla"],
    ["app.tickets"],
    [
        "app.mail", "app.chat", "app.whatsapp", "app.rules", "app.notifications", "app.reports", "app.sandbox",
        "app.articles", "app.exports", "app.documents",
    ],
    ["paper"],
    ["app.sheets"],
    ["app.frame", "app.letters", "app.refusing"],
    ["room"],
    ["app.dev"],
    ["app.desk", "app.portal", "app.public", "app.api", "app.channels", "app.sample", "app.receiver"],
    ["app.cli"],
    ["app"],
    ["tasks"],
]  # fmt: skip
RANK = {package: rank for rank, shelf in enumerate(SHELVES) for package in shelf}
PAPER = {"emails", "forms"}
ROOMS = {"desk", "portal", "public", "api"}
HOUSE = "app.house"  # the room of what belongs to no feature
TOGETHER = {("app.lib", "app.config"), ("app.config", "app.lib"), ("app.cli", "app.sample")}

# Libraries that cost a second or tens of megabytes, each imported by the module that wraps it, when it is used.
HEAVY = {
    "xhtml2pdf", "reportlab", "pyhanko", "pypdf", "pypdfium2", "PIL", "boto3", "authlib", "webauthn", "holidays",
    "requests", "pyhanko_certvalidator", "dkim", "dns",
}  # fmt: skip


def package(module: str) -> tuple[str, str]:
    """The row a module is judged by, and the unit inside which imports are free."""
    parts = module.split(".")
    if parts[0] == "tasks":
        return "tasks", "tasks"
    if module == HOUSE:
        return "room", HOUSE
    if len(parts) > 2 and parts[1] != "lib":
        if parts[2] in PAPER:
            return "paper", ".".join(parts[:3])
        if parts[2] in ROOMS:
            return "room", ".".join(parts[:3])
    top = ".".join(parts[:2])
    return top, top


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Every module of ours that this file imports; names for the type checker alone do not count."""
    for node in outside_type_checking(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in OURS else node.module), node


def outside_type_checking(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from outside_type_checking(child)


def module_of(unit: str) -> str:
    return ".".join(unit.split(".")[:2])


def lower_paper(package: str, theirs: str, row: str, their_row: str) -> bool:
    """A form may be made with the form of a feature that its own feature may import: a reply's has attachments."""
    return row == their_row == "paper" and RANK.get(theirs, 99) < RANK.get(package, -1)


OURS = {name_of(path) for path in modules("app", "tasks")}


def test_imports_point_down():
    wrong = []
    for path in modules("app", "tasks"):
        row, unit = package(name_of(path))
        if row not in RANK:
            wrong.append(f"{where(path)}: {row} has no shelf in this test")
            continue
        for target, node in imported(path):
            if target.split(".")[0] not in ("app", "tasks") or target == "app":
                continue
            their_row, their_unit = package(target)
            fine = (
                their_unit == unit
                or lower_paper(module_of(unit), module_of(their_unit), row, their_row)
                or (row, their_row) in TOGETHER
                or RANK.get(their_row, 99) < RANK[row]
            )
            if not fine:
                wrong.append(f"{where(path, node)}: {row} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_the_app_never_imports_the_tasks():
    wrong = [
        where(path, node)
        for path in modules("app")
        for target, node in imported(path)
        if target.split(".")[0] in ("tasks", "wsgi", "tests")
    ]
    assert not wrong, wrong


def test_imports_stand_at_the_top():
    """Only create_app may import inside, so that importing app.lib.db does not load the whole house.

    And the command that fills an empty database: the web process, which has all commands, needs no sample company.
    """
    sample = ("app.cli", "from app.sample import company")
    wrong = []
    for path in modules("app", "tasks"):
        if name_of(path) == "app":
            continue
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Import | ast.ImportFrom) or _names(node) <= HEAVY:
                    continue
                if (name_of(path), ast.unparse(node)) != sample:
                    wrong.append(f"{where(path, node)}: {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


def test_no_import_is_dodged():
    words = re.compile(r"\b(importlib\.import_module|__import__)\b|import \*")
    wrong = [where(path) for path in modules("app", "tasks") if words.search(path.read_text())]
    assert not wrong, wrong


def test_heavy_libraries_are_imported_inside():
    wrong = []
    for path in modules("app", "tasks"):
        for node in tree(path).body:
            if isinstance(node, ast.Import | ast.ImportFrom) and _names(node) & HEAVY:
                wrong.append(f"{where(path, node)}: {ast.unparse(node)}")
    assert not wrong, wrong


def test_only_rooms_and_doors_know_of_a_request():
    """Below them a verb is told who acts (`by=`), whoever asks: a page, a mail, the clock."""
    wrong = []
    for path in modules("app", "tasks"):
        module = name_of(path)
        row, _ = package(module)
        below = row == "tasks" or RANK.get(row, 99) < RANK["room"]
        if not below or row in ("app.lib", "app.frame", "app.refusing", "paper") or module == "app.accounts.signin":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                names = {alias.name for alias in node.names} & {"request", "g", "session"}
                wrong += [f"{where(path, node)}: {name}" for name in sorted(names)]
    assert not wrong, wrong


def test_migrations_are_frozen():
    """A migration copies the models it needs: those of the house will have changed when it runs."""
    wrong = [
        f"{where(path, node)}: {target}"
        for path in modules("migrations")
        for target, node in imported(path)
        if target.startswith(("app.", "tasks")) and not target.startswith("app.lib.")
    ]
    assert not wrong, wrong


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {(node.module or "").split(".")[0]}
