"""The XML of a flow (PES_Aller, PES_RecetteAller, PES_PJ), element by element in the schema's order; the same bytes for
the same values.
"""

import base64
import gzip
from collections.abc import Iterator
from dataclasses import replace

from tripartite.billing.pes.asap import ALLER
from tripartite.billing.pes.flow import Attachment, Flow, Party, Title
from tripartite.billing.pes.tree import address_blocks, day, money, rate, text, value
from tripartite.billing.printout.xml_tree import Element, element, xml_bytes


def flow_xml(flow: Flow) -> bytes:
    """The flow, in ISO 8859-1. It is valid against the schema when `rules.pes_findings` finds nothing."""
    root = element("aller:PES_Aller", envelope(flow), header(flow), _revenue(flow), _attachments(flow))
    return xml_bytes(_marked(root, flow, "PES"), {"aller": ALLER}, encoding="ISO-8859-1")


def envelope(flow: Flow) -> Element:
    """Enveloppe: the file and who made it."""
    return element(
        "Enveloppe",
        element(
            "Parametres",
            value("Version", "2"),
            text("TypFic", flow.file_type, 32),
            text("NomFic", flow.file_name, 100),
        ),
        element("Emetteur", text("Sigle", flow.software, 32), text("Adresse", flow.software_version, 38)),
    )


def header(flow: Flow) -> Element:
    """EnTetePES: which budget of which post. FinJur is for hospitals alone."""
    return element(
        "EnTetePES",
        day("DteStr", flow.made_on),
        value("IdPost", flow.post),
        value("IdColl", flow.siret),
        value("CodCol", flow.collectivity),
        value("CodBud", flow.budget),
        text("LibelleColBud", flow.budget_name, 38),
    )


def _marked(node: Element, flow: Flow, head: str) -> Element:
    """The element with the mark that a signature names, in a flow that is to be signed."""
    if not flow.signed_outside:
        return node
    return replace(node, attributes={"Id": f"{head}{flow.fiscal_year}-{flow.kind}-{flow.number}"})


def _revenue(flow: Flow) -> Element:
    slip = element(
        "Bordereau",
        element("BlocBordereau", _slip(flow)),
        (element("Piece", _piece(title)) for title in flow.titles),
    )
    return element(
        "PES_RecetteAller",
        element(
            "EnTeteRecette",
            value("IdVer", "2"),
            value("InfoDematerialisee", "1" if flow.signed_outside else "0"),
        ),
        _marked(slip, flow, "BORD"),
    )


def _slip(flow: Flow) -> Iterator[Element]:
    yield value("Exer", str(flow.fiscal_year))
    yield value("IdBord", str(flow.number))
    yield day("DteBordEm", flow.issued_on)
    yield value("TypBord", flow.kind)
    yield value("NbrPce", str(len(flow.titles)))
    if flow.year_cents > 0:
        yield money("MtCumulAnnuel", flow.year_cents)
    yield money("MtBordHt", flow.net_cents)
    if flow.vat_cents:
        yield money("MtBordTVA", flow.vat_cents)


def _piece(title: Title) -> Iterator[Element]:
    yield element("BlocPiece", _title(title))
    line = element("InfoLignePiece", _line(title))
    tied = title.reduces
    reduced = (
        ()
        if tied is None
        else (
            value("NatPceOrig", "01"),
            value("ExerRat", f"{tied.fiscal_year:04d}"),
            value("IdPceOrig", str(tied.number)),
            value("IdLigneOrig", str(tied.line)),
        )
    )
    yield element(
        "LigneDePiece",
        element("BlocLignePiece", line, element("RattachPiece", *reduced)),
        element(
            "Tiers",
            element("InfoTiers", _debtor(title.debtor)),
            element("Adresse", address_blocks(title.debtor.address)),
        ),
    )


def _title(title: Title) -> Iterator[Element]:
    yield value("IdPce", str(title.number))
    yield value("TypPce", title.kind)
    yield value("NatPce", title.nature)
    yield value("Edition", title.edition)
    yield text("ObjPce", title.subject, 160)
    for proof in title.proofs:
        yield element("PJRef", value("Support", "01"), value("IdUnique", proof))
    yield value("NumeroFacture", title.invoice_number)
    yield text("NumeroMarche", title.contract, 50)
    yield text("NumeroEngagement", title.engagement, 50)
    yield text("CodeService", title.service_code, 100)


def _line(title: Title) -> Iterator[Element]:
    yield value("IdLigne", "1")
    yield text("ObjLignePce", title.subject, 160)
    yield value("CodProdLoc", title.product)
    yield value("Nature", title.account)
    yield value("Fonction", title.function)
    if title.vat_rate is not None:
        yield rate("TxTva", title.vat_rate)
    yield value("Majo", "0")
    yield value("TvaIntraCom", "0")
    yield money("MtHT", title.net_cents)
    if title.vat_cents is not None:
        yield money("MtTVA", title.vat_cents)


def _debtor(party: Party) -> Iterator[Element]:
    yield value("IdTiers", party.siret)
    yield value("NatIdTiers", "01")
    yield value("CatTiers", party.category)
    yield value("NatJur", party.legal)
    yield value("TypTiers", "01")
    yield text("Nom", party.name, 38)


def _attachments(flow: Flow) -> Element:
    if not flow.attachments:
        return Element("PES_PJ")
    held = (element("PJ", _attachment(one)) for one in flow.attachments)
    return element("PES_PJ", element("EnTetePES_PJ", value("IdVer", "1")), held)


def _attachment(one: Attachment) -> Iterator[Element]:
    packed = base64.b64encode(gzip.compress(one.content, mtime=0)).decode("ascii") if one.content else ""
    yield element("Contenu", Element("Fichier", packed, attributes={"MIMEType": one.media_type}, kept=True))
    yield value("IdUnique", one.unique_id)
    yield text("NomPJ", one.file_name, 100)
    yield value("TypePJ", one.kind)
    yield text("Description", one.description, 250)
