"""Logos to give: drawn, never copied."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def logo(width: int = 240, height: int = 90, *, kind: str = "PNG", mode: str = "RGBA", **saved: Any) -> bytes:
    """A disc and a bar, the ground seen through where the mode has it."""
    picture = Image.new(mode, (width, height), (255, 255, 255, 0)[: len(mode)])
    draw = ImageDraw.Draw(picture)
    ink = (20, 90, 60, 255)[: len(mode)]
    draw.ellipse((2, 2, height - 3, height - 3), fill=ink)
    draw.rectangle((min(height + 4, width - 3), height // 3, width - 3, 2 * height // 3), fill=ink)
    out = BytesIO()
    picture.save(out, format=kind, **saved)
    return out.getvalue()
