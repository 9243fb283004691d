"""French typography: what is set, what is left, and that setting twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.typography import typeset, typeset_html

SET = [
    ("l'acte d'aujourd'hui", "l’acte d’aujourd’hui"),
    ("jusqu'« à ce jour »", "jusqu’«\u00a0à ce jour\u00a0»"),
    ("Prix : 3 €", "Prix\u00a0: 3\u00a0€"),
    ("Vraiment ? Oui ; non !", "Vraiment\u202f? Oui\u202f; non\u202f!"),
    ("TVA 20 %", "TVA 20\u00a0%"),
    ("n° 12", "n°\u00a012"),
    ("à 14 h 05", "à 14\u00a0h\u00a005"),
    ("104 000 habitants, 1 200 500 €", "104\u202f000 habitants, 1\u202f200\u202f500\u00a0€"),
    ("03 21 52 00 00", "03 21 52 00 00"),
    ("écrire à l'équipe : l'o'neil@exemple.fr", "écrire à l’équipe\u00a0: l'o'neil@exemple.fr"),
    ("voir https://exemple.fr/d'ici ?", "voir https://exemple.fr/d'ici\u202f?"),
    ("D-2026-00012", "D-2026-00012"),
    ("12:30", "12:30"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "shown"), SET)
def test_what_is_typed_is_set(typed: str, shown: str) -> None:
    assert typeset(typed) == shown
    assert typeset(shown) == shown


@given(st.text(alphabet="aé1 0'’«»:;!?€%nh°@\u00a0\u202f"))
def test_setting_keeps_the_words_and_is_done_once(typed: str) -> None:
    def words(text: str) -> str:
        return text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")

    once = typeset(typed)
    assert words(once) == words(typed)
    assert typeset(once) == once


def test_a_page_keeps_what_forms_send_and_code() -> None:
    page = (
        '<a title="L\'acte : ici" href="/d\'ici?a=1 ;">l&#x27;acte</a><input value="l\'acte : x" placeholder="d\'ici">'
        "<textarea>l'acte : x</textarea><code>l'acte : x</code><!-- l'acte : x --><script>'a' ;</script> : &amp;"
    )
    assert typeset_html(page) == (
        '<a title="L’acte\u00a0: ici" href="/d\'ici?a=1 ;">l’acte</a><input value="l\'acte : x" placeholder="d’ici">'
        "<textarea>l'acte : x</textarea><code>l'acte : x</code><!-- l'acte : x --><script>'a' ;</script>\u00a0: &amp;"
    )
