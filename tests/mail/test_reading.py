"""What is read out of mails: our letters, and the nasty kinds, which may not raise, hang, or give what no one can store."""

# ruff: noqa: E501 (cases that read better on one line)

import base64
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.mail import bodies, mime, reading
from app.mail.reading import Address, ParsedMail, read
from tests.quickness import assert_linear

LETTERS = Path(__file__).resolve().parents[1] / "letters"


def letter(name: str) -> ParsedMail:
    return read((LETTERS / name).read_bytes().replace(b"\n", b"\r\n"))


def mail(body: bytes = b"Hello", **headers: str | bytes) -> bytes:
    fields = {
        "From": "Ana <ana@client.example>",
        "Subject": "Hello",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    lines = [name.encode() + b": " + (v if isinstance(v, bytes) else v.encode()) for name, v in fields.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def quickly(raw: bytes) -> ParsedMail:
    parsed = assert_linear(reading._read, raw)  # without the last guard: here an exception is a failure
    assert_storable(parsed)
    return parsed


def assert_storable(parsed: ParsedMail) -> None:
    lines = [parsed.subject, parsed.from_name, parsed.from_address, parsed.message_id, *parsed.references]
    lines += [part for one in parsed.recipients for part in (one.name, one.address)]
    lines += [value for _, value in parsed.headers]
    lines += [text for part in parsed.attachments for text in (part.name, part.content_type, part.content_id)]
    for line in lines:
        assert "\n" not in line
        assert "\r" not in line
        assert "\0" not in line.encode("utf-8").decode()
    for text in (parsed.text, parsed.visible, parsed.quoted, parsed.html or "", parsed.visible_html or ""):
        assert "\0" not in text
        text.encode("utf-8")
    for part in parsed.attachments:
        assert 0 < len(part.name.encode()) <= 255
        assert "/" not in part.name
        assert "\\" not in part.name
        assert "\u202e" not in part.name


# ------------------------------------------------------------------ our own letters


def test_the_envelope_of_a_letter():
    parsed = letter("gmail_es.eml")
    assert parsed.subject == "Re: [#1042] La impresora no imprime"
    assert (parsed.from_name, parsed.from_address) == ("Belén Ortuño", "belen.ortuno@clinica.example")
    assert parsed.to == [Address("Soporte", "soporte@marlow.example")]
    assert parsed.message_id == "<CAF1es0001@mail.clinica.example>"
    assert parsed.references == parsed.in_reply_to == ["<9.8.7.0011@marlow.example>"]
    assert parsed.date == datetime(2026, 3, 3, 9, 15, 42, tzinfo=UTC)
    assert parsed.return_path is None
    assert parsed.defects == []


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("gmail_es.eml", "Hola:\n\nYa la hemos reiniciado y sigue igual. ¿Podéis venir mañana por la mañana?"),
        ("gmail_en_mobile.eml", "Yes, please go ahead."),
        ("outlook_es.eml", "Buenos días:\n\nEl usuario es apaz2. Gracias por la ayuda."),
        ("outlook_pt_desktop.eml", "Continua sem funcionar.\n\nSegue a imagem em anexo."),
        ("apple_es.eml", "Perfecto, la veo.\n\nGracias"),
        ("thunderbird_de.eml", "Ja, Donnerstag um neun passt gut."),
        ("yahoo_es.eml", "No ha llegado todavía."),
        ("our_marker_es.eml", "De acuerdo con la fecha."),
    ],
)
def test_the_visible_reply_is_what_the_person_wrote(name, visible):
    parsed = letter(name)
    assert parsed.visible == visible
    assert parsed.quoted
    for word in visible.split():
        assert word in parsed.text


def test_the_folded_html_loses_nothing_of_the_whole():
    parsed = letter("gmail_es.eml")
    assert "¿Habéis probado" in parsed.html
    assert "¿Habéis probado" not in parsed.visible_html
    assert parsed.visible_html.count("<div") == parsed.visible_html.count("</div>")


def test_answers_between_quoted_lines_stay_with_what_they_answer():
    visible = letter("gmail_pt_inline.eml").visible
    assert "> Qual é o número de série?\n\nÉ o OP-77." in visible
    assert "Sexta não, segunda sim." in visible
    assert "Obrigado" not in visible


def test_a_forward_without_a_comment_is_all_visible():
    assert "A encomenda chegou partida." in letter("forward_pt.eml").visible


def test_files_images_and_attached_mails():
    parsed = letter("attachments_es.eml")
    assert [part.name for part in parsed.attachments] == [
        "foto.png",
        "Parte de trabajo número 7.pdf",
        "líneas.csv",
        "Aviso anterior.eml",
    ]
    photo, pdf, table, attached = parsed.attachments
    assert (photo.inline, photo.content_id, photo.content[:4]) == (True, "foto1@almacen", b"\x89PNG")
    assert not pdf.inline
    assert pdf.content == b"%PDF-1.7\n%%EOF\n"
    assert table.size == len(table.content)
    assert attached.content_type == "message/rfc822"
    assert "not Sara's" not in parsed.text
    assert parsed.blocked_images == 1
    assert 'src="cid:foto1@almacen"' in parsed.html
    assert 'data-remote="https://track.example/p.gif"' in parsed.html


def test_an_invitation_without_text_says_what_it_is_about():
    parsed = letter("invitation.eml")
    assert parsed.text.startswith("Seal of the press, second visit\n2026-03-24 09:00 UTC")
    assert [part.content_type for part in parsed.attachments] == ["text/calendar"]


# ------------------------------------------------------------------ charsets and headers


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "Avería – “señal”"),
        ("us-ascii", "utf-8", "Avería"),
        ("us-ascii", "cp1252", "Avería en la máquina del señor Núñez"),
        ("iso-8859-1", "utf-8", "Avería"),
        ("utf-8", "cp1252", "La máquina está averiada, señor"),
        ("gb2312", "gb18030", "打印机坏了㐀"),
        ("ks_c_5601-1987", "cp949", "프린터가 고장났습니다 똠"),
        ("iso-2022-jp", "iso2022_jp", "印刷機が壊れました"),
        ("Shift_JIS", "cp932", "①印刷機が壊れました"),
        ("windows-874", "cp874", "เครื่องพิมพ์เสีย"),
        ("utf-16", "utf-16", "Avería"),
        ("x-unknown", "utf-8", "Avería"),
        ("idna", "utf-8", "Avería"),
        ("hex", "utf-8", "Avería"),
        ("'utf-8'", "utf-8", "Avería"),
        ("utf-7", "utf-7", "Avería"),
        ("koi8-r", "koi8-r", "Принтер сломался"),
        ("nonsense", "cp1251", "Принтер сломался, помогите"),
    ],
)
def test_charsets_as_browsers_map_them(label, codec, text):
    raw = mail(
        base64.b64encode(text.encode(codec)),
        Content_Type=f"text/plain; charset={label}",
        Content_Transfer_Encoding="base64",
    )
    assert quickly(raw).text == text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Aver=C3?= =?utf-8?q?=ADa?=", "Avería"),
        (b"=?utf-8?B?QXZlcsOtYQ==?=", "Avería"),
        (b"=?utf-8?B?QXZlcsOtYQ?=", "Avería"),
        (b"=?utf-8?B?!!!?=", "=?utf-8?B?!!!?="),
        (b"=?utf-8?q?two_words?= and more", "two words and more"),
        (b"Aver\xc3\xada", "Avería"),
        (b"Aver\xeda en la se\xf1al", "Avería en la señal"),
        (b"=?iso-8859-1?q?Aver=EDa?=", "Avería"),
        (b"=?utf-8*es?q?Aver=C3=ADa?=", "Avería"),
        (b"=?utf-8?q?one=0D=0ABcc:_evil@x.example?=", "one  Bcc: evil@x.example"),
        (b"folded\r\n over lines", "folded over lines"),
        (b"nul\0byte", "nul byte"),
        (b"", ""),
    ],
)
def test_subjects(raw, subject):
    assert quickly(mail(Subject=raw)).subject == subject


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        (b'"boss@bank.example" <evil@x.example>', "boss@bank.example", "evil@x.example"),
        (b"Doe, John <john@x.example>", "Doe, John", "john@x.example"),
        (b"john@x.example (John Doe)", "John Doe", "john@x.example"),
        (b"=?utf-8?q?Nu=C3=B1ez=2C_Ana?= <ana@x.example>", "Nuñez, Ana", "ana@x.example"),
        (b"Jos\xe9 <jose@x.example>", "José", "jose@x.example"),
        (b"Team: a@x.example, b@x.example;", "", "a@x.example"),
        (b"<john@x.example", "", "john@x.example"),
        (b"mailto:john@x.example", "", "john@x.example"),
        (b"MAILER-DAEMON", "", "MAILER-DAEMON"),
        (b"((((", "((((", ""),
        (b"=?utf-8?q?x=0D=0ABcc=3A?= <john@x.example>", "x Bcc:", "john@x.example"),
        (b"a@x.example, b@x.example", "", "a@x.example"),
        (b'"very odd"@x.example', "", '"very odd"@x.example'),
        (b"<>", "", ""),
        (b"", "", ""),
    ],
)
def test_senders(raw, name, address):
    parsed = quickly(mail(From=raw))
    assert (parsed.from_name, parsed.from_address) == (name, address)


def test_a_missing_or_doubled_from():
    assert quickly(b"Subject: x\r\n\r\nhello").from_address == ""
    assert quickly(b"From: \r\nFrom: a@x.example\r\n\r\nhello").from_address == "a@x.example"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=../../etc/passwd", "passwd"),
        ('attachment; filename="C:\\\\Windows\\\\win.ini"', "win.ini"),
        ("attachment; filename*=utf-8''%E2%80%AEgpj.exe", "gpj.exe"),
        ('attachment; filename="two\r\n lines.txt"', "two lines.txt"),
        ('attachment; filename*0="long "; filename*1="name.txt"', "long name.txt"),
        ("attachment; filename*0*=iso-8859-1''Aver%EDa; filename*1=.txt", "Avería.txt"),
        ("attachment; filename==?utf-8?q?Aver=C3=ADa=2Etxt?=", "Avería.txt"),
        ("attachment", "attachment.bin"),
        ("attachment; filename=" + "x" * 100_000 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_of_files(disposition, name):
    parsed = quickly(mail(b"data", Content_Type="application/octet-stream", Content_Disposition=disposition))
    assert [part.name for part in parsed.attachments] == [name]


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 99 Abc 9999 99:99:99 +9999", "5 Mar 1900 10:00:00 +0000", "5 Mar 99999 00:00"]
)
def test_absurd_dates_are_none(date):
    assert quickly(mail(Date=date)).date is None


def test_message_ids_missing_doubled_and_odd():
    assert quickly(mail()).message_id == ""
    assert quickly(b"Message-ID: <a@x>\r\nMessage-ID: <b@x>\r\n\r\n").message_id == "<a@x>"
    assert quickly(mail(Message_ID="a@x")).message_id == "<a@x>"
    many = quickly(mail(References=" ".join(f"<{n}@x>" for n in range(20_000)))).references
    assert len(many) <= 200
    assert many[0] == "<0@x>"


# ------------------------------------------------------------------ structure


def nested(depth: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"From: a@x.example\r\nSubject: deep\r\n" + head + b"Content-Type: text/plain\r\n\r\nhello\r\n"


def parts(count: int) -> bytes:
    return mail(
        b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count + b"--b--\r\n",
        Content_Type="multipart/mixed; boundary=b",
    )


NASTY = {
    "empty": b"",
    "one line": b"hello",
    "headers only": b"From: a@x.example\r\nSubject: x",
    "body only": b"\r\nhello",
    "mbox line": b"From a@x.example Thu Mar  5 10:00:00 2026\nFrom: a@x.example\n\nhello",
    "bare line feeds": b"From: a@x.example\nSubject: x\n\nhello\n",
    "bare carriage returns": b"From: a@x.example\rSubject: x\r\rhello\r",
    "nul bytes": b"From: a@x.example\r\nSubject: a\0b\r\n\r\nh\0i",
    "10,000 deep": nested(10_000),
    "messages 2,000 deep": b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"hello",
    "20,000 parts": parts(20_000),
    "1 MB header": mail(X_Long="x" * 1_000_000),
    "100,000 headers": b"X: y\r\n" * 100_000 + b"\r\nhello",
    "50,000 recipients": mail(To=", ".join(f"a{n}@x.example" for n in range(50_000))),
    "50,000 encoded words": mail(Subject=" ".join(["=?utf-8?q?a?="] * 50_000)),
    "unclosed encoded words": mail(Subject="=?a?q?" * 50_000),
    "unclosed quotes": mail(From='"\\' * 50_000),
    "unclosed comments": mail(From="(" * 100_000 + "@" * 1000),
    "long word as sender": mail(From="a" * 200_000),
    "no boundary": mail(b"--b\r\n\r\nhello\r\n--b--", Content_Type="multipart/mixed"),
    "boundary never seen": mail(b"hello", Content_Type="multipart/mixed; boundary=b"),
    "boundary never closed": mail(b"--b\r\n\r\nhello", Content_Type="multipart/mixed; boundary=b"),
    "boundaries of one letter": mail(b"--a\r\n" * 100_000, Content_Type="multipart/mixed; boundary=a"),
    "type twice": mail(b"hello", Content_Type="text/plain\r\nContent-Type: text/html"),
    "rubbish type": mail(b"hello", Content_Type="=?;/;x"),
    "rubbish parameters": mail(b"hello", Content_Type="text/plain;" + ';="' * 50_000),
    "unknown encoding": mail(b"hello", Content_Transfer_Encoding="zip64"),
    "broken quoted-printable": mail(b"h=ZZello=3", Content_Transfer_Encoding="quoted-printable"),
    "bad base64": mail(b"aGVsbG8*&^%=aGVs", Content_Transfer_Encoding="base64"),
    "script": mail(b"<script>alert(1)</script><p onclick=x()>hello</p>", Content_Type="text/html"),
    "100,000 nested tags": mail(b"<div>" * 100_000 + b"hello", Content_Type="text/html"),
    "reopened tags": mail(b"<b>" * 900 + b"<p>hello" * 5_000, Content_Type="text/html"),
    "20 MB of HTML": mail(b"<p>hello</p>" * 1_700_000, Content_Type="text/html"),
    "unclosed tags": mail(b"<a <b" * 100_000, Content_Type="text/html"),
    "quote bomb": mail(b"On a On b " * 20_000),
    "quote bomb in lines": mail(b"On a\r\nOn b <c@x.example>\r\n" * 20_000),
    "5,000 nested quotes": mail(b"\r\n".join(b">" * n for n in range(5_000))),
    "header blocks": mail(b"hi\r\n" + b"From: a\r\nSent: b\r\n" * 20_000),
    "10 MB of text": mail(b"hello world, this is a line of text\r\n" * 280_000),
    "one line of 5 MB": mail(b"hello " * 800_000),
    "underscores": mail(b"_" * 500_000 + b"\r\n" + b"-" * 500_000),
    "uuencode bomb": mail(b"begin 644 a\r\n" * 20_000),
    "winmail of nothing": mail(b"\x78\x9f\x3e\x22" + b"\0" * 400_000, Content_Type="application/ms-tnef; name=winmail.dat"),
    "winmail cut": mail(b"\x78\x9f\x3e\x22\x01\x00\x01", Content_Type="application/ms-tnef; name=winmail.dat"),
    "calendar rubbish": mail(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" * 5_000, Content_Type="text/calendar"),
    "broken report": mail(b"--b\r\nContent-Type: message/delivery-status\r\n\r\n:::\r\n--b--", Content_Type="multipart/report; boundary=b"),
    "random bytes": bytes((n * 7919 + n // 256) % 256 for n in range(100_000)),
    "compressed bytes": zlib.compress(b"x" * 1_000_000) * 50,
}  # fmt: skip


@pytest.mark.parametrize("kind", NASTY)
def test_nasty_mail_is_read_all_the_same(kind):
    parsed = quickly(NASTY[kind])
    if b"hello" in NASTY[kind] and kind not in ("10,000 deep", "messages 2,000 deep", "random bytes", "unclosed tags"):
        assert "hello" in parsed.text.lower() + parsed.html.lower() if parsed.html else "hello" in parsed.text.lower()


def test_limits_are_named():
    assert quickly(NASTY["10,000 deep"]).defects == ["boundary_not_closed", "too_deep"]
    assert "too_many_parts" in quickly(NASTY["20,000 parts"]).defects
    assert "headers_too_long" in quickly(NASTY["1 MB header"]).defects
    assert "too_many_headers" in quickly(NASTY["100,000 headers"]).defects
    assert "boundary_not_found" in quickly(NASTY["boundary never seen"]).defects


def test_a_large_attachment_is_decoded_once():
    content = bytes(range(256)) * 80_000
    raw = mail(
        base64.encodebytes(content),
        Content_Type="application/octet-stream; name=a.bin",
        Content_Transfer_Encoding="base64",
    )
    assert quickly(raw).attachments[0].content == content


def test_a_uuencoded_file_leaves_the_text():
    raw = mail(b"Here it is:\r\n\r\nbegin 644 note.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nBye\r\n")
    parsed = quickly(raw)
    assert [(part.name, part.content) for part in parsed.attachments] == [("note.txt", b"Cat")]
    assert "begin" not in parsed.text
    assert "Bye" in parsed.text


def test_a_list_footer_below_base64_is_text():
    raw = mail(
        base64.encodebytes("Señal perdida".encode()) + b"-- \r\nThe list\r\n",
        Content_Type="text/plain; charset=utf-8",
        Content_Transfer_Encoding="base64",
    )
    assert quickly(raw).text.split() == ["Señal", "perdida", "--", "The", "list"]


def test_flowed_lines_are_joined():
    raw = mail(b"This line \r\nflows on.\r\n> quoted \r\n> too\r\n-- \r\nAna", Content_Type="text/plain; format=flowed")
    assert quickly(raw).text == "This line flows on.\n> quoted too\n-- \nAna"


def test_html_charset_from_its_own_meta():
    raw = mail("<meta charset=windows-1251><p>Принтер</p>".encode("cp1251"), Content_Type="text/html")
    assert quickly(raw).text == "Принтер"


def test_an_exception_becomes_a_defect(monkeypatch):
    def fail(*_):
        raise RecursionError

    monkeypatch.setattr(bodies, "gather", fail)
    assert read(mail()).defects == ["unreadable", "RecursionError"]


# ------------------------------------------------------------------ fuzz


pieces = st.sampled_from(
    [b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html; charset=utf-16\r\n", b"--b", b"--b--", b"\r\n", b"\n", b"\r",
     b"Content-Transfer-Encoding: base64\r\n", b"=?utf-8?q?", b"?=", b"<a@b.c>", b'"', b"(", b";", b" ", b"\t", b"\0", b"\xff\xfe", b"\xe2\x80\xae", b"<div><b>", b"</div>",
     b"<blockquote type=cite>", b"On Mon, 1 Jan 2026 at 10:00, A <a@b.c> wrote:\r\n", b"> q\r\n", b"begin 644 x\r\n", b"-- \r\n", b"De: a\r\nEnviado: b\r\nPara: c\r\nAsunto: d\r\n",
     b"Content-Disposition: attachment; filename*=utf-8''%00%ff\r\n", b"message/rfc822", b"=\xed\xa0\x80"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(pieces, st.binary(max_size=20)), max_size=60).map(b"".join))
def test_no_bytes_raise(raw):
    assert_storable(reading._read(raw))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(pieces, st.binary(max_size=20)), max_size=60).map(b"".join))
def test_parts_lie_within_the_mail(raw):
    root = mime.Splitter(raw).split()
    for part in root.walk():
        assert 0 <= part.start <= part.end <= len(raw)
    assert re.fullmatch(r"[^/]+/[^/]+", root.type)
