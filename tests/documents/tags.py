"""The tree of tags of a PDF, that it is read aloud by."""

import io

import pikepdf


def structure_of(content):
    """How many elements of each kind the tree of tags holds."""
    found = {}

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for child in element:
                walk(child)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                found[str(element.S)] = found.get(str(element.S), 0) + 1
            walk(element.get("/K"))

    with pikepdf.open(io.BytesIO(content)) as opened:
        walk(opened.Root.StructTreeRoot.K)
    return found
