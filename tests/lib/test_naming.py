"""What people are called."""

import pytest

from app.lib.naming import called


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Carol Ruiz", "Carol"), ("  Carol  ", "Carol"), ("Dr. Soler", "Dr. Soler"), ("Mª Carmen Soler", "Mª"),
        ("Sr. Dr. Soler Puig", "Sr. Dr. Soler"), ("J. Puig", "J. Puig"), ("Jr.", "Jr."), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_somebody_is_called_by_the_first_name(name, first):
    assert called(name) == first
