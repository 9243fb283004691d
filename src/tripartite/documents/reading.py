"""Reading a PDF that somebody gave us, whoever they are: within bounds, and refused in words."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfReadError, PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.hybrid_tables import check_hybrid, entries_of

MIB = 1024 * 1024
LARGEST = 20 * MIB
SECONDS = 10.0
REVISIONS = 60
OBJECTS = 60_000
LIMITS = DecodeLimits(document_budget=DocumentDecodeBudget(base_allowance=64 * MIB, max_ratio=8))

TOO_LARGE = f"Le fichier dépasse {LARGEST // MIB} Mo."
NOT_A_PDF = "Ce fichier n'est pas un PDF."
CUT = "Ce PDF est incomplet : sa fin manque, ou autre chose a été ajouté après."
PROTECTED = "Ce PDF est protégé par un mot de passe : ses signatures ne peuvent pas être vérifiées."
BROKEN = "Ce PDF est abîmé, ou n'a pas une structure régulière."
TOO_LONG = "Ce PDF est trop long à lire."
INFLATED = "Ce PDF contient des parties démesurées."
ACTIVE = "Ce PDF contient du programme (JavaScript ou lancement) : ce qu'il montre peut changer."
END = re.compile(rb"%%EOF[\r\n \t\0]*\Z")
ACTIONS = frozenset({"/JavaScript", "/Launch", "/Rendition"})


class BoundedReader(PdfFileReader):
    """Gives up once its seconds of processor have passed: every object that pyHanko looks at comes through here."""

    deadline: float = float("inf")
    strict: bool

    @classmethod
    def of(cls, pdf: bytes) -> "BoundedReader":
        """A reader that is strict about each object, and about the tables of references as far as it changes what a
        reader shows: other tools number new objects, or name freed ones, in ways that pyHanko alone refuses.

        Raises PdfReadError for a table that two readers could follow to two different objects.
        """
        try:
            reader = cls(BytesIO(pdf), strict=True, decode_limits=LIMITS)
        except PdfStrictReadError:
            reader = cls(BytesIO(pdf), strict=False, decode_limits=LIMITS)
            reader.strict = True
            _check_tables(reader)
        if reader.xrefs.hybrid_xrefs_present:
            reader.deadline = time.thread_time() + SECONDS
            check_hybrid(reader)
            reader.strict = False  # or pyHanko refuses it; each object is read strictly all the same (`get_object`)
        return reader

    def _read_object(self, ref: generic.Reference, marker: Any, *arguments: Any, **options: Any) -> Any:
        """A reference to an object that is not there, or no longer, is null, as the format says."""
        if marker is None:
            nothing = generic.NullObject()
            nothing.container_ref = ref
            return nothing
        return super()._read_object(ref, marker, *arguments, **options)

    def get_object(self, *arguments: Any, **options: Any) -> Any:
        self.check_time()
        as_it_was, self.strict = self.strict, True
        try:
            return super().get_object(*arguments, **options)  # type: ignore[no-untyped-call]
        finally:
            self.strict = as_it_was

    def check_time(self) -> None:
        if time.thread_time() > self.deadline:
            raise UnreadablePdf(TOO_LONG)


@contextmanager
def opened_pdf(pdf: bytes) -> Iterator[BoundedReader]:
    """A reader of the file; whatever goes wrong inside the block becomes UnreadablePdf."""
    deadline = time.thread_time() + SECONDS
    _check_envelope(pdf)
    try:
        reader = BoundedReader.of(pdf)
        reader.deadline = deadline
        _check_structure(reader)
        yield reader
    except UnreadablePdf:
        raise
    except PdfDecodeLimitError:
        raise UnreadablePdf(INFLATED) from None
    except Exception as error:  # noqa: BLE001 - hostile input breaks a reader in any way; all of them are one refusal
        refusal = error.__cause__ or error.__context__
        raise UnreadablePdf(str(refusal) if isinstance(refusal, UnreadablePdf) else BROKEN) from None


def _check_envelope(pdf: bytes) -> None:
    if len(pdf) > LARGEST:
        raise UnreadablePdf(TOO_LARGE)
    if not pdf.startswith(b"%PDF-"):
        raise UnreadablePdf(NOT_A_PDF)
    if not END.search(pdf, max(0, len(pdf) - 1024)):
        raise UnreadablePdf(CUT)


def _check_tables(reader: BoundedReader) -> None:
    """Refuse tables of references that readers may follow in two ways.

    An object keeps its generation from one revision to the next unless it was freed: a reader that looks at its number
    alone would show another one. What is freed is not used again under the same generation, no revision announces
    fewer objects than the one before, and none writes over a table.
    """
    generations: dict[int, int] = {}
    freed: dict[int, int] = {}
    tables: set[tuple[int, int]] = set()
    size = 0
    for revision in range(reader.total_revisions):
        about, section = reader.xrefs.get_xref_container_info(revision), reader.xrefs.get_xref_data(revision)
        if about.size < size:
            raise PdfReadError("tables of references")
        size = about.size
        for number, generation in entries_of(section):
            wanted = freed.pop(number, generations.get(number, generation))
            if generation != wanted or (number, generation) in tables:
                raise PdfReadError("generations")
            generations[number] = generation
        hybrid = section.hybrid.meta_info if section.hybrid is not None else about
        tables |= {(ref.idnum, ref.generation) for ref in (about.stream_ref, hybrid.stream_ref) if ref is not None}
        freed |= {number: following for number, following in section.freed.items() if number in generations}


def _check_structure(reader: BoundedReader) -> None:
    if "/Encrypt" in reader.trailer:
        raise UnreadablePdf(PROTECTED)
    if reader.total_revisions > REVISIONS:
        raise UnreadablePdf(TOO_LONG)
    references = {
        reference
        for revision in range(reader.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    }
    if len(references) > OBJECTS:
        raise UnreadablePdf(TOO_LONG)
    for reference in references:
        if _is_active(reader.get_object(reference), reader):
            raise UnreadablePdf(ACTIVE)


def _is_active(thing: Any, reader: BoundedReader) -> bool:
    """Whether an object, or what it holds directly, runs something when the file is opened or clicked."""
    waiting = [thing]
    while waiting:
        reader.check_time()
        one = waiting.pop()
        if isinstance(one, generic.DictionaryObject):
            if "/JS" in one or "/JavaScript" in one:
                return True
            values = [one.raw_get(key) for key in one]
            if any(isinstance(value, generic.NameObject) and value in ACTIONS for value in values):
                return True
            waiting += values
        elif isinstance(one, generic.ArrayObject):
            waiting += [one.raw_get(place) for place in range(len(one))]
    return False
