"""Files made to keep their reader busy, fill its memory or break it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"


def pdf(objects: list[bytes], *, root: int = 1, previous: int | None = None) -> bytes:
    """A PDF of these objects, numbered from 1, its table of references right."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    back = b"" if previous is None else b" /Prev %d" % (previous if previous >= 0 else len(body))
    end = b"trailer\n<< /Size %d /Root %d 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        back,
        len(body),
    )
    return body + table + end


def signed_pdf(message: bytes, *, fields: int = 1) -> bytes:
    """A PDF that bears a signature, in so many fields, whose envelope is `message`; its ranges cover all the rest."""
    room = len(message) * 2
    figures = b"0000000000 0000000000 0000000000"
    listed = b" ".join(b"%d 0 R" % number for number in range(5, 5 + fields))
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (S%d) /Rect [0 0 0 0] /F 132 /P 3 0 R /V 4 0 R >>"

    def of(ranges: bytes) -> bytes:
        signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 %s]" % ranges
        return pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /SigFlags 3 >> >>" % listed,
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [%s] >>" % listed,
                signature + b" /Contents <" + message.hex().encode() + b"> >>",
                *(field % number for number in range(fields)),
            ]
        )

    empty = of(figures)
    opening = empty.rindex(b"/Contents <") + len(b"/Contents ")
    closing = opening + room + 2
    return of(b"%010d %010d %010d" % (opening, closing, len(empty) - closing))


def nested(levels: int, inside: bytes = b"") -> bytes:
    """Sequences one in the other, none of which says its length."""
    return b"\x30\x80" * levels + inside + b"\0\0" * levels


def indefinite_message(levels: int, inside: bytes = b"") -> bytes:
    """The envelope of a signature (signed-data) in which everything is told by its end, as deep as asked."""
    signed = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
    return b"\x30\x80" + signed + b"\xa0\x80" + nested(levels, inside) + b"\0\0" * 2


def slow_message(message: bytes, chunks: int) -> bytes:
    """The envelope of a signature, in its definite form, whose last value is told in pieces, nine levels deep: each
    level is looked at again from each of those above.
    """
    length = message[1] - 0x80 if message[1] > 0x80 else 0
    header, rest = message[:1], message[2 + length :]
    parts = _parts(rest)
    last = parts[-1]
    if last[0] & 0x20:
        return _element(header, b"".join(parts[:-1]) + slow_message(last, chunks))
    pieces = b"\x24\x80" * 9 + _element(b"\x04", last[2 + max(0, last[1] - 0x80) :]) + b"\x04\x00" * chunks
    return _element(header, b"".join(parts[:-1]) + pieces + b"\0\0" * 9)


def _parts(content: bytes) -> list[bytes]:
    found = []
    while content:
        long = max(0, content[1] - 0x80)
        size = 2 + long + (int.from_bytes(content[2 : 2 + long], "big") if long else content[1])
        found.append(content[:size])
        content = content[size:]
    return found


def _element(tag: bytes, inside: bytes) -> bytes:
    size = len(inside)
    if size < 0x80:
        return tag + bytes([size]) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 + len(length)]) + length + inside


def workbook(sheet: bytes, **parts: bytes) -> bytes:
    """An XLSX whose only sheet is written so."""
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return archive({CONTENT_TYPES: types, "xl/worksheets/sheet1.xml": sheet} | parts)


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A compressed archive of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return held.getvalue()


def understated(content: bytes, said: int) -> bytes:
    """An archive of one part that says, wrongly, how big the part is once unpacked."""
    central = content.index(b"PK\x01\x02")
    told = bytearray(content)
    for place in (22, central + 24):
        told[place : place + 4] = struct.pack("<I", said)
    return bytes(told)


def image(width: int, height: int) -> bytes:
    """A PNG that claims a size, and holds almost nothing."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")
