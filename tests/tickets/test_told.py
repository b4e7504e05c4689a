"""What is done to a ticket stands in its history, of both where it is about two, and moves it in the lists."""

from datetime import timedelta

import pytest

from app.accounts.robot import Robot
from app.lib.clock import now
from app.tickets.saved_view import SavedView
from app.tickets.ticket import Ticket
from app.timeline.event import Event


def another(world, subject="Ink"):
    return Ticket.open(
        by=world.ben, channel="desk", requester=world.eve, subject=subject, text="No ink.", acknowledge=False
    )


def snoozed(leak, other, world):
    leak.snooze(now() + timedelta(days=1), by=world.ben)


def woken(leak, other, world):
    leak.snooze(now() + timedelta(minutes=1), by=world.ben)
    Ticket.update(wakes_at=now() - timedelta(minutes=1)).where(Ticket.id == leak.id).execute()
    Ticket.wake_due()


def removed(leak, other, world):
    leak.remove(by=world.ben)


def restored(leak, other, world):
    leak.remove(by=world.ben)
    leak.restore(by=world.ben)


def purged(leak, other, world):
    leak.remove(by=world.ben)
    leak.purge(by=world.ada)


def grouped(leak, other, world):
    leak.give_to_group(world.press_team, by=world.ben)


def related(leak, other, world):
    leak.relate("related", other, by=world.ben)


def unrelated(leak, other, world):
    leak.relate("related", other, by=world.ben)
    leak.unrelate(leak.relatives(world.ben)[0].id, by=world.ben)


def separated(leak, other, world):
    leak.merge_into(other, by=world.ben)
    leak.separate(by=world.ben)


def duplicated(leak, other, world):
    leak.duplicate(by=world.ben)


def split(leak, other, world):
    leak.split_off([leak.messages.first().id], subject="Oil", by=world.ben)


def noted_work(leak, other, world):
    leak.note_intervention("Looked.", minutes=5, by=world.ben)


def retracted(leak, other, world):
    leak.retract_intervention(leak.note_intervention("Looked.", minutes=5, by=world.ben).id, by=world.ben)


def reworded(leak, other, world):
    leak.reword(leak.note("Oil agian.", by=world.ben), "Oil again.", by=world.ben)


def filed(leak, other, world):
    leak.file_automatic("Out of office.", by=Robot.mail(), said_at=now())


def answered(leak, other, world):
    leak.reply("We come.", by=world.ben)


def asked(leak, other, world):
    leak.request_authorization("A new seal", by=world.ben)


def withdrawn(leak, other, world):
    leak.request_authorization("A new seal", by=world.ben).withdraw(by=world.ben)


def replaced(leak, other, world):
    asked(leak, other, world)
    leak.request_authorization("A pump", by=world.ben, replace=True)


def reminded(leak, other, world):
    request = leak.request_authorization("A new seal", by=world.ben)
    request.change(created_at=now() - timedelta(days=2))
    request.remind(by=world.ben)


def closed_with_a_request(leak, other, world):
    asked(leak, other, world)
    leak.close("Done", by=world.ben)


def reopened(leak, other, world):
    leak.close("Done", by=world.ben)
    leak.reopen(by=world.ben)


def pended(leak, other, world):
    leak.set_status("pending", by=world.ben)


DEEDS = {
    answered: ["message.replied"],
    asked: ["authorization.requested"],
    withdrawn: ["authorization.requested", "authorization.withdrawn"],
    replaced: ["authorization.superseded", "authorization.requested"],
    reminded: ["authorization.reminded"],
    closed_with_a_request: ["authorization.withdrawn", "ticket.closed"],
    reopened: ["ticket.closed", "ticket.reopened"],
    pended: ["ticket.status_set"],
    snoozed: ["ticket.snoozed"],
    woken: ["ticket.woken"],
    removed: ["ticket.removed"],
    restored: ["ticket.restored"],
    purged: ["ticket.purged"],
    grouped: ["ticket.grouped"],
    related: ["ticket.related", "ticket.related of the other"],
    unrelated: ["ticket.unrelated", "ticket.unrelated of the other"],
    separated: ["ticket.separated", "ticket.parted of the other"],
    duplicated: ["ticket.duplicated"],
    split: ["ticket.split"],
    noted_work: ["intervention.noted"],
    retracted: ["intervention.retracted"],
    reworded: ["message.edited"],
    filed: ["message.filed"],
}  # fmt: skip
IN_SILENCE = {filed, purged, related, unrelated, duplicated}  # nothing of its own has changed, or it is in no list


@pytest.mark.parametrize("deed", DEEDS, ids=[deed.__name__ for deed in DEEDS])
def test_what_is_done_is_told(world, deed):
    other, leak = another(world), Ticket.get_by_id(world.leak.id)
    before, active = leak.revision, leak.active_at
    deed(leak, other, world)
    there = [
        f"{event.kind}{'' if event.ticket_id == leak.id else ' of the other'}"
        for event in Event.select().order_by(Event.id)
        if event.ticket_id in (leak.id, other.id)
    ]
    assert there[-len(DEEDS[deed]) :] == DEEDS[deed]
    after = Ticket.get_by_id(leak.id)
    assert (after.revision > before and after.active_at > active) or deed in IN_SILENCE


def test_the_new_ticket_of_a_split_tells_where_it_comes_from(world):
    new = world.leak.split_off([world.leak.messages.first().id], subject="Oil", by=world.ben)
    assert [event.kind for event in new.events.order_by(Event.id)] == ["ticket.opened", "ticket.split_off"]


def test_what_becomes_of_a_view_is_told(world):
    view = SavedView.keep(by=world.ben, name="Mine", query="view=mine", shared=False)
    view.amend(by=world.ben, name="Ours", shared=True)
    view.remove(by=world.ben)
    told = [event.kind for event in Event.select().order_by(Event.id) if event.kind.startswith("view.")]
    assert told == ["view.saved", "view.changed", "view.removed"]
