"""The act of 26 March 2024 priced a second time, by plain Python written from the act alone, and compared."""

import math
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

GRID = read_grid((Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))
KEYS = {"1-cdg": 7680, "2-cdg": 8400, "3-cdg": 9000, "1-site": 17280, "2-site": 18000, "3-site": 18600}
LIMITS = [(1000, 4), (2000, 10), (5000, 40), (10000, 100), (20000, 200), (30000, 300), (50000, 600), (100000, 1000)]
OPERATOR = [26, 51, 128, 256, 639, 1277, 2553, 5106, 10212]
SUPPORT = [25, 50, 100, 100, 200, 400, None, None, None]


def mail_support(accounts: int) -> int:
    """The band of mailboxes, in euros."""
    for most, euros in ((0, 0), (2, 25), (5, 50), (10, 100), (20, 150)):
        if accounts <= most:
            return euros
    return 150 + 50 * math.ceil((accounts - 20) / 20)


def intervention(stations: int) -> int | None:
    """The band of an antivirus intervention, in euros, None on request."""
    for most, euros in ((2, 50), (5, 100), (10, 200), (20, 300)):
        if stations <= most:
            return euros
    return None


def by_hand(taken: dict[str, int], population: int) -> dict[str, tuple[int, int, int, bool]]:
    """once, yearly and term cents of each issuer, and whether all could be computed."""
    mail = taken.get("messagerie-5go", 0) + taken.get("messagerie-illimitee", 0)
    backup, storage = taken.get("sauvegarde", 0), taken.get("stockage-supplementaire", 0)
    stations = taken.get("antivirus-intervention", 0)
    site = taken.get("page-internet", 0)
    came = intervention(stations) if stations else 0
    operator_once = 115 * backup
    operator_yearly = (
        20 * taken.get("messagerie-5go", 0)
        + 27 * taken.get("messagerie-illimitee", 0)
        + 15 * taken.get("nom-de-domaine", 0)
        + 14 * site
        + 463 * backup
        + 17 * taken.get("antivirus", 0)
        + (11 * storage if storage <= 100 else 0)
    )
    support_once = 10 * mail + 50 * site + 75 * backup + (came or 0)
    support_yearly = mail_support(mail) + 50 * backup
    complete_support = came is not None
    if "demarches-simplifiees" in taken:
        category = sum(population > most for most, _ in LIMITS)
        operator_once += 50 if category < 2 else 200
        operator_yearly += OPERATOR[category]
        support_yearly += SUPPORT[category] or 0
        complete_support = complete_support and SUPPORT[category] is not None
    term = sum(cents * taken.get(f"cle-signature-{kind}", 0) for kind, cents in KEYS.items())
    return {
        "lfn": (operator_once * 100, operator_yearly * 100, term, storage <= 100),
        "cdg62": (support_once * 100, support_yearly * 100, 0, complete_support),
    }


quantities = st.dictionaries(
    st.sampled_from([code for code in GRID.services if code != "demarches-simplifiees"]),
    st.integers(1, 130),
    min_size=1,
).flatmap(lambda taken: st.sampled_from([taken, {**taken, "demarches-simplifiees": 1}]))


@given(taken=quantities, population=st.integers(0, 150_000))
def test_both_readings_of_the_act_agree_to_the_cent(taken: dict[str, int], population: int) -> None:
    order = parse_order(
        {
            "beneficiary": {"kind": "commune", "department": "62", "population": population},
            "lines": [{"service": code, "quantity": quantity} for code, quantity in taken.items()],
        }
    )

    totals = price_order(GRID, order.order(on=date(2026, 11, 23))).totals

    assert {
        issuer: (total.once_cents, total.yearly_cents, total.term_cents, total.complete)
        for issuer, total in totals.items()
    } == by_hand(taken, population)


@given(st.integers(0, 120_000), st.sampled_from(["epci", "syndicat", "ccas", "cias", "caisse-des-ecoles"]))
def test_an_establishment_is_classed_by_its_staff(staff: int, kind: str) -> None:
    order = parse_order(
        {
            "beneficiary": {"kind": kind, "department": "62", "staff": staff},
            "lines": [{"service": "demarches-simplifiees", "quantity": 1}],
        }
    )

    estimate = price_order(GRID, order.order(on=date(2026, 11, 23)))

    category = sum(staff > most for _, most in LIMITS)
    assert estimate.totals["lfn"].yearly_cents == OPERATOR[category] * 100
    assert estimate.beneficiary["category"] == "ABCDEFGHI"[category]
