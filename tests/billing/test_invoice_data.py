"""The data of invoices, CII and UBL, held to schemas and to the rules of EN 16931, Factur-X and the French reform."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.billing.orders import HT, TTC, invoice_of, orders
from tests.billing.papers import ORDER, RUITZ, credit_note, invoice, line, untaxed
from tests.billing.rules import CTC_CII, CTC_UBL, broken_rules, facturx_findings, ubl_findings
from tripartite.billing.printout.cii import NAMESPACES, invoice_xml
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import InvoiceVat, PostalAddress, Preceding, References, VatCategory
from tripartite.billing.printout.ubl import NAMES, invoice_ubl
from tripartite.billing.printout.xml_tree import clean
from tripartite.billing.states import Profile
from tripartite.pricing.estimate import Estimate

HOSTILE = 'x < y & "z" ]]> <!-- \x00\x08\ufffe \u202e é\u0301 🦊'
MIXED = invoice(
    line(92163, unit_amount=76_802_500),
    line(0, name="Nom de domaine", quantity=1),
    line(-500, quantity=1, explanation="2 boîtes rendues"),
    line(12345, quantity="2.5"),
    line(10_000_001, quantity=3_000_000),
)
PAPERS = {
    "lines of every kind": MIXED,
    "a cent to round": invoice(line(9)),
    "voted HT": invoice(line(50_000, basis="HT"), line(1003, basis="HT", quantity=7)),
    "voted TTC and HT": invoice(line(50_001), line(1003, basis="HT")),
    "nothing due": invoice(line(0)),
    "reduced rate": invoice(line(10_551), vat=InvoiceVat(550)),
    "outside the scope": untaxed(line(45_600)),
    "exempt": invoice(line(45_600), vat=InvoiceVat(None, "Exonération, article 261 du CGI", VatCategory.EXEMPT)),
    "avis des sommes à payer": untaxed(line(45_600), revenue_order=ORDER, mentions=("Une mention.",)),
    "credit note": credit_note(MIXED),
    "credit note outside the scope": credit_note(untaxed(line(45_600))),
    "credit note of two invoices": credit_note(
        invoice(), preceding=(Preceding("F-1", date(2026, 1, 1)), Preceding("F-2", date(2026, 2, 1)))
    ),
    "replacement": invoice(preceding=(Preceding("LFN-F-2025-9", date(2025, 12, 31)),), reason="Adresse erronée."),
    "nothing asked, nothing known": invoice(
        references=References(),
        payment=replace(MIXED.payment, iban="", bic="", holder=""),
        buyer=replace(RUITZ, address=PostalAddress(), recipient=replace(RUITZ.recipient, siret=None)),
    ),
    "hostile text": invoice(line(name=HOSTILE, explanation=HOSTILE), mentions=(HOSTILE,), reason=HOSTILE),
    "four lines of address": invoice(buyer=replace(RUITZ, address=PostalAddress(("a", "b", "c", "d"), "62620", "R"))),
}
EACH = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)


@EACH
@pytest.mark.parametrize("profile", Profile)
def test_facturx_data_break_no_rule_of_their_profile(paper: InvoicePaper, profile: Profile) -> None:
    assert facturx_findings(invoice_xml(paper, profile), profile) == []


@EACH
def test_cii_data_break_no_rule_of_the_french_reform(paper: InvoicePaper) -> None:
    assert broken_rules(invoice_xml(paper), CTC_CII) == []
    assert broken_rules(invoice_xml(paper, Profile.BASIC_WL), CTC_CII) == []


@EACH
def test_ubl_data_break_no_rule(paper: InvoicePaper) -> None:
    xml = invoice_ubl(paper)

    assert ubl_findings(xml) == []
    assert broken_rules(xml, CTC_UBL) == []


def test_the_framework_of_chorus_pro_is_the_one_thing_that_the_french_reform_names_otherwise() -> None:
    paper = invoice(framework="A1")

    assert facturx_findings(invoice_xml(paper), Profile.EN16931) == []
    assert [found.split()[0] for found in broken_rules(invoice_xml(paper), CTC_CII)] == ["BR-FR-08_BT-23"]
    assert [found.split()[0] for found in broken_rules(invoice_ubl(paper), CTC_UBL)] == ["BR-FR-08_BT-23"]


@settings(max_examples=6)
@given(st.sampled_from([TTC, HT]).flatmap(lambda grid: st.tuples(st.just(grid), orders(grid))), st.booleans())
def test_every_order_of_the_grid_makes_data_that_break_no_rule(drawn: tuple, first: bool) -> None:
    grid, estimate = drawn
    assert isinstance(estimate, Estimate)
    for issuer in grid.issuers:
        paper = invoice_of(grid, estimate, issuer)
        if paper.lines:
            assert facturx_findings(invoice_xml(paper), Profile.EN16931) == []
            assert ubl_findings(invoice_ubl(credit_note(paper) if first else paper)) == []


def cii_text(xml: bytes, path: str) -> list[str]:
    prefixes = {str(prefix): uri for prefix, uri in NAMESPACES.items()}
    return [str(found) for found in etree.fromstring(xml).xpath(f"//{path}", namespaces=prefixes)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rsm:ExchangedDocument/ram:ID/text()", ["LFN-F-2026-0001"]),  # BT-1
        ("rsm:ExchangedDocument/ram:TypeCode/text()", ["380"]),  # BT-3
        ("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID/text()", ["S1"]),  # BT-23
        ("ram:BuyerReference/text()", ["SERVICE-1"]),  # BT-10
        ("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID/text()", ["ENG-2026-17"]),  # BT-13
        ("ram:ContractReferencedDocument/ram:IssuerAssignedID/text()", ["CONV-2026-0012"]),  # BT-12
        ("ram:SellerTradeParty/ram:GlobalID[@schemeID='0009']/text()", ["20004852600024"]),  # BT-29
        ("ram:SellerTradeParty//ram:ID[@schemeID='0002']/text()", ["200048526"]),  # BT-30
        ("ram:SellerTradeParty//ram:ID[@schemeID='VA']/text()", ["FR00200048526"]),  # BT-31
        ("ram:BuyerTradeParty/ram:GlobalID[@schemeID='0009']/text()", ["21620727400015"]),  # BT-46
        ("ram:BuyerTradeParty/ram:Name/text()", ["Commune de Ruitz"]),  # BT-44
        ("ram:BuyerTradeParty//ram:URIID[@schemeID='0009']/text()", ["21620727400015"]),  # BT-49
        ("ram:IBANID/text()", ["FR7630001007941234567890185"]),  # BT-84
        ("ram:DueDateDateTime/udt:DateTimeString/text()", ["20261227"]),  # BT-9
        (
            "ram:IncludedSupplyChainTradeLineItem//ram:StartDateTime/udt:DateTimeString/text()",
            ["20260401"] * 5,
        ),  # BT-134
        ("ram:LineTotalAmount/text()", ["768.03", "0.00", "-4.17", "102.88", "83333.34", "84200.08"]),  # BT-131, BT-106
        ("ram:BilledQuantity/text()", ["12", "1", "-1", "2.5", "3000000"]),  # BT-129
        ("ram:ChargeAmount/text()", ["64.0025", "0", "4.17", "41.15", "83333.34"]),  # BT-146
        ("ram:BasisQuantity/text()", ["3000000"]),  # BT-149
        ("ram:DuePayableAmount/text()", ["101040.09"]),  # BT-115
    ],
)
def test_each_term_stands_in_its_own_field(path: str, expected: list[str]) -> None:
    assert cii_text(invoice_xml(MIXED), path) == expected


@pytest.mark.parametrize(
    ("name", "legal", "expected"),
    [
        ("Ruitz", "la commune de Ruitz", "Commune de Ruitz"),
        ("Le Portel", "la commune du Portel", "Commune du Portel"),
        ("Arras", "l'office de tourisme d'Arras", "Office de tourisme d'Arras"),
        ("Le Portel", "", "Le Portel"),
        ("La Lys", "La Lys", "La Lys"),
    ],
)
def test_the_buyer_is_named_as_law_does(name: str, legal: str, expected: str) -> None:
    buyer = replace(RUITZ, recipient=replace(RUITZ.recipient, name=name, legal=legal))

    assert cii_text(invoice_xml(invoice(buyer=buyer)), "ram:BuyerTradeParty/ram:Name/text()") == [expected]


def test_the_cent_to_round_is_said() -> None:
    xml = invoice_xml(PAPERS["a cent to round"])
    summation = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"

    assert cii_text(xml, f"{summation}/*/text()") == ["0.08", "0.08", "0.02", "-0.01", "0.10", "0.09"]
    assert cii_text(xml, f"{summation}/ram:RoundingAmount/text()") == ["-0.01"]  # BT-114


def test_outside_the_scope_there_is_a_reason_and_neither_rate_nor_vat_number() -> None:
    paper = untaxed(line(45_600), seller=replace(untaxed().seller, vat_number="FR00286200027"))
    xml = invoice_xml(paper)

    assert facturx_findings(xml, Profile.EN16931) == []
    assert cii_text(xml, "ram:CategoryCode/text()") == ["O", "O"]  # BT-151, BT-118
    assert cii_text(xml, "ram:ExemptionReason/text()") == ["TVA non applicable, article 256 B du CGI"]  # BT-120
    assert cii_text(xml, "ram:ExemptionReasonCode/text()") == ["VATEX-EU-O"]  # BT-121
    assert cii_text(xml, "ram:RateApplicablePercent") == []
    assert cii_text(xml, "ram:SpecifiedTaxRegistration") == []


def test_a_credit_note_says_which_invoice_it_takes_from() -> None:
    xml, ubl = invoice_xml(credit_note(invoice())), etree.fromstring(invoice_ubl(credit_note(invoice())))
    cbc = f"{{{NAMES}CommonBasicComponents-2}}"

    assert cii_text(xml, "rsm:ExchangedDocument/ram:TypeCode/text()") == ["381"]
    assert cii_text(xml, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID/text()") == ["LFN-F-2026-0001"]  # BT-25
    assert cii_text(xml, "ram:FormattedIssueDateTime/qdt:DateTimeString/text()") == ["20261127"]  # BT-26
    assert cii_text(xml, "ram:DuePayableAmount/text()") == ["921.60"]
    assert ubl.tag == f"{{{NAMES}CreditNote-2}}CreditNote"
    assert [one.text for one in ubl.iter(f"{cbc}CreditNoteTypeCode")] == ["381"]


def test_hostile_text_is_text() -> None:
    said = 'x < y & "z" ]]> <!-- \u202e \u00e9\u0301 🦊'

    assert cii_text(invoice_xml(PAPERS["hostile text"]), "ram:SpecifiedTradeProduct/ram:Name/text()") == [said]


@pytest.mark.parametrize("forbidden", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_carry_is_a_space(forbidden: str) -> None:
    assert clean(f"a{forbidden}b ") == "a b"


def test_the_same_paper_makes_the_same_data() -> None:
    assert invoice_xml(MIXED) == invoice_xml(replace(MIXED))
    assert invoice_ubl(MIXED) == invoice_ubl(replace(MIXED))
