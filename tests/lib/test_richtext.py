"""Foreign HTML: what is left of it, what it says as text, and that nothing takes long."""

# ruff: noqa: E501 (cases that read better on one line)

import re

import pytest

from app.lib.richtext import clean, from_text, place_images, remote_images, to_text
from tests.quickness import assert_linear


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>', "<svg><script>alert(1)</script></svg>", "<math><mtext><style><img src=x onerror=alert(1)>",
        '<p hx-get="/x" data-hx-post="/y" onclick="alert(1)">x</p>', "<iframe src=https://evil.example></iframe>", "<form action=/x><input name=a></form>", "<style>@import 'https://evil.example'</style>",
        '<p style="background:url(https://evil.example/x)">x</p>', '<p style="position:fixed;top:0">x</p>', "<base href=https://evil.example>", "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=https://evil.example>",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>', "<template><script>alert(1)</script></template>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<textarea><script>alert(1)</script></textarea>",
    ],
)  # fmt: skip
def test_nothing_that_acts_or_loads_is_left(markup):
    safe = clean(markup).html.lower()
    for word in (
        "script",
        "onerror",
        "onclick",
        "javascript:",
        "hx-",
        "<iframe",
        "<form",
        "<input",
        "import",
        "url(",
        "position",
        "<base",
        "<meta",
        "<link",
        "data:",
        "<svg",
        "<style",
    ):
        assert word not in safe


def test_remote_images_wait_and_inline_ones_get_their_address():
    markup = '<img src="https://track.example/p.gif?a=1&b=2"><img src="cid:logo@x"><img src="http://e.example/a.png">'
    found = clean(markup)
    assert found.blocked == 2
    assert ' src="http' not in found.html
    assert 'src="cid:logo@x"' in found.html
    shown = place_images(found.html, cid_url=lambda cid: f"/images/{cid}", remote=True)
    assert 'src="/images/logo@x"' in shown
    assert 'src="https://track.example/p.gif?a=1&amp;b=2"' in shown
    assert 'src="/i/logo@x"' in clean(markup, cid_url=lambda cid: f"/i/{cid}").html


def test_links_give_no_referrer_and_no_opener():
    assert 'rel="noopener noreferrer nofollow"' in clean('<a href="https://x.example">x</a>').html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"), ("<div>One</div><div>Two<br>Three</div>", "One\nTwo\nThree"), ("<b>a</b> <i>b</i>", "a b"), ("a&nbsp;b &lt;c&gt; &amp;", "a b <c> &"), ("<ul><li>x<li>y</ul>", "- x\n- y"),
        ("<pre>a\n  b</pre>", "a\n  b"), ("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"), ("<title>t</title><style>p{}</style><p>x", "x"), ("  lots\n of   space ", "lots of space"), ("", ""),
        ("<p>One<p>Two", "One\n\nTwo"), ("<!-- c -->x", "x"), ("a<br><br>b", "a\n\nb"), ("x<wbr>y", "xy"), ("<a href='https://x.example'>x</a>", "x"),
    ],
)  # fmt: skip
def test_text_of_html(markup, text):
    assert to_text(markup) == text


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Hello <b>", "<p>Hello &lt;b&gt;</p>"),
        ("One\nTwo\n\nThree", "<p>One<br>\nTwo</p>\n<p>Three</p>"),
        (
            "See https://x.example/a?b=1&c=2.",
            '<p>See <a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://x.example/a?b=1&amp;c=2</a>.</p>',
        ),
        (
            "(www.x.example)",
            '<p>(<a href="http://www.x.example" rel="noopener noreferrer nofollow">www.x.example</a>)</p>',
        ),
        ("to ana@x.example!", '<p>to <a href="mailto:ana@x.example">ana@x.example</a>!</p>'),
        (
            'https://x.example/"onclick=',
            '<p><a href="https://x.example/" rel="noopener noreferrer nofollow">https://x.example/</a>&quot;onclick=</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("\n\n", ""),
    ],
)
def test_text_becomes_html(text, markup):
    assert from_text(text) == markup


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 100_000, "<b>" * 100_000, "<font a=1>" * 59 + "<p>x" * 50_000, "<a <" * 100_000, "<p " * 100_000, "<!--" * 100_000, "<table><tr><td>" * 30_000, "&" * 200_000, "<" * 300_000, "]]>" * 100_000, "<font a=1>" * 300 + "<p>x" * 300, "x" * 5_000_000],
    ids=lambda markup: markup[:8],
)  # fmt: skip
def test_hostile_html_takes_no_time(markup):
    assert_linear(to_text, markup)


@pytest.mark.parametrize("opening", ["<p ", '<p a=">" ', "<p a' "])
def test_a_tag_without_end_takes_no_time_and_keeps_its_text(opening):
    markup = f"{opening}{' '.join(f'a{number}=1' for number in range(100_000))}>words</p>"
    assert_linear(clean, markup)
    assert "words" in clean(markup).html


def test_a_long_value_is_no_tag_without_end():
    image = f'<p><b>Look</b> <img alt="x" src="data:image/png;base64,{"A" * 100_000}"></p>'
    assert "<b>Look</b>" in clean(image).html


@pytest.mark.parametrize(
    "text",
    [
        "www." * 50_000,
        "a@" * 50_000,
        "http://" * 30_000,
        "a@b." * 50_000,
        "(" * 100_000 + "http://x.example/" + ")" * 100_000,
    ],
)
def test_hostile_text_takes_no_time(text):
    assert_linear(from_text, text)


PIXELS = [
    '<img src="https://t.example/p.gif" width="1" height="1">',
    '<img width=0 src="https://t.example/p.gif">',
    '<img src="https://t.example/p.gif" style="display:none">',
    '<img style="max-height: 1px; width:1px" src="http://t.example/p.gif">',
]


@pytest.mark.parametrize("pixel", PIXELS)
def test_a_tracking_pixel_is_counted_and_never_loaded(pixel):
    safe = clean(f'<p>Hello {pixel}<img src="https://t.example/photo.png" width="120"></p>').html
    assert remote_images(safe) == (1, 1)
    shown = place_images(safe, remote=True)
    assert 'src="https://t.example/photo.png"' in shown
    assert not re.search(r'\ssrc="https?://t.example/p.gif"', shown)


def test_an_ordinary_picture_is_none():
    for picture in (
        '<img src="https://x.example/a.png" width="12">',
        '<img src="https://x.example/a.png" style="border-width:1px">',
    ):
        assert remote_images(clean(picture).html) == (1, 0)
    assert remote_images('<img src="cid:1">') == (0, 0)
