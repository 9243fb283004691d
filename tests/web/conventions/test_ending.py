"""How a convention ends, on the screen: what it does is shown with its reasons, then confirmed; annulled before."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, subscriptions
from tests.factories.conventions import read
from tests.web.conftest import errors
from tests.web.conventions.test_acts import do, in_force, notices
from tripartite.accounts.rights import Role
from tripartite.conventions.queries.conventions import conventions_of_bodies
from tripartite.conventions.queries.endings import endings_of
from tripartite.messages.queries import messages_about
from tripartite.subscriptions.queries.running import subscriptions_of

END = {"received_on": "2026-11-23", "party": "beneficiary", "ground": "due-date", "reason": "Autre choix"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(conventions.AT, tick=False) as clock:
        conventions.offer()
        yield clock


def confirm(agent, convention, **typed):
    return do(agent, "end", convention, confirmed="1", **(END | typed))


@pytest.mark.parametrize(
    ("typed", "last", "why"),
    [
        ({}, "22/11/2027", "échéance annuelle du 23/11/2027"),
        ({"ground": "refusal-to-renew"}, "22/11/2029", "terme inchangé"),
        ({"ground": "general-interest", "party": "lfn"}, "23/05/2027", "préavis de 6 mois reçu le 23/11/2026"),
        ({"ground": "withdrawal", "party": "cdg62"}, "23/05/2027", "seule la part de cet émetteur"),
        (
            {"ground": "issuer-fault", "formal_on": "2026-11-23"},
            "23/12/2026",
            "mise en demeure reçue le 23/11/2026, sans effet après 30 jours",
        ),
    ],
)
def test_what_an_ending_does_is_shown_before_it_is_done(agent, typed, last, why) -> None:
    convention = in_force()
    shown = do(agent, "end", convention, **(END | typed))
    assert (shown.status_code, f"Dernier jour le {last} compris" in notices(shown)) == (200, True)
    assert why.casefold() in notices(shown).casefold()
    assert (read(convention).ended_on, endings_of(convention.pk)) == (None, [])


def test_an_ending_that_is_past_says_that_it_cannot_be_annulled(log_in, clock) -> None:
    convention = in_force()
    clock.shift(timedelta(days=60))
    past = {"ground": "issuer-fault", "received_on": "2026-12-30", "formal_on": "2026-11-25"}
    told = notices(do(log_in(), "end", convention, **(END | past)))
    assert "Dernier jour le 30/12/2026 compris, déjà passé" in told
    assert "la fin ne pourra plus être annulée" in told
    assert "peut être annulée avec un motif" not in told


@pytest.mark.parametrize(
    ("ground", "last", "reason"),
    [
        ("refusal-to-renew", "2029-11-22", "dénoncée par Ruitz : Autre choix"),
        ("due-date", "2027-11-22", "résiliée par Ruitz"),
    ],
)
def test_an_end_is_noted_once_with_its_day(agent, ground, last, reason) -> None:
    convention = in_force()
    assert confirm(agent, convention, ground=ground).status_code == 302
    assert (f"{read(convention).ended_on}", reason in read(convention).end_reason) == (last, True)
    again = agent.post(reverse("convention-end", args=[convention.pk]), END, follow=True)
    assert "Sa fin est déjà notée" in notices(again)
    assert len(endings_of(convention.pk)) == 1


def test_what_runs_of_a_terminated_convention_has_its_last_day_at_once_and_goes_on_when_it_is_annulled(agent) -> None:
    subscriptions.adopt_shipped_checklist()
    running = subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    (convention,) = conventions_of_bodies([running["messagerie-5go"].body_id])
    assert confirm(agent, convention).status_code == 302

    def days():
        return {one.service: f"{one.ends_on}" for one in subscriptions_of(convention.beneficiary_id)}

    assert days() == {"messagerie-5go": "2027-11-22", "cle-signature-3-cdg": "2029-11-22"}
    (ending,) = endings_of(convention.pk)
    address = reverse("ending-annul", args=[convention.pk, ending.pk])
    assert "Dites pourquoi" in notices(agent.post(address, {"reason": " "}, follow=True))
    assert "Fin annulée" in notices(agent.post(address, {"reason": "Ruitz se ravise"}, follow=True))
    assert days() == {"messagerie-5go": "None", "cle-signature-3-cdg": "2029-11-22"}
    assert (read(convention).ended_on, read(convention).ends_on) == (None, date(2029, 11, 22))
    assert "déjà annulée" in notices(agent.post(address, {"reason": "encore"}, follow=True))


def test_each_party_is_told_of_an_end_and_of_its_annulment(agent) -> None:
    convention = in_force()
    confirm(agent, convention)
    (ending,) = endings_of(convention.pk)
    agent.post(reverse("ending-annul", args=[convention.pk, ending.pk]), {"reason": "Ruitz se ravise"})
    told = [one for one in messages_about("request", convention.request_id) if one.kind.startswith("conventions.end")]
    assert {one.subject for one in told} == {
        "Convention C-2026-00007 : dernier jour le 22/11/2027 compris",
        "Convention C-2026-00007 : la fin du 22/11/2027 est annulée",
    }
    assert "résiliation à l'échéance annuelle" in "".join(one.text for one in told)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"received_on": ""}, "Reçue le : Ce champ est obligatoire."),
        ({"party": ""}, "De la part de : Ce champ est obligatoire."),
        ({"ground": ""}, "Motif que donne la convention : Ce champ est obligatoire."),
        ({"ground": "service-stopped"}, "Motif que donne la convention : "),
        ({"ground": "general-interest"}, "La convention ne donne pas ce motif à cette partie."),
        ({"ground": "issuer-fault"}, "Quel jour la mise en demeure a-t-elle été reçue ?"),
        ({"reason": "x" * 501}, "Motif : "),
        ({"received_on": "2026-11-24"}, "La date de réception est à venir."),
        ({"received_on": "2026-11-22"}, "La convention n'est en vigueur que depuis le 23/11/2026."),
    ],
)
def test_an_end_that_cannot_be_is_refused_at_its_place(agent, typed, message) -> None:
    convention = in_force()
    answer = confirm(agent, convention, **typed)
    assert (answer.status_code, message in errors(answer)) == (422, True)
    assert answer.content.decode().count('class="error-summary"') == 1
    assert read(convention).ended_on is None


def test_the_screen_says_what_the_signed_text_gives_to_whom(agent) -> None:
    page = notices(agent.get(reverse("convention-end", args=[in_force().pk])))
    for said in (
        "Motif d'intérêt général : préavis de 6 mois. Par La Fibre Numérique 59-62 ; s'arrête : la convention",
        "Refus d'une hausse du tarif : à l'échéance annuelle, sans préavis. Par la commune de Ruitz",
        "30 jours après une mise en demeure",
    ):
        assert said in page


def test_who_only_reads_ends_nothing(log_in) -> None:
    convention = in_force()
    reader = log_in(Role.ACCOUNTANT)
    assert do(reader, "end", convention, **END).status_code == 403
    assert reader.post(reverse("ending-annul", args=[convention.pk, 1]), {"reason": "x"}).status_code == 403


def test_an_amendment_has_no_end_of_its_own(agent) -> None:
    convention = conventions.sent()
    type(convention).objects.filter(pk=convention.pk).update(parent=in_force())
    assert agent.get(reverse("convention-end", args=[convention.pk])).status_code == 404
