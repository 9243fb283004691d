"""What an address of the estimator asks for: read, resolved, priced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from tripartite.conventions.queries.cohort import formers_of
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import BodyFacts, facts_of
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.estimating import Estimator
from tripartite.tariffs.queries import grids_in_force
from tripartite.web.estimator.asked_figures import Figure, asked_figures
from tripartite.web.estimator.choosing import grid_asked
from tripartite.web.estimator.display import Screen, show
from tripartite.web.estimator.selection import MAX_LENGTH, OFFER, STATED, Selection, read_selection


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, resolved: the body, its facts, and the screen."""

    selection: Selection
    facts: BodyFacts | None
    screen: Screen
    figures: tuple[Figure, ...]
    offer: str

    @property
    def ready(self) -> bool:
        """True when it can be asked for as quotes: it has all its prices, and says what is in place already where some
        of it is held.
        """
        estimate = self.screen.estimate
        return estimate is not None and not estimate.missing and not self.screen.to_say


def resolve(selection: Selection, grid: Grid, on: date) -> Asked:
    """Find the body and price the order, when both are said; a refusal becomes part of the screen. An agent is asked
    about what a former programme left in place, too: the public page never tells what a body holds.
    """
    facts: BodyFacts | None = None
    refusal: OrderError | None = None
    estimate: Estimate | None = None
    if selection.siren and "siren" not in selection.errors:
        body = body_by_identifier("siren", selection.siren)
        if body is None or (body.unconfirmed and not selection.for_agents):
            refusal = OrderError("unknown-body", "Ce SIREN n'est pas dans l'annuaire. Cherchez par le nom.")
        else:
            facts = facts_of(body, on=on)
            selection = selection.without([name for name in STATED if getattr(facts, name) is not None])
    if refusal is None and selection.named and selection.lines and not selection.errors:
        try:
            estimator = Estimator(today=on)
            estimator.know([facts] if facts else [], on)
            estimate = estimator.estimate(selection.payload(), grid=grid)
        except OrderError as error:
            refusal = error
    screen = show(grid, selection, estimate, refusal, left=_left_in_place(selection, facts, grid.offer))
    return Asked(selection, facts, screen, asked_figures(grid, selection, facts, refusal, estimate), grid.offer)


def _left_in_place(selection: Selection, facts: BodyFacts | None, offer: str) -> frozenset[str]:
    """The services of an offer that a body held under a former programme, for an agent."""
    if facts is None or not selection.for_agents:
        return frozenset()
    former = formers_of([facts.body_id]).get(facts.body_id)
    return frozenset(one.service for one in former.held.all()) if former and former.offer == offer else frozenset()


def read_asked(request: HttpRequest, place: str) -> Asked | None:
    """What the address of a page that follows the estimator asks for; None when it says too much, or of no offer."""
    on = timezone.localdate()
    grids = grids_in_force(on)
    grid = grid_asked(request.GET, grids)
    if grid is None or len(request.META.get("QUERY_STRING", "")) > MAX_LENGTH:
        return None
    return resolve(read_selection(named_offer(request.GET, grid, grids), grid, place), grid, on)


def named_offer(query: QueryDict, grid: Grid, grids: Sequence[Grid]) -> QueryDict:
    """The same address, which names its offer where several are in force: it opens the same one for ever."""
    if len(grids) == 1 or query.get(OFFER):
        return query
    named = QueryDict(mutable=True)
    named[OFFER] = grid.offer
    for name in query:
        named[name] = str(query[name])
    return named


def address_of(selection: Selection) -> str:
    """The address that opens this estimate again."""
    return f"{reverse(selection.place)}{'?' + selection.query if selection.typed else ''}"
