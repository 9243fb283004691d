"""The board of what is to be set going: to do, waiting, done; narrowed, and taken away as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.going_live.queries.activations import (
    READY,
    Column,
    Narrowing,
    activation_counts,
    activation_list,
    services_to_set_going,
    territories,
)
from tripartite.going_live.queries.checklists import BENEFICIARY
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.money import number_text
from tripartite.sheets import Cell
from tripartite.web.going_live.card import Card, cards_of
from tripartite.web.going_live.forms import BoardFilter
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout

FEW, PAGE = 12, 24
TITLES = {
    Column.TO_DO: "À faire",
    Column.WAITING: "En attente",
    Column.DONE: "Faites",
    Column.LATE: "En retard",
    Column.CANCELLED: "Abandonnées",
}
EMPTY = {
    Column.TO_DO: "Rien à faire.",
    Column.WAITING: "Rien n'attend.",
    Column.DONE: "Aucune depuis trente jours.",
    Column.LATE: "Aucun retard.",
    Column.CANCELLED: "Aucune.",
}
BOARD = (Column.TO_DO, Column.WAITING, Column.DONE)
COLUMNS = (
    "colonne",
    "bénéficiaire",
    "SIREN",
    "territoire",
    "service",
    "demandés",
    "en service",
    "état",
    "à qui le tour",
    "étape",
    "étapes réglées",
    "étapes",
    "prévue le",
    "en attente de",
    "depuis le",
    "ouverte le",
    "en service le",
    "dossier",
    "convention",
)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column as the page shows it: its first cards, and how many there are in all."""

    column: Column
    title: str
    empty: str
    count: int
    cards: list[Card]

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


@requires(Action.ACTIVATION_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Three columns, or one of them alone, page by page."""
    today = timezone.localdate()
    form = _form(request)
    readable = form.is_valid()
    narrowing = _narrowing(form.cleaned_data)
    asked = request.GET.get("colonne", "")
    alone = Column(asked) if asked in set(Column) else None
    if readable and (layout := wanted_layout(request)):
        shown = (alone,) if alone else (*BOARD, Column.CANCELLED)
        return export(f"mises-en-service-{today:%Y-%m-%d}", COLUMNS, _rows(shown, narrowing, today), layout)
    counts = activation_counts(narrowing, on=today)
    context: dict[str, Any] = {
        "form": form,
        "tabs": [(column, TITLES[column], counts[column]) for column in TITLES],
        "column": alone,
        "filtered": bool(request.GET),
        "narrowed": narrowing != Narrowing(),
        "any": any(counts.values()),
    }
    if alone:
        page = Paginator(activation_list(alone, narrowing, on=today), PAGE).get_page(request.GET.get("page"))
        cards = cards_of(page.object_list, on=today)
        context |= {"page": page, "lanes": [Lane(alone, TITLES[alone], EMPTY[alone], len(cards), cards)]}
    else:
        context["lanes"] = _lanes(narrowing, counts, today)
    return render(request, "web/going_live/board.html", context, status=200 if readable else 422)


def _lanes(narrowing: Narrowing, counts: dict[Column, int], today: date) -> list[Lane]:
    shown = {column: list(activation_list(column, narrowing, on=today)[:FEW]) for column in BOARD}
    cards = iter(cards_of([one for found in shown.values() for one in found], on=today))
    return [
        Lane(column, TITLES[column], EMPTY[column], counts[column], [next(cards) for _ in found])
        for column, found in shown.items()
    ]


def _form(request: HttpRequest) -> BoardFilter:
    turns = [
        *((issuer.code, issuer.short_name) for issuer in issuers()),
        (BENEFICIARY, "la collectivité"),
        (READY, "prêtes à mettre en service"),
    ]
    return BoardFilter(request.GET, services=services_to_set_going(), territories=territories(), turns=turns)


def _narrowing(wanted: dict[str, Any]) -> Narrowing:
    return Narrowing(wanted.get("q", ""), wanted.get("service", ""), wanted.get("territoire"), wanted.get("tour", ""))


def _rows(columns: tuple[Column, ...], narrowing: Narrowing, today: date) -> Iterator[list[Cell]]:
    for column in columns:
        for card in cards_of(activation_list(column, narrowing, on=today), on=today):
            yield _row(TITLES[column], card)


def _row(title: str, card: Card) -> list[Cell]:
    one = card.activation
    return [
        title,
        one.body.name,
        one.body.siren,
        one.body.epci.name if one.body.epci else "",
        one.name,
        number_text(card.standing.ordered),
        number_text(card.standing.live),
        f"{one.state_label}, en retard" if card.late else one.state_label,
        card.who if card.open else "",
        card.what if card.open else "",
        card.turn.settled,
        card.turn.steps,
        one.planned_on,
        one.waiting_for,
        one.waiting_since,
        one.opened_on,
        card.live_on,
        one.version.request.reference,
        str(one.convention),
    ]
