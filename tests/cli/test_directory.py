"""`tripartite directory`: load files and search, with exit statuses that a script can rely on."""

from datetime import date

import pytest

from tests.factories.accounts import AT, TESTER
from tests.parties.files import COMMUNES, commune, snapshot, written
from tripartite.cli.main import main
from tripartite.journal.queries import entries_about
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import figures_of
from tripartite.parties.services.bodies import create_body

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

    name, told = capsys.readouterr().out.split(" : ", 1)
    assert name.endswith("communes.csv")
    assert told == (
        "communes (fichier de Tripartite), 2 lignes\n"
        "2 ajoutées :\n  Arras (216200410)\n  Ruitz (216207274)\n0 modifiée.\n0 fusionnée.\n0 disparue.\n"
        "0 absente des fichiers, dernier jour à noter.\n0 ligne laissée de côté.\n"
        "0 inchangée, 2 populations nouvelles, 0 mouvement nouveau.\n"
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
    told = capsys.readouterr().out
    assert told.startswith("Essai : rien n'a été écrit.\n")
    assert "\n1 ajoutée :\n  Ruitz (216207274)\n" in told
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
    assert f"1 ligne laissée de côté :\n  {path}, ligne 3 : Ruitz (62727) n'a pas de SIREN." in capsys.readouterr().out


def test_bodies_that_a_file_lacks_are_told_and_somebody_records_their_last_day(file, capsys):
    load(file(commune("62041"), commune("62727")))
    capsys.readouterr()

    assert load(file(commune("62041"), name="partie.csv")) == 0
    assert "1 absente des fichiers, dernier jour à noter :\n  Ruitz (216207274)\n" in capsys.readouterr().out
    ended = ["directory", "end", "216 207 274", "--last-day", "2026-12-31", "--into", "216200410"]
    assert main([*ended, "--reason", "arrêté"]) == 0
    assert capsys.readouterr().out == "Ruitz : dernier jour le 31/12/2026.\n"
    ruitz = body_by_identifier("siren", "216207274")
    assert (ruitz.ended_on, ruitz.merged_into.name) == (date(2026, 12, 31), "Arras")


def test_a_reason_that_says_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["directory", "end", "216207274", "--last-day", "2026-12-31", "--reason", " "])
    assert capsys.readouterr().err.endswith("un motif ne peut pas être vide : dites pourquoi\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["216207275", "--reason", "arrêté"], "Ce SIREN n'est pas dans l'annuaire : 216207275.\n"),
        (["216207274", "--into", "1", "--reason", "arrêté"], "Ce SIREN n'est pas dans l'annuaire : 1.\n"),
        (["216207274", "--reason", "x" * 301], "Indiquer l'acte, ou ce qui le montre (300 caractères au plus).\n"),
        (["216207274", "--into", "216207274", "--reason", "x"], "Une structure ne se réunit pas à elle-même.\n"),
    ],
)
def test_an_end_that_cannot_be_is_refused(file, capsys, arguments, message):
    load(file(commune("62727")))
    capsys.readouterr()

    assert main(["directory", "end", *arguments, "--last-day", "2026-12-31"]) == 1
    assert capsys.readouterr().err == message
    assert body_by_identifier("siren", "216207274").ended_on is None


def test_the_updates_say_which_files_changed_what(file, capsys):
    load(file(commune("62041"), commune("62727")))
    load(file(commune("62041"), commune("62727", nom="Ruitz-en-Artois"), name="communes-2027.csv"))
    capsys.readouterr()

    assert main(["directory", "history"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if not line.startswith("  ") or "sha256" not in line][1::2] == [
        "  1 modifiée",
        "  2 ajoutées, 2 populations nouvelles",
    ]
    assert [line.split("  sha256")[0].rpartition("/")[2] for line in told if "sha256" in line] == [
        "communes-2027.csv",
        "communes.csv",
    ]


def test_no_update_is_said_so(capsys):
    assert main(["directory", "history"]) == 1
    assert capsys.readouterr().err == "Aucune mise à jour de l'annuaire.\n"


def test_movements_tell_where_a_commune_went(file, tmp_path, capsys):
    load(file(commune("62041"), commune("62083"), commune("62727")))
    movements = tmp_path / "mouvements.csv"
    movements.write_text(
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2027-01-01,COM,62727,COM,62083\n", encoding="utf-8"
    )
    capsys.readouterr()

    assert load(file(commune("62041"), commune("62083")), str(movements)) == 0
    assert "1 fusionnée :\n  Ruitz (216207274), jusqu'au 31/12/2026, dans Barlin (216200832)" in capsys.readouterr().out


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
        f"Rien n'a été importé.\n{path}, ligne 3 : SIREN « 216207275 » : neuf chiffres attendus, dont la"
        " clé est juste.\n"
    )
    assert not PublicBody.objects.exists()


@pytest.mark.parametrize("option", [["--year", "23"], ["--department", "59"], ["--source", "s" * 201]])
def test_options_that_cannot_be_are_refused(file, option):
    assert load(file(commune("62727")), *option) == 1
    assert not PublicBody.objects.exists()


def test_a_file_that_does_not_exist_is_said_so(file, capsys):
    assert load(file(commune("62727")), "/nulle/part.csv") == 2
    assert capsys.readouterr().err == "Impossible de lire /nulle/part.csv : ce fichier n'existe pas.\n"


def test_a_folder_is_not_a_file(tmp_path, capsys):
    assert load(str(tmp_path)) == 2
    assert capsys.readouterr().err == f"Impossible de lire {tmp_path} : c'est un dossier.\n"


def test_searching_prints_what_is_found(directory, capsys):
    assert main(["directory", "search", "ruits"]) == 0
    assert capsys.readouterr().out == "216207274  Ruitz (Commune) 62620\n"


def test_searching_finds_what_a_visitor_declared_as_the_screens_of_agents_do(directory, capsys):
    said = {"kind": "ccas", "name": "CCAS de Ruitz", "siren": "200039386", "department": "62"}
    create_body(**said, declared_by="Prénom NOM, directrice", actor=TESTER, at=AT)
    assert main(["directory", "search", "ccas ruitz"]) == 0
    assert capsys.readouterr() == ("200039386  CCAS de Ruitz (CCAS)  (à confirmer)\n", "")


def test_searching_in_vain_is_said_so(directory, capsys):
    assert main(["directory", "search", "zzzzzz"]) == 1
    assert capsys.readouterr().err == "Aucune structure de ce nom.\n"
