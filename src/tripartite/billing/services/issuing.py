"""Issuing what a unit of a run prepared: numbers, papers, rows, journal and letters, in one transaction or none."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tripartite.billing.models import BilledLine, BillingRun, CreditNote, Invoice
from tripartite.billing.printout.files import draft_pdf
from tripartite.billing.printout.parts import PaperKind
from tripartite.billing.queries.originals import Billed, billed_lines, original_of, replaced_by
from tripartite.billing.queries.preparing import Asked, Credit, Prepared, prepare
from tripartite.billing.services.ahead import ReadAhead
from tripartite.billing.services.crediting import take_back
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.letters import write_credit, write_invoice
from tripartite.billing.services.numbering import next_number
from tripartite.billing.services.papers import Frame, invoice_paper, item_line
from tripartite.billing.services.records import hold_billing, journal
from tripartite.billing.services.writing import Written, columns_of, keep_paper, write_lines
from tripartite.billing.states import Fate
from tripartite.conventions.queries.conventions import Origin
from tripartite.journal.services import Actor
from tripartite.pricing.grid import VatSetting
from tripartite.pricing.money import euros
from tripartite.subscriptions.queries.due_items import DueItem


@transaction.atomic
def bill_unit(
    *,
    asked: Asked,
    run: BillingRun | None,
    seen_cents: int | None = None,
    ahead: ReadAhead | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[tuple[Invoice | CreditNote, ...], str]:
    """Bill one unit (`asked.unit`), as it stands now: what was issued, and what came of it in French. What waits, or is
    billed already, issues nothing: done twice, it changes nothing more.

    `seen_cents` is what the preview showed, where somebody chose by it. `ahead` is what was read of the unit before:
    it is read again unless nothing was done since. Raises BillingError, and writes nothing, when something is to be put
    right first, or when the amount is no longer that.
    """
    hold_billing(asked.issuer)
    one = (ahead and ahead.still_true()) or next(prepare(asked), None)
    if one is None or one.fate is Fate.NOTHING:
        return (), "Tout est facturé."
    if one.fate is Fate.BLOCKED:
        raise BillingError(" ".join(found.words for found in one.findings if found.blocks))
    if one.fate is Fate.WAIT:
        return (), f"Attend : {' '.join(found.words for found in one.findings)}"
    if seen_cents is not None and seen_cents != shown_cents(one):
        raise BillingError(
            f"Le montant a changé depuis l'affichage ({euros(seen_cents)}, {euros(shown_cents(one))} maintenant) :"
            " le relire avant d'émettre."
        )
    origins = _origins(one)
    issued: list[Invoice | CreditNote] = [_credit(one, credit, origins, run, actor, at) for credit in one.credits]
    if one.invoices:
        issued.append(_invoice(one, origins, run, actor, at))
    told = [f"{paper.number}, {euros(paper.gross_cents)}" for paper in issued]
    told += [found.words for found in one.findings if not found.blocks]
    return tuple(issued), " ; ".join(told)


def shown_cents(one: Prepared) -> int:
    """What a preview shows of a unit: what its invoice asks, less what its credit notes give back."""
    return (one.gross_cents if one.invoices else 0) - one.credited_cents


def draft_invoice(asked: Asked) -> bytes:
    """The PDF of the invoice that a unit (`asked.unit`) would be, without a number and of no value; it writes nothing.

    Raises BillingError where that unit makes no invoice, or the VAT of its issuer is not set.
    """
    one = next(prepare(asked), None) if asked.unit else None
    if one is None or not one.invoices:
        raise BillingError("Aucune facture n'est à émettre là.")
    origins = _origins(one)
    lines = [item_line(item, origins, one.tariffs) for item in one.items]
    return draft_pdf(invoice_paper(_frame(one, origins, None, replaced_by(one.items)), lines))


def _origins(one: Prepared) -> dict[int, Origin]:
    """Where what is due comes from, convention by convention."""
    conventions = {lot.convention for item in _all_items(one) for lot in item.lots}
    return {key: origin for key, origin in one.origins.items() if key in conventions}


def _all_items(one: Prepared) -> Sequence[DueItem]:
    return (*one.items, *(item for credit in one.credits for item, _ in credit.items))


def _vat(one: Prepared) -> VatSetting:
    if one.vat is None:
        raise BillingError("La TVA de l'émetteur n'est pas réglée.")
    return one.vat


def _frame(one: Prepared, origins: dict[int, Origin], number: str | None, replaced: Invoice | None) -> Frame:
    return Frame(
        issuer=one.asked.issuer,
        body_id=one.body.pk,
        number=number,
        issued_on=one.asked.on,
        settings=one.settings,
        vat=_vat(one),
        service_code=one.requirement.service_code if one.requirement else "",
        engagement=one.requirement.engagement_number if one.requirement else "",
        contract=one.number or _only(origins),
        preceding=(replaced,) if replaced else (),
    )


def _invoice(one: Prepared, origins: dict[int, Origin], run: BillingRun | None, actor: Actor, at: datetime) -> Invoice:
    on = one.asked.on
    number, replaced = next_number(PaperKind.INVOICE, one.settings, on), replaced_by(one.items)
    back = any((item.amount_cents or 0) < 0 for item in one.items)
    known = billed_lines({one.body.pk, *(item.body_id for item in one.items)}, one.asked.issuer) if back else []
    lines = [
        Written(
            line=item_line(item, origins, one.tariffs),
            charge=item.charge,
            frequency=item.frequency.value,
            kind=item.kind.value,
            fell_due_on=item.on,
            quantity=item.quantity,
            grid=item.grid,
            key=item.key,
            corrects=_netted(item, known),
        )
        for item in one.items
    ]
    paper = invoice_paper(_frame(one, origins, number.text, replaced), [each.line for each in lines])
    invoice = Invoice.objects.create(
        issuer=one.asked.issuer,
        number=number.text,
        fiscal_year=number.fiscal_year,
        rank=number.rank,
        body_id=one.body.pk,
        convention_id=one.convention,
        run=run,
        replaces=replaced,
        issued_on=on,
        due_on=on + timedelta(days=one.settings.payment_days),
        since=min(item.since for item in one.items),
        until=max(item.until for item in one.items),
        **columns_of(paper),
        buyer_name=one.body.name,
        buyer_siret=one.body.siret or "",
        service_code=paper.references.service_code,
        engagement_number=paper.references.engagement,
        document_id=keep_paper(paper, one.settings, at=at),
        issued_at=at,
        issued_by=actor.label,
    )
    write_lines(paper, lines, invoice=invoice)
    written = write_invoice(invoice=invoice, files=_files(origins), actor=actor, at=at)
    told = "" if written else ", à envoyer par courrier : aucune adresse électronique valable"
    text = f"Facture {invoice.number} émise, {invoice.buyer_name}, {euros(invoice.gross_cents)}{told}."
    journal(invoice, actor, at, "billing.issue", text)
    return invoice


def _netted(item: DueItem, known: Sequence[Billed]) -> BilledLine | None:
    """The line that an item below zero, netted in an invoice, takes back."""
    if (item.amount_cents or 0) >= 0:
        return None
    found = original_of(item, known)
    if found is None:
        return None
    found.left += item.amount_cents or 0
    return found.line


def _credit(  # noqa: PLR0917 - private
    one: Prepared, credit: Credit, origins: dict[int, Origin], run: BillingRun | None, actor: Actor, at: datetime
) -> CreditNote:
    lines = [
        Written(
            line=item_line(item, origins, one.tariffs, back=True),
            charge=item.charge,
            frequency=item.frequency.value,
            kind=item.kind.value,
            fell_due_on=item.on,
            quantity=item.quantity,
            grid=item.grid,
            key=item.key,
            corrects=billed.line,
        )
        for item, billed in credit.items
    ]
    reason = " ; ".join(dict.fromkeys(f"{item.service_name} : {item.explanation}" for item, _ in credit.items))
    made, back = take_back(
        invoice_id=credit.invoice.pk,
        lines=lines,
        reason=reason,
        settings=one.settings,
        run=run,
        on=one.asked.on,
        actor=actor,
        at=at,
    )
    write_credit(credit=made, back_cents=back, files=_files(origins), actor=actor, at=at)
    return made


def _files(origins: dict[int, Origin]) -> set[int]:
    return {origin.request_id for origin in origins.values()}


def _only(origins: dict[int, Origin]) -> str:
    """The number of the convention, where there is one alone."""
    numbers = {origin.number for origin in origins.values()}
    return next(iter(numbers)) if len(numbers) == 1 else ""
