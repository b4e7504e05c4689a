"""The counters of the navigation: views, an agent's groups, saved views. All are asked for in one statement."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from app.accounts.person import Person
from app.accounts.teams import Teams
from app.lib.tally import Tally
from app.tickets.lifecycle import OPEN
from app.tickets.listing import of_saved
from app.tickets.saved_view import SavedView
from app.tickets.selection import Selection
from app.tickets.views import VIEWS


def want_views(figures: Tally, *, me: Person, teams: Teams, zone: ZoneInfo, saved: Iterable[SavedView] = ()) -> None:
    """Asks for the counters of the navigation: the views, this agent's groups, and saved views without full text."""
    for view in VIEWS.values():
        if view.is_counted:
            figures.want(f"view-{view.key}", Selection(me, teams, zone, view).matching(view.turns))
    for team in teams.mine:
        open_ones = Selection(me, teams, zone, VIEWS["all"], {"group": str(team.id)})
        figures.want(f"group-{team.id}", open_ones.matching(OPEN))
    want_saved(figures, me=me, teams=teams, zone=zone, saved=saved)


def want_saved(figures: Tally, *, me: Person, teams: Teams, zone: ZoneInfo, saved: Iterable[SavedView]) -> None:
    """Asks for the counters of saved views. Those of full text have none: a search is not run to be counted."""
    for kept in saved:
        listing = of_saved(kept, me=me, teams=teams, zone=zone)
        if not listing.is_search and listing.turns:
            figures.want(f"saved-{kept.id}", listing.matching(listing.turns))
