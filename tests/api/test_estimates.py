"""POST /api/v1/estimates: the contract over HTTP."""

import json
from pathlib import Path

import pytest
from django.test import Client
from tests.factories import tariffs

CASES = json.loads((Path(__file__).parents[1] / "pricing/cases.json").read_text(encoding="utf-8"))
URL = "/api/v1/estimates"

pytestmark = pytest.mark.django_db


def post(client: Client, payload: object) -> tuple[int, dict]:
    body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    response = client.post(URL, data=body, content_type="application/json")
    return response.status_code, response.json()


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_worked_cases_hold_to_the_cent(client: Client, case: dict) -> None:
    status, answer = post(client, case["order"])

    assert status == 200
    for issuer, totals in case["totals"].items():
        assert {name: answer["totals"][issuer][name] for name in totals} == totals
    asked = [{"service": line["service"], "issuer": line["issuer"]} for line in answer["on_request"]]
    assert sorted(asked, key=str) == sorted(case["on_request"], key=str)


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("case", CASES["errors"], ids=lambda case: case["name"])
def test_worked_errors_answer_422_with_their_code(client: Client, case: dict) -> None:
    status, answer = post(client, case["order"])

    assert status == 422
    assert answer["error"]["code"] == case["error"]
    assert answer["error"]["message"].endswith((".", "?"))


MALFORMED = [
    "",
    "{",
    "[]",
    "null",
    '"texte"',
    b"\xff\xfe",
    "[" * 100_000,
    '{"beneficiary": {"kind": "commune"}, "lines": [{"service": "antivirus", "quantity": NaN}]}',
    {"beneficiary": {"kind": "commune", "department": "62"}, "lines": {}},
    {"beneficiary": {"kind": "château", "department": "62"}, "lines": []},
    {"beneficiary": {}, "lines": [{"service": "antivirus", "quantity": 1}]},
    {"lines": [{"service": "antivirus", "quantity": 1}]},
    {"on": "2024-02-30", "beneficiary": {"kind": "commune"}, "lines": []},
    {"beneficiary": {"siren": "216200014", "siret": "21620001400014"}, "lines": []},
    {"beneficiary": {"kind": "commune"}, "lines": [], "surprise": 1},
]


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("payload", MALFORMED, ids=lambda payload: str(payload)[:40])
def test_anything_malformed_is_a_bad_order_never_a_crash(client: Client, payload: object) -> None:
    status, answer = post(client, payload)

    assert (status, answer["error"]["code"]) == (422, "bad-order")


@pytest.mark.usefixtures("adopted_grid", "directory")
def test_a_body_of_the_directory_answers_with_its_facts(client: Client) -> None:
    status, answer = post(
        client,
        {
            "on": "2026-11-23",
            "beneficiary": {"siren": "216200014"},
            "lines": [{"service": "messagerie-5go", "quantity": 4}],
        },
    )

    assert status == 200
    beneficiary = answer["beneficiary"]
    assert (beneficiary["name"], beneficiary["kind"], beneficiary["department"]) == (
        "Ablain-Saint-Nazaire",
        "commune",
        "62",
    )
    assert (beneficiary["population"], beneficiary["population_kind"], beneficiary["category"]) == (
        1994,
        "municipale",
        "B",
    )
    assert answer["lines"][1] == {
        "service": "messagerie-5go",
        "charge": "abonnement",
        "issuer": "lfn",
        "frequency": "yearly",
        "years": None,
        "quantity": 4,
        "unit_amount_cents": 2000,
        "amount_cents": 8000,
        "status": "priced",
        "explanation": "4 comptes × 20,00\u00a0€",
    }


@pytest.mark.usefixtures("adopted_grid", "directory")
def test_facts_given_beside_an_identifier_override_the_directory(client: Client) -> None:
    _, answer = post(
        client,
        {
            "beneficiary": {"siren": "216200014", "population": 2500},
            "lines": [{"service": "demarches-simplifiees", "quantity": 1}],
        },
    )

    assert (answer["beneficiary"]["population"], answer["beneficiary"]["category"]) == (2500, "C")


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("identifier", [{"siren": "216200014"}, {"siren": "1"}, {"code_insee": "99999"}])
def test_an_unknown_body_is_said_so(client: Client, identifier: dict) -> None:
    status, answer = post(client, {"beneficiary": identifier, "lines": [{"service": "antivirus", "quantity": 1}]})

    assert (status, answer["error"]["code"]) == (422, "unknown-body")


@pytest.mark.usefixtures("adopted_grid")
def test_an_unknown_grid_is_said_so(client: Client) -> None:
    order = {
        "grid": "cdg99/1999",
        "beneficiary": {"kind": "commune", "department": "62"},
        "lines": [{"service": "antivirus", "quantity": 1}],
    }

    status, answer = post(client, order)

    assert (status, answer["error"]["code"]) == (422, "no-grid")


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("number_of_lines", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_order(
    client: Client, django_assert_max_num_queries, number_of_lines: int
) -> None:
    services = ["antivirus", "sauvegarde", "nom-de-domaine"][:number_of_lines]
    order = {
        "beneficiary": {"kind": "commune", "department": "62", "population": 500},
        "lines": [{"service": code, "quantity": 1} for code in services],
    }

    with django_assert_max_num_queries(4):
        status, _ = post(client, order)

    assert status == 200


def test_other_methods_are_refused(client: Client) -> None:
    assert client.get(URL).status_code == 405


@pytest.mark.usefixtures("adopted_grid", "directory")
def test_bodies_are_found_by_name(client: Client) -> None:
    found = client.get("/api/v1/bodies", {"q": "ruitz"}).json()

    assert (found[0]["name"], found[0]["siren"], found[0]["population"]) == ("Ruitz", "216207274", 1478)


@pytest.mark.usefixtures("adopted_grid")
def test_the_adopted_grids_are_listed(client: Client) -> None:
    assert client.get("/api/v1/grids").json() == [
        {
            "code": "cdg62/2024-03-26",
            "title": "Services numériques mutualisés, hors pack Mairie Connectée",
            "applies_from": "2024-03-26",
            "applies_until": None,
            "in_force": True,
            "offer": "cdg62",
        }
    ]


CERTIFICATE = [{"service": "certificat-signature", "quantity": 1}]
COMMUNE = {"kind": "commune", "department": "62", "population": 1994}


@pytest.mark.usefixtures("adopted_grid")
def test_an_offer_beside_the_first_is_asked_by_its_key_and_changes_no_answer(client: Client) -> None:
    case = CASES["cases"][0]
    before = post(client, case["order"])
    tariffs.adopted_alpi()
    assert post(client, case["order"]) == before
    assert post(client, case["order"] | {"offer": "cdg62"}) == before
    asked = {"on": "2026-06-01", "beneficiary": COMMUNE, "lines": CERTIFICATE}
    assert post(client, asked | {"offer": "alpi40"})[1]["grid"] == tariffs.ALPI
    status, answer = post(client, asked | {"lines": [*CERTIFICATE, {"service": "sauvegarde", "quantity": 1}]})
    assert (status, answer["error"]["code"]) == (422, "ambiguous-offer")
    status, answer = post(client, asked | {"offer": ""})
    assert (status, answer["error"]) == (
        422,
        {"code": "bad-order", "message": "offer : écrire le code d'une offre, par exemple « cdg »."},
    )


@pytest.mark.usefixtures("adopted_grid")
def test_each_offer_has_its_grid_in_force(client: Client) -> None:
    tariffs.adopted_alpi()
    listed = [(one["code"], one["offer"], one["in_force"]) for one in client.get("/api/v1/grids").json()]
    assert listed == [(tariffs.ALPI, "alpi40", True), (tariffs.GRID, "cdg62", True)]
