"""A letter that cannot be written stops no act: it is set aside, journaled and shown; the others go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER, account
from tests.factories.conventions import DAY, MAYOR, SCAN, read, signatory
from tests.web.conftest import words
from tripartite.accounts.models import AccessLink, User
from tripartite.accounts.services.news import want_news
from tripartite.conventions.models import Signatory
from tripartite.conventions.queries.access import not_told
from tripartite.conventions.queries.conventions import conventions_of_request
from tripartite.conventions.services.ending import NoticeGiven, annul_ending, end_convention
from tripartite.conventions.services.refusing import refuse_to_sign
from tripartite.conventions.services.reminders import remind_signatory
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.messages.queries import messages_about
from tripartite.messages.services.queueing import MessageError, requeue_message
from tripartite.messages.states import MessageState
from tripartite.quotes.models import Request
from tripartite.quotes.services.answers import accept_quotes, refuse_quotes

pytestmark = pytest.mark.django_db
BAD = "mairie chez exemple"
WHY = "L'adresse du destinataire n'est pas une adresse électronique."
ADDRESSES = {"beneficiary": "maire@exemple.fr", "lfn": "lfn@exemple.fr", "cdg62": "cdg62@exemple.fr"}


@pytest.fixture(autouse=True)
def _offer():
    conventions.offer()


def out(**addresses):
    """A convention out for signature, with an address for each signatory; then some addresses that cannot be one, as
    they could be kept before they were checked."""
    made = conventions.drafted()
    for role, email in ADDRESSES.items():
        conventions.name_signatory(signatory(made, role), email=email)
    send_convention(convention_id=made.pk, actor=TESTER, at=AT)
    for role, email in addresses.items():
        Signatory.objects.filter(convention=made, role=role).update(email=email)
    return read(made)


def sign(convention, role):
    record_paper_signature(
        signatory_id=signatory(convention, role).pk,
        signed_on=DAY,
        scan=SCAN,
        original_place="Secrétariat",
        actor=TESTER,
        at=AT,
    )


def told(convention, kind):
    """To whom the letters of a kind go, and to whom they could not."""
    found = [one for one in messages_about("request", convention.request_id) if one.kind == kind]
    aside = {one.recipient for one in found if one.state == MessageState.GIVEN_UP}
    return {one.recipient for one in found} - aside, aside


def journaled(convention):
    found = entries_about("request", convention.request_id).filter(action="messages.set-aside")
    return [entry.text for entry in found]


def test_a_signature_is_recorded_though_another_party_cannot_be_written_to() -> None:
    made = out(lfn=BAD)

    sign(made, "beneficiary")

    assert read(made).state == "partly-signed"
    assert told(made, "convention.signature") == ({"cdg62@exemple.fr"}, {BAD})
    subject = f"{made.number} : Prénom NOM a signé, votre signature est attendue"
    assert journaled(made) == [f"Courriel non écrit, « {subject} » : {WHY}"]
    aside = Message.objects.get(kind="convention.signature", recipient=BAD)
    assert (aside.last_error, aside.attempts, aside.sent_at) == (WHY, 0, None)
    assert "/espace/lien/" not in aside.text + aside.html
    assert not AccessLink.objects.filter(email=BAD).exists()
    assert not_told(made.request, [read(made)]) == [aside]
    with pytest.raises(MessageError, match="Corrigez-la dans le dossier"):
        requeue_message(message_id=aside.pk, actor=TESTER, at=AT)

    conventions.name_signatory(signatory(made, "lfn"), email="autre@exemple.fr")
    assert not_told(made.request, [read(made)]) == []


def test_every_act_that_tells_several_parties_is_recorded() -> None:
    made = out(cdg62=BAD)
    Request.objects.update(contact_email="accueil")
    for role in ("beneficiary", "lfn", "cdg62"):
        sign(made, role)
    good, bad = {"maire@exemple.fr", "lfn@exemple.fr"}, {BAD, "accueil"}
    assert (read(made).state, told(made, "convention.in-force")) == ("in-force", (good, bad))

    notice = NoticeGiven("lfn", DAY, "plus d'équipe", "general-interest")
    end_convention(convention_id=made.pk, notice=notice, actor=TESTER, at=AT)
    assert told(made, "conventions.ending") == (good, bad)
    annul_ending(ending_id=read(made).endings.get().pk, reason="erreur", actor=TESTER, at=AT)
    assert told(made, "conventions.ending-annulled") == (good, bad)

    other = out(beneficiary=BAD)
    refuse_to_sign(
        signatory_id=signatory(other, "lfn").pk, way="paper", refused_on=DAY, reason="non", actor=TESTER, at=AT
    )
    left = {"lfn@exemple.fr", "cdg62@exemple.fr", "mairie@exemple.fr"}
    assert (read(other).state, told(other, "convention.refused")) == ("refused", (left, {BAD}))


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("refuse", "refused")])
def test_an_answer_is_recorded_though_the_contact_cannot_be_written_to(answer, state) -> None:
    asked = quotes.request()
    quotes.issued(asked)
    Request.objects.update(contact_email=BAD)
    given = {"request_id": asked.pk, "person": MAYOR, "way": "online", "answered_on": DAY, "actor": TESTER, "at": AT}
    if answer == "accept":
        accept_quotes(**given)
    else:
        refuse_quotes(reason="trop cher", **given)

    asked = quotes.reread(asked)
    assert asked.state == state
    (aside,) = not_told(asked, conventions_of_request(asked.pk))
    assert (aside.kind, aside.recipient, aside.last_error) == (f"quotes.{state}", BAD, WHY)


def test_an_agent_who_cannot_be_written_to_stops_nothing() -> None:
    someone = account(email="agent@exemple.fr")
    User.objects.filter(pk=someone.pk).update(email="agent", name="Prénom\nNOM")
    want_news(account_id=someone.pk, how="at-once", actor=TESTER, at=AT)
    made = out()
    sign(made, "beneficiary")
    assert read(made).state == "partly-signed"
    aside = Message.objects.filter(about_kind="account", state=MessageState.GIVEN_UP).values_list(
        "recipient", flat=True
    )
    assert set(aside) == {"agent"}


def test_the_pages_of_the_file_show_who_was_not_told(client) -> None:
    made = out(lfn=BAD)
    sign(made, "beneficiary")
    client.force_login(account())
    for name, key in (("request", made.request.reference), ("convention", made.pk)):
        page = words(client.get(reverse(name, args=[key])))
        assert f"Courriel non parti à {BAD}, « {made.number} : Prénom NOM a signé" in page
        assert f"» : {WHY} Corriger l'adresse, ou prévenir autrement." in page.replace("’", "'")


def test_a_reminder_that_cannot_be_written_is_not_told_as_made() -> None:
    made = out(lfn=BAD)
    key = signatory(made, "lfn").pk
    later = AT + timedelta(days=20)
    assert remind_signatory(signatory_id=key, on=later.date(), every=15, actor=TESTER, at=later)
    last = entries_about("request", made.request_id).filter(action="conventions.remind").last()
    assert last.text == f"Relance non partie de Alix FIBRE, Président pour la signature de {made.number}."
