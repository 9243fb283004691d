"""Files that agents deposit."""

from django.core.files.uploadedfile import UploadedFile

from tripartite.documents.scans import MAX_BYTES, ScanRefused


def read_upload(upload: "UploadedFile[bytes]") -> bytes:
    """The bytes of an upload. Raises ScanRefused when it is too big."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise ScanRefused(f"Fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    content = upload.read()
    return content if isinstance(content, bytes) else content.encode()
