"""`tripartite setup` from nothing, and again; what local mode alone allows."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.bounds import PATIENCE
from tests.factories import quotes
from tests.factories.accounts import account
from tests.migrated import lay_kept
from tripartite.accounts.rights import Role
from tripartite.cli.serve import lead_letters_here
from tripartite.cli.setup import left_to_load

TRIPARTITE = str(Path(sys.executable).with_name("tripartite"))


def run(*arguments, var, **variables):
    """The installed command, in a process and a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIPARTITE_")}
    kept.pop("DATABASE_URL", None)
    environment = kept | {"TRIPARTITE_VAR": str(var), "TRIPARTITE_MODE": "local"} | variables
    return subprocess.run(
        [TRIPARTITE, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def counts(var):
    with closing(sqlite3.connect(var / "tripartite.sqlite3")) as database:
        tables = ("parties_publicbody", "parties_figure", "tariffs_gridversion", "parties_issuer", "journal_entry")
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608


def test_setup_makes_all_that_is_needed_and_changes_nothing_when_run_again(tmp_path):
    first = run("setup", var=tmp_path)

    assert first.returncode == 0, first.stderr
    tables, *done = first.stdout.splitlines(keepends=True)
    assert re.fullmatch(r"Base de données : [0-9]+ changements de tables à faire…\n", tables)
    assert "".join(done) == (
        "Grille cdg62/2024-03-26 adoptée.\n"
        "Annuaire livré (62) chargé : 907 structures.\n"
        "Modèle convention/2026-11-27 adopté pour essai.\n"
        "Modèle amendment/2026-11-27 adopté pour essai.\n"
        "Modèle deliberation/2026-11-27 adopté pour essai.\n"
        "Liste de mise en service cdg62/2026-11-25 adoptée.\n"
    )
    made = counts(tmp_path)
    assert made[:4] == [907, 927, 1, 2]

    again = run("setup", var=tmp_path)
    assert (again.returncode, again.stdout) == (0, "Base de données : tables déjà à jour…\n"), again.stderr
    assert counts(tmp_path) == made


SERVER = {
    "TRIPARTITE_MODE": "server",
    "TRIPARTITE_SECRET_KEY": "une clé d'essai assez longue pour que rien ne s'en plaigne ici",
    "TRIPARTITE_HOSTS": "tripartite.exemple.fr",
}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["demo"], "Les demandes d'essai n'existent qu'en mode local.\n"),
        (["serve", "--samples", "--port=0"], "Les comptes d'essai n'existent qu'en mode local.\n"),
    ],
)
def test_samples_are_refused_in_server_mode(tmp_path, command, message):
    done = run(*command, var=tmp_path, **SERVER)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)


LEFT = "Mode serveur : la base est à jour ; il reste à charger {} (docs/operations.md)."


def test_setup_in_server_mode_loads_no_sample(tmp_path):
    with closing(sqlite3.connect(tmp_path / "tripartite.sqlite3")) as base:  # the test above migrates from nothing
        lay_kept(base)

    done = run("setup", var=tmp_path, **SERVER)

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0] == "Base de données : tables déjà à jour…"
    assert said[-1] == LEFT.format("une grille, l'annuaire et le premier compte")
    assert counts(tmp_path) == [0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_in_server_mode_it_says_what_is_left_to_load():
    quotes.offer()
    assert left_to_load() == LEFT.format("le premier compte")
    account(role=Role.ADMINISTRATOR)
    assert left_to_load() == "Mode serveur : la base est à jour, rien n'est à charger."


def test_local_mode_is_served_on_this_machine_alone(tmp_path):
    done = run("serve", "--host", "0.0.0.0", var=tmp_path)  # noqa: S104 - refused

    assert done.returncode == 1
    assert done.stderr == "Mode local : l'application ne se sert que sur cette machine (127.0.0.1).\n"


def test_a_port_already_taken_is_told_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), var=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Le port {port} est déjà pris, ou refusé :")


@pytest.mark.parametrize(("told", "led"), [("", "http://[::1]:8310"), ("https://a.exemple.fr", "https://a.exemple.fr")])
def test_the_links_of_letters_lead_to_the_port_that_is_served(monkeypatch, told, led):
    monkeypatch.setenv("TRIPARTITE_PUBLIC_URL", told)
    lead_letters_here("::1", 8310)
    assert os.environ["TRIPARTITE_PUBLIC_URL"] == led


@pytest.mark.parametrize("missing", ["TRIPARTITE_SECRET_KEY", "TRIPARTITE_HOSTS"])
def test_server_mode_says_what_it_lacks(tmp_path, missing):
    done = run("setup", var=tmp_path, **{**SERVER, missing: ""})

    assert (done.returncode, done.stderr) == (2, f"{missing} : obligatoire en mode « server ».\n")
