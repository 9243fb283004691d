"""`tripartite directory`: load files and search, with exit statuses that a script can rely on."""

import pytest

from tests.parties.files import COMMUNES, commune, snapshot, written
from tripartite.cli.main import main
from tripartite.journal.queries import entries_about
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(*lines, name="communes.csv"):
        path = tmp_path / name
        path.write_bytes(written(*lines).content)
        return str(path)

    return write


def load(*arguments):
    return main(["directory", "import", *arguments])


def test_a_file_is_loaded_and_told(file, capsys):
    assert load(file(commune("62041"), commune("62727")), "--source", "communes 2026") == 0

    assert capsys.readouterr().out == (
        "2 ajoutées :\n  Arras (216200410)\n  Ruitz (216207274)\n0 modifiées.\n0 fusionnées.\n0 disparues.\n"
        "0 lignes laissées de côté.\n0 inchangées, 2 populations nouvelles.\n"
    )
    ruitz = body_by_identifier("code_insee", "62727")
    assert ruitz.source == "communes 2026"
    (line,) = entries_about("directory", "bodies")
    assert line.actor.startswith("ligne de commande (")


def test_without_a_source_the_file_s_name_is_it(file):
    assert load(file(commune("62727"), name="cog-2026.csv")) == 0

    assert body_by_identifier("code_insee", "62727").source == "cog-2026.csv"


def test_a_dry_run_says_so_and_writes_nothing(file, capsys):
    before = snapshot()

    assert load(file(commune("62727")), "--dry-run") == 0
    assert capsys.readouterr().out.startswith("Essai : rien n'a été écrit.\n1 ajoutées :\n  Ruitz (216207274)\n")
    assert snapshot() == before


def test_the_year_of_the_populations_can_be_told(file):
    line = commune("62727")
    del line["annee_population"]

    assert load(file(line), "--year", "2022") == 0
    assert [figure.year for figure in figures_of(body_by_identifier("code_insee", "62727"))] == [2022]


def test_long_lists_are_cut_short(file, capsys):
    assert load(file(*list(COMMUNES.values())[:25])) == 0

    told = capsys.readouterr().out
    assert "25 ajoutées :" in told
    assert "  … et 5 autres\n" in told


def test_lines_left_aside_are_told(file, capsys):
    path = file(commune("62041"), commune("62727", siren=""))

    assert load(path) == 0
    assert (
        f"1 lignes laissées de côté :\n  {path}, ligne 3 : Ruitz (62727) n'a pas de SIREN." in capsys.readouterr().out
    )


def test_a_partial_file_is_refused_unless_said_to_be_complete(file, capsys):
    load(file(*list(COMMUNES.values())[:30]))
    part = file(*list(COMMUNES.values())[:10], name="partie.csv")

    assert load(part) == 1
    assert "recommencer avec --accept-removals" in capsys.readouterr().err
    assert PublicBody.objects.filter(ended_on=None).count() == 30
    assert load(part, "--accept-removals") == 0
    assert PublicBody.objects.filter(ended_on=None).count() == 10


def test_movements_tell_where_a_commune_went(file, tmp_path, capsys):
    load(file(commune("62041"), commune("62083"), commune("62727")))
    movements = tmp_path / "mouvements.csv"
    movements.write_text(
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2027-01-01,COM,62727,COM,62083\n", encoding="utf-8"
    )
    capsys.readouterr()

    assert load(file(commune("62041"), commune("62083")), "--movements", str(movements)) == 0
    assert (
        "1 fusionnées :\n  Ruitz (216207274), jusqu'au 31/12/2026, dans Barlin (216200832)" in capsys.readouterr().out
    )


def test_one_departement_is_kept(file):
    lille = commune("62727", code_insee="59350", nom="Lille", siren="215903501", departement="59")

    assert load(file(commune("62041"), lille), "--department", "62") == 0
    assert list(PublicBody.objects.values_list("name", flat=True)) == ["Arras"]


def test_a_file_with_faults_is_refused_line_by_line(file, capsys):
    path = file(commune("62041"), commune("62727", siren="216207275"))

    assert load(path) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"Rien n'a été importé.\n{path}, ligne 3 : SIREN « 216207275 » : neuf chiffres dont la clé est juste,"
        " attendus.\n"
    )
    assert not PublicBody.objects.exists()


@pytest.mark.parametrize("option", [["--year", "23"], ["--department", "59"], ["--source", "s" * 201]])
def test_options_that_cannot_be_are_refused(file, option):
    assert load(file(commune("62727")), *option) == 1
    assert not PublicBody.objects.exists()


@pytest.mark.parametrize("extra", [[], ["--movements", "/nulle/part.csv"]])
def test_a_file_that_does_not_exist_is_said_so(file, capsys, extra):
    asked = [file(commune("62727")), *extra] if extra else ["/nulle/part.csv"]

    assert load(*asked) == 2
    assert capsys.readouterr().err == "Impossible de lire /nulle/part.csv : ce fichier n'existe pas.\n"


def test_a_folder_is_not_a_file(tmp_path, capsys):
    assert load(str(tmp_path)) == 2
    assert capsys.readouterr().err == f"Impossible de lire {tmp_path} : c'est un dossier.\n"


def test_searching_prints_what_is_found(directory, capsys):
    assert main(["directory", "search", "ruits"]) == 0
    assert capsys.readouterr().out == "216207274  Ruitz (Commune) 62620\n"


def test_searching_in_vain_is_said_so(directory, capsys):
    assert main(["directory", "search", "zzzzzz"]) == 1
    assert capsys.readouterr().err == "Aucune structure de ce nom.\n"
