"""The commands, all under `flask`: serve, migrate, create-admin, evidence verify and erase."""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from peewee import OperationalError

from app.accounts import invitation
from app.accounts.agent import Agent
from app.accounts.robot import Robot
from app.authorizations import verification
from app.authorizations.evidence import EvidenceRecord
from app.authorizations.seal import Seal
from app.config import Config, ConfigError
from app.lib import bytecode, catalogs, db, migrations, sealing

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_LISTENER_PORT = 2525
# glibc would keep a heap and what was freed last for each thread, and the 19 MiB of each password hash for ever.
MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}


def register(app: Flask) -> None:
    for command in (serve, migrate, create_admin, evidence):
        app.cli.add_command(command)


@click.command()
@click.option("--sample", is_flag=True, help="Fill an empty database with the sample company.")
@with_appcontext
def serve(sample: bool) -> None:
    """Run the web server, the worker and the mail sandbox, until Ctrl-C."""
    config = Config.from_environment()
    environment, greeting = one_line(prepare, config, sample)
    plan = {
        "processes": processes(config),
        "live": {
            "host": "127.0.0.1" if config.host in ("", "0.0.0.0") else config.host,  # noqa: S104
            "port": config.port,
            "path": "/health/live",
            "as_host": config.hostname,
        },
        "greeting": greeting,
    }
    sys.stdout.flush()
    # The supervisor takes this process's place, so that the whole application does not stay in memory once more.
    script = str(ROOT / "app" / "lib" / "supervisor.py")
    os.execve(sys.executable, [sys.executable, "-P", script, json.dumps(plan)], environment)  # noqa: S606


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database's tables up to date."""
    applied = one_line(migrations.apply)
    bytecode.compile_all(current_app, current_app.extensions["ventanilla"].templates_folder)
    click.echo("\n".join(applied) or "The database is up to date.")


@click.command()
@with_appcontext
def create_admin() -> None:
    """Print a link, good once for an hour, by which the first administrator signs up."""
    one_line(migrations.insist)
    with db.connection():
        click.echo(invitation.setup_link())


def _noted(_context: Any, _option: Any, value: str | None) -> tuple[int, str] | None:
    if value is None:
        return None
    number, _colon, sha256 = value.partition(":")
    if not number.isdecimal() or len(sha256) != 64:
        raise click.BadParameter("write it as the earlier run did, for example 17:9f86d0…")
    return int(number), sha256.lower()


@click.group()
def evidence() -> None:
    """The chain of evidence of authorizations."""


@evidence.command()
@click.option("--noted", metavar="NUMBER:HASH", help="An end of the chain that an earlier run said.", callback=_noted)
@with_appcontext
def verify(noted: tuple[int, str] | None) -> None:
    """Check every record of the chain; exit status 1 names the first that does not hold.

    The end that it says, noted elsewhere, later shows that nothing up to there was taken away.
    """
    one_line(migrations.insist)
    with db.connection():
        found = verification.verify()
        is_lost = noted is not None and not verification.has(*noted)
    if noted and is_lost:
        click.echo(f"Record {noted[0]}: it is not the one that was noted. {found.count} records hold.", err=True)
        sys.exit(1)
    if found.broken is None:
        click.echo(f"All {found.count} records of the chain hold. It ends at {found.count}:{found.end}")
        return
    which = f"Record {found.broken.number}" if found.broken.number else "The chain"
    click.echo(f"{which}: {found.broken.why}. {found.count} records before it hold.", err=True)
    sys.exit(1)


@evidence.command()
@click.argument("number", type=click.IntRange(min=1))
@click.confirmation_option(prompt="Name, address, signature and reasons go for good, and the certificate. Erase them?")
@with_appcontext
def erase(number: int) -> None:
    """Forget the person of one record of the chain, when the law asks for it; what was agreed stays and verifies."""
    one_line(migrations.insist)
    with db.connection():
        record = EvidenceRecord.find(number=number)
        if record is None:
            raise click.ClickException(f"The chain has no record {number}.")
        if record.decision.erased_at is None:
            record.decision.erase(by=Robot.system())
    click.echo(f"Record {number} names nobody any more.")


def one_line(call: Callable[..., Any], *arguments: Any) -> Any:
    """What a person can mend is said in one line, with exit status 1; anything else is a fault and shows as one."""
    try:
        return call(*arguments)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    except OperationalError as problem:
        words = str(problem).splitlines()[0]
        raise click.ClickException(f"The database cannot be used (DATABASE_URL): {words}") from None


def prepare(config: Config, sample: bool) -> tuple[dict[str, str], list[str]]:
    """Everything that must be right before the first process starts: the children's environment, and what to say."""
    config.insist_writable()
    insist_free(config.host, config.port, "PORT")
    catalogs.compile_all(ROOT / "app" / "translations")
    bytecode.compile_all(current_app, config.templates_folder)
    migrations.apply()
    environment = dict(os.environ)
    environment.pop("FLASK_RUN_FROM_CLI", None)
    environment.update({name: value for name, value in MALLOC.items() if name not in environment})
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment["SANDBOX_SMTP_PORT"] = str(config.sandbox_smtp_port or free_port())
    environment["SMTP_LISTENER_PORT"] = str(listener_port(config))
    with db.connection():
        said = greeting(config, sample)
        Seal.current()  # made at the first start
        sealing.stop()
        return environment, said


def greeting(config: Config, sample: bool) -> list[str]:
    from app.sample import company  # here, so that the web process does without its stories

    lines = ["", f"  Ventanilla is at {config.base_url}", ""]
    if not Agent.select().exists():
        if sample:
            company.build()
        else:
            lines += ["  Nobody can sign in yet. This link, good once for an hour, makes the first administrator:"]
            lines += [f"  {invitation.setup_link()}", ""]
    lines += [f"  {name}: {email} / {password}" for name, email, password in company.sign_ins()]
    return [*lines, "  Ctrl-C stops everything.", ""]


def processes(config: Config) -> dict[str, list[str]]:
    """The commands that make up one installation; production may run them as units of its own."""
    web = ["gunicorn", "wsgi:app", "--worker-class", "gthread", "--bind", f"{config.host}:{config.port}"]
    web += ["--workers", str(config.web_workers), "--threads", str(config.web_threads), "--keep-alive", "5"]
    web += ["--timeout", "60", "--graceful-timeout", "4", "--no-control-socket", "--forwarded-allow-ips", ""]
    web += ["--log-level", "warning"]
    if os.access("/dev/shm", os.W_OK):  # noqa: S108
        web += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108  a heartbeat file on a slow disk can look like a hang
    worker = ["huey.bin.huey_consumer", "tasks.huey", "-w", str(config.queue_workers), "-k", "thread", "-g", "TERM"]
    worker += ["--shutdown-timeout", "4", "-d", "0.1", "-m", "1", "-f", "-q"]
    named = {"web server": web, "worker": worker, "mail receiver": ["app.receiver"]}
    return {name: [sys.executable, "-m", *command] for name, command in named.items()}


def insist_free(host: str, port: int, name: str) -> None:
    if not is_free(host, port):
        raise ConfigError(f"Port {port} is taken; choose another one with {name}, for example {name}={port + 1}.")


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def listener_port(config: Config) -> int:
    """The listener's port. When nobody chose it and it is taken, say by another copy of this, a free one will do."""
    port = config.smtp_listener_port
    if port == DEFAULT_LISTENER_PORT and not is_free(config.smtp_listener_host, port):
        return free_port()
    if port:
        insist_free(config.smtp_listener_host, port, "SMTP_LISTENER_PORT")
    return port
