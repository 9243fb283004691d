"""The files of an invoice: the paper with its data (Factur-X), and beside it the same paper alone.

Chorus Pro refuses by hand a Factur-X whose data it does not like: the paper alone is then what is deposited.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tripartite.billing.printout.cii import invoice_xml
from tripartite.billing.printout.lacking import check_issued
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.states import PROFILE_LABELS, Profile
from tripartite.documents.facturx import Relationship, attach_invoice
from tripartite.documents.render import render, render_all


class InvoiceFiles(NamedTuple):
    """`facturx` is PDF/A-3a, `plain` PDF/A-2a; both PDF/UA-1, and the same to read."""

    facturx: bytes
    plain: bytes


def invoice_pdf(paper: InvoicePaper, profile: Profile = Profile.EN16931) -> InvoiceFiles:
    """Both files of a numbered paper, the same bytes for the same paper. Raises InvoiceLacksError."""
    (files,) = invoice_pdfs([paper], profile)
    return files


def invoice_pdfs(papers: Sequence[InvoicePaper], profile: Profile = Profile.EN16931) -> list[InvoiceFiles]:
    """The files of several papers, in their order, rendered on all cores.

    Data of EN 16931 say as much as the paper; those of lesser profiles only some of it (AFRelationship).
    Raises InvoiceLacksError, and then renders nothing.
    """
    for paper in papers:
        check_issued(paper)
    relationship = Relationship.ALTERNATIVE if profile is Profile.EN16931 else Relationship.DATA
    plain = render_all([(paper.model, paper.as_payload()) for paper in papers])
    return [
        InvoiceFiles(
            attach_invoice(
                pdf,
                invoice_xml(paper, profile),
                profile=PROFILE_LABELS[profile],
                relationship=relationship,
                on=paper.issued_on,
            ),
            pdf,
        )
        for paper, pdf in zip(papers, plain, strict=True)
    ]


def draft_pdf(paper: InvoicePaper) -> bytes:
    """The paper alone, whatever it lacks; without a number it says that it is worth nothing."""
    return render(paper.model, paper.as_payload())
