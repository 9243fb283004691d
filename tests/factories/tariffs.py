"""The shipped grid, stored and adopted through the services."""

from typing import Any

from django.conf import settings

from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.documents.models import Counter
from tripartite.parties.services.issuers import update_issuer
from tripartite.pricing.grid_reading import read_grid
from tripartite.tariffs.services import adopt_grid, draft_grid

GRID = "cdg62/2024-03-26"
VALIDITY_DAYS = {"lfn": 90, "cdg62": 60}
NUMBERS_TAKEN = {("lfn", "quote"): 11, ("cdg62", "quote"): 46, ("", "request"): 4, ("", "convention"): 6}


def grid_text() -> str:
    """The TOML of the shipped grid."""
    text: str = (settings.GRIDS_FOLDER / f"{GRID}.toml").read_text(encoding="utf-8")
    return text


@laid
def adopted_grid(basis: str = "TTC", more: str = "") -> Any:
    """The pure grid of 26 March 2024 and the services of `more`, adopted in the database; its issuers differ in all
    that their papers say."""
    text = grid_text().replace('basis = "TTC"', f'basis = "{basis}"') + more
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code=GRID, actor=TESTER, at=AT)
    begin_series()
    for code, days in VALIDITY_DAYS.items():
        update_issuer(code=code, changes={"quote_validity_days": days}, actor=TESTER, at=AT)
    return read_grid(text)


def begin_series() -> None:
    """Numbers were taken that year before the tests: not as many in one series as in another."""
    Counter.objects.bulk_create(
        Counter(issuer=issuer, series=series, year=AT.year, last=last)
        for (issuer, series), last in NUMBERS_TAKEN.items()
    )


ALPI = "alpi40/2026"


def alpi_text(code: str = ALPI) -> str:
    """The TOML of the shipped example of another offer: one service, one issuer, one year from 2026."""
    text: str = (settings.GRIDS_FOLDER / "examples" / f"{ALPI}.toml").read_text(encoding="utf-8")
    return text.replace(f'code = "{ALPI}"', f'code = "{code}"', 1)


def adopt_text(text: str) -> Any:
    """A grid, adopted as its text says; answers it as pure values."""
    grid = read_grid(text)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code=grid.code, actor=TESTER, at=AT)
    return grid


def adopted_alpi() -> Any:
    """The other offer, adopted beside the first."""
    return adopt_text(alpi_text())


TWIN = "cdg62-conseil/2024"


def adopted_twin() -> Any:
    """Another offer of the same body, adopted beside the first: its services have the same codes."""
    return adopt_text(grid_text().replace(f'code = "{GRID}"', f'code = "{TWIN}"', 1))
