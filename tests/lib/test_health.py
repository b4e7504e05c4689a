"""What /health/live and /health/ready answer, and the id of each request."""

from datetime import timedelta

import pytest
from huey import SqliteHuey

from app.lib import health
from app.lib.clock import now
from app.lib.health import Heartbeat
from app.lib.jobs import announcer
from app.mail.mailbox import Mailbox


def test_live_asks_nobody_else(client):
    assert client.get("/health/live").status == 200


def test_ready_waits_for_the_worker(client, clock):
    shown = client.get("/health/ready")
    assert shown.status == 503
    assert shown.response.json["database"] == "ok"
    Heartbeat.beat("worker")
    assert client.get("/health/ready").status == 200
    clock.shift(timedelta(minutes=4))
    shown = client.get("/health/ready")
    assert shown.status == 503
    assert shown.response.json["worker"].startswith("last seen ")
    Heartbeat.beat("worker")
    assert client.get("/health/ready").status == 200


@pytest.mark.sqlite_only
def test_a_part_that_breaks_is_said_without_its_secrets(client, monkeypatch):
    def broken():
        raise OSError("redis://:password@host refused")

    monkeypatch.setitem(health._parts, "queue", broken)
    shown = client.get("/health/ready")
    assert shown.status == 503
    assert shown.response.json["queue"] == "not reachable"


def test_mail_that_does_not_come_or_go_is_told_and_takes_nothing_away(client, world, clock):
    Heartbeat.beat("worker")
    assert client.get("/health/ready").response.json["mail"] == "ok"
    world.leak.reply("We come tomorrow.", by=world.ben)
    clock.shift(timedelta(minutes=16))
    Heartbeat.beat("worker")
    shown = client.get("/health/ready")
    assert shown.response.json["mail"] == "letters wait to be sent"
    assert shown.status == 200
    Mailbox.create(name="Help", address="help@acme.example", state="confirmed", failing_since=now())
    assert client.get("/health/ready").response.json["mail"] == "a mailbox cannot be fetched"


@pytest.mark.sqlite_only
def test_the_queue_is_asked_where_a_web_server_has_one(client, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "_parts", dict(health._parts))
    queue = SqliteHuey(filename=str(tmp_path / "queue.db"))
    announcer(queue)
    assert client.get("/health/ready").response.json["queue"] == "ok"
    monkeypatch.setattr(queue.storage, "queue_size", lambda: 1 / 0)
    announcer(queue)
    assert client.get("/health/ready").response.json["queue"] == "not reachable"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("given", "kept"), [("a-sane.id_0042", True), ("<script>", False), ("x" * 65, False)])
def test_the_id_of_a_request_is_kept_if_it_is_sane(client, given, kept):
    answer = client.http.get("/health/live", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept
    assert answer.headers["X-Request-ID"]
