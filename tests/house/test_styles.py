"""Styles: one layer a file, colors only from the tokens, and no class that nobody wears."""

import re
from pathlib import Path

import pytest

from app import sheets
from tests.house.source import modules, scripts, styles, templates, where

pytestmark = pytest.mark.sqlite_only

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = re.compile(r"\"[^\"]*\"|'[^']*'|url\([^)]*\)")
COLOR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|oklch|oklab|lab|lch)\(|"
    r"(?<![\w-])(?:white|black|red|green|blue|gray|grey|silver|yellow|orange|purple|pink|navy|teal|maroon|lime|aqua)(?![\w-])"
)
MAY_INSIST = {"utilities.css", "print.css"}
JINJA_WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def sheet(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def rules(text: str) -> list[tuple[str, str]]:
    """(selector or at-rule, what stands between its braces), at every depth."""
    found, stack, start = [], [], 0
    text = STRING.sub('""', text)
    for place, sign in enumerate(text):
        if sign == "{":
            stack.append((text[start:place].strip(), place + 1))
            start = place + 1
        elif sign == "}" and stack:
            head, begin = stack.pop()
            found.append((head, text[begin:place]))
            start = place + 1
        elif sign == ";":
            start = place + 1
    return found


def test_every_file_is_one_layer():
    wrong = []
    for path in styles():
        text = sheet(path).strip()
        if path.name == "layers.css":
            if not re.fullmatch(r"@layer [\w, -]+;", text):
                wrong.append(f"{where(path)}: more than the order of layers")
            continue
        outside, depth = "", 0
        for sign in text:
            depth += (sign == "{") - (sign == "}")
            outside += sign if depth == 0 else ""
        if not re.fullmatch(r"@layer [\w-]+\s*\}", outside.strip()):
            wrong.append(f"{where(path)}: {outside.strip()[:80]!r}")
    assert not wrong, "\n".join(wrong)


def test_colors_are_tokens():
    wrong = []
    for path in styles():
        if path.name == "tokens.css":
            continue
        for declaration in re.findall(r"[\w-]+\s*:[^;{}]+(?=[;}])", STRING.sub('""', sheet(path))):
            name, _, value = declaration.partition(":")
            if COLOR.search(value) and not name.strip().startswith("grid-"):
                wrong.append(f"{where(path)}: {declaration.strip()}")
    assert not wrong, "\n".join(wrong)


def test_a_browser_that_knows_no_light_dark_gets_every_light_tone():
    """Else it would have no color at all: what a custom property holds is looked at only where it is used."""
    light = dict(rules(sheets.joined()))["@supports not (color: light-dark(#000, #fff))"]
    assert "light-dark" not in light
    everywhere = [path for path in styles() if "light-dark" in path.read_text()]
    assert [path.name for path in everywhere] == ["tokens.css"]
    toned = [each for each in re.findall(r"(--[\w-]+): ([^;{}]+);", sheet(everywhere[0])) if "light-dark" in each[1]]
    for name, value in toned:
        first = re.search(r"light-dark\((#\w+|transparent|oklch\((?:[^()]|\([^()]*\))*\)),", value)
        assert re.search(rf"{name}: [^;]*{re.escape(first[1])}[^;]*;", light), (name, value)
    assert len(toned) == light.count(";") - 1, "each once, and the light scheme"


def test_nothing_insists_and_no_id_is_a_hook():
    wrong = []
    for path in styles():
        if "!important" in sheet(path) and path.name not in MAY_INSIST:
            wrong.append(f"{where(path)}: !important")
        for head, _ in rules(sheet(path)):
            if re.search(r"#[A-Za-z]", head) and not head.startswith("@"):
                wrong.append(f"{where(path)}: {head}")
    assert not wrong, "\n".join(wrong)


def test_every_class_worn_is_defined():
    defined = classes_defined()
    wrong = []
    for path in templates():
        for word in classes_worn(path.read_text()):
            if not any(_pattern(word).fullmatch(each) for each in defined):
                wrong.append(f"{where(path)}: {word.replace(chr(0), '*')}")
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_every_class_defined_is_worn():
    worn = [word for path in templates() for word in classes_worn(path.read_text())]
    for path in scripts():
        worn += re.findall(
            r"[\w-]+", " ".join(STRING.findall(path.read_text())) + " ".join(re.findall(r"`[^`]*`", path.read_text()))
        )
    for path in modules("app"):
        for value in re.findall(r"class(?:_|=|\":)\s*=?\s*\\?[\"']([^\"'\\]+)", path.read_text()):
            worn += value.split()
    patterns = {_pattern(word) for word in worn}
    unused = [each for each in sorted(classes_defined()) if not any(pattern.fullmatch(each) for pattern in patterns)]
    assert not unused, unused


def test_every_token_used_is_defined():
    every = "\n".join(sheet(path) for path in styles())
    markup = "\n".join(path.read_text() for path in [*modules("app"), *scripts()])
    defined = set(re.findall(r"(--[\w-]+)\s*:", every)) | set(re.findall(r"(--[\w-]+)\s*:", markup))
    used = re.findall(r"var\(\s*(--[\w-]+)\s*([,)])", every)
    wrong = sorted({name for name, after in used if name not in defined and after == ")"})
    assert not wrong, wrong


def test_a_token_has_one_home():
    """What a rule calls its own is no token's name: where it is not set, the token would stand in for its default."""
    (home,) = (path for path in styles() if path.name == "tokens.css")
    tokens = set(re.findall(r"(--[\w-]+)\s*:", sheet(home)))
    wrong = []
    for path in styles():
        defined = set() if path == home else set(re.findall(r"(--[\w-]+)\s*:", sheet(path)))
        defaulted = set(re.findall(r"var\(\s*(--[\w-]+)\s*,", sheet(path)))
        wrong += [f"{where(path)}: {name}" for name in sorted(tokens & (defined | defaulted))]
    assert not wrong, wrong


def classes_defined() -> set[str]:
    found = set()
    for path in styles():
        for head, _ in rules(sheet(path)):
            if not head.startswith("@") or head.startswith("@scope"):
                found |= set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r"\[[^\]]*\]", "", head)))
    return found


def classes_worn(text: str) -> list[str]:
    """Words of class attributes; what Jinja puts in stands as a wildcard, its quoted words as themselves."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    found: list[str] = []
    for value in re.findall(r"\bclass=\"((?:\{\{.*?\}\}|\{%.*?%\}|[^\"])*)\"", text, re.DOTALL):
        bare = re.sub(r"\{%.*?%\}", " ", value, flags=re.DOTALL)
        found += [word for word in re.sub(r"\{\{.*?\}\}", "\0", bare, flags=re.DOTALL).split() if word != "\0"]
        for expression in re.findall(r"(?<![\w-])\{\{(.*?)\}\}(?![\w-])", bare, re.DOTALL):
            found += [
                word for pair in JINJA_WORD.findall(expression) for word in "".join(pair).split() if word[-1] != "-"
            ]
    for named in re.findall(r"\bclass_?\"?\s*[=:]\s*\"([\w -]+)\"", re.sub(r"<[^>]*>", "", text)):
        found += named.split()
    # A macro or block called …_class holds nothing but the words of one.
    for body in re.findall(r"\{%-? (?:macro|block) \w+_class\b.*?%\}(.*?)\{%-? end(?:macro|block)", text, re.DOTALL):
        found += re.sub(r"\{\{.*?\}\}", "\0", re.sub(r"\{%.*?%\}", " ", body, flags=re.DOTALL), flags=re.DOTALL).split()
    return [word for word in found if word != "\0"]


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile("[\\w-]*".join(re.escape(part) for part in word.split("\0")))
