"""Prices on request, given on the page of a request by the issuer of the line alone."""

import pytest
import time_machine

from tests.factories import quotes
from tests.web.conftest import errors, words
from tests.web.requests.seeing import AT, CHANGED, ON_REQUEST, address, notices, price, see
from tripartite.accounts.rights import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def test_the_price_form_is_shown_to_the_issuer_of_the_line_alone(agent, operator, log_in) -> None:
    asked = quotes.request(ON_REQUEST)

    assert 'name="amount"' in see(operator, asked).content.decode()
    assert 'name="amount"' not in see(agent, asked).content.decode()
    assert 'name="amount"' not in see(log_in(Role.ACCOUNTANT, "lfn"), asked).content.decode()


def test_a_line_is_priced_by_its_issuer_and_then_nothing_waits(operator) -> None:
    asked = quotes.request(ON_REQUEST)

    assert price(operator, asked).status_code == 302

    answer = see(operator, asked)
    assert "Chiffré par Prénom NOM (La Fibre Numérique 59-62) le 23/11/2026 : Étude faite." in words(answer)
    assert "1 234,50 €" in words(answer)
    assert "Émettre les deux devis" in words(answer)
    assert "Changer le prix" in words(answer)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"amount": ""}, "Montant TTC de la ligne"),
        ({"amount": "cent"}, "Écrivez un montant en euros, par exemple 120,00."),
        ({"amount": "1,234"}, "deux décimales au plus"),
        ({"amount": "-1"}, "Le montant doit être de zéro ou plus."),
        ({"amount": "1e30"}, "Ce montant est trop grand : 100 000 000,00 € au plus."),
        ({"amount": "NaN"}, "Écrivez un montant en euros"),
        ({"amount": "Infinity"}, "Écrivez un montant en euros"),
        ({"reason": ""}, "Motif"),
    ],
)
def test_a_price_that_cannot_be_is_said_and_kept(operator, typed, message) -> None:
    asked = quotes.request(ON_REQUEST)

    answer = price(operator, asked, **typed)

    assert answer.status_code == 422
    assert message in errors(answer)
    assert len(quotes.waiting(asked)) == 1
    assert f'value="{typed.get("amount", "1 234,50")}"' in answer.content.decode() or typed.get("amount") == ""


def test_the_other_issuers_line_is_refused_in_words(agent) -> None:
    asked = quotes.request(ON_REQUEST)

    answer = price(agent, asked)

    assert answer.status_code == 302
    assert "Cette ligne est celle de l'autre émetteur" in notices(see(agent, asked))
    assert len(quotes.waiting(asked)) == 1


def test_a_price_for_what_the_request_no_longer_asks_is_refused_in_words(operator) -> None:
    asked = quotes.request(ON_REQUEST)
    (line,) = quotes.waiting(asked)
    quotes.revised(asked, ON_REQUEST | {"stockage-supplementaire": 300})

    assert price(operator, asked, fingerprint=line.fingerprint).status_code == 302

    assert CHANGED in notices(see(operator, asked))
    assert len(quotes.waiting(asked)) == 1


def test_a_stale_price_form_that_is_wrong_too_is_not_silent(operator) -> None:
    asked = quotes.request(ON_REQUEST)

    answer = price(operator, asked, fingerprint="0" * 64, amount="")

    assert (answer.status_code, CHANGED in notices(answer)) == (422, True)


def test_lines_of_quotes_in_hand_are_not_priced_again(operator) -> None:
    asked = quotes.request(ON_REQUEST)
    (line,) = quotes.waiting(asked)
    quotes.price(asked)
    quotes.issued(asked)
    typed = {"fingerprint": line.fingerprint, "amount": "1", "reason": "Erreur."}

    assert operator.post(address("request-price", asked), typed).status_code == 302
    assert "ses lignes ne se chiffrent plus" in notices(see(operator, asked))
