"""Reading a postal address as people write it: its lines, its postal code, its city."""

import re
from collections.abc import Sequence

from tripartite.billing.printout.parts import PostalAddress

CODE_AND_CITY = re.compile(r"(?P<before>.*?)[\s,]*\b(?P<code>[0-9]{5})\s+(?P<city>\S.*)")


def read_address(lines: Sequence[str]) -> PostalAddress:
    """The address of lines such as « Mairie », « 99999 X »: the last one that ends with a postal code and a city.

    What precedes them on it is a line of its own; what follows it stays among the lines. Without any, all are lines,
    with neither code nor city.
    """
    kept = [line.strip() for line in lines if line.strip()]
    for place in reversed(range(len(kept))):
        if found := CODE_AND_CITY.fullmatch(kept[place]):
            before = [found["before"].strip(" ,")] if found["before"].strip(" ,") else []
            return PostalAddress((*kept[:place], *before, *kept[place + 1 :]), found["code"], found["city"].strip())
    return PostalAddress(tuple(kept))
