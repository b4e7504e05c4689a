"""Keys, the vault, and the refusal to go on without them."""

import stat
from pathlib import Path

import pytest

from app.config import Config, ConfigError
from app.lib import secrets
from app.lib.secrets import Keys, Unreadable, Vault

pytestmark = pytest.mark.sqlite_only

OLD, NEW = "the old master secret, long enough to be one", "the new master secret, long enough to be one"


def config(folder: Path, **variables: str) -> Config:
    return Config.from_environment({"DATA_DIR": str(folder / "data"), **variables}, folder)


def test_an_empty_folder_gets_a_key_of_its_own(tmp_path):
    first = secrets.load(config(tmp_path)).derive("links")
    file = tmp_path / "data" / "keys" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    assert secrets.load(config(tmp_path)).derive("links") == first
    assert secrets.load(config(tmp_path / "other")).derive("links") != first


def test_a_folder_with_a_database_and_no_key_is_refused(tmp_path):
    settings = config(tmp_path)
    settings.data_dir.mkdir()
    settings.database_file.touch()
    with pytest.raises(ConfigError, match=r"secret\.key"):
        secrets.load(settings)


def test_secret_key_wins_over_the_file(tmp_path):
    secrets.load(config(tmp_path))
    assert secrets.load(config(tmp_path, SECRET_KEY=OLD)).derive("a") == Keys(OLD).derive("a")


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "data").write_text("a file, where a folder should be")
    with pytest.raises(ConfigError, match="cannot be written"):
        secrets.load(config(tmp_path))


def test_each_purpose_has_keys_of_its_own_newest_first():
    keys = Keys(NEW, (OLD,))
    assert keys.derive("links") != keys.derive("vault")
    assert len(keys.derive("links")) == 32
    assert keys.derive_all("links") == [Keys(NEW).derive("links"), Keys(OLD).derive("links")]
    assert NEW not in repr(keys)


def test_the_vault_opens_what_a_former_secret_closed():
    sealed = Vault(Keys(OLD)).lock("contraseña")
    assert "contraseña" not in sealed
    assert Vault(Keys(NEW, (OLD,))).unlock(sealed) == "contraseña"
    with pytest.raises(Unreadable):
        Vault(Keys(NEW)).unlock(sealed)
