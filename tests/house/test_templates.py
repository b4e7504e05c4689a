"""Templates keep the policy, work without a script, and are all used."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, all_templates, modules, scripts, templates, tree, where

pytestmark = pytest.mark.sqlite_only

# Where markup comes ready made and clean: the only places that may say |safe.
SAFE: set[str] = set()

JINJA = re.compile(r"\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.DOTALL)
ATTRIBUTE = re.compile(r"([:\w-]+)\s*=\s*(\"(?:\{\{.*?\}\}|\{%.*?%\}|[^\"])*\"|'(?:\{\{.*?\}\}|[^'])*')", re.DOTALL)
REQUESTS = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}
NEED_A_REQUEST = {"hx-confirm", "hx-target", "hx-headers", "hx-swap", "hx-vals", "hx-include", "hx-push-url"}


def tags(path: Path) -> list[tuple[str, dict[str, str], str]]:
    text = JINJA.sub("", path.read_text())
    found = []
    for match in TAG.finditer(text):
        attributes = {name.lower(): value[1:-1] for name, value in ATTRIBUTE.findall(match.group(2))}
        if "hx-{{" in match.group(2):  # a macro chooses the verb
            attributes["hx-get"] = attributes.get("href", "")
        line = text.count("\n", 0, match.start()) + 1
        found.append((match.group(1).lower(), attributes, f"{where(path)}:{line} (about)"))
    return found


def test_nothing_is_inline():
    wrong = []
    for path in templates():
        for tag, attributes, place in tags(path):
            bad = [name for name in attributes if name == "style" or re.fullmatch(r"on[a-z]+|hx-on.*", name)]
            if tag == "style" or (
                tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")
            ):
                bad.append(f"<{tag}>")
            wrong += [f"{place}: {each}" for each in bad]
            wrong += [
                f"{place}: {name}=js:" for name, value in attributes.items() if value.startswith(("js:", "javascript:"))
            ]
    assert not wrong, "\n".join(wrong)


def test_safe_is_said_only_on_the_list():
    words = re.compile(r"\|\s*safe\b|Markup\(|autoescape\s+false")
    found = {str(path.relative_to(ROOT / "templates")) for path in all_templates() if words.search(path.read_text())}
    assert found <= SAFE, sorted(found - SAFE)


def test_a_form_goes_the_same_way_with_and_without_htmx():
    wrong = []
    for path in templates():
        for tag, attributes, place in tags(path):
            sent = attributes.get("hx-post")
            if sent is not None and attributes.get("action", attributes.get("formaction")) != sent:
                wrong.append(f"{place}: hx-post={sent!r} on <{tag}>, action={attributes.get('action')!r}")
            if "hx-get" in attributes and tag == "a" and attributes.get("href") != attributes["hx-get"]:
                wrong.append(f"{place}: hx-get differs from href")
            if {"hx-put", "hx-patch", "hx-delete"} & attributes.keys():
                wrong.append(f"{place}: a form cannot do this without a script")
    assert not wrong, "\n".join(wrong)


def test_htmx_words_stand_where_a_request_is_made():
    """htmx 4 inherits nothing: elsewhere they would be ignored in silence. <hx-partial> is a part of an answer."""
    wrong = [
        f"{place}: {name}"
        for path in templates()
        for tag, attributes, place in tags(path)
        for name in sorted(NEED_A_REQUEST & attributes.keys())
        if not REQUESTS & attributes.keys() and tag != "hx-partial"
    ]
    assert not wrong, "\n".join(wrong)


def test_every_target_exists():
    every = "\n".join(JINJA.sub("", path.read_text()) for path in templates())
    ids = set(re.findall(r"\bid=\"([^\"]+)\"", every))
    fixed = {re.sub(r"\{\{.*?\}\}", "*", each) for each in ids}
    wrong = []
    for path in templates():
        for _, attributes, place in tags(path):
            target = attributes.get("hx-target", "")
            if target.startswith("#") and re.sub(r"\{\{.*?\}\}", "*", target[1:]) not in fixed:
                wrong.append(f"{place}: {target}")
        for swaps in re.findall(r"swaps\s*=\s*\"([\w-]+)\"", path.read_text()):
            if swaps not in fixed:
                wrong.append(f"{where(path)}: swaps={swaps!r}")
    assert not wrong, "\n".join(wrong)


def test_every_block_that_is_swapped_is_an_element():
    """page(PAGE, "authorizations"): a block of this name, holding the element with this id."""
    every = "\n".join(path.read_text() for path in templates())
    blocks = set(re.findall(r"\{%-?\s*block\s+(\w+)", every))
    ids = {each.replace("-", "_") for each in re.findall(r"\bid=\"([\w-]+)\"", every)}
    wrong = []
    for path in modules("app"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("page", "done"):
                continue
            place = 1 if getattr(node.func, "id", "") == "page" else 2
            block = node.args[place] if len(node.args) > place else None
            if isinstance(block, ast.Constant) and block.value:
                word = str(block.value)
                if word not in blocks or word.replace("-", "_") not in ids:
                    wrong.append(f"{where(path, node)}: {word!r}")
    assert not wrong, "\n".join(wrong)


def test_every_template_is_used():
    names = {str(path.relative_to(ROOT / "templates")) for path in all_templates()}
    said = _strings_of_python() | _strings_of_templates()
    patterns = [
        re.compile("".join(".*" if part == "\0" else re.escape(part) for part in re.split("(\0)", each)))
        for each in said
        if "/" in each
    ]
    orphans = [
        name for name in sorted(names) if name not in said and not any(_reaches(each, name) for each in patterns)
    ]
    assert not orphans, orphans


def test_every_included_template_exists():
    names = {str(path.relative_to(ROOT / "templates")) for path in all_templates()}
    wanted = {each for each in _strings_of_templates() if "\0" not in each and each.endswith((".html", ".txt"))}
    assert not wanted - names, sorted(wanted - names)


def test_every_script_and_sheet_is_used():
    said = "\n".join(path.read_text() for path in [*templates(), *scripts(), *modules("app")])
    files = [
        path.relative_to(ROOT / "static") for path in (ROOT / "static").rglob("*") if path.suffix in (".css", ".js")
    ]
    unused = [
        str(path) for path in files if "vendor" not in path.parts and path.stem not in said and path.name not in said
    ]
    assert not unused, unused


def _reaches(pattern: re.Pattern[str], name: str) -> bool:
    """The string may be the template, its name without ending, or the folder of a letter's three files."""
    return any(pattern.fullmatch(each) for each in (name, name.rpartition(".")[0], name.rpartition("/")[0]))


def _strings_of_python() -> set[str]:
    found = set()
    for path in [*modules("app", "tasks", "tests")]:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(str(each.value) if isinstance(each, ast.Constant) else "\0" for each in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
                found.add(node.value)
    return {each for each in found if len(each.replace("\0", "")) > 6 and "\n" not in each}


def _strings_of_templates() -> set[str]:
    found = set()
    for path in all_templates():
        found |= set(re.findall(r"\bkept\(\s*\"([^\"]+)\"", path.read_text()))
        for statement in re.findall(r"\{%-?\s*(?:include|extends|import|from)\s+(.*?)%\}", path.read_text(), re.DOTALL):
            for pieces in re.findall(r"((?:\"[^\"]*\"|~|[\w.]+|\s)+)", statement):
                literal = "".join(
                    word[1:-1] if word.startswith('"') else "\0"
                    for word in re.findall(
                        r"\"[^\"]*\"|[\w.]+", pieces.split(" import ")[0].split(" with")[0].split(" ignore")[0]
                    )
                )
                found.add(literal)
    return found
