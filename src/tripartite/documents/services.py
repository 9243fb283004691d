"""Keeping papers. A stored paper never changes: a correction is another paper."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from tripartite.documents.models import Content, Document
from tripartite.documents.scans import check_scan
from tripartite.rows import add_values, insert_values

WRITTEN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
NOTHING_SAID: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper to keep, as `store_document` says each of its parts."""

    kind: str
    issuer: str
    number: str | None
    title: str
    model: str
    payload: Mapping[str, Any]
    pdf: bytes
    media_type: str = "application/pdf"


@transaction.atomic(savepoint=False)
def store_document(
    *,
    kind: str,
    issuer: str,
    number: str | None,
    title: str,
    model: str,
    payload: Mapping[str, Any],
    pdf: bytes,
    at: datetime,
    media_type: str = "application/pdf",
) -> Document:
    """Keep a paper: its JSON, its bytes and their sha256, in the transaction of the act that issues it.

    `kind` is an English code (`quote`), `issuer` the code of the issuer, `number` as printed (None for a paper
    without one), `media_type` differs for a scan, `model` the dated Typst model that made the bytes, `at` an aware
    instant. The act that issues the paper journals it. Raises IntegrityError when the issuer has used the number; the
    whole act is then undone.
    """
    paper = NewPaper(kind, issuer, number, title, model, payload, pdf, media_type)
    (document,) = store_documents([paper], at=at)
    return document


@transaction.atomic(savepoint=False)
def store_documents(papers: Sequence[NewPaper], *, at: datetime) -> list[Document]:
    """Keep several papers as `store_document` keeps one, in two queries."""
    told = [
        {
            "kind": paper.kind,
            "issuer": paper.issuer,
            "number": paper.number,
            "title": paper.title,
            "model": paper.model,
            "payload": payload_text(paper.payload),
            "sha256": sha256(paper.pdf).hexdigest(),
            "size": len(paper.pdf),
            "media_type": paper.media_type,
            "created_at": at,
        }
        for paper in papers
    ]
    kept = add_values(Document, told)
    of_each = zip(kept, papers, strict=True)
    insert_values(Content, [{"document_id": document.pk, "pdf": paper.pdf} for document, paper in of_each])
    return kept


def store_scan(
    *, content: bytes, title: str, at: datetime, kind: str = "scan", payload: Mapping[str, Any] = NOTHING_SAID
) -> Document:
    """Keep a scan that proves an act (PDF, PNG or JPEG), in the transaction of that act; `kind` and `payload` say what
    it is, as for `store_document`. Raises ScanRefused when it is not one.
    """
    return store_document(
        kind=kind,
        issuer="",
        number=None,
        title=title[:300],
        model="",
        payload=payload,
        pdf=content,
        media_type=check_scan(content),
        at=at,
    )


def payload_text(payload: Mapping[str, Any]) -> str:
    """The JSON of a paper as it is stored: keys in their order, text as it was typed."""
    return WRITTEN.encode(payload)
