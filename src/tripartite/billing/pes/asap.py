"""The *avis des sommes à payer* of an order as data (PES_Facture, TypeFact 09): carried in the flow as its attachment.

It has no line below zero: what is given back on an invoice is said with the rest, in one line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tripartite.billing.pes.flow import Party
from tripartite.billing.pes.tree import address_blocks, day, money, rate, text, value
from tripartite.billing.printout.parts import PostalAddress
from tripartite.billing.printout.xml_tree import Element, element, xml_bytes

ALLER = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"
CENTRE = ("CENTRE D'ENCAISSEMENT", "DES FINANCES PUBLIQUES")
"""The name that the third party 25 must bear."""
GENERAL_TERMS = "Sans objet"
PUBLIC = ("20", "07")
"""The state and its bodies: category and legal nature of the accountant and of its centre."""
MOST_LINES = 999


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of a notice, in cents; all above zero but VAT, which may be none."""

    label: str
    since: date
    until: date
    net_cents: int
    vat_cents: int
    vat_rate: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What the notice of an order says. `reference` is RefBdf (of the budget), `talon` the two lines of the optical
    slip, `accountant` the post that collects with its IBAN, `centre` the address of the collection centre.
    """

    issuer: Party
    reference: str
    phone: str
    email: str
    signatory: str
    signatory_given: str
    capacity: str
    accountant: str
    accountant_address: PostalAddress
    iban: str
    bic: str
    centre: PostalAddress
    debtor: Party
    invoice_number: str
    issued_on: date
    fiscal_year: int
    slip: int
    title: int
    subject: str
    lines: tuple[NoticeLine, ...]
    talon: tuple[str, str]
    settlement: str
    appeal: str

    @property
    def net_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        return sum(line.vat_cents for line in self.lines)


def notice_xml(notice: Notice, *, header: Element, envelope: Element) -> bytes:
    """The notice as an XML document of its own; `envelope` and `header` are those of its flow."""
    root = element("aller:PES_Aller", envelope, header, element("PES_Facture", _notice(notice)))
    return xml_bytes(root, {"aller": ALLER}, encoding="ISO-8859-1")


def _notice(notice: Notice) -> Iterator[Element]:
    yield value("IdVer", "2")
    yield value("Annee", f"{notice.fiscal_year:04d}")
    yield value("TypeFact", "09")
    yield day("Date", notice.issued_on)
    yield element("Emetteur", _issuer(notice))
    yield element("Tiers", _centre(notice))
    yield element("Tiers", _accountant(notice))
    yield element("FactureIndiv", _one(notice))
    yield Element("Nomenclatures", kept=True)


def _issuer(notice: Notice) -> Iterator[Element]:
    yield element("InfoTiers", _party(notice.issuer, "20"))
    yield element("Adresse", address_blocks(notice.issuer.address))
    yield element(
        "InfoSuppl",
        text("NumTel", notice.phone, 20),
        text("AdresseMelEmetteur", notice.email if len(notice.email) <= 50 else "", 50),
        value("RefBdf", notice.reference),
    )
    named = (text("Nom", notice.signatory, 38), text("Prenom", notice.signatory_given, 38))
    yield element("Signataire", element("Personne", *named), text("Role", notice.capacity, 50))


def _centre(notice: Notice) -> Iterator[Element]:
    nature = (value("CatTiers", PUBLIC[0]), value("NatJur", PUBLIC[1]))
    named = (text("Nom", CENTRE[0], 38), text("ComplNom", CENTRE[1], 38))
    yield element("InfoTiers", *nature, value("TypTiers", "25"), *named)
    where = notice.centre
    yield element(
        "Adresse",
        value("TypAdr", "1"),
        text("Adr3", ", ".join(where.lines), 38),
        value("CP", where.postal_code),
        text("Ville", where.city, 38),
        value("CodRes", "0"),
    )


def _accountant(notice: Notice) -> Iterator[Element]:
    nature = (value("CatTiers", PUBLIC[0]), value("NatJur", PUBLIC[1]))
    yield element("InfoTiers", *nature, value("TypTiers", "26"), text("Nom", notice.accountant, 38))
    yield element("Adresse", address_blocks(notice.accountant_address))
    holder = text("TitCpte", notice.accountant, 32)
    yield element("CpteBancaire", value("BIC", notice.bic), value("IBAN", notice.iban), holder)


def _one(notice: Notice) -> Iterator[Element]:
    yield day("DateEmission", notice.issued_on)
    yield text("NumeroFacture", notice.invoice_number, 50)
    yield element("Debiteur", element("InfoTiers", _party(notice.debtor, "01")), _where(notice.debtor))
    yield text("Objet", notice.subject, 160)
    for place, line in enumerate(notice.lines, start=1):
        yield element("LigneFacture", _line(line, place))
    yield element(
        "TotalAPayer",
        money("MtTotalHT", notice.net_cents),
        money("MtTotalTVA", notice.vat_cents),
        money("MtTotalTTC", notice.net_cents + notice.vat_cents),
    )
    yield element(
        "RefTitre",
        value("Exercice", f"{notice.fiscal_year:04d}"),
        value("NumBordereau", str(notice.slip)),
        value("NumTitre", str(notice.title)),
        value("NumLigne", "1"),
    )
    yield element("TalonOptique2Lignes", value("Ligne1", notice.talon[0]), value("Ligne2", notice.talon[1]))
    yield text("ModalitesReglement", notice.settlement, 250)
    yield text("ModalitesContestation", notice.appeal, 420)
    yield value("ModeRecouvrement", "1")
    yield text("ConditionsGen", GENERAL_TERMS, 250)


def _where(party: Party) -> Element:
    return element("Adresse", address_blocks(party.address))


def _line(line: NoticeLine, place: int) -> Iterator[Element]:
    if line.since == line.until:
        yield day("Date", line.since)
    else:
        yield day("DateDebut", line.since)
        yield day("DateFin", line.until)
    yield text("Libelle", line.label, 200)
    yield money("MtBase", line.net_cents)
    yield money("MtHT", line.net_cents)
    yield rate("TauxTVA", line.vat_rate)
    yield money("MtTVA", line.vat_cents)
    yield money("MtTTC", line.net_cents + line.vat_cents)
    yield value("Ordre", str(place))


def _party(party: Party, role: str) -> Iterator[Element]:
    yield value("IdTiers", party.siret)
    yield value("CatTiers", party.category)
    yield value("NatJur", party.legal)
    yield value("TypTiers", role)
    yield text("Nom", party.name, 38)
