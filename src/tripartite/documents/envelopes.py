"""The envelope of a signature, byte by byte: whether something hides between its parts or after it.

Some tools (poppler, Okular, NSS) write lengths as they go along, which BER allows and DER does not: such an envelope is
read in its definite form, which says the same.
"""

from asn1crypto import cms

DEEPEST = 40
INDEFINITE, CONSTRUCTED, LONG_TAG = 0x80, 0x20, 0x1F
LONGEST_LENGTH = 8
END = b"\0\0"
SIGNED_PARTS = ("version", "digest_algorithms", "encap_content_info", "certificates", "crls", "signer_infos")
SIGNER_PARTS = (
    *("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature", "unsigned_attrs"),
)


def whole_message(content: bytes) -> tuple[bytes, bytes]:
    """The first element of some bytes, in its definite form, and what comes after it.

    Raises ValueError when there is no whole element, or when it is too deep to be a signature.
    """
    encoded, end = _definite(content, 0, len(content), 0)
    return encoded, content[end:]


def is_plain(encoded: bytes) -> bool:
    """Whether nothing stands between the parts of a signature's envelope."""
    message = cms.ContentInfo.load(encoded)
    signed = message["content"]
    signer = signed["signer_infos"][0]
    parts = (message, ("content_type", "content")), (signed, SIGNED_PARTS), (signer, SIGNER_PARTS)
    return all(sum(len(whole[name].dump()) for name in names) == len(whole.contents) for whole, names in parts)


def _definite(content: bytes, start: int, limit: int, depth: int) -> tuple[bytes, int]:
    """The element that starts there, without indefinite lengths (to the byte when it has none), and where it ends."""
    inside, length = _header(content, start, limit)
    constructed = bool(content[start] & CONSTRUCTED)
    if length is not None and not constructed:
        return content[start : inside + length], inside + length
    if depth == DEEPEST or not constructed:
        raise ValueError("not the envelope of a signature")
    end = limit if length is None else inside + length
    parts, place = [], inside
    while place < end and not (length is None and content[place : place + 2] == END):
        part, place = _definite(content, place, end, depth + 1)
        parts.append(part)
    if length is None:
        if content[place : place + 2] != END:
            raise ValueError("no end")
        return _written(content[start], parts), place + 2
    same = sum(map(len, parts)) == length and b"".join(parts) == content[inside:end]
    return (content[start:end] if same else _written(content[start], parts)), end


def _header(content: bytes, start: int, limit: int) -> tuple[int, int | None]:
    """Where the inside of an element starts, and its length; None when only its end tells it."""
    if start + 2 > limit or content[start] & LONG_TAG == LONG_TAG:
        raise ValueError("no element")
    first = content[start + 1]
    if first == INDEFINITE:
        return start + 2, None
    size = first - INDEFINITE if first > INDEFINITE else 0
    inside = start + 2 + size
    length = int.from_bytes(content[start + 2 : inside], "big") if size else first
    if size > LONGEST_LENGTH or inside + length > limit:
        raise ValueError("cut")
    return inside, length


def _written(tag: int, parts: list[bytes]) -> bytes:
    inside = b"".join(parts)
    size = len(inside)
    if size < INDEFINITE:
        return bytes([tag, size]) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, INDEFINITE + len(length)]) + length + inside
