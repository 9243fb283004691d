"""The invoice as data, in the syntax CII (UN/CEFACT D22B as Factur-X 1.09 restricts it), at one of three profiles.

Elements stand in the order that the schema asks for; the numbers are the business terms of EN 16931-1.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tripartite.billing.printout.business_terms import (
    CREDIT_TRANSFER,
    CURRENCY,
    GUIDELINE,
    ONE,
    OUT_OF_SCOPE_CODE,
    SIREN_SCHEME,
    SIRET_SCHEME,
    PartyTerms,
    buyer_terms,
    descriptions,
    notes,
    period,
    seller_terms,
)
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import InvoiceLine, VatCategory
from tripartite.billing.printout.totals import InvoiceTotals, unit_price
from tripartite.billing.printout.xml_tree import (
    Element,
    amount,
    compact_day,
    decimal_text,
    element,
    percent,
    xml_bytes,
)
from tripartite.billing.states import Profile

NAMESPACES: dict[str | None, str] = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
GUIDELINES = {
    Profile.MINIMUM: "urn:factur-x.eu:1p0:minimum",
    Profile.BASIC_WL: "urn:factur-x.eu:1p0:basicwl",
    Profile.EN16931: GUIDELINE,
}


def invoice_xml(paper: InvoicePaper, profile: Profile = Profile.EN16931) -> bytes:
    """The data of a numbered paper. The caller has seen that nothing lacks (`lacking.what_lacks`)."""
    totals = paper.totals.settled_in_vat() if profile is Profile.BASIC_WL else paper.totals
    root = element(
        "rsm:CrossIndustryInvoice",
        element(
            "rsm:ExchangedDocumentContext",
            element("ram:BusinessProcessSpecifiedDocumentContextParameter", element("ram:ID", paper.framework)),
            element("ram:GuidelineSpecifiedDocumentContextParameter", element("ram:ID", GUIDELINES[profile])),
        ),
        _document(paper, profile),
        element(
            "rsm:SupplyChainTradeTransaction",
            _lines(paper, totals) if profile is Profile.EN16931 else [],
            _agreement(paper, profile),
            element("ram:ApplicableHeaderTradeDelivery", kept=True),
            _settlement(paper, totals, profile),
        ),
    )
    return xml_bytes(root, NAMESPACES)


def _document(paper: InvoicePaper, profile: Profile) -> Element:
    noted = [] if profile is Profile.MINIMUM else notes(paper)
    return element(
        "rsm:ExchangedDocument",
        element("ram:ID", paper.number or ""),  # BT-1
        element("ram:TypeCode", paper.kind.type_code),  # BT-3
        element("ram:IssueDateTime", _day(paper.issued_on)),  # BT-2
        [
            element("ram:IncludedNote", element("ram:Content", text), element("ram:SubjectCode", code))
            for text, code in noted
        ],
    )


def _day(day: date) -> Element:
    return element("udt:DateTimeString", compact_day(day), format="102")


def _period(since: date, until: date) -> Element:
    return element(
        "ram:BillingSpecifiedPeriod",
        element("ram:StartDateTime", _day(since)),
        element("ram:EndDateTime", _day(until)),
    )


def _lines(paper: InvoicePaper, totals: InvoiceTotals) -> Iterator[Element]:
    described = zip(paper.lines, totals.lines, descriptions(paper), strict=True)
    for place, (line, split, description) in enumerate(described, start=1):
        yield _line(paper, line, place, split.net, description)


def _line(paper: InvoicePaper, line: InvoiceLine, place: int, net: int, description: str) -> Element:
    """BG-25."""
    priced = unit_price(net, Fraction(line.quantity))
    base = [] if priced.base == 1 else [element("ram:BasisQuantity", decimal_text(priced.base), unitCode=ONE)]
    return element(
        "ram:IncludedSupplyChainTradeLineItem",
        element("ram:AssociatedDocumentLineDocument", element("ram:LineID", str(place))),
        element(
            "ram:SpecifiedTradeProduct",
            element("ram:SellerAssignedID", line.service),  # BT-155
            element("ram:Name", line.name),  # BT-153
            element("ram:Description", description),  # BT-154
        ),
        element(
            "ram:SpecifiedLineTradeAgreement",
            element(
                "ram:NetPriceProductTradePrice",
                element("ram:ChargeAmount", decimal_text(priced.price)),  # BT-146
                base,  # BT-149
            ),
        ),
        element(
            "ram:SpecifiedLineTradeDelivery",
            element("ram:BilledQuantity", decimal_text(priced.quantity), unitCode=ONE),  # BT-129
        ),
        element(
            "ram:SpecifiedLineTradeSettlement",
            element(
                "ram:ApplicableTradeTax",
                element("ram:TypeCode", "VAT"),
                element("ram:CategoryCode", paper.vat.category.value),  # BT-151
                _rate(paper),  # BT-152
            ),
            _period(line.since, line.until),  # BG-26
            element(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                element("ram:LineTotalAmount", amount(net)),  # BT-131
            ),
        ),
    )


def _rate(paper: InvoicePaper) -> list[Element]:
    """The rate; none outside the scope (BR-O-05), zero where exempt (BR-E-05)."""
    if paper.vat.category is VatCategory.OUT_OF_SCOPE:
        return []
    return [element("ram:RateApplicablePercent", percent(paper.vat.rate or 0))]


def _agreement(paper: InvoicePaper, profile: Profile) -> Element:
    asked = paper.references
    contract = [_reference("ram:ContractReferencedDocument", asked.contract)]
    return element(
        "ram:ApplicableHeaderTradeAgreement",
        element("ram:BuyerReference", asked.service_code),  # BT-10
        _party("ram:SellerTradeParty", seller_terms(paper), profile, seller=True),
        _party("ram:BuyerTradeParty", buyer_terms(paper), profile, seller=False),
        _reference("ram:BuyerOrderReferencedDocument", asked.engagement),  # BT-13
        [] if profile is Profile.MINIMUM else contract,  # BT-12
    )


def _reference(name: str, number: str) -> Element:
    return element(name, element("ram:IssuerAssignedID", number))


def _party(name: str, party: PartyTerms, profile: Profile, *, seller: bool) -> Element:
    minimum, full = profile is Profile.MINIMUM, profile is Profile.EN16931
    endpoint, scheme = party.endpoint
    legal = element("ram:ID", party.siren, schemeID=SIREN_SCHEME)
    trading = [] if minimum else [element("ram:TradingBusinessName", party.trading_name)]
    identified = [] if minimum else [element("ram:GlobalID", party.siret, schemeID=SIRET_SCHEME)]
    reached = element("ram:URIUniversalCommunication", element("ram:URIID", endpoint, schemeID=scheme))
    address = _address(party, country_only=minimum)
    return element(
        name,
        identified,
        element("ram:Name", party.name),
        element("ram:SpecifiedLegalOrganization", legal, trading),
        [_contact(party)] if full else [],
        [address] if seller or not minimum else [],
        [] if minimum else [reached],
        element("ram:SpecifiedTaxRegistration", element("ram:ID", party.vat_number, schemeID="VA")),
    )


def _contact(party: PartyTerms) -> Element:
    """BG-6: by telephone, by e-mail."""
    return element(
        "ram:DefinedTradeContact",
        element("ram:TelephoneUniversalCommunication", element("ram:CompleteNumber", party.phone)),
        element("ram:EmailURIUniversalCommunication", element("ram:URIID", party.email)),
    )


def _address(party: PartyTerms, *, country_only: bool) -> Element:
    place = party.address
    country = element("ram:CountryID", place.country)
    if country_only:
        return element("ram:PostalTradeAddress", country)
    lines = zip(("ram:LineOne", "ram:LineTwo", "ram:LineThree"), place.three_lines, strict=False)
    return element(
        "ram:PostalTradeAddress",
        element("ram:PostcodeCode", place.postal_code),
        [element(name, line) for name, line in lines],
        element("ram:CityName", place.city),
        country,
    )


def _settlement(paper: InvoicePaper, totals: InvoiceTotals, profile: Profile) -> Element:
    if profile is Profile.MINIMUM:
        return element("ram:ApplicableHeaderTradeSettlement", _currency(), _summation(totals, profile))
    return element(
        "ram:ApplicableHeaderTradeSettlement",
        element("ram:PaymentReference", paper.payment.reference or paper.number or ""),  # BT-83
        _currency(),
        _means(paper, profile),
        _tax(paper, totals),
        _period(*period(paper)),  # BG-14
        element("ram:SpecifiedTradePaymentTerms", element("ram:DueDateDateTime", _day(paper.due_on))),  # BT-9
        _summation(totals, profile),
        [
            element(
                "ram:InvoiceReferencedDocument",
                element("ram:IssuerAssignedID", before.number),  # BT-25
                element(
                    "ram:FormattedIssueDateTime",
                    element("qdt:DateTimeString", compact_day(before.issued_on), format="102"),  # BT-26
                ),
            )
            for before in paper.preceding
        ],
    )


def _currency() -> Element:
    return element("ram:InvoiceCurrencyCode", CURRENCY)


def _means(paper: InvoicePaper, profile: Profile) -> list[Element]:
    """BG-16, where an account is known."""
    account, full = paper.payment, profile is Profile.EN16931
    if not account.iban:
        return []
    return [
        element(
            "ram:SpecifiedTradeSettlementPaymentMeans",
            element("ram:TypeCode", CREDIT_TRANSFER),  # BT-81
            element(
                "ram:PayeePartyCreditorFinancialAccount",
                element("ram:IBANID", account.iban),  # BT-84
                [element("ram:AccountName", account.holder)] if full else [],  # BT-85
            ),
            [element("ram:PayeeSpecifiedCreditorFinancialInstitution", element("ram:BICID", account.bic))]
            if full
            else [],  # BT-86
        )
    ]


def _tax(paper: InvoicePaper, totals: InvoiceTotals) -> Element:
    """BG-23: one, as an issuer's lines bear one rate."""
    category = paper.vat.category
    return element(
        "ram:ApplicableTradeTax",
        element("ram:CalculatedAmount", amount(totals.vat)),  # BT-117
        element("ram:TypeCode", "VAT"),
        element("ram:ExemptionReason", paper.vat.reason),  # BT-120
        element("ram:BasisAmount", amount(totals.net)),  # BT-116
        element("ram:CategoryCode", category.value),  # BT-118
        element("ram:ExemptionReasonCode", OUT_OF_SCOPE_CODE if category is VatCategory.OUT_OF_SCOPE else ""),  # BT-121
        _rate(paper),  # BT-119
    )


def _summation(totals: InvoiceTotals, profile: Profile) -> Element:
    """BG-22."""
    minimum, rounded = profile is Profile.MINIMUM, profile is Profile.EN16931 and totals.rounding
    return element(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        [] if minimum else [element("ram:LineTotalAmount", amount(totals.net))],  # BT-106
        element("ram:TaxBasisTotalAmount", amount(totals.net)),  # BT-109
        element("ram:TaxTotalAmount", amount(totals.vat), currencyID=CURRENCY),  # BT-110
        [element("ram:RoundingAmount", amount(totals.rounding))] if rounded else [],  # BT-114
        element("ram:GrandTotalAmount", amount(totals.gross)),  # BT-112
        element("ram:DuePayableAmount", amount(totals.due)),  # BT-115
    )
