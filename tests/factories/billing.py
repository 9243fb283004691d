"""Issuers that bill, bodies that owe, and the runs that bill them, through the services."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from stdnum import luhn

from tests.factories import parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.billing.models import BillingRun, Invoice, RevenueSlip
from tripartite.billing.queries.preparing import Asked, Prepared, prepare
from tripartite.billing.services.issuing import bill_unit
from tripartite.billing.services.ordering import order_revenue
from tripartite.billing.services.running import start_run
from tripartite.billing.services.settings import set_billing
from tripartite.billing.states import Unsendable
from tripartite.jobs.queries import units_of
from tripartite.jobs.services.running import begin_job, conclude_job, run_next_unit
from tripartite.parties.services.bodies import complete_body

DAY = AT.date()
NEXT = DAY + timedelta(days=1)
BY: dict[str, Any] = {"actor": TESTER, "at": AT}
IBAN = "FR7630001007941234567890185"


@laid
def ready(*, text: str = "", basis: str = "TTC", **changes: Any) -> None:
    """The shipped offer and checklist, communes with a SIRET, both issuers set to bill from that day; `text` is that of
    another grid, `basis` what the shipped one votes.
    """
    if text:
        tariffs.adopt_text(text)
        tariffs.begin_series()
        parties.directory()
        quotes.complete_issuers()
    else:
        quotes.offer(basis)
    subscriptions.conventions.complete_offer()
    subscriptions.adopt_shipped_checklist()
    for code in (quotes.RUITZ, quotes.ARRAS):
        with_siret(code)
    for issuer in ("lfn", "cdg62"):
        bills(issuer, **changes)


def number_of(siren: str) -> str:
    """The number of an establishment of a SIREN, its key right."""
    start = f"{siren}0001"
    return start + luhn.calc_check_digit(start)


def with_siret(code: str) -> None:
    """Give a commune the number of an establishment."""
    one = parties.body(code)
    complete_body(body_id=one.pk, changes={"siret": number_of(one.siren)}, actor=TESTER, at=AT)


def bills(issuer: str, *, on: date = DAY, at: datetime = AT, **changes: Any) -> Any:
    """Set how an issuer bills."""
    values = {"first_billed_on": DAY, "iban": IBAN, "bic": "BDFEFRPPCCT", "accountant_name": "SGC d'essai"}
    values |= {"vat_number": "FR25200039386"} | changes
    return set_billing(issuer=issuer, changes=values, applies_on=on, actor=TESTER, at=at)


def asked(issuer: str = "lfn", *, until: date = DAY, on: date | None = None, **more: Any) -> Asked:
    """A run of what is due until a day, invoiced that day."""
    return Asked(issuer, until, on or until, **more)


def previewed(issuer: str = "lfn", **more: Any) -> list[Prepared]:
    """What a run would do."""
    return list(prepare(asked(issuer, **more)))


def billed(issuer: str = "lfn", *, at: datetime = AT, **more: Any) -> list[Any]:
    """What a run issues, unit by unit, without a job."""
    return list(_billed(asked(issuer, **more), at))


def _billed(wanted: Asked, at: datetime) -> Iterator[Any]:
    for one in list(prepare(wanted)):
        unit = Asked(wanted.issuer, wanted.until, wanted.on, wanted.frequencies, one.unit)
        yield from bill_unit(asked=unit, run=None, actor=TESTER, at=at)[0]


def ordered(*papers: Invoice, issuer: str = "lfn") -> RevenueSlip:
    """A slip of invoices whose titles leave in a table, whatever is set of flows."""
    keys = [one.pk for one in papers]
    return order_revenue(issuer=issuer, invoice_ids=keys, on=DAY, unsendable=Unsendable.BY_TABLE, **BY)


def run(
    issuer: str = "lfn", *, until: date = DAY, on: date | None = None, at: datetime = AT, **more: Any
) -> BillingRun:
    """A run and its job, done to its end in this process."""
    made = start_run(issuer=issuer, until=until, on=on or until, actor=TESTER, at=at, **more)
    assert made.job_id is not None
    work(made.job_id, at=at)
    return BillingRun.objects.select_related("job").get(pk=made.pk)


def work(job_id: int, *, at: datetime = AT) -> None:
    """Do the units of a job that are left, in this process."""
    begin_job(job_id, at)
    while run_next_unit(job_id, at):
        pass
    conclude_job(job_id, at)


def outcomes(made: BillingRun) -> dict[str, tuple[str, str]]:
    """How each unit of a run ended, and what is said of it."""
    return {unit.words: (unit.state, unit.outcome) for unit in units_of(made.job_id)}


def invoices(issuer: str = "lfn") -> list[Invoice]:
    """The invoices of an issuer, in the order of their numbers."""
    return list(Invoice.objects.filter(issuer=issuer))


def body(code: str = quotes.RUITZ) -> Any:
    """A commune."""
    return parties.body(code)
