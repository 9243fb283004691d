"""A picture that a stranger gives, drawn again from its points alone: called apart, in a process of its own."""

from io import BytesIO

from PIL import Image, ImageOps

from tripartite.documents.findings import PictureFound

FORMATS = ("PNG", "JPEG")
LEAST, MOST = 32, 4000
"""Pixels on a side, as it is given."""
WIDEST, TALLEST = 1200, 600
"""Pixels kept: twice what the largest paper prints."""


def read_picture(content: bytes) -> PictureFound:
    """The picture as a PNG without anything else in it (no metadata, no profile, one frame), or why there is none."""
    Image.MAX_IMAGE_PIXELS = None  # its size is checked here, before any point of it is read
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if max(width, height) > MOST:
                return PictureFound(refusal=f"Image trop grande : {MOST} pixels de côté au plus.")
            if min(width, height) < LEAST:
                return PictureFound(refusal=f"Image trop petite : {LEAST} pixels de côté au moins.")
            turned = ImageOps.exif_transpose(opened)
            drawn = turned.convert("RGBA" if _is_seen_through(turned) else "RGB")
    except Exception:  # noqa: BLE001 - whatever a library finds in a stranger's bytes
        return PictureFound(refusal="Cette image est abîmée, ou n'est ni un PNG ni un JPEG.")
    if drawn.mode == "RGBA" and drawn.getchannel("A").getextrema()[1] == 0:
        return PictureFound(refusal="Cette image est vide : tout y est transparent.")
    drawn.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    bare = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    out = BytesIO()
    bare.save(out, format="PNG", optimize=True)
    return PictureFound(png=out.getvalue(), width=bare.width, height=bare.height)


def _is_seen_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
