"""Figures and dates as the pages print them."""

from datetime import UTC, date, datetime
from fractions import Fraction

from tripartite.web.shell.tags import french


def test_amounts_and_quantities():
    assert french.euros(103000) == "1\u202f030,00\u00a0€"
    assert french.euros(0) == "0,00\u00a0€"
    assert french.euros(None) == ""
    assert french.whole(12345) == "12\u202f345"
    assert french.number(Fraction(5, 2)) == "2,5"
    assert french.number(None) == ""
    assert [french.complement(unit) for unit in ("comptes", "adresses", "heures")] == [
        "de comptes",
        "d'adresses",
        "d'heures",
    ]


def test_days_and_instants_are_those_of_paris():
    assert french.day(date(2024, 3, 26)) == "26/03/2024"
    assert french.day(datetime(2024, 12, 31, 23, 30, tzinfo=UTC)) == "01/01/2025"
    assert french.instant(datetime(2024, 3, 26, 13, 5, tzinfo=UTC)) == "26/03/2024 à 14 h 05"
    assert (french.day(None), french.instant(None)) == ("", "")


def test_plural_begins_at_two():
    assert [french.plural(n, "demande,demandes") for n in (0, 1, 2)] == ["0 demande", "1 demande", "2 demandes"]


def test_identifiers_in_groups():
    assert french.siren("200039386") == "200\u00a0039\u00a0386"
    assert french.siren("20003938600038") == "200\u00a0039\u00a0386\u00a000038"
    assert french.siren(None) == ""
