"""Pictures that papers and screens show: a stranger's file, drawn again apart, and kept under its hash."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction

from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import read_bounded
from tripartite.bounded.refusals import refused_as
from tripartite.documents.findings import PictureFound
from tripartite.documents.models import Picture

MAX_BYTES = 2_000_000


class PictureRefused(ValueError):  # noqa: N818 - names what was decided
    """A file that cannot be shown; the message, in French, says why."""


def read_picture(content: bytes) -> PictureFound:
    """The picture in a PNG or JPEG file (2 MB at most), drawn again apart: nothing but its points is kept.

    Raises PictureRefused for whatever else these bytes may be, Busy when too many files are being read.
    """
    if not content:
        raise PictureRefused("Le fichier est vide.")
    if len(content) > MAX_BYTES:
        raise PictureRefused(f"Fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    with refused_as(PictureRefused):
        found: PictureFound = read_bounded(
            "tripartite.documents.picture_reading:read_picture", PictureFound, limits=allowance(), content=content
        )
    if found.refusal:
        raise PictureRefused(found.refusal)
    return found


@transaction.atomic(savepoint=False)
def keep_picture(found: PictureFound) -> Picture:
    """Keep what `read_picture` answered, in the transaction of the act that shows it; once, however often it comes."""
    kept, _ = Picture.objects.get_or_create(
        sha256=sha256(found.png).hexdigest(), defaults={"width": found.width, "height": found.height, "png": found.png}
    )
    return kept


def picture_by_hash(digest: str) -> Picture | None:
    return Picture.objects.filter(sha256=digest).first()


def pictures_of(payloads: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The pictures that these papers show, by their hash, in base 64: one query, none where no paper shows any."""
    wanted = {logo["sha256"] for payload in payloads for logo in payload.get("logos", {}).values()}
    if not wanted:
        return {}
    found = Picture.objects.filter(sha256__in=wanted).values_list("sha256", "png")
    return {digest: b64encode(bytes(png)).decode() for digest, png in found}
