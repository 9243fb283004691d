"""Bodies and all that runs for each, written in bulk for measures: straight into the tables, past the services."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from stdnum import luhn

ROOT = Path(__file__).resolve().parents[1]
BATCH = 5_000
YEARS = 3
YEAR = 365
SPREAD = 97
"""Days from one convention to the next: few or many, they are spread over the whole year."""


def write_bodies(size: int, *, at: datetime) -> list[Any]:
    """So many communes, each with its population, under the shipped grid."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then

    from tripartite.parties.models import Figure, PublicBody  # noqa: PLC0415
    from tripartite.tariffs.services import adopt_grid, draft_grid  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    grid = "cdg62/2024-03-26"
    draft_grid(text=(ROOT / f"grids/{grid}.toml").read_text(encoding="utf-8"), actor=_actor(), at=at)
    adopt_grid(code=grid, actor=_actor(), at=at)
    bodies = _bulk(PublicBody, (_body(PublicBody, place, at) for place in range(size)))
    _bulk(
        Figure,
        (
            Figure(
                body=body,
                measure="population",
                counted="municipale",
                value=population_of(place),
                year=2023,
                applies_on=date(2026, 1, 1),
                source="mesure",
                recorded_at=at,
            )
            for place, body in enumerate(bodies)
        ),
    )
    return bodies


def population_of(place: int) -> int:
    """The inhabitants of a made-up commune: they differ as those of a département do, and none falls between bands."""
    people = 101 + place * 37 % 4_800
    return people if people != 1_000 else 1_001


def _body(model: Any, place: int, at: datetime) -> Any:
    digits = f"{10_000_000 + place}"
    return model(
        siren=digits + luhn.calc_check_digit(digits),
        kind="commune",
        name=f"Commune d'essai {place}",
        department="62",
        code_insee=f"{place:05d}",
        source="mesure",
        created_at=at,
    )


def write_running(
    bodies: list[Any],
    *,
    services: Iterable[tuple[str, int, int | None]],
    facts: dict[str, Any],
    day: date,
    at: datetime,
) -> None:
    """A convention of three years in force for each body, set going, with what runs under it.

    Conventions began on every day of a year: one in 365 is past its last day on `day`, and half of those renew.
    """
    own = [facts | {"population": population_of(place)} for place in range(len(bodies))]
    conventions = write_conventions(bodies, list(services), own, day, at)
    from tripartite.going_live.models import Activation  # noqa: PLC0415
    from tripartite.subscriptions.models import QuantityChange, Subscription  # noqa: PLC0415

    _bulk(
        Activation,
        (
            Activation(
                convention=convention,
                version_id=convention.version_id,
                body_id=convention.beneficiary_id,
                position=1,
                service="messagerie-5go",
                name="Messagerie",
                line={"service": "messagerie-5go", "quantity": 4},
                grid="cdg62/2024-03-26",
                facts=own[place],
                state="live",
                opened_on=convention.in_force_on,
                opened_at=at,
            )
            for place, convention in enumerate(conventions)
        ),
    )
    services = list(services)
    rows = ((convention, *service) for convention in conventions for service in services)
    running = _bulk(Subscription, (_subscription(Subscription, at, *row) for row in rows))
    quantities = [quantity for _convention in conventions for _service, quantity, _years in services]
    _bulk(
        QuantityChange,
        (
            QuantityChange(
                subscription=one,
                on=one.starts_on,
                first_on=one.starts_on,
                line={"service": one.service, "quantity": quantity},
                grid="cdg62/2024-03-26",
                facts=own[place // len(services)],
                recorded_by="mesure",
                recorded_at=at,
            )
            for place, (one, quantity) in enumerate(zip(running, quantities, strict=True))
        ),
    )


def _subscription(model: Any, at: datetime, convention: Any, service: str, _quantity: int, years: int | None) -> Any:
    starts = convention.in_force_on
    return model(
        body_id=convention.beneficiary_id,
        convention=convention,
        service=service,
        name=service,
        anchor_on=starts,
        starts_on=starts,
        ends_on=starts + timedelta(days=YEARS * YEAR) if years else None,
        term_years=years,
        created_at=at,
        created_by="mesure",
    )


def write_conventions(
    bodies: list[Any], services: list[tuple[str, int, int | None]], own: list[dict[str, Any]], day: date, at: datetime
) -> list[Any]:
    """A convention in force for each body, of these services and of its own facts, its last days spread over a year."""
    from tripartite.conventions.models import Convention, TextVersion  # noqa: PLC0415 - Django is set up by then
    from tripartite.documents.services import store_document  # noqa: PLC0415
    from tripartite.quotes.models import QuoteVersion, Request  # noqa: PLC0415

    paper = store_document(
        kind="convention", issuer="", number=None, title="mesure", model="", payload={}, pdf=b"%PDF-1.4", at=at
    )
    text = TextVersion.objects.create(
        code="convention/mesure", kind="convention", title="mesure", text="", drafted_at=at, drafted_by="mesure"
    )
    order = {"lines": [{"service": code, "quantity": quantity} for code, quantity, _years in services]}
    requests = _bulk(
        Request,
        (
            Request(
                reference=f"M-{place:06d}",
                beneficiary=body,
                contact_email="mairie@exemple.fr",
                origin="agent",
                offer="cdg62",
                order=order,
                state="engaged",
                created_at=at,
                created_by="mesure",
            )
            for place, body in enumerate(bodies)
        ),
    )
    versions = _bulk(
        QuoteVersion,
        (
            QuoteVersion(
                request=request,
                version=1,
                grid="cdg62/2024-03-26",
                order=order,
                estimate={"beneficiary": own[place]},
                issued_on=at.date(),
                issued_at=at,
                issued_by="mesure",
            )
            for place, request in enumerate(requests)
        ),
    )
    return _bulk(
        Convention,
        (_convention(Convention, place, version, text, paper, day, at) for place, version in enumerate(versions)),
    )


def _convention(  # noqa: PLR0917 - one call, above
    model: Any, place: int, version: Any, text: Any, paper: Any, day: date, at: datetime
) -> Any:
    ends = day - timedelta(days=1) + timedelta(days=place * SPREAD % YEAR)
    starts = ends - timedelta(days=YEARS * YEAR)
    return model(
        request_id=version.request_id,
        version=version,
        beneficiary_id=version.request.beneficiary_id,
        text=text,
        number=f"M-{place:06d}",
        state="in-force",
        document=paper,
        due_on=starts,
        years=YEARS,
        tacit_renewals=place % 2,
        notice_months=3,
        in_force_on=starts,
        ends_on=ends,
        created_at=at,
        created_by="mesure",
        sent_at=at,
    )


def _bulk(model: Any, rows: Iterator[Any]) -> list[Any]:
    written: list[Any] = []
    for batch in _batches(rows):
        written += model.objects.bulk_create(batch)
    return written


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _actor() -> Any:
    from tripartite.journal.services import Actor  # noqa: PLC0415 - Django is set up by then

    return Actor("mesure")
