"""`tripartite checklist`: check, show, adopt, with their exit statuses."""

import pytest

from tests.factories import tariffs
from tests.going_live.test_checklists import SHIPPED, SMALL
from tripartite.cli.main import main
from tripartite.going_live.queries.checklists import current_checklist

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "liste.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_the_shipped_list_can_be_adopted(capsys) -> None:
    tariffs.adopted_grid()
    assert main(["checklist", "check", str(SHIPPED)]) == 0
    assert capsys.readouterr().out == "Cette liste peut être adoptée.\n"
    assert main(["checklist", "adopt", str(SHIPPED)]) == 0
    assert capsys.readouterr().out == "cdg62/2026-11-25 : adoptée.\n"
    assert current_checklist("cdg62")[0].code == "cdg62/2026-11-25"


def test_errors_are_told_with_their_line_and_stop_the_adoption(capsys, file) -> None:
    tariffs.adopted_grid()
    wrong = file(SMALL.replace('by = "lfn"', 'by = "cdg34"'))
    said = (
        "erreur, ligne 12, liste › Sauvegarde › ouverture › by : « cdg34 » n'est pas une partie : écrire « lfn »,"
        " « cdg62 », « beneficiary ».\n"
    )
    assert main(["checklist", "check", wrong]) == 1
    assert capsys.readouterr().out == f"{said}1 erreur.\n"
    assert main(["checklist", "adopt", wrong]) == 1
    assert capsys.readouterr().err == said
    assert current_checklist("cdg62") is None


def test_without_a_grid_it_says_what_is_not_checked(capsys, file) -> None:
    assert main(["checklist", "check", file(SMALL)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Aucune grille en vigueur ici : les codes et les parties ne sont pas vérifiés.\n")


def test_a_list_is_shown_for_a_person(capsys, file) -> None:
    tariffs.adopted_grid()
    assert main(["checklist", "show", file(SMALL)]) == 0
    assert capsys.readouterr().out == (
        "Essai (essai/1)\n\n── Sauvegarde 60 Go et partage de fichiers 5 Go ──\n"
        "  1. Ouvrir l'espace, par La Fibre Numérique 59-62\n"
        "  2. Restaurer un fichier (facultative), par la collectivité\n"
    )


@pytest.mark.parametrize("action", ["check", "show", "adopt"])
def test_a_file_that_cannot_be_read_is_told(capsys, action, tmp_path) -> None:
    assert main(["checklist", action, str(tmp_path / "absent.toml")]) == 2
    assert "absent.toml : ce fichier n'existe pas." in capsys.readouterr().err
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe")
    assert main(["checklist", action, str(tmp_path / "latin.toml")]) == 2
    assert "ce n'est pas du texte UTF-8." in capsys.readouterr().err


def test_what_is_no_list_is_not_shown(capsys, file) -> None:
    assert main(["checklist", "show", file("format = \n")]) == 2
    assert "erreur, ligne 1, fichier : ce n'est pas du TOML valable" in capsys.readouterr().err
