"""The clues by which a mail finds its ticket, in the order of their worth."""

import pytest

from app.lib import message_ids
from app.mail.reading import read
from app.mail.threading import Clue, answered_ids, candidates

KEY, OLD = b"k" * 32, b"o" * 32


def mail(**headers: str):
    fields = {"From": "carol@client.example", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return read(("".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\nhello").encode())


def kinds(found: list[Clue]) -> list[tuple[str, int | None]]:
    return [(clue.kind, clue.ticket) for clue in found]


def test_all_clues_in_their_order():
    ours = message_ids.make(12, 34, 56, "marlow.example", KEY)
    reply = message_ids.reply_address("help@marlow.example", 13, 7, KEY)
    found = candidates(
        mail(
            To=reply,
            References=f"{ours} <theirs@client.example>",
            In_Reply_To="<last@client.example>",
            Subject="Re: [#14] Seal, see #15",
        ),
        keys=[KEY],
    )
    assert kinds(found) == [
        ("reply_address", 13),
        ("sent", 12),
        ("received", None),
        ("received", None),
        ("number", 14),
        ("number", 15),
    ]
    assert (found[0].person, found[1].message, found[1].delivery) == (7, 34, 56)
    assert [clue.value for clue in found[2:4]] == ["<theirs@client.example>", "<last@client.example>"]


def test_the_last_reference_comes_first_and_in_reply_to_last():
    found = answered_ids(mail(References="<1@x> <2@x> <3@x>", In_Reply_To="<2@x> <0@x>"))
    assert found == ["<3@x>", "<2@x>", "<1@x>", "<0@x>"]


def test_an_invented_id_or_address_proves_nothing():
    forged = message_ids.make(12, 34, 56, "marlow.example", b"x" * 32)
    reply = message_ids.reply_address("help@marlow.example", 13, 7, b"x" * 32)
    assert kinds(candidates(mail(To=reply, In_Reply_To=forged), keys=[KEY, OLD])) == [("received", None)]


def test_former_keys_still_prove():
    reply = message_ids.reply_address("help@marlow.example", 13, 7, OLD)
    assert kinds(candidates(mail(Delivered_To=reply), keys=[KEY, OLD])) == [("reply_address", 13)]


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("Re: [#12] Seal", [12]),
        ("RV: [Marlow #12] Seal", [12]),
        ("Seal #12 leaks", [12]),
        ("#12 and [#13]", [13, 12]),
        ("a#12b &#12; #1234567890", []),
        ("", []),
    ],
)
def test_numbers_in_the_subject(subject, numbers):
    assert [clue.ticket for clue in candidates(mail(Subject=subject), keys=[])] == numbers
