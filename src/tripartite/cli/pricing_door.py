"""Estimates for the command line: the grid may be a path to a TOML file, read once a process."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from tripartite.parties.queries.looks import issuers_on, renamed
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.findings import GridError
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.estimating import Estimator
from tripartite.tariffs.queries import grid_by_code


class PricingDoor:
    """Answers orders as the contract says, keeping the grids and bodies it has met."""

    def __init__(self, today: date | None = None) -> None:
        self.estimator = Estimator(today=today or timezone.localdate())
        self.grids: dict[str, Grid] = {}

    def estimate(self, payload: Any) -> Estimate:
        """Price a decoded order. Raises OrderError."""
        if isinstance(payload, Mapping):
            path = payload.get("grid")
            if isinstance(path, str) and path.endswith(".toml"):
                return self.estimator.estimate({**payload, "grid": None}, grid=self._grid(path))
        return self.estimator.estimate(payload)

    def answer(self, payload: Any) -> dict[str, Any]:
        """The estimate's JSON object. Raises OrderError."""
        return self.estimate(payload).as_json()

    def grid_of(self, estimate: Estimate) -> Grid:
        """The grid that an estimate was made with: one of the paths met, as its file says it, without a base; or
        the stored one of that code, its issuers named as they set themselves on its day, as on screens and papers.
        """
        met = next((grid for grid in self.grids.values() if grid.code == estimate.grid), None)
        if met is not None:
            return met
        grid = grid_by_code(estimate.grid)
        assert grid is not None  # noqa: S101 - the estimate was made with it
        return renamed(grid, issuers_on(estimate.on))

    def _grid(self, path: str) -> Grid:
        if path not in self.grids:
            try:
                self.grids[path] = read_grid(Path(path).read_text(encoding="utf-8-sig"))
            except (OSError, UnicodeDecodeError):
                raise OrderError("no-grid", f"Impossible de lire la grille {path}.") from None
            except GridError as error:
                raise OrderError("no-grid", f"{path} n'est pas une grille valable : {error.findings[0].text}") from None
        return self.grids[path]
