"""What stands in the way of issuing an invoice is said in words; what is kept of one gives it again."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.billing.papers import CDG, LFN, ORDER, RUITZ, credit_note, invoice, line, untaxed
from tests.billing.test_invoice_data import PAPERS
from tripartite.billing.printout.addresses import read_address
from tripartite.billing.printout.lacking import InvoiceLacksError, check_issued, what_lacks
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import InvoiceVat, PostalAddress, Preceding, References, VatCategory
from tripartite.billing.printout.reading import read_paper


def test_nothing_lacks_of_what_can_be_issued() -> None:
    assert {name: what_lacks(paper) for name, paper in PAPERS.items()} == {name: [] for name in PAPERS}


PLAIN = invoice()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines": ()}, "Aucune ligne : rien n'est à facturer."),
        ({"lines": (line(-1),)}, "Le total est négatif : c'est un avoir qui est à établir."),
        ({"lines": (line(name=" "),)}, "Une ligne n'a pas de désignation (messagerie)."),
        ({"lines": (line(basis="ttc"),)}, "Messagerie collaborative : « ttc » n'est ni TTC ni HT."),
        (
            {"lines": (line(until=date(2026, 3, 31)),)},
            "Messagerie collaborative : la période finit avant de commencer.",
        ),
        (
            {"lines": (line(since=date(1999, 12, 31)),)},
            "Une date est hors de ce que la norme accepte : 31/12/1999.",
        ),
        ({"due_on": date(2026, 11, 26)}, "L'échéance précède le jour de la facture."),
        ({"seller": replace(LFN, vat_number=None)}, "Le numéro de TVA de LFN 59-62 manque."),
        (
            {"seller": replace(LFN, vat_number="FR12")},
            "Le numéro de TVA de LFN 59-62 n'est pas un numéro français : « FR12 ».",
        ),
        ({"seller": replace(LFN, identity=replace(LFN.identity, siret=None))}, "Le SIRET de LFN 59-62 manque."),
        (
            {"seller": replace(LFN, address=PostalAddress())},
            "Le code postal et la ville de LFN 59-62 manquent à son adresse.",
        ),
        (
            {"buyer": replace(RUITZ, recipient=replace(RUITZ.recipient, siren=None, siret=None))},
            "Le SIREN manque : Commune de Ruitz.",
        ),
        (
            {"buyer": replace(RUITZ, recipient=replace(RUITZ.recipient, siret="20004852600024"))},
            "Le SIRET n'est pas de son SIREN : Commune de Ruitz, « 20004852600024 ».",
        ),
        ({"references": References(service_code="x" * 101)}, "Le code service compte plus de 100 caractères."),
        ({"references": References(engagement="x" * 51)}, "Le numéro d'engagement compte plus de 50 caractères."),
        ({"preceding": (Preceding("n° 3", date(2026, 1, 1)),)}, "Numéro de facture impossible : « n° 3 »."),
        ({"terms": replace(PLAIN.terms, discount="")}, "La mention sur l'escompte ou son absence manque."),
        (
            {"payment": replace(PLAIN.payment, iban="FR7630001007941234567890186")},
            "L'IBAN du comptable n'est pas valable : « FR7630001007941234567890186 ».",
        ),
        ({"payment": replace(PLAIN.payment, bic="x")}, "Le BIC du comptable n'est pas valable : « x »."),
        (
            {"vat": InvoiceVat(None, "", VatCategory.EXEMPT)},
            "La mention qui dit pourquoi la TVA n'est pas due manque.",
        ),
        (
            {"revenue_order": replace(ORDER, signatory="")},
            "Le nom de l'ordonnateur manque à l'avis des sommes à payer.",
        ),
        (
            {"revenue_order": replace(ORDER, appeal=())},
            "La mention des voies et délais de recours manque à l'avis des sommes à payer.",
        ),
    ],
)
def test_what_lacks_is_said(changes: dict[str, Any], said: str) -> None:
    paper = replace(PLAIN, **changes)

    assert what_lacks(paper) == [said]
    with pytest.raises(InvoiceLacksError, match=re.escape(said)) as refused:
        check_issued(paper)
    assert str(refused.value) == said


def test_outside_the_scope_no_vat_number_is_asked_for() -> None:
    assert CDG.vat_number is None
    assert what_lacks(untaxed()) == []


def test_a_credit_note_takes_from_an_invoice_and_takes_something() -> None:
    assert what_lacks(credit_note(PLAIN, preceding=())) == ["La facture dont cet avoir vient en déduction manque."]
    assert what_lacks(credit_note(invoice(line(-1)))) == [
        "Le total est négatif : un avoir retire une somme, il n'en ajoute pas."
    ]


@pytest.mark.parametrize("number", [None, "", "LFN 1", "LFN-2026-0001-" + "1" * 7, "Facture n°1"])
def test_a_number_that_no_platform_takes_is_refused(number: str | None) -> None:
    with pytest.raises(InvoiceLacksError, match="Numéro impossible"):
        check_issued(invoice(number=number))


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_what_is_kept_of_a_paper_gives_it_again(paper: InvoicePaper) -> None:
    payload = paper.as_payload()

    assert read_paper(json.loads(json.dumps(payload, allow_nan=False))) == paper
    assert read_paper(payload).as_payload() == payload


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Place de la mairie", "62620 Ruitz"), PostalAddress(("Place de la mairie",), "62620", "Ruitz")),
        (("Mairie, 62620 Ruitz",), PostalAddress(("Mairie",), "62620", "Ruitz")),
        (("62620 Ruitz",), PostalAddress((), "62620", "Ruitz")),
        (("1 rue X ", "", "BP 67", "62702 Bruay CEDEX"), PostalAddress(("1 rue X", "BP 67"), "62702", "Bruay CEDEX")),
        (("62620 Ruitz", "France"), PostalAddress(("France",), "62620", "Ruitz")),
        (("Le bourg",), PostalAddress(("Le bourg",), "", "")),
        ((), PostalAddress((), "", "")),
    ],
)
def test_an_address_is_read_as_it_is_written(lines: tuple[str, ...], expected: PostalAddress) -> None:
    assert read_address(lines) == expected
