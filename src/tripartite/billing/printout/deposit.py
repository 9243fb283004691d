"""What is deposited on Chorus Pro in one go: archives of invoices, each within what it takes.

Only Factur-X and XML are taken so; a PDF alone is deposited by itself (AIFE, « Déposer une facture, unitaire ou par
lot »). The limits are those that programs which deposit there keep to: the portal says when one of them changes.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date

MOST_INVOICES = 500
LARGEST_ARCHIVE = 120_000_000
LARGEST_FILE = 10_000_000
"""In octets; an archive is counted by the files that it holds."""
LONGEST_NAME = 50
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


class TooLargeError(ValueError):
    """A file that Chorus Pro would not take by itself."""


def chorus_archives(files: Iterable[tuple[str, bytes]], *, on: date) -> Iterator[bytes]:
    """ZIP archives of (file name, content), in their order, each as full as the limits allow: the same bytes each time.

    A name loses what Chorus Pro does not take in one; it is to stay the only one so in its archive. `on` dates the
    files. Raises TooLargeError for a file that is too large, ValueError for two files of one name.
    """
    held: dict[str, bytes] = {}
    size = 0
    for name, content in files:
        if len(content) > LARGEST_FILE:
            raise TooLargeError(name)
        if len(held) == MOST_INVOICES or size + len(content) > LARGEST_ARCHIVE:
            yield _archive(held, on)
            held, size = {}, 0
        plain = file_name(name)
        if plain in held:
            raise ValueError(f"two files of one name: {plain}")
        held[plain] = content
        size += len(content)
    if held:
        yield _archive(held, on)


def file_name(name: str) -> str:
    """A name that Chorus Pro takes: letters, digits, dots, hyphens; fifty characters at most, its extension kept."""
    stem, dot, extension = NOT_IN_NAMES.sub("-", name).rpartition(".")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}{dot}{extension}"


def _archive(files: dict[str, bytes], on: date) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
