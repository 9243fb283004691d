"""Factur-X: the data of an invoice attached to its paper, which stays archived and read aloud (PDF/A-3a, PDF/UA-1)."""

import io
from datetime import date
from enum import StrEnum
from xml.sax.saxutils import escape

FILE_NAME = "factur-x.xml"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = (
    ("DocumentFileName", "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "version of the Factur-X data"),
    ("ConformanceLevel", "profile of the Factur-X data"),
)
"""Those of the XMP schema of Factur-X, each with the sentence that PDF/A asks for."""


class Relationship(StrEnum):
    """What the data are to the paper (AFRelationship): as much as it says, or some of it."""

    ALTERNATIVE = "/Alternative"
    DATA = "/Data"


class NotOurPaperError(ValueError):
    """The PDF is not one that `render` made: its metadata are not where they are looked for."""


def attach_invoice(pdf: bytes, xml: bytes, *, profile: str, relationship: Relationship, on: date) -> bytes:
    """The same paper with its data attached, said so in its metadata: the same bytes for the same ones.

    `pdf` is a paper of `render` (PDF/A-2a, which holds no file; PDF/A-3a asks for the same and holds some), `profile`
    the level as Factur-X writes it (« EN 16931 »), `on` the day of the data. Raises NotOurPaperError.
    """
    import pikepdf  # noqa: PLC0415 - slow to import

    with pikepdf.open(io.BytesIO(pdf)) as paper:
        root = paper.Root
        metadata = _metadata(root.Metadata.read_bytes().decode(), profile)
        stream = paper.make_stream(metadata.encode())
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        root.Metadata = stream
        held = paper.make_stream(xml)
        held.Type, held.Subtype = pikepdf.Name.EmbeddedFile, pikepdf.Name("/text/xml")
        held.Params = pikepdf.Dictionary(Size=len(xml), ModDate=f"D:{on:%Y%m%d}000000Z")
        described = paper.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec,
                F=FILE_NAME,
                UF=FILE_NAME,
                Desc="Données de la facture (Factur-X)",
                AFRelationship=pikepdf.Name(relationship.value),
                EF=pikepdf.Dictionary(F=held, UF=held),
            )
        )
        root.AF = pikepdf.Array([described])
        root.Names = pikepdf.Dictionary(
            EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String(FILE_NAME), described]))
        )
        written = io.BytesIO()
        paper.save(written, deterministic_id=True, fix_metadata_version=False)
        return written.getvalue()


def _metadata(xmp: str, profile: str) -> str:
    """The metadata of `render`, with part 3 of PDF/A and what Factur-X adds."""
    described = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, meaning in PROPERTIES
    )
    schema = (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    values = {
        "DocumentFileName": FILE_NAME,
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": profile,
    }
    said = "".join(f"<fx:{name}>{escape(value)}</fx:{name}>" for name, value in values.items())
    for mark, instead in (
        ("<pdfaid:part>2</pdfaid:part>", "<pdfaid:part>3</pdfaid:part>"),
        ("</rdf:Bag></pdfaExtension:schemas>", f"{schema}</rdf:Bag></pdfaExtension:schemas>"),
        ("</rdf:RDF>", f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{said}</rdf:Description></rdf:RDF>'),
    ):
        if xmp.count(mark) != 1:
            raise NotOurPaperError(mark)
        xmp = xmp.replace(mark, instead)
    return xmp
