"""Whatever bytes come: reading, quotes and rich text raise nothing, lose nothing, and give what can be stored."""

# ruff: noqa: E501 (tables of pieces that read better on one line)

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.lib import richtext
from app.mail import html_quotes, quotes, sign_offs
from app.mail.enclosed import masked_file
from app.mail.masking import masked
from tests.mail.nasty import CASES
from tests.mail.test_nasty import everything
from tests.mail.test_reading import assert_storable

pytestmark = pytest.mark.sqlite_only

EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = sorted(name for name, raw in CASES.items() if len(raw) < 20_000)

LINES = st.sampled_from(
    [
        "", "> quoted", ">> twice", "On Mon, 2 Mar 2026 at 10:00, Ann <a@x.example> wrote:", "El lun, 2 mar 2026, Ana escribió:",
        "-- ", "Un saludo,", "Nuria", "From: Ann <a@x.example>", "Sent: Monday", "Asunto: x", "-----Original Message-----",
        "Sent from my iPhone", "________________________________", "Yes.", "This e-mail is confidential and privileged", "\u202e\u0000x",
        "https://x.example/t/" + "a" * 43, "begin 644 a.txt", "wrote:", ">", "&gt; quoted",
    ]
)  # fmt: skip
TAGS = st.sampled_from(
    [
        "<p>", "</p>", "<div class=gmail_quote>", "</div>", "<blockquote type=cite>", "</blockquote>", "<br>", "<table><tr><td>",
        "<script>", "</script>", "<style>p{}", "<!--", "-->", "<img src='https://x.example/1.gif' width=1 height=1>",
        "<img src=cid:1>", "<a href='javascript:x()'>", "<svg onload=x()>", "<pre>", "&amp;", "&#0;", "<b", "\u0000", "<![CDATA[", "]]>",
        "<hr id=stopSpelling>", "<div id=divRplyFwdMsg>", "<p style='color:expression(x)'>",
    ]
)  # fmt: skip


@EXAMPLES
@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=12), st.integers(0, 40)), max_size=8),
)
def test_mails_with_bytes_changed(name, changes):
    raw = CASES[name]
    for at, put, instead in changes:
        raw = raw[:at] + put + raw[at + instead :]
    assert_storable(everything(raw))


@EXAMPLES
@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=60).map("\n".join))
def test_a_text_is_parted_and_no_line_of_it_lost(text):
    text = text.replace("\r", "")
    visible, folded = quotes.split(text)
    shown, rest = sign_offs.sign_off(folded)
    sign_offs.kind(rest)
    there = sorted(line for line in text.split("\n") if line.strip())
    kept = sorted(line for line in f"{visible}\n{shown}\n{rest}".split("\n") if line.strip())
    assert kept == there
    assert text.strip() == "" or visible.strip()


@EXAMPLES
@given(st.lists(st.one_of(TAGS, st.text(max_size=30)), max_size=60).map("".join))
def test_html_is_made_safe_and_stays_so(html):
    clean = richtext.clean(html)
    assert not re.search(
        r"<(?:script|style|svg|iframe|object)\b|\son\w+=|javascript:", re.sub(r">[^<]*<", "><", clean.html)
    )
    assert 'src="http' not in clean.html
    again = richtext.clean(clean.html)
    assert richtext.to_text(again.html) == richtext.to_text(clean.html)
    reply = html_quotes.read(clean.html)
    for text in (reply.visible, reply.folded, reply.full, reply.html or ""):
        text.encode()


@EXAMPLES
@given(st.text(max_size=400), st.binary(max_size=400))
def test_masking_twice_is_masking_once(text, content):
    assert masked(masked(text)) == masked(text)
    once = masked_file(content, "message/rfc822")
    assert masked_file(once, "message/rfc822") == once
