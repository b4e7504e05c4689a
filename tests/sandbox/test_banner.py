"""While nothing leaves, every page says so."""

import pytest

from app.outbox.wire import WireSettings

WORDS = "Mail sandbox: no"


def test_the_desk_the_portal_and_the_public_pages_say_so(desk, portal, client, world):
    pages = [desk(world.ben).get("/desk"), portal(world.carol).get("/portal"), client.get("/sign-in")]
    assert [WORDS in page.text for page in pages] == [True, True, True]


@pytest.mark.parametrize("path", ["/sign-in", "/support"])
def test_once_live_nothing_is_said(client, world, path):
    WireSettings.set(mode="live")
    assert "sandbox" not in client.get(path).text
