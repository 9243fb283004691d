"""What the flow of a slip says: its orders, their debtors and notices, by the settings of the day of the slip."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from tripartite.billing.models import BillingSettings, Invoice, RevenueOrder, RevenueSlip
from tripartite.billing.pes.asap import Notice, NoticeLine, notice_xml
from tripartite.billing.pes.asap_rules import notice_findings
from tripartite.billing.pes.flow import (
    CORRECTION,
    ORDINARY_PIECE,
    ORDINARY_SLIP,
    PES_INVOICE,
    REDUCES,
    REDUCTION_SLIP,
    TO_CHORUS,
    Attachment,
    Flow,
    Party,
    Reduced,
    Title,
)
from tripartite.billing.pes.rules import Finding, pes_findings
from tripartite.billing.pes.talon import talon_lines
from tripartite.billing.pes.texts import alphanumeric, file_name, invoice_number
from tripartite.billing.pes.writing import envelope, header
from tripartite.billing.printout.addresses import read_address
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.reading import read_paper
from tripartite.billing.queries.debtors import debtor_of
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.papers import buyer_on
from tripartite.billing.services.pes_settings import categories_of, pair_of
from tripartite.billing.states import Signing, SlipKind, Way
from tripartite.documents.queries import payload_of
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.pricing.order import Kind
from tripartite.version import VERSION

SOFTWARE = "Tripartite"
CAPITALS = re.compile(r"[A-ZÀ-ÖØ-Þ'’-]{2,}")


class Ordered(NamedTuple):
    """An order, what it collects as its paper says it, in the name of whoever owes it, and the kind of that body."""

    order: RevenueOrder
    paper: InvoicePaper
    kind: Kind


@dataclass(frozen=True, slots=True)
class FlowContent:
    """The flow of a slip, and all that would make it be rejected (`findings`, none: it may be handed over)."""

    flow: Flow
    findings: tuple[Finding, ...]


def flow_content(slip: RevenueSlip, *, attempt: int = 1, on: date | None = None) -> FlowContent:
    """What the flow of a slip says, the same each time: it is dated by the slip. Five queries. `attempt` and `on` are
    those of one that takes the place of a flow refused: it and its attachments are named otherwise, dated that day, by
    the settings of that day, its account included, and its debtors are as the directory knows them that day.

    A title is made against the body that its invoice names, or the one that had taken it in by the day of the slip;
    what reduces a title, against its debtor.

    Raises BillingError where the settings do not let it be written at all.
    """
    day = on or slip.issued_on
    settings = settings_on(slip.issuer, day)
    issuer = issuer_by_code(slip.issuer)
    if settings is None or issuer is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    orders = slip.orders.select_related(
        "slip",
        "invoice__body__merged_into",
        "invoice__document",
        "credit_note__document",
        "credit_note__invoice__body__merged_into",
        "reduces__slip",
    )
    reduces = slip.kind == SlipKind.REDUCTION
    notified = not reduces and settings.way == Way.PES_ASAP
    kind = REDUCTION_SLIP if reduces else ORDINARY_SLIP
    again = f"-{attempt}" if attempt > 1 else ""
    ordered = [_ordered(order, anew=day if again else None) for order in orders]
    titles = [_title(one, settings, notified=notified) for one in ordered]
    if again:
        account, function = settings.revenue_account, settings.revenue_function
        titles = [replace(title, account=account, function=function) for title in titles]
    bare = Flow(
        file_name=file_name(f"PES-{slip.issuer}-{slip.fiscal_year}-{slip.budget}-{kind}-{slip.number}{again}", "xml"),
        file_type=settings.pes_file_type,
        software=SOFTWARE,
        software_version=f"{SOFTWARE} {VERSION}",
        made_on=day,
        post=settings.accountant_post,
        siret=issuer.siret or "",
        collectivity=settings.collectivity_code,
        budget=slip.budget,
        budget_name=settings.budget_name,
        fiscal_year=slip.fiscal_year,
        number=slip.number,
        kind=kind,
        issued_on=slip.issued_on,
        titles=tuple(titles),
        signed_outside=settings.pes_signing == Signing.OUTSIDE,
        year_cents=_year_cents(slip),
    )
    if not notified:
        return FlowContent(bare, tuple(pes_findings(bare)))
    notices = [_notice(one, settings) for one in ordered]
    flow = _with_notices(bare, notices, attempt)
    amiss = [finding for notice in notices for finding in notice_findings(notice)]
    return FlowContent(flow, (*pes_findings(flow), *amiss))


def _with_notices(flow: Flow, notices: list[Notice], attempt: int) -> Flow:
    again = f"-{attempt}" if attempt > 1 else ""
    held = tuple(
        Attachment(
            unique_id=_proof(flow.siret, flow.budget, notice.fiscal_year, notice.title, attempt),
            file_name=file_name(f"ASAP-{notice.fiscal_year}-{flow.budget}-{notice.title}{again}", "xml"),
            description=f"Avis des sommes à payer, titre {notice.title}, facture {notice.invoice_number}",
            media_type="application/xml",
            kind=PES_INVOICE,
            content=notice_xml(notice, header=header(flow), envelope=envelope(flow)),
        )
        for notice in notices
    )
    titles = tuple(replace(title, proofs=(proof.unique_id,)) for title, proof in zip(flow.titles, held, strict=True))
    return replace(flow, titles=titles, attachments=held)


def _proof(siret: str, budget: str, fiscal_year: int, title: int, attempt: int) -> str:
    """The identifier of a notice: no other attachment of the body has it, whatever the year and the budget; one already
    taken in would be rejected (`IdUnique`), hence another for each attempt.
    """
    again = f"V{attempt}" if attempt > 1 else ""
    return alphanumeric(f"ASAP{siret}B{budget}E{fiscal_year}T{title}{again}", 50)


def _paper(order: RevenueOrder) -> InvoicePaper:
    told = order.invoice or order.credit_note
    if told is None:  # pragma: no cover - the database refuses it
        raise BillingError(f"Le titre {order.number} n'a ni facture ni avoir.")
    return read_paper(payload_of(told.document))


def _invoice(order: RevenueOrder) -> Invoice:
    """The invoice that an order collects, or of which it reduces what was ordered."""
    invoice = order.invoice or (order.credit_note.invoice if order.credit_note else None)
    if invoice is None:  # pragma: no cover - the database refuses it
        raise BillingError(f"Le titre {order.number} n'a ni facture ni avoir.")
    return invoice


def _ordered(order: RevenueOrder, *, anew: date | None) -> Ordered:
    """An order with its debtor, as known on the day of its slip; `anew`: as the directory knows it that other day."""
    paper, body = _paper(order), _invoice(order).body
    debtor = debtor_of(order, body, anew=anew)
    if anew or debtor.pk != body.pk:
        paper = replace(paper, buyer=buyer_on(debtor.pk, on=anew or order.slip.issued_on))
    return Ordered(order, paper, Kind(debtor.kind))


def _title(ordered: Ordered, settings: BillingSettings, *, notified: bool) -> Title:
    order, paper, kind = ordered
    vat = paper.totals.vat if paper.vat.rate else 0
    reduced = order.reduces
    category, legal = categories_of(settings.debtor_categories)[kind]
    return Title(
        number=order.number,
        kind=CORRECTION if reduced else ORDINARY_PIECE,
        nature=REDUCES if reduced else settings.title_nature,
        subject=_subject(paper),
        product=settings.product_code,
        account=order.account,
        function=order.function,
        net_cents=order.amount_cents - vat,
        vat_cents=vat or None,
        vat_rate=paper.vat.rate if vat else None,
        debtor=Party(paper.buyer.heading, paper.buyer.recipient.siret or "", category, legal, paper.buyer.address),
        edition=TO_CHORUS if notified else "",
        invoice_number=invoice_number(paper.number or "") if notified else "",
        contract=paper.references.contract if notified else "",
        engagement=paper.references.engagement if notified else "",
        service_code=paper.references.service_code if notified else "",
        reduces=Reduced(reduced.fiscal_year, reduced.number) if reduced else None,
    )


def _subject(paper: InvoicePaper) -> str:
    services = dict.fromkeys(line.name for line in paper.lines)
    return f"{paper.kind.label} {paper.number} : {', '.join(services)}"


def _year_cents(slip: RevenueSlip) -> int:
    """What the slips of a kind come to since the beginning of the year, this one included."""
    found = RevenueOrder.objects.filter(
        issuer=slip.issuer,
        budget=slip.budget,
        fiscal_year=slip.fiscal_year,
        slip__kind=slip.kind,
        slip__number__lte=slip.number,
    )
    return int(found.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


def _notice(ordered: Ordered, settings: BillingSettings) -> Notice:
    order, paper, _ = ordered
    title = _title(ordered, settings, notified=True)
    category, legal = pair_of(settings.issuer_category)
    seller = paper.seller
    given, name = _named(settings.officer_name)
    words = {
        "emetteur": settings.bank_reference,
        "exercice": str(order.fiscal_year),
        "bordereau": str(order.slip.number),
        "titre": str(order.number),
        "centimes": str(order.amount_cents),
        "siret": seller.identity.siret or "",
    }
    return Notice(
        issuer=Party(seller.identity.name, seller.identity.siret or "", category, legal, seller.address),
        reference=settings.bank_reference,
        phone=seller.identity.phone or "",
        email=seller.identity.email or "",
        signatory=name,
        signatory_given=given,
        capacity=settings.officer_capacity,
        accountant=settings.accountant_name,
        accountant_address=read_address(settings.accountant_address.splitlines()),
        iban=settings.iban,
        bic=settings.bic,
        centre=read_address(settings.collection_centre.splitlines()),
        debtor=title.debtor,
        invoice_number=title.invoice_number,
        issued_on=order.slip.issued_on,
        fiscal_year=order.fiscal_year,
        slip=order.slip.number,
        title=order.number,
        subject=title.subject,
        lines=tuple(_lines(title, paper)),
        talon=talon_lines(settings.talon, words) if settings.talon else ("", ""),
        settlement=settings.settlement_text,
        appeal=settings.appeal_text,
    )


def _lines(title: Title, paper: InvoicePaper) -> Iterator[NoticeLine]:
    """The lines of the invoice, whose HT and VAT add up to those of the order: a cent of rounding goes to the first of
    the dearest. One line where some would not be above zero.
    """
    rate, splits = title.vat_rate or 0, paper.totals.lines
    cents = [[split.net, split.gross - split.net] for split in splits]
    dearest = max(range(len(cents)), key=lambda place: cents[place][0])
    for column, whole in enumerate((title.net_cents, title.vat_cents or 0)):
        cents[dearest][column] += whole - sum(one[column] for one in cents)
    if all(net > 0 and vat >= 0 for net, vat in cents):
        for line, (net, vat) in zip(paper.lines, cents, strict=True):
            yield NoticeLine(f"{line.name}, {line.charge_name}", line.since, line.until, net, vat, rate)
        return
    since, until = min(line.since for line in paper.lines), max(line.until for line in paper.lines)
    yield NoticeLine(title.subject, since, until, title.net_cents, title.vat_cents or 0, rate)


def _named(text: str) -> tuple[str, str]:
    """Given name and name of « Prénom NOM », as two words or by the capitals of the name; both empty where neither
    tells them apart.
    """
    words = text.split()
    capitals = [place for place, word in enumerate(words) if CAPITALS.fullmatch(word)]
    if len(words) == 2 and not capitals:
        return words[0], words[1]
    if capitals and capitals[0] > 0 and capitals == list(range(capitals[0], len(words))):
        return " ".join(words[: capitals[0]]), " ".join(words[capitals[0] :])
    return "", ""
