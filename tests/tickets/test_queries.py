"""No page of the portal asks the database more than a dozen questions."""

import pytest

from tests.browsing import Client
from tests.counting import statements
from tests.house.access import PORTAL, PUBLIC

PAGES = [row for row in [*PORTAL, *PUBLIC] if row.method == "GET"]


@pytest.mark.parametrize("who", ["carol", "nobody"])
def test_every_page_takes_a_dozen_statements_at_most(app, world, things, who):
    world.marlow.change(shares_tickets=True)
    browser = Client(app).sign_in(world.carol) if who == "carol" else Client(app)
    many = []
    for row in PAGES:
        if who in row.allowed:
            path = row.path.format(**things)
            browser._ask(path)
            with statements() as seen:
                browser._ask(path)
            if len(seen) > 12:
                many.append(f"{path}: {len(seen)}\n" + "\n".join(seen))
    assert not many, "\n\n".join(many)
