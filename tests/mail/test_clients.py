"""Replies as the common programs write them, in six languages: what the person wrote is shown, the rest is folded."""

from pathlib import Path

import pytest

from app.mail.reading import read

pytestmark = pytest.mark.sqlite_only

FOLDER = Path(__file__).resolve().parents[1] / "letters" / "clients"
LETTERS = sorted(FOLDER.glob("*.eml"))
LANGUAGES = {"es", "en", "pt", "fr", "de", "it"}


@pytest.mark.parametrize("place", LETTERS, ids=lambda place: place.stem)
def test_a_reply(place):
    mail = read(place.read_bytes())
    shown = f"{mail.visible}\n{mail.sign_off}"
    folded = " ".join(mail.folded.split())
    for words in mail.header("x-shows").split(" | "):
        assert words in shown
        assert words in mail.text
    for words in mail.header("x-folds").split(" | "):
        assert words in folded
        assert words not in shown
    assert "help@marlow.example" not in shown
    assert mail.fold


def test_each_client_writes_each_language():
    stems = [place.stem.rpartition("_") for place in LETTERS]
    clients = {client for client, _, _ in stems}
    assert len(clients) >= 12
    assert {(client, language) for client, _, language in stems} == {(c, la) for c in clients for la in LANGUAGES}
