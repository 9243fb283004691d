"""The forms of an invoice or a credit note that was issued: the files kept of it, and its data made again from them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from tripartite.billing.printout.cii import invoice_xml
from tripartite.billing.printout.parts import PaperKind
from tripartite.billing.printout.reading import read_paper
from tripartite.billing.printout.ubl import invoice_ubl
from tripartite.documents.queries import document_by_number, payload_of, pdf_of


class Form(StrEnum):
    """What a file of an invoice is."""

    FACTURX = "facturx"
    PLAIN = "pdf"
    CII = "cii"
    UBL = "ubl"


FORM_LABELS = {
    Form.FACTURX: "Factur-X (PDF et ses données)",
    Form.PLAIN: "PDF seul",
    Form.CII: "données, CII",
    Form.UBL: "données, UBL",
}


class KeptFile(NamedTuple):
    """A file: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def plain_kind(kind: str) -> str:
    """The kind under which the paper alone is kept, beside the one with its data."""
    return f"{kind}-plain"


def kept_file(*, issuer: str, number: str, form: Form) -> KeptFile | None:
    """A form of the invoice or the credit note that bears a number of an issuer; None where none does.

    Data alone are EN 16931, made of the very paper that was kept, whatever profile was attached to it. Raises
    AlteredDocument when the bytes kept are not those that were.
    """
    for kind in PaperKind:
        document = document_by_number(issuer=issuer, kind=kind.value, number=number)
        if document is not None:
            break
    else:
        return None
    match form:
        case Form.CII:
            return KeptFile(f"{number}-cii.xml", "application/xml", invoice_xml(read_paper(payload_of(document))))
        case Form.UBL:
            return KeptFile(f"{number}-ubl.xml", "application/xml", invoice_ubl(read_paper(payload_of(document))))
        case Form.FACTURX:
            return KeptFile(f"{number}.pdf", "application/pdf", pdf_of(document.pk))
    plain = document_by_number(issuer=issuer, kind=plain_kind(document.kind), number=number)
    return None if plain is None else KeptFile(f"{number}-seul.pdf", "application/pdf", pdf_of(plain.pk))


def quantities_said(payload: Mapping[str, Any]) -> list[str]:
    """How much each line of a paper is of, with its unit, in its words: « 6 comptes »."""
    return [line["quantity_text"] for line in payload["lines"]]
