"""Files as other tools write them, byte by byte: signed by poppler (and so by Okular), with objects freed."""

import asyncio
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import pikepdf

from tests.documents.authorities import AT, Holder

FIGURES = b"0000000000 0000000000 0000000000"
ROOM = 6000
"""Hexadecimal digits kept for the signature."""


def signed_like_poppler(pdf: bytes, holder: Holder, *, name: str = "Okular", at: datetime = AT) -> bytes:
    """The file signed as poppler does: a plain table of references at its end, new objects that start at generation 1,
    an annotation and a font of its own, and an envelope whose lengths are told by their ends.
    """
    with pikepdf.open(BytesIO(pdf)) as opened:
        size, root, info = int(opened.trailer.Size), opened.Root, opened.trailer.Info
        page = opened.pages[0].obj
        form, widget, font, look, again, signature = range(size, size + 6)
        listed = b" ".join(b"%d 0 R" % number for number in [*_fields(root), widget])
        written: dict[tuple[int, int], bytes] = {}
        written[form, 0] = b"<</Fields [%s] /SigFlags 3 /DR <</Font <</popplerfont %d 0 R >> >> >>" % (listed, font)
        annotations = b" ".join([*(one.unparse() for one in page.get("/Annots", [])), b"%d 0 R" % widget])
        written[page.objgen] = with_entry(page, b"/Annots", b"[%s]" % annotations)
        written[root.objgen] = with_entry(root, b"/AcroForm", b"%d 0 R" % form)
        written[font, 0] = b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        for number in (look, again):
            written[number, 1] = b"<</Length 0 /Subtype /Form /BBox [0 0 0 0 ] >>\nstream\n\nendstream"
        written[widget, 0] = (
            b"<</Type /Annot /Subtype /Widget /FT /Sig /T (%s) /Rect [0 0 0 0 ] /F 148 /P %d 0 R /V %d 0 R >>"
            % (name.encode(), page.objgen[0], signature)
        )
        written[signature, 0] = (
            b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:%s) /ByteRange [0 %s ]"
            b" /Contents <%s> >>" % (f"{at:%Y%m%d%H%M%SZ}".encode(), FIGURES, b"0" * ROOM)
        )
        trailer = b"/Root %d 0 R /Info %d 0 R /Size %d" % (root.objgen[0], info.objgen[0], size + 6)
    return _sealed(appended(pdf, written, trailer), holder)


def appended(
    pdf: bytes, written: dict[tuple[int, int], bytes], trailer: bytes, freed: dict[int, int] | None = None
) -> bytes:
    """The file with objects written (by number and generation) and freed (the next generation of each) at its end."""
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    body, lines = pdf + b"\n", dict[int, bytes]()
    for (number, generation), content in written.items():
        lines[number] = b"%010d %05d n\r\n" % (len(body), generation)
        body += b"%d %d obj\r\n%s\r\nendobj\r\n" % (number, generation, content)
    lines |= {number: b"%010d %05d f\r\n" % (0, following) for number, following in (freed or {}).items()}
    table = b"".join(b"%d 1\r\n%s" % (number, lines[number]) for number in sorted(lines))
    end = b"trailer\r\n<<%s /Prev %d >>\r\nstartxref\r\n%d\r\n%%%%EOF\r\n" % (trailer, start, len(body))
    return body + b"xref\r\n" + table + end


def trailer_of(pdf: bytes, *, more: int = 0) -> bytes:
    """What the end of an update says of the file, with so many objects more."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root, info, size = opened.Root.objgen[0], opened.trailer.Info.objgen[0], int(opened.trailer.Size)
    return b"/Root %d 0 R /Info %d 0 R /Size %d" % (root, info, size + more)


def indefinite(encoded: bytes, levels: int) -> bytes:
    """An element whose length, and those of its last part down to so many levels, are told by their ends."""
    if not levels:
        return encoded
    long = encoded[1] - 0x80 if encoded[1] > 0x80 else 0
    inside = encoded[2 + long :]
    parts = _parts(inside)
    return encoded[:1] + b"\x80" + b"".join([*parts[:-1], indefinite(parts[-1], levels - 1)]) + b"\0\0"


def _parts(inside: bytes) -> list[bytes]:
    found = []
    while inside:
        long = inside[1] - 0x80 if inside[1] > 0x80 else 0
        length = 2 + long + (int.from_bytes(inside[2 : 2 + long], "big") if long else inside[1])
        found.append(inside[:length])
        inside = inside[length:]
    return found


def _fields(root: pikepdf.Dictionary) -> list[int]:
    form = root.get("/AcroForm")
    return [] if form is None else [one.objgen[0] for one in form.Fields]


def with_entry(thing: pikepdf.Object, key: bytes, value: bytes) -> bytes:
    """A dictionary as it was, and one entry more or instead."""
    kept = pikepdf.Dictionary(thing)
    if key.decode() in kept:
        del kept[key.decode()]
    return b"%s %s %s >>" % (kept.unparse().removesuffix(b">>"), key, value)


def message_of(digest: bytes, holder: Holder) -> bytes:
    """The envelope of a signature of that digest, in its definite form."""
    return bytes(asyncio.run(holder.signer().async_sign(digest, digest_algorithm="sha256")).dump())


def _sealed(prepared: bytes, holder: Holder) -> bytes:
    """The bytes around the room of the signature signed, and the signature put in it."""
    opening = prepared.rindex(b"/Contents <") + len(b"/Contents ")
    closing = opening + ROOM + 2
    figures = b"%010d %010d %010d" % (opening, closing, len(prepared) - closing)
    start = prepared.rindex(FIGURES)
    ready = prepared[:start] + figures + prepared[start + len(FIGURES) :]
    digest = sha256(ready[:opening] + ready[closing:]).digest()
    message = message_of(digest, holder)
    return ready[: opening + 1] + indefinite(message, 3).hex().encode().ljust(ROOM, b"0") + ready[closing - 1 :]
