"""A page as a person finds their way in it: by regions, headings, labels and words; and checked while it is read."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

both_ways = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])

REGIONS = {
    "section", "article", "aside", "nav", "main", "header", "footer", "form", "dialog", "fieldset", "table", "ol", "ul",
    "dl", "search", "div", "details",
}  # fmt: skip
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
SCRIPT_TYPES = {"application/json", "application/ld+json"}


class Node:
    """One element, and how to find others in it. Names are compared without regard to spaces around them."""

    def __init__(self, element: Element, page: "Page") -> None:
        self.element = element
        self.page = page

    def __getitem__(self, attribute: str) -> str:
        return self.element.attrib[attribute]

    def get(self, attribute: str, default: str = "") -> str:
        return self.element.get(attribute, default)

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __repr__(self) -> str:
        return f"<{self.element.tag} {dict(self.element.attrib)} {self.text[:80]!r}>"

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def text(self) -> str:
        """All its words, with single spaces."""
        return " ".join("".join(_words(self.element)).split())

    def all(self, *tags: str) -> list["Node"]:
        return [Node(each, self.page) for each in self.element.iter() if not tags or each.tag in tags]

    def region(self, name: str) -> "Node":
        """The part of the page with this name: by aria-label, by the heading it is labelled with, or its legend."""
        return self._one("region", name, (each for each in self.all(*REGIONS) if each.name == name))

    def regions(self) -> list[str]:
        return [each.name for each in self.all(*REGIONS) if each.name]

    def button(self, name: str) -> "Node":
        found = [each for each in self.all("button", "input", "summary") if _is_button(each)]
        return self._one("button", name, (each for each in found if each.name == name))

    def has_button(self, name: str) -> bool:
        return any(each.name == name for each in self.all("button", "input", "summary") if _is_button(each))

    def link(self, name: str) -> "Node":
        return self._one("link", name, (each for each in self.all("a") if each.name == name and each.get("href")))

    def has_link(self, name: str) -> bool:
        return any(each.name == name for each in self.all("a"))

    def heading(self, name: str) -> "Node":
        return self._one("heading", name, (each for each in self.all("h1", "h2", "h3", "h4") if each.name == name))

    def field(self, label: str) -> "Node":
        """The input, select or textarea with this label; of radio buttons, the one."""
        fields = (each for each in self.all("input", "select", "textarea") if each.get("type") not in UNLABELLED)
        return self._one("field", label, (each for each in fields if each.name == label))

    def has_field(self, label: str) -> bool:
        return any(each.name == label for each in self.all("input", "select", "textarea"))

    @property
    def value(self) -> str:
        """What a form would send for this field now."""
        if self.tag == "textarea":
            return self.text if self.element.text is None else self.element.text.removeprefix("\n")
        if self.tag == "select":
            options = self.all("option")
            chosen = next((each for each in options if "selected" in each.element.attrib), options[0])
            return chosen.get("value", chosen.text)
        return self.get("value", "on" if self.get("type") in ("checkbox", "radio") else "")

    @property
    def name(self) -> str:
        """The accessible name, as far as our pages need the rules."""
        if ids := self.get("aria-labelledby"):
            return " ".join(self.page.by_id(each).text for each in ids.split())
        if label := self.get("aria-label"):
            return label.strip()
        if self.tag in ("input", "select", "textarea") and self.get("type") not in UNLABELLED:
            return self.page.label_of(self)
        if self.tag == "input":
            return self.get("value")
        if self.tag in REGIONS:
            child = next((each for each in self.element if each.tag in ("legend", "caption", "summary")), None)
            return Node(child, self.page).text if child is not None else ""
        return self.text or self.get("title")

    def _one(self, role: str, name: str, found: Iterator["Node"]) -> "Node":
        matches = list(found)
        assert matches, f"no {role} {name!r} in: {self.text[:1500]}"
        return matches[0]


class Page(Node):
    """An answer of the server, valid HTML5 or the test fails; `client` is the browser that shows it."""

    def __init__(self, response: Any, client: Any = None, whole: bool = True) -> None:
        self.response, self.client, self.whole = response, client, whole
        self.status: int = response.status_code
        self.headers = response.headers
        self.html = response.get_data().decode(errors="replace")  # a file may be anything
        self.is_html = response.mimetype == "text/html"
        super().__init__(_parse(self.html, whole) if self.is_html and self.html else Element("html"), self)
        self.parents = {child: parent for parent in self.element.iter() for child in parent}
        self.ids = {each.get("id"): each for each in self.element.iter() if each.get("id")}
        if self.is_html and self.html:
            self.insist_sound()

    def by_id(self, name: str) -> Node:
        assert name in self.ids, f"nothing has the id {name!r}"
        return Node(self.ids[name], self)

    def label_of(self, field: Node) -> str:
        for label in self.all("label"):
            if label.get("for") and label.get("for") == field.get("id"):
                return label.text
        parent = self.parents.get(field.element)
        while parent is not None:
            if parent.tag == "label":
                return Node(parent, self).text
            parent = self.parents.get(parent)
        return field.get("title")

    def form_of(self, node: Node) -> Node:
        """The form that this button or field belongs to."""
        if node.get("form"):
            return self.by_id(node["form"])
        parent = self.parents.get(node.element)
        while parent is not None and parent.tag != "form":
            parent = self.parents.get(parent)
        assert parent is not None, f"{node!r} stands in no form"
        return Node(parent, self)

    def press(self, name: str, /, within: Node | None = None, htmx: bool = False, **fields: Any) -> "Page":
        """Presses this button, its form filled with `fields` (by name) over what stands in it."""
        button = (within or self).button(name)
        form = self.form_of(button)
        values = {**form_values(form), **fields}
        if button.get("name"):
            values.setdefault(button["name"], button.get("value"))
        action = button.get("formaction") or form["action"]
        send = self.client.get if form.get("method", "get").lower() == "get" else self.client.post
        return send(action, htmx=htmx, **values)

    def follow(self, name: str, htmx: bool = False) -> "Page":
        return self.client.get(self.link(name)["href"], htmx=htmx)

    @property
    def title(self) -> str:
        return next((each.text for each in self.all("title")), "")

    @property
    def h1(self) -> str:
        return next((each.text for each in self.all("h1")), "")

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    def insist_sound(self) -> None:
        """What every page and fragment promises."""
        ids = [each.get("id") for each in self.element.iter() if each.get("id")]
        assert len(ids) == len(set(ids)), f"ids twice: {sorted({each for each in ids if ids.count(each) > 1})}"
        assert "Content-Security-Policy" in self.headers, "no Content-Security-Policy"
        for node in self.all():
            self._insist_no_inline(node)
        for form in self.all("form"):
            assert form.get("action") or form.get("method") == "dialog", f"a form without action: {form!r}"
            assert form.get("hx-post", form.get("action")) == form.get("action"), f"hx-post and action differ: {form!r}"
        for field in self.all("input", "select", "textarea"):
            if field.get("type") not in UNLABELLED and not _is_out_of_reach(field, self):
                assert field.name, f"a field without a label: {field!r}"
        if self.whole:
            assert len(self.all("h1")) == 1, f"{len(self.all('h1'))} h1 on the page"
            assert self.title.startswith(self.h1), f"title {self.title!r} does not begin with the h1 {self.h1!r}"
            assert next(iter(self.all("html"))).get("lang"), "the page does not say its language"

    def _insist_no_inline(self, node: Node) -> None:
        for attribute in node.element.attrib:
            assert attribute != "style", f"style= on {node!r}"
            assert not re.match(r"on[a-z]+$", attribute), f"{attribute}= on {node!r}"
        if node.tag == "script" and node.get("type") not in SCRIPT_TYPES:
            assert node.get("src"), f"an inline script: {node!r}"
        assert node.tag != "style", "a <style> in the page"


def form_values(form: Node) -> dict[str, Any]:
    """What the browser would send: hidden fields, texts, what is ticked and chosen."""
    values: dict[str, Any] = {}
    belongs = [each for each in form.page.all("input", "select", "textarea") if _form_id(each) == form.element]
    for field in belongs:
        name, kind = field.get("name"), field.get("type")
        if not name or kind in ("submit", "button", "image", "reset", "file") or "disabled" in field.element.attrib:
            continue
        if kind in ("checkbox", "radio") and "checked" not in field.element.attrib:
            continue
        if name in values and kind in ("checkbox", "hidden"):
            values[name] = [*(values[name] if isinstance(values[name], list) else [values[name]]), field.value]
        else:
            values[name] = field.value
    return values


def _form_id(field: Node) -> Element | None:
    if field.get("form"):
        return field.page.ids.get(field["form"])
    parent = field.page.parents.get(field.element)
    while parent is not None and parent.tag != "form":
        parent = field.page.parents.get(parent)
    return parent


def _is_button(node: Node) -> bool:
    return node.tag != "input" or node.get("type") in ("submit", "button", "image")


def _is_out_of_reach(field: Node, page: Page) -> bool:
    """A honeypot: hidden from everybody but robots."""
    parent: Element | None = field.element
    while parent is not None:
        if parent.get("aria-hidden") == "true" or "hidden" in parent.attrib:
            return True
        parent = page.parents.get(parent)
    return False


def _words(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template") or "hidden" in element.attrib:
        return
    if not isinstance(element.tag, str):  # a comment
        return
    inline = element.tag in ("a", "b", "em", "i", "span", "strong", "mark", "abbr", "bdi", "code", "small")
    yield "" if inline else " "
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield "" if inline else " "


def _parse(html: str, whole: bool) -> Element:
    """Strictly: the parser's own errors (a tag left open, a div in a p) fail the test."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        if whole:
            return parser.parse(html)
        first = re.match(r"\s*(?:<!--.*?-->\s*)*<(\w+)", html, re.DOTALL)
        container = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "option": "select"}
        return parser.parseFragment(html, container=container.get(first.group(1) if first else "", "div"))
    except html5lib.html5parser.ParseError as problem:
        line, column = parser.errors[-1][0] if parser.errors else (0, 0)
        near = html.splitlines()[max(0, line - 2) : line + 1]
        raise AssertionError(f"not valid HTML5: {problem} at {line}:{column}: {near}") from None
