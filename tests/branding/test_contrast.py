"""Each theme can be read, in light and dark: computed from the tokens themselves by the formula of WCAG 2.2."""

import math
import re

import pytest

from app.branding.company import THEMES
from app.branding.letter import BRANDS
from app.lib.assets import FOLDER

pytestmark = pytest.mark.sqlite_only

TOKENS = re.sub(r"/\*.*?\*/", "", (FOLDER / "base/tokens.css").read_text(), flags=re.DOTALL)
TEXT, MARK = 4.5, 3.0
# What stands on what: (ink, ground, least contrast).
PAIRS = [
    ("on-brand", "brand", TEXT), ("on-brand", "brand-2", TEXT),  # a button, and under the pointer
    ("brand", "canvas", TEXT), ("brand", "surface", TEXT), ("brand", "raised", TEXT),  # links
    ("brand-2", "canvas", TEXT), ("brand-2", "surface", TEXT),
    ("brand", "brand-soft", TEXT), ("brand-ink", "brand-soft", TEXT), ("ink", "brand-soft", TEXT),
    ("ink-2", "brand-soft", TEXT), ("ring", "canvas", MARK), ("ring", "surface", MARK),
]  # fmt: skip
FACES = {"desk": (265, 0.004), "portal": (85, 0.006)}


def block(selector):
    """name -> value of one rule."""
    body = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", TOKENS)[1]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


def colour(name, theme, dark, face):
    """The token as light in three channels."""
    known = block(":root") | block(f'[data-theme="{theme}"]') | {"hue": str(face[0]), "chroma": str(face[1])}
    value = known[name]
    while found := re.search(r"var\(--([\w-]+)\)", value):
        value = value.replace(found[0], known[found[1]])
    if found := re.fullmatch(r"light-dark\((.+?\)?),\s*([^,]+)\)", value):
        value = found[2 if dark else 1]
    return _hex(value) if value.startswith("#") else _oklch(value)


def _hex(value):
    return [_linear(int(value[place : place + 2], 16) / 255) for place in (1, 3, 5)]


def _linear(channel):
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _oklch(value):
    lightness, chroma, hue = map(float, re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value).groups())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return [min(1.0, max(0.0, each)) for each in channels]


def contrast(one, other):
    lights = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_can_be_read(theme, mode):
    wrong = []
    for face, greys in FACES.items():
        for ink, ground, least in PAIRS:
            found = contrast(*(colour(name, theme, mode == "dark", greys) for name in (ink, ground)))
            if found < least:
                wrong.append(f"{face}: {ink} on {ground} is {found:.2f}, not {least}")
    assert not wrong, "\n".join(wrong)


def test_the_formula_is_the_one_of_the_recommendation():
    assert contrast(_hex("#ffffff"), _hex("#000000")) == pytest.approx(21)
    assert contrast(_hex("#767676"), _hex("#ffffff")) == pytest.approx(4.54, abs=0.01)
    assert _oklch("oklch(1 0 0)") == pytest.approx([1, 1, 1], abs=1e-3)


@pytest.mark.parametrize("theme", THEMES)
def test_mails_and_documents_have_the_same_colours(theme):
    light = {
        name: value.removeprefix("light-dark(").split(",")[0]
        for name, value in block(f'[data-theme="{theme}"]').items()
    }
    assert BRANDS[theme] == {"solid": light["brand"], "soft": light["brand-soft"], "ink": light["brand-ink"]}
    white = _hex("#ffffff")
    assert contrast(_hex(BRANDS[theme]["solid"]), white) >= TEXT
    assert contrast(_hex(BRANDS[theme]["ink"]), white) >= TEXT
