"""The HTTP door against its own OpenAPI document, tried with absurd input; and how big a demand may be."""

import json
import re
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tripartite.pricing.order_text import MAX_BYTES, MAX_DIGITS

URL = "/api/v1/estimates"
CASES = json.loads((Path(__file__).parents[1] / "pricing/cases.json").read_text(encoding="utf-8"))
ENDINGS = "/api/v1/conventions/{number}/endings"
INVOICE = "/api/v1/invoices/{number}"
AGENTS = (
    ("GET", "/api/v1/bodies/{siren}/cost"),
    ("GET", "/api/v1/bodies/{siren}/due"),
    ("GET", "/api/v1/bodies/{siren}/subscriptions"),
    ("GET", "/api/v1/invoices"),
    ("GET", INVOICE),
    ("GET", f"{INVOICE}/{{form}}"),
    ("GET", ENDINGS),
    ("POST", ENDINGS),
    ("POST", f"{ENDINGS}/{{ending_id}}/annulment"),
)
OPERATIONS = (("GET", "/api/v1/bodies"), ("GET", "/api/v1/grids"), ("POST", URL), *AGENTS)
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
COMMUNE = {"kind": "commune", "department": "62", "population": 500}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("adopted_grid", "directory")]


@pytest.fixture
def described():
    """The application's own document, served and called in process, within the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "absurd"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(described, method, path, mode) -> None:
    operation = described[path][method]
    if mode is GenerationMode.NEGATIVE and (method, path) in {
        ("GET", "/api/v1/grids"),
        ("GET", ENDINGS),
        ("GET", INVOICE),
    }:
        pytest.skip("nothing can be got wrong where nothing is asked, or any text may be")

    @settings(max_examples=40, derandomize=True, database=None, suppress_health_check=SLOW)
    @given(operation.as_strategy(generation_mode=mode))
    def answers(case) -> None:
        case.call_and_validate(checks=CHECKS)

    answers()


def test_the_worked_cases_fit_the_document_both_ways(described) -> None:
    operation = described[URL]["POST"]
    for case in CASES["cases"] + CASES["errors"]:
        sent = operation.Case(body=case["order"], media_type="application/json")
        sent.call_and_validate(checks=CHECKS)
    assert len(CASES["cases"]) > 10


def test_the_document_refers_to_nothing_that_it_lacks(client) -> None:
    document = client.get("/api/v1/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', document.content.decode()))
    assert named == document.json()["components"]["schemas"].keys() & named
    assert document.content.decode().count('"$ref"') == document.content.decode().count('"#/components/schemas/')


def test_every_address_of_the_document_is_tried(described) -> None:
    assert sorted(described) == sorted({path for _, path in OPERATIONS})


def post(client, payload):
    body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    answer = client.post(URL, data=body, content_type="application/json")
    return answer.status_code, answer.json().get("error", {})


def order(quantity="1", service="antivirus", lines=1):
    """The text of an order, its quantity as written."""
    line = f'{{"service": {json.dumps(service)}, "quantity": {quantity}}}'
    return f'{{"beneficiary": {json.dumps(COMMUNE)}, "lines": [{", ".join([line] * lines)}]}}'


def test_five_hundred_lines_are_priced_and_not_one_more(client) -> None:
    assert post(client, order(lines=500))[0] == 200
    status, error = post(client, order(lines=501))
    assert (status, error["code"], error["message"]) == (422, "bad-order", "lines : 500 lignes au plus.")


def test_a_demand_too_big_is_refused_before_it_is_read(client) -> None:
    for size in (MAX_BYTES + 1, 3_000_000):
        assert post(client, b" " * size) == (
            422,
            {"code": "bad-order", "message": "La demande est trop volumineuse."},
        )
    fitting = order()
    assert post(client, fitting + " " * (MAX_BYTES - len(fitting)))[0] == 200


@pytest.mark.parametrize(
    ("quantity", "code", "words"),
    [
        ("1." + "3" * 400_000, "bad-order", f"Un nombre a trop de chiffres : {MAX_DIGITS} au plus."),
        ("1." + "0" * 400_000, "bad-order", f"Un nombre a trop de chiffres : {MAX_DIGITS} au plus."),
        ("9" * 400_000, "bad-order", "JSON"),
        ("9" * 4_000, "bad-quantity", "Ce nombre est trop grand : 100\u202f000\u202f000 au plus."),
        ("1e999999999", "bad-quantity", "La quantité doit être un nombre"),
        ("1e-999999999", "bad-quantity", "La quantité doit être un nombre"),
        ("-1", "bad-quantity", "La quantité doit être un nombre"),
        ("100000001", "bad-quantity", "Ce nombre est trop grand : 100\u202f000\u202f000 au plus."),
        ("1.5", "bad-quantity", "La quantité doit être un nombre entier de postes."),
    ],
    ids=lambda value: str(value)[:24],
)
def test_numbers_that_nobody_means_are_refused(client, quantity, code, words) -> None:
    status, error = post(client, order(quantity))

    assert (status, error["code"]) == (422, code)
    assert words in error["message"]


def test_the_greatest_quantity_has_a_price(client) -> None:
    assert post(client, order("100000000"))[0] == 200


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000"])
@pytest.mark.parametrize("place", ["siren", "grid", "service", "name", "key"])
def test_what_no_text_can_hold_is_refused(client, text, place) -> None:
    bodies = {
        "siren": f'{{"beneficiary": {{"siren": "{text}"}}, "lines": []}}',
        "grid": order().replace('"lines"', f'"grid": "{text}", "lines"'),
        "service": order().replace("antivirus", f"antivirus{text}"),
        "name": order().replace('"kind"', f'"name": "{text}", "kind"'),
        "key": order().replace('"kind"', f'"{text}": 1, "kind"'),
    }
    status, error = post(client, bodies[place])
    assert (status, error["code"]) == (422, "bad-order")


def test_an_emoji_written_as_a_pair_is_text(client) -> None:
    status, error = post(client, order(service="🦊"))
    assert (status, error["code"]) == (422, "unknown-service")


@pytest.mark.parametrize(
    "query", ["", "q=" + "x" * 101, "q=a&limit=0", "q=a&limit=51", "q=a&limit=1.5", "q=a&limit=" + "9" * 30]
)
def test_a_search_that_cannot_be_is_refused_in_french(client, query) -> None:
    answer = client.get(f"/api/v1/bodies?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad-query")
    asked = "limit, un nombre entier de 1 à 50" if "limit" in query else "q, un texte de 100 caractères au plus"
    assert answer.json()["error"]["message"] == f"Dans l'adresse : {asked}."


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "q=%25", "q=%F0%9F%A6%8A", "q="])
def test_a_search_for_what_nobody_is_called_finds_nothing(client, query) -> None:
    answer = client.get(f"/api/v1/bodies?{query}")
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_search_is_as_long_as_asked(client) -> None:
    assert len(client.get("/api/v1/bodies", {"q": "sa", "limit": 2}).json()) == 2


def test_the_number_of_queries_is_the_same_with_one_and_three_bodies(client, django_assert_max_num_queries) -> None:
    client.get("/api/v1/bodies", {"q": "ruitz"})
    with django_assert_max_num_queries(5) as queries:
        client.get("/api/v1/bodies", {"q": "saint", "limit": 1})
    with django_assert_max_num_queries(len(queries)):
        assert len(client.get("/api/v1/bodies", {"q": "saint", "limit": 3}).json()) == 3


def test_only_reading_and_estimating_are_offered(client) -> None:
    for path in ("bodies", "grids", "estimates"):
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(f"/api/v1/{path}").status_code == 405
