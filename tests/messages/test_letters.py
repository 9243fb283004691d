"""Letters: the same words in both forms, nothing of them read as HTML."""

import pytest

from tests.messages.outbox import now, queued, send
from tripartite.messages.letters import Link, public_address, write_letter
from tripartite.messages.services.sending import Tally
from tripartite.pricing.typography import typeset, typeset_html


def letter(**changes):
    written = {
        "title": "Vos devis pour Ruitz",
        "paragraphs": ["Bonjour,", "Voici vos deux devis."],
        "facts": [("Demande", "D-2026-00016"), ("Total", "1 030,00 €")],
        "link": Link("Voir la demande", public_address("/demandes/D-2026-00016/")),
        "signature": "Centre de gestion du Pas-de-Calais",
    }
    return write_letter(**(written | changes))


def test_the_text_says_everything(loopback):
    assert letter().text == (
        "Vos devis pour Ruitz\n\nBonjour,\n\nVoici vos deux devis.\n\nDemande : D-2026-00016\nTotal : 1 030,00 €\n\n"
        "Voir la demande :\nhttps://tripartite.exemple.fr/demandes/D-2026-00016/\n\n"
        "-- \nCentre de gestion du Pas-de-Calais\n"
    )


def test_the_html_says_the_same(loopback):
    html = letter().html
    for words in ("Vos devis pour Ruitz", "Bonjour,", "D-2026-00016", "1 030,00 €", "Centre de gestion"):
        assert words in html
    assert 'href="https://tripartite.exemple.fr/demandes/D-2026-00016/"' in html
    assert html.startswith('<!doctype html>\n<html lang="fr">')


def test_nothing_that_people_typed_becomes_html(loopback):
    bad = "<script>alert(1)</script>\" onload='x"
    written = letter(
        title=bad, paragraphs=[bad], facts=[(bad, bad)], link=Link(bad, f"https://exemple.fr/{bad}"), signature=bad
    )
    assert "<script" not in written.html
    assert "onload='" not in written.html
    assert bad in written.text


def test_a_short_letter():
    written = write_letter(title="Reçu", paragraphs=["Merci."], signature="Tripartite")
    assert written.text == "Reçu\n\nMerci.\n\n-- \nTripartite\n"
    assert "<table" not in written.html
    assert "<a " not in written.html


@pytest.mark.django_db
def test_a_letter_is_sent_in_both_forms(loopback):
    written = letter()
    message = queued(text=written.text, html=written.html)

    assert send() == Tally(sent=1), now(message).last_error
    wire = loopback.taken[0].message
    assert wire.get_content_type() == "multipart/alternative"
    assert wire.get_body(("plain",)).get_content() == typeset(written.text)
    assert wire.get_body(("html",)).get_content() == typeset_html(written.html)
