"""Whatever a body, a service or a person is called, « de » loses its vowel before it where French says so."""

import re
from pathlib import Path

import tripartite

SOURCES = Path(tripartite.__file__).parent
NAMED = r"(?:[a-z_]+\.)*(?:short_name|name|holder_name|person)"
IN_A_PAGE = re.compile(rf"\b(?:de|que) \{{\{{ ?{NAMED} ?\}}\}}")
IN_A_SENTENCE = re.compile(rf"\b(?:de|que) \{{(?:{NAMED}|name_of_issuer\([^}}]*\)|action\.label|who|whose)\}}")


def test_no_page_says_de_before_a_name_whose_first_letter_it_does_not_know() -> None:
    said = {
        (path.name, found)
        for path in (SOURCES / "web" / "templates").rglob("*.html")
        for found in IN_A_PAGE.findall(path.read_text(encoding="utf-8"))
    }
    assert said == set(), "{{ name|complement }} says « de » or « d' »"


def test_no_sentence_does_either() -> None:
    said = {
        (path.name, found)
        for path in SOURCES.rglob("*.py")
        if path.name != "naming.py"  # what says it
        for found in IN_A_SENTENCE.findall(path.read_text(encoding="utf-8"))
    }
    assert said == set(), "complement(name) says it"
