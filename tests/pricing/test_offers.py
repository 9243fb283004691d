"""Which offer an order means: deduced where one alone fits, refused where several do, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.tariffs import GRID, alpi_text, grid_text

from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.offers import asked_grid, is_open_to
from tripartite.pricing.order import Kind, Order, OrderError

CDG62 = read_grid(grid_text())
ALPI = read_grid(alpi_text())
LANDES = read_grid(
    grid_text()
    .replace(f'code = "{GRID}"', 'code = "landes/2026"', 1)
    .replace('departments = ["62"]', 'departments = ["40"]', 1)
)
EVERYWHERE = read_grid(grid_text().replace(f'code = "{GRID}"', 'code = "cdg62-conseil/2026"', 1))


def order(*services: str, held: tuple[str, ...] = (), department: str | None = "62", kind: str = "commune") -> Order:
    body = {"kind": kind} | ({"department": department} if department else {})
    payload = {
        "on": "2026-06-01",
        "beneficiary": body,
        "lines": [{"service": service, "quantity": 1} for service in services],
        "in_service": [{"service": service, "quantity": 1} for service in held],
    }
    parsed = parse_order(payload)
    assert parsed.on is not None
    return parsed.order(on=parsed.on)


def refusal(grids: list[Grid], wanted: Order) -> tuple[str, str]:
    with pytest.raises(OrderError) as refused:
        asked_grid(grids, wanted)
    return refused.value.code, refused.value.message


def test_the_only_offer_is_asked_whatever_is_asked_of_it() -> None:
    assert asked_grid([CDG62], order("certificat-signature")) is CDG62


@pytest.mark.parametrize(
    ("services", "offer"),
    [(("sauvegarde",), "cdg62"), (("sauvegarde", "antivirus"), "cdg62"), (("certificat-signature",), "alpi40")],
)
def test_services_of_one_offer_name_it(services: tuple[str, ...], offer: str) -> None:
    assert asked_grid([ALPI, CDG62], order(*services)).offer == offer


def test_among_offers_that_have_them_the_one_open_to_the_body() -> None:
    assert asked_grid([CDG62, LANDES], order("sauvegarde", department="62")) is CDG62
    assert asked_grid([CDG62, LANDES], order("sauvegarde", department="40")) is LANDES


def test_several_offers_that_fit_are_named_and_none_is_taken() -> None:
    title = "Services numériques mutualisés, hors pack Mairie Connectée"
    assert refusal([CDG62, EVERYWHERE], order("sauvegarde")) == (
        "ambiguous-offer",
        f"Plusieurs offres ont ces services : cdg62 ({title}), cdg62-conseil ({title}). Dites laquelle (« offer »).",
    )
    assert refusal([CDG62, LANDES], order("sauvegarde", department=None))[0] == "ambiguous-offer"
    assert refusal([CDG62, LANDES], order("sauvegarde", department="75"))[0] == "ambiguous-offer"


@pytest.mark.parametrize(
    "wanted", [order("sauvegarde", "certificat-signature"), order("sauvegarde", held=("certificat-signature",))]
)
def test_services_of_two_offers_are_two_requests(wanted: Order) -> None:
    code, message = refusal([ALPI, CDG62], wanted)
    assert code == "ambiguous-offer"
    assert message.endswith("Faites une demande par offre.")


def test_a_slip_beside_known_services_is_left_to_their_offer() -> None:
    assert asked_grid([ALPI, CDG62], order("sauvegarde", "antivirux")) is CDG62


def test_a_service_of_no_offer_is_told_with_the_nearest_of_all() -> None:
    with pytest.raises(OrderError) as refused:
        asked_grid([ALPI, CDG62], order("certificat-signatur"))
    assert (refused.value.code, refused.value.line, refused.value.suggestions[0]) == (
        "unknown-service",
        0,
        "certificat-signature",
    )


@pytest.mark.parametrize(
    ("kind", "department", "is_open"),
    [
        (Kind.COMMUNE, "62", True),
        (Kind.COMMUNE, "40", False),
        (Kind.COMMUNE, None, True),
        (Kind.AUTRE, "62", True),
        (None, None, True),
    ],
)
def test_an_offer_is_open_to_the_bodies_that_its_grid_says(
    kind: Kind | None, department: str | None, is_open: bool
) -> None:
    assert is_open_to(CDG62, kind=kind, department=department) is is_open
    assert is_open_to(ALPI, kind=kind, department=department)


SERVICES = sorted({*CDG62.services, *ALPI.services, "inconnu"})


@given(
    st.permutations([CDG62, ALPI, LANDES, EVERYWHERE]),
    st.integers(1, 4),
    st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4),
    st.sampled_from(["62", "40", "75", None]),
)
def test_the_answer_does_not_depend_on_the_order_of_offers(grids, most, services, department) -> None:
    def answer(among: list[Grid]) -> str:
        try:
            return asked_grid(among, order(*services, department=department)).code
        except OrderError as error:
            return error.code

    kept = grids[:most]
    assert answer(kept) == answer(kept[::-1])
    if not answer(kept).startswith(("ambiguous", "unknown")) and most > 1:
        asked = asked_grid(kept, order(*services, department=department))
        assert {code for code in services if code in asked.services} == {
            code for code in services if any(code in grid.services for grid in kept)
        }
