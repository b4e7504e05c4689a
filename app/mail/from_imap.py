"""Taking in what is new on an IMAP server.

The cursor is UIDVALIDITY and UID, never the flag \\Seen. A batch's files are on the disk before its rows, and its rows
are committed together with the cursor: whoever is killed in between fetches that batch again and enters it once. What
is wished for after reading happens after that; mails that a killed worker left where they were go with the next ones.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.lib.files import store
from app.lib.imap import BATCH, Imap, Status
from app.mail import entering, readers
from app.mail.entering import MOST_AT_ONCE

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox


def take_in(mailbox: "Mailbox", imap: Imap) -> Iterator[int]:
    """Enters all that is new, a handful at a time, and says of each how many mails it was."""
    _start_over_if_renumbered(mailbox, imap.status())
    _tidy(mailbox, imap)
    largest = entering.limit()
    waiting = imap.uids_after(mailbox.last_uid)
    if waiting:
        readers.pool.prepare()
    for start in range(0, len(waiting), BATCH):
        sizes = imap.sizes(waiting[start : start + BATCH])
        for uids in _handfuls(waiting[start : start + BATCH], sizes, largest):
            with entering.few, store().together():
                rows = [*_rows(mailbox, imap, uids, sizes, largest)]
            yield entering.enter(mailbox, rows, last=uids[-1])
            _tidy(mailbox, imap, [line["uid"] for line in rows if not line["only_headers"]])


def _start_over_if_renumbered(mailbox: "Mailbox", status: Status) -> None:
    """A new UIDVALIDITY makes every UID meaningless, and so does a next UID below those that we have: the folder was
    made anew. All is fetched again, as from another place; mails that are known are seen to be copies.
    """
    if mailbox.uidvalidity is None:
        mailbox.change(uidvalidity=status.uidvalidity)
    elif mailbox.uidvalidity != status.uidvalidity or 0 < status.uidnext <= mailbox.last_uid:
        mailbox.change(
            uidvalidity=status.uidvalidity,
            place=mailbox.place + 1,
            last_uid=0,
            tidied_uid=0,
            creates_since_uid=None,
        )


def _rows(
    mailbox: "Mailbox", imap: Imap, uids: list[int], sizes: dict[int, int], largest: int
) -> Iterator[dict[str, Any]]:
    """The mails with these UIDs. One that is not given is asked for once more, alone."""
    cut = sizes.get(uids[0], 0) > largest
    left = set(uids)
    for uid, at, raw in imap.fetch_raw(uids, headers_only=cut):
        if uid in left:
            left.discard(uid)
            yield entering.row(mailbox, uid, at, raw, size=sizes.get(uid, len(raw)), cut=cut)
    for uid in sorted(left & imap.sizes(sorted(left)).keys()):  # the others have gone meanwhile
        again = [each for each in imap.fetch_raw([uid], headers_only=cut) if each[0] == uid]
        if again:
            yield entering.row(mailbox, uid, again[0][1], again[0][2], size=sizes.get(uid, 0), cut=cut)
        else:
            yield entering.withheld(mailbox, uid)


def _tidy(mailbox: "Mailbox", imap: Imap, uids: list[int] | None = None) -> None:
    """What the mailbox wishes for after reading. A mail of which only the headers were kept is never taken away."""
    if mailbox.after_reading == "keep" or mailbox.tidied_uid >= mailbox.last_uid:
        return
    if uids is None:  # what a killed worker had entered, and not come to
        left = [uid for uid in imap.uids_after(mailbox.tidied_uid) if uid <= mailbox.last_uid]
        sizes, largest = imap.sizes(left), entering.limit()
        uids = [uid for uid in left if sizes.get(uid, 0) <= largest]
    if mailbox.after_reading == "move" and mailbox.move_to:
        imap.move(uids, mailbox.move_to)
    elif mailbox.after_reading == "delete":
        imap.remove(uids)
    mailbox.change(tidied_uid=mailbox.last_uid)


def _handfuls(uids: list[int], sizes: dict[int, int], largest: int) -> Iterator[list[int]]:
    """The UIDs in their order, in parts that fit into memory; one above the size limit is a part of its own."""
    part: list[int] = []
    room = MOST_AT_ONCE
    for uid in uids:
        size = sizes.get(uid, 0)
        if part and (size > room or size > largest):
            yield part
            part, room = [], MOST_AT_ONCE
        part.append(uid)
        room -= size
        if size > largest:
            yield part
            part, room = [], MOST_AT_ONCE
    if part:
        yield part
