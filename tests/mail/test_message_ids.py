"""Message-IDs and reply addresses of ours survive the way out and back, and nobody else can make them."""

import pytest

from app.lib import message_ids

KEY = b"k" * 32


def test_an_id_says_what_it_answers_to():
    value = message_ids.make(12, 34, 56, "marlow.example", KEY)
    found = message_ids.verify(value, [b"n" * 32, KEY])
    assert (found.ticket, found.message, found.delivery) == (12, 34, 56)
    assert value.startswith("<12.34.56.")
    assert value.endswith("@marlow.example>")


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.replace("12.", "13.", 1),
        lambda v: v.replace("@", "0@"),
        lambda v: v[1:],
        lambda v: "",
        lambda v: v.upper(),
        lambda v: "<" * 100_000,
    ],
)
def test_a_changed_id_fails(change):
    assert message_ids.verify(change(message_ids.make(12, 34, 56, "marlow.example", KEY)), [KEY]) is None


def test_a_reply_address_is_for_one_ticket_and_one_person():
    address = message_ids.reply_address("help@marlow.example", 12, 7, KEY)
    assert address.startswith("help+12.7.")
    assert message_ids.verify_reply_address(address, [KEY]) == (12, 7)
    assert message_ids.verify_reply_address(address.replace("+12.7", "+12.8"), [KEY]) is None
    assert message_ids.verify_reply_address("help@marlow.example", [KEY]) is None
    assert message_ids.verify_reply_address(address, [b"x" * 32]) is None
