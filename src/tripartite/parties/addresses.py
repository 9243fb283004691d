"""Reading a postal address as people write it: its lines, its postal code, its city."""

import re
from collections.abc import Sequence
from typing import NamedTuple

CODE_AND_CITY = re.compile(r"(?P<before>.*?)[\s,]*\b(?P<code>[0-9]{5})\s+(?P<city>\S.*)")


class Place(NamedTuple):
    """An address taken apart; what it does not say is empty."""

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""


def place_of(lines: Sequence[str]) -> Place:
    """The place of lines such as « Mairie », « 99999 X »: the last one that ends with a postal code and a city.

    What precedes them on it is a line of its own; what follows it stays among the lines. Without any, all are lines,
    with neither code nor city.
    """
    kept = [line.strip() for line in lines if line.strip()]
    for rank in reversed(range(len(kept))):
        if found := CODE_AND_CITY.fullmatch(kept[rank]):
            before = [found["before"].strip(" ,")] if found["before"].strip(" ,") else []
            return Place((*kept[:rank], *before, *kept[rank + 1 :]), found["code"], found["city"].strip())
    return Place(tuple(kept))


def with_city(lines: Sequence[str], postal_code: str, city: str) -> tuple[str, ...]:
    """The same lines, ending with the postal code and the city that they leave out: « Mairie », « X » is « Mairie »,
    « 99999 X ».
    """
    place = place_of(lines)
    if place.postal_code:
        return tuple(lines)
    said = {postal_code, city.casefold()}
    return (*(line for line in place.lines if line.casefold() not in said), f"{postal_code} {city}")
