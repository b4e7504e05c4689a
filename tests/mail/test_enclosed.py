"""No token of ours is left in the files of a mail that agents download, however they are encoded."""

import base64
import quopri
from email.header import Header

import pytest

from app.mail.enclosed import masked_file
from app.mail.reading import read
from tests.mail.incoming import mail, receive, support

TOKEN = "aB3-" * 10 + "xyZ"
LINK = f"https://support.acme.example/t/{TOKEN}"
WORDS = f"Follow it here: {LINK}\r\nThank you — gracias\r\n".encode()


def letter(encoding="8bit"):
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[encoding](WORDS)
    head = (
        f"From: help@acme.example\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}"
    )
    return head.encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_an_attached_letter_of_ours_opens_nothing_any_more(encoding):
    masked = masked_file(letter(encoding), "message/rfc822")
    inner = read(masked)
    assert TOKEN[3:] not in inner.text
    assert "support.acme.example/t/" in inner.text
    assert "Thank you — gracias" in inner.text
    assert inner.from_address == "help@acme.example"


def test_nor_a_letter_within_a_letter():
    inner = base64.encodebytes(letter("quoted-printable"))
    outer = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n"
    outer += b"Content-Transfer-Encoding: base64\r\n\r\n" + inner + b"\r\n--b--\r\n"
    found = read(masked_file(outer, "message/rfc822"))
    assert TOKEN[3:] not in read(found.attachments[0].content).text


@pytest.mark.parametrize("name", ["letter.html", "letter.txt", "letter.eml"])
def test_nor_a_saved_page(name):
    assert TOKEN.encode() not in masked_file(WORDS, "application/octet-stream", name)


@pytest.mark.parametrize("slash", ["&#47;", "&#x2F;", "&sol;", "&#047"])
def test_nor_an_address_written_with_entities(slash):
    page = f'<a title="&lt;b&gt;" href="{LINK}">x</a>'.replace("/t/", f"{slash}t{slash}").encode()
    masked = masked_file(page, "text/html")
    assert TOKEN[3:].encode() not in masked
    assert b'title="&lt;b&gt;"' in masked
    assert masked_file(b"<p>1 &#47; 2 &lt;i&gt;</p>", "text/html") == b"<p>1 &#47; 2 &lt;i&gt;</p>"


def test_nor_a_subject_in_encoded_words():
    subject = Header(f"Atención: {LINK}", "utf-8").encode()
    masked = masked_file(f"Subject: {subject}\r\n\r\nHello".encode(), "message/rfc822")
    assert TOKEN[3:] not in read(masked).subject
    plain = f"Subject: {Header('Atención', 'utf-8').encode()}\r\n\r\nHello /t/".encode()
    assert masked_file(plain, "message/rfc822") == plain


def test_what_holds_no_token_stays_byte_by_byte():
    for content in (letter("base64").replace(b"x", b"y")[:80], b"\xff\x00/t/abc", b"", b"a/t/" + b"z" * 44):
        assert masked_file(content, "message/rfc822", "a.eml") == content
    assert masked_file(WORDS, "application/pdf", "a.pdf") == WORDS


def test_the_file_at_the_desk(world, desk):
    support()
    entry = receive(mail("See this.", files=(("ours.eml", letter("base64")),)))
    file = entry.message.attachments.get()
    page = desk(world.ben).get(f"/desk/tickets/{entry.ticket.number}/attachments/{file.id}/original")
    assert TOKEN[3:] not in read(page.response.get_data()).text


def test_a_mail_over_a_limit_is_a_ticket_with_the_whole_of_it(world):
    support()
    many = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(2_000))
    head = mail().partition(b"\r\n\r\n")[0]
    raw = head.replace(b'text/plain; charset="utf-8"', b"multipart/mixed; boundary=b")
    entry = receive(raw + b"\r\n\r\n" + many + b"--b--\r\n")
    assert "It is attached as it came" in entry.message.text
    assert "message.eml" in [each.name for each in entry.message.attachments]
