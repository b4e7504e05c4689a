"""Parts of pages that are kept: never somebody else's token, never an old word, never text taken for markup."""

from contextlib import contextmanager
from sys import getsizeof

import pytest
from flask import g, render_template_string, session
from jinja2 import DictLoader
from markupsafe import Markup

from app.lib import db, kept

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def parts(app):
    """A page and its parts, beside the house's own templates."""
    environment = app.jinja_env
    templates = {
        "_said.html": "<p>{{ said }}</p>",
        "_form.html": "<form>{{ csrf_token() }} {{ form }}</form>",
        "_asked.html": "<p>{{ asked }}</p>",
    }
    environment.loader = DictLoader(templates)
    kept.forget()
    yield app
    kept.forget()


@contextmanager
def asking(app, **request):
    """A request, at whose end the connection goes back."""
    with app.app_context(), app.test_request_context("/", **request):
        yield
    db.acquire()


def drawn(app, part, user="ana", **values):
    with asking(app):
        session["user"] = user
        text = render_template_string(
            "{{ kept(part, *key, **values) }}", part=part, key=values.pop("key", ()), values=values
        )
        return text, g.get("csrf_token")


def test_what_was_drawn_is_found_again_while_its_key_is_the_same(parts, monkeypatch):
    monkeypatch.setattr(kept, "is_checked", False)
    assert drawn(parts, "_said.html", key=(1,), said="one")[0] == "<p>one</p>"
    assert drawn(parts, "_said.html", key=(1,), said="two")[0] == "<p>one</p>"
    assert drawn(parts, "_said.html", key=(2,), said="two")[0] == "<p>two</p>"


def test_under_test_a_key_that_says_too_little_is_noticed(parts):
    drawn(parts, "_said.html", key=(1,), said="one")
    with pytest.raises(kept.NotTheSame):
        drawn(parts, "_said.html", key=(1,), said="two")


def test_each_reader_has_their_own_token_and_each_form_its_own_key(parts):
    first, token = drawn(parts, "_form.html", fresh="key-of-the-first", form="key-of-the-first")
    second, other = drawn(parts, "_form.html", user="bea", fresh="key-of-the-second", form="key-of-the-second")
    assert token != other
    assert first == f"<form>{token} key-of-the-first</form>"
    assert second == f"<form>{other} key-of-the-second</form>"


def test_a_function_is_asked_only_when_the_part_is_drawn(parts, monkeypatch):
    monkeypatch.setattr(kept, "is_checked", False)
    asked = []
    for _ in range(3):
        drawn(parts, "_asked.html", asked=lambda: asked.append(1) or "once")
    assert asked == [1]


def test_each_language_has_its_own(parts, monkeypatch):
    monkeypatch.setattr(kept, "is_checked", False)
    for language in ("es", "en"):
        with asking(parts, headers={"Accept-Language": language}):
            text = render_template_string("{{ kept('_said.html', said=said) }}", said=language)
        assert text == f"<p>{language}</p>"


def test_only_so_many_are_kept_and_no_huge_one(parts, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3 * getsizeof("<p>0</p>"))
    for number in range(5):
        drawn(parts, "_said.html", key=(number,), said=number)
    assert [key[2] for key in kept._parts] == [(2,), (3,), (4,)]
    drawn(parts, "_said.html", key=("huge",), said="x" * kept.LARGEST)
    assert len(kept._parts) == 3


def test_a_component_does_not_take_text_for_markup(app):
    page = "{{ ui.tag(words) }}"
    for words, shown in [(Markup("<b>x</b>"), "<b>x</b>"), ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;")] * 2:
        with asking(app):
            assert shown in render_template_string(page, words=words)


def test_a_component_with_a_form_has_the_token_of_its_reader(app):
    tokens = []
    for user in ("ana", "bea"):
        with asking(app):
            session["user"] = user
            text = render_template_string("{{ ui.post_button('Go', '/there') }}")
            assert g.csrf_token in text
            tokens.append(g.csrf_token)
    assert tokens[0] != tokens[1]
