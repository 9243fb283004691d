"""Taking back what an invoice asks: in part, by line and amount, or all of it. Never more than what is left of it, and
never by erasing: a credit note, its reason, its link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from tripartite.billing.models import BilledItem, BilledLine, BillingRun, BillingSettings, CreditNote, Invoice
from tripartite.billing.printout.parts import InvoiceLine, PaperKind
from tripartite.billing.printout.totals import total_lines
from tripartite.billing.queries.originals import left_of
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.letters import write_credit
from tripartite.billing.services.numbering import next_number
from tripartite.billing.services.papers import Frame, invoice_paper
from tripartite.billing.services.records import hold_billing, journal, locked_invoice, move_invoice
from tripartite.billing.services.writing import Written, columns_of, keep_paper, write_lines
from tripartite.billing.states import InvoiceState
from tripartite.documents.queries import payload_of
from tripartite.journal.services import Actor
from tripartite.pricing.grid import VatSetting
from tripartite.pricing.money import euros, read_number_text
from tripartite.quotes.queries.requests import requests_of_quotes
from tripartite.typed import clean_text

CORRECTION = "correction"
ROUNDING = "Arrondi de la TVA des avoirs précédents"


@transaction.atomic
def credit_lines(
    *,
    invoice_id: int,
    amounts: Mapping[int, int],
    reason: str,
    on: date,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> CreditNote:
    """Take back part of an invoice: so many cents of each line (by its key), on the basis that was voted. What is taken
    back so is not billed again. `seen` is the mark (`invoice_mark`) of what the edit was made on.

    Raises BillingError without a reason or an amount, and for more than what is left of a line or of the invoice;
    StaleError when the invoice was credited or paid since.
    """
    invoice, settings = _held(invoice_id, reason, on, seen)
    lines = {line.pk: line for line in invoice.lines.prefetch_related("corrections")}
    wanted = {key: cents for key, cents in amounts.items() if cents}
    if not wanted or any(key not in lines for key in wanted):
        raise BillingError("Choisir les lignes de cette facture à reprendre, et leurs montants.")
    for key, cents in wanted.items():
        line, left = lines[key], left_of(lines[key])
        if not 0 < cents <= left:
            raise BillingError(f"{line.service_name}, {line.charge_name} : {euros(max(left, 0))} au plus.")
    return _by_hand(
        invoice, settings, [_line(lines[key], cents) for key, cents in wanted.items()], reason, on, actor, at
    )


@transaction.atomic
def cancel_invoice(
    *,
    invoice_id: int,
    reason: str,
    on: date,
    again: bool = True,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> CreditNote:
    """Take back all that is left of an invoice. With `again`, what it billed, and what credit notes had given back of
    it by themselves, is to be billed again: the next run makes the invoice that replaces it. Without, nothing of it is.

    Raises BillingError without a reason, or when nothing is left; StaleError as `credit_lines` does.
    """
    invoice, settings = _held(invoice_id, reason, on, seen)
    left: list[tuple[BilledLine, int]] = []
    for line in invoice.lines.prefetch_related("corrections"):
        back = sum(one.amount_cents for one in line.corrections.all() if one.credit_note_id is not None)
        left.append((line, line.amount_cents - back if again else _left(line)))
    lines = [_line(line, cents) for line, cents in left if cents]
    if not lines:
        raise BillingError(f"La facture {invoice.number} est déjà reprise.")
    made = _by_hand(invoice, settings, lines, reason, on, actor, at)
    if again:
        own = BilledItem.objects.filter(line__invoice=invoice)
        given_back = BilledItem.objects.filter(line__credit_note__invoice=invoice)
        (own | given_back).filter(credited_by__isnull=True).update(credited_by=made)
    return made


def _left(line: BilledLine) -> int:
    return left_of(line) if line.amount_cents > 0 else line.amount_cents


def take_back(
    *,
    invoice_id: int,
    lines: Sequence[Written],
    reason: str,
    settings: BillingSettings,
    run: BillingRun | None,
    on: date,
    actor: Actor,
    at: datetime,
) -> tuple[CreditNote, int]:
    """Issue a credit note of these lines (above zero: given back), in the caller's transaction, which holds the billing
    of the issuer: the note, and how many cents are then to be paid back in all, the invoice being paid.

    Raises BillingError for more than what is left of the invoice, or nothing.
    """
    invoice = locked_invoice(invoice_id)
    vat = _vat(invoice)
    due = total_lines([one.line for one in lines], vat.rate).due
    if abs(due - invoice.left_cents) <= len(invoice.lines.all()) and any(one.line.basis == "HT" for one in lines):
        lines = _rounded(invoice, lines, invoice.left_cents - due)
        due = total_lines([one.line for one in lines], vat.rate).due
    if not 0 < due <= invoice.left_cents:
        raise BillingError(f"Il reste {euros(invoice.left_cents)} de la facture {invoice.number} : rien de plus.")
    number = next_number(PaperKind.CREDIT_NOTE, settings, on)
    frame = Frame(
        issuer=invoice.issuer,
        body_id=invoice.body_id,
        number=number.text,
        issued_on=on,
        settings=settings,
        vat=vat,
        service_code=invoice.service_code,
        engagement=invoice.engagement_number,
        contract=str(payload_of(invoice.document).get("references", {}).get("contract", "")),
        preceding=(invoice,),
        reason=reason,
    )
    paper = invoice_paper(frame, [one.line for one in lines], kind=PaperKind.CREDIT_NOTE)
    made = CreditNote.objects.create(
        issuer=invoice.issuer,
        number=number.text,
        fiscal_year=number.fiscal_year,
        rank=number.rank,
        invoice=invoice,
        run=run,
        issued_on=on,
        reason=reason,
        **columns_of(paper),
        document_id=keep_paper(paper, settings, at=at),
        issued_at=at,
        issued_by=actor.label,
    )
    write_lines(paper, lines, credit_note=made)
    invoice.credited_cents += made.gross_cents
    if not invoice.left_cents:
        move_invoice(invoice, InvoiceState.CREDITED)
    invoice.save(update_fields=["credited_cents", "state"])
    back = max(0, -invoice.owed_cents)
    told = f" {euros(back)} sont à rembourser." if back else ""
    text = f"Avoir {made.number} de {euros(made.gross_cents)} sur la facture {invoice.number} : {reason}{told}"
    journal(invoice, actor, at, "billing.credit", text, credit_note=made.number)
    return made, back


def _held(invoice_id: int, reason: str, on: date, seen: str | None) -> tuple[Invoice, BillingSettings]:
    """The invoice and the settings of its issuer, held: issuer first, as a run does."""
    if not clean_text(reason):
        raise BillingError("Dire pourquoi.")
    known = Invoice.objects.filter(pk=invoice_id).first()
    if known is None:
        raise BillingError("Cette facture n'existe pas.")
    hold_billing(known.issuer)
    invoice, settings = locked_invoice(invoice_id, seen), settings_on(known.issuer, on)
    if settings is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    if on < invoice.issued_on:
        raise BillingError(f"La facture est du {invoice.issued_on:%d/%m/%Y} : un avoir ne la précède pas.")
    return invoice, settings


def _by_hand(  # noqa: PLR0917 - private
    invoice: Invoice,
    settings: BillingSettings,
    lines: Sequence[Written],
    reason: str,
    on: date,
    actor: Actor,
    at: datetime,
) -> CreditNote:
    made, back = take_back(
        invoice_id=invoice.pk,
        lines=lines,
        reason=clean_text(reason),
        settings=settings,
        run=None,
        on=on,
        actor=actor,
        at=at,
    )
    numbers = {number for one in lines for number in one.line.quotes}
    write_credit(credit=made, back_cents=back, files=requests_of_quotes(numbers), actor=actor, at=at)
    return made


def _vat(invoice: Invoice) -> VatSetting:
    """The VAT of an invoice, as its paper says it: a credit note has that one, whatever the rate has become."""
    rate = next(iter(invoice.lines.values_list("vat_rate", flat=True)), None)
    return VatSetting(invoice.issued_on, rate, payload_of(invoice.document).get("vat", {}).get("mention"))


def _line(line: BilledLine, cents: int) -> Written:
    """What takes back so much of a line, whole or in part."""
    return Written(
        line=InvoiceLine(
            service=line.service,
            name=line.service_name,
            charge_name=line.charge_name,
            quantity=read_number_text(line.quantity),
            unit="",
            unit_amount=None,
            voted_cents=cents,
            basis=line.basis,
            since=line.since,
            until=line.until,
            explanation=line.explanation,
            citation=line.citation,
            quotes=tuple(line.quotes),
        ),
        charge=line.charge,
        frequency=line.frequency,
        kind=CORRECTION,
        fell_due_on=line.fell_due_on,
        quantity=line.quantity,
        grid=line.grid,
        corrects=line,
    )


def _rounded(invoice: Invoice, lines: Sequence[Written], cents: int) -> list[Written]:
    """The lines voted HT that take back the last of an invoice, with the cents by which the VAT of each credit note,
    rounded alone, differs from that of the invoice: then nothing is left of it.
    """
    left = {line.pk: _left(line) for line in invoice.lines.prefetch_related("corrections")}
    taken = {one.corrects.pk: one.line.voted_cents for one in lines if one.corrects is not None}
    if not cents or any(taken.get(key, 0) != amount for key, amount in left.items() if amount):
        return list(lines)
    last = lines[-1]
    adjusted = replace(last.line, name=ROUNDING, charge_name="", voted_cents=cents, basis="TTC", explanation="")
    return [*lines, replace(last, line=adjusted, quantity="1", key="", corrects=None)]
