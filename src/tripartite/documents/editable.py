"""An act as an editable document (ODT): the plain blocks of its PDF, in a word processor's own styles.

A block is a dict with its `kind`: title, heading, annex, strong, paragraph (their `text`), list (`items`), facts
(`rows` of label and value), table (`headers`, `widths` as shares, `rows` of texts or of lists of lines, `figures`: how
many last columns hold amounts), signatures (`names`).
"""

import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from odfdo import Document, Element, Header, List, Paragraph

from tripartite.pricing.typography import typeset

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day of every file inside the document: the same paper makes the same bytes."""

UNSEEN = frozenset({"Cc", "Cf", "Cs"})
TEXT, CELL = '<style:text-properties fo:font-size="11pt"{}/>', '<style:text-properties fo:font-size="9pt"{}/>'
BOLD = ' fo:font-weight="bold"'
STYLES = {
    ("paragraph", "act-text", "Standard"): (
        f'<style:paragraph-properties fo:margin-bottom="0.2cm" fo:text-align="justify"/>{TEXT.format("")}'
    ),
    ("paragraph", "act-strong", "Standard"): (
        '<style:paragraph-properties fo:margin-top="0.4cm" fo:margin-bottom="0.2cm" fo:text-align="start"'
        f' fo:keep-with-next="always"/>{TEXT.format(BOLD)}'
    ),
    ("paragraph", "act-cell", "Standard"): CELL.format(""),
    ("paragraph", "act-figure", "Standard"): f'<style:paragraph-properties fo:text-align="end"/>{CELL.format("")}',
    ("paragraph", "act-head", "Standard"): CELL.format(BOLD),
    ("paragraph", "act-head-figure", "Standard"): (
        f'<style:paragraph-properties fo:text-align="end"/>{CELL.format(BOLD)}'
    ),
    ("paragraph", "act-annex", "Heading_20_2"): '<style:paragraph-properties fo:break-before="page"/>',
    ("table", "act-table", None): (
        '<style:table-properties style:width="17cm" table:align="margins" fo:margin-bottom="0.4cm"/>'
    ),
    ("table-row", "act-row", None): '<style:table-row-properties fo:keep-together="always"/>',
    ("table-cell", "act-edge", None): (
        '<style:table-cell-properties fo:border-bottom="0.5pt solid #8a939b" fo:padding="0.08cm"/>'
    ),
    ("table-cell", "act-box", None): '<style:table-cell-properties fo:padding="0.08cm"/>',
}
"""Family, name and parent of each style, and all that it sets: one of these does not inherit from another of these."""

AMOUNTS = {"act-cell": "act-figure", "act-head": "act-head-figure"}
"""The style of a cell that holds an amount."""
TABLE_WIDTH = 1700
"""In hundredths of a centimetre."""


def editable_document(*, title: str, issued_on: date, blocks: Sequence[Mapping[str, Any]]) -> bytes:
    """The ODT of these blocks: the same words as their PDF, and the same bytes each time."""
    document = Document("text")
    document.body.clear()
    for (family, name, parent), properties in STYLES.items():
        _add_style(document, family, name, properties, parent=parent)
    _unnumber(document)
    day = datetime.combine(issued_on, time(), UTC)
    document.meta.title = clean(title)
    document.meta.creation_date = day
    document.meta.date = day
    for place, block in enumerate(blocks):
        document.body.append(_element(block, f"tableau-{place}", document))
    target = io.BytesIO()
    document.save(target)
    return _settled(target.getvalue())


def clean(text: str) -> str:
    """One line without control characters, which XML forbids."""
    spaced = " ".join(text.split(" ") if text.isprintable() else text.split())
    return typeset("".join(character for character in spaced if unicodedata.category(character) not in UNSEEN))


def _unnumber(document: Document) -> None:
    """An act numbers its articles in its own words: the word processor is not to number titles again."""
    for level in document.styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")
        for name in ("style:num-suffix", "text:display-levels", "loext:num-list-format"):
            if level.get_attribute(name) is not None:
                level.del_attribute(name)


def _add_style(document: Document, family: str, name: str, properties: str, *, parent: str | None = None) -> None:
    inherits = f' style:parent-style-name="{parent}"' if parent else ""
    document.insert_style(
        f'<style:style style:family="{family}" style:name="{name}"{inherits}>{properties}</style:style>', automatic=True
    )


def _element(block: Mapping[str, Any], name: str, document: Document) -> Element:  # noqa: PLR0911 - one a kind of block
    match block["kind"]:
        case "title":
            return _heading(1, block["text"], "Heading_20_1")
        case "heading" | "annex" as kind:
            return _heading(2, block["text"], "act-annex" if kind == "annex" else "Heading_20_2")
        case "list":
            return List([clean(item) for item in block["items"]], style="List_20_1")
        case "facts":
            return _table(document, name, [4, 13], rows=block["rows"])
        case "table":
            given = {key: block[key] for key in ("headers", "rows", "figures")}
            return _table(document, name, block["widths"], **given)
        case "signatures":
            names = block["names"]
            return _table(document, name, [1] * len(names), rows=[names, [""] * len(names)])
    return _paragraph(block["text"], "act-strong" if block["kind"] == "strong" else "act-text")


def _heading(level: int, text: str, style: str) -> Header:
    """A title in its style, said apart: odfdo's own argument leaves it out."""
    heading = Header(level, clean(text))
    heading.set_attribute("text:style-name", style)
    return heading


def _paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(clean(text), style=style)


def _table(
    document: Document,
    name: str,
    widths: Sequence[int],
    *,
    rows: Sequence[Sequence[str | Sequence[str]]],
    headers: Sequence[str] = (),
    figures: int = 0,
) -> Element:
    """A table with its columns, its header row (repeated on each page) and its rows."""
    table = Element.from_tag(f'<table:table table:name="{name}" table:style-name="act-table"/>')
    for place, width in enumerate(widths):
        column, cm = f"{name}.{place}", TABLE_WIDTH * width // sum(widths)
        properties = f'<style:table-column-properties style:column-width="{cm // 100}.{cm % 100:02d}cm"/>'
        _add_style(document, "table-column", column, properties)
        table.append(Element.from_tag(f'<table:table-column table:style-name="{column}"/>'))
    if headers:
        head = Element.from_tag("<table:table-header-rows/>")
        head.append(_row(headers, "act-head", figures, "act-edge"))
        table.append(head)
    for row in rows:
        table.append(_row(row, "act-cell", figures, "act-edge" if headers else "act-box"))
    return table


def _row(texts: Sequence[str | Sequence[str]], style: str, figures: int, edge: str) -> Element:
    row = Element.from_tag('<table:table-row table:style-name="act-row"/>')
    for place, text in enumerate(texts):
        cell = Element.from_tag(f'<table:table-cell office:value-type="string" table:style-name="{edge}"/>')
        named = AMOUNTS[style] if place >= len(texts) - figures else style
        for line in (text,) if isinstance(text, str) else text or ("",):
            cell.append(_paragraph(line, named))
        row.append(cell)
    return row


def _settled(odt: bytes) -> bytes:
    """The same archive with the days of its files set, its type first and uncompressed."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(odt)) as made, ZipFile(target, "w") as kept:
        for name in made.namelist():
            way = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            kept.writestr(ZipInfo(name, EPOCH), made.read(name), way)
    return target.getvalue()
