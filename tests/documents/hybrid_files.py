"""Files whose references are told twice, a table and a stream of references, written byte by byte."""

from dataclasses import dataclass, field

HIDDEN = 65535


@dataclass
class Hybrid:
    """A page that says something, its parts, and what the stream of references alone names."""

    hidden: dict[int, bytes] = field(default_factory=lambda: {7: b"<</Type /StructTreeRoot >>"})
    catalogue: bytes = b"<</Type /Catalog /Pages 2 0 R /StructTreeRoot 7 0 R >>"
    page: bytes = (
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> >> >>"
    )
    also_in_stream: dict[int, int] = field(default_factory=dict)
    """Objects of the table that the stream names too: how far from their place in the table."""
    generation: int = HIDDEN

    def written(self) -> bytes:
        words = b"BT /F1 24 Tf 40 150 Td (Prix : 100) Tj ET"
        objects = {
            1: self.catalogue,
            2: b"<</Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: self.page,
            4: b"<</Length %d >>\nstream\n%s\nendstream" % (len(words), words),
            5: b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            6: b"<</Producer (essai) >>",
        }
        body = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
        places: dict[int, int] = {}
        for number, content in {**objects, **self.hidden}.items():
            places[number] = len(body)
            body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        stream, size = max(places) + 1, max(places) + 2
        named = sorted({*self.hidden, *self.also_in_stream})
        lines = b"".join(
            b"\x01" + (places[number] + self.also_in_stream.get(number, 0)).to_bytes(4, "big") + b"\0"
            for number in named
        )
        index = b" ".join(b"%d 1" % number for number in named)
        at = len(body)
        body += b"%d 0 obj\n<</Type /XRef /Size %d /W [1 4 1] /Index [%s] /Root 1 0 R /Length %d >>\nstream\n" % (
            stream,
            size,
            index,
            len(lines),
        )
        body += lines + b"\nendstream\nendobj\n"
        rows = [b"%010d %05d f\r\n" % (0, HIDDEN)]
        for number in range(1, size):
            if number == stream or number in objects:
                rows.append(b"%010d %05d n\r\n" % (at if number == stream else places[number], 0))
            else:
                rows.append(b"%010d %05d f\r\n" % (0, self.generation))
        table = b"xref\n0 %d\n" % size + b"".join(rows)
        end = b"trailer\n<</Size %d /Root 1 0 R /Info 6 0 R /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
        return body + table + end % (size, at, len(body))
