"""Reading an order: its shape only, anything malformed refused in French, nothing rounded, nothing guessed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.contract import parse_order
from tripartite.pricing.order import Beneficiary, Kind, OrderError

COMMUNE = {"kind": "commune", "department": "62", "population": 640}
LINE = {"service": "antivirus", "quantity": 1}
ORDER = {"beneficiary": COMMUNE, "lines": [LINE]}


def refusal(payload: object) -> OrderError:
    with pytest.raises(OrderError) as refused:
        parse_order(payload)
    return refused.value


def test_an_order_is_read_as_it_is_written() -> None:
    parsed = parse_order({**ORDER, "on": "2024-04-15", "grid": "cdg62/2024-03-26", "in_service": [LINE]})

    assert (parsed.on, parsed.grid, parsed.identifier) == (date(2024, 4, 15), "cdg62/2024-03-26", None)
    assert parsed.order(on=date(2024, 4, 15)).beneficiary == Beneficiary(Kind.COMMUNE, "62", 640)
    assert [(item.service, item.quantities, item.line) for item in parsed.lines] == [("antivirus", {"quantity": 1}, 0)]
    assert [item.service for item in parsed.in_service] == ["antivirus"]


@pytest.mark.parametrize("scheme", ["siren", "siret", "code_insee"])
def test_a_body_may_be_named_by_one_identifier(scheme: str) -> None:
    assert parse_order({**ORDER, "beneficiary": {scheme: "216200014"}}).identifier == (scheme, "216200014")


def test_facts_given_override_those_that_are_known() -> None:
    known = Beneficiary(Kind.EPCI, "62", 640, 12, facts={"a": 1, "b": 2}, population_kind="municipale")
    parsed = parse_order({**ORDER, "beneficiary": {"siren": "216200014", "population": 700, "facts": {"b": 3}}})

    assert parsed.order(on=date(2026, 1, 1), known=known).beneficiary == Beneficiary(
        Kind.EPCI, "62", 700, 12, facts={"a": 1, "b": 3}, population_kind=None
    )


def test_an_unknown_body_without_a_kind_is_refused() -> None:
    with pytest.raises(OrderError, match="indiquez le type de structure"):
        parse_order({**ORDER, "beneficiary": {"department": "62"}}).order(on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("written", "read"), [(3, 3), (2.5, Fraction(5, 2)), (0.1, Fraction(1, 10)), (Decimal("4.0"), 4), (1e3, 1000)]
)
def test_a_quantity_is_exactly_what_was_written(written: Any, read: int | Fraction) -> None:
    parsed = parse_order({**ORDER, "lines": [{"service": "s", "quantity": written}]})

    assert parsed.lines[0].quantities["quantity"] == read


@pytest.mark.parametrize(
    "quantity",
    [0, -1, -0.5, True, False, None, "3", "", [], {}, float("nan"), float("inf"), Decimal("NaN"), 10**9, 1e300, 1e-300],
    ids=str,
)
def test_an_absurd_quantity_is_refused_with_its_line(quantity: Any) -> None:
    error = refusal({**ORDER, "lines": [LINE, {"service": "antivirus", "quantity": quantity}]})

    assert (error.code, error.line, error.held) == ("bad-quantity", 1, False)


@pytest.mark.parametrize(
    "line",
    [
        {"service": "s", "quantities": {}},
        {"service": "s", "quantities": [1]},
        {"service": "s", "quantity": 1, "quantities": {"a": 1}},
        {"service": "s", "quantities": {"a": 0}},
        {"service": "s", "quantities": {str(number): 1 for number in range(11)}},
    ],
    ids=str,
)
def test_absurd_named_quantities_are_refused(line: dict[str, Any]) -> None:
    assert refusal({**ORDER, "lines": [line]}).code == "bad-quantity"


@pytest.mark.parametrize("options", [[], "x", {"delivery": 1}, {"delivery": None}], ids=str)
def test_absurd_options_are_refused(options: object) -> None:
    assert refusal({**ORDER, "lines": [{**LINE, "options": options}]}).code == "bad-options"


@pytest.mark.parametrize(
    ("payload", "beginning"),
    [
        (None, "la demande : un objet JSON est attendu"),
        ([], "la demande : un objet JSON est attendu"),
        ({"lines": [LINE]}, "beneficiary : un objet JSON est attendu"),
        ({**ORDER, "surprise": 1}, "Champ inconnu : « surprise »"),
        ({**ORDER, "on": "2024-02-30"}, "on : écrire une date qui existe"),
        ({**ORDER, "on": 20240226}, "on : écrire une date qui existe"),
        ({**ORDER, "on": "20240226"}, "on : écrire une date qui existe"),
        ({**ORDER, "on": "2024-W09-1"}, "on : écrire une date qui existe"),
        ({**ORDER, "grid": ""}, "grid : écrire le code d'une grille"),
        ({**ORDER, "grid": 3}, "grid : écrire le code d'une grille"),
        ({**ORDER, "lines": {}}, "lines : une liste est attendue"),
        ({**ORDER, "in_service": "tout"}, "in_service : une liste est attendue"),
        ({**ORDER, "lines": [LINE] * 501}, "lines : 500 lignes au plus"),
        ({**ORDER, "lines": ["antivirus"]}, "Chaque ligne est un objet"),
        ({**ORDER, "lines": [{"service": 3, "quantity": 1}]}, "service : écrire le code du service"),
        ({**ORDER, "lines": [{**LINE, "prix": 1}]}, "Champ inconnu dans la ligne : « prix »"),
        ({**ORDER, "beneficiary": {**COMMUNE, "maire": "x"}}, "beneficiary : champ inconnu « maire »"),
        ({**ORDER, "beneficiary": {"kind": "château"}}, "beneficiary.kind : choisir parmi commune, "),
        ({**ORDER, "beneficiary": {"siren": "1", "siret": "2"}}, "beneficiary : un seul identifiant"),
        ({**ORDER, "beneficiary": {"siren": 216200014}}, "beneficiary.siren : écrire l'identifiant entre guillemets"),
        ({**ORDER, "beneficiary": {**COMMUNE, "department": 62}}, "beneficiary.department : un texte court"),
        ({**ORDER, "beneficiary": {**COMMUNE, "population": -1}}, "beneficiary.population : un nombre entier"),
        ({**ORDER, "beneficiary": {**COMMUNE, "population": 1.5}}, "beneficiary.population : un nombre entier"),
        ({**ORDER, "beneficiary": {**COMMUNE, "staff": True}}, "beneficiary.staff : un nombre entier"),
        ({**ORDER, "beneficiary": {**COMMUNE, "facts": [1]}}, "beneficiary.facts : un objet JSON"),
        ({**ORDER, "beneficiary": {**COMMUNE, "facts": {"a": "1"}}}, "beneficiary.facts.a : un nombre entier"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_anything_malformed_is_a_bad_order_that_says_what_to_write(payload: object, beginning: str) -> None:
    error = refusal(payload)

    assert (error.code, error.message[: len(beginning)]) == ("bad-order", beginning)


def test_an_error_in_what_is_held_says_that_it_is_there() -> None:
    error = refusal({**ORDER, "in_service": [LINE, {"service": "antivirus", "quantity": 0}]})

    assert error.as_json() == {
        "error": {"code": "bad-quantity", "message": "La quantité doit être un nombre, 1 ou plus.", "in_service": 1}
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["on", "grid", "beneficiary", "lines", "in_service", "kind", "service", "quantity", "options"])


@given(json_values | st.dictionaries(keys, json_values | st.lists(st.dictionaries(keys, json_values), max_size=2)))
def test_whatever_is_sent_is_read_or_refused_never_a_crash(payload: object) -> None:
    try:
        parse_order(payload)
    except OrderError as error:
        assert error.code in ("bad-order", "bad-quantity", "bad-options")  # noqa: PT017 - most payloads raise


def test_a_number_of_a_million_digits_is_refused_at_once():
    endless = Decimal("1." + "1" * 1_000_000)
    with pytest.raises(OrderError) as refusal:
        parse_order({"beneficiary": {"kind": "commune"}, "lines": [{"service": "a", "quantity": endless}]})
    assert refusal.value.code == "bad-quantity"
