"""Two offers on the command line: which is asked, what is listed, what adopting one will rule."""

import json

import pytest

from tests.factories import quotes, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import ALPI, GRID, alpi_text
from tripartite.cli.main import main
from tripartite.conventions.services.cohort import import_cohort
from tripartite.conventions.services.cohort_reading import CohortFile, CohortRefused
from tripartite.quotes.models import Request
from tripartite.tariffs.queries import grids_in_force, version_by_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("adopted_grid", "directory")]
BODY = {"siren": "216207274"}


@pytest.fixture
def written(tmp_path):
    def write(content, name="x"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


def order(*services, **more):
    return {"beneficiary": BODY, "lines": [{"service": service, "quantity": 1} for service in services]} | more


def test_adopting_says_first_what_it_will_rule_and_a_trial_writes_nothing(written, capsys):
    path = written(alpi_text())
    said = [
        "Première grille de l'offre « alpi40 », à partir du 01/01/2026 : aucune demande n'en est encore.",
        "Ne change rien aux autres offres en vigueur : cdg62.",
    ]
    assert main(["grid", "adopt", "--dry-run", path]) == 0
    assert capsys.readouterr().out.splitlines() == [*said, "Essai : rien n'a été écrit."]
    assert version_by_code(ALPI) is None
    assert main(["grid", "adopt", path]) == 0
    assert capsys.readouterr().out.splitlines() == [*said, f"{ALPI} : adoptée."]
    assert [grid.code for grid in grids_in_force(AT.date())] == [ALPI, GRID]


def test_versions_are_listed_offer_by_offer(capsys):
    tariffs.adopted_alpi()
    assert main(["grid", "list"]) == 0
    rows = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert rows == ["──", ALPI, "──", GRID]
    assert main(["grid", "list", "--offer", "cdg62"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [GRID]


def test_a_grid_shown_says_its_offer(written, capsys):
    assert main(["grid", "show", written(alpi_text())]) == 0
    assert f"Offre « alpi40 », grille « {ALPI} »." in capsys.readouterr().out


def test_an_order_is_estimated_in_its_offer_and_a_doubt_is_told(written, capsys):
    tariffs.adopted_alpi()
    assert main(["estimate", "--format", "json", written(order("certificat-signature"))]) == 0
    assert json.loads(capsys.readouterr().out)["grid"] == ALPI
    assert main(["estimate", "--format", "json", written(order("sauvegarde", offer="cdg62"))]) == 0
    assert json.loads(capsys.readouterr().out)["grid"] == GRID
    assert main(["estimate", written(order("sauvegarde", "certificat-signature"))]) == 1
    assert "Faites une demande par offre." in capsys.readouterr().err


def test_a_quote_is_issued_under_the_grid_in_force_of_its_offer(written, tmp_path, capsys):
    quotes.complete_issuers()
    tariffs.adopted_alpi()
    assert main(["quote", written(order("certificat-signature")), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("ALPI40-2026-00001.pdf\n")
    assert [one.offer for one in Request.objects.all()] == ["alpi40"]


def test_a_list_of_former_programmes_says_of_which_offer_its_services_are(capsys):
    tariffs.adopted_alpi()
    file = CohortFile("pack.csv", "SIREN;début;fin;Sauvegarde\n".encode())
    with pytest.raises(CohortRefused, match="dire de quelle offre sont les services : alpi40, cdg62"):
        import_cohort(file=file, actor=TESTER, at=AT)
