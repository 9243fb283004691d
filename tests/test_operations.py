"""What docs/operations.md and deploy/ tell somebody to type or to set exists."""

import re
import tomllib
from pathlib import Path

import pytest

from tripartite.cli.main import COMMANDS
from tripartite.config import documented_settings
from tripartite.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DEPLOYED = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
COMMAND = re.compile(r"(?:(?<=`)|(?<=bin/)|(?<=&& )|^ *)tripartite ([a-z][a-z-]+)", flags=re.M)


def test_every_command_that_is_told_exists():
    told = {
        name
        for text in (PAGE, *(path.read_text(encoding="utf-8") for path in DEPLOYED))
        for name in COMMAND.findall(text)
    }
    assert {"setup", "serve", "worker", "backup", "restore", "restore-drill", "check", "health"} <= told
    assert told - set(COMMANDS) == set()


def test_every_variable_that_is_told_is_a_setting():
    known = {row["variable"] for row in documented_settings()}
    for text in (PAGE, *(path.read_text(encoding="utf-8") for path in DEPLOYED)):
        assert set(re.findall(r"\b(?:TRIPARTITE_[A-Z_]+[A-Z]|DATABASE_URL)\b", text)) - known == set()


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: path.name)
def test_every_file_to_deploy_is_told_of(path):
    texts = [PAGE, *(one.read_text(encoding="utf-8") for one in DEPLOYED if one != path)]
    assert any(path.name in text for text in texts)


def test_the_example_of_settings_cannot_serve_as_it_is():
    lines = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    set_there = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert set_there["TRIPARTITE_SECRET_KEY"] == "a-remplacer"
    assert set_there["TRIPARTITE_PROXIES"] == "1"


def test_the_version_is_said_in_one_place_and_the_changelog_has_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"] == {"version": {"attr": "tripartite.version.VERSION"}}
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert [heading for heading in headings if not re.fullmatch(r"\d+\.\d+\.\d+, \d+(?:er)? \w+ \d{4}", heading)] in (
        [],
        ["À venir"],
    )
    dated = [heading.partition(",")[0] for heading in headings if heading != "À venir"]
    assert dated == [VERSION, *dated[1:]]
