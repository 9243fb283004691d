"""What a command loads before it does anything: what it needs, and none of the heavy libraries of the others."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tripartite.cli.main import COMMANDS, LETTERS, main

GRID = Path(__file__).parents[2] / "grids" / "cdg62" / "2024-03-26.toml"
HEAVY = {
    *("PIL", "aiohttp", "asn1crypto", "cryptography", "fido2", "icalendar", "lxml", "odfdo", "openpyxl", "pyhanko"),
    *("pyhanko_certvalidator", "requests", "segno", "typst", "uritools", "xlsxwriter"),
}
DOORS = {"axes", "django_stubs_ext", "django_tasks", "django_tasks_db", "gunicorn", "ninja", "pydantic", "whitenoise"}
ORDER = {
    "on": "2024-04-15",
    "grid": str(GRID),
    "beneficiary": {"kind": "commune", "department": "62", "population": 1850, "staff": 9},
    "lines": [{"service": "messagerie-5go", "quantity": 7}],
}
COMMAND = """
from tripartite.cli.main import main
from tripartite.cli.main import LETTERS
try:
    status = main({words!r})
except SystemExit as end:
    status = end.code
"""
WEB = "import tripartite.wsgi\nfrom django.urls import reverse\nstatus = reverse('estimator')"


def loaded(code: str, given: str = "") -> tuple[object, set[str]]:
    """What `code` says in `status`, in a process of its own, and the libraries that were loaded by its end."""
    report = "\nimport json, sys\nprint(json.dumps([status, sorted({name.partition('.')[0] for name in sys.modules})]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + report], input=given, capture_output=True, text=True, check=True
    )
    status, names = json.loads(done.stdout.splitlines()[-1])
    return status, set(names)


@pytest.mark.parametrize(
    ("words", "given", "status"),
    [
        (["estimate", "-"], json.dumps(ORDER), 0),
        (["grid", "check", str(GRID)], "", 0),
        (["subscription", "cost", "--help"], "", 0),
    ],
    ids=["estimate", "grid-check", "subscription-cost"],
)
def test_a_light_command_loads_no_heavy_library_and_no_door(words: list[str], given: str, status: int) -> None:
    answered, names = loaded(COMMAND.format(words=words), given)
    assert (answered, names & (HEAVY | DOORS)) == (status, set())
    assert "django" in names


@pytest.mark.parametrize("words", sorted(LETTERS), ids="-".join)
def test_an_act_that_writes_a_letter_can_say_its_address(words: tuple[str, str]) -> None:
    """In a process of its own, as it is run: what a test has loaded before proves nothing."""
    address = "\nfrom django.urls import reverse\nstatus = reverse('space-link', args=['secret'])"
    answered, _ = loaded(COMMAND.format(words=[*words, "--help"]) + address)
    assert answered == "/espace/lien/secret/"


def test_pricing_an_order_loads_no_table_of_requests() -> None:
    tables = (
        "\nimport sys\nstatus = [name for name in ('tariffs', 'quotes') if f'tripartite.{name}.models' in sys.modules]"
    )
    status, _ = loaded(COMMAND.format(words=["estimate", "-"]) + tables, json.dumps(ORDER))
    assert status == ["tariffs"]


def test_help_loads_the_grammar_alone() -> None:
    answered, names = loaded(COMMAND.format(words=["--help"]))
    assert (answered, names & (HEAVY | DOORS | {"django"})) == (0, set())


def test_the_addresses_of_the_web_load_no_heavy_library() -> None:
    answered, names = loaded(WEB)
    assert (answered, names & HEAVY) == ("/", set())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_module(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"emploi : tripartite {name} [-h]")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert re.findall(r"^    ([a-z-]+)(?: |$)", capsys.readouterr().out, flags=re.M) == list(COMMANDS)
