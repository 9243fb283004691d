"""`tripartite quote`: the two quotes of an order written as JSON, issued and written as PDF."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from tripartite.cli.orders import read_order
from tripartite.cli.speaker import command_actor
from tripartite.documents.queries import pdf_of
from tripartite.file_errors import reason
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.services.errors import FieldErrors
from tripartite.pricing.contract import ParsedOrder, parse_order
from tripartite.pricing.grid import offer_of
from tripartite.pricing.order import OrderError
from tripartite.pricing.order_text import decode_order
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.estimating import estimate_order
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import Contact
from tripartite.tariffs.queries import grid_in_force
from tripartite.typed import clean_line

FIGURES = {"population": ("municipale", "totale"), "staff": ("agents", "etp")}


class _Refusal(Exception):  # noqa: N818 - a refusal, told to the person
    """Why no quote was issued, in French."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("order", metavar="DEMANDE", help="fichier JSON de la demande, ou - pour l'entrée standard")
    parser.add_argument("--out", required=True, metavar="DOSSIER", help="où écrire les PDF")
    parser.add_argument(
        "--declared-by", default="", metavar="QUI", help="qui déclare les chiffres que donne la demande"
    )
    parser.add_argument("--name", default="", type=_short(200), metavar="NOM", help="à qui répondre : prénom et nom")
    parser.add_argument("--function", default="", type=_short(200), metavar="FONCTION", help="sa fonction")
    parser.add_argument(
        "--email", default="", type=_email, metavar="ADRESSE", help="son adresse électronique : les devis y partent"
    )
    parser.add_argument("--phone", default="", type=_short(40), metavar="NUMÉRO", help="son téléphone")
    parser.set_defaults(run=run)


def _short(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise argparse.ArgumentTypeError(f"trop long : {most} caractères au plus")
        return text

    return read


def _email(text: str) -> str:
    try:
        if text:
            validate_email(_short(254)(text))
    except ValidationError:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une adresse électronique") from None
    return text


def run(arguments: argparse.Namespace) -> int:
    """Issue the quotes. Exit status: 0 issued, 1 refused (nothing was written), 2 unreadable input or a folder
    that cannot be written (said when the quotes are issued all the same)."""
    raw = read_order(arguments.order)
    if raw is None:
        return 2
    folder = Path(arguments.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"Impossible d'écrire dans {folder} : {reason(error)}.", file=sys.stderr)
        return 2
    try:
        quotes = _issue(decode_order(raw), arguments)
    except OrderError as error:
        print(error.message, file=sys.stderr)
        return 1
    except (_Refusal, QuoteError, FieldErrors) as error:
        print(error, file=sys.stderr)
        return 1
    for quote in quotes:
        path = folder / f"{quote.number}.pdf"
        try:
            path.write_bytes(pdf_of(quote.document_id))
        except OSError as error:
            print(f"Devis {quote.number} émis, mais impossible d'écrire {path} : {reason(error)}.", file=sys.stderr)
            return 2
        print(path)
    return 0


def _issue(payload: Any, arguments: argparse.Namespace) -> tuple[Any, ...]:
    """Create the request and issue its quotes: all or nothing."""
    parsed, at = parse_order(payload), timezone.now()
    if parsed.identifier is None:
        raise _Refusal("Un devis s'adresse à une structure de l'annuaire : donner son siren, siret ou code_insee.")
    today = timezone.localdate(at)
    estimate = estimate_order(payload, today=today)
    estimate.check_figures()
    offer = offer_of(estimate.grid)
    _check_grid(parsed, offer, today)
    body = body_by_identifier(*parsed.identifier)
    assert body is not None  # noqa: S101 - the estimate found it
    return ask_quotes(
        beneficiary=body.pk,
        figures=_declared(parsed, arguments.declared_by),
        declared_by=arguments.declared_by,
        order={name: payload.get(name) or [] for name in ("lines", "in_service", "ended", "set_up")},
        offer=offer,
        contact=Contact(arguments.name, arguments.function, arguments.email, arguments.phone),
        origin="command",
        issue=True,
        actor=command_actor(),
        at=at,
    ).quotes


def _check_grid(parsed: ParsedOrder, offer: str, today: date) -> None:
    """A quote is issued today, under the grid in force of its offer: an order that means another one is refused."""
    in_force = grid_in_force(today, offer=offer)
    meant = parsed.grid
    if meant is None and parsed.on is not None:
        found = grid_in_force(parsed.on, offer=offer)
        meant = found.code if found else None
    if meant is not None and (in_force is None or meant != in_force.code):
        raise _Refusal(
            f"Un devis s'émet sous la grille en vigueur ({in_force.code if in_force else 'aucune'}),"
            f" pas sous {meant} : l'estimer par « tripartite estimate »."
        )


def _declared(parsed: ParsedOrder, declared_by: str) -> list[Declared]:
    """Figures that the order gives beside the identifier become declarations, by somebody named."""
    others = [name for name in parsed.facts if name not in (*FIGURES, "population_kind")]
    if others:
        raise _Refusal(f"Un devis prend ces renseignements dans l'annuaire : {', '.join(others)}.")
    figures = [name for name in FIGURES if name in parsed.facts]
    if figures and not clean_line(declared_by):
        raise _Refusal("La demande donne une population ou un effectif : dire qui le déclare par --declared-by.")
    return [
        Declared(measure, str(parsed.facts.get(f"{measure}_kind") or FIGURES[measure][0]), parsed.facts[measure])
        for measure in figures
    ]
