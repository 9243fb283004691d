"""What Chorus Pro says of invoices, read from the list that it exports: kept as dated facts. It records no money."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from tripartite.billing.models import Invoice, PortalFact
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.records import hold_billing, journal
from tripartite.billing.services.statements import table_rows
from tripartite.billing.statements.portal import PortalLine, folded, portal_lines
from tripartite.billing.statements.values import Fault
from tripartite.billing.states import portal_label
from tripartite.journal.services import Actor
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class Told:
    """What a line told of an invoice of here: its number, in words, and whether it was known already."""

    invoice: int
    number: str
    words: str
    known: bool


@dataclass(frozen=True, slots=True)
class PortalReport:
    """What a list told: of which invoices, how many lines are of no invoice of here, which cannot be read."""

    told: tuple[Told, ...]
    unknown: int
    faults: tuple[Fault, ...]

    @property
    def added(self) -> int:
        return sum(not one.known for one in self.told)


def read_portal_list(
    *, issuer: str, name: str, content: bytes, on: date, actor: Actor, at: datetime, dry: bool = False
) -> PortalReport:
    """Read an export of Chorus Pro's list (CSV, XLSX) and keep what it says of each invoice of the issuer, on the day
    that it says, else `on`; what is known already adds nothing. `dry` only says what would be kept.

    Raises BillingError for a file that is no such list, Busy when too many files are being read.
    """
    try:
        lines, faults = portal_lines(table_rows(content), on=on)
    except ValueError as refusal:
        raise BillingError(str(refusal)) from None
    source = clean_line(name)[:150] or "liste"
    told = _keep(issuer=issuer, lines=lines, source=source, on=on, actor=actor, at=at, dry=dry)
    numbers = {one.number for one in told}
    return PortalReport(tuple(told), sum(one.number not in numbers for one in lines), tuple(faults))


@transaction.atomic
def _keep(
    *, issuer: str, lines: list[PortalLine], source: str, on: date, actor: Actor, at: datetime, dry: bool
) -> list[Told]:
    """Keep what was read; nothing is held while the file is."""
    hold_billing(issuer)
    numbers = {one.number for one in lines}
    invoices = {one.number: one for one in Invoice.objects.filter(issuer=issuer, number__in=numbers)}
    kept: dict[int, list[PortalFact]] = {}
    for fact in PortalFact.objects.filter(invoice__in=list(invoices.values())).order_by("said_on", "id"):
        kept.setdefault(fact.invoice_id, []).append(fact)
    told = []
    for line in sorted(lines, key=lambda one: (one.on or on, one.row)):
        if (invoice := invoices.get(line.number)) is None:
            continue
        facts = kept.setdefault(invoice.pk, [])
        fact = _fact(invoice, line, line.on or on)
        known = _is_known(fact, line, facts)
        words = f"Chorus Pro, le {fact.said_on:%d/%m/%Y} : {_said(line)}"
        told.append(Told(invoice.pk, invoice.number, words, known))
        if known:
            continue
        facts.append(fact)
        if not dry:
            fact.source, fact.recorded_at, fact.recorded_by = source, at, actor.label
            fact.save(force_insert=True)
            journal(invoice, actor, at, "billing.portal", words, status=line.status.value)
    return told


def _fact(invoice: Invoice, line: PortalLine, day: date) -> PortalFact:
    """What a line says, of that day; not kept yet."""
    said = (day.isoformat(), folded(line.words), folded(line.reason))
    return PortalFact(
        invoice=invoice,
        status=line.status,
        words=line.words,
        reason=line.reason,
        said_on=day,
        digest=sha256(repr(said).encode()).hexdigest(),
    )


def _is_known(fact: PortalFact, line: PortalLine, facts: list[PortalFact]) -> bool:
    """Whether a fact is kept; where the list gives no day, whether the last one says the same."""
    if line.on is not None:
        return any(one.digest == fact.digest for one in facts)
    last = facts[-1] if facts else None
    return last is not None and (folded(last.words), folded(last.reason)) == (folded(fact.words), folded(fact.reason))


def _said(line: PortalLine) -> str:
    return f"{portal_label(line.status, line.words)}{f' — {line.reason}' if line.reason else ''}"
