"""Every setting is declared once, explained where people look for it, and read in one place."""

import re
from dataclasses import replace

import pytest

from app.config import Config, ConfigError
from tests.house.source import ROOT, modules, where

pytestmark = pytest.mark.sqlite_only

# They start or are started as processes of their own, and pass the environment on.
PROCESSES = {"app/config.py", "app/cli.py", "app/lib/child.py", "app/lib/supervisor.py"}


def test_the_example_is_what_the_program_reads():
    assert (ROOT / ".env.example").read_text() == Config.example()


def test_every_variable_has_a_sentence():
    wrong = [each.name for each in Config.variables() if not re.fullmatch(r"[\w0:].+[.]", each.sentence)]
    assert not wrong, wrong


def test_the_environment_is_read_in_one_place():
    words = re.compile(r"os\.environ|getenv")
    wrong = [where(path) for path in modules("app", "tasks") if words.search(path.read_text())]
    assert not set(wrong) - PROCESSES, wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "70000"), ("BASE_URL", "support.example.com"), ("BASE_URL", "https://a.example/desk"),
        ("DATABASE_URL", "mysql://host/name"), ("QUEUE_URL", "amqp://host"), ("SECRET_KEY", "short"),
        ("SECRET_KEY_FALLBACKS", "short"), ("TIMEZONE", "Mars/Olympus"), ("DEFAULT_LANGUAGE", "fr"),
        ("LOG_FORMAT", "xml"), ("TRUSTED_PROXIES", "-1"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_one_line_that_names_it(name, value, tmp_path):
    with pytest.raises(ConfigError, match=rf"^{name} must .*\.$"):
        Config.from_environment({name: value}, tmp_path)


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text('# ours\nPORT=9001\nexport TIMEZONE="America/Bogota"\n')
    config = Config.from_environment({"PORT": "9002"}, tmp_path)
    assert (config.port, config.timezone, config.base_url) == (9002, "America/Bogota", "http://127.0.0.1:9002")


def test_a_broken_line_of_the_file_is_named(tmp_path):
    (tmp_path / ".env").write_text("PORT=9001\nnonsense\n")
    with pytest.raises(ConfigError, match=r"^Line 2 of \.env"):
        Config.from_environment({}, tmp_path)


def test_cookies_are_secure_exactly_when_the_address_is(tmp_path):
    plain = Config.from_environment({}, tmp_path)
    safe = replace(plain, base_url="https://support.example.com")
    for config, secure in ((plain, False), (safe, True)):
        told = config.flask()
        assert told["SESSION_COOKIE_SECURE"] is told["REMEMBER_COOKIE_SECURE"] is secure
    assert safe.flask()["TRUSTED_HOSTS"] == ["support.example.com"]
