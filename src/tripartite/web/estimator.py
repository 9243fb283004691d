"""The public estimator: whom it is for, which services, and both issuers' totals as one types. No account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tripartite.parties.queries import BodyFacts, body_by_identifier, facts_of, search_bodies
from tripartite.pricing import Grid, OrderError
from tripartite.pricing.order import KIND_LABELS
from tripartite.quotes.queries import estimate_order
from tripartite.tariffs.queries import grid_in_force
from tripartite.web.asked_figures import Figure, asked_figures
from tripartite.web.estimate_display import Screen, show
from tripartite.web.selection import FACT, MAX_LENGTH, STATED, Selection, read_selection

TOO_LONG = "Ce lien est trop long pour être lu. L'estimation repart de zéro."
MATCHES = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, resolved: the body, its facts, and the screen."""

    selection: Selection
    facts: BodyFacts | None
    screen: Screen
    figures: tuple[Figure, ...]

    @property
    def ready(self) -> bool:
        """True when it can be asked for as quotes."""
        return self.screen.estimate is not None


def estimator(request: HttpRequest) -> HttpResponse:
    """The page, or the parts of it that changed when htmx asks."""
    on = timezone.localdate()
    grid = grid_in_force(on)
    if grid is None:
        return render(request, "web/estimator/no_grid.html", {"on": on}, status=503)
    too_long = len(request.META.get("QUERY_STRING", "")) > MAX_LENGTH
    query = QueryDict() if too_long else request.GET
    selection = read_selection(query, grid)
    live = bool(request.headers.get("HX-Request"))
    search = "" if live else query.get("q", "").replace("\x00", "").strip()[:100]
    matches = _matches(search, on) if search else ()
    if len(matches) == 1 and not selection.siren:
        return _to(selection, siren=str(matches[0].siren))
    if not live and not search and not selection.errors and not selection.unknown and _untidy(query):
        return _to(selection)
    asked = resolve(selection, grid, on)
    context = _context(asked, grid, query) | {"search": search, "matches": matches, "too_long": too_long}
    response = render(request, f"web/estimator/{'live' if live else 'page'}.html", context)
    if live:
        response["HX-Replace-Url"] = address_of(selection)
    if too_long:
        response.status_code = 414
    patch_vary_headers(response, ["HX-Request"])
    return response


def resolve(selection: Selection, grid: Grid, on: date) -> Asked:
    """Find the body and price the order, when both are said; a refusal becomes part of the screen."""
    facts, refusal, estimate = None, None, None
    if selection.siren and "siren" not in selection.errors:
        body = body_by_identifier("siren", selection.siren)
        if body is None:
            refusal = OrderError("unknown-body", "Ce SIREN n'est pas dans l'annuaire. Cherchez par le nom.")
        else:
            facts = facts_of(body, on=on)
    if refusal is None and selection.named and selection.lines and not selection.errors:
        try:
            estimate = estimate_order(selection.payload(), today=on, grid=grid)
        except OrderError as error:
            refusal = error
    return Asked(
        selection, facts, show(grid, selection, estimate, refusal), asked_figures(grid, selection, facts, refusal)
    )


def address_of(selection: Selection) -> str:
    """The address that opens this estimate again."""
    return f"{reverse('estimator')}{'?' + selection.query if selection.typed else ''}"


def body_options(request: HttpRequest) -> HttpResponse:
    """The bodies that answer what is being typed, for the list under the field."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    matches = _matches(text, timezone.localdate()) if len(text) >= 2 else ()
    return render(request, "web/estimator/body_options.html", {"matches": matches, "text": text})


def _matches(text: str, on: date) -> Sequence[BodyFacts]:
    return [facts for body in search_bodies(text, limit=MATCHES) if (facts := facts_of(body, on=on)).siren]


def _to(selection: Selection, **named: str) -> HttpResponse:
    kept = named | {name: text for name, text in selection.typed.items() if not (named and name in STATED)}
    return HttpResponseRedirect(f"{reverse('estimator')}{'?' + urlencode(kept) if kept else ''}")


def _untidy(query: QueryDict) -> bool:
    """True when a form without JavaScript sent its empty fields along: the address to share is the short one."""
    return any(not value for value in query.values())


def _context(asked: Asked, grid: Grid, query: QueryDict) -> dict[str, Any]:
    selection, screen = asked.selection, asked.screen
    return {
        "asked": asked,
        "selection": selection,
        "screen": screen,
        "facts": asked.facts,
        "grid": grid,
        "kinds": [(kind.value, label) for kind, label in KIND_LABELS.items()],
        "figures": asked.figures,
        "new_figures": any(figure.name not in query for figure in asked.figures),
        "address": address_of(selection),
        "request_address": f"{reverse('request-quotes')}?{selection.query}",
        "other_body": _without_body(selection),
        "stated": any(name in selection.typed for name in STATED) and not selection.siren,
    }


def _without_body(selection: Selection) -> str:
    """The same services for another body."""
    apart = {"siren", *STATED}
    kept = {name: text for name, text in selection.typed.items() if name not in apart and not name.startswith(FACT)}
    return f"{reverse('estimator')}?{urlencode(kept)}" if kept else reverse("estimator")


urlpatterns = [
    path("", estimator, name="estimator"),
    path("propositions/", body_options, name="body-options"),
]
