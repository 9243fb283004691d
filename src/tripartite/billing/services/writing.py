"""Writing an invoice or a credit note once its paper is made: the paper, the row, its lines, what they bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tripartite.billing.models import BilledItem, BilledLine, BillingSettings
from tripartite.billing.printout.files import invoice_pdf
from tripartite.billing.printout.kept import plain_kind
from tripartite.billing.printout.lacking import InvoiceLacksError
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import InvoiceLine
from tripartite.billing.queries.unbilled import digest_of
from tripartite.billing.services.errors import BillingError
from tripartite.billing.states import Profile
from tripartite.documents.services import NewPaper, store_documents


@dataclass(frozen=True, slots=True)
class Written:
    """A line to write: what is printed, of which charge; the identity of what it bills (none: it corrects a line by
    hand), and the line that it takes back.
    """

    line: InvoiceLine
    charge: str
    frequency: str
    kind: str
    fell_due_on: Any
    quantity: str
    grid: str
    key: str = ""
    corrects: BilledLine | None = None


def keep_paper(paper: InvoicePaper, settings: BillingSettings, *, at: datetime) -> int:
    """Render a numbered paper, with its data and alone, and keep both; answers the key of the one with its data. Raises
    BillingError where the paper lacks something.
    """
    try:
        files = invoice_pdf(paper, Profile(settings.profile))
    except InvoiceLacksError as error:
        raise BillingError(str(error)) from None
    payload = paper.as_payload()
    kept, _ = store_documents(
        [
            NewPaper(kind, settings.issuer, paper.number, f"{paper.title}{what}", paper.model, payload, pdf)
            for kind, what, pdf in (
                (paper.kind.value, "", files.facturx),
                (plain_kind(paper.kind.value), ", PDF seul", files.plain),
            )
        ],
        at=at,
    )
    return kept.pk


def write_lines(paper: InvoicePaper, lines: Sequence[Written], **of: Any) -> list[BilledLine]:
    """Write the lines of a paper (`invoice=` or `credit_note=`), and that each bills what it bills: a second line for
    the same thing is refused by the database.
    """
    columns = paper.totals.lines
    kept = BilledLine.objects.bulk_create(
        BilledLine(
            **of,
            position=position,
            corrects=one.corrects,
            service=one.line.service,
            service_name=one.line.name,
            charge=one.charge,
            charge_name=one.line.charge_name,
            frequency=one.frequency,
            kind=one.kind,
            quantity=one.quantity,
            fell_due_on=one.fell_due_on,
            since=one.line.since,
            until=one.line.until,
            amount_cents=one.line.voted_cents,
            basis=one.line.basis,
            net_cents=split.net,
            vat_rate=paper.vat.rate,
            explanation=one.line.explanation,
            grid=one.grid,
            citation=one.line.citation,
            quotes=list(one.line.quotes),
        )
        for position, (one, split) in enumerate(zip(lines, columns, strict=True), start=1)
    )
    BilledItem.objects.bulk_create(
        BilledItem(key=one.key, digest=digest_of(one.key), line=line)
        for one, line in zip(lines, kept, strict=True)
        if one.key
    )
    return kept


def columns_of(paper: InvoicePaper) -> dict[str, int]:
    """The columns of a row that say what its paper comes to."""
    totals = paper.totals
    return {
        "net_cents": totals.net,
        "vat_cents": totals.vat,
        "rounding_cents": totals.rounding,
        "gross_cents": totals.due,
    }
