"""What a grid would rule, were it adopted: told before it is, by the screen and by the command line alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from tripartite.conventions.queries.offers import ConventionCounts, convention_counts
from tripartite.pricing.french import counted, day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_portrait import running_words
from tripartite.quotes.queries.offers import InHand, in_hand
from tripartite.subscriptions.queries.pending import subscribers_of
from tripartite.tariffs.queries import clashing_versions, grids_in_force, previous_version, running_tariffs


@dataclass(frozen=True, slots=True)
class WhatItRules:
    """What adopting a grid does on a day, in its offer and nowhere else.

    `before` is the grid of that offer that applies until its first day, None for the first of an offer; `others` are
    the offers in force beside it. `services` of so many `bodies` run under another tariff of the offer and take this
    one. `clashes` say in French what prevents it.
    """

    grid: Grid
    before: str | None
    others: tuple[str, ...]
    hand: InHand
    conventions: ConventionCounts
    services: int
    bodies: int
    clashes: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it in French, a sentence each."""
        return tuple(self._said())

    def _said(self) -> Iterator[str]:
        grid, first = self.grid, day_text(self.grid.applies_from)
        if self.before is None:
            yield f"Première grille de l'offre « {grid.offer} », à partir du {first} : aucune demande n'en est encore."
        elif grid.supersedes == self.before:
            yield f"Offre « {grid.offer} » : remplace « {self.before} » à partir du {first}."
        else:
            yield f"Offre « {grid.offer} » : suit « {self.before} », à partir du {first}."
        if self.others:
            yield f"Ne change rien aux autres offres en vigueur : {', '.join(self.others)}."
        if self.before is not None:
            yield from self._concerned(first)

    def _concerned(self, first: str) -> Iterator[str]:
        when = running_words(self.grid)
        yield f"Demandes à chiffrer : {self.hand.requests}, à ce tarif pour les devis émis à partir du {first}."
        yield f"Devis en main : {self.hand.quotes}, qui gardent leurs prix."
        yield (
            f"Conventions : {self.conventions.coming} en préparation ou à signer, {self.conventions.in_force} en"
            " vigueur, dont les textes ne changent pas."
        )
        of = f", de {counted(self.bodies, 'structure')}" if self.bodies else ""
        yield f"Services en cours : {self.services}{of}, qui prennent ce tarif {when}."


def what_it_rules(grid: Grid, *, on: date) -> WhatItRules:
    """What adopting a grid would do on a day: as many queries whatever there is of the offer."""
    before = previous_version(grid)
    running = subscribers_of(grid, running_tariffs(), on=on).order_by()
    counted = running.aggregate(services=Count("pk", distinct=True), bodies=Count("body_id", distinct=True))
    return WhatItRules(
        grid=grid,
        before=before.code if before else None,
        others=tuple(one.offer for one in grids_in_force(on) if one.offer != grid.offer),
        hand=in_hand(grid.offer, on=on),
        conventions=convention_counts(grid.offer),
        services=counted["services"],
        bodies=counted["bodies"],
        clashes=tuple(clashing_versions(grid)),
    )
