"""What became of the quotes: to whom they were sent, when, with which outcome; sent again where they were not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tripartite.messages.queries import messages_about
from tripartite.messages.services.sending import send_due_messages
from tripartite.messages.transport import Answer, Mail
from tripartite.messages.transport import Outcome as Delivery
from tripartite.quotes.models import Request
from tripartite.quotes.queries.fates import Outcome, fate_of, fates, version_fates
from tripartite.quotes.queries.queues import queues
from tripartite.quotes.queries.requests import quotes_in_hand
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import Contact, update_contact
from tripartite.quotes.services.sending import send_quotes

NOBODY = Contact("Prénom NOM", "Maire")
REFUSED = "Le serveur de courrier refuse le destinataire."


class Server:
    """Answers every letter alike."""

    def __init__(self, outcome: Delivery, reason: str = "") -> None:
        self.answer = Answer(outcome, reason)

    def deliver(self, mail: Mail) -> Answer:
        assert mail.recipient
        return self.answer


@pytest.fixture
def wanted(transactional_db, settings):
    settings.CONFIG = replace(settings.CONFIG, smtp="smtp://courrier.invalid:25?tls=none")
    quotes.offer()
    made = quotes.request()
    quotes.issued(made)
    return quotes.reread(made)


def send(wanted, at=AT):
    return send_quotes(request_id=wanted.pk, actor=TESTER, at=at)


def correct(wanted, email):
    contact = Contact("Prénom NOM", "Maire", email)
    return update_contact(request_id=wanted.pk, contact=contact, note="", actor=TESTER, at=AT)


def letters(wanted):
    return [one.recipient for one in messages_about("request", wanted.pk) if one.kind == "quotes.issued"]


def test_from_the_outbox_to_an_address_corrected(wanted) -> None:
    fate = fate_of(wanted)
    assert (fate.outcome, fate.recipient, fate.at) == (Outcome.WAITING, "mairie@exemple.fr", AT)
    assert queues(on=quotes.DAY).unsent == ()
    with pytest.raises(QuoteError, match="partent déjà"):
        send(wanted)

    send_due_messages(at=AT, transport=Server(Delivery.REFUSED, REFUSED))
    fate = fate_of(wanted)
    assert (fate.outcome, fate.recipient, fate.reason) == (Outcome.FAILED, "mairie@exemple.fr", REFUSED)
    assert queues(on=quotes.DAY).unsent == (wanted.pk,)

    assert send(wanted) == "mairie@exemple.fr"
    later = AT + timedelta(minutes=5)
    send_due_messages(at=later, transport=Server(Delivery.ACCEPTED))
    fate = fate_of(wanted)
    assert (fate.outcome, fate.recipient, fate.at) == (Outcome.SENT, "mairie@exemple.fr", later)
    assert queues(on=quotes.DAY).unsent == ()

    fresh = correct(wanted, "accueil@exemple.fr")
    fate = fate_of(fresh)
    assert (fate.outcome, fate.address, fate.recipient) == (Outcome.UNSENT, "accueil@exemple.fr", "mairie@exemple.fr")
    assert queues(on=quotes.DAY).unsent == (wanted.pk,)
    assert send(fresh) == "accueil@exemple.fr"
    assert [one.outcome for one in version_fates(quotes.reread(fresh)).values()] == [Outcome.WAITING]
    assert letters(wanted) == ["accueil@exemple.fr", "mairie@exemple.fr", "mairie@exemple.fr"]


@pytest.mark.django_db
def test_without_an_address_nothing_is_sent_until_one_is_given() -> None:
    quotes.offer()
    made = quotes.request(contact=NOBODY)
    quotes.issued(made)

    assert fate_of(made).outcome is Outcome.NO_ADDRESS
    with pytest.raises(QuoteError, match="pas d'adresse"):
        send(made)
    assert correct(made, "mairie@exemple.fr").contact_email == "mairie@exemple.fr"
    assert send(made) == "mairie@exemple.fr"
    assert letters(made) == ["mairie@exemple.fr"]


@pytest.mark.django_db
def test_quotes_are_sent_only_while_they_can_be_answered() -> None:
    quotes.offer()
    made = quotes.request()
    with pytest.raises(QuoteError, match="à émettre"):
        send(made)
    quotes.issued(made)
    with pytest.raises(QuoteError, match="expiré"):
        send(made, at=AT + timedelta(days=400))


@pytest.mark.django_db
def test_the_fates_of_a_page_are_one_query() -> None:
    quotes.offer()
    for _ in range(3):
        quotes.issued(quotes.request())
    found = list(Request.objects.all())
    in_hand = quotes_in_hand(found)
    with CaptureQueriesContext(connection) as queries:
        assert len(fates(found, in_hand)) == 3
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_name_pasted_with_a_tab_is_cleaned_and_its_letter_leaves() -> None:
    quotes.offer()
    made = quotes.request(contact=Contact("Prénom\tNOM\u202e", "Maire\n", "\tmairie@exemple.fr "))
    assert (made.contact_name, made.contact_function) == ("Prénom NOM", "Maire")
    assert made.contact_email == "mairie@exemple.fr"
    quotes.issued(made)
    assert letters(made) == ["mairie@exemple.fr"]


@pytest.mark.django_db
def test_a_name_kept_with_a_tab_before_is_written_to_all_the_same() -> None:
    quotes.offer()
    made = quotes.request()
    Request.objects.update(contact_name="Prénom\tNOM")
    quotes.issued(made)
    assert [one.recipient_name for one in messages_about("request", made.pk)] == ["Prénom NOM"]


@pytest.mark.django_db
def test_an_address_that_cannot_be_one_is_refused_where_it_is_typed_and_never_in_silence() -> None:
    quotes.offer()
    with pytest.raises(QuoteError, match="« mairie » n'est pas une adresse"):
        quotes.request(contact=Contact("Prénom NOM", "", "mairie"))
    assert list(Request.objects.all()) == []

    made = quotes.request()
    Request.objects.update(contact_email="mairie")  # as it could be kept before
    with pytest.raises(QuoteError, match="ne peut pas être écrit"):
        quotes.issued(made)
    assert quotes.reread(made).state == "received"
