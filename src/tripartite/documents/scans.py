"""Scans that people deposit: told by their first bytes, never by their name."""

MAX_BYTES = 15_000_000
BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class ScanRefused(ValueError):  # noqa: N818 - names what was decided
    """A file that cannot be kept; the message, in French, says why."""


def check_scan(content: bytes) -> str:
    """The media type of a scan. Raises ScanRefused when it is empty, too big or none of PDF, PNG, JPEG."""
    if not content:
        raise ScanRefused("Le fichier est vide.")
    if len(content) > MAX_BYTES:
        raise ScanRefused(f"Fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    for beginning, media_type in BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    raise ScanRefused("Ce fichier n'est ni un PDF, ni une image JPEG ou PNG.")
