"""What is typed is cleaned by one mechanism: nothing that does not show, single spaces, ends of lines as one."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.typed import clean_line, clean_source, clean_text, day_within, unseen_in, whole_number

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anne\tMartin", "Anne Martin"),
        ("  Anne   Martin ", "Anne Martin"),
        ("Anne\r\nMartin\n", "Anne Martin"),
        ("Anne\u00a0Martin\u202f", "Anne Martin"),
        ("Anne\u202eMartin\u202c", "AnneMartin"),
        ("\u2066Anne\u2069 Martin\u200b", "Anne Martin"),
        ("\ufeffAnne Martin", "Anne Martin"),
        ("Anne\ud800 Martin", "Anne Martin"),
        ("Anne\x1b Martin\x07", "Anne Martin"),
        ("Anne\u2028Martin", "Anne Martin"),
        ("He\u0301le\u0300ne", "H\u00e9l\u00e8ne"),
        ("", ""),
        ("\t\n", ""),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_several_lines_keep_their_lines() -> None:
    assert clean_text("\r\n 12\true \r\n\r\n62\u00a0120  Aire\u2028Fin\n\n") == "12 rue\n\n62 120 Aire\nFin"


def test_a_source_keeps_its_spaces_and_loses_what_does_not_show() -> None:
    assert clean_source("a = 1\r\n\tb  =\u00a02\u202e\x07\n") == "a = 1\n\tb  =\u00a02\n"


@given(st.text(st.characters(), max_size=60))
def test_what_is_cleaned_shows_and_stays(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert not any(unicodedata.category(one) in HIDDEN for one in line)
    assert "  " not in line
    assert line == line.strip()
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_source(clean_source(text)) == clean_source(text)
    line.encode()


def test_what_does_not_show_in_a_source_is_found_written_or_escaped() -> None:
    source = 'a = "x\u202ey"\n\tb = "\\u2066z"\nc = "\\U0001F98A \\u0009 \\u000A é\u00a0"\nd = "\\UFFFFFFFF\u200d"'
    assert unseen_in(source) == [(1, "U+202E"), (2, "U+2066"), (4, "U+200D")]


@pytest.mark.parametrize(
    ("text", "read"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999), ("1000000000", None), ("", None), ("²", None), ("٣", None)]
    + [(text, None) for text in ("-1", "+1", " 1", "1_0", "1.0", "9" * 5000)],
)
def test_a_whole_number_is_read_within_its_digits(text: str, read: int | None) -> None:
    assert whole_number(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("2000-01-01", date(2000, 1, 1)), ("2150-12-31", date(2150, 12, 31)), ("1999-12-31", None), ("2151-01-01", None)]
    + [(text, None) for text in ("", "9999-12-31", "0001-01-01", "2026-02-31", "31/01/2026", " 2026-01-31", "\x00")]
    + [(text, None) for text in ("20260131", "2026-W05-6", "2026-W05", "2026-031", "٢٠٢٦-٠١-٣١")],
)
def test_a_day_is_read_within_what_can_be_reckoned_with(text: str, read: date | None) -> None:
    assert day_within(text) == read
