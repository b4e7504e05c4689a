"""Times read the same in our three languages: short, and never by another country's habits."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale

from app.lib import moments

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def here(app, clock):
    clock.move_to(NOW)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("moment", "es", "en", "pt"),
    [
        (datetime(2026, 11, 20, 7, 5, tzinfo=UTC), "8:05", "08:05", "08:05"),
        (datetime(2026, 11, 19, 23, 30, tzinfo=UTC), "0:30", "00:30", "00:30"),
        (datetime(2026, 11, 18, 15, 0, tzinfo=UTC), "mié 18", "Wed 18", "qua 18"),
        (datetime(2026, 9, 2, 15, 0, tzinfo=UTC), "2 sept", "2 Sep", "2 set"),
        (datetime(2025, 3, 2, 15, 0, tzinfo=UTC), "2 mar 2025", "2 Mar 2025", "2 mar 2025"),
    ],
)
def test_short_in_lists(here, moment, es, en, pt):
    assert [moments.short(moment, MADRID, each) for each in ("es", "en", "pt")] == [es, en, pt]


def test_with_the_hour_in_conversations(here):
    wednesday, spring = datetime(2026, 11, 18, 7, 12, tzinfo=UTC), datetime(2026, 3, 2, 7, 12, tzinfo=UTC)
    with force_locale("en"):
        assert moments.full(NOW, MADRID, "en") == "today, 10:00"
    assert moments.full(wednesday, MADRID, "es") == "mié 18, 8:12"
    assert moments.full(spring, MADRID, "en") == "2 Mar, 08:12"


def test_days_are_spelled_out(here):
    friday = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert moments.day(friday, MADRID, "es") == "viernes 27 de noviembre"
    assert moments.day(friday, MADRID, "en") == "Friday 27 November"
    assert moments.day(friday, MADRID, "pt") == "sexta-feira, 27 de novembro"


def test_evidence_has_seconds_and_offset(here):
    summer = datetime(2026, 7, 1, 8, 24, 5, tzinfo=UTC)
    assert moments.long(summer, MADRID, "es") == "1 de julio de 2026, 10:24:05 (UTC+02:00)"
    assert moments.long(summer, MADRID, "en") == "1 July 2026, 10:24:05 (UTC+02:00)"
