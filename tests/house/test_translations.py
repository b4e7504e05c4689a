"""Every word in three languages: the catalogs are complete and keep their placeholders, no word stands outside."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.house.source import ROOT, all_templates, where

pytestmark = pytest.mark.sqlite_only

CATALOGS = ROOT / "app" / "translations"
LANGUAGES = ("en", "es", "pt")
PLACEHOLDER = re.compile(r"%\(\w+\)[\d.]*[a-z]")

# Names, and what is said in the same way everywhere.
NAMES = {
    "Ventanilla", "PDF", "CSV", "SMTP", "IMAP", "SHA-256", "URL", "IP", "kB", "Ctrl ↵", "Gmail", "Microsoft 365",
    "Español", "English", "Português", "WhatsApp", "Message-ID", "Ctrl K", "Escape",
}  # fmt: skip
# Shows every component with examples, to those who build and check the pages.
EXAMPLES = ROOT / "templates" / "dev" / "patterns.html"
TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
TAG = re.compile(r"<[^>]*>", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|&\w+;", re.DOTALL)
CLASSES = re.compile(r"\{%-? block (?:\w+_class|theme|face) -?%\}.*?\{%-? endblock -?%\}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:alt|title|placeholder|label|aria-label|aria-description)=\"([^\"]*)\"")
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-ZÁÉÍÓÚÑÇ][a-záéíóúñçãõ]+(?![\w/.-])")


@cache
def said() -> dict[tuple[str, str], tuple[Message, str]]:
    """What the sources say, by context and id, with a file that says it: as `make messages` would find it."""
    words = re.search(r"pybabel.* extract .*-k \"([^\"]+)\"", (ROOT / "Makefile").read_text())
    assert words, "make messages names no keywords"
    keywords = DEFAULT_KEYWORDS | parse_keywords(words.group(1).split())
    with (CATALOGS / "babel.cfg").open() as text:
        methods, options = parse_mapping_cfg(text)
    found = {}
    for folder in ("app", "tasks", "templates"):
        for name, _line, words_, _comments, context in extract_from_dir(
            str(ROOT / folder), methods, options, keywords, directory_filter=lambda path: "__pycache__" not in path
        ):
            message = Message(words_, context=context)
            found[key(message)] = message, f"{folder}/{name}"
    return found


@cache
def catalog(language: str) -> Catalog:
    with (CATALOGS / language / "LC_MESSAGES" / "messages.po").open("rb") as po:
        return read_po(po, locale=language)


def key(message: Message) -> tuple[str, str]:
    return message.context or "", forms(message.id)[0]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def translated(language: str) -> dict[tuple[str, str], Message]:
    return {key(message): message for message in catalog(language) if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_is_translated(language: str):
    known = translated(language)
    missing = [f"{place}: {words[1]!r}" for words, (_, place) in said().items() if words not in known]
    assert not missing, "run `make messages`, then translate:\n" + "\n".join(missing)
    empty = [words[1] for words, message in known.items() if not all(forms(message.string)) or not message.string]
    assert not empty, "\n".join(empty)
    plurals = [
        words[1]
        for words, message in known.items()
        if len(forms(message.string)) != (catalog(language).num_plurals if message.pluralizable else 1)
        or (words in said() and message.pluralizable != said()[words][0].pluralizable)
    ]
    assert not plurals, "\n".join(plurals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_left_over(language: str):
    assert not [message.id for message in catalog(language) if message.fuzzy and message.id]
    assert not list(catalog(language).obsolete)
    extra = [words[1] for words in translated(language) if words not in said()]
    assert not extra, "no longer said; run `make messages`:\n" + "\n".join(extra)


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language: str):
    wrong = []
    for message in translated(language).values():
        wanted = set(PLACEHOLDER.findall(" ".join(forms(message.id))))
        *few, many = [set(PLACEHOLDER.findall(each)) for each in forms(message.string)]
        # "One mail" may leave the number out; nothing may bring in what is not there.
        if many != wanted or any(one - wanted for one in few):
            wrong.append(f"{message.id!r}: {message.string!r}")
    assert not wrong, "\n".join(wrong)


def test_english_says_what_the_sources_say():
    wrong = [message.id for message in translated("en").values() if forms(message.string) != forms(message.id)]
    assert not wrong, wrong


@pytest.mark.parametrize("language", ["es", "pt"])
def test_no_sentence_is_left_in_english(language: str):
    """A word or two may be the same in both; a sentence is one that was copied."""
    same = [message.id for message in translated(language).values() if forms(message.string) == forms(message.id)]
    wrong = [each for each in same if len(WORD.findall(PLACEHOLDER.sub("", " ".join(forms(each))))) > 2]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tone_is_kept(language: str):
    """No exclamations, no pleading, quotation marks of the language."""
    unwanted = re.compile(r"[!¡]|\bpor favor\b|\bplease\b|\busted(es)?\b|<\w+>" + ("" if language == "en" else "|[“”]"))
    wrong = [
        each
        for message in translated(language).values()
        for each in forms(message.string)
        if unwanted.search(each.lower())
    ]
    assert not wrong, "\n".join(wrong)


def test_no_word_stands_outside():
    wrong = []
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  nothing is rendered
    for path in all_templates():
        if path != EXAMPLES:
            source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
            found = [*in_the_markup(source), *in_the_code(environment.parse(source))]
            wrong += [f"{where(path)}: {each!r}" for each in found]
    assert not wrong, "\n".join(wrong)


def in_the_markup(source: str) -> Iterator[str]:
    """Text between tags, and attributes that are read out."""
    markup = UNSEEN.sub(" ", JINJA.sub(" ", CLASSES.sub("", source)))
    for each in [*TAG.split(markup), *SPOKEN.findall(markup)]:
        words = set(WORD.findall(each)) - {part for name in NAMES for part in WORD.findall(name)}
        if words and "--" not in each and '="' not in each:  # what a macro puts into a tag: classes, attributes
            yield " ".join(each.split())


def in_the_code(node: nodes.Node) -> Iterator[str]:
    """Strings that begin as a sentence does, handed to something else than a translation."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATING:
        return
    value = node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""
    if value not in NAMES and SENTENCE.match(value):
        yield value
    for child in node.iter_child_nodes():
        yield from in_the_code(child)
