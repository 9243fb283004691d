"""What a day brings to what goes live and runs. Each unit is found by the database, done once, harmless twice."""

from collections.abc import Iterator
from datetime import date, datetime

from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.states import ConventionState
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bodies_by_id
from tripartite.subscriptions.queries.pending import (
    conventions_to_open,
    figures_to_announce,
    subscriptions_to_end,
    subscriptions_to_take_over,
    tariffs_to_announce,
)
from tripartite.subscriptions.services.activations import open_activations
from tripartite.subscriptions.services.announcing import announce_figures, announce_tariff
from tripartite.subscriptions.services.ending import end_with_convention
from tripartite.subscriptions.services.taking_over import take_over_merged


def units(on: date) -> Iterator[Unit]:
    """What there is to do on a day: `open:3`, `end:12`, `take-over:12`, `tariff:7:cdg62/2027-01-01`…"""
    for key, words in conventions_to_open(on=on):
        yield Unit(f"open:{key}", f"Mise en service à ouvrir : {words}")
    for key, words in subscriptions_to_end(on=on):
        yield Unit(f"end:{key}", f"Fin avec sa convention : {words}")
    for key, words in subscriptions_to_take_over(on=on):
        yield Unit(f"take-over:{key}", f"Repris par la structure qui succède : {words}")
    for grid, (key, words) in tariffs_to_announce(on=on):
        yield Unit(f"tariff:{key}:{grid.code}", f"Nouveau tarif {grid.code}, à annoncer si un prix change : {words}")
    figures = figures_to_announce(on=on)
    names = {body.pk: body.name for body in bodies_by_id([key for key, _ in figures])} if figures else {}
    for key, figure in figures:
        yield Unit(f"figures:{key}:{figure}", f"Nouveaux chiffres, à annoncer si la catégorie change : {names[key]}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":", 2):
        case ["open", one]:
            return _open(int(one), actor, at)
        case ["end", one]:
            return end_with_convention(subscription_id=int(one), actor=actor, at=at)
        case ["take-over", one]:
            return take_over_merged(subscription_id=int(one), on=on, actor=actor, at=at)
        case ["tariff", body, grid]:
            return announce_tariff(grid=grid, body_id=int(body), on=on, actor=actor, at=at)
        case ["figures", body, figure]:
            return announce_figures(body_id=int(body), figure_id=int(figure), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


def _open(convention_id: int, actor: Actor, at: datetime) -> bool:
    """Open what a convention sets going, unless the same day ended it meanwhile."""
    convention = convention_by_id(convention_id)
    if convention is None or convention.state != ConventionState.IN_FORCE:
        return False
    opened = open_activations(convention_id=convention_id, actor=actor, at=at)
    return bool(opened or convention.version.order.get("ended"))
