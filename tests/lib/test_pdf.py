"""PDFs say in every script what the page said, and are made in a child that ends by itself."""

import os
import subprocess
import threading
import time
import warnings

import pytest

from app.lib import dangers, pdf, pdf_child, pdf_pages
from app.lib.child import Child
from tests.needs import insist, needs
from tests.tickets.sample_document import html_of, sample_authorization, sample_document, sample_message

SIMPLE = "<style>@page { size: a4; margin: 18mm }</style>"


@pytest.fixture(scope="module")
def one_child():
    yield
    pdf_child.stop()


@pytest.fixture
def child():
    child = Child("app.lib.pdf_child", idle=0.3, memory=pdf_child.MEMORY)
    yield child
    child.end()


def made(html, language="es"):
    return pdf.render(SIMPLE + html, title="Ticket 2417", language=language)


def words(data, *options):
    insist("poppler")
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def facts(data):
    insist("poppler")
    printed = subprocess.run(["pdfinfo", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return dict(line.split(":", 1) for line in printed.splitlines() if ":" in line)


@pytest.mark.parametrize(
    "text",
    [
        "Avería en la cámara nº 2: ¿cigüeña? ¡Sí! «1.248,50 €» ª º",
        "Manutenção e impressão: não há peças, às 8h",
        "It’s “fine” — 9 °C … ✓ ½ → ≤",
        "Ёлки и щука: объём, цех, Ґанок, њушка",
        "Άγγελος Παπαδόπουλος, ώρα Ϊ",
        "Ąžuolas Łódź Çağrı Ștefan Nguyễn",
    ],
)
def test_each_european_language_is_written_and_can_be_copied(text):
    assert text in words(made(f"<p>{text}</p><p><b>{text}</b></p>"))


@pytest.mark.parametrize("name", ["王小明", "山田 太郎", "スズキ", "김민준"])
@pytest.mark.parametrize("family", ["vsans, vcjk", "vserif, vsans, vcjk"])
def test_a_name_from_the_far_east_is_no_row_of_boxes(name, family):
    assert name in words(
        made(f"<style>p {{ font-family: {family} }}</style><p>Cliente: {name}, Vigo <b>{name}</b></p>")
    )


def test_a_hebrew_name_keeps_its_order_among_latin_words():
    assert "שלום כהן" in words(made("<p>Cliente: שלום כהן, Vigo</p>"))


def test_an_arabic_name_is_joined_and_in_order():
    import unicodedata

    printed = words(made("<p>Cliente: محمد علي, Vigo</p>"))
    letters = "".join(char for char in printed if unicodedata.bidirectional(char) == "AL" or char == " ")
    assert "محمد علي" in unicodedata.normalize("NFKC", letters)
    assert "ﻣﺤﻤﺪ" in printed  # in the forms that join, which is what the eye needs


def test_a_right_to_left_paragraph_stands_at_the_right():
    left, right = (
        words(made(f'<p dir="{way}">مرحبا</p>'), "-bbox").split('xMin="')[1].split('"')[0] for way in ("ltr", "rtl")
    )
    assert float(right) > float(left) + 300


def test_what_no_font_has_is_named_and_not_a_box():
    printed = words(made("<p>Gracias \U0001f44d\U0001f3fd ✌\ufe0f</p>"))
    assert "Gracias [U+1F44D]" in printed
    assert "✌" in printed


def test_a_missing_glyph_is_an_error_in_tests():
    with pytest.raises(pdf.MissingGlyph):
        made('<p style="font-family: vcjk">王 abc</p>')


def test_the_reader_is_told_title_and_language():
    data = pdf.render("<p>x</p>", title="Ticket 2417 – Añil", language="pt")
    assert facts(data)["Title"].strip() == "Ticket 2417 – Añil"
    assert b"/Lang (pt)" in data


@pytest.mark.parametrize("address", ["http://127.0.0.1:8139/x.png", "file:///etc/passwd", "/etc/passwd"])
def test_a_page_fetches_nothing(address):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pdf.PdfWarning)
        assert "root:" not in words(made(f'<p>Before <img src="{address}"> after</p>'))


@pytest.mark.parametrize(
    ("text", "way"), [("Hola", "ltr"), ("123 مرحبا abc", "rtl"), ("שלום", "rtl"), ("42 !", "ltr"), ("王", "ltr")]
)
def test_the_direction_of_a_text_is_that_of_its_first_letter(text, way):
    assert pdf.direction(text) == way


def test_plain_text_becomes_paragraphs():
    assert pdf.paragraphs("Hola,\r\nMarta\r\n\r\n \r\nשלום\n") == [
        {"text": "Hola,\nMarta", "dir": "ltr"},
        {"text": "שלום", "dir": "rtl"},
    ]


# The ticket's page


def test_the_ticket_says_everything_on_one_page():
    data = pdf.render(html_of(sample_document()), title="Ticket 2417", language="es")
    printed = words(data, "-layout")
    for said in (
        "Frigal Frío Industrial, S. L.", "2417", "La cámara frigorífica 2 no baja de 9 °C", "CM40-2021-00871",
        "más IVA", "Autorizada", "19/11/2026 11:06:42 (UTC+01:00)", "203.0.113.42", "Safari 19, iOS 20",
        "70ec8f163cd820ce0870b4a58ddb17fd7f64e91c9ecac1221b6e45052c4e9e58", "panel-camara-2.jpg (412 kB)",
        "Perfecto, le espero", "Las notas internas no se incluyen.", "1/1",
    ):  # fmt: skip
        assert said in printed
    assert facts(data)["Pages"].strip() == "1"
    assert "(A4)" in facts(data)["Page size"]


def test_the_evidence_is_never_cut_in_two():
    before = [sample_authorization(), sample_authorization()]  # the second does not fit on what is left of the page
    printed = words(pdf.render(html_of(sample_document(authorizations=before)), title="x", language="es"), "-layout")
    pages = [page for page in printed.split("\f") if page.strip()]
    for page in pages[:2]:
        assert page.count("Autorizo a Frigal") == page.count("Asked by") == page.count("SHA-256 de Pres") == 1
    assert "2/2" in pages[1]


@pytest.mark.parametrize("length", [20, 120, 320, 1500])
def test_a_text_of_any_length_is_printed_to_its_end(length):
    text = pdf.paragraphs(" ".join(f"palabra{number}" for number in range(length)) + " FIN")
    document = sample_document(
        authorizations=[sample_authorization(text=text, reason=text)],
        messages=[sample_message("Lucía", text[0]["text"])],
    )
    printed = words(pdf.render(html_of(document), title="x", language="es"), "-layout")
    assert max(len(line) for line in printed.splitlines()) < 160  # nothing runs out of the paper
    for word in (f"palabra{length - 1} ", "FIN"):
        assert printed.count(word) == 3
    assert "Asked by" in printed


def test_an_address_longer_than_its_line_stays_on_the_paper():
    address = "https://frigal.example/" + "a1" * 150 + "/end"
    document = sample_document(
        fields=[("Contacto", "mantenimiento.de.noche@hotelbahiaazul.example"), ("Estado", "Abierto")],
        authorizations=[sample_authorization(text=pdf.paragraphs(f"Autorizo lo que dice {address}"))],
        messages=[sample_message("Lucía", address)],
    )
    printed = words(pdf.render(html_of(document), title="x", language="es"), "-layout")
    assert max(len(line) for line in printed.splitlines()) < 160
    assert printed.replace("\n", "").replace(" ", "").count("a1" * 150 + "/end") == 2


@pytest.mark.parametrize("lines", range(20, 26))
def test_no_page_is_empty(lines):
    said = "\n\n".join("Una línea." for _line in range(lines))
    document = sample_document(messages=[sample_message("Lucía", said)])
    pages = words(pdf.render(html_of(document), title="x", language="es"), "-layout").rstrip("\f").split("\f")
    assert all("Una línea." in page or "Autorizo" in page for page in pages)


def test_a_waiting_request_has_no_signature_and_an_empty_ticket_no_conversation():
    asked = sample_authorization(
        signature=None, decision="Waiting for an answer", identified_by=None, decided_at=None, ip=None, browser=None,
        hashes=[],
    )  # fmt: skip
    company = sample_document()["company"] | {"logo": None, "details": ""}
    document = sample_document(authorizations=[asked], messages=[], company=company)
    printed = words(pdf.render(html_of(document), title="x", language="en"))
    assert "Waiting for an answer" in printed
    assert "IP address" not in printed
    assert "Conversation" not in printed


def test_what_people_write_is_text_and_never_markup():
    document = sample_document(
        subject="<b>x</b> & <img src=/etc/passwd>", messages=[sample_message("<i>Eve</i>", "a < b\nc")]
    )
    printed = words(pdf.render(html_of(document), title="<script>", language="es"))
    assert "<b>x</b> & <img src=/etc/passwd>" in printed
    assert "<i>Eve</i>" in printed


def test_a_ticket_costs_little_more_than_the_library_alone():
    import io

    from xhtml2pdf import pisa
    from xhtml2pdf.default import DEFAULT_CSS

    html = html_of(sample_document(messages=sample_document()["messages"] * 4))
    page = pdf._page(html, title="x", language="es")
    sheet = DEFAULT_CSS + pdf._stylesheet(pdf.LATIN_FACES)

    def alone():
        pisa.CreatePDF(page, dest=io.BytesIO(), encoding="utf-8", default_css=sheet)

    def ours():
        pdf.render(html, title="x", language="es")

    assert quickest(ours) < 1.5 * quickest(alone)


def quickest(work):
    spent = []
    for _ in range(4):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


# The child


def test_the_child_makes_the_same_page(one_child):
    data = pdf_child.render_in_child("<p>Avería 王</p>", title="Añil", language="es")
    assert "Avería 王" in words(data)
    assert pdf_child.is_running()


def test_a_child_that_died_is_replaced(one_child):
    pdf_child.render_in_child("<p>x</p>", title="x", language="es")
    os.kill(pdf_child._child._child.process.pid, 9)
    assert pdf_child.render_in_child("<p>x</p>", title="x", language="es").startswith(b"%PDF")


@pytest.mark.parametrize(("module", "ask"), [(dangers, dangers.found_in), (pdf_pages, pdf_pages.first_page)])
def test_a_file_is_not_given_up_because_the_child_had_just_ended(tmp_path, module, ask):
    place = tmp_path / "one.pdf"
    place.write_bytes(made("<p>x</p>"))
    first = ask(place)
    os.kill(module._child._child.process.pid, 9)
    assert ask(place) == first
    module._child.end()


@needs("poppler")
def test_threads_take_turns(one_child):
    pages, asked = {}, range(6)

    def ask(number):
        pages[number] = words(pdf_child.render_in_child(f"<p>Page {number}</p>", title="x", language="es"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in asked]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert [f"Page {number}" in pages[number] for number in asked] == [True] * 6


def test_a_page_that_takes_too_long_is_given_up(one_child):
    with pytest.raises(pdf_child.PdfTooSlow):
        pdf_child.render_in_child("<p>x y z</p>" * 20_000, title="x", language="es", seconds=0.5)
    assert pdf_child.render_in_child("<p>x</p>", title="x", language="es").startswith(b"%PDF")


def test_a_page_that_cannot_be_made_says_why_and_the_child_goes_on(one_child):
    with pytest.raises(pdf_child.PdfFailed, match="RenderLimitError"):
        pdf_child.render_in_child("<div>" * 300 + "x" + "</div>" * 300, title="x", language="es")
    assert pdf_child.is_running()


def test_a_warning_of_the_child_is_ours(one_child):
    with pytest.raises(pdf.MissingGlyph):
        pdf_child.render_in_child('<p style="font-family: vcjk">王 abc</p>', title="x", language="es")


def test_the_child_ends_when_idle(child):
    child.start()
    child.process.wait(timeout=10)
    assert not child.is_running()


def test_the_child_ends_with_its_worker(child):
    child.idle = 60
    child.start()
    child.process.stdin.close()
    assert child.process.wait(timeout=10) == 0


def test_the_child_inherits_no_secret(child, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "never-to-be-seen")
    child.idle = 60
    child.start()
    with open(f"/proc/{child.process.pid}/environ", "rb") as environment:
        assert b"never-to-be-seen" not in environment.read()
