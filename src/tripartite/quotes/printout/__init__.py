"""The printed quote: a frozen value that holds all that the paper says, how it is built, and how it is worded."""

from tripartite.quotes.printout.building import UnpricedLineError, line_key, quote_paper
from tripartite.quotes.printout.paper import QuotePaper
from tripartite.quotes.printout.parts import (
    AgentPrice,
    Companion,
    Contact,
    Figure,
    IssuerIdentity,
    LineKey,
    PaperLine,
    PaperTotals,
    Recipient,
    Tariff,
    Vat,
)

__all__ = [
    "AgentPrice",
    "Companion",
    "Contact",
    "Figure",
    "IssuerIdentity",
    "LineKey",
    "PaperLine",
    "PaperTotals",
    "QuotePaper",
    "Recipient",
    "Tariff",
    "UnpricedLineError",
    "Vat",
    "line_key",
    "quote_paper",
]
