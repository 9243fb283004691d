"""What the accountant sends back, read from a file: orders taken or rejected, money matched, or kept aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from tripartite.billing.models import Invoice, Payment, RevenueOrder
from tripartite.billing.pes.returned import (
    FILE_KIND_LABELS,
    ORDER_STATE_LABELS,
    Collected,
    FileKind,
    FileReturned,
    OrderReturned,
    OrderState,
    SlipAcknowledged,
)
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.queries.slips import RETURNED, named_flows, waiting_flows
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import check_payment, record_payment
from tripartite.billing.services.reading_apart import read_apart
from tripartite.billing.services.records import hold_billing, journal, locked_invoice, tell_flow_answer
from tripartite.bounded.reading import MIB
from tripartite.documents.queries import document_by_number, payload_of
from tripartite.documents.services import store_document
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.pricing.money import euros
from tripartite.typed import clean_line

KIND = "pes-return"
SOURCE = "pes:"
"""How the keys of payments begin that such a file told."""
MODEL = "pes-return-5.17"
LARGEST = 20 * MIB
MONEY = frozenset({"01", "02", "03", "10"})
"""Origins (OrgEma) that are money received; the others settle an order otherwise, and are told alone."""
TOLD = frozenset({OrderState.WAITING, OrderState.REJECTED, OrderState.ANNULLED})
"""States that somebody has to look at."""


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """What a file did, or would do: a sentence each. `unmatched` are those of them that concern no order or flow of
    here, or not in full. `again`: it was read before, and nothing was done.
    """

    lines: tuple[str, ...]
    paid_cents: int
    aside_cents: int
    unmatched: tuple[str, ...] = ()
    again: bool = False


def read_return_file(
    *, issuer: str, name: str, content: bytes, actor: Actor, at: datetime, dry: bool = False
) -> ReturnReport:
    """Read an acknowledgement or a PES Retour of an issuer: each collection is a payment, shared with the invoice of
    its order up to what it still asks, the rest kept aside with what no order has. A file read twice, or a collection
    told by two files, is harmless. `dry` only says what would be done.

    Raises BillingError for a file that cannot be read, or of another body; Busy when too many files are being read.
    """
    file = _read(content)  # nothing is held meanwhile
    return _note(issuer=issuer, name=name, content=content, file=file, actor=actor, at=at, dry=dry)


@transaction.atomic
def _note(
    *, issuer: str, name: str, content: bytes, file: FileReturned, actor: Actor, at: datetime, dry: bool
) -> ReturnReport:
    """Record what a file says, all of it or nothing."""
    hold_billing(issuer)
    _check_whose(file, issuer, at)
    number = sha256(content).hexdigest()[:40]
    known = document_by_number(issuer=issuer, kind=KIND, number=number)
    if known is not None:
        return ReturnReport(tuple(payload_of(known)["lines"]), 0, 0, again=True)
    reader = _Reader(issuer, (clean_line(name)[:150] or "retour", file.name), actor, at, dry=dry)
    if file.kind is FileKind.ACKNOWLEDGEMENT:
        lines = [reader.acknowledged(one, file.budget) for one in file.acknowledged]
    else:
        lines = [line for order in file.orders for line in reader.order(order, file.budget)]
    report = ReturnReport(tuple(lines), reader.paid, reader.aside, tuple(reader.unmatched))
    if dry:
        return report
    kept = store_document(
        kind=KIND,
        issuer=issuer,
        number=number,
        title=f"{FILE_KIND_LABELS[file.kind]} : {reader.name}",
        model=MODEL,
        payload={"file": reader.name, "lines": lines},
        pdf=content,
        media_type="application/xml",
        at=at,
    )
    text = f"Retour du comptable lu : {reader.name}, {euros(report.paid_cents)} rapprochés."
    details = {"document": kept.pk, "sha256": kept.sha256}
    record(
        actor=actor,
        at=at,
        action="billing.return",
        subject_kind="issuer",
        subject_id=issuer,
        text=text,
        details=details,
    )
    return report


def _read(content: bytes) -> FileReturned:
    if len(content) > LARGEST:
        raise BillingError("Ce fichier est trop gros : 20 Mo au plus.")
    return read_apart("tripartite.billing.pes.apart:read_return", FileReturned, content=content, answer=32 * MIB)


def _check_whose(file: FileReturned, issuer: str, at: datetime) -> None:
    """A file is of the body that its header names: its SIREN, and the code of its collectivity where one is set."""
    known = issuer_by_code(issuer)
    settings = settings_on(issuer, timezone.localdate(at))
    if known is None or settings is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    if not known.siret or file.siret[:9] != known.siret[:9]:
        raise BillingError(f"Ce fichier est d'une autre structure (SIRET {file.siret}) : rien n'a été lu.")
    if settings.collectivity_code and file.collectivity != settings.collectivity_code:
        raise BillingError(f"Ce fichier est d'une autre collectivité ({file.collectivity}) : rien n'a été lu.")


class _Reader:
    """The reading of one file: what each order says is written, or only told, and counted."""

    def __init__(self, issuer: str, names: tuple[str, str], actor: Actor, at: datetime, *, dry: bool) -> None:
        """`names`: that of the file, and the one that its envelope tells."""
        self.issuer, self.names, self.actor, self.at, self.dry = issuer, names, actor, at, dry
        self.name, self.twins = names[0], set[int]()
        self.paid = self.aside = 0
        self.left: dict[int, int] = {}
        self.unmatched: list[str] = []

    def acknowledged(self, said: SlipAcknowledged, budget: str) -> str:
        """What is said of a slip or of a flow, told to the slip whose flow waits for its answer: that of its number, or
        the only one that waits.
        """
        what = f"Bordereau {said.slip}/{said.fiscal_year}" if said.slip else "Flux"
        why = f" — {' ; '.join(said.errors)}" if said.errors else ""
        text = f"{what} : {'accepté' if said.accepted else 'rejeté'}{why}"
        if said.slip is None and not said.whole:
            return text
        waiting = waiting_flows(self.issuer, budget=budget, fiscal_year=said.fiscal_year, number=said.slip)
        if len(waiting) > 1:  # a number is of a kind, which an acknowledgement does not say
            waiting = named_flows(waiting, texts=self.names, titles=said.titles)
        if len(waiting) != 1:
            return self.unknown(text)
        if not self.dry:
            (slip,) = waiting
            tell_flow_answer(
                slip, accepted=said.accepted, errors=said.errors, file=self.name, actor=self.actor, at=self.at
            )
        return text

    def order(self, said: OrderReturned, budget: str) -> Iterator[str]:
        """What a file says of an order, found by its budget, year and number among those of this issuer."""
        where = {"issuer": self.issuer, "budget": budget, "fiscal_year": said.fiscal_year, "number": said.number}
        found = RevenueOrder.objects.select_related("invoice", "credit_note__invoice").filter(**where).first()
        title = f"Titre {said.number}/{said.fiscal_year}"
        if said.state in TOLD:
            why = " ; ".join(part for part in (said.reasons, said.comment) if part)
            text = f"{title} : {ORDER_STATE_LABELS[said.state]} par le comptable{f' — {why}' if why else ''}"
            yield text if found else self.unknown(f"{text} (inconnu ici)")
            if found and not self.dry and (told := found.invoice or _reduced(found)):
                journal(told, self.actor, self.at, RETURNED, text, state=said.state.value)
        for one in said.collected:
            yield from self.collection(title, found, one, said, budget)

    def collection(
        self, title: str, order: RevenueOrder | None, one: Collected, said: OrderReturned, budget: str
    ) -> Iterator[str]:
        """A collection as a payment; one that is no money is told, and one already recorded is left."""
        amount = euros(one.cents)
        if one.origin not in MONEY:
            yield f"{title} : {amount} émargés sans encaissement (origine {one.origin})"
            return
        if not one.cents:
            return
        check_payment(received_on=one.on, amount_cents=one.cents, at=self.at)
        place = f"{budget}:{said.fiscal_year}:{said.number}:{one.line}"
        key = f"{SOURCE}{place}:{one.on.isoformat()}:{one.cents}:{one.origin}:{one.rank}"
        if Payment.objects.filter(issuer=self.issuer, source_key=key).exists():
            yield f"{title} : {amount} du {one.on:%d/%m/%Y}, déjà notés"
            return
        invoice = order.invoice if order else None
        if invoice and (twin := self.twin(invoice, one)):
            whose = f"un paiement de ce jour et de ce montant est sur la facture {invoice.number}"
            yield self.unknown(f"{title} : {amount} du {one.on:%d/%m/%Y}, semblent déjà notés ({whose}, {twin})")
            return
        share = self.share(invoice, one.cents)
        self.paid += share
        self.aside += one.cents - share
        if not self.dry:
            record_payment(
                issuer=self.issuer,
                received_on=one.on,
                amount_cents=one.cents,
                shares={invoice.pk: share} if invoice and share else None,
                reference=title,
                source=self.name,
                source_key=key,
                actor=self.actor,
                at=self.at,
            )
        whose = f"facture {invoice.number}" if invoice else "titre inconnu ici"
        rest = one.cents - share
        text = f"{title} : {amount} du {one.on:%d/%m/%Y}, {whose}{f', {euros(rest)} à part' if rest else ''}"
        yield self.unknown(text) if rest else text

    def twin(self, invoice: Invoice, one: Collected) -> int | None:
        """A payment of that day, amount and invoice, recorded from elsewhere: each stands for one collection."""
        same = Payment.objects.filter(issuer=self.issuer, received_on=one.on, amount_cents=one.cents)
        same = same.exclude(source_key__startswith=SOURCE).exclude(pk__in=self.twins)
        found = same.filter(shares__invoice=invoice, shares__undoes=None, shares__undone_by=None).first()
        if found is None:
            return None
        self.twins.add(found.pk)
        return found.pk

    def unknown(self, text: str) -> str:
        """The same, told as what matches nothing of here, or not in full."""
        self.unmatched.append(text)
        return text

    def share(self, invoice: Invoice | None, cents: int) -> int:
        """What of a sum an invoice still asks, the sums of this file counted."""
        if invoice is None or cents < 0:
            return 0
        if invoice.pk not in self.left:
            self.left[invoice.pk] = max(0, locked_invoice(invoice.pk).owed_cents)
        share = min(cents, self.left[invoice.pk])
        self.left[invoice.pk] -= share
        return share


def _reduced(order: RevenueOrder) -> Invoice | None:
    return order.credit_note.invoice if order.credit_note else None
