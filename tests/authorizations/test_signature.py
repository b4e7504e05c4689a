"""A signature is a drawing or a name, checked, kept as data and drawn by us."""

import io
import json
import math
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.authorizations.signature import (
    BYTES,
    INK,
    NotAName,
    Strokes,
    TooLittle,
    TypedSignature,
    Unreadable,
    kept,
    read,
)
from app.lib.refusals import Refused

WAVE = [[20 + 3 * i, 80 + 40 * math.sin(i / 6)] for i in range(100)]


def sent(strokes=(WAVE,), width=350, height=168):
    return json.dumps({"width": width, "height": height, "strokes": strokes})


def painted(data):
    image = Image.open(io.BytesIO(data))
    return image, sum(count for count, colour in image.getcolors(1_000_000) if sum(colour[:3]) < 300)


def test_a_drawing_is_read_and_rounded():
    drawn = Strokes.parse(sent([[[10.04, 20], [200.26, 90.0]]]))
    assert drawn.strokes == (((10, 20), (200.3, 90)),)
    assert drawn.canonical() == b'{"height":168,"strokes":[[[10,20],[200.3,90]]],"width":350}'


def test_what_is_kept_is_read_back_the_same():
    drawn, typed = Strokes.parse(sent()), TypedSignature.parse("Lucía Herrero")
    assert kept("drawn", drawn.canonical().decode()) == drawn
    assert kept("typed", typed.canonical().decode()) == typed
    assert kept("none", "") is None


@pytest.mark.parametrize(
    "strokes",
    [[], [[]], [[[10, 10]]], [[[10, 10], [12, 11]]], [[[10, 10], [13, 10]] * 40], [[[x, 9]] for x in range(60)]],
)
def test_a_dot_is_no_signature(strokes):
    with pytest.raises(TooLittle):
        Strokes.parse(sent(strokes))


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", "{}", '{"width": 350}', "[" * 9000,
        sent([[["a", "b"]]]), sent([[[1, 2, 3]]]), sent([[[True, 2]]]), sent("abc"), sent([[None]]), sent({"a": 1}),
        sent([[[1, 9e9]]]), sent([[[-900, 5]]]), sent(width=5), sent(height=10**9), sent(width="350"), sent(width=None),
        '{"width": 350, "height": 168, "strokes": [[[NaN, 1], [300, 100]]]}',
        '{"width": 350, "height": 168, "strokes": [[[1e999, 1], [300, 100]]]}',
        '{"width": 350, "height": 168, "strokes": [[[1%s, 1], [300, 100]]]}' % ("0" * 5000),
        sent([WAVE * 30]), sent([[[1, 1]]] * 201), " " * (BYTES + 1), "\ud800" * 7000,
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_in_words(text):
    with pytest.raises(Unreadable) as refused:
        Strokes.parse(text)
    assert isinstance(refused.value, Refused)
    assert refused.value.field == "strokes"


def test_a_pen_that_leaves_the_pad_is_kept_at_its_edge():
    drawn = Strokes.parse(sent([[[-4, 50], [200, 171], [354.5, 20]]]))
    assert drawn.strokes == (((0, 50), (200, 168), (350, 20)),)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the reader
@given(st.text(max_size=300) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_nothing_breaks_the_reader(text):
    for reader in (Strokes.parse, TypedSignature.parse):
        try:
            reader(text)
        except Refused:
            continue


def test_a_drawing_is_shown_as_lines_that_the_strict_policy_lets_through():
    svg = Strokes.parse(sent([WAVE, [[5, 5]]])).svg()
    assert re.fullmatch(r"<svg [^<>]+><path d=\"[MQLl0-9. -]+\"/></svg>", svg)
    assert not re.search(r"style=|script|\bon\w+=|href", svg)
    assert 'viewBox="0 0 350 168"' in svg


def test_a_drawing_becomes_a_picture_in_ink_on_white():
    image, dark = painted(Strokes.parse(sent()).png(640))
    assert image.size == (640, 307)
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getextrema()[0][0] == int(INK[1:3], 16)
    assert 1_000 < dark < 12_000


@pytest.mark.parametrize(
    "name", ["Lucía Herrero Pons", "Li", "王小明", "محمد علي", "Ангел Петров", "O’Neill-Sørensen", "x" * 120]
)
def test_a_typed_name_is_a_signature_too(name):
    typed = TypedSignature.parse(f"  {name} ")
    assert typed.name == name
    image, dark = painted(typed.png(400))
    assert image.width == 400
    assert dark > 50
    assert name in typed.svg()


@pytest.mark.parametrize("name", ["", " ", "L", "..", "--", "a\u202eb c", "x" * 121, "\x00ab", "\u200b\u200b"])
def test_what_is_no_name_signs_nothing(name):
    with pytest.raises(NotAName):
        TypedSignature.parse(name)


def test_a_name_is_text_in_the_drawing():
    assert "<b>" not in TypedSignature.parse('<b>Eve</b> "x"').svg()


def test_a_form_brings_a_drawing_a_name_or_nothing():
    assert read(name="Lucía Herrero", strokes=sent(), typed=False).kind == "drawn"
    assert read(name="Lucía Herrero", strokes=sent(), typed=True).kind == "typed"
    assert read(name="Lucía Herrero", strokes=" ", typed=False) is None
