"""Logos: a stranger's file, read apart; nothing but its points is kept."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from tests.factories.pictures import logo
from tripartite.documents.picture_reading import read_picture
from tripartite.documents.pictures import MAX_BYTES, PictureRefused
from tripartite.documents.pictures import read_picture as read_apart


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def test_a_png_is_drawn_again_without_what_it_says():
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "quelqu'un")
    found = read_picture(logo(pnginfo=said))
    assert (found.refusal, found.width, found.height) == ("", 240, 90)
    drawn = opened(found.png)
    assert (drawn.format, drawn.mode, drawn.info) == ("PNG", "RGBA", {})
    assert drawn.tobytes() == opened(logo()).tobytes()


def test_a_jpeg_is_turned_as_its_camera_said_and_says_nothing_more():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010F] = "un appareil"
    found = read_picture(logo(kind="JPEG", mode="RGB", exif=exif))
    assert (found.width, found.height) == (90, 240)
    assert dict(opened(found.png).getexif()) == {}


def test_a_large_picture_is_reduced_with_its_proportions():
    found = read_picture(logo(4000, 1000))
    assert (found.width, found.height) == (1200, 300)


def test_what_follows_a_picture_is_left_out():
    found = read_picture(logo() + b"%PDF-1.7 <script>")
    assert found.png == read_picture(logo()).png


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"GIF89a" + bytes(50), "Cette image est abîmée, ou n'est ni un PNG ni un JPEG."),
        (logo(31, 40), "Image trop petite : 32 pixels de côté au moins."),
        (logo(4001, 40), "Image trop grande : 4000 pixels de côté au plus."),
        (logo()[:200], "Cette image est abîmée, ou n'est ni un PNG ni un JPEG."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Cette image est abîmée, ou n'est ni un PNG ni un JPEG."),
    ],
    ids=["gif", "small", "wide", "cut", "svg"],
)
def test_what_is_refused_is_said(content, refusal):
    assert read_picture(content).refusal == refusal


def test_a_picture_that_shows_nothing_is_refused():
    out = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, format="PNG")
    assert read_picture(out.getvalue()).refusal == "Cette image est vide : tout y est transparent."


def huge() -> bytes:
    """A PNG that says 60 000 pixels on a side, and holds a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_one_that_would_fill_the_memory_is_refused_before_a_point_of_it_is_read():
    assert read_picture(huge()).refusal == "Image trop grande : 4000 pixels de côté au plus."


def test_it_is_read_in_a_process_of_its_own():
    assert read_apart(logo()).png == read_picture(logo()).png
    with pytest.raises(PictureRefused, match="abîmée"):
        read_apart(b"\x89PNG\r\n\x1a\n" + bytes(100))


@pytest.mark.parametrize(("content", "words"), [(b"", "vide"), (bytes(MAX_BYTES + 1), "2 Mo au plus")])
def test_its_size_is_looked_at_first(content, words):
    with pytest.raises(PictureRefused, match=words):
        read_apart(content)
