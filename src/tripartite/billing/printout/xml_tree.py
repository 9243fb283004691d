"""XML said as a tree of elements: what has nothing to say is left out, what XML cannot carry is replaced."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow (production 2, « Char »)."""
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its prefixed name, its text or the elements in it, its attributes; `kept` even with nothing in it."""

    name: str
    text: str = ""
    children: "tuple[Element, ...]" = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False

    @property
    def silent(self) -> bool:
        """Nothing to say: left out where it stands."""
        return not (self.text or self.children or self.kept)


def element(name: str, *content: "str | Element | Iterable[Element]", kept: bool = False, **attributes: str) -> Element:
    """An element of a text, or of elements, those with nothing to say left out."""
    text, children = "", []
    for part in content:
        match part:
            case str():
                text += clean(part)
            case Element():
                children.append(part)
            case _:
                children.extend(part)
    return Element(name, text, tuple(child for child in children if not child.silent), attributes, kept)


def clean(text: str) -> str:
    """One line that XML 1.0 can carry: composed, spaces folded, each character that it forbids made a space."""
    return SPACES.sub(" ", NOT_XML.sub(" ", unicodedata.normalize("NFC", text))).strip()


def amount(cents: int) -> str:
    """`-105` as « -1.05 »."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def decimal_text(number: Fraction) -> str:
    """A number whose decimals end, as « 2.5 », « 64 »."""
    said = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def percent(rate: int) -> str:
    """A VAT rate in hundredths of a percent: 2000 is « 20 », 550 « 5.5 »."""
    return decimal_text(Fraction(rate, 100))


def compact_day(day: date) -> str:
    """« 20260331 », the format 102 of UNTDID 2379."""
    return f"{day:%Y%m%d}"


def xml_bytes(root: Element, namespaces: Mapping[str | None, str], *, encoding: str = "UTF-8") -> bytes:
    """The document, with its declaration; the prefix None is that of names without one, which are in no namespace where
    it is not said.
    """
    from lxml import etree  # noqa: PLC0415 - slow to import

    def qualified(name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{namespaces[prefix or None]}}}{local}" if prefix or None in namespaces else local

    def fill(node: etree._Element, said: Element) -> None:
        node.text = said.text or None
        for child in said.children:
            fill(etree.SubElement(node, qualified(child.name), dict(child.attributes)), child)

    top = etree.Element(qualified(root.name), dict(root.attributes), nsmap=dict(namespaces))
    fill(top, root)
    written: bytes = etree.tostring(top, xml_declaration=True, encoding=encoding)
    return written
