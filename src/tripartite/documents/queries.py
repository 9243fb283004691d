"""Reading kept papers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Count

from tripartite.documents.models import Content, Counter, Document


class AlteredDocument(Exception):  # noqa: N818 - names what was found
    """The bytes kept for a paper are not those whose hash was kept with it."""


def document_by_id(document_id: int) -> Document | None:
    return Document.objects.filter(pk=document_id).first()


def document_by_number(*, issuer: str, kind: str, number: str) -> Document | None:
    """The paper of a kind that bears a number of an issuer."""
    return Document.objects.filter(issuer=issuer, kind=kind, number=number).first()


def names_of(document_ids: Iterable[int]) -> dict[int, str]:
    """By what each of these papers is named, its number, else its title: one query, which reads no more of them."""
    rows = Document.objects.filter(pk__in=list(document_ids)).order_by().values_list("pk", "number", "title")
    return {key: number or title for key, number, title in rows}


def kept_with(digest: str) -> list[Document]:
    """The papers whose bytes have this hash (small hexadecimal letters), of which only the kind and the instant are
    read: tells whether a file in hand is kept here, and whether it was made here.
    """
    return list(Document.objects.filter(sha256=digest).only("kind", "created_at"))


def pdf_of(document_id: int) -> bytes:
    """The bytes of a paper, checked against its hash.

    Raises Document.DoesNotExist, or AlteredDocument when the bytes were changed behind the application's back.
    """
    content = Content.objects.select_related("document").filter(pk=document_id).first()
    if content is None:
        raise Document.DoesNotExist
    pdf = bytes(content.pdf)
    if sha256(pdf).hexdigest() != content.document.sha256:
        raise AlteredDocument(f"document {document_id}")
    return pdf


def trace_of(document_id: int) -> Document | None:
    """The record kept apart from a paper of evidence: from where and with what. None for any other paper."""
    paper = Document.objects.filter(pk=document_id, kind="evidence").first()
    key = payload_of(paper).get("trace") if paper else None
    return Document.objects.filter(pk=key, kind="trace").first() if key else None


def payload_of(document: Document) -> dict[str, Any]:
    """What the paper says, as values."""
    payload: dict[str, Any] = json.loads(document.payload)
    return payload


@dataclass(frozen=True, slots=True)
class PapersKept:
    """All the papers at once, to tell one database from another: how many, the last one that has a number, and one
    hash over the key and the hash of each. `altered` are those whose bytes are no longer those of their hash.
    """

    number: int
    digest: str
    last_title: str
    last_number: str
    last_sha256: str
    altered: tuple[int, ...]


def papers_kept() -> PapersKept:
    """All that is kept; the bytes of every paper are read and hashed. Three queries."""
    whole, altered = sha256(), []
    expected = dict(Document.objects.order_by("pk").values_list("pk", "sha256"))
    for pk, digest in expected.items():
        whole.update(f"{pk} {digest}\n".encode())
    found = set()
    for pk, pdf in Content.objects.order_by("pk").values_list("pk", "pdf").iterator(chunk_size=20):
        found.add(pk)
        if sha256(bytes(pdf)).hexdigest() != expected.get(pk):
            altered.append(pk)
    last = Document.objects.filter(number__isnull=False).order_by("created_at", "pk").last()
    return PapersKept(
        number=len(expected),
        digest=whole.hexdigest(),
        last_title=last.title if last else "",
        last_number=last.number or "" if last else "",
        last_sha256=last.sha256 if last else "",
        altered=tuple(sorted({*altered, *(expected.keys() - found)})),
    )


def last_numbers() -> list[tuple[str, str, int, int]]:
    """The last number taken in each series: issuer, series, year, number. One query."""
    rows = Counter.objects.order_by("issuer", "series", "year")
    return list(rows.values_list("issuer", "series", "year", "last"))


def papers_by_kind() -> dict[str, int]:
    """How many papers of each kind are kept: one query, which reads no bytes."""
    return dict(Document.objects.order_by("kind").values_list("kind").annotate(number=Count("pk")))
