"""Lines on request: priced by an agent of their issuer, with a reason, for exactly what was seen."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tripartite.documents.queries import payload_of
from tripartite.journal.queries import entries_about
from tripartite.quotes.models import OnRequestPrice
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.on_request import price_on_request_line
from tripartite.quotes.services.requests import cancel_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_waiting(db):
    quotes.offer()
    return quotes.request(quotes.WITH_STORAGE_ON_REQUEST)


def price(request, **changes):
    (line,) = quotes.waiting(request)
    values = {
        "fingerprint": line.fingerprint,
        "amount_cents": 120_000,
        "reason": "Étude faite.",
        "issuer": "lfn",
    }
    return price_on_request_line(request_id=request.pk, actor=TESTER, at=AT, **(values | changes))


def test_a_price_counts_in_the_totals_of_its_issuer(request_waiting):
    before = estimate_request(quotes.reread(request_waiting), on=quotes.DAY).totals["lfn"]
    given = price(request_waiting, reason="  Étude faite. ")
    after = estimate_request(quotes.reread(request_waiting), on=quotes.DAY).totals["lfn"]

    assert (before.yearly_cents, before.complete) == (46_300, False)
    assert (after.yearly_cents, after.complete) == (46_300 + 120_000, True)
    assert (given.reason, given.priced_by, given.priced_at) == ("Étude faite.", "essai", AT)
    last = list(entries_about("request", request_waiting.pk))[-1]
    assert (last.action, last.details) == ("quotes.price", {"amount_cents": 120_000})
    named = "Stockage supplémentaire › Abonnement (La Fibre Numérique 59-62)"
    assert last.text == f"{named} chiffré à 1\u202f200,00\u00a0€ : Étude faite."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "cdg62"}, "l'autre émetteur"),
        ({"reason": " \n"}, "motif"),
        ({"amount_cents": -1}, "zéro ou plus"),
        ({"amount_cents": 10**13}, "montant"),
        ({"fingerprint": "0" * 64}, "a changé depuis l'affichage"),
    ],
)
def test_what_is_not_a_price_is_refused(request_waiting, wrong, said):
    with pytest.raises(QuoteError, match=said):
        price(request_waiting, **wrong)
    assert not OnRequestPrice.objects.exists()


def test_a_line_that_the_grid_prices_is_not_priced_again(request_waiting):
    lines = estimate_request(quotes.reread(request_waiting), on=quotes.DAY).lines
    priced = next(line for line in lines if not line.waits)
    with pytest.raises(QuoteError, match="a changé"):
        price(request_waiting, fingerprint=priced.fingerprint, issuer=priced.line.issuer)


def test_a_price_of_zero_is_a_price(request_waiting):
    price(request_waiting, amount_cents=0)
    assert quotes.waiting(request_waiting) == ()
    assert quotes.issued(request_waiting)["lfn"].yearly_cents == 46_300


def test_another_quantity_waits_for_another_price(request_waiting):
    seen = quotes.waiting(request_waiting)[0].fingerprint
    price(request_waiting)
    quotes.revised(request_waiting, {"sauvegarde": 1, "stockage-supplementaire": 300})

    (line,) = quotes.waiting(request_waiting)
    assert line.fingerprint != seen
    with pytest.raises(QuoteError, match="a changé depuis l'affichage"):
        price(request_waiting, fingerprint=seen)


def test_what_is_held_makes_another_line():
    quotes.offer()
    bare = quotes.request({"stockage-supplementaire": 101})
    held = quotes.request({"stockage-supplementaire": 101}, in_service={"stockage-supplementaire": 20})
    assert quotes.waiting(bare)[0].fingerprint != quotes.waiting(held)[0].fingerprint


def test_the_first_quantity_again_finds_its_price_again(request_waiting):
    price(request_waiting)
    quotes.revised(request_waiting, {"sauvegarde": 1, "stockage-supplementaire": 300})
    quotes.revised(request_waiting, quotes.WITH_STORAGE_ON_REQUEST)
    assert quotes.waiting(request_waiting) == ()


def test_the_latest_price_counts_and_the_earlier_one_is_kept(request_waiting):
    (line,) = quotes.waiting(request_waiting)
    price(request_waiting)
    price_on_request_line(
        request_id=request_waiting.pk,
        fingerprint=line.fingerprint,
        amount_cents=90_000,
        reason="Remise.",
        issuer="lfn",
        actor=TESTER,
        at=AT,
    )
    assert [given.amount_cents for given in request_waiting.on_request_prices.all()] == [120_000, 90_000]
    assert quotes.issued(request_waiting)["lfn"].yearly_cents == 46_300 + 90_000


def test_the_reason_is_printed(request_waiting):
    price(request_waiting, reason='Étude « A » # \\ " *')
    lines = payload_of(quotes.issued(request_waiting)["lfn"].document)["families"][0]["lines"]
    assert lines[-1]["note"] == 'Prix établi sur devis : Étude « A » # \\ " *'
    assert lines[-1]["due"]["gross_cents"] == 120_000


def test_lines_are_not_priced_once_quotes_are_out_or_the_request_given_up(request_waiting):
    seen = quotes.waiting(request_waiting)[0].fingerprint
    quotes.price(request_waiting)
    quotes.issued(request_waiting)
    with pytest.raises(QuoteError, match="devis émis"):
        price_on_request_line(
            request_id=request_waiting.pk,
            fingerprint=seen,
            amount_cents=1,
            reason="Trop tard.",
            issuer="lfn",
            actor=TESTER,
            at=AT,
        )
    cancel_request(request_id=request_waiting.pk, reason="Abandon.", actor=TESTER, at=AT)
    with pytest.raises(QuoteError, match="annulée"):
        price_on_request_line(
            request_id=request_waiting.pk,
            fingerprint=seen,
            amount_cents=1,
            reason="Trop tard.",
            issuer="lfn",
            actor=TESTER,
            at=AT,
        )


def test_the_database_refuses_a_price_without_reason(request_waiting):
    price(request_waiting)
    with pytest.raises(IntegrityError), transaction.atomic():
        OnRequestPrice.objects.update(reason="")
