"""Estimating an order: the body comes from the directory, the grid from its day. Shared by every door."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tripartite.parties.queries.bodies import identified, successor
from tripartite.parties.queries.facts import BodyFacts, facts_of
from tripartite.pricing.contract import ParsedOrder, parse_order
from tripartite.pricing.estimate import Estimate, Warning  # noqa: A004 - the contract's own word
from tripartite.pricing.grid import Grid, offer_of
from tripartite.pricing.offers import asked_grid
from tripartite.pricing.order import Order, OrderError
from tripartite.pricing.pricer import price_order
from tripartite.quotes.queries.declared import Declared, with_declared
from tripartite.tariffs.queries import first_day_of_tariff, grids_in_force, named_grid, offer_titles

SCHEME_NAMES = {"siren": "SIREN", "siret": "SIRET", "code_insee": "code INSEE"}


class Estimator:
    """Estimates orders, keeping the grids and the bodies it has met: for one order or for ten thousand."""

    def __init__(self, *, today: date, public: bool = False) -> None:
        """`public`: for whoever asks without an account, who is not told of what another visitor declared."""
        self.today = today
        self.public = public
        self._grids: dict[str, Grid] = {}
        self._in_force: dict[date, tuple[Grid, ...]] = {}
        self._bodies: dict[tuple[str, str, date], BodyFacts] = {}
        self._through: dict[tuple[str, str, date], str] = {}

    def estimate(self, payload: object, *, grid: Grid | None = None, declared: Sequence[Declared] = ()) -> Estimate:
        """Price an order in the contract's shape; `grid` imposes one; `declared` figures count where the directory has
        none. The offer is the one asked for, or known from what is asked (`asked_grid`). Raises OrderError with the
        contract's codes.
        """
        parsed = parse_order(payload)
        on = parsed.on or self.today
        facts = self._facts(parsed, on)
        if facts:
            facts = with_declared(facts, declared)
        order = parsed.order(on=on, known=facts.beneficiary() if facts else None)
        known = facts.as_json() if facts else {}
        if facts:
            asked = order.beneficiary
            overridden = {
                name: getattr(asked, name) for name in ("department", "population", "population_kind", "staff")
            }
            known |= {"kind": asked.kind.value, **overridden}
            if "population" in parsed.facts:
                known |= {"population_year": None, "population_source": None}
            if "staff" in parsed.facts:
                known |= {"staff_kind": None, "staff_source": None}
        estimate = price_order(grid or self._grid(parsed, order), order, known)
        through = self._through.get((*parsed.identifier, on), "") if parsed.identifier else ""
        if facts is None or not through:
            return estimate
        message = f"{through} : la commune est maintenant {facts.name}, dont c'est le prix."
        return estimate._replace(warnings=(*estimate.warnings, Warning("former-commune", message)))

    def in_force(self, on: date) -> tuple[Grid, ...]:
        """The grids that price the orders of a day, one an offer."""
        if on not in self._in_force:
            self._in_force[on] = grids_in_force(on)
        return self._in_force[on]

    def grid_of(self, estimate: Estimate) -> Grid | None:
        """The grid of an estimate, without reading again one that is at hand."""
        known = (*(grid for grids in self._in_force.values() for grid in grids), *self._grids.values())
        return next((grid for grid in known if grid.code == estimate.grid), None) or named_grid(estimate.grid)

    def know(self, bodies: Iterable[BodyFacts], on: date) -> None:
        """Keep the facts of bodies read together: a list of orders then asks the directory nothing more."""
        for facts in bodies:
            self._bodies["siren", facts.siren, on] = facts

    def _facts(self, parsed: ParsedOrder, on: date) -> BodyFacts | None:
        if parsed.identifier is None:
            return None
        key = (*parsed.identifier, on)
        if key not in self._bodies:
            scheme, value = parsed.identifier
            found = identified(scheme, value)
            if found is None or (self.public and found.body.unconfirmed):
                raise OrderError(
                    "unknown-body", f"Aucune collectivité de l'annuaire n'a le {SCHEME_NAMES[scheme]} « {value} »."
                )
            if scheme == "code_insee":
                found = successor(found, on=on)
            self._bodies[key] = facts_of(found.body, on=on)
            self._through[key] = found.through
        return self._bodies[key]

    def _grid(self, parsed: ParsedOrder, order: Order) -> Grid:
        if parsed.grid is not None:
            return self._named(parsed.grid, parsed.offer)
        grids = self.in_force(order.on)
        if parsed.offer is not None:
            grids = tuple(grid for grid in grids if grid.offer == parsed.offer)
        if not grids:
            raise OrderError("no-grid", _no_grid(parsed.offer, order.on))
        return asked_grid(grids, order)

    def _named(self, code: str, offer: str | None) -> Grid:
        if offer is not None and offer != offer_of(code):
            raise OrderError(
                "bad-order", f"La grille « {code} » n'est pas de l'offre « {offer} » : n'en nommer qu'une."
            )
        if code not in self._grids:
            found = named_grid(code)
            if found is None:
                raise OrderError("no-grid", f"Aucune grille n'a le code « {code} ».")
            self._grids[code] = found
        return self._grids[code]


def estimate_order(
    payload: object, *, today: date, grid: Grid | None = None, declared: Sequence[Declared] = (), public: bool = False
) -> Estimate:
    """Price one order in the contract's shape, on its day or today; `public` as for `Estimator`.

    Raises OrderError: no-grid, ambiguous-offer, unknown-body, and all that pricing refuses.
    """
    return Estimator(today=today, public=public).estimate(payload, grid=grid, declared=declared)


def order_payload(order: dict[str, Any], siren: str, on: date | None = None, *, offer: str = "") -> dict[str, Any]:
    """The contract's order for a stored request: what it asks for and gives up of its offer, for the body of that
    SIREN.
    """
    payload: dict[str, Any] = {
        "beneficiary": {"siren": siren, **order.get("beneficiary", {})},
        "lines": order["lines"],
        "in_service": order.get("in_service", []),
    }
    payload |= {part: order[part] for part in ("ended", "set_up") if order.get(part)}
    if offer:
        payload["offer"] = offer
    if on is not None:
        payload["on"] = on.isoformat()
    return payload


def _no_grid(offer: str | None, on: date) -> str:
    known = offer_titles()
    if offer is not None and offer not in known:
        return f"Aucune offre n'a le code « {offer[:80]} » : choisir parmi {', '.join(known) or 'aucune'}."
    first = first_day_of_tariff(offer)
    since = f" : le premier tarif s'applique à partir du {first:%d/%m/%Y}" if first and on < first else ""
    of_offer = f" de l'offre « {offer} »" if offer and len(known) > 1 else ""
    return f"Aucun tarif{of_offer} n'est en vigueur le {on:%d/%m/%Y}{since}."
