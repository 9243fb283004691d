"""Queueing: with the act that causes it or not at all; headers that cannot be broken; forgetting, asking again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tests.factories.accounts import AT, TESTER
from tests.messages.outbox import later, now, paper, queued, send, told
from tripartite.config import Mode
from tripartite.messages.models import Message
from tripartite.messages.queries import attachment_of, message_counts, message_list, messages_about
from tripartite.messages.services.queueing import MessageError, forget_messages, queue_message, requeue_message
from tripartite.messages.services.sending import Tally
from tripartite.messages.states import MessageState

pytestmark = pytest.mark.django_db


def test_a_message_waits_with_its_papers(loopback):
    message = now(queued(attachments=[paper(), paper(number=None, title="Convention : Ruitz/CDG")]))

    assert (message.state, message.attempts, message.next_attempt_at) == ("queued", 0, AT)
    assert message.message_id.endswith("@exemple.fr>")
    assert [one.name for one in message.attachments.all()] == ["LFN-2026-00012.pdf", "Convention - Ruitz-CDG.pdf"]
    assert told() == ["Courriel à envoyer : « Vos devis »"]


def test_each_message_has_an_identity_of_its_own(loopback):
    assert queued().message_id != queued().message_id


def test_a_transaction_that_fails_leaves_nothing_to_send(loopback):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)

    assert (Message.objects.count(), told(), send(), loopback.taken) == (0, [], Tally(), [])


@pytest.mark.usefixtures("transactional_db")
def test_nothing_is_queued_outside_a_transaction(loopback):
    with pytest.raises(transaction.TransactionManagementError):
        queue_message(
            kind="quotes.issued",
            to=("", "mairie@ruitz.exemple.fr"),
            subject="Vos devis",
            text="",
            about=("request", 12),
            actor=TESTER,
            at=AT,
        )


@pytest.mark.parametrize("breaking", ["\r\nBcc: autre@exemple.fr", "\n", "\r", "\x00", "\x85", "\u2028", "\x0b"])
def test_no_header_can_be_slipped_in(loopback, breaking):
    for changes, words in (
        ({"to": (f"Ruitz{breaking}", "mairie@ruitz.exemple.fr")}, "Le nom"),
        ({"to": ("Ruitz", f"mairie@ruitz.exemple.fr{breaking}")}, "L'adresse"),
        ({"subject": f"Vos devis{breaking}"}, "L'objet"),
    ):
        with pytest.raises(MessageError, match=words):
            queued(**changes)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    ["", "ruitz", "a@b", "deux@exemple.fr, autre@exemple.fr", "Ruitz <mairie@exemple.fr>", f"{'a' * 245}@exemple.fr"],
)
def test_what_is_not_one_address_is_refused(loopback, address):
    with pytest.raises(MessageError, match="adresse"):
        queued(to=("", address))


def test_a_message_has_a_subject_and_papers_that_exist(loopback):
    with pytest.raises(MessageError, match="objet"):
        queued(subject=" ")
    with pytest.raises(MessageError, match="papier"):
        queued(attachments=[404])


def test_long_names_and_subjects_are_shortened(loopback):
    message = now(queued(to=("é" * 400, "mairie@ruitz.exemple.fr"), subject="🦊" * 400))
    assert message.recipient_name == "é" * 199 + "…"
    assert message.subject == "🦊" * 299 + "…"


def test_local_mode_without_a_server_keeps_messages_and_sends_none(loopback, settings):
    without = settings.CONFIG
    settings.CONFIG = replace(without, smtp="")
    message = now(queued())
    settings.CONFIG = without

    assert (message.state, message.next_attempt_at) == ("kept", None)
    assert told() == ["Courriel gardé, sans serveur de courrier : « Vos devis »"]
    assert (send(later(days=30)), loopback.taken) == (Tally(), [])


def test_server_mode_without_a_server_lets_messages_wait(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, smtp="", mode=Mode.SERVER)
    assert now(queued()).state == "queued"


def given_up(loopback):
    loopback.script.append({"RCPT": "550 5.1.1 inconnu"})
    message = queued()
    send()
    return message


def test_a_message_given_up_is_sent_when_somebody_asks(loopback):
    message = given_up(loopback)
    requeue_message(message_id=message.pk, actor=TESTER, at=later(days=10))

    again = now(message)
    assert (again.state, again.attempts, again.last_error) == ("queued", 0, "")
    assert (again.created_at, again.queued_at) == (AT, later(days=10))
    assert send(later(days=10)) == Tally(sent=1)
    assert [one.message_id for one in loopback.taken] == [message.message_id]
    assert told()[2] == "Courriel à renvoyer à m…@ruitz.exemple.fr."


def test_only_a_message_given_up_is_asked_for_again(loopback):
    message = queued()
    with pytest.raises(MessageError, match="à envoyer"):
        requeue_message(message_id=message.pk, actor=TESTER, at=AT)
    send()
    with pytest.raises(MessageError, match="envoyé"):
        requeue_message(message_id=message.pk, actor=TESTER, at=AT)
    with pytest.raises(MessageError, match="n'existe pas"):
        requeue_message(message_id=message.pk + 1, actor=TESTER, at=AT)


def test_to_whom_it_went_is_forgotten_once_it_has_ended(loopback):
    sent, other = queued(), queued(about=("request", 13))
    send()
    waiting = queued()

    assert forget_messages(about=("request", 12), actor=TESTER, at=AT) == 1
    assert forget_messages(about=("request", 12), actor=TESTER, at=AT) == 0
    forgotten = now(sent)
    assert (forgotten.recipient, forgotten.recipient_name, forgotten.text) == ("(effacé)", "", "(effacé)")
    assert (forgotten.state, forgotten.sent_at, forgotten.message_id) == ("sent", AT, sent.message_id)
    assert now(waiting).recipient == now(other).recipient == "mairie@ruitz.exemple.fr"


def test_a_forgotten_message_is_not_sent_again(loopback):
    message = given_up(loopback)
    forget_messages(about=("request", 12), actor=TESTER, at=AT)
    with pytest.raises(MessageError, match="effacées"):
        requeue_message(message_id=message.pk, actor=TESTER, at=AT)


def test_the_lists(loopback, django_assert_num_queries):
    first = queued(attachments=[paper()])
    send()
    second = queued(about=("request", 13), at=AT + timedelta(minutes=1))

    assert [one.pk for one in message_list()] == [second.pk, first.pk]
    assert [one.pk for one in message_list({MessageState.SENT})] == [first.pk]
    assert [one.pk for one in messages_about("request", 13)] == [second.pk]
    assert message_counts() == dict.fromkeys(MessageState, 0) | {MessageState.SENT: 1, MessageState.QUEUED: 1}
    piece = now(first).attachments.get()
    assert attachment_of(first.pk, piece.pk) == piece
    assert attachment_of(second.pk, piece.pk) is None
