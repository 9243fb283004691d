"""Files that agents deposit."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from tripartite.documents.scans import MAX_BYTES, ScanRefused, check_scan
from tripartite.documents.services import store_document


def read_upload(upload: "UploadedFile[bytes]") -> bytes:
    """The bytes of an upload. Raises ScanRefused when it is too big."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise ScanRefused(f"Fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    content = upload.read()
    return content if isinstance(content, bytes) else content.encode()


def keep_scan(upload: "UploadedFile[bytes]", *, title: str, at: datetime) -> int:
    """Keep a scan among the papers; its key. Raises ScanRefused when it is not one."""
    content = read_upload(upload)
    media_type = check_scan(content)
    document = store_document(
        kind="scan",
        issuer="",
        number=None,
        title=title[:300],
        model="",
        payload={},
        pdf=content,
        media_type=media_type,
        at=at,
    )
    return document.pk
