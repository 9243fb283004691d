"""`tripartite billing file` and `deposit`: the files of invoices, one by one or as Chorus Pro takes many."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from tripartite.billing.printout.deposit import TooLargeError, chorus_archives
from tripartite.billing.printout.kept import FORM_LABELS, Form, kept_file
from tripartite.billing.queries.invoices import invoice_by_number, invoice_list
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.notices import notice_pdf
from tripartite.billing.states import WAY_LABELS, Way
from tripartite.file_errors import reason

NOTICE = "notice"


def add_file(action: argparse.ArgumentParser) -> None:
    """Declare `file`, under an action that names the issuer."""
    action.add_argument("number", metavar="NUMÉRO", help="d'une facture ou d'un avoir")
    forms = {form.value: label for form, label in FORM_LABELS.items()} | {NOTICE: "l'avis des sommes à payer"}
    said = ", ".join(f"{form} : {label}" for form, label in forms.items())
    action.add_argument("--as", dest="form", choices=[*forms], default="facturx", help=said)
    action.add_argument("--out", metavar="DOSSIER", default=".", help="où l'écrire (ici)")


def add_deposit(action: argparse.ArgumentParser) -> None:
    """Declare `deposit`, under an action that names the issuer."""
    action.add_argument("--year", type=int, required=True, metavar="AAAA", help="l'exercice")
    action.add_argument("--out", metavar="DOSSIER", default=".", help="où écrire les archives (ici)")


def write_file(arguments: argparse.Namespace) -> int:
    """Write a form of an invoice; print where. Exit status 1 where there is none, or it cannot be written."""
    if arguments.form == NOTICE:
        return _write_notice(arguments)
    found = kept_file(issuer=arguments.issuer, number=arguments.number, form=Form(arguments.form))
    if found is None:
        print(f"Aucune facture ni aucun avoir ne porte le numéro {arguments.number}.", file=sys.stderr)
        return 1
    return _write(Path(arguments.out) / found.name, found.content)


def _write_notice(arguments: argparse.Namespace) -> int:
    invoice = invoice_by_number(arguments.issuer, arguments.number)
    order = getattr(invoice, "revenue_order", None)
    if order is None:
        print(f"{arguments.number} n'a pas de titre.", file=sys.stderr)
        return 1
    try:
        return _write(Path(arguments.out) / f"avis-{arguments.number}.pdf", notice_pdf(order.pk))
    except BillingError as refusal:
        print(refusal, file=sys.stderr)
        return 1


def write_deposit(arguments: argparse.Namespace) -> int:
    """Write the Factur-X of a year in archives, the first number first. Exit status 1 where there is nothing, or
    where the issuer's invoices go another way.
    """
    on, year, status = timezone.localdate(), arguments.year, 1
    settings = settings_on(arguments.issuer, on)
    if settings is not None and settings.way != Way.CHORUS:
        print(f"La voie réglée est {WAY_LABELS[Way(settings.way)]} : rien n'est déposé à la main.", file=sys.stderr)
        return 1
    found = (
        invoice_list(issuer=arguments.issuer, fiscal_year=year, on=on).order_by("rank").values_list("number", flat=True)
    )
    try:
        for place, archive in enumerate(chorus_archives(_facturx(arguments.issuer, list(found)), on=on), start=1):
            status = _write(Path(arguments.out) / f"{arguments.issuer}-factures-{year}-{place}.zip", archive)
            if status:
                return status
    except TooLargeError as refusal:
        print(f"{refusal} : trop lourd pour Chorus Pro.", file=sys.stderr)
        return 1
    if status:
        print(f"Aucune facture de l'exercice {year}.", file=sys.stderr)
    return status


def _facturx(issuer: str, numbers: list[str]) -> Iterator[tuple[str, bytes]]:
    for number in numbers:
        if (found := kept_file(issuer=issuer, number=number, form=Form.FACTURX)) is not None:
            yield found.name, found.content


def _write(path: Path, content: bytes) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        print(f"Impossible d'écrire {path} : {reason(error)}.", file=sys.stderr)
        return 1
    print(path)
    return 0
