"""The pad in a real browser, under the strict policy: drawn by mouse, kept over a turn and a refusal, or typed."""

import json
import threading
from pathlib import Path

import pytest
from flask import Flask, request
from flask_babel import Babel, gettext
from werkzeug.serving import make_server
from wtforms import BooleanField, Form, HiddenField, StringField

from app.authorizations import signature

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
SHEETS = [
    *(f"base/{name}" for name in ("layers", "reset", "tokens", "elements", "utilities")),
    *(f"components/{name}" for name in ("field", "choice", "button", "icon")),
    "authorizations/signature",
]
PAGE = """<!doctype html><html lang="en" data-face="portal"><head><meta charset="utf-8"><title>Sign</title>
<link rel="icon" href="/static/icons.svg">
{% for sheet in sheets %}<link rel="stylesheet" href="/static/{{ sheet }}.css">{% endfor %}
<script type="module" src="/static/authorizations/signature-pad.js"></script></head><body><main><h1>Sign</h1>
<form method="post">{% include "authorizations/_signature.html" %}<button>Confirm</button></form>
<pre>{{ said }}</pre></main></body></html>"""


class SignatureForm(Form):
    name = StringField("Your name")
    strokes = HiddenField()
    typed = BooleanField("I sign by typing my name")


@pytest.fixture(scope="module")
def address():
    app = Flask("pad", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    Babel(app)

    @app.route("/", methods=["GET", "POST"])
    def sign():
        form, said = SignatureForm(request.form), ""
        if request.method == "POST":
            signed = signature.read(name=form.name.data, strokes=form.strokes.data or "", typed=form.typed.data)
            said = f"{signed.kind} {signed.canonical().decode()}" if signed else "nothing"
        values = {"form": form, "said": said, "_": gettext, "asset": lambda name: f"/static/{name}"}
        ui = app.jinja_env.get_template("components/ui.html", globals=values | {"csrf_token": str}).module
        return app.jinja_env.from_string(PAGE).render(ui=ui, sheets=SHEETS, **values)

    app.after_request(lambda answer: answer.headers.update({"Content-Security-Policy": POLICY}) or answer)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium, address):
    """Opens the page; afterwards nothing may have been said on the console."""
    contexts, said = [], []

    def open_page(**options):
        context = chromium.new_context(viewport={"width": 390, "height": 700}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def draw(page):
    box = page.get_by_role("img", name="Sign here").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(box["x"] + 30 + step * 9, box["y"] + 60 + (step % 4) * 12)
    page.mouse.up()
    return box


def posted(page):
    """What the server read, once its answer has come and its script has run."""
    with page.expect_event("load"):
        page.get_by_role("button", name="Confirm").click()
    return page.locator("pre").inner_text()


def test_a_drawing_is_signed_and_stays_after_a_refusal(visit):
    page = visit()
    box = draw(page)
    kind, data = posted(page).split(" ", 1)
    drawn = json.loads(data)
    assert kind == "drawn"
    assert drawn["width"] == pytest.approx(box["width"], abs=3)
    assert len(drawn["strokes"][0]) > 10
    assert abs(drawn["strokes"][0][0][0] - 30) < 3
    assert posted(page).startswith("drawn ")  # the page came back with the drawing in it
    page.set_viewport_size({"width": 320, "height": 700})
    narrow = f"JSON.parse(document.querySelector('[name=strokes]').value).width < {drawn['width']} - 30"
    page.wait_for_function(narrow, polling=100)
    assert posted(page).startswith("drawn ")


def test_clear_and_redo_clears(visit):
    page = visit()
    draw(page)
    page.get_by_role("button", name="Clear and redo").click()
    assert posted(page) == "nothing"


def test_the_typed_name_is_an_equal_way_by_keyboard(visit):
    page = visit()
    page.get_by_label("Your name").fill("Lucía Herrero")
    page.get_by_role("button", name="Sign by typing my name").press("Enter")
    assert page.get_by_role("img", name="Sign here").is_hidden()
    assert page.locator("output").inner_text() == "Lucía Herrero"
    assert page.get_by_label("I sign by typing my name").is_checked()
    assert posted(page) == 'typed {"name":"Lucía Herrero"}'
    page.get_by_role("button", name="Draw my signature").click()
    assert page.get_by_role("img", name="Sign here").is_visible()
    assert posted(page) == "nothing"


def test_without_script_the_typed_name_signs(visit):
    page = visit(java_script_enabled=False)
    assert page.get_by_role("img", name="Sign here").is_hidden()
    assert page.get_by_role("button", name="Clear and redo").is_hidden()
    page.get_by_label("Your name").fill("Lucía Herrero")
    page.get_by_label("I sign by typing my name").check()
    assert posted(page) == 'typed {"name":"Lucía Herrero"}'
