"""Flows for tests: LFN collects an invoice from Ruitz, by a notice that goes to Chorus Pro."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.billing.papers import LFN, RUITZ
from tests.factories.billing import number_of
from tripartite.billing.pes.asap import Notice, NoticeLine, notice_xml
from tripartite.billing.pes.flow import Attachment, Flow, Party, Reduced, Title
from tripartite.billing.pes.writing import envelope, header
from tripartite.billing.printout.parts import PostalAddress

DAY = date(2026, 11, 27)
DEBTOR = Party("Commune de Ruitz", number_of("216207274"), "23", "09", RUITZ.address)
ISSUER = Party("La Fibre Numérique 59-62", number_of("200039386"), "24", "09", LFN.address)
TITLE = Title(
    number=128,
    kind="01",
    nature="01",
    subject="Facture LFN-F-2026-00001",
    product="NUM1",
    account="7067",
    function="020",
    net_cents=76800,
    vat_cents=15360,
    vat_rate=2000,
    debtor=DEBTOR,
    edition="02",
    invoice_number="LFN-F-2026-00001",
    contract="CONV-2026-0012",
    engagement="ENG-2026-17",
    service_code="SERVICE-1",
    proofs=("ASAP2026T128",),
)
FLOW = Flow(
    file_name="PES-lfn-2026-01-14.xml",
    file_type="PESALR1",
    software="Tripartite",
    software_version="Tripartite 0.2.0",
    made_on=DAY,
    post="062035",
    siret=ISSUER.siret,
    collectivity="123",
    budget="00",
    budget_name="Budget principal",
    fiscal_year=2026,
    number=14,
    kind="01",
    issued_on=DAY,
    titles=(TITLE,),
    year_cents=92160,
)
NOTICE = Notice(
    issuer=ISSUER,
    reference="123456",
    phone="03 20 00 00 00",
    email="contact@example.fr",
    signatory="NOM",
    signatory_given="Prénom",
    capacity="président",
    accountant="SGC de Lille",
    accountant_address=PostalAddress(("1 rue du Trésor",), "59000", "Lille"),
    iban="FR7630001007941234567890185",
    bic="BDFEFRPPCCT",
    centre=PostalAddress(("TSA 12345",), "59885", "Lille Cedex 9"),
    debtor=DEBTOR,
    invoice_number="LFN-F-2026-00001",
    issued_on=DAY,
    fiscal_year=2026,
    slip=14,
    title=128,
    subject="Facture LFN-F-2026-00001",
    lines=(NoticeLine("Messagerie collaborative", date(2026, 4, 1), date(2027, 3, 31), 76800, 15360, 2000),),
    talon=("123456 2026 14 128", "92160"),
    settlement="Démarche non prévue par la collectivité",
    appeal="Dans les deux mois de sa notification, ce titre peut être contesté devant le tribunal administratif.",
)


def proof(notice: Notice = NOTICE, flow: Flow = FLOW, **changes: Any) -> Attachment:
    """The notice as an attachment of its flow."""
    content = notice_xml(notice, header=header(flow), envelope=envelope(flow))
    held = Attachment("ASAP2026T128", "ASAP-2026-128.xml", "Avis des sommes à payer", "application/xml", "006", content)
    return replace(held, **changes)


def flow(title: Title = TITLE, **changes: Any) -> Flow:
    """A flow of one title, with its notice."""
    return replace(FLOW, titles=(title,), **({"attachments": (proof(),)} | changes))


def reduction(**changes: Any) -> Flow:
    """A flow that reduces that title."""
    said = replace(
        TITLE,
        number=129,
        kind="02",
        nature="06",
        edition="",
        invoice_number="",
        proofs=(),
        reduces=Reduced(2026, 128),
    )
    return replace(FLOW, kind="02", number=15, titles=(replace(said, **changes),))
