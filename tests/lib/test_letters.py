"""Letters of ours, as they go over the wire."""

from email import message_from_bytes, policy

import pytest

from app.lib.letters import Enclosure, Letter
from app.mail.reading import read


def letter(**changes) -> Letter:
    values = {
        "from_name": "Soporte Ñandú",
        "from_address": "help@marlow.example",
        "to_address": "carol@client.example",
        "subject": "[#12] Avería",
        "text": "Hola\nadiós",
        **changes,
    }
    return Letter(**values)


def test_both_forms_and_files_come_back_as_they_were():
    files = [
        Enclosure("logo.png", "image/png", b"\x89PNG", "logo"),
        Enclosure("parte número 7.pdf", "application/pdf", b"%PDF"),
    ]
    raw = letter(html="<p>Hola <img src='cid:logo'></p>", attachments=files).to_bytes()
    parsed = read(raw)
    assert parsed.text.strip() == "Hola\nadiós"
    assert "Hola" in parsed.html
    assert [(one.name, one.content, one.inline) for one in parsed.attachments] == [
        ("logo.png", b"\x89PNG", True),
        ("parte número 7.pdf", b"%PDF", False),
    ]
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_threads_and_robots():
    message = message_from_bytes(
        letter(
            message_id="<1.2.3.a@marlow.example>",
            in_reply_to="<m@client.example>",
            references=["<m0@client.example>", "<m@client.example>"],
            automatic="auto-replied",
            language="es",
            reply_to="help+12.7.a@marlow.example",
        ).to_bytes(),
        policy=policy.default,
    )
    assert message["Message-ID"] == "<1.2.3.a@marlow.example>"
    assert message["References"] == "<m0@client.example> <m@client.example>"
    assert (message["Auto-Submitted"], message["Precedence"], message["X-Auto-Response-Suppress"]) == (
        "auto-replied",
        "bulk",
        "All",
    )
    assert message["Content-Language"] == "es"
    assert message["Reply-To"].addresses[0].addr_spec == "help+12.7.a@marlow.example"
    assert message["Date"].datetime is not None
    assert "Auto-Submitted" not in letter().to_message()


def test_long_ids_are_never_taken_apart():
    long = "<" + "x" * 120 + "@" + "y" * 100 + ".example>"
    raw = letter(
        message_id=long, in_reply_to=long, references=[long] + [f"<{n}{'z' * 90}@a.example>" for n in range(20)]
    ).to_bytes()
    parsed = read(raw)
    assert parsed.message_id == long
    assert parsed.references[0] == long
    assert len(parsed.references) == 21


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: evil@x.example",
        "x\nBcc: evil@x.example",
        "x\rBcc: evil@x.example",
        "x\0y",
        "x\u2028Bcc: evil@x.example",
        "\udcff",
    ],
)
def test_no_header_can_be_injected(evil):
    raw = letter(
        subject=evil,
        from_name=evil,
        to_name=evil,
        headers={"X-Note": evil},
        attachments=[Enclosure(evil + ".txt", "text/plain", b"x")],
    ).to_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Bcc"] is None
    assert b"\nBcc" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "",
        "carol",
        "carol@",
        "@client.example",
        "a b@client.example",
        "a@client.example>, <evil@x.example",
        "a@b.example\r\nBcc: c@d.example",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match=r"address|idna|label"):
        letter(to_address=address).to_bytes()


def test_style_sheets_are_written_on_the_elements():
    raw = letter(html="<html><head><style>p{color:#123}</style></head><body><p>Hola</p></body></html>").to_bytes()
    assert b"color: #123" in message_from_bytes(raw, policy=policy.default).get_body(("html",)).get_content().encode()


def test_an_attached_mail_goes_as_a_file():
    parsed = read(letter(attachments=[Enclosure("mail.eml", "message/rfc822", b"From: a\r\n\r\nb")]).to_bytes())
    assert [(one.name, one.content) for one in parsed.attachments] == [("mail.eml", b"From: a\r\n\r\nb")]
