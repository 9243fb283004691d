"""What an installation writes is its owner's alone, and what is open is said and closed."""

import os
import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import pytest

from tripartite.config import Config, read_config
from tripartite.file_modes import close_files, file_mode_findings


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation as an umask of 022 makes it, its seal and its base outside its folder."""
    var, seal, base = tmp_path / "var", tmp_path / "seal.p12", tmp_path / "base.sqlite3"
    for folder in (var, var / "trust", var / "static"):
        folder.mkdir()
        folder.chmod(0o755)
    found = read_config(
        {"TRIPARTITE_VAR": str(var), "TRIPARTITE_SEAL_FILE": str(seal), "DATABASE_URL": f"sqlite:///{base}"}
    )
    for path in (seal, base, Path(f"{base}-wal"), var / "static" / "a.css"):
        path.write_text("")
        path.chmod(0o644)
    return found


def test_what_others_may_open_is_said_with_what_to_do(config: Config) -> None:
    found = {
        one.path.name: (oct(one.mode), one.words.split(" : ")[1].split()[:2]) for one in file_mode_findings(config)
    }
    assert found == {
        "var": ("0o755", ["chmod", "700"]),
        "trust": ("0o755", ["chmod", "700"]),
        "static": ("0o755", ["chmod", "700"]),
        "a.css": ("0o644", ["chmod", "600"]),
        "base.sqlite3": ("0o644", ["chmod", "600"]),
        "base.sqlite3-wal": ("0o644", ["chmod", "600"]),
        "seal.p12": ("0o644", ["chmod", "600"]),
    }


def test_what_is_ours_is_closed_once_and_the_seal_is_left(config: Config) -> None:
    assert len(close_files(config)) == 6
    assert close_files(config) == []
    assert [one.path.name for one in file_mode_findings(config)] == ["seal.p12"]
    Path(config.seal_file).chmod(0o600)
    assert file_mode_findings(config) == []


def test_a_closed_folder_closes_what_it_holds(config: Config) -> None:
    config.var.chmod(0o700)
    assert "a.css" not in {one.path.name for one in file_mode_findings(config)}


def test_nobody_else_adds_an_authority(tmp_path: Path) -> None:
    trust = tmp_path / "autorites"
    trust.mkdir()
    trust.chmod(0o775)
    (tmp_path / "var").mkdir(mode=0o700)
    found = read_config({"TRIPARTITE_VAR": str(tmp_path / "var"), "TRIPARTITE_TRUST_FOLDER": str(trust)})
    assert [(one.path, "autorité" in one.words) for one in file_mode_findings(found)] == [(trust, True)]


def test_what_a_command_makes_is_its_owners_alone(tmp_path: Path) -> None:
    var = tmp_path / "var"
    environment = {**os.environ, "TRIPARTITE_VAR": str(var), "TRIPARTITE_MODE": "local"}
    environment.pop("DATABASE_URL", None)
    before = os.umask(0o022)
    try:
        asked = "from tripartite.cli.main import main; main(['retention'])"  # of a base that is not there yet
        subprocess.run([sys.executable, "-c", asked], env=environment, check=True)
    finally:
        os.umask(before)
    assert {path.name: oct(S_IMODE(path.stat().st_mode)) for path in (var, *var.iterdir())} == {
        "var": "0o700",
        "secret-key": "0o600",
        "tripartite.sqlite3": "0o600",
    }
