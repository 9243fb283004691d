"""Elements as the PES says them: a value is the attribute `V`."""

from collections.abc import Iterator
from datetime import date

from tripartite.billing.pes.texts import fit
from tripartite.billing.printout.parts import PostalAddress
from tripartite.billing.printout.xml_tree import Element, amount


def value(name: str, said: str) -> Element:
    """An element of a value already fit; left out where there is none."""
    return Element(name, attributes={"V": said}, kept=bool(said))


def text(name: str, said: str, longest: int) -> Element:
    """A text, made fit."""
    return value(name, fit(said, longest))


def day(name: str, said: date) -> Element:
    return value(name, said.isoformat())


def money(name: str, cents: int) -> Element:
    return value(name, amount(cents))


def rate(name: str, hundredths: int) -> Element:
    """A VAT rate: 2000 is « 20.00 »."""
    return value(name, amount(hundredths))


def address_blocks(address: PostalAddress) -> Iterator[Element]:
    """An address in France: the way is Adr2, what comes before it Adr1, after it Adr3. What is longer than a line is
    cut: the postal standard has 38 characters a line.
    """
    lines = [line for line in (fit(one, 38) for one in address.lines) if line]
    before, way, after = _three(lines)
    yield value("TypAdr", "1")
    yield value("Adr1", before)
    yield value("Adr2", way)
    yield value("Adr3", after)
    yield value("CP", address.postal_code)
    yield text("Ville", address.city, 38)
    yield value("CodRes", "0")


def _three(lines: list[str]) -> tuple[str, str, str]:
    """What comes before the way, the way, and the rest. Two lines are a place and its way."""
    match lines:
        case []:
            return "", "", ""
        case [way]:
            return "", way, ""
        case [before, way]:
            return before, way, ""
    return lines[0], lines[1], fit(", ".join(lines[2:]), 38)
