"""What a printed quote is made of, as values. What is not known is None or empty, and is left out of the paper.

Amounts are integer cents in their three columns (HT, TVA, TTC); days are inclusive.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tripartite.pricing.estimate import Frequency, Status
from tripartite.pricing.lacking import NOTHING_LACKS, Lacks
from tripartite.pricing.vat import RateTotal, Split

LineKey = tuple[str, str, tuple[tuple[str, str], ...]]
"""Service, charge and options: what tells one line of an issuer from the others."""


@dataclass(frozen=True, slots=True)
class IssuerIdentity:
    """Who issues the quote. `slot` (1, 2…) is its place in the grid, which gives its colour and its mark."""

    code: str
    slot: int
    name: str
    short_name: str
    part: str = ""
    siret: str | None = None
    address: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the beneficiary on which the price may depend: « Population municipale 2023 », 1994, its source."""

    label: str
    value: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """The beneficiary, as it stood on the day of issue. `legal` is how law names it, with its article."""

    name: str
    siren: str | None = None
    siret: str | None = None
    address: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asked, for the beneficiary."""

    name: str
    function: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class AgentPrice:
    """The price of a line « sur devis », given by an agent of its issuer, and why: on the basis that the grid votes,
    TTC or HT, for the frequency of the line."""

    amount_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class Vat:
    """The issuer's VAT on the day of issue: a rate (2000 = 20 %), or None with the mention that papers carry."""

    rate: int | None
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """The act that sets the prices, the version of its grid, and the readings of it that bear on this quote."""

    grid: str
    version: int
    act: str
    body: str
    interpretations: tuple[tuple[str, str, str], ...] = ()


class PaperLine(NamedTuple):
    """One line. `due` is what it asks in the first year; `amount_cents` is for its frequency, on the basis that was
    voted, TTC or HT.

    `unit_amount` is in micros on the same basis, None where there is no price by unit; `note` then says how the amount
    came about. `on_request`: an agent gave the amount, since the grid has none. `options` are the service's, by name,
    as ordered.
    """

    family: str
    service: str
    charge: str
    name: str
    charge_name: str
    frequency: Frequency
    years: int | None
    quantity: int | Fraction
    unit: str
    unit_amount: int | None
    amount_cents: int | None
    first_year_amount_cents: int | None
    status: Status
    due: Split
    note: str = ""
    on_request: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PaperTotals:
    """Sums of what the lines ask in the first year, by frequency; `yearly` is what is due each year after it.

    `lacks` is what they leave out: lines on request without a price, or that wait for a figure (in a draft only).
    """

    once: Split
    term: Split
    first_yearly: Split
    first_year: Split
    yearly: Split
    rates: tuple[RateTotal, ...]
    lacks: Lacks


@dataclass(frozen=True, slots=True)
class Companion:
    """The quote of another issuer for the same request: it goes with this one. Cents, TTC."""

    name: str
    slot: int
    number: str | None
    first_year_cents: int
    yearly_cents: int
    lacks: Lacks = NOTHING_LACKS
