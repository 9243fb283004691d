"""Bodies and all that runs for each, written in bulk for measures: straight into the tables, past the services."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from stdnum import luhn

from bench.writing import write

ROOT = Path(__file__).resolve().parents[1]
GRID = "cdg62/2024-03-26"
MORNING = time(9)
"""When what begins that day is recorded: what was recorded of late has the day's work look at it."""

YEARS = 3
YEAR = 365
SPREAD = 97
"""Days from one convention to the next: few or many, they are spread over the whole year."""

Services = list[tuple[str, int, int | None]]
"""Codes, how many of each, and the years of what is prepaid."""


class Signed(NamedTuple):
    """A convention written: its key, those of the version and of the body that it is for, its first day."""

    pk: int
    version_id: int
    body_id: int
    in_force_on: date


def write_bodies(size: int, *, at: datetime) -> list[int]:
    """The keys of so many communes, each with its population, under the shipped grid."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then

    from tripartite.parties.models import Figure, PublicBody  # noqa: PLC0415
    from tripartite.tariffs.services import adopt_grid, draft_grid  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    draft_grid(text=(ROOT / f"grids/{GRID}.toml").read_text(encoding="utf-8"), actor=_actor(), at=at)
    adopt_grid(code=GRID, actor=_actor(), at=at)
    body = PublicBody(kind="commune", department="62", source="mesure", created_at=at)
    bodies = write(body, (_named(place) for place in range(size)))
    figure = Figure(
        measure="population",
        counted="municipale",
        year=2023,
        applies_on=date(2026, 1, 1),
        source="mesure",
        recorded_at=at,
    )
    write(figure, ({"body_id": key, "value": population_of(place)} for place, key in enumerate(bodies)))
    return bodies


def population_of(place: int) -> int:
    """The inhabitants of a made-up commune: they differ as those of a département do, and none falls between bands."""
    people = 101 + place * 37 % 4_800
    return people if people != 1_000 else 1_001


def _named(place: int) -> dict[str, Any]:
    digits, name = f"{10_000_000 + place}", f"Commune d'essai {place}"
    siren = digits + luhn.calc_check_digit(digits)
    return {
        "siren": siren,
        "siret": f"{siren}00018",
        "name": name,
        "address": f"Mairie\n62000 {name}",
        "code_insee": f"{place:05d}",
    }


def write_running(
    bodies: list[int],
    *,
    services: Iterable[tuple[str, int, int | None]],
    facts: dict[str, Any],
    day: date,
    at: datetime,
) -> None:
    """A convention of three years in force for each body, by its key, set going, with what runs under it.

    Conventions began on every day of a year: one in 365 is past its last day on `day`, and half of those renew.
    """
    from tripartite.going_live.models import Activation  # noqa: PLC0415 - Django is set up by then
    from tripartite.subscriptions.models import QuantityChange, Subscription  # noqa: PLC0415

    services = list(services)
    own = [facts | {"population": population_of(place)} for place in range(len(bodies))]
    conventions = write_conventions(bodies, services, own, day, at)
    mail: dict[str, Any] = {"service": "messagerie-5go", "quantity": 4}
    write(
        Activation(
            position=1, service=mail["service"], name="Messagerie", line=mail, grid=GRID, state="live", opened_at=at
        ),
        (
            {
                "convention_id": one.pk,
                "version_id": one.version_id,
                "body_id": one.body_id,
                "facts": own[place],
                "opened_on": one.in_force_on,
            }
            for place, one in enumerate(conventions)
        ),
    )
    running = write(
        Subscription(created_at=at, created_by="mesure"),
        (_running(one, service, years) for one in conventions for service, _, years in services),
    )
    held = ((place, service, quantity) for place in range(len(conventions)) for service, quantity, _ in services)
    write(
        QuantityChange(grid=GRID, recorded_by="mesure"),
        (
            {
                "subscription_id": key,
                "on": conventions[place].in_force_on,
                "first_on": conventions[place].in_force_on,
                "recorded_at": datetime.combine(conventions[place].in_force_on, MORNING, UTC),
                "line": {"service": service, "quantity": quantity},
                "facts": own[place],
            }
            for key, (place, service, quantity) in zip(running, held, strict=True)
        ),
    )


def _running(convention: Signed, service: str, years: int | None) -> dict[str, Any]:
    starts = convention.in_force_on
    return {
        "body_id": convention.body_id,
        "convention_id": convention.pk,
        "service": service,
        "name": service,
        "anchor_on": starts,
        "starts_on": starts,
        "ends_on": starts + timedelta(days=YEARS * YEAR) if years else None,
        "term_years": years,
    }


def write_conventions(
    bodies: list[int], services: Services, own: list[dict[str, Any]], day: date, at: datetime
) -> list[Signed]:
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
    request = Request(
        contact_email="mairie@exemple.fr",
        origin="agent",
        offer="cdg62",
        order=order,
        state="engaged",
        created_at=at,
        created_by="mesure",
    )
    requests = write(
        request, ({"reference": f"M-{place:06d}", "beneficiary_id": key} for place, key in enumerate(bodies))
    )
    version = QuoteVersion(version=1, grid=GRID, order=order, issued_on=at.date(), issued_at=at, issued_by="mesure")
    versions = write(
        version,
        ({"request_id": key, "estimate": {"beneficiary": own[place]}} for place, key in enumerate(requests)),
    )
    convention = Convention(
        text=text,
        state="in-force",
        document=paper,
        years=YEARS,
        notice_months=3,
        created_at=at,
        created_by="mesure",
        sent_at=at,
    )
    ends = [day - timedelta(days=1) + timedelta(days=place * SPREAD % YEAR) for place in range(len(bodies))]
    starts = [last - timedelta(days=YEARS * YEAR) for last in ends]
    keys = write(
        convention,
        (
            {
                "request_id": requests[place],
                "version_id": versions[place],
                "beneficiary_id": body,
                "number": f"M-{place:06d}",
                "due_on": starts[place],
                "tacit_renewals": place % 2,
                "in_force_on": starts[place],
                "ends_on": ends[place],
            }
            for place, body in enumerate(bodies)
        ),
    )
    return list(map(Signed, keys, versions, bodies, starts))


def _actor() -> Any:
    from tripartite.journal.services import Actor  # noqa: PLC0415 - Django is set up by then

    return Actor("mesure")
