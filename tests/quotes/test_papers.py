"""What a quote prints: the estimate to the cent, columns that add up, French, and what is not known left out."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from tests.factories import quotes
from tests.factories.tariffs import grid_text
from tripartite.documents.render import render
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Status
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.quotes.printout.building import UnpricedLineError
from tripartite.quotes.printout.parts import Companion, Contact, Figure, Recipient, Vat

CASES = json.loads((Path(__file__).parents[1] / "pricing/cases.json").read_text(encoding="utf-8"))["cases"]
ISSUERS = ("lfn", "cdg62")


def estimated(case):
    grid = read_grid(grid_text())
    order = parse_order(case["order"])
    return grid, price_order(grid, order.order(on=order.on))


def case_paper(case, issuer, number="N-1", agent_prices=None):
    """The paper of an issuer for a worked case."""
    grid, estimate = estimated(case)
    blank = quotes.paper(issuer=issuer)
    return quotes.quote_paper(
        grid=grid,
        lines=estimate.lines,
        agent_prices=agent_prices or {},
        issuer=blank.issuer,
        recipient=blank.recipient,
        contact=None,
        number=number,
        issued_on=blank.issued_on,
        valid_until=blank.valid_until,
        vat=blank.vat,
    )


def sums(splits):
    return tuple(sum(split[place] for split in splits) for place in range(3))


def text_of(paper):
    pages = pypdf.PdfReader(io.BytesIO(render(paper.model, paper.as_payload()))).pages
    shown = " ".join("\n".join(page.extract_text() for page in pages).split())
    return len(pages), shown.replace("’", "'")


@pytest.mark.parametrize("issuer", ISSUERS)
@pytest.mark.parametrize("case", [case for case in CASES if not case["on_request"]], ids=lambda case: case["name"])
def test_totals_are_those_of_the_estimate_to_the_cent(case, issuer):
    paper = case_paper(case, issuer)
    _, estimate = estimated(case)
    expected, totals = estimate.totals[issuer], paper.totals

    assert totals.once.gross == expected.once_cents == case["totals"][issuer]["once_cents"]
    assert totals.yearly.gross == expected.yearly_cents == case["totals"][issuer]["yearly_cents"]
    assert totals.term.gross == expected.term_cents == case["totals"][issuer]["term_cents"]
    assert totals.first_year.gross == expected.first_year_cents
    assert not totals.lacks


@pytest.mark.parametrize("issuer", ISSUERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_columns_add_up_across_and_down(case, issuer):
    paper = case_paper(case, issuer, number=None)
    totals = paper.totals

    for split in (*(line.due for line in paper.lines), totals.once, totals.term, totals.yearly, totals.first_year):
        assert split.net + split.vat == split.gross
    assert sums([line.due for line in paper.lines]) == totals.first_year
    assert sums([totals.once, totals.term, totals.first_yearly]) == totals.first_year
    assert sums([rate.split for rate in totals.rates]) == totals.first_year


@pytest.mark.parametrize("case", [case for case in CASES if case["on_request"]], ids=lambda case: case["name"])
def test_a_numbered_quote_is_refused_while_a_line_waits_and_a_draft_says_so(case):
    for issuer in {line["issuer"] for line in case["on_request"]}:
        with pytest.raises(UnpricedLineError):
            case_paper(case, issuer)
        draft = case_paper(case, issuer, number=None)
        assert str(draft.totals.lacks) == "hors lignes sur devis"
        assert "hors lignes sur devis" in text_of(draft)[1]


def test_vat_is_derived_once_from_the_total():
    totals = quotes.paper().totals
    assert totals.first_year == (16_333, 3_267, 19_600)
    assert [(rate.rate, rate.split) for rate in totals.rates] == [(2_000, totals.first_year)]


def test_an_issuer_without_vat_says_so_and_shows_one_column():
    paper = quotes.paper(issuer="cdg62")
    assert paper.totals.first_year == (14_000, 0, 14_000)
    _, text = text_of(paper)
    assert "TVA non applicable." in text
    assert " HT " not in text
    assert "TTC" not in text


def test_all_that_a_quote_must_say_is_on_one_page():
    paper = replace(
        quotes.paper(),
        contact=Contact("Prénom NOM", "Secrétaire", "mairie@exemple.fr", "03 21 00 00 01"),
        request="D-2026-00005",
        companions=(Companion("CDG 62", 2, "CDG62-2026-00047", 14_000, 10_000),),
        conditions=("Payable à réception du titre de recettes.",),
        recipient=Recipient(
            "Ruitz",
            "216207274",
            None,
            ("Mairie, 62620 Ruitz",),
            (Figure("Population municipale 2023", 1_478, "Insee"),),
        ),
    )
    pages, text = text_of(paper)

    assert pages == 1
    for said in (
        "Devis n° LFN-2026-00012",
        "Syndicat mixte La Fibre Numérique 59-62",
        "SIRET 200 039 386 00038",
        "Mairie, 62620 Ruitz",
        "SIREN 216 207 274",
        "Population municipale 2023 : 1 478 (Insee)",
        "À l'attention de Prénom NOM, Secrétaire",
        "Établi le 23/11/2026",
        "21/02/2027 inclus",
        "D-2026-00005",
        "Présence en ligne",
        "Messagerie, compte 5 Go Abonnement, par an 4 comptes 20,00 € 66,67 € 13,33 € 80,00 €",
        "Catégorie B (de 1 001 à 2 000 habitants : 1 478)",
        "À la mise en service, une fois 41,66 € 8,34 € 50,00 €",
        "Abonnements, chaque année 121,67 € 24,33 € 146,00 €",
        "Total de la première année 163,33 € 32,67 € 196,00 €",
        "TVA 20 %",
        "Devis n° CDG62-2026-00047 : 140,00 € la première année, puis 100,00 € par an.",
        "Les deux devis ensemble : 336,00 € la première année, puis 246,00 € par an.",
        "délibération du conseil d'administration du 26/03/2024",
        "Grille cdg62/2024-03-26, version 1.",
        "Mise en service de démarches simplifiées (I6).",
        "Payable à réception du titre de recettes.",
        "Bon pour accord",
        "d'un montant de 196,00 € TTC (163,33 € HT, TVA 32,67 €) la première année, puis 146,00 € par an.",
        "page 1 sur 1",
    ):
        assert said in text, said


def test_what_is_not_known_is_left_out():
    paper = quotes.paper(issuer="cdg62", recipient=Recipient("Structure sans numéro"))
    bare = replace(paper, issuer=replace(paper.issuer, address=()))
    _, text = text_of(bare)
    assert "SIRET" not in text
    assert "SIREN" not in text
    assert "attention" not in text
    assert "None" not in text
    assert "compléter" not in text


def test_a_draft_has_no_number_and_cannot_be_accepted():
    draft = quotes.paper(number=None)
    _, text = text_of(draft)
    assert draft.is_draft
    assert draft.title == "Projet de devis de La Fibre Numérique 59-62 — Ruitz"
    assert "Projet de devis, sans valeur" in text
    assert "Ce projet ne peut pas être accepté" in text


def test_what_is_included_says_so_and_adds_nothing():
    paper = quotes.paper({"cle-signature-3-cdg": 2}, issuer="cdg62")
    (line,) = paper.lines
    assert (line.status, line.due, paper.totals.first_year) == (Status.INCLUDED, (0, 0, 0), (0, 0, 0))
    assert "Certificat, pour 3 ans 2 certificats inclus" in text_of(paper)[1]


def test_what_is_conditional_stands_apart_from_the_total():
    paper = quotes.paper({"antivirus": 6}, issuer="cdg62")
    assert (paper.lines, [line.amount_cents for line in paper.conditional]) == ((), [20_000])
    assert paper.totals.first_year.gross == 0
    _, text = text_of(paper)
    assert "Hors total : seulement si le cas se présente" in text
    assert "Uniquement en cas d'intervention." in text


def test_an_issuer_of_whom_nothing_is_asked_says_so():
    _, text = text_of(quotes.paper({"nom-de-domaine": 1}, issuer="cdg62"))
    assert "Cette demande ne comporte aucune prestation de CDG 62." in text
    assert "Total de la première année 0,00 €" in text


def test_a_second_version_says_what_it_changes():
    _, text = text_of(quotes.paper(version=2, supersedes="LFN-2025-00009", changes=["Nom de domaine : retiré."]))
    assert "Ce qui change par rapport au devis LFN-2025-00009" in text
    assert "Nom de domaine : retiré." in text
    assert "2, remplace LFN-2025-00009" in text


def test_forty_lines_go_over_pages_with_their_headings():
    paper = quotes.paper(quotes.FORTY, grid_text=quotes.long_grid_text())
    pages, text = text_of(paper)
    assert (len(paper.lines), pages) == (40, 2)
    assert text.count("Désignation Prestation Quantité") == 2
    assert text.count("Total de la première année") == 1
    assert "Service d'essai 39" in text


def test_families_follow_the_grid_and_group_their_lines():
    payload = quotes.paper({"antivirus": 1, "messagerie-5go": 1, "sauvegarde": 1}).as_payload()
    assert [(family["name"], len(family["lines"])) for family in payload["families"]] == [
        ("Présence en ligne", 1),
        ("Sécurité", 3),
    ]


@pytest.mark.parametrize(
    ("rate", "shown"), [(2_000, "20\u00a0%"), (550, "5,5\u00a0%"), (210, "2,1\u00a0%"), (0, "0\u00a0%")]
)
def test_vat_rates_in_french(rate, shown):
    assert quotes.paper(vat=Vat(rate)).as_payload()["vat"]["rate_text"] == shown


def test_a_draft_of_several_pages_is_a_valid_paper_too():
    draft = quotes.paper(quotes.FORTY, grid_text=quotes.long_grid_text(), number=None)
    pages, text = text_of(draft)
    assert pages >= 2
    assert "Projet de devis, sans valeur" in text


@pytest.mark.parametrize("lines", range(4, 44, 3))
def test_bon_pour_accord_is_never_alone_on_a_page_and_says_its_amounts(lines):
    paper = quotes.paper()
    longer = replace(paper, lines=tuple(paper.lines[place % len(paper.lines)] for place in range(lines)))
    pages = pypdf.PdfReader(io.BytesIO(render(longer.model, longer.as_payload()))).pages
    (page,) = [text for one in pages if "Signature et cachet" in (text := " ".join(one.extract_text().split()))]
    assert "Prix arrêtés par l’acte suivant" in page
    assert "HT, TVA" in page[page.index("bon pour accord sur le devis") :]
