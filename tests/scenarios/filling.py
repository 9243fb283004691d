"""Every commune of the shipped directory with services of its own, written in bulk past the services."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.filling import write_conventions
from django.conf import settings

from tests.factories.accounts import AT, TESTER
from tests.factories.billing import number_of
from tests.scenarios.reckoning import DAY, anniversary
from tripartite.conventions.models import Convention
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.bodies import bodies_by_id
from tripartite.parties.queries.facts import facts_of_all, priced_facts
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile
from tripartite.subscriptions.models import QuantityChange, Subscription

GRID = "cdg62/2024-03-26"


def write_holdings(count: int, holding: Callable[[int, int], Any]) -> dict[int, Any]:
    """So many communes of the directory, each with a SIRET and what `holding` says of its place and its inhabitants."""
    folder = settings.DIRECTORY_FOLDER / "62"
    files = [
        DirectoryFile(name, (folder / name).read_bytes(), "annuaire livré") for name in ("communes.csv", "epci.csv")
    ]
    import_directory(files, actor=TESTER, at=AT, department="62")
    bodies = list(PublicBody.objects.filter(kind="commune", ended_on=None).order_by("code_insee")[:count])
    for body in bodies:
        body.siret = number_of(body.siren)
    PublicBody.objects.bulk_update(bodies, ["siret"])
    facts = {one.body_id: one for one in facts_of_all([body.pk for body in bodies], on=AT.date())}
    held = {body.pk: holding(place, facts[body.pk].population or 0) for place, body in enumerate(bodies)}
    read = {body.pk: body for body in bodies_by_id(held)}
    own = [priced_facts(read[body.pk], on=AT.date()) for body in bodies]
    signed = write_conventions([body.pk for body in bodies], [("messagerie-5go", 1, None)], own, AT.date(), AT)
    kept = Convention.objects.in_bulk([one.pk for one in signed])
    conventions = [kept[one.pk] for one in signed]
    for convention in conventions:
        since = held[convention.beneficiary_id].since
        convention.in_force_on = convention.due_on = since
        convention.ends_on = anniversary(since, 3) - DAY
    Convention.objects.bulk_update(conventions, ["in_force_on", "due_on", "ends_on"])
    _write_running(conventions, held, own)
    return held


def _write_running(conventions: list[Any], held: dict[int, Any], own: list[dict[str, Any]]) -> None:
    rows: list[tuple[Subscription, list[tuple[Any, int]], dict[str, Any]]] = []
    for convention, facts in zip(conventions, own, strict=True):
        one = held[convention.beneficiary_id]
        boxes = [(one.since, one.boxes), *([(one.more_on, one.more)] if one.more else [])]
        wanted = [("messagerie-5go", boxes), ("nom-de-domaine", [(one.since, 1)])]
        wanted += [("demarches-simplifiees", [(one.since, 1)])] if one.categorised else []
        rows += [(_subscription(convention, one, service), lots, facts) for service, lots in wanted]
    Subscription.objects.bulk_create([one for one, _, _ in rows])
    QuantityChange.objects.bulk_create(
        QuantityChange(
            subscription=one,
            on=on,
            first_on=on,
            line={"service": one.service, "quantity": quantity},
            grid=GRID,
            facts=facts,
            convention=one.convention,
            recorded_by="essai",
            recorded_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC) + timedelta(days=2),
        )
        for one, lots, facts in rows
        for on, quantity in lots
    )


def _subscription(convention: Any, one: Any, service: str) -> Subscription:
    return Subscription(
        body_id=convention.beneficiary_id,
        convention=convention,
        service=service,
        name=service,
        anchor_on=one.since,
        starts_on=one.since,
        created_at=AT,
        created_by="essai",
    )
