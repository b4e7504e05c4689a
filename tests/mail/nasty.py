"""Nasty mails of every kind that libraries fail on (the list is in the rules of mail), made by code.

Each carries `WORD` somewhere a person would miss it: in its text, in a file, in its subject or as a file's name.
"""

# ruff: noqa: E501 (tables of cases that read better on one line)

import base64
import gzip
from collections.abc import Iterator

WORD = "zafirolento"
B64 = base64.b64encode(f"{WORD} añil\n".encode())
HEAD = b"From: Ana <ana@client.example>\r\nTo: help@acme.example\r\nSubject: Hola\r\nMessage-ID: <nasty@client.example>\r\n"
CASES: dict[str, bytes] = {}


def plain(body: bytes | str = WORD, *lines: bytes, head: bytes = HEAD) -> bytes:
    """A mail with further header lines."""
    content = body.encode() if isinstance(body, str) else body
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + content + b"\r\n"


def without(*names: bytes) -> bytes:
    """The usual header lines but for these."""
    return b"".join(line + b"\r\n" for line in HEAD.split(b"\r\n") if line and line.split(b":")[0].lower() not in names)


def parts(*contents: bytes, kind: bytes = b"mixed", boundary: bytes = b"b", closed: bool = True) -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in contents)
    end = b"--" + boundary + b"--" if closed else b""
    return plain(body + end, b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"')


def text(words: str = WORD, kind: bytes = b"plain") -> bytes:
    return b"Content-Type: text/" + kind + b"; charset=utf-8\r\n\r\n" + words.encode()


def file(name: bytes, content: bytes = b"x", extra: bytes = b"") -> bytes:
    head = b"Content-Type: application/octet-stream" + extra + b"\r\nContent-Disposition: attachment; " + name
    return head + b"\r\n\r\n" + content


def _all() -> Iterator[tuple[str, bytes]]:
    yield from _deep()
    yield from _huge_headers()
    yield from _encoded()
    yield from _charsets()
    yield from _authors()
    yield from _structure()
    yield from _ids_and_dates()
    yield from _files()
    yield from _documents()
    yield from _bombs()
    yield from _reports()


def _deep() -> Iterator[tuple[str, bytes]]:
    for depth in (40, 10_000):
        heads = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(depth))
        yield f"multipart {depth} deep", HEAD + heads + text()
    inner = text()
    for depth in (5, 2_000):
        heads = b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n" * depth
        yield f"message {depth} deep", plain(b"", head=HEAD)[:-4] + b"\r\n" + heads + inner
    yield "20,000 parts", parts(text(), *([b"Content-Type: text/plain\r\n\r\nx"] * 20_000))
    yield "20,000 empty parts", parts(text(), *([b""] * 20_000))
    yield "nothing but boundaries", parts(*([b""] * 5_000), text())


def _huge_headers() -> Iterator[tuple[str, bytes]]:
    yield "a header of 1 MB", plain(WORD, b"X-Long: " + b"y" * 1_000_000)
    yield "a folded header of 1 MB", plain(WORD, b"X-Long: " + b"y\r\n " * 300_000)
    yield "100,000 headers", plain(WORD, *([b"X-H: 1"] * 100_000))
    yield "50,000 recipients", plain(WORD, b"Cc: " + b", ".join(b"p%d@x.example" % n for n in range(50_000)))
    yield "a sender of quotes that never end", plain(WORD, b"From: " + b'"\\' * 200_000, head=without(b"from"))
    yield "20,000 references", plain(WORD, b"References: " + b" ".join(b"<%d@x.example>" % n for n in range(20_000)))
    words = b" ".join([b"=?utf-8?q?palabra?="] * 50_000)
    yield "a subject of 50,000 words", plain(WORD, b"Subject: " + words, head=without(b"subject"))
    yield "a line of 5 MB", plain(WORD + " " + "z" * 5_000_000)
    yield "a header without a colon", plain(WORD, b"this is no header", b"X-After: 1")
    yield "a header that begins with a space", b" X: 1\r\n" + plain(WORD)


def _encoded() -> Iterator[tuple[str, bytes]]:
    for name, subject in {
        "a subject of bad base64": b"=?utf-8?b?!!!" + B64 + b"?=",
        "a subject of cut base64": b"=?utf-8?b?" + B64[:-3] + b"?=",
        "an encoded word that splits a character": b"=?utf-8?q?a=C3?= =?utf-8?q?=B1o?=",
        "line breaks inside an encoded word": b"=?utf-8?q?a=0D=0ABcc:_evil@x.example?=",
        "NUL inside an encoded word": b"=?utf-8?q?a=00b?=",
        "an encoded word in an unknown charset": b"=?x-klingon?q?abc?=",
        "an encoded word of an unknown encoding": b"=?utf-8?z?abc?=",
        "an encoded word with a language": b"=?utf-8*es?q?a=C3=B1o?=",
        "an encoded word without an end": b"=?utf-8?q?a=C3=B1o",
        "a raw 8-bit subject": "año".encode("latin-1"),
        "a raw utf-8 subject": "año ☂".encode(),
        "a subject of surrogates": b"=?utf-8?b?7aCA?=",
        "a subject with a direction override": "\u202egpj.exe".encode(),
    }.items():
        yield name, plain(WORD, b"Subject: " + subject, head=without(b"subject"))
    yield "a body of bad base64", plain(B64[:6] + b"!!\r\n??" + B64[6:], b"Content-Transfer-Encoding: base64")
    yield "a body of cut base64", plain(B64[:-2], b"Content-Transfer-Encoding: base64")
    yield "broken quoted-printable", plain(WORD + " =ZZ =C3 =\r\n=", b"Content-Transfer-Encoding: quoted-printable")
    yield "an unknown transfer encoding", plain(WORD, b"Content-Transfer-Encoding: x-uuzip")
    yield (
        "two transfer encodings",
        plain(WORD, b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: base64"),
    )
    yield "base64 with a plain footer", plain(B64 + b"\r\n____\r\nA list", b"Content-Transfer-Encoding: base64")


def _charsets() -> Iterator[tuple[str, bytes]]:
    for label in (
        b"idna",
        b"hex",
        b"zlib",
        b"undefined",
        b"x-rubbish",
        b"",
        b"\xff\xfe",
        b"unicode_escape",
        b"utf-8;;",
        b"8bit",
    ):
        yield f"the charset {label!r}", plain(WORD + " año", b"Content-Type: text/plain; charset=" + label)
    for label, codec in {
        "utf-16": "utf-16", "utf-16 without a mark": "utf-16-le", "gb18030": "gb18030", "cp932 as iso-2022-jp": "cp932",
        "cp1252 as latin-1": "cp1252", "cp1252 as utf-8": "cp1252", "no charset": "cp1252", "koi8-r": "koi8-r",
    }.items():  # fmt: skip
        said = {"cp932 as iso-2022-jp": b"iso-2022-jp", "cp1252 as latin-1": b"iso-8859-1", "cp1252 as utf-8": b"utf-8",
                "utf-16 without a mark": b"utf-16le", "no charset": b""}.get(label, label.encode())  # fmt: skip
        words = {"koi8-r": " Привет", "gb18030": " 你好", "cp932 as iso-2022-jp": " 日本語"}.get(
            label, " “año” €" if "cp1252" in codec else " año"
        )
        content = base64.encodebytes((WORD + words).encode(codec))
        kind = b"Content-Type: text/plain" + (b"; charset=" + said if said else b"")
        yield f"text in {label}", plain(content, kind, b"Content-Transfer-Encoding: base64")
    yield "utf-7", plain("zafirolento +AOE-", b"Content-Type: text/plain; charset=utf-7")


def _authors() -> Iterator[tuple[str, bytes]]:
    for name, lines in {
        "no author": [],
        "two authors": [b"From: a@x.example", b"From: b@y.example"],
        "several authors": [b"From: a@x.example, B <b@y.example>"],
        "a group for an author": [b"From: team: a@x.example, b@y.example;"],
        "an empty group": [b"From: undisclosed-recipients:;"],
        "a name that is another address": [b'From: "boss@acme.example" <mallory@evil.example>'],
        "an author with NUL": [b'From: "A\x00B" <a@x.example>'],
        "line breaks in a name": [b"From: =?utf-8?q?A=0D=0ABcc=3A_x?= <a@x.example>"],
        "an author in 8 bit": ["From: José <jose@x.example>".encode("latin-1")],
        "an address without a domain": [b"From: root"],
        "an address of 5,000 characters": [b"From: <" + b"x" * 5000 + b"@x.example>"],
        "comments within comments": [b"From: (" + b"(" * 5000 + b"a@x.example"],
        "5,000 angles": [b"From: " + b"<" * 5000 + b"a@x.example"],
        "quotes without an end": [b'From: "a <a@x.example>'],
    }.items():
        yield name, plain(WORD, *lines, head=without(b"from"))


def _structure() -> Iterator[tuple[str, bytes]]:
    yield "no boundary", plain(f"--b\r\n\r\n{WORD}\r\n--b--", b"Content-Type: multipart/mixed")
    yield "a boundary never seen", plain(WORD, b'Content-Type: multipart/mixed; boundary="never"')
    yield "a boundary never closed", parts(text(), text("more"), closed=False)
    yield "a boundary that begins another", parts(parts(text(), boundary=b"bb")[len(HEAD) :], boundary=b"b")
    yield (
        "text before and after the parts",
        plain(f"before\r\n--b\r\n\r\n{WORD}\r\n--b--\r\nafter", b"Content-Type: multipart/mixed; boundary=b"),
    )
    yield "two types", plain(WORD, b"Content-Type: text/plain", b"Content-Type: text/html")
    yield "a rubbish type", plain(WORD, b"Content-Type: ;;;===\xff/")
    yield "a type of one word", plain(WORD, b"Content-Type: text")
    yield (
        "10,000 parameters",
        plain(WORD, b"Content-Type: text/plain; " + b"; ".join(b"a%d=1" % n for n in range(10_000))),
    )
    yield "headers only", HEAD.replace(b"Hola", WORD.encode())
    yield "a body only", b"\r\n" + WORD.encode()
    yield "an mbox line", b"From ana@client.example Mon Mar 16 10:00:00 2026\r\n" + plain(WORD)
    yield "bare line feeds", plain(WORD).replace(b"\r\n", b"\n")
    yield "bare carriage returns", plain(WORD).replace(b"\r\n", b"\r")
    yield "NUL bytes", plain(WORD.encode() + b"\x00\x00 more \x00")
    yield (
        "format=flowed of one long quote",
        plain((">" * 200 + " x \r\n") * 500 + WORD, b"Content-Type: text/plain; format=flowed"),
    )


def _ids_and_dates() -> Iterator[tuple[str, bytes]]:
    for name, lines in {
        "no id": [],
        "two ids": [b"Message-ID: <1@x.example>", b"Message-ID: <2@x.example>"],
        "an id with spaces": [b"Message-ID: < a b @ x >"],
        "an id of 10,000 characters": [b"Message-ID: <" + b"i" * 10_000 + b"@x.example>"],
        "an id with NUL": [b"Message-ID: <a\x00b@x.example>"],
    }.items():
        yield name, plain(WORD, *lines, head=without(b"message-id"))
    for date in (
        b"Fri, 31 Dec 9999 23:59:59 -2359",
        b"0",
        b"yesterday",
        b"Mon, 99 Foo 2026 99:99:99 +9999",
        b"\xff",
        b"1 Jan 1 00:00 +0000",
        b"Tue, 1 Jan 99999999999 0:0",
    ):
        yield f"the date {date!r}", plain(WORD, b"Date: " + date)


def _files() -> Iterator[tuple[str, bytes]]:
    for name in (
        b'filename="../../etc/passwd"', b'filename="C:\\\\Windows\\\\win.ini"', b'filename="a\x00b.pdf"', b'filename="a\r\n b.pdf"',
        b"filename*=utf-8''%E2%80%AEfdp.exe", b"filename*0*=utf-8''a%20; filename*1=b; filename*2*=%63.txt", b"filename*99=z; filename*0=a",
        b'filename="=?utf-8?b?' + base64.b64encode("año.txt".encode()) + b'?="', b"filename=", b'filename="."', b'filename=".."', b'filename="con.txt"',
        b"filename*=x-rubbish'x'%ZZ%", b'filename="' + b"n" * 100_000 + b'.txt"', b'filename="' + "ñ".encode() * 200 + b'.txt"', b"filename=a b c.txt",
    ):  # fmt: skip
        yield f"the file {name[:40]!r}", parts(text(), file(name, WORD.encode()))
    yield "a file in the type alone", parts(text(), b'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF')
    yield "a file of nothing", parts(text(), file(b"filename=empty.txt", b""))
    yield (
        "a file that is the whole mail",
        plain(WORD, b'Content-Type: application/pdf; name="a.pdf"', b"Content-Disposition: attachment"),
    )
    yield "two files of one name", parts(text(), file(b"filename=a.txt", b"1"), file(b"filename=a.txt", b"2"))
    yield (
        "an attached mail",
        parts(text(), b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: in\r\n\r\ninner words"),
    )


def _documents() -> Iterator[tuple[str, bytes]]:
    yield "an empty winmail.dat", parts(text(), file(b"filename=winmail.dat", b"\x78\x9f\x3e\x22", b""))
    yield (
        "a winmail.dat of rubbish",
        parts(text(), file(b"filename=winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 5_000)),
    )
    uu = b"begin 644 a.txt\r\n" + base64.b64encode(b"x") + b"\r\n" + b"M" * 61 + b"\r\n`\r\nend"
    yield "uuencode", plain(WORD.encode() + b"\r\n\r\n" + uu)
    yield "uuencode without an end", plain(WORD.encode() + b"\r\n\r\nbegin 644 a.txt\r\n" + b"M" * 61)
    yield "2,000 beginnings of uuencode", plain(b"begin 644 a\r\n" * 2_000 + WORD.encode())
    ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{WORD}\r\nDTSTART:20260316T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    yield "nothing but a calendar", plain(ics, b"Content-Type: text/calendar; method=REQUEST")
    yield (
        "a broken calendar",
        parts(text(), b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never"),
    )
    yield (
        "gzip for text",
        plain(gzip.compress(WORD.encode()), b"Content-Type: text/plain", head=HEAD.replace(b"Hola", WORD.encode())),
    )


def _bombs() -> Iterator[tuple[str, bytes]]:
    html = b"Content-Type: text/html; charset=utf-8"
    yield "a script", plain(f"<script>alert(1)</script><p onclick=x()>{WORD}</p>", html)
    yield "100,000 nested tags", plain("<div>" * 100_000 + WORD, html)
    yield "100,000 open styles", plain("<b>" * 100_000 + WORD, html)
    yield "HTML of 20 MB", plain(f"<p>{WORD}</p>" + "<p>word</p>" * 1_800_000, html)
    yield "a tag of 20,000 attributes", plain("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + f">{WORD}</p>", html)
    yield "HTML that never ends", plain(f"<p>{WORD}<!-- " + "-" * 100_000, html)
    yield "HTML of entities", plain(f"<p>{WORD} " + "&#x110000;&#0;&amp" * 20_000 + "</p>", html)
    yield "tables in tables", plain("<table><tr><td>" * 3_000 + WORD, html)
    yield "On a On b", plain(WORD + "\r\n" + "On a On b " * 20_000 + "wrote:")
    yield "5,000 nested quotes", plain(WORD + "\r\n" + "\r\n".join(">" * n + " x" for n in range(1, 5_000, 7)))
    yield (
        "5,000 introductions",
        plain(WORD + "\r\n" + "On Mon, 1 Jan 2026, Ann <a@x.example> wrote:\r\n> x\r\n" * 5_000),
    )
    yield "10 MB of text", plain(WORD + "\r\n" + "words and words\r\n" * 650_000)
    yield "200,000 blank lines", plain(WORD + "\r\n" * 200_000 + WORD)
    yield "a file of 20 MB", parts(text(), file(b"filename=big.bin", b"z" * 20_000_000))
    yield "lone surrogates in HTML", plain(b"<p>" + WORD.encode() + b"\xed\xa0\x80 &#xD800;</p>", html)


def _reports() -> Iterator[tuple[str, bytes]]:
    status = b"Content-Type: message/delivery-status\r\n\r\n"
    for name, fields in {
        "an empty report": b"", "a report of rubbish": b"\xff\x00: x\r\n:::\r\n", "a report without a recipient": b"Action: failed\r\nStatus: 5.1.1",
        "a report of 5,000 recipients": b"\r\n".join(b"Final-Recipient: rfc822; p%d@x.example\r\nAction: failed\r\n" % n for n in range(5_000)),
    }.items():  # fmt: skip
        yield name, parts(text(), status + fields, kind=b"report; report-type=delivery-status")


CASES.update(_all())
