"""Tables of references told twice (a table, and a stream of references beside it), as word processors write them.

What the stream alone names is hidden from a reader that knows tables only. Such a file is sound when both readers show
the same: the stream defines again nothing that a table defined otherwise, and nothing that is hidden is on a page.
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.xref import XRefSectionData

SHOWN = ("/Pages", "/AcroForm", "/OCProperties")
"""What the catalogue holds that makes what is seen."""
BACKWARDS = frozenset({"/Parent", "/P", "/StructParent", "/StructParents"})


def entries_of(section: XRefSectionData) -> set[tuple[int, int]]:
    """The objects, by number and generation, that a section writes or frees: those that it hides are the stream's."""
    found = set(section.explicit_refs_in_revision)
    if section.hybrid is None:
        return found
    stream = section.hybrid.xref_data
    hidden = {number for number in _defined(stream) if number not in _defined(section)}
    return {one for one in found if one[0] not in hidden} | stream.explicit_refs_in_revision


def check_hybrid(reader: Any) -> None:
    """Raise PdfReadError for a table that two readers could follow to two different pages."""
    visible: set[int] = set()
    hidden: set[int] = set()
    for revision in range(reader.total_revisions):
        section = reader.xrefs.get_xref_data(revision)
        if section.hybrid is not None:
            stream, table = _defined(section.hybrid.xref_data), _defined(section)
            for number, place in stream.items():
                if number in table:
                    if table[number] != place:
                        raise PdfReadError("two places")
                elif number in visible:
                    raise PdfReadError("written again for some readers alone")
                elif section.freed.get(number, 0xFFFF) != 0xFFFF:
                    raise PdfReadError("freed for some readers alone")
                else:
                    hidden.add(number)
        visible |= set(_defined(section))
    if hidden and hidden & set(_shown(reader)):
        raise PdfReadError("shown by some readers alone")


def _defined(section: XRefSectionData) -> dict[int, Any]:
    """Where a table, or a stream, says that each object is."""
    return {**section.standard_xrefs, **section.xrefs_in_objstm}


def _shown(reader: Any) -> Iterator[int]:
    """The numbers of the objects that make what is seen, from the catalogue down."""
    seen: set[int] = {reader.root_ref.idnum}
    yield reader.root_ref.idnum
    root = reader.root
    waiting = [root.raw_get(key) for key in SHOWN if key in root]
    while waiting:
        reader.check_time()
        one = waiting.pop()
        if isinstance(one, generic.IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            yield one.idnum
            one = one.get_object()  # type: ignore[no-untyped-call]
        if isinstance(one, generic.DictionaryObject):
            waiting += [one.raw_get(key) for key in one if key not in BACKWARDS]
        elif isinstance(one, generic.ArrayObject):
            waiting += [one.raw_get(place) for place in range(len(one))]
