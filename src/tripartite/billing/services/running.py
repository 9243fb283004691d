"""Starting a run: what was asked, and the job that does it, one invoice a unit; or doing it now, without a worker."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from tripartite.billing.models import BillingRun
from tripartite.billing.queries.preparing import Asked, Prepared, prepare
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.issuing import bill_unit
from tripartite.jobs.services.starting import start_job
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import day_text
from tripartite.pricing.naming import complement

KIND = "billing-run"


class Done(NamedTuple):
    """What came of a unit: its key, whose it is, what was issued or why nothing was, in French; whether it failed."""

    unit: str
    words: str
    outcome: str
    failed: bool


@transaction.atomic
def start_run(
    *,
    issuer: str,
    until: date,
    on: date,
    frequencies: Collection[str] = (),
    chosen: Mapping[str, int | None] | None = None,
    actor: Actor,
    at: datetime,
) -> BillingRun:
    """Start billing what is due to an issuer until a day, invoices bearing the day `on`: charges of these frequencies
    (none: all), the units that were chosen in the preview (none: all), each with the amount that it showed (cents; None
    where none was seen): one whose amount has changed since is not issued. A door that shows a preview passes what it
    showed: the units are then listed at once, without reading again what is due.

    Raises BillingError where nothing is set, for a day to come or a frequency that is not one, and JobError.
    """
    run = _run(issuer, until, on, frequencies, chosen or {}, actor, at)
    title = f"Facturation {complement(name_of_issuer(issuer))}, ce qui est dû jusqu'au {day_text(until)}"
    run.job = start_job(kind=KIND, title=title, on=on, parameters={"run": run.pk}, actor=actor, at=at)
    run.save(update_fields=["job"])
    return run


def bill_now(
    *, issuer: str, until: date, on: date, frequencies: Collection[str] = (), actor: Actor, at: datetime
) -> Iterator[Done]:
    """Bill all that a run would, here and now, without a worker: each invoice in a transaction of its own, so that one
    refused stops no other. Raises what `start_run` raises, before anything is issued.
    """
    run = _run(issuer, until, on, frequencies, {}, actor, at)
    asked = Asked(issuer, until, on, tuple(run.frequencies))
    for one in list(prepare(asked)):
        words = unit_words(one)
        try:
            _, outcome = bill_unit(asked=replace(asked, unit=one.unit), run=run, actor=actor, at=at)
        except BillingError as refusal:
            yield Done(one.unit, words, str(refusal), failed=True)
        else:
            yield Done(one.unit, words, outcome, failed=False)


def unit_words(one: Prepared) -> str:
    """Whose unit it is, in French."""
    return f"{one.body.name}, convention {one.number}" if one.convention is not None else one.body.name


def _run(  # noqa: PLR0917 - private
    issuer: str,
    until: date,
    on: date,
    frequencies: Collection[str],
    chosen: Mapping[str, int | None],
    actor: Actor,
    at: datetime,
) -> BillingRun:
    settings = settings_on(issuer, on)
    if settings is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    if until > on:
        raise BillingError("On ne facture pas ce qui n'est pas encore dû : choisir un dernier jour déjà venu.")
    unknown = set(frequencies) - {one.value for one in Frequency}
    if unknown:
        raise BillingError(f"Genre de somme inconnu : {', '.join(sorted(unknown))}.")
    return BillingRun.objects.create(
        issuer=issuer,
        until=until,
        issued_on=on,
        frequencies=sorted(set(frequencies)),
        units=[list(one) for one in chosen.items()],
        created_at=at,
        created_by=actor.label,
    )
