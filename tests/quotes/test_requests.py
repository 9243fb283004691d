"""Requests: received once, changed, copied, given up; each act tells the journal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import parties, quotes
from tests.factories.accounts import AT, TESTER
from tripartite.journal.queries import entries_about
from tripartite.parties.models import PublicBody
from tripartite.pricing.order import OrderError
from tripartite.quotes.models import Request
from tripartite.quotes.queries.requests import (
    request_by_reference,
    request_by_token,
    request_list,
)
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import (
    Contact,
    cancel_request,
    create_request,
    duplicate_request,
    revise_request,
    update_contact,
)
from tripartite.quotes.states import (
    QUOTE_LABELS,
    QUOTE_TRANSITIONS,
    REQUEST_LABELS,
    REQUEST_TRANSITIONS,
    QuoteState,
    RequestState,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer(db):
    quotes.offer()


def told(request):
    return [(entry.action, entry.text) for entry in entries_about("request", request.pk)]


def test_a_request_is_numbered_and_told():
    first, second = quotes.request(), quotes.request()

    assert (first.reference, second.reference) == ("D-2026-00005", "D-2026-00006")
    assert (first.state, first.state_label) == ("received", "à émettre")
    assert first.order == quotes.order()
    assert told(first) == [("quotes.request", "Demande D-2026-00005 reçue (saisie par un agent).")]
    assert request_by_reference("D-2026-00006") == second


def test_references_start_again_each_year():
    quotes.request()
    assert quotes.request(at=quotes.NEXT_YEAR).reference == "D-2027-00001"


def test_the_day_of_a_request_is_that_of_paris():
    last_hour = AT.replace(month=12, day=31, hour=23, minute=30)
    assert quotes.request(at=last_hour).reference == "D-2027-00001"


def test_a_form_sent_twice_makes_one_request():
    first = quotes.request(token="jeton", origin="public")
    again = quotes.request({"page-internet": 1}, token="jeton", origin="public")

    assert again == first == request_by_token("jeton")
    assert Request.objects.count() == 1
    assert len(told(first)) == 1
    assert request_by_token("") is None


@pytest.mark.parametrize(
    ("quantities", "code"), [({"inconnu": 1}, "unknown-service"), ({"messagerie-5go": 0}, "bad-quantity"), ({}, None)]
)
def test_what_cannot_be_priced_is_not_recorded(quantities, code):
    with pytest.raises(OrderError) as refused:
        quotes.request(quantities)
    assert code in (None, refused.value.code)
    assert Request.objects.count() == 0
    assert quotes.request().reference == "D-2026-00005"


def test_a_body_that_has_ended_asks_for_nothing():
    ruitz = parties.body(quotes.RUITZ)
    PublicBody.objects.filter(pk=ruitz.pk).update(ended_on=quotes.DAY)
    assert quotes.request().beneficiary == ruitz  # its last day, included

    PublicBody.objects.filter(pk=ruitz.pk).update(
        ended_on=quotes.DAY - timedelta(days=1), merged_into=parties.body(quotes.ARRAS)
    )
    with pytest.raises(QuoteError, match=r"n'existe plus depuis le 22/11/2026 : voir Arras"):
        quotes.request()


def test_a_body_that_is_not_in_the_directory_asks_for_nothing():
    with pytest.raises(QuoteError, match="n'est plus dans l'annuaire"):
        create_request(
            beneficiary_id=404, order=quotes.order(), contact=Contact(), origin="public", actor=TESTER, at=AT
        )


def test_a_change_opens_a_quoted_request_again():
    request = quotes.request()
    quotes.issued(request)
    changed = quotes.revised(request, {"messagerie-5go": 6})

    assert changed.state == RequestState.RECEIVED
    assert changed.order == quotes.order({"messagerie-5go": 6})
    assert told(request)[-1] == (
        "quotes.revise",
        (
            "Demande modifiée. Messagerie, compte 5 Go : 4 → 6 comptes. Nom de domaine : retiré. Démarches"
            " simplifiées : retiré. Une nouvelle version des devis est à émettre."
        ),
    )


def test_the_same_order_again_needs_a_reason():
    request = quotes.request()
    with pytest.raises(QuoteError, match="Rien n'a changé"):
        quotes.revised(request, quotes.ORDINARY, reason="  ")
    quotes.revised(request, quotes.ORDINARY, reason="Devis expirés.")
    assert told(request)[-1][1].endswith("Motif : Devis expirés.")


def test_a_change_that_cannot_be_priced_leaves_the_request_as_it_was():
    request = quotes.request()
    with pytest.raises(OrderError):
        quotes.revised(request, {"inconnu": 1})
    assert quotes.reread(request).order == quotes.order()


def test_a_request_is_given_up_with_a_reason_and_its_quotes_with_it():
    request = quotes.request()
    issued = quotes.issued(request)
    with pytest.raises(QuoteError, match="motif"):
        cancel_request(request_id=request.pk, reason=" ", actor=TESTER, at=AT)
    cancelled = cancel_request(request_id=request.pk, reason="Abandon du projet.", actor=TESTER, at=AT)

    assert (cancelled.state, cancelled.cancelled_at, cancelled.cancel_reason) == ("cancelled", AT, "Abandon du projet.")
    for quote in issued.values():
        quote.refresh_from_db()
        assert (quote.state, quote.state_label) == ("cancelled", "annulé")
    assert ("quotes.cancel", "Demande annulée : Abandon du projet.") in told(request)


def test_nothing_more_is_done_to_a_cancelled_request():
    request = quotes.request()
    cancel_request(request_id=request.pk, reason="Erreur.", actor=TESTER, at=AT)
    with pytest.raises(QuoteError, match="annulée"):
        quotes.revised(request, {"messagerie-5go": 6})
    with pytest.raises(QuoteError, match="annulée"):
        quotes.issued(request)
    with pytest.raises(QuoteError, match="C'est déjà fait : demande « annulée »"):
        cancel_request(request_id=request.pk, reason="Encore.", actor=TESTER, at=AT)


def test_a_copy_is_a_request_of_its_own():
    request = quotes.request({"messagerie-5go": 7}, note="Appeler le matin.", in_service={"messagerie-5go": 2})
    cancel_request(request_id=request.pk, reason="Erreur.", actor=TESTER, at=AT)
    copy = duplicate_request(request_id=request.pk, actor=TESTER, at=AT)

    assert (copy.reference, copy.state, copy.duplicate_of) == ("D-2026-00006", "received", request)
    assert (copy.order, copy.note, copy.contact_name) == (request.order, request.note, "Dominique ACCUEIL")
    assert told(copy)[0][1] == "Demande D-2026-00006 reçue (saisie par un agent), copie de D-2026-00005."


def test_a_corrected_contact_leaves_issued_papers_alone():
    request = quotes.request()
    issued = quotes.issued(request)
    paper = issued["lfn"].document.payload
    update_contact(
        request_id=request.pk,
        contact=Contact(name="Prénom NOM", email="autre@exemple.fr"),
        note="Nouvelle adresse.",
        actor=TESTER,
        at=AT,
    )

    changed = quotes.reread(request)
    assert (changed.contact_email, changed.contact_function, changed.note) == (
        "autre@exemple.fr",
        "",
        "Nouvelle adresse.",
    )
    issued["lfn"].document.refresh_from_db()
    assert issued["lfn"].document.payload == paper
    changes = "adresse électronique : m…@exemple.fr → a…@exemple.fr ; téléphone : …01 → aucun"
    what = "nom, fonction, adresse électronique, téléphone, note"
    assert told(request)[-1] == ("quotes.contact", f"Contact corrigé ({what}). {changes}.")


@pytest.mark.parametrize("verb", [duplicate_request, lambda **named: revise_request(order=quotes.order(), **named)])
def test_a_request_that_does_not_exist_is_refused(verb):
    with pytest.raises(QuoteError, match="n'existe pas"):
        verb(request_id=404, actor=TESTER, at=AT)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["D-2026-00006", "D-2026-00005"]),
        ({"text": "ruitz"}, ["D-2026-00005"]),
        ({"text": "216207274"}, ["D-2026-00005"]),
        ({"text": "d-2026-00006 ARRAS"}, ["D-2026-00006"]),
        ({"text": "LFN-2026-00012"}, ["D-2026-00005"]),
        ({"text": "introuvable"}, []),
        ({"state": "quoted"}, ["D-2026-00005"]),
        ({"state": "received"}, ["D-2026-00006"]),
        ({"state": "n'importe quoi"}, ["D-2026-00006", "D-2026-00005"]),
        ({"origin": "public"}, ["D-2026-00006"]),
        ({"since": quotes.DAY, "until": quotes.DAY}, ["D-2026-00006", "D-2026-00005"]),
        ({"until": quotes.DAY - timedelta(days=1)}, []),
        ({"since": quotes.DAY + timedelta(days=1)}, []),
    ],
)
def test_requests_are_found_by_words_state_door_and_day(asked, found):
    quotes.issued(quotes.request())
    quotes.request({"messagerie-5go": 30}, body=quotes.ARRAS, origin="public")
    assert [request.reference for request in request_list(**asked)] == found


def test_the_database_refuses_a_cancelled_request_without_a_reason():
    quotes.request()
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.update(state="cancelled")


def test_every_state_has_a_label_and_its_transitions():
    assert set(REQUEST_LABELS) == set(REQUEST_TRANSITIONS) == set(RequestState)
    assert set(QUOTE_LABELS) == set(QUOTE_TRANSITIONS) == set(QuoteState)
