"""Grids and orders made up by Hypothesis: prices that never fall, of every form, shared charges, two issuers."""

from typing import Any

from hypothesis import strategies as st

from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid

HEAD = """
format = 1
code = "essai/2026"
title = "Essai"
basis = "{basis}"
prorata = "none"
applies_from = 2026-01-01
[act]
body = "Syndicat de l'essai"
kind = "délibération"
subject = "Tarifs"
[[issuer]]
code = "op"
name = "Opérateur"
part = "Services"
vat = [{{ from = 2026-01-01, rate = 20 }}]
[[issuer]]
code = "cdg"
name = "Centre"
part = "Accompagnement"
vat = [{{ from = 2026-01-01, {vat} }}]
[[family]]
code = "f"
name = "Famille"
"""
CENTRE_VAT = ("rate = 5.5", 'exempt = "Sans TVA"')
"""Never that of the operator."""
SERVICES = ("a", "b", "c")
COMMUNE = {"kind": "commune", "population": 1994, "staff": 12}
FREQUENCIES = ("once", "yearly", "monthly", "per-act")

euros = st.decimals(0, 500, places=2, allow_nan=False, allow_infinity=False)
rates = st.decimals(0, 5, places=4, allow_nan=False, allow_infinity=False)
bounds = st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True).map(sorted)


@st.composite
def rising_bands(draw: st.DrawFn) -> str:
    """Flat bands, each at least as dear as the one before, without hole."""
    ends = draw(bounds)
    amounts = sorted(draw(st.lists(euros, min_size=len(ends) + 1, max_size=len(ends) + 1)))
    rows = [f"{{ to = {end}, flat = {amount} }}" for end, amount in zip(ends, amounts, strict=False)]
    return f"{{ bands = [{', '.join([*rows, f'{{ flat = {amounts[-1]} }}'])}] }}"


@st.composite
def any_bands(draw: st.DrawFn) -> str:
    """Bands without hole whose prices may fall from one to the next."""
    ends = draw(bounds)
    one = st.one_of(
        euros.map(lambda amount: f"flat = {amount}"),
        euros.map(lambda amount: f"per_unit = {amount}"),
        st.tuples(euros, euros).map(lambda two: f"flat = {two[0]}, plus = {two[1]}, per_started = 5"),
        st.just("included = true"),
    )
    rows = [f"{{ to = {end}, {draw(one)} }}" for end in ends]
    return f"{{ bands = [{', '.join([*rows, f'{{ {draw(one)} }}'])}] }}"


@st.composite
def marginal_scales(draw: st.DrawFn) -> str:
    rows = [f"{{ to = {end}, per_unit = {draw(rates)} }}" for end in draw(bounds)]
    return f"{{ marginal = [{', '.join([*rows, f'{{ per_unit = {draw(rates)} }}'])}] }}"


simple_prices = st.one_of(
    rates.map(lambda rate: f"{{ per_unit = {rate} }}"),
    euros.map(lambda amount: f"{{ flat = {amount} }}"),
    st.tuples(euros, euros, st.integers(1, 20)).map(
        lambda given: f"{{ flat = {given[0]}, plus = {given[1]}, per_started = {given[2]} }}"
    ),
    rising_bands(),
    marginal_scales(),
    st.tuples(rates, st.integers(1, 9)).map(
        lambda given: f"{{ per_unit = {given[0]}, included_quantity = {given[1]} }}"
    ),
    st.tuples(rates, st.integers(1, 9)).map(lambda given: f"{{ per_unit = {given[0]}, billed_minimum = {given[1]} }}"),
    rates.map(lambda rate: f"{{ percent = {rate} }}"),
    rates.map(lambda rate: f'{{ of = "population", per_unit = {rate} }}'),
    st.just('"included"'),
)


def _inside(price: str) -> str:
    """A price as a table, to stand inside another."""
    return "{ included = true }" if price == '"included"' else price


prices = st.one_of(
    simple_prices,
    st.tuples(simple_prices, simple_prices).map(lambda two: f"{{ sum = [{_inside(two[0])}, {_inside(two[1])}] }}"),
    st.tuples(simple_prices, simple_prices).map(
        lambda two: f"{{ choose = [{_inside(two[0])[:-1]}, when = {{ staff = {{ to = 12 }} }} }}, {_inside(two[1])}] }}"
    ),
    st.tuples(rates, euros, euros).map(
        lambda given: (
            f"{{ per_unit = {given[0]}, minimum_amount = {min(given[1:])}, maximum_amount = {max(given[1:])} }}"
        )
    ),
)


first_year_prices = st.tuples(rates, rates).map(
    lambda two: f"{{ per_unit = {two[0]}, first_year = {{ per_unit = {two[1]} }} }}"
)


@st.composite
def grid_texts(
    draw: st.DrawFn, frequencies: tuple[str, ...] = FREQUENCIES, *, basis: str = "", more: bool = False
) -> str:
    """The text of a grid of three services, the last two sharing a charge; both issuers have prices. With `more`, some
    prices by the year have one of their own for the first year."""
    head = {"basis": basis or draw(st.sampled_from(["TTC", "HT"])), "vat": draw(st.sampled_from(CENTRE_VAT))}
    text = HEAD.format(**head)
    for code in SERVICES:
        text += f'[[service]]\ncode = "{code}"\nfamily = "f"\nname = "{code}"\nunit = ["compte", "comptes"]\n'
        for place in range(draw(st.integers(1, 2))):
            text += f'[[service.charge]]\ncode = "c{place}"\nname = "C"\n'
            frequency = draw(st.sampled_from(frequencies))
            known = first_year_prices if more and frequency in {"yearly", "monthly"} and draw(st.booleans()) else prices
            text += f'frequency = "{frequency}"\n'
            text += f"op = {draw(known)}\n" + (f"cdg = {draw(prices)}\n" if draw(st.booleans()) else "")
    text += f'[[shared_charge]]\ncode = "s"\nname = "S"\nservices = ["b", "c"]\nfrequency = "{frequencies[-1]}"\n'
    return text + f"cdg = {draw(prices)}\n"


def grids(frequencies: tuple[str, ...] = FREQUENCIES) -> st.SearchStrategy[Grid]:
    """The same, read."""
    return grid_texts(frequencies).map(read_grid)


def takes(services: tuple[str, ...] = SERVICES, most: int = 60) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lines of an order: any services, the same one twice included."""
    one = st.builds(
        lambda code, quantity: {"service": code, "quantity": quantity}, st.sampled_from(services), st.integers(1, most)
    )
    return st.lists(one, min_size=1, max_size=5)
