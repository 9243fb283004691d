"""`tripartite cohort import`: exit statuses that a script can rely on, every fault on standard error."""

import pytest

from tests.factories import cohort, quotes
from tests.factories.cohort import ARRAS, RUITZ
from tripartite.cli.main import main
from tripartite.conventions.queries.cohort import cohort_list
from tripartite.journal.queries import entries_about

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    quotes.offer()


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "pack.xlsx"
        path.write_bytes(cohort.xlsx(*rows))
        return str(path)

    return write


def load(*arguments):
    return main(["cohort", "import", *arguments])


def test_a_file_is_loaded_and_told(file, capsys):
    assert load(file(RUITZ, ARRAS)) == 0
    assert capsys.readouterr().out == (
        "2 ajoutées :\n  Ruitz (216207274)\n  Arras (216200410)\n0 corrigée.\n0 inchangée.\n"
    )
    assert [one.source for one in cohort_list()] == ["pack.xlsx", "pack.xlsx"]
    assert entries_about("cohort", "Mairie Connectée").last().actor.startswith("ligne de commande (")

    assert load(file(RUITZ, ARRAS)) == 0
    assert capsys.readouterr().out == "0 ajoutée.\n0 corrigée.\n2 inchangées.\n"


def test_a_dry_run_says_so_and_writes_nothing(file, capsys):
    assert load(file(RUITZ), "--dry-run") == 0
    assert capsys.readouterr().out.startswith("Essai : rien n'a été écrit.\n1 ajoutée :\n  Ruitz (216207274)\n")
    assert cohort_list().count() == 0


def test_faults_are_told_and_nothing_is_written(file, capsys):
    assert load(file(RUITZ, ("123", *ARRAS[1:]))) == 1
    assert capsys.readouterr().err == (
        "Rien n'a été importé.\npack.xlsx, ligne 3, colonne A (SIREN) : SIREN « 123 » : neuf chiffres attendus.\n"
    )
    assert cohort_list().count() == 0


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert load(str(tmp_path / "absent.xlsx")) == 2
    assert capsys.readouterr().err.endswith("absent.xlsx : ce fichier n'existe pas.\n")
    assert load(str(tmp_path)) == 2
