"""`tripartite billing`: what is to be billed, invoices, credit notes, payments. Dry by default where it numbers."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from tripartite.billing.queries.invoices import (
    STANDING_LABELS,
    Standing,
    invoice_by_number,
    invoice_list,
    invoices_paid,
    payment_list,
)
from tripartite.billing.queries.owed import balance, unmatched_cents
from tripartite.billing.queries.preparing import Asked, Prepared, prepare
from tripartite.billing.queries.settings import LABELS, settings_lacks, settings_on, settings_value
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import pay_invoice, record_payment
from tripartite.billing.services.running import bill_now, unit_words
from tripartite.billing.services.settings import NUMBERS, set_billing
from tripartite.billing.states import FATE_LABELS
from tripartite.cli.billing_buyers import add_buyer, buyer
from tripartite.cli.billing_files import add_deposit, add_file, write_deposit, write_file
from tripartite.cli.billing_flows import add_pes, add_slip, add_titles, make_slip, write_flow, write_titles
from tripartite.cli.billing_payments import add_pay_back, pay_back_aside
from tripartite.cli.billing_portal import add_chorus, read_chorus
from tripartite.cli.billing_reminders import add_remind, remind
from tripartite.cli.billing_returns import add_returns, read_returns
from tripartite.cli.billing_statements import add_statement, read_statements
from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day, read_reason
from tripartite.jobs.kinds import JobError
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.services.errors import FieldErrors
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import span_text
from tripartite.pricing.money import euros
from tripartite.typed import day_within, whole_number

DRY = "Essai : rien n'a été émis (--apply)."


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    def declare(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=words)
        action.add_argument("issuer", metavar="ÉMETTEUR", help="son code")
        action.set_defaults(run=_of_known_issuer(run))
        return action

    told = declare("settings", settings, "les réglages ; avec NOM=VALEUR, les changer")
    told.add_argument("values", nargs="*", metavar="NOM=VALEUR", help=", ".join(LABELS))
    told.add_argument("--from", dest="on", type=read_day, metavar="AAAA-MM-JJ", help="depuis quel jour (aujourd'hui)")
    _a_run(declare("preview", preview, "ce qui serait facturé, ligne à ligne, et ce qui ne va pas"))
    done = _a_run(declare("issue", issue, "émettre les factures"))
    done.add_argument("--apply", action="store_true", help="émettre pour de bon ; sinon, dire seulement")
    every = declare("list", list_all, "les factures, et ce qu'il reste à payer")
    every.add_argument("--standing", choices=[one.value for one in Standing], help="celles-là seulement")
    every.add_argument("--search", default="", metavar="MOTS", help="numéro, structure, SIREN")
    every.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    back = _an_invoice(declare("credit", credit, "reprendre tout ou partie d'une facture, par un avoir"))
    back.add_argument(
        "--line", action="append", default=[], metavar="LIGNE=EUROS", help="une partie : ligne et montant"
    )
    back.add_argument("--never-again", action="store_true", help="tout reprendre, sans rien refacturer")
    back.add_argument("--reason", required=True, type=read_reason, help="motif")
    back.add_argument("--apply", action="store_true", help="émettre pour de bon ; sinon, dire seulement")
    paid = declare("pay", pay, "noter un paiement reçu, ou rendu (montant négatif)")
    paid.add_argument("amount", metavar="EUROS")
    paid.add_argument("--invoice", default="", metavar="NUMÉRO", help="la facture payée ; sinon il est gardé à part")
    paid.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    paid.add_argument("--payer", default="")
    paid.add_argument("--reference", default="")
    declare("payments", payments, "les paiements, et ce qui n'est pas rapproché").add_argument(
        "--unmatched", action="store_true", help="ceux-là seulement"
    )
    add_pay_back(declare("pay-back", pay_back_aside, "noter qu'une somme gardée à part est rendue"))
    add_remind(declare("remind", remind, "relancer, d'une lettre chacune, les structures en retard de paiement"))
    add_buyer(declare("buyer", buyer, "ce qu'une structure exige de ses factures : le dire, le lire"))
    add_file(declare("file", write_file, "écrire le fichier d'une facture ou d'un avoir"))
    add_deposit(declare("deposit", write_deposit, "écrire les factures d'un exercice en archives pour Chorus Pro"))
    add_slip(declare("slip", make_slip, "les bordereaux de titres ; en faire un de ce qui attend"))
    add_pes(declare("pes", write_flow, "vérifier et écrire le flux PES d'un bordereau"))
    add_titles(declare("titles", write_titles, "écrire les titres d'un exercice en tableau"))
    add_returns(declare("returns", read_returns, "lire ce que le comptable renvoie : acquittement, PES Retour"))
    add_chorus(declare("chorus", read_chorus, "lire la liste que Chorus Pro exporte : où en est chaque facture"))
    add_statement(declare("statement", read_statements, "lire un relevé du comptable (CSV, XLSX) ou de la banque"))


def _of_known_issuer(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, refused for a code that no issuer has: nothing is said of what does not exist."""

    def checked(arguments: argparse.Namespace) -> int:
        if issuer_by_code(arguments.issuer) is None:
            return _refuse(f"Aucun émetteur n'a le code « {arguments.issuer} ».")
        return run(arguments)

    return checked


def _a_run(action: argparse.ArgumentParser) -> argparse.ArgumentParser:
    action.add_argument("--until", type=read_day, metavar="AAAA-MM-JJ", help="le dernier jour dû (aujourd'hui)")
    kinds = [one.value for one in Frequency]
    action.add_argument("--kind", action="append", choices=kinds, default=[], help="ce genre de somme seulement")
    return action


def _an_invoice(action: argparse.ArgumentParser) -> argparse.ArgumentParser:
    action.add_argument("number", metavar="NUMÉRO")
    return action


def settings(arguments: argparse.Namespace) -> int:
    """Print the settings of an issuer, or change some. Exit status 1 when a value is refused."""
    on = arguments.on or timezone.localdate()
    if arguments.values:
        changes: dict[str, object] = {}
        for pair in arguments.values:
            name, _, value = pair.partition("=")
            changes[name] = _typed(name, value)
        try:
            set_billing(
                issuer=arguments.issuer, changes=changes, applies_on=on, actor=command_actor(), at=timezone.now()
            )
        except FieldErrors as refusal:
            return _refuse("\n".join(f"{name} : {words}" for name, words in refusal.fields.items()))
        except BillingError as refusal:
            return _refuse(str(refusal))
    for name, value in settings_value(settings_on(arguments.issuer, on)).items():
        print(f"{name:<20} {LABELS[name]} : {_shown(name, value)}")
    return 0


def preview(arguments: argparse.Namespace) -> int:
    """Print what a run would do. Exit status 1 where nothing is set."""
    asked = _asked(arguments)
    settings = settings_on(asked.issuer, asked.on)
    if settings is None:
        return _refuse("Réglez d'abord la facturation de cet émetteur : tripartite billing settings.")
    for words in settings_lacks(settings):
        print(f"! Réglages : {words}.")
    found = list(prepare(asked))
    for one in found:
        _tell(one)
    print(f"{len(found)} à voir." if found else "Rien n'est à facturer.")
    return 0


def issue(arguments: argparse.Namespace) -> int:
    """Issue it, each invoice in its own transaction: one that is refused is told and stops no other. Exit status 1
    then; without `--apply`, only a preview.
    """
    if not arguments.apply:
        status = preview(arguments)
        print(DRY)
        return status
    asked, failed = _asked(arguments), 0
    try:
        for one in bill_now(
            issuer=asked.issuer,
            until=asked.until,
            on=asked.on,
            frequencies=asked.frequencies,
            actor=command_actor(),
            at=timezone.now(),
        ):
            failed += one.failed
            print(f"{one.words} : {'échec, ' if one.failed else ''}{one.outcome}")
    except BillingError as refusal:
        return _refuse(str(refusal))
    return 1 if failed else 0


def list_all(arguments: argparse.Namespace) -> int:
    """Print a line an invoice, then what is owed in all."""
    on = arguments.on or timezone.localdate()
    standing = Standing(arguments.standing) if arguments.standing else None
    for one in invoice_list(issuer=arguments.issuer, standing=standing, text=arguments.search, on=on):
        owed = f"reste {euros(one.owed)}" if one.owed else one.state_label
        print(f"{one.number}\t{one.issued_on:%d/%m/%Y}\t{one.body}\t{euros(one.gross_cents)}\t{owed}")
    found = balance(arguments.issuer, on=on)
    print(f"{STANDING_LABELS[Standing.OWED]} : {euros(found.owed)}, dont en retard {euros(found.overdue)}")
    return 0


def credit(arguments: argparse.Namespace) -> int:
    """Take back an invoice, or some of its lines; without `--apply`, show the lines with what is left of them."""
    invoice = invoice_by_number(arguments.issuer, arguments.number)
    if invoice is None:
        return _refuse(f"Aucune facture ne porte le numéro {arguments.number}.")
    if not arguments.apply:
        for line in invoice.lines.all():
            print(f"{line.pk}\t{line.service_name}, {line.charge_name}\t{euros(line.amount_cents)} {line.basis}")
        print(f"Il reste {euros(invoice.left_cents)}. {DRY}")
        return 0
    said = {"invoice_id": invoice.pk, "reason": arguments.reason, "on": timezone.localdate()}
    if arguments.line:
        amounts = {}
        for pair in arguments.line:
            key, _, amount = pair.partition("=")
            number, cents = whole_number(key, digits=18), _cents(amount)
            if number is None or cents is None:
                return _refuse(f"« {pair} » : écrire LIGNE=EUROS.")
            amounts[number] = cents
        made = _done(credit_lines, amounts=amounts, **said)
    else:
        made = _done(cancel_invoice, again=not arguments.never_again, **said)
    return _say(made and f"Avoir {made.number}, {euros(made.gross_cents)}.")


def pay(arguments: argparse.Namespace) -> int:
    """Record a payment: what the invoice that is named asks goes to it, the rest is kept aside."""
    cents = _cents(arguments.amount)
    if cents is None:
        return _refuse(f"« {arguments.amount} » n'est pas un montant.")
    said = {"amount_cents": cents, "received_on": arguments.on or timezone.localdate()}
    said |= {"payer": arguments.payer, "reference": arguments.reference}
    if arguments.invoice:
        invoice = invoice_by_number(arguments.issuer, arguments.invoice)
        if invoice is None:
            return _refuse(f"Aucune facture ne porte le numéro {arguments.invoice}.")
        made = _done(pay_invoice, invoice_id=invoice.pk, **said)
    else:
        made = _done(record_payment, issuer=arguments.issuer, **said)
    return _say(made and f"Paiement {made.pk} : {euros(made.amount_cents)}, à part {euros(made.unmatched_cents)}.")


def payments(arguments: argparse.Namespace) -> int:
    """Print a line a payment, then what no invoice has."""
    for one in payment_list(issuer=arguments.issuer, unmatched=arguments.unmatched):
        whose = ", ".join(number for _, number in invoices_paid(one)) or "à part"
        print(f"{one.pk}\t{one.received_on:%d/%m/%Y}\t{euros(one.amount_cents)}\t{one.payer}\t{whose}")
    print(f"Non rapproché : {euros(unmatched_cents(arguments.issuer))}")
    return 0


def _asked(arguments: argparse.Namespace) -> Asked:
    on = timezone.localdate()
    return Asked(arguments.issuer, arguments.until or on, on, tuple(arguments.kind))


def _tell(one: Prepared) -> None:
    given = f", avoir {euros(one.credited_cents)}" if one.credits else ""
    print(f"{unit_words(one)} : {FATE_LABELS[one.fate]}, {euros(one.gross_cents)} TTC{given}")
    for item in (*one.items, *(item for each in one.credits for item, _ in each.items)):
        days = span_text(item.since, item.until)
        print(f"    {item.service_name}, {item.charge_name} : {euros(item.amount_cents or 0)} {item.basis}, {days}")
        print(f"        {item.explanation}")
    for found in one.findings:
        print(f"    ! {found.label} : {found.words}")


def _typed(name: str, value: str) -> object:
    if name == "first_billed_on":
        return day_within(value)
    number = whole_number(value) if name in NUMBERS else None
    return value if number is None else number


def _shown(name: str, value: object) -> str:
    if name == "threshold_cents" and isinstance(value, int):
        return euros(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _cents(text: str) -> int | None:
    """An amount typed in euros (« 1 030,50 ») in cents; None where it is none."""
    try:
        exact = Decimal("".join(text.split()).replace(",", ".")) * 100
        return int(exact) if exact == exact.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _done(act: Callable[..., Any], **arguments: Any) -> Any:
    try:
        return act(actor=command_actor(), at=timezone.now(), **arguments)
    except (BillingError, JobError) as refusal:
        print(refusal, file=sys.stderr)
        return None


def _say(told: Any) -> int:
    if not told:
        return 1
    print(told)
    return 0


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
