"""Flows against the schema, whatever people typed, and against the rules that a schema cannot say."""

import base64
import gzip
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.billing.pes.flows import DEBTOR, FLOW, ISSUER, NOTICE, TITLE, flow, proof, reduction
from tests.billing.pes.schemas import schema_errors, with_schemas
from tripartite.billing.pes.asap_rules import notice_findings
from tripartite.billing.pes.flow import Flow, Reduced
from tripartite.billing.pes.rules import Rejects, pes_findings
from tripartite.billing.pes.talon import talon_lines
from tripartite.billing.pes.texts import file_name, fit, invoice_number, talon
from tripartite.billing.pes.writing import flow_xml
from tripartite.billing.printout.parts import PostalAddress

NOWHERE = PostalAddress()


@with_schemas
@pytest.mark.parametrize("made", [flow(), flow(signed_outside=True), reduction(), flow(replace(TITLE, function=""))])
def test_a_flow_that_keeps_the_rules_is_valid(made: Flow) -> None:
    assert (pes_findings(made), schema_errors(flow_xml(made))) == ([], [])
    assert (notice_findings(NOTICE), schema_errors(proof().content)) == ([], [])


def test_a_flow_says_what_the_accountant_reads() -> None:
    xml = etree.fromstring(flow_xml(flow()))
    assert xml.getroottree().docinfo.encoding == "ISO-8859-1"
    said = {node.tag: node.get("V") for node in xml.iter() if node.get("V")}
    wanted = {"TypFic": "PESALR1", "IdBord": "14", "NbrPce": "1", "MtBordHt": "768.00", "MtBordTVA": "153.60"}
    wanted |= {"IdPce": "128", "Edition": "02", "NumeroFacture": "LFN-F-2026-00001", "Nature": "7067", "TxTva": "20.00"}
    wanted |= {"NatIdTiers": "01", "CatTiers": "23", "NatJur": "09", "InfoDematerialisee": "0", "TypePJ": "006"}
    assert {name: said[name] for name in wanted} == wanted
    held = xml.findtext("PES_PJ/PJ/Contenu/Fichier")
    assert gzip.decompress(base64.b64decode(held or "")) == proof().content


def test_made_twice_a_flow_is_the_same_bytes() -> None:
    assert flow_xml(flow()) == flow_xml(flow())


def test_a_flow_to_be_signed_has_its_marks_and_no_signature() -> None:
    xml = etree.fromstring(flow_xml(flow(signed_outside=True)))
    assert xml.find("PES_RecetteAller/EnTeteRecette/InfoDematerialisee").get("V") == "1"  # type: ignore[union-attr]
    assert (xml.get("Id"), xml.find("PES_RecetteAller/Bordereau").get("Id")) == ("PES2026-01-14", "BORD2026-01-14")  # type: ignore[union-attr]
    assert [node for node in xml.iter() if etree.QName(node).localname == "Signature"] == []


def amiss(made: Flow) -> list[tuple[str, str]]:
    return [(one.rejects.value, one.element) for one in pes_findings(made)]


def debtor(**changes: Any) -> Flow:
    return flow(replace(TITLE, debtor=replace(DEBTOR, **changes)))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (flow(post="12345"), ("flow", "IdPost")),
        (flow(post="000000"), ("flow", "IdPost")),
        (flow(siret="20004852600024"), ("flow", "IdColl")),
        (flow(collectivity="12"), ("flow", "CodCol")),
        (flow(budget="0"), ("flow", "CodBud")),
        (flow(file_type=""), ("flow", "TypFic")),
        (flow(file_name="x" * 101), ("flow", "NomFic")),
        (flow(software=""), ("flow", "Emetteur")),
        (flow(number=0), ("flow", "IdBord")),
        (flow(kind="04"), ("flow", "TypBord")),
        (flow(signed_outside=True, year_cents=0), ("slip", "MtCumulAnnuel")),
        (flow(replace(TITLE, number=0)), ("flow", "IdPce")),
        (flow(replace(TITLE, kind="08")), ("flow", "TypPce")),
        (flow(replace(TITLE, kind="13")), ("flow", "TypPce")),
        (flow(replace(TITLE, nature="12")), ("flow", "NatPce")),
        (flow(replace(TITLE, kind="09")), ("slip", "NatPce")),
        (flow(replace(TITLE, kind="10", nature="02")), ("slip", "NatPce")),
        (flow(replace(TITLE, product="TROPLONG")), ("flow", "CodProdLoc")),
        (flow(replace(TITLE, product="")), ("flow", "CodProdLoc")),
        (flow(replace(TITLE, account="70-67")), ("flow", "Nature")),
        (flow(replace(TITLE, function="02A")), ("flow", "Fonction")),
        (flow(replace(TITLE, vat_cents=0)), ("slip", "MtTVA")),
        (flow(replace(TITLE, vat_cents=-1, net_cents=10)), ("slip", "MtBordTVA")),
        (flow(replace(TITLE, vat_rate=None)), ("slip", "TxTva")),
        (flow(replace(TITLE, vat_rate=0)), ("slip", "TxTva")),
        (flow(replace(TITLE, vat_cents=None)), ("slip", "TxTva")),
        (flow(replace(TITLE, kind="15")), ("slip", "Edition")),
        (flow(replace(TITLE, edition="03")), ("slip", "Edition")),
        (flow(replace(TITLE, invoice_number="")), ("slip", "NumeroFacture")),
        (flow(replace(TITLE, invoice_number="F" * 21)), ("flow", "NumeroFacture")),
        (flow(replace(TITLE, invoice_number="F.2026")), ("flow", "NumeroFacture")),
        (flow(replace(TITLE, proofs=())), ("slip", "Edition")),
        (flow(attachments=(proof(kind="002"),)), ("slip", "Edition")),
        (flow(replace(TITLE, proofs=("ASAP2026T128", "AUTRE"))), ("flow", "PJRef")),
        (flow(replace(TITLE, proofs=("ASAP2026T128", "A-1"))), ("flow", "PJRef")),
        (debtor(siret="21620727400016"), ("slip", "IdTiers")),
        (debtor(siret=""), ("slip", "IdTiers")),
        (debtor(category="01"), ("slip", "CatTiers")),
        (debtor(legal="12"), ("slip", "NatJur")),
        (debtor(name="000"), ("slip", "Nom")),
        (debtor(address=replace(DEBTOR.address, lines=())), ("flow", "Adr2")),
        (debtor(address=replace(DEBTOR.address, postal_code="6262")), ("slip", "CP")),
        (debtor(address=replace(DEBTOR.address, city="nc")), ("flow", "Ville")),
        (reduction(reduces=None), ("slip", "RattachPiece")),
        (reduction(reduces=Reduced(2026, 128, 0)), ("slip", "RattachPiece")),
        (reduction(reduces=Reduced(2025, 128)), ("slip", "ExerRat")),
        (reduction(reduces=Reduced(2026, 10**13)), ("flow", "IdPceOrig")),
        (flow(attachments=(proof(), proof())), ("attachment", "IdUnique")),
        (flow(attachments=(proof(), proof(unique_id="A-1"))), ("attachment", "IdUnique")),
        (flow(attachments=(proof(file_name="avis"),)), ("attachment", "NomPJ")),
        (flow(attachments=(proof(file_name="avis.xhtml"),)), ("attachment", "NomPJ")),
        (flow(attachments=(proof(kind="014"),)), ("attachment", "TypePJ")),
        (flow(attachments=(proof(content=b""),)), ("attachment", "Fichier")),
        (flow(attachments=(proof(media_type=""),)), ("attachment", "Fichier")),
        (flow(attachments=(proof(description="."),)), ("attachment", "Description")),
    ],
)
def test_what_would_be_rejected_is_told(made: Flow, found: tuple[str, str]) -> None:
    assert found in amiss(made)


def test_a_slip_has_titles_of_their_own_and_a_total_above_zero() -> None:
    assert amiss(replace(FLOW, titles=())) == [("flow", "NbrPce"), ("flow", "MtBordHt")]
    assert amiss(replace(flow(), titles=(TITLE, TITLE))) == [("slip", "IdPce")]
    found = amiss(flow(replace(TITLE, net_cents=0)))
    assert found == [("flow", "MtBordHt"), ("slip", "MtHT")]


def test_a_finding_says_where_why_and_what_is_rejected() -> None:
    (found,) = pes_findings(flow(replace(TITLE, invoice_number="")))
    assert found.rejects is Rejects.SLIP
    assert str(found) == (
        "Titre 128 : un avis vers Chorus Pro porte le numéro de la facture (NumeroFacture, rejet du bordereau)"
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"issuer": replace(ISSUER, address=NOWHERE)}, "Emetteur"),
        ({"accountant_address": NOWHERE}, "Tiers 26"),
        ({"accountant": ""}, "Tiers 26"),
        ({"centre": NOWHERE}, "Tiers 25"),
        ({"debtor": replace(DEBTOR, siret="1")}, "IdTiers"),
        ({"debtor": replace(DEBTOR, address=NOWHERE)}, "Debiteur"),
        ({"iban": "FR7630001007941234567890186"}, "IBAN"),
        ({"iban": ""}, "IBAN"),
        ({"bic": "bdfefrpp"}, "BIC"),
        ({"reference": ""}, "RefBdf"),
        ({"signatory_given": ""}, "Signataire"),
        ({"capacity": ""}, "Signataire"),
        ({"talon": ("", "1")}, "TalonOptique2Lignes"),
        ({"talon": ("é", "1")}, "TalonOptique2Lignes"),
        ({"settlement": ""}, "ModalitesReglement"),
        ({"appeal": "mot " * 106}, "ModalitesContestation"),
        ({"subject": ""}, "FactureIndiv"),
        ({"lines": ()}, "LigneFacture"),
        ({"lines": ()}, "MtTotalTTC"),
        ({"lines": (replace(NOTICE.lines[0], net_cents=0),)}, "MtHT"),
        ({"lines": (replace(NOTICE.lines[0], vat_cents=-1),)}, "MtHT"),
        ({"lines": (replace(NOTICE.lines[0], label=" "),)}, "Libelle"),
        ({"lines": (replace(NOTICE.lines[0], until=NOTICE.lines[0].since.replace(year=2025)),)}, "DateDebut"),
    ],
)
def test_what_would_reject_a_notice_is_told(changes: dict[str, Any], found: str) -> None:
    assert found in [one.element for one in notice_findings(replace(NOTICE, **changes))]


@with_schemas
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=120), st.integers(1, 10**14 - 1))
def test_whatever_is_typed_a_flow_with_its_codes_is_valid(name: str, short: str, long: str, cents: int) -> None:
    name, short, long = f"X{name}", f"X{short}", f"X{long}"
    where = PostalAddress((name, short, long, name), "62620", long)
    party = replace(DEBTOR, name=name, address=where)
    title = replace(
        TITLE,
        subject=long,
        debtor=party,
        net_cents=cents,
        vat_cents=None,
        vat_rate=None,
        invoice_number=invoice_number(short)[:20].strip(),
        contract=name,
        engagement=long,
        service_code=name,
    )
    made = replace(FLOW, titles=(title,), budget_name=name, file_name=file_name(long, "xml"))
    notice = replace(NOTICE, issuer=replace(ISSUER, name=name), debtor=party, phone=short, email=short, appeal=long)
    notice = replace(notice, capacity=name, accountant=long, talon=(talon(short), talon(name)), subject=short)
    made = replace(made, attachments=(proof(notice, made, description=short, file_name=file_name(name, "xml")),))
    assert (pes_findings(made), notice_findings(notice)) == ([], [])
    assert (schema_errors(flow_xml(made)), schema_errors(made.attachments[0].content)) == ([], [])


@given(st.text(max_size=300), st.integers(1, 160))
def test_a_text_is_latin_short_and_says_something_or_nothing(text: str, longest: int) -> None:
    said = fit(text, longest)
    assert len(said.encode("iso-8859-1")) <= longest
    assert fit(said, longest) == said
    assert said.isprintable() or "\xad" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Œuvre n° 1 — l’Été", "OEuvre n° 1 - l'Été"),
        ("Ł \u202e5€", "L 5EUR"),
        ("Ǆ Ā", "DZ A"),
        ("000", ""),
        (".", ""),
        ("nc", ""),
        ("a\u0301\tb", "á b"),
        ("日本", ""),
    ],
)
def test_what_latin_lacks_is_spelt_otherwise(text: str, said: str) -> None:
    assert fit(text, 38) == said


def test_names_of_files_and_numbers_lose_what_is_not_taken() -> None:
    assert file_name("Flux d'été/2026", "xml") == "Flux-d-ete-2026.xml"
    assert file_name("../..", "xml") == "flux.xml"
    assert len(file_name("x" * 300, "xml")) == 100
    assert invoice_number("LFN.F.2026 é") == "LFN-F-2026 e"


def test_a_talon_says_the_words_of_its_order_and_no_other() -> None:
    said = {"titre": "128", "centimes": "92160"}
    assert talon_lines("HEL {titre:8}\n{centimes}", said) == ("HEL 00000128", "92160")
    for model in ("{titre}", "{titre}\n{autre}", "{titre:x}\n1", "{titre:31}\n1", "1\n2\n3"):
        with pytest.raises(ValueError, match="talon"):
            talon_lines(model, said)
