"""What is received for invoices, and paid back: recorded once, shared between invoices, never more than is owed."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.billing.models import PayingBack, Payment, PaymentShare
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.records import journal, locked_invoice
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.pricing.bounds import wrong_amount
from tripartite.pricing.money import euros
from tripartite.typed import FIRST_DAY, clean_line, clean_text

Shares = Mapping[int, int]
"""Cents by invoice."""


@transaction.atomic
def record_payment(
    *,
    issuer: str,
    received_on: date,
    amount_cents: int,
    shares: Shares | None = None,
    payer: str = "",
    reference: str = "",
    source: str = "",
    source_key: str | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Payment:
    """Record money received for an issuer (below zero: paid back), and share it between its invoices; what is not
    shared is kept aside. With `source_key` (what names a line of a file, or a form), a line read twice, or a form sent
    twice, is one payment.

    Raises BillingError for no amount, one beyond its bound, a day to come, an unknown issuer, or what `share_payment`
    refuses.
    """
    check_payment(received_on=received_on, amount_cents=amount_cents, at=at)
    if issuer_by_code(issuer) is None:
        raise BillingError("Cet émetteur n'existe pas.")
    known = Payment.objects.filter(issuer=issuer, source_key=source_key).first() if source_key else None
    if known is not None:
        return known
    payment = Payment.objects.create(
        issuer=issuer,
        received_on=received_on,
        amount_cents=amount_cents,
        payer=clean_line(payer)[:300],
        reference=clean_line(reference)[:200],
        source=clean_line(source)[:300],
        source_key=source_key,
        note=clean_text(note),
        recorded_at=at,
        recorded_by=actor.label,
    )
    what = "Paiement reçu" if amount_cents > 0 else "Remboursement"
    text = (
        f"{what} le {received_on:%d/%m/%Y} : {euros(abs(amount_cents))}{f', {payment.payer}' if payment.payer else ''}."
    )
    record(actor=actor, at=at, action="billing.pay", subject_kind="payment", subject_id=payment.pk, text=text)
    if shares:
        share_payment(payment_id=payment.pk, shares=shares, actor=actor, at=at)
        payment.refresh_from_db()
    return payment


def check_payment(*, received_on: date, amount_cents: int, at: datetime) -> None:
    """Raise BillingError for what can be no payment: no amount, one beyond its bound, a day to come or of long ago."""
    if not amount_cents:
        raise BillingError("Dire le montant reçu.")
    if wrong := wrong_amount(amount_cents, below_zero=True):
        raise BillingError(wrong)
    if not FIRST_DAY <= received_on <= timezone.localdate(at):
        when = "trop ancien" if received_on < FIRST_DAY else "à venir : un paiement se note quand il est fait"
        raise BillingError(f"Le {received_on:%d/%m/%Y} est {when}.")


@transaction.atomic
def pay_invoice(
    *,
    invoice_id: int,
    received_on: date,
    amount_cents: int,
    payer: str = "",
    reference: str = "",
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Payment:
    """Record money received for one invoice: what it still asks goes to it, the rest is kept aside. Below zero, money
    paid back of it. `seen` is the mark (`invoice_mark`) of what the edit was made on.

    Raises what `record_payment` raises, and StaleError when the invoice was credited or paid since.
    """
    invoice = locked_invoice(invoice_id, seen)
    asked = max(0, invoice.owed_cents if amount_cents > 0 else -invoice.owed_cents)
    cents = abs(amount_cents) if amount_cents < 0 else min(amount_cents, asked)
    return record_payment(
        issuer=invoice.issuer,
        received_on=received_on,
        amount_cents=amount_cents,
        shares={invoice.pk: cents} if cents else None,
        payer=payer,
        reference=reference,
        actor=actor,
        at=at,
    )


@transaction.atomic
def share_payment(*, payment_id: int, shares: Shares, actor: Actor, at: datetime) -> list[PaymentShare]:
    """Share what a payment leaves between invoices of its issuer, in cents (above zero, whatever the way).

    Raises BillingError for more than the payment leaves, than an invoice still asks or, for money paid back, than is to
    be paid back of it.
    """
    payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
    if payment is None:
        raise BillingError("Ce paiement n'existe pas.")
    sign = 1 if payment.amount_cents > 0 else -1
    if not shares or any(cents <= 0 for cents in shares.values()):
        raise BillingError("Dire quelle somme va à quelle facture.")
    if sum(shares.values()) > sign * payment.unmatched_cents:
        raise BillingError(f"Il ne reste que {euros(sign * payment.unmatched_cents)} de ce paiement.")
    made = []
    for key in sorted(shares):
        invoice, cents = locked_invoice(key), sign * shares[key]
        if invoice.issuer != payment.issuer:
            raise BillingError(f"La facture {invoice.number} est d'un autre émetteur.")
        if sign * cents > max(0, sign * invoice.owed_cents):
            left = euros(max(0, sign * invoice.owed_cents))
            what = "reste à payer" if sign > 0 else "est à rembourser"
            raise BillingError(f"Facture {invoice.number} : {left} {what}, pas plus.")
        made.append(
            PaymentShare.objects.create(
                payment=payment, invoice=invoice, amount_cents=cents, recorded_at=at, recorded_by=actor.label
            )
        )
        invoice.paid_cents += cents
        invoice.save(update_fields=["paid_cents"])
        payment.shared_cents += cents
        what = "payés" if sign > 0 else "remboursés"
        text = f"Facture {invoice.number} : {euros(abs(cents))} {what} le {payment.received_on:%d/%m/%Y}."
        journal(invoice, actor, at, "billing.match", text, payment=payment.pk)
    payment.save(update_fields=["shared_cents"])
    return made


@transaction.atomic
def pay_back(
    *,
    payment_id: int,
    amount_cents: int,
    left_cents: int | None = None,
    paid_on: date,
    by_id: int | None = None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> PayingBack:
    """Record that money kept aside was paid back to who paid it: a payment below zero, that no invoice has.
    `left_cents` is what was seen to be left; `by_id`, the payment below zero where it is noted already: its amount and
    its day are then those.

    Raises BillingError for no such payment, no reason, a day before the payment's, more than is kept aside, or when
    something of it was shared since it was seen.
    """
    noted = _noted_back(by_id) if by_id is not None else None
    if noted is not None:
        amount_cents, paid_on = -noted.amount_cents, noted.received_on
    payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
    if payment is None or (noted is not None and noted.issuer != payment.issuer):
        raise BillingError("Ce paiement n'existe pas.")
    if not (said := clean_text(reason)):
        raise BillingError("Dire pourquoi cette somme est rendue.")
    if left_cents not in {None, payment.unmatched_cents}:
        raise BillingError("Ce paiement a changé pendant que vous l'écriviez : relire ce qu'il en reste.")
    if not 0 < amount_cents <= payment.unmatched_cents:
        raise BillingError(f"{euros(max(0, payment.unmatched_cents))} en sont à part : rendre cela au plus.")
    if paid_on < payment.received_on:
        raise BillingError(f"Ce paiement n'a été reçu que le {payment.received_on:%d/%m/%Y}.")
    back = noted or record_payment(
        issuer=payment.issuer,
        received_on=paid_on,
        amount_cents=-amount_cents,
        payer=payment.payer,
        reference=payment.reference,
        note=said,
        actor=actor,
        at=at,
    )
    made = PayingBack.objects.create(payment=payment, by=back, reason=said, recorded_at=at, recorded_by=actor.label)
    for one, cents in ((payment, amount_cents), (back, -amount_cents)):
        one.shared_cents += cents
        one.save(update_fields=["shared_cents"])
    text = f"{euros(amount_cents)} du paiement du {payment.received_on:%d/%m/%Y} rendus le {paid_on:%d/%m/%Y} : {said}"
    record(actor=actor, at=at, action="billing.pay-back", subject_kind="payment", subject_id=payment.pk, text=text)
    return made


def _noted_back(payment_id: int) -> Payment:
    """A payment below zero that is of no invoice and pays nothing back yet, held. Raises BillingError for any other."""
    found = Payment.objects.select_for_update().filter(pk=payment_id, amount_cents__lt=0, shared_cents=0).first()
    if found is None:
        raise BillingError("Ce remboursement n'existe pas, ou rend déjà autre chose.")
    return found


@transaction.atomic
def undo_share(*, share_id: int, reason: str, actor: Actor, at: datetime, seen: str | None = None) -> PaymentShare:
    """Take off an invoice what a payment brought to it, for it was another's: the payment keeps it aside again.

    Raises BillingError without a reason, when it is undone already, or when money of that invoice was paid back since;
    StaleError when the invoice is no longer what the mark `seen` was made of.
    """
    if not clean_text(reason):
        raise BillingError("Dire pourquoi.")
    known = PaymentShare.objects.filter(pk=share_id).first()
    if known is None:
        raise BillingError("Ce rapprochement n'existe pas.")
    payment = Payment.objects.select_for_update().get(pk=known.payment_id)
    invoice = locked_invoice(known.invoice_id, seen)
    if known.undoes_id is not None or PaymentShare.objects.filter(undoes=known).exists():
        raise BillingError("Ce rapprochement est déjà défait.")
    if invoice.paid_cents < known.amount_cents:
        raise BillingError("Une partie de cette somme a été remboursée : elle ne peut plus aller ailleurs.")
    made = PaymentShare.objects.create(
        payment=payment,
        invoice=invoice,
        amount_cents=-known.amount_cents,
        undoes=known,
        recorded_at=at,
        recorded_by=actor.label,
    )
    invoice.paid_cents -= known.amount_cents
    invoice.save(update_fields=["paid_cents"])
    payment.shared_cents -= known.amount_cents
    payment.save(update_fields=["shared_cents"])
    text = f"Facture {invoice.number} : {euros(abs(known.amount_cents))} rapprochés par erreur, {clean_text(reason)}"
    journal(invoice, actor, at, "billing.unmatch", text, payment=payment.pk)
    return made
