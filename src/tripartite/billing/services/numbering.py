"""The numbers of invoices and credit notes: one series each, per issuer and fiscal year, without gap (decision 21)."""

from datetime import date
from typing import NamedTuple

from tripartite.billing.models import BillingSettings
from tripartite.billing.printout.parts import PaperKind
from tripartite.documents.numbers import take_number

LETTERS = {PaperKind.INVOICE: "F", PaperKind.CREDIT_NOTE: "A"}


class Number(NamedTuple):
    """A number: as printed, and its place in the series of a fiscal year."""

    text: str
    fiscal_year: int
    rank: int


def next_number(kind: PaperKind, settings: BillingSettings, on: date) -> Number:
    """The next number of an issuer, taken in the caller's transaction. The fiscal year is that of the day."""
    rank = take_number(issuer=settings.issuer, series=kind.value, year=on.year)
    return Number(f"{settings.prefix}-{LETTERS[kind]}-{on.year}-{rank:05d}", on.year, rank)
