"""Things are named as people here expect to find them."""

import ast
import re
import subprocess

import pytest

from tests.house.source import ROOT, modules, scripts, tree, where

TOP = {
    *("app", "tasks", "templates", "static", "migrations", "tests", "docs", "wsgi.py", "pyproject.toml", "Makefile"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".ci", ".env.example", ".gitignore"),
    *("requirements.lock", "requirements-test.lock", "requirements-extras.lock"),
}
BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "common",
    "base",
    "core",
    "manager",
    "managers",
    "service",
    "services",
}
ROUTE = re.compile(r"(index|new|create|show|edit|update|destroy)(_[a-z0-9_]+)?")
WAYS_IN = ("public.accounts.", "public.house.")  # sign_in, sign_out, live: what one does there is no record
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
PARAMETER = re.compile(r"<(?:(\w+)(?:\(.*?\))?:)?(\w+)>")


@pytest.mark.sqlite_only
def test_no_drawer_is_called_utils():
    folders = {path.parent for path in modules("app", "tasks", "tests")}
    wrong = [where(path) for path in modules("app", "tasks", "tests") if path.stem in BANNED]
    wrong += [str(folder.relative_to(ROOT)) for folder in folders if folder.name in BANNED]
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_every_module_opens_with_a_sentence():
    wrong = []
    for path in modules("app", "tasks", "tests"):
        said = ast.get_docstring(tree(path)) or ""
        empty = not path.read_text().strip()
        if not (empty and "tests" in path.parts) and not re.match(r"[A-Z`].+[.?:]", said.split("\n\n")[0], re.DOTALL):
            wrong.append(where(path))
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_event_kinds_are_a_noun_and_a_participle():
    wrong = []
    for path in modules("app", "tasks"):
        for node in ast.walk(tree(path)):
            is_record = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record" and node.args
            if is_record and isinstance(node.args[0], ast.Constant) and not KIND.fullmatch(str(node.args[0].value)):
                wrong.append(f"{where(path, node)}: {node.args[0].value!r}")
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_a_verb_says_who_acts_by_keyword():
    wrong = []
    for path in modules("app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                places = [each.arg for each in node.args.args]
                if "by" in places and places.index("by") > 0 and node.name != "demand":
                    wrong.append(f"{where(path, node)}: {node.name}")
    assert not wrong, f"`by` is not keyword-only in {wrong}"


@pytest.mark.sqlite_only
def test_a_custom_element_has_the_name_of_its_file():
    wrong = []
    for path in scripts():
        for tag in re.findall(r"customElements\.define\(\s*[\"']([\w-]+)[\"']", path.read_text()):
            if tag != path.stem:
                wrong.append(f"{where(path)}: {tag}")
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_routes_are_called_as_what_they_do(app):
    wrong = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(("desk.", "portal.", "public."))
        and not rule.endpoint.startswith(WAYS_IN)
        and not ROUTE.fullmatch(rule.endpoint.rpartition(".")[2])
        and not rule.endpoint.endswith(".static")
    ]
    assert not wrong, wrong


@pytest.mark.sqlite_only
def test_addresses_are_kebab_case_and_typed(app):
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static"):
            continue
        fixed = [part for part in PARAMETER.sub("", rule.rule).split("/") if part]
        untyped = [name for kind, name in PARAMETER.findall(rule.rule) if not kind]
        if untyped or not all(SEGMENT.fullmatch(part.strip(".-")) for part in fixed):
            wrong.append(f"{rule.endpoint}: {rule.rule}")
    assert not wrong, "\n".join(wrong)


def test_at_the_top_lies_what_belongs_there():
    """In a checkout: a file that a run left behind is not taken along by a commit."""
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    top = {name.split("/")[0] for name in told if name}
    assert not top - TOP, top - TOP
