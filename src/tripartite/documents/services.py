"""Keeping papers. A stored paper never changes: a correction is another paper."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from tripartite.documents.models import Content, Document
from tripartite.documents.scans import check_scan


@transaction.atomic
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
    instant. The act that issues the paper journals it. Raises IntegrityError when the issuer has used the number.
    """
    document = Document.objects.create(
        kind=kind,
        issuer=issuer,
        number=number,
        title=title,
        model=model,
        payload=payload_text(payload),
        sha256=sha256(pdf).hexdigest(),
        size=len(pdf),
        media_type=media_type,
        created_at=at,
    )
    Content.objects.create(document=document, pdf=pdf)
    return document


def store_scan(*, content: bytes, title: str, at: datetime) -> Document:
    """Keep a scan that proves an act (PDF, PNG or JPEG), in the transaction of that act.

    Raises ScanRefused when it is not one.
    """
    return store_document(
        kind="scan",
        issuer="",
        number=None,
        title=title[:300],
        model="",
        payload={},
        pdf=content,
        media_type=check_scan(content),
        at=at,
    )


def payload_text(payload: Mapping[str, Any]) -> str:
    """The JSON of a paper as it is stored: keys in their order, text as it was typed."""
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
