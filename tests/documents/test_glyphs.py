"""Text put into one line that the papers' typeface can print."""

import pytest

from tripartite.documents.glyphs import BREAK, printable, printable_text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Béthune-Bruay, Artois Lys Romane", "Béthune-Bruay, Artois Lys Romane"),
        ("1\u202f030,00\u00a0€ « à l'œuvre » — ok…", "1\u202f030,00\u00a0€ «\u00a0à l’œuvre\u00a0» — ok…"),
        ("  deux\r\nlignes\tet\u2028plus ", "deux lignes et plus"),
        ("e\u0301crit en deux", "écrit en deux"),
        ("sens \u202einverse\u202c", "sens inverse"),
        ("coupe\u00adici\x00", "coupeici"),
        ("🦊 عربي", "□ □□□□"),
        ("✌️", "□"),
        ("", ""),
    ],
)
def test_text_becomes_printable(typed, printed):
    assert printable_text(typed) == printed
    assert printable_text(printed) == printed


def test_a_long_word_may_be_cut_but_keeps_its_letters():
    word = "x" * 300
    assert printable_text(word).replace(BREAK, "") == word
    assert max(len(part) for part in printable_text(word).split(BREAK)) <= 30


def test_numbers_and_keys_are_left_alone():
    assert printable({"a\n": [1, None, True, ("b\nc",)]}) == {"a\n": [1, None, True, ["b c"]]}
