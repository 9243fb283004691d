"""Reminding bodies of what is past its day: a letter a body, kept, sent to the contact of its file."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.billing.models import BilledLine, BillingSettings, Invoice, Reminder
from tripartite.billing.printout.parts import Payment
from tripartite.billing.printout.reminder import LateInvoice, ReminderPaper
from tripartite.billing.queries.reminding import Late, last_of, late_bodies, late_of, next_reminder, rank_of
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.letters import contact_of, write_reminder
from tripartite.billing.services.papers import issuer_identity
from tripartite.billing.services.records import hold_billing, journal, locked_invoice
from tripartite.billing.services.running import Done
from tripartite.documents.render import render
from tripartite.documents.services import store_document
from tripartite.jobs.services.starting import start_job
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.parties.queries.facts import facts_of, postal_address
from tripartite.parties.queries.looks import issuer_on, style_of
from tripartite.pricing.french import day_text
from tripartite.pricing.money import euros
from tripartite.pricing.naming import complement
from tripartite.quotes.printout.parts import Contact, Recipient
from tripartite.quotes.queries.requests import requests_of_quotes

KIND = "billing-reminders"
WAYS = "Par virement, en rappelant le numéro de chaque facture payée."


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was made: its paper, the reminders that it is, and whether it could be sent by e-mail."""

    document: Any
    reminders: tuple[Reminder, ...]
    written: bool

    @property
    def owed_cents(self) -> int:
        return sum(one.owed_cents for one in self.reminders)

    @property
    def words(self) -> str:
        """What was done, in French."""
        rank = max(one.rank for one in self.reminders)
        sent = "envoyée par courriel" if self.written else "à poster : aucune adresse électronique valable"
        return f"Relance {rank} : {euros(self.owed_cents)} restent dus, lettre {sent}."


class AlreadyRemindedError(BillingError):
    """Nothing is to be reminded of that day: all that is late was, not long ago."""


@transaction.atomic
def remind_body(*, issuer: str, body_id: int, on: date, actor: Actor, at: datetime) -> Letter:
    """Make the letter of all that a body owes an issuer past its day (the one that took it in, once it has), keep it,
    and queue it to the contact of the latest file that has one, with the invoices. Each invoice that may be reminded of
    has one reminder more: once its day has passed, then so many days after the last one (`reminder_days`); the others
    are listed, no more.

    Raises BillingError where nothing is late, AlreadyRemindedError where all was reminded of not long ago: however
    often it is asked, an invoice is reminded of once.
    """
    hold_billing(issuer)
    late, settings = _late(issuer, body_id, on)
    paper, files = _paper(late, settings, issuer)
    document = store_document(
        kind="reminder",
        issuer=issuer,
        number=None,
        title=paper.title[:300],
        model=paper.model,
        payload=paper.as_payload(),
        pdf=render(paper.model, paper.as_payload()),
        at=at,
    )
    papers = {document.pk: "relance", **{one.document_id: one.number for one in late.invoices}}
    written = write_reminder(paper=paper, papers=papers, files=files, actor=actor, at=at)
    made = Reminder.objects.bulk_create(
        Reminder(
            invoice=one,
            rank=rank_of(one),
            reminded_on=on,
            owed_cents=one.owed_cents,
            document=document,
            by_post=not written,
            recorded_at=at,
            recorded_by=actor.label,
        )
        for one in late.due
    )
    told = "" if written else ", par courrier : aucune adresse électronique valable"
    for one in made:
        text = f"Facture {one.invoice.number} : relance {one.rank}, {euros(one.owed_cents)} restent dus{told}."
        journal(one.invoice, actor, at, "billing.remind", text, document=document.pk)
    return Letter(document, tuple(made), written)


@transaction.atomic
def remind_invoice(*, invoice_id: int, on: date, actor: Actor, at: datetime) -> Letter:
    """Remind the body of an invoice past its day of all that it owes the issuer (`remind_body`).

    Raises BillingError when nothing is owed of it, when its day has not passed, or when it was reminded of lately.
    """
    invoice = locked_invoice(invoice_id)
    if invoice.owed_cents <= 0:
        raise BillingError(f"Rien n'est dû de la facture {invoice.number}.")
    if on <= invoice.due_on:
        raise BillingError(f"La facture {invoice.number} est à payer jusqu'au {invoice.due_on:%d/%m/%Y}.")
    last, next_on = last_of(invoice), next_reminder(invoice, _settings(invoice.issuer, on).reminder_days)
    if last is not None and next_on > on:
        words = f"La facture {invoice.number} a été rappelée le {last.reminded_on:%d/%m/%Y}"
        raise AlreadyRemindedError(f"{words} : la relance suivante se fait à partir du {next_on:%d/%m/%Y}.")
    return remind_body(issuer=invoice.issuer, body_id=invoice.body_id, on=on, actor=actor, at=at)


def remind_now(*, issuer: str, on: date, body_ids: Collection[int] = (), actor: Actor, at: datetime) -> Iterator[Done]:
    """Remind all the bodies that may be (or these) here and now, each in a transaction of its own. Raises BillingError
    where nothing is set, before anything is done.
    """
    days = reminder_days(issuer, on)
    for one in late_bodies(issuer, on=on, days=days):
        if not one.due or (body_ids and one.body.pk not in body_ids):
            continue
        try:
            made = remind_body(issuer=issuer, body_id=one.body.pk, on=on, actor=actor, at=at)
        except BillingError as refusal:
            yield Done(f"body:{one.body.pk}", one.body.name, str(refusal), failed=True)
        else:
            yield Done(f"body:{one.body.pk}", one.body.name, made.words, failed=False)


@transaction.atomic
def start_reminders(*, issuer: str, body_ids: Collection[int], on: date, actor: Actor, at: datetime) -> int:
    """Start reminding these bodies, one after the other, in the background: those that may be that day. Answers
    the key of the job.

    Raises BillingError when none of them may be: nothing is late, or all was reminded of lately; and JobError.
    """
    days = reminder_days(issuer, on)
    chosen = [one.body.pk for one in late_bodies(issuer, on=on, days=days) if one.due and one.body.pk in set(body_ids)]
    if not chosen:
        raise BillingError("Rien à relancer : cochez au moins une structure qui n'a pas été relancée récemment.")
    title = f"Relances {complement(name_of_issuer(issuer))}, le {day_text(on)}"
    asked = {"issuer": issuer, "bodies": chosen}
    return start_job(kind=KIND, title=title, on=on, parameters=asked, actor=actor, at=at).pk


def reminder_days(issuer: str, on: date) -> int:
    """How many days go by between two reminders of an invoice. Raises BillingError where nothing is set."""
    return _settings(issuer, on).reminder_days


def reminder_draft(*, issuer: str, body_id: int, on: date) -> bytes:
    """The letter that would be made, as a PDF marked as a draft. Nothing is kept. Raises what `remind_body` does."""
    late, settings = _late(issuer, body_id, on)
    paper = replace(_paper(late, settings, issuer)[0], draft=True)
    return render(paper.model, paper.as_payload())


def _settings(issuer: str, on: date) -> BillingSettings:
    found = settings_on(issuer, on)
    if found is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    return found


def _late(issuer: str, body_id: int, on: date) -> tuple[Late, BillingSettings]:
    settings = _settings(issuer, on)
    late = late_of(issuer, body_id, on=on, days=settings.reminder_days)
    if not late.invoices:
        raise BillingError("Rien n'est en retard de paiement.")
    if not late.due:
        words = f"Déjà relancée le {late.last_on:%d/%m/%Y}" if late.last_on else "Rien à relancer"
        raise AlreadyRemindedError(f"{words} : la relance suivante se fait à partir du {late.next_on:%d/%m/%Y}.")
    return late, settings


def _paper(late: Late, settings: BillingSettings, issuer: str) -> tuple[ReminderPaper, set[int]]:
    """The letter, and the files of what it reminds of."""
    sender = issuer_on(issuer, late.on)
    if sender is None:
        raise BillingError("Cet émetteur n'existe pas.")
    facts = facts_of(late.body, on=late.on)
    files = requests_of_quotes(_quotes(late.invoices))
    asked = contact_of(files)
    due = set(late.due)
    address = settings.accountant_address.splitlines()
    paper = ReminderPaper(
        sender=issuer_identity(sender),
        recipient=Recipient(facts.name, facts.siren, facts.siret, postal_address(facts), legal=facts.legal.named),
        contact=Contact(asked.contact_name, asked.contact_function or None) if asked and asked.contact_name else None,
        place=sender.place or "",
        issued_on=late.on,
        rows=tuple(_row(one, one in due, one.buyer_name if one.body != late.body else "") for one in late.invoices),
        payment=Payment(
            iban=settings.iban,
            bic=settings.bic,
            holder=settings.accountant_name,
            ways=(WAYS,) if settings.iban else (),
        ),
        accountant=tuple(part for part in (settings.accountant_name, *address) if part),
        terms=(settings.late_penalties, settings.late_recovery),
        style=style_of([sender]),
    )
    return paper, files


def _row(one: Invoice, counted: bool, former: str) -> LateInvoice:
    """`former`: the body that it bills, where another now pays for it."""
    order = getattr(one, "revenue_order", None)
    last = last_of(one)
    return LateInvoice(
        number=one.number,
        issued_on=one.issued_on,
        due_on=one.due_on,
        gross=one.gross_cents,
        credited=one.credited_cents,
        paid=one.paid_cents,
        rank=rank_of(one) if counted else rank_of(one) - 1,
        order=", ".join(
            part
            for part in (
                f"au nom de {former}" if former else "",
                f"titre de recettes {order.number}/{order.fiscal_year}" if order else "",
            )
            if part
        ),
        reminded_on=None if counted or last is None else last.reminded_on,
    )


def _quotes(invoices: Iterable[Invoice]) -> set[str]:
    rows = BilledLine.objects.filter(invoice__in=[one.pk for one in invoices]).values_list("quotes", flat=True)
    return {number for quotes in rows for number in quotes}
