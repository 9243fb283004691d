"""What several rooms answer alike: no such page, or a paper shown in the browser."""

from typing import TypeVar

from django.http import Http404, HttpResponse

Found = TypeVar("Found")


def or_404(found: Found | None) -> Found:
    """What was found; page 404 when nothing was."""
    if found is None:
        raise Http404
    return found


def text_answer(content: bytes) -> HttpResponse:
    """A plain text kept here, in the browser."""
    return HttpResponse(
        content, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"}
    )


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A paper in the browser, saved under `name` when it is."""
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)
