"""No token of ours is left in what agents read of a mail, however a program wrote the address."""

import pytest

from app.lib import links
from app.mail.masking import masked
from tests.quickness import assert_linear

pytestmark = pytest.mark.sqlite_only

TOKEN = "aB3-" * 10 + "xyZ"
HOST = "support.acme.example"


@pytest.fixture(autouse=True)
def _here(app):
    before = links.absolute("")
    links.use(f"https://{HOST}")
    yield
    links.use(before)


@pytest.mark.parametrize(
    "address",
    [
        f"https://{HOST}/t/{TOKEN}",
        f"https://elsewhere.example/t/{TOKEN}",
        f"https://{HOST}/sign-in/link/{TOKEN}",
        f"https%3A%2F%2F{HOST}%2Ft%2F{TOKEN}&data=05",
        f"https%253A%252F%252F{HOST}%252Ft%252F{TOKEN}",
        f"https://filter.example/v3/__https://{HOST}/t/{TOKEN}__;!!abc",
        f"https://filter.example/v2/url?u=https-3A__{HOST}_t_{TOKEN}&d=x",
        f"https://{HOST}:8443/s/{TOKEN}",
    ],
)
def test_addresses(address):
    assert TOKEN[3:] not in masked(f"See {address} please.")
    assert masked(f'<a href="{address}">Open</a>').endswith(">Open</a>")


@pytest.mark.parametrize("at", [0, 1, 5, 20, 42])
@pytest.mark.parametrize("mark", ["\n", "\r\n", "\n> ", " \n>> ", "\n | "])
def test_a_token_broken_by_a_line(at, mark):
    said = masked(f"> https://{HOST}/t/{TOKEN[:at]}{mark}{TOKEN[at:]}\n> Thank you very much\n")
    assert TOKEN[at:][:6] not in said
    assert "Thank you very much" in said


def test_other_words_stay():
    for text in ("A/t/b and c_t_d", f"https://{HOST}/support is our page", "100 % /s/ of it", "a_b_c " * 50):
        assert masked(text) == text


def test_it_is_quick():
    for text in (f"{HOST}/t/" * 20_000, f"{HOST}/t/" + "a\n> " * 50_000, f"{HOST}/t/" + " " * 200_000, "/t/" * 70_000):
        assert_linear(masked, text)
