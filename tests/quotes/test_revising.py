"""Two agents at one request: nobody erases what another wrote without knowing; what was accepted can be put back."""

from datetime import timedelta

import pytest

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tripartite.journal.queries import entries_about
from tripartite.journal.seen import StaleError
from tripartite.journal.services import Actor
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.queries.seen import contact_mark, order_mark, order_value, same_order
from tripartite.quotes.services.answers import Person, accept_quotes, refuse_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.on_request import price_mark, price_on_request_line
from tripartite.quotes.services.requests import Contact, revise_request, update_contact

ONE, OTHER = Actor("Agent UN"), Actor("Agente DEUX")
LATER = AT + timedelta(minutes=7)
MAIRE = Person("Prénom NOM", "Maire")

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _offer():
    quotes.offer()


def revise(wanted, quantities, **more):
    order = more.pop("order", None) or quotes.order(quantities)
    return revise_request(request_id=wanted.pk, order=order, **({"actor": ONE, "at": LATER} | more))


def last_words(wanted):
    return entries_about("request", wanted.pk).last().text


def accepted():
    wanted = quotes.request()
    quotes.issued(wanted)
    return accept_quotes(request_id=wanted.pk, person=MAIRE, way="online", answered_on=AT.date(), actor=TESTER, at=AT)


def test_the_second_of_two_edits_is_refused_with_what_the_first_changed_and_by_whom() -> None:
    wanted = quotes.request()
    seen = order_mark(wanted)
    revise(wanted, quotes.ORDINARY | {"messagerie-5go": 6}, seen=seen, actor=OTHER)

    with pytest.raises(StaleError) as refused:
        revise(wanted, quotes.ORDINARY | {"nom-de-domaine": 2}, seen=seen)
    said = str(refused.value)
    assert "Agente DEUX, le" in said
    assert "4 → 6 comptes" in said
    assert "Ce que vous avez écrit est gardé ici" in said
    assert quotes.reread(wanted).order == quotes.order(quotes.ORDINARY | {"messagerie-5go": 6})

    revise(wanted, quotes.ORDINARY | {"nom-de-domaine": 2}, seen=refused.value.seen)
    assert quotes.reread(wanted).order == quotes.order(quotes.ORDINARY | {"nom-de-domaine": 2})


def test_what_is_done_beside_the_services_makes_no_edit_stale() -> None:
    wanted = quotes.request()
    seen = order_mark(wanted)
    update_contact(request_id=wanted.pk, contact=Contact("Autre NOM"), note="", actor=OTHER, at=AT)
    revise(wanted, {"messagerie-5go": 6}, seen=seen)
    assert quotes.reread(wanted).order == quotes.order({"messagerie-5go": 6})


def test_the_second_of_two_contacts_is_refused_too() -> None:
    wanted = quotes.request()
    seen = contact_mark(wanted)
    first = Contact(wanted.contact_name, "Secrétaire", "une@exemple.fr", "03 21 00 00 01")
    update_contact(request_id=wanted.pk, contact=first, note="", actor=OTHER, at=AT, seen=seen)
    assert last_words(wanted) == (
        "Contact corrigé (adresse électronique). adresse électronique : m…@exemple.fr → u…@exemple.fr."
    )

    mine = Contact("Prénom NOM", "Secrétaire", "autre@exemple.fr", "03 21 00 00 01")
    with pytest.raises(StaleError, match=r"Agente|Agent UN|Le contact a changé"):
        update_contact(request_id=wanted.pk, contact=mine, note="", actor=ONE, at=LATER, seen=seen)
    fresh = quotes.reread(wanted)
    assert fresh.contact_email == "une@exemple.fr"
    update_contact(request_id=wanted.pk, contact=mine, note="", actor=ONE, at=LATER, seen=contact_mark(fresh))
    assert quotes.reread(wanted).contact_email == "autre@exemple.fr"


def test_two_prices_for_one_line_do_not_cross() -> None:
    wanted = quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    (line,) = quotes.waiting(wanted)
    seen = price_mark(line)

    def price(cents, actor, seen):
        return price_on_request_line(
            request_id=wanted.pk,
            fingerprint=line.fingerprint,
            amount_cents=cents,
            reason="Étude faite.",
            issuer=line.line.issuer,
            actor=actor,
            at=AT,
            seen=seen,
        )

    price(120_000, OTHER, seen)
    with pytest.raises(StaleError, match="Agente DEUX a donné 1\u202f200,00\u00a0€ : Étude faite"):
        price(90_000, ONE, seen)
    found = estimate_request(quotes.reread(wanted), on=quotes.DAY)
    (now,) = [item for item in found.lines if item.fingerprint == line.fingerprint]
    assert now.amount_cents == 120_000
    assert price(90_000, ONE, price_mark(now)).amount_cents == 90_000


def test_the_journal_says_what_changed_service_by_service() -> None:
    wanted = quotes.request({"messagerie-5go": 4, "nom-de-domaine": 1})
    revise(wanted, {"messagerie-5go": 6, "demarches-simplifiees": 1}, reason="Deux élus de plus.")
    said = last_words(wanted)
    assert ": 4 → 6 comptes." in said
    assert "Nom de domaine : retiré." in said
    assert ": ajouté (1)." in said
    assert said.endswith("Une nouvelle version des devis est à émettre. Motif : Deux élus de plus.")


def test_lines_in_another_order_are_no_change() -> None:
    wanted = quotes.request()
    turned = quotes.order(dict(reversed(quotes.ORDINARY.items())))
    assert turned != wanted.order
    assert same_order(turned, wanted.order)
    assert order_value(turned) == order_value(wanted.order)
    with pytest.raises(QuoteError, match="Rien n'a changé"):
        revise(wanted, None, order=turned)


def test_putting_back_what_was_accepted_gives_back_the_acceptance() -> None:
    wanted = accepted()
    assert revise(wanted, {"messagerie-5go": 9}).state == "received"
    turned = quotes.order(dict(reversed(quotes.ORDINARY.items())))
    assert revise(wanted, None, order=turned).state == "accepted"
    assert last_words(wanted).endswith("Ce que disent les devis en main est remis : devis acceptés.")
    (version,) = quotes.reread(wanted).versions.all()
    assert {quote.state for quote in version.quotes.all()} == {"accepted"}


def test_putting_back_what_was_quoted_or_refused_gives_that_back() -> None:
    wanted = quotes.request()
    quotes.issued(wanted)
    revise(wanted, {"messagerie-5go": 9})
    assert revise(wanted, quotes.ORDINARY).state == "quoted"
    refuse_quotes(
        request_id=wanted.pk,
        person=MAIRE,
        reason="Trop tard.",
        answered_on=AT.date(),
        way="paper",
        actor=TESTER,
        at=AT,
    )
    revise(wanted, {"messagerie-5go": 9})
    assert revise(wanted, quotes.ORDINARY).state == "refused"


def test_the_same_again_with_a_reason_still_asks_for_a_new_version() -> None:
    wanted = accepted()
    assert revise(wanted, quotes.ORDINARY, reason="Nouveau tarif.").state == "received"
    assert {quote.version.version for quote in quotes.issued(wanted, at=LATER).values()} == {2}
