"""Templates are compiled before the first process starts, and found by the next one."""

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import Environment

from app import create_app
from app.config import Config
from app.lib import bytecode


@pytest.fixture
def config(installations, tmp_path: Path) -> Iterator[Config]:
    """An installation that no process serves yet: whoever starts here opens the first connection to its database."""
    with installations.installation(tmp_path / "data", "empty") as app:
        yield app.extensions["ventanilla"]


def test_what_was_compiled_at_the_start_is_not_compiled_again(config, monkeypatch):
    bytecode.compile_all(create_app(config), config.templates_folder)
    compiled = []
    compile_one = Environment.compile
    monkeypatch.setattr(
        jinja2.Environment, "compile", lambda *given, **named: compiled.append(given) or compile_one(*given, **named)
    )
    next_one = create_app(config)
    page = next_one.test_client().get("/sign-in")
    assert page.status_code == 200
    assert compiled == []


def test_without_a_folder_of_its_own_a_page_is_shown_all_the_same(config):
    assert not config.templates_folder.exists()
    assert create_app(config).test_client().get("/sign-in").status_code == 200
