"""A commune whose services have run for more than a year, and a draft tariff: in local mode only, by the services."""

from datetime import datetime, timedelta
from fractions import Fraction

from django.utils import timezone

from tripartite.cli.sample_files import SampleFiles
from tripartite.cli.sample_services import settle_steps, sign_with
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.going_live.services.parts import go_live
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.services.figures import declare_figure
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription
from tripartite.tariffs.queries import grids_in_force, version_by_code
from tripartite.tariffs.services import draft_grid

AGO = timedelta(days=400)
DRAFT = "projet"
"""After the bar: the draft is of the offer in force."""


def sample_history(files: SampleFiles, *, actor: Actor, at: datetime) -> bool:
    """Services that went live some 400 days ago, less of one since, the end of another, a new figure of population.

    False when the commune is not there.
    """
    said = files.history
    body = body_by_identifier("code_insee", said.commune) if said else None
    if said is None or body is None:
        return False
    then, today = at - AGO, timezone.localdate(at)
    convention = sign_with(body, said.lines, files.sirens, actor, then)
    running = {}
    for one in activations_of_convention(convention):
        settle_steps(one, None, timezone.localdate(then), actor, then)
        part = go_live(activation_id=one.pk, live_on=timezone.localdate(then), actor=actor, at=then)
        running[one.service] = part.subscription_id or 0
    reduce_subscription(
        subscription_id=running[said.reduced],
        removed=Fraction(said.reduced_by),
        on=today - timedelta(days=200),
        reason="Courrier de la mairie : deux postes supprimés",
        actor=actor,
        at=at,
    )
    end_subscription(
        subscription_id=running[said.ended],
        last_day=today - timedelta(days=30),
        reason="La commune a son propre site",
        actor=actor,
        at=at,
    )
    declare_figure(
        body_id=body.pk,
        measure="population",
        counted="municipale",
        value=said.population,
        declared_by="Prénom NOM, secrétaire de mairie",
        actor=actor,
        at=at,
    )
    return True


def sample_draft(*, actor: Actor, at: datetime) -> None:
    """A draft of the next tariff of the first offer in force, two euros more a mailbox: to see what it would change."""
    today = timezone.localdate(at)
    grid = next(iter(grids_in_force(today)), None)
    version = version_by_code(grid.code) if grid else None
    if grid is None or version is None or version_by_code(f"{grid.offer}/{DRAFT}") is not None:
        return
    changes = {
        f'code = "{grid.code}"': f'code = "{grid.offer}/{DRAFT}"\nsupersedes = "{grid.code}"',
        f"applies_from = {grid.applies_from}": f"applies_from = {today.year + 1}-01-01",
        "{ per_unit = 20 }": "{ per_unit = 22 }",
    }
    text = version.text
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    draft_grid(text=text, actor=actor, at=at)
