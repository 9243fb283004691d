"""Days and numbers, as French writes them."""

from datetime import date

import pytest
from tests.pricing.worked_examples import ROOT

from tripartite.pricing.french import TOTALS, counted, said_inside, span_text

LAYOUTS = ROOT / "src/tripartite/documents/typst"


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (0, "échec", "0 échec"),
        (1, "contact effacé", "1 contact effacé"),
        (2, "contact effacé", "2 contacts effacés"),
        (3, "mois entamé", "3 mois entamés"),
    ],
)
def test_words_follow_their_number(number, words, told):
    assert counted(number, words) == told


def test_one_day_is_no_period():
    assert span_text(date(2026, 2, 28), date(2026, 2, 28)) == "le 28/02/2026"
    assert span_text(date(2026, 2, 28), date(2027, 2, 27)) == "du 28/02/2026 au 27/02/2027"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("INSEE, 2026", "INSEE, 2026"),
        ("INSEE (Etalab)", "INSEE, Etalab"),
        ("(Etalab) INSEE (DGCL (2026))", "Etalab, INSEE, DGCL, 2026"),
    ],
)
def test_what_is_set_between_brackets_has_none_of_its_own(text, said):
    assert said_inside(text) == said


@pytest.mark.parametrize("name", ["quote-2024-03-26.typ"])
def test_the_totals_of_a_quote_have_the_same_names_on_the_paper(name):
    paper = (LAYOUTS / name).read_text(encoding="utf-8")
    assert [which for which in ("once", "term") if f'"{TOTALS[which]}"' not in paper] == []
