"""The bodies of a former programme: brought in from a spreadsheet, then each turned into a request."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tripartite.conventions.models import FormerConvention, HeldService
from tripartite.conventions.queries.cohort import OPEN, open_request_of
from tripartite.conventions.services.cohort_reading import CohortFile, CohortRefused, CohortRow, Finding, read_cohort
from tripartite.conventions.services.errors import ConventionError
from tripartite.journal.services import Actor, record
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import Counted, Holding
from tripartite.quotes.services.requests import Contact, create_request
from tripartite.quotes.states import RequestState
from tripartite.tariffs.queries import grid_in_force, grids_in_force

PROGRAMME = "Mairie Connectée"
"""The pack of the 2021 call REACT EU, for communes of less than 2 000 inhabitants."""


@dataclass(frozen=True, slots=True)
class CohortReport:
    """What an import did, or would do (`dry`). Each entry is a line to print, in French."""

    dry: bool
    added: tuple[str, ...]
    corrected: tuple[str, ...]
    unchanged: int


def import_cohort(
    *, file: CohortFile, actor: Actor, at: datetime, dry: bool = False, programme: str = PROGRAMME, offer: str = ""
) -> CohortReport:
    """Record what the bodies of a spreadsheet held under a former programme: adds, corrects, never removes.

    The columns are the SIREN (or the INSEE code), the first and last days, and one per service of the grid in force
    of the `offer` (needed where several are), with its quantity. Run again with the same file, it changes nothing;
    `dry` writes nothing and says what would be done. A former convention already turned into a request that is still
    good no longer changes. Raises CohortRefused with every finding, and then writes nothing.
    """
    grid = _grid(file, offer, timezone.localdate(at))
    rows = read_cohort(file, grid)
    try:
        with transaction.atomic():
            return _import(rows, file, programme, grid.offer, actor, at, dry=dry)
    except IntegrityError:
        again = "un autre import s'est fait au même instant : recommencer."
        raise CohortRefused([Finding(file.name, None, "", again)]) from None


def _grid(file: CohortFile, offer: str, on: date) -> Grid:
    """The grid whose services the columns name: of the offer, or of the only one. Raises CohortRefused."""
    grids = [grid for grid in grids_in_force(on) if offer in ("", grid.offer)]
    if len(grids) == 1:
        return grids[0]
    wrong = "aucun tarif n'est en vigueur : les services sont inconnus."
    if grids:
        wrong = f"dire de quelle offre sont les services : {', '.join(grid.offer for grid in grids)}."
    raise CohortRefused([Finding(file.name, None, "", wrong)])


def _import(  # noqa: PLR0917 - private, called once
    rows: list[CohortRow], file: CohortFile, programme: str, offer: str, actor: Actor, at: datetime, *, dry: bool
) -> CohortReport:
    # The requests are read once the rows are locked: joined, PostgreSQL would answer those of before the wait.
    known = {
        former.body_id: former
        for former in FormerConvention.objects.select_for_update()
        .filter(programme=programme)
        .prefetch_related("held", "request")
        .order_by("pk")
    }
    added = [row for row in rows if row.body.pk not in known]
    changed = [row for row in rows if row.body.pk in known and _says(known[row.body.pk]) != _content(row, offer)]
    _refuse_turned(changed, known, file)
    if not dry:
        for row in added:
            _write(FormerConvention(body=row.body, programme=programme, offer=offer), row, file, actor, at)
        for row in changed:
            known[row.body.pk].offer = offer
            _write(known[row.body.pk], row, file, actor, at)
        if added or changed:
            text = f"{programme} : {len(added)} conventions ajoutées, {len(changed)} corrigées ({file.name})."
            record(
                actor=actor,
                at=at,
                action="conventions.import-cohort",
                subject_kind="cohort",
                subject_id=programme,
                text=text,
            )
    return CohortReport(
        dry, tuple(map(_line, added)), tuple(map(_line, changed)), len(rows) - len(added) - len(changed)
    )


def _line(row: CohortRow) -> str:
    through = f" : {row.through}" if row.through else ""
    return f"{row.body.name} ({row.body.siren}){through}"


def _says(former: FormerConvention) -> tuple[Any, ...]:
    held = {one.service: one.quantity for one in former.held.all()}
    return former.offer, former.starts_on, former.ends_on, held, former.going_live_due


def _content(row: CohortRow, offer: str) -> tuple[Any, ...]:
    return offer, row.starts_on, row.ends_on, dict(row.held), row.going_live_due


def _refuse_turned(changed: list[CohortRow], known: dict[int, FormerConvention], file: CohortFile) -> None:
    requests = [(row, known[row.body.pk].request) for row in changed]
    turned = [(row, request) for row, request in requests if request and request.state in (*OPEN, RequestState.ENGAGED)]
    if turned:
        raise CohortRefused(
            [
                Finding(file.name, row.row, "", f"{row.body.name} a déjà la demande {request} : elle ne change plus.")
                for row, request in turned
            ]
        )


def _write(former: FormerConvention, row: CohortRow, file: CohortFile, actor: Actor, at: datetime) -> None:
    corrected = former.pk is not None
    former.starts_on, former.ends_on, former.going_live_due = row.starts_on, row.ends_on, row.going_live_due
    former.source, former.imported_at, former.imported_by = file.name, at, actor.label
    former.save()
    former.held.all().delete()
    HeldService.objects.bulk_create(
        HeldService(former=former, service=service, quantity=quantity) for service, quantity in row.held.items()
    )
    what = "corrigée" if corrected else "enregistrée"
    _tell(former, actor, at, "conventions.former", f"Ancienne convention {what} : {former}.", held=dict(row.held))


@transaction.atomic
def turn_into_request(
    *,
    former_id: int,
    actor: Actor,
    at: datetime,
    in_service: Collection[str] = (),
    given_up: Collection[str] = (),
    going_live_due: Mapping[str, bool] | None = None,
    contact: Contact | None = None,
) -> Any:
    """Make a request of what a body held under a former programme: quotes and a new convention follow.

    Everything held is asked for again under the tariff of the day, but the services said to stay `in_service` as they
    are and those `given_up`. `going_live_due` says, service by service, whether going live is due again: nobody assumes
    it, so that it is said of each service whose tariff charges it, here or by the spreadsheet. Raises ConventionError
    (a request already open, nothing left to ask for, going live not said), QuoteError, and OrderError when the order
    has no price.
    """
    former = (
        FormerConvention.objects.select_for_update(of=("self",)).select_related("body").filter(pk=former_id).first()
    )
    if former is None:
        raise ConventionError("Cette ancienne convention n'est pas enregistrée.")
    already = open_request_of(former.body_id, offer=former.offer)
    if already is not None:
        raise ConventionError(f"{former.body.name} a déjà une demande en cours : {already.reference}.")
    held = Holding({Counted(one.service): Fraction(one.quantity) for one in former.held.all()})
    unknown = {*in_service, *given_up}.difference(held.services)
    if unknown:
        raise ConventionError(f"Ce service n'était pas tenu : {', '.join(sorted(unknown))[:200]}.")
    kept = held.where(set(in_service).__contains__)
    lines = held.where(lambda service: service not in {*in_service, *given_up})
    if not lines:
        raise ConventionError("Gardez au moins un service à renouveler.")
    set_up = _set_up(former, lines, going_live_due or {}, on=timezone.localdate(at))
    request = create_request(
        beneficiary_id=former.body_id,
        order={"lines": lines.as_lines(), "in_service": kept.as_lines(), "set_up": set_up.as_lines()},
        contact=contact or Contact(),
        origin="agent",
        actor=actor,
        at=at,
        offer=former.offer,
        note=f"Suite de l'ancienne convention {former}.",
    )
    former.request = request
    former.save(update_fields=["request"])
    _tell(former, actor, at, "conventions.turn", f"Demande {request.reference} préparée : {former}.")
    return request


def _set_up(former: FormerConvention, lines: Holding, due: Mapping[str, bool], *, on: date) -> Holding:
    """What is asked for again and is set up already: its going live is not due again."""
    grid = grid_in_force(on, offer=former.offer)
    charged = [code for code in lines.services if grid is not None and grid.is_set_up(code)]
    said = {code: due.get(code, former.going_live_due) for code in charged}
    if grid is not None and (unsaid := [grid.services[code].name for code in charged if said[code] is None]):
        raise ConventionError(f"Dites si la mise en service est due de nouveau : {', '.join(unsaid)}.")
    return lines.where(lambda code: said.get(code) is False)


def _tell(former: FormerConvention, actor: Actor, at: datetime, action: str, text: str, **details: Any) -> None:
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="body",
        subject_id=former.body_id,
        text=text,
        details={"former": former.pk} | details,
    )
