"""The papers of a file in one ZIP, with an index (name, sha256, date, signature); the quotes of a version alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from tripartite.accounts.queries import deposits_of
from tripartite.accounts.rights import Action
from tripartite.conventions.queries.conventions import conventions_of_request, papers_of
from tripartite.conventions.queries.signatures import proof_of, proofs_of
from tripartite.documents.queries import document_by_id, pdf_of, trace_of
from tripartite.following.queries.deadlines import letters_of_request
from tripartite.quotes.queries.requests import papers_of_request, quote_by_number, request_by_reference
from tripartite.sheets import Cell, csv_file
from tripartite.web.shell.access import requires
from tripartite.web.shell.answers import or_404, text_answer

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention
    from tripartite.quotes.models import Request

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
INDEX = ("fichier", "papier", "sha256", "date", "signature")


@requires(Action.REQUEST_READ)
def file_zip(request: HttpRequest, reference: str) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    asked = or_404(request_by_reference(reference))
    return HttpResponse(
        file_archive(asked),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="dossier-{reference}.zip"'},
    )


@requires(Action.REQUEST_READ)
def quotes_zip(request: HttpRequest, reference: str, version: int) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """Both quotes of a version in one file."""
    asked = or_404(request_by_reference(reference))
    found = or_404(next((one for one in asked.versions.all() if one.version == version), None))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for quote in found.quotes.all():
            entry = zipfile.ZipInfo(f"{quote.number}.pdf", found.issued_on.timetuple()[:6])
            archive.writestr(entry, pdf_of(quote.document_id))
    return HttpResponse(
        file.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="devis-{reference}-v{version}.zip"'},
    )


@requires(Action.TRACE_READ)
def accord_trace(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    """From where and with what an agreement on a quote was given online."""
    answer = getattr(or_404(quote_by_number(number)), "answer", None)
    return text_answer(pdf_of(or_404(trace_of(answer.proof_id or 0) if answer else None).pk))


def file_archive(asked: Request) -> bytes:
    """The ZIP of a file: each paper once, as it was made, and `index.csv`, which says what was proved of
    each signature. The same bytes for the same papers.
    """
    keys = list(papers_of_request(asked.pk))
    proofs: dict[int, str] = {}
    for convention in reversed(conventions_of_request(asked.pk)):
        keys += papers_of(convention) + proofs_of(convention)
        proofs |= _proofs(convention)
    keys += [one.document for one in deposits_of(asked.pk)]
    keys += [letter.document_id for letter in letters_of_request(asked.pk)]
    index: list[Sequence[Cell]] = []
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, key in enumerate(dict.fromkeys(keys), start=1):
            document = document_by_id(key)
            if document is None:
                continue
            made = timezone.localtime(document.created_at)
            stem = document.number or slugify(document.title)[:60].strip("-")
            name = f"{place:02d}-{stem}.{ENDINGS.get(document.media_type, 'bin')}"
            archive.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), pdf_of(key))
            index.append([name, document.title, document.sha256, document.created_at, proofs.get(key, "")])
        moment = timezone.localtime(asked.created_at).timetuple()[:6]
        archive.writestr(zipfile.ZipInfo("index.csv", moment), csv_file(INDEX, index))
    return target.getvalue()


def _proofs(convention: Convention) -> dict[int, str]:
    """What was proved of each signature, by the paper that carries it."""
    signed = [one for one in convention.signatories.all() if hasattr(one, "signature")]
    return {one.signature.document_id: f"{one} : {proof_of(one.signature).words}" for one in signed}
