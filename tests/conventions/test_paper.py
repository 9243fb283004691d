"""The convention and its amendments: what they say, what they lack, and the file that holds it."""

import io
from dataclasses import replace

import pypdf
import pytest

from tests.conventions import papers
from tripartite.conventions.printout.lacking import missing
from tripartite.conventions.printout.parts import Mandate, Term
from tripartite.documents.render import render
from tripartite.pricing.proration import Prorata


def pdf(paper):
    return render(paper.model, paper.as_payload())


def text_of(paper):
    pages = pypdf.PdfReader(io.BytesIO(pdf(paper))).pages
    shown = " ".join("\n".join(page.extract_text() for page in pages).split())
    return shown.replace("\u200b", "").replace("’", "'")


def article(paper, key):
    """The words of an article."""
    return " ".join(text for one in paper.articles if one.key == key for block in one.blocks for text in block.texts)


# ── What it says ───────────────────────────────────────────────────────────────────────────────────────


def test_a_convention_says_all_that_is_signed():
    text = text_of(papers.paper())
    for said in (
        "Convention tripartite relative aux services numériques et à leur accompagnement",
        "n° CONV-2026-00007",
        "établie le 24/11/2026",
        "dossier D-2026-00005",
        "La commune de Ruitz, représentée par son maire, Prénom NOM",
        "SIRET 216 207 274 00013",
        "Siège Mairie, 62620 Ruitz",
        "Habilité par délibération n° 2026-31 du 12/10/2026 (conseil municipal), exécutoire le 15/10/2026",
        "Le syndicat mixte La Fibre Numérique 59-62, représenté par son président, Alix FIBRE",
        "Habilité par délibération n° 2026-07 du 07/07/2026 (comité syndical), exécutoire le 10/07/2026",
        "représenté par son président, Sacha CENTRE",
        "Habilité par délibération du 15/09/2026 (conseil d'administration), exécutoire le 18/09/2026",
        "Ci-après « le bénéficiaire »",
        "Vu l'acte qui arrête les tarifs, pris par le centre de gestion de la fonction publique territoriale du",
        "Article 1 Objet",
        "Messagerie, compte 5 Go 4 comptes Abonnement, par an : 80,00 €",
        "n° LFN-2026-00012, du 23/11/2026 50,00 € 0,00 € 146,00 € 196,00 €",
        "n° CDG62-2026-00047, du 23/11/2026 40,00 € 0,00 € 100,00 € 140,00 €",
        "Ensemble 90,00 € 0,00 € 246,00 € 336,00 €",
        "La convention prend effet le 01/01/2027",
        "Sa première période s'achève le 31/12/2029 inclus.",
        "Elle est reconduite tacitement une fois",
        "Pour la première période, il doit l'être le 30/09/2029 au plus tard.",
        "le tribunal administratif compétent.",
        "1. Ruitz Prénom NOM Maire",
        "Alix FIBRE Président",
        "Sacha CENTRE Président",
        "Annexe 1. Tarif arrêté par l'acte",
        "Grille cdg62/2024-03-26, version 1.",
        "10 212,00 €",
        "Annexe 2. Protection des données personnelles (article 28 du RGPD)",
        "page 1 sur 7",
    ):
        assert said in text, said
    assert "compléter" not in text
    assert "None" not in text


def test_the_parties_stand_in_the_order_of_the_text_whatever_order_they_come_in():
    paper = papers.paper()
    assert [one.party.role for one in paper.parties] == ["beneficiary", "lfn", "cdg62"]
    assert papers.paper(parties=papers.parties()[::-1]) == paper
    assert [party["called"] for party in paper.as_payload()["parties"]] == [
        "le bénéficiaire",
        "l'opérateur",
        "le centre de gestion",
    ]


@pytest.mark.parametrize("given", [[], papers.parties()[:2], [*papers.parties(), papers.parties()[0]]])
def test_other_parties_than_those_of_the_text_are_refused(given):
    with pytest.raises(ValueError, match="expects beneficiary, lfn, cdg62"):
        papers.paper(parties=given)


def test_a_part_of_a_year_is_said_as_it_is_counted_issuer_by_issuer():
    whole = "L'abonnement d'une année commencée est dû en entier"
    assert whole in article(papers.paper(), "contribution")
    grid = papers.grid()
    operator = replace(grid.issuers["lfn"], prorata=Prorata.MONTHS)
    text = article(papers.paper(grid=replace(grid, issuers={**grid.issuers, "lfn": operator})), "contribution")
    assert "envers l'opérateur, elle est due à proportion de ses mois commencés" in text
    assert ("envers le centre de gestion, l'année commencée est due en entier" in text, whole in text) == (True, False)


def test_a_text_serves_for_its_own_kind_of_paper():
    with pytest.raises(ValueError, match="not a text for this paper"):
        papers.paper(text=papers.model(papers.AMENDMENT))
    with pytest.raises(ValueError, match="not a text for this paper"):
        papers.amendment(text=papers.model(papers.CONVENTION))
    with pytest.raises(ValueError, match="not a text for this paper"):
        papers.deliberation(text=papers.model(papers.CONVENTION))


def test_the_services_taken_with_the_part_of_each():
    services = {service.name: service for service in papers.taken(papers.TWELVE)}
    said = {
        name: (service.quantity_text.replace("\u00a0", " "), *(part.sentences for part in service.parts))
        for name, service in services.items()
    }
    assert len(services) == 12
    assert [part.issuer for part in services["Antivirus"].parts] == ["lfn", "cdg62"]
    assert said["Messagerie, compte 5 Go"] == (
        "4 comptes",
        ("Abonnement, par an : 80,00\u00a0€",),
        (
            "Mise en service, une fois : 40,00\u00a0€",
            "Accompagnement messagerie (6\u00a0comptes, avec Messagerie, compte illimité), par an : 100,00\u00a0€",
        ),
    )
    assert said["Messagerie, compte illimité"][2] == ("Mise en service, une fois : 20,00\u00a0€",)
    assert said["Nom de domaine"] == ("1 nom de domaine", ("Abonnement, par an : 15,00\u00a0€",), ())
    assert said["Clé de signature, 3 ans, remise au CDG"] == (
        "2 certificats",
        ("Certificat, pour 3 ans : 180,00\u00a0€",),
        ("Certificat, pour 3 ans : inclus",),
    )
    assert said["Stockage supplémentaire"][1] == ("Abonnement, par an : sur devis, au prix du devis",)
    assert said["Antivirus"][2] == (
        "Mise en service par le CDG, une fois : 200,00\u00a0€, uniquement en cas d'intervention",
    )


def test_a_shared_charge_stands_alone_when_one_of_its_services_is_taken():
    (service,) = papers.taken({"messagerie-illimitee": 3})
    assert service.parts[1].sentences == (
        "Accompagnement messagerie, par an : 50,00\u00a0€",
        "Mise en service, une fois : 30,00\u00a0€",
    )


def test_services_follow_the_families_of_the_grid():
    families = papers.paper(papers.TWELVE).as_payload()["services"]
    assert [(family["name"], len(family["services"])) for family in families] == [
        ("Présence en ligne", 4),
        ("Continuité", 4),
        ("Sécurité", 3),
        ("Gestion de la relation usagers", 1),
    ]


def test_the_annex_describes_the_data_of_the_services_taken_alone():
    annex = papers.paper({"nom-de-domaine": 1}).annexes[1]
    text = " ".join(text for block in annex.blocks for text in block.texts)
    assert "Coordonnées du titulaire du nom de domaine" in text
    assert "Messages, pièces jointes" not in text
    assert "Réponses et pièces des usagers" not in text


def test_the_annex_lists_every_price_of_the_act():
    paper = papers.paper()
    parts = [part for family in paper.as_payload()["tariff"]["families"] for part in family["parts"]]
    rows = [part for part in parts if part["kind"] == "row"]
    lines = sum(not line.endswith(" :") for row in rows for cell in row["cells"] for line in cell)
    (matrix,) = [part for part in parts if part["kind"] == "matrix"]
    assert lines + len(matrix["columns"]) * len(matrix["rows"]) == len(paper.tariff.prices) == 65
    assert {part["service"] for part in parts} > {"Antivirus", "Nom de domaine"}


def test_what_the_annex_names_is_explained_beside_what_bears_on_the_prices_taken():
    tariff = papers.paper(bearing={"I1"}).as_payload()["tariff"]
    assert [one["code"] for one in tariff["interpretations"]] == ["I1", "I7"]
    (matrix,) = [part for family in tariff["families"] for part in family["parts"] if part["kind"] == "matrix"]
    assert "selon I7" in matrix["rows"][0]["condition"]


def test_the_annex_is_laid_out_as_the_act_lays_its_table():
    parts = [part for family in papers.paper().as_payload()["tariff"]["families"] for part in family["parts"]]
    said = {(part["service"], part["charge"]): part["cells"] for part in parts if part["kind"] == "row"}
    key, backup = "Clé de signature, 2 ans, remise au CDG", "Sauvegarde 60 Go et partage de fichiers 5 Go"
    assert said[key, "Certificat"] == [["84,00\u00a0€ par certificat"], ["inclus"]]
    assert said[backup, "Mise en service"] == [["115,00\u00a0€ par compte"], ["75,00\u00a0€ par compte"]]
    assert said["Nom de domaine", "Abonnement"] == [["15,00\u00a0€ par nom de domaine"], []]
    assert said["Antivirus", "Mise en service par le CDG"][1][:2] == [
        "Uniquement en cas d'intervention :",
        "de 1 à 2 postes : 50,00\u00a0€",
    ]

    (matrix,) = [part for part in parts if part["kind"] == "matrix"]
    assert [(one["charge"], one["slot"]) for one in matrix["columns"]] == [
        ("Mise en service", 1),
        ("Abonnement", 1),
        ("Abonnement", 2),
    ]
    assert [row["condition"][:11] for row in matrix["rows"]] == [f"catégorie {letter}" for letter in "ABCDEFGHI"]
    assert matrix["rows"][0]["prices"] == ["50,00\u00a0€", "26,00\u00a0€", "25,00\u00a0€"]
    assert matrix["rows"][8]["prices"] == ["200,00\u00a0€", "10\u202f212,00\u00a0€", "sur devis"]


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_signatures_are_never_alone_on_a_page(lines):
    paper = papers.paper()
    last = paper.articles[-1]
    filler = replace(last.blocks[0], texts=("Mot " * 12,))
    longer = replace(last, blocks=(*(filler for _ in range(lines)), *last.blocks))
    content = pdf(replace(paper, articles=(*paper.articles[:-1], longer)))
    (page,) = [text for one in pypdf.PdfReader(io.BytesIO(content)).pages if "Fait à" in (text := one.extract_text())]
    end = " ".join(last.blocks[-1].texts[-1].split()[-4:]).replace("'", "’")
    assert end in " ".join(page.split()), page


@pytest.mark.parametrize(
    ("term", "said", "unsaid"),
    [
        (
            Term(1, 3, 2),
            ("pour un an", "reconduite tacitement trois fois", "dépasse quatre ans"),
            "Sa première période",
        ),
        (Term(4, 0, 0), ("pour quatre ans", "Elle n'est pas reconduite tacitement."), "préavis"),
        (Term(15, 1, 6), ("pour 15 ans", "dépasse 30 ans", "six mois avant"), "01/01/2027"),
    ],
)
def test_the_term_is_said_in_words(term, said, unsaid):
    words = article(papers.paper(term=term), "term")
    assert [one for one in said if one not in words] == []
    assert unsaid not in words
    assert "compléter" not in words


def test_without_notice_none_is_asked_for():
    assert "préavis" not in article(papers.paper(term=Term(1, 0, 0)), "termination").replace("ni préavis", "")


def test_an_amendment_says_what_it_changes_and_what_it_amends():
    paper = papers.amendment()
    assert paper.title == "Avenant n°\u00a0CONV-2026-00007-A1 — Ruitz"
    assert missing(paper) == []
    text = text_of(paper)
    for said in (
        "Avenant à la convention tripartite",
        "n° CONV-2026-00007-A1 à la convention n° CONV-2026-00007",
        "modifie la convention n° CONV-2026-00007 comme suit. – Messagerie, compte 5 Go : 6 comptes au lieu de 4.",
        "6 comptes Abonnement, par an : 120,00 €",
        "toutes les autres clauses de la convention restent inchangées",
        "Annexe 2. Protection des données personnelles",
    ):
        assert said in text, said


# ── What it lacks ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_missing_from_a_whole_paper():
    assert missing(papers.paper()) == []


BARE = {
    "siret": None,
    "address": (),
    "signatory_name": None,
    "signatory_function": None,
    "mandate": None,
}


def test_a_draft_prints_what_it_lacks_and_says_so_across_the_page():
    paper = papers.paper(number=None, parties=papers.parties(**BARE), term=papers.UNKNOWN)
    assert paper.is_draft
    assert paper.title == "Projet de convention — Ruitz"
    text = text_of(paper)
    assert "La commune de Ruitz, représentée par à compléter Siège à compléter SIRET à compléter" in text
    assert "Habilité par à compléter" in text
    assert "Projet, sans valeur" in text
    assert text.count("PROJET — sans valeur") == 7
    assert "PROJET" not in text_of(papers.paper())


def test_what_prevents_sending_is_said_in_french():
    assert missing(papers.paper(parties=papers.parties(**BARE))) == [
        "Ruitz : le SIRET est à compléter.",
        "Ruitz : l'adresse du siège est à compléter.",
        "Ruitz : le nom du signataire est à compléter.",
        "Ruitz : la fonction du signataire est à compléter.",
        "Ruitz : l'acte qui habilite le signataire est à consigner.",
    ]


def test_an_act_must_be_dated_and_enforceable():
    paper = papers.paper(parties=papers.parties(mandate=Mandate("délibération", "", "7")))
    assert missing(paper) == [
        "Ruitz : l'organe qui a pris l'acte d'habilitation est à compléter.",
        "Ruitz : la date de l'acte d'habilitation est à compléter.",
        "Ruitz : le jour où l'acte d'habilitation est devenu exécutoire est à compléter.",
    ]
    assert "délibération n° 7 (date à compléter), exécutoire le à compléter" in text_of(paper)


def test_a_convention_rests_on_services_and_on_issued_quotes():
    assert missing(papers.paper(services=[], quotes=[])) == ["Aucun service n'est pris.", "Aucun devis n'est désigné."]
    waiting = [replace(quote, number=None, issued_on=None) for quote in papers.quotes(papers.ORDINARY)]
    paper = papers.paper(number=None, quotes=waiting)
    assert missing(paper) == [
        "La Fibre Numérique 59-62 : le devis n'est pas émis.",
        "CDG 62 : le devis n'est pas émis.",
    ]
    assert text_of(paper).count("à émettre") == 2
    assert missing(papers.amendment(changes=[])) == ["L'avenant ne dit pas ce qu'il change."]


# ── The file ───────────────────────────────────────────────────────────────────────────────────────────
