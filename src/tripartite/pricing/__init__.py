"""The grid language and the price: pure. No Django, no clock, no file; the day is always an argument."""

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import ParsedOrder, parse_order
from tripartite.pricing.estimate import Estimate, Frequency, Line, Status, Totals
from tripartite.pricing.findings import Finding, GridError, Severity
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import Beneficiary, Kind, Order, OrderError
from tripartite.pricing.pricer import price_order
from tripartite.pricing.settling import settle

__all__ = [
    "Beneficiary",
    "Estimate",
    "Finding",
    "Frequency",
    "Grid",
    "GridError",
    "Kind",
    "Line",
    "Order",
    "OrderError",
    "ParsedOrder",
    "Severity",
    "Status",
    "Totals",
    "check_grid",
    "parse_order",
    "price_order",
    "read_grid",
    "settle",
]
