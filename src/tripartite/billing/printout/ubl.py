"""The invoice as data, in the syntax UBL 2.1: an Invoice or a CreditNote, with the terms that CII says (`cii`).

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
from tripartite.billing.printout.parts import InvoiceLine, PaperKind, Preceding, VatCategory
from tripartite.billing.printout.totals import InvoiceTotals, unit_price
from tripartite.billing.printout.xml_tree import Element, amount, decimal_text, element, percent, xml_bytes

NAMES = "urn:oasis:names:specification:ubl:schema:xsd:"


def invoice_ubl(paper: InvoicePaper) -> bytes:
    """The data of a numbered paper. The caller has seen that nothing lacks (`lacking.what_lacks`)."""
    credit = paper.kind is PaperKind.CREDIT_NOTE
    document = "CreditNote" if credit else "Invoice"
    asked, totals = paper.references, paper.totals
    due = element("cbc:DueDate", paper.due_on.isoformat())  # BT-9
    root = element(
        document,
        element("cbc:CustomizationID", GUIDELINE),  # BT-24
        element("cbc:ProfileID", paper.framework),  # BT-23
        element("cbc:ID", paper.number or ""),  # BT-1
        element("cbc:IssueDate", paper.issued_on.isoformat()),  # BT-2
        [] if credit else [due],
        element(f"cbc:{document}TypeCode", paper.kind.type_code),  # BT-3
        [element("cbc:Note", f"#{code}#{text}" if code else text) for text, code in notes(paper)],
        element("cbc:DocumentCurrencyCode", CURRENCY),  # BT-5
        element("cbc:BuyerReference", asked.service_code),  # BT-10
        _period(*period(paper)),  # BG-14
        element("cac:OrderReference", element("cbc:ID", asked.engagement)),  # BT-13
        [_preceding(before) for before in paper.preceding],  # BG-3
        element("cac:ContractDocumentReference", element("cbc:ID", asked.contract)),  # BT-12
        element("cac:AccountingSupplierParty", _party(seller_terms(paper))),
        element("cac:AccountingCustomerParty", _party(buyer_terms(paper))),
        _means(paper, dated=credit),
        _tax(paper, totals),
        _summation(totals),
        _lines(paper, totals),
    )
    namespaces: dict[str | None, str] = {
        None: f"{NAMES}{document}-2",
        "cac": f"{NAMES}CommonAggregateComponents-2",
        "cbc": f"{NAMES}CommonBasicComponents-2",
    }
    return xml_bytes(root, namespaces)


def _period(since: date, until: date) -> Element:
    return element(
        "cac:InvoicePeriod",
        element("cbc:StartDate", since.isoformat()),
        element("cbc:EndDate", until.isoformat()),
    )


def _preceding(before: Preceding) -> Element:
    return element(
        "cac:BillingReference",
        element(
            "cac:InvoiceDocumentReference",
            element("cbc:ID", before.number),  # BT-25
            element("cbc:IssueDate", before.issued_on.isoformat()),  # BT-26
        ),
    )


def _party(party: PartyTerms) -> Element:
    endpoint, scheme = party.endpoint
    place = party.address
    street, more, last = (*place.three_lines, "", "", "")[:3]
    return element(
        "cac:Party",
        element("cbc:EndpointID", endpoint, schemeID=scheme),
        element("cac:PartyIdentification", element("cbc:ID", party.siret, schemeID=SIRET_SCHEME)),
        element("cac:PartyName", element("cbc:Name", party.trading_name)),
        element(
            "cac:PostalAddress",
            element("cbc:StreetName", street),
            element("cbc:AdditionalStreetName", more),
            element("cbc:CityName", place.city),
            element("cbc:PostalZone", place.postal_code),
            element("cac:AddressLine", element("cbc:Line", last)),
            element("cac:Country", element("cbc:IdentificationCode", place.country)),
        ),
        [element("cac:PartyTaxScheme", element("cbc:CompanyID", party.vat_number), _scheme())]
        if party.vat_number
        else [],
        element(
            "cac:PartyLegalEntity",
            element("cbc:RegistrationName", party.name),
            element("cbc:CompanyID", party.siren, schemeID=SIREN_SCHEME),
        ),
        element(
            "cac:Contact",
            element("cbc:Telephone", party.phone),
            element("cbc:ElectronicMail", party.email),
        ),
    )


def _scheme() -> Element:
    return element("cac:TaxScheme", element("cbc:ID", "VAT"))


def _means(paper: InvoicePaper, *, dated: bool) -> list[Element]:
    """BG-16, where an account is known; a credit note has no other place for its day (BT-9)."""
    account = paper.payment
    if not account.iban:
        return []
    return [
        element(
            "cac:PaymentMeans",
            element("cbc:PaymentMeansCode", CREDIT_TRANSFER),  # BT-81
            [element("cbc:PaymentDueDate", paper.due_on.isoformat())] if dated else [],
            element("cbc:PaymentID", account.reference or paper.number or ""),  # BT-83
            element(
                "cac:PayeeFinancialAccount",
                element("cbc:ID", account.iban),  # BT-84
                element("cbc:Name", account.holder),  # BT-85
                element("cac:FinancialInstitutionBranch", element("cbc:ID", account.bic)),  # BT-86
            ),
        )
    ]


def _money(name: str, cents: int) -> Element:
    return element(name, amount(cents), currencyID=CURRENCY)


def _tax(paper: InvoicePaper, totals: InvoiceTotals) -> Element:
    """BG-23."""
    category = paper.vat.category
    outside = category is VatCategory.OUT_OF_SCOPE
    return element(
        "cac:TaxTotal",
        _money("cbc:TaxAmount", totals.vat),  # BT-110
        element(
            "cac:TaxSubtotal",
            _money("cbc:TaxableAmount", totals.net),  # BT-116
            _money("cbc:TaxAmount", totals.vat),  # BT-117
            element(
                "cac:TaxCategory",
                element("cbc:ID", category.value),  # BT-118
                _rate(paper),  # BT-119
                element("cbc:TaxExemptionReasonCode", OUT_OF_SCOPE_CODE if outside else ""),  # BT-121
                element("cbc:TaxExemptionReason", paper.vat.reason),  # BT-120
                _scheme(),
            ),
        ),
    )


def _rate(paper: InvoicePaper) -> list[Element]:
    if paper.vat.category is VatCategory.OUT_OF_SCOPE:
        return []
    return [element("cbc:Percent", percent(paper.vat.rate or 0))]


def _summation(totals: InvoiceTotals) -> Element:
    """BG-22."""
    return element(
        "cac:LegalMonetaryTotal",
        _money("cbc:LineExtensionAmount", totals.net),  # BT-106
        _money("cbc:TaxExclusiveAmount", totals.net),  # BT-109
        _money("cbc:TaxInclusiveAmount", totals.gross),  # BT-112
        [_money("cbc:PayableRoundingAmount", totals.rounding)] if totals.rounding else [],  # BT-114
        _money("cbc:PayableAmount", totals.due),  # BT-115
    )


def _lines(paper: InvoicePaper, totals: InvoiceTotals) -> Iterator[Element]:
    described = zip(paper.lines, totals.lines, descriptions(paper), strict=True)
    for place, (line, split, description) in enumerate(described, start=1):
        yield _line(paper, line, place, split.net, description)


def _line(paper: InvoicePaper, line: InvoiceLine, place: int, net: int, description: str) -> Element:
    """BG-25."""
    priced = unit_price(net, Fraction(line.quantity))
    credit = paper.kind is PaperKind.CREDIT_NOTE
    return element(
        "cac:CreditNoteLine" if credit else "cac:InvoiceLine",
        element("cbc:ID", str(place)),
        element(
            "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity",
            decimal_text(priced.quantity),  # BT-129
            unitCode=ONE,
        ),
        _money("cbc:LineExtensionAmount", net),  # BT-131
        _period(line.since, line.until),  # BG-26
        element(
            "cac:Item",
            element("cbc:Description", description),  # BT-154
            element("cbc:Name", line.name),  # BT-153
            element("cac:SellersItemIdentification", element("cbc:ID", line.service)),  # BT-155
            element(
                "cac:ClassifiedTaxCategory",
                element("cbc:ID", paper.vat.category.value),  # BT-151
                _rate(paper),  # BT-152
                _scheme(),
            ),
        ),
        element(
            "cac:Price",
            element("cbc:PriceAmount", decimal_text(priced.price), currencyID=CURRENCY),  # BT-146
            []
            if priced.base == 1
            else [element("cbc:BaseQuantity", decimal_text(priced.base), unitCode=ONE)],  # BT-149
        ),
    )
