"""Sending through a real server: taken, put off, refused, given up; what is said of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.factories.accounts import AT, TESTER
from tests.messages.outbox import PDF, later, now, paper, queued, send, told
from tests.messages.server import HANG_UP, HOLD
from tripartite.config import MailServer, Tls
from tripartite.journal.append_only import lifting_statements
from tripartite.messages.models import Message
from tripartite.messages.services.queueing import requeue_message
from tripartite.messages.services.sending import Tally, send_due_messages, waiting_time
from tripartite.messages.transport import CONVERSATION, Answer, Outcome, Smtp
from tripartite.pricing.typography import typeset

pytestmark = pytest.mark.django_db


def test_a_message_is_sent_with_its_papers(loopback):
    message = queued(
        html="<p>Voici vos <b>deux</b> devis.</p>", attachments=[paper(), paper(number="CDG62-2026-00047")]
    )

    assert send() == Tally(sent=1)
    (taken,) = loopback.taken
    assert (taken.sender, taken.recipient) == ("tripartite@exemple.fr", "mairie@ruitz.exemple.fr")
    wire = taken.message
    assert wire["From"] == "Tripartite <tripartite@exemple.fr>"
    assert wire["To"] == "Mairie de Ruitz <mairie@ruitz.exemple.fr>"
    assert (wire["Subject"], wire["Message-ID"]) == ("Vos devis", message.message_id)
    assert (wire["Date"].datetime, wire["Auto-Submitted"]) == (AT, "auto-generated")
    assert wire.get_body(("plain",)).get_content() == "Bonjour,\n\nVoici vos deux devis.\n"
    assert wire.get_body(("html",)).get_content().strip() == "<p>Voici vos <b>deux</b> devis.</p>"
    assert [(one.get_filename(), one.get_content()) for one in wire.iter_attachments()] == [
        ("LFN-2026-00012.pdf", PDF),
        ("CDG62-2026-00047.pdf", PDF),
    ]
    sent = now(message)
    assert (sent.state, sent.attempts, sent.sent_at, sent.next_attempt_at) == ("sent", 1, AT, None)
    assert told()[1:] == ["Courriel envoyé à m…@ruitz.exemple.fr : « Vos devis »"]


def test_what_was_sent_is_not_sent_again(loopback):
    queued()
    assert [send(), send(), send(later(days=30))] == [Tally(sent=1), Tally(), Tally()]
    assert len(loopback.taken) == 1


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Communauté d'agglomération de Béthune-Bruay, Artois-Lys Romane " * 3, "Vos devis : « é » " * 16),
        ('Mairie "Le Bourg", <sud> \\ nord; à: l\'est', "Un seul mot de plus de septante-huit signes" + "x" * 200),
        ("Mairie 🦊 " * 20, "🦊" * 150),
        ("", "Re: =?"),
        ("R\u202eztiu", "Ж 東京 ﷽"),
        (".", "."),
    ],
    ids=["accents", "signs", "emoji", "no name", "other scripts", "points"],
)
def test_names_arrive_as_they_were_typed_and_subjects_set(loopback, name, subject):
    message = queued(to=(name, "mairie@ruitz.exemple.fr"), subject=subject, text=".\n..\nFrom\n" + "é" * 2000 + "\n")

    assert send() == Tally(sent=1), now(message).last_error
    wire = loopback.taken[0].message
    (to,) = wire["To"].addresses
    assert (to.display_name.strip(), to.addr_spec) == (message.recipient_name.strip(), "mairie@ruitz.exemple.fr")
    assert wire["Subject"].strip() == typeset(message.subject).strip()
    assert wire.get_body(("plain",)).get_content() == ".\n..\nFrom\n" + "é" * 2000 + "\n"
    assert max(len(line) for line in loopback.taken[0].content.split(b"\r\n")) <= 998


def test_a_domain_with_accents_goes_as_the_wire_wants_it(loopback):
    queued(to=("Mairie", "mairie@béthune.exemple.fr"))
    assert send() == Tally(sent=1)
    assert loopback.taken[0].recipient == "mairie@xn--bthune-bva.exemple.fr"


def test_a_server_that_is_away_is_waited_for(loopback):
    message = queued()
    loopback.close()

    assert send() == Tally(postponed=1)
    put_off = now(message)
    assert (put_off.state, put_off.attempts, put_off.next_attempt_at) == ("failed", 1, later(minutes=1))
    assert put_off.last_error == "Le serveur de courrier est injoignable : connexion refusée."
    assert told()[1] == (
        "Envoi à m…@ruitz.exemple.fr échoué, nouvel essai le 23/11/2026 à 10 h 01 :"
        " Le serveur de courrier est injoignable : connexion refusée."
    )
    loopback.open()
    assert send(later(seconds=59)) == Tally()
    assert send(later(minutes=1)) == Tally(sent=1)
    sent = now(message)
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 2, "")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"RCPT": "450 4.2.0 liste grise"}, "refuse le destinataire : « 450 4.2.0 liste grise »."),
        ({"END": "451 4.3.0 plus tard"}, "refuse le message : « 451 4.3.0 plus tard »."),
        ({"DATA": "421 4.3.2 fermeture"}, "refuse le message : « 421 4.3.2 fermeture »."),
        ({"GREETING": "554 5.3.2 pas de courrier"}, "répond autrement qu'attendu : « 554 5.3.2 pas de courrier »."),
        ({"MAIL": "550 5.7.1 inconnu ici"}, "refuse l'expéditeur de TRIPARTITE_MAIL_FROM : « 550 5.7.1 inconnu ici »."),
        ({"GREETING": HANG_UP}, "a coupé la conversation."),
        ({"RCPT": HANG_UP}, "a coupé la conversation."),
        ({"DATA": HANG_UP}, "a coupé la conversation."),
        ({"END": HANG_UP}, "a coupé la conversation."),
        ({"END": "garbage"}, "répond autrement qu'attendu."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_may_pass_is_tried_again(loopback, answer, reason):
    message = queued()
    loopback.script.append(answer)

    assert send() == Tally(postponed=1)
    assert now(message).last_error == f"Le serveur de courrier {reason}"
    assert send(later(minutes=1)) == Tally(sent=1)
    assert [one.message_id for one in loopback.taken] == [message.message_id]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"RCPT": "550 5.1.1 boîte inconnue"}, "refuse le destinataire : « 550 5.1.1 boîte inconnue »."),
        ({"END": "554 5.7.1 indésirable"}, "refuse le message : « 554 5.7.1 indésirable »."),
    ],
    ids=["recipient", "content"],
)
def test_what_is_refused_for_good_is_given_up_at_once(loopback, answer, reason):
    message = queued()
    loopback.script.append(answer)

    assert send() == Tally(given_up=1)
    ended = now(message)
    assert (ended.state, ended.next_attempt_at) == ("given-up", None)
    assert ended.last_error == f"Le serveur de courrier {reason}"
    assert told()[1:] == [f"Envoi à m…@ruitz.exemple.fr abandonné : Le serveur de courrier {reason}"]
    assert send(later(days=30)) == Tally()


@pytest.mark.parametrize("goodbye", [HANG_UP, "500 5.5.2 what?", "garbage"])
def test_once_the_server_has_said_yes_its_goodbye_changes_nothing(loopback, goodbye):
    queued()
    loopback.script.append({"QUIT": goodbye})
    assert send() == Tally(sent=1)


def test_tries_come_less_and_less_often_for_three_days(loopback):
    message = queued()
    loopback.close()
    waits, at = [], AT
    while send(at).postponed:
        again_at = now(message).next_attempt_at
        waits.append(int((again_at - at).total_seconds() // 60))
        at = again_at
    loopback.open()

    assert waits == [1, 5, 15, 60, 240, 720, 720, 720, 720, 720]
    ended = now(message)
    assert (ended.state, ended.attempts) == ("given-up", 11)
    assert later(days=2, hours=12) < at <= later(days=3)


def test_patience_is_a_setting(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, mail_retries=(timedelta(minutes=2),), mail_patience=timedelta(minutes=5))
    message = queued()
    loopback.close()
    tallies = [send(later(minutes=minutes)) for minutes in (0, 2, 4, 6)]
    loopback.open()

    assert tallies == [Tally(postponed=1), Tally(postponed=1), Tally(given_up=1), Tally()]
    assert now(message).state == "given-up"


def test_a_try_is_made_at_the_very_end_of_patience_which_begins_again_when_somebody_asks(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, mail_retries=(timedelta(minutes=2),), mail_patience=timedelta(minutes=4))
    message = queued()
    loopback.close()
    tallies = [send(later(minutes=minutes)) for minutes in (0, 2, 4)]
    requeue_message(message_id=message.pk, actor=TESTER, at=later(days=9))
    again = send(later(days=9))
    loopback.open()

    assert tallies == [Tally(postponed=1), Tally(postponed=1), Tally(given_up=1)]
    assert again == Tally(postponed=1)


def test_waiting_times():
    times = [timedelta(minutes=1), timedelta(minutes=5)]
    assert [waiting_time(times, attempts) for attempts in (1, 2, 3)] == [times[0], times[1], times[1]]


def test_one_bad_message_does_not_stop_the_others(loopback):
    queued(at=later(minutes=-2))
    queued()
    loopback.script.append({"RCPT": "550 5.1.1 inconnu"})
    assert send() == Tally(sent=1, given_up=1)


def test_a_limit_leaves_the_rest_for_the_next_run(loopback):
    first = [queued(at=later(minutes=-minutes)) for minutes in (1, 3, 2)]
    assert [send(limit=2), send(limit=2)] == [Tally(sent=2), Tally(sent=1)]
    oldest_first = [first[1], first[2], first[0]]
    assert [one.message_id for one in loopback.taken] == [one.message_id for one in oldest_first]


def test_a_paper_that_was_altered_is_not_sent(loopback):
    message = queued(attachments=[paper()])
    with connection.cursor() as cursor:
        for statement in lifting_statements(connection.vendor, "documents_content"):
            cursor.execute(statement)
        cursor.execute("UPDATE documents_content SET pdf = %s", [b"%PDF-1.7 autre"])

    assert send() == Tally(given_up=1)
    assert now(message).last_error == "Une pièce jointe n'a plus l'empreinte gardée avec elle : rien n'est envoyé."
    assert loopback.whole == []


@pytest.mark.usefixtures("transactional_db")
def test_nothing_is_sent_inside_a_transaction(loopback):
    queued()
    with transaction.atomic(), pytest.raises(RuntimeError):
        send()
    assert loopback.whole == []


def test_the_account_of_the_settings_logs_in(loopback, settings):
    settings.CONFIG = replace(
        settings.CONFIG, smtp=f"smtp://envoi%40exemple.fr:s%2Fcret@127.0.0.1:{loopback.port}?tls=none"
    )
    queued()
    loopback.script.append({"AUTH": "535 5.7.8 non"})

    assert send() == Tally(postponed=1)
    assert send(later(minutes=1)) == Tally(sent=1)
    assert loopback.logged_in[-1] == "\x00envoi@exemple.fr\x00s/cret"


def test_a_server_that_does_not_offer_to_encrypt_gets_neither_message_nor_password(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, smtp=f"smtp://envoi:secret@127.0.0.1:{loopback.port}")
    message = queued()

    assert send() == Tally(postponed=1)
    assert now(message).last_error == "Le serveur de courrier n'offre pas ce que demande TRIPARTITE_SMTP."
    assert (loopback.logged_in, loopback.whole) == ([], [])


def test_a_server_that_speaks_in_the_clear_gets_nothing_either(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, smtp=f"smtp://127.0.0.1:{loopback.port}?tls=implicit")
    message = queued()

    assert send() == Tally(postponed=1)
    assert now(message).last_error == "Le serveur de courrier ne s'accorde pas sur le chiffrement."


def test_a_server_of_no_known_name(loopback, settings):
    settings.CONFIG = replace(settings.CONFIG, smtp="smtp://courrier.invalid:25?tls=none")
    message = queued()
    assert send() == Tally(postponed=1)
    assert now(message).last_error == "Le serveur de courrier est introuvable : nom inconnu."


def test_a_conversation_without_end_is_cut(loopback, monkeypatch):
    monkeypatch.setattr("tripartite.messages.transport.CONVERSATION", CONVERSATION / 1000)
    message = queued()
    loopback.script.append({"END": HOLD})

    assert send() == Tally(postponed=1)
    assert now(message).last_error == "Le serveur de courrier a coupé la conversation."


class Meanwhile:
    """A slow conversation, during which another sender passes by."""

    def __init__(self, at, answer):
        self.at, self.answer, self.passing = at, answer, Tally()

    def deliver(self, mail):
        assert mail.subject == "Vos devis"
        self.passing = send(self.at)
        return self.answer


def test_while_its_lease_lasts_a_message_is_not_taken_by_another(loopback):
    queued()
    slow = Meanwhile(later(minutes=9), Answer(Outcome.ACCEPTED))
    assert send_due_messages(at=AT, transport=slow) == Tally(sent=1)
    assert slow.passing == Tally()


def test_a_sender_whose_lease_has_ended_no_longer_speaks_for_the_message(loopback):
    message = queued()
    slow = Meanwhile(later(minutes=10), Answer(Outcome.POSTPONED, "trop tard"))
    assert send_due_messages(at=AT, transport=slow) == Tally()
    assert slow.passing == Tally(sent=1)
    assert (now(message).state, now(message).attempts, now(message).last_error) == ("sent", 2, "")


@pytest.mark.parametrize("claimed", [False, True])
def test_what_a_clock_that_ran_ahead_put_off_goes_out_once_the_clock_is_right(loopback, claimed):
    ahead = later(days=3650)
    message = queued(at=ahead)
    if claimed:
        Message.objects.update(state="sending", claim="morte", next_attempt_at=ahead)
    assert send() == Tally(sent=1)
    assert (now(message).state, now(message).queued_at) == ("sent", AT)


def test_its_patience_then_begins_with_its_first_try(loopback):
    message = queued(at=later(days=3650))
    loopback.close()
    at = AT
    while send(at).postponed:
        at = now(message).next_attempt_at
    loopback.open()
    assert later(days=2, hours=12) < at <= later(days=3)


def test_the_longest_wait_of_the_settings_is_waited_for(loopback):
    Message.objects.filter(pk=queued().pk).update(next_attempt_at=later(hours=12))
    assert [send(), send(later(seconds=-1)), send(later(hours=12))] == [Tally(), Tally(sent=1), Tally()]


def test_a_server_is_not_shown_with_its_password():
    assert "secret" not in repr(Smtp(MailServer("courrier.exemple.fr", 587, Tls.STARTTLS, "envoi", "secret")))


def test_what_opens_a_door_leaves_the_base_once_it_is_sent(loopback):
    message = queued(kind="space.link", text="https://exemple.fr/espace/lien/abc-DEF/ à ouvrir une fois")
    assert send() == Tally(sent=1)
    assert "/espace/lien/abc-DEF/" in loopback.taken[0].message.get_body(("plain",)).get_content()
    assert now(message).text == "https://exemple.fr/espace/lien/••••••/ à ouvrir une fois"


def test_what_opens_a_door_leaves_the_html_too(loopback):
    address = "https://exemple.fr/espace/lien/abc-DEF/"
    message = queued(kind="space.link", text=address, html=f'<a href="{address}">Ouvrir</a>')
    assert send() == Tally(sent=1)
    assert (now(message).text, now(message).html) == (
        "https://exemple.fr/espace/lien/••••••/",
        '<a href="https://exemple.fr/espace/lien/••••••/">Ouvrir</a>',
    )
