"""What goes live is told in writing to its beneficiary, once, the day after: as the signed text has it."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.going_live.services import live_daily
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about

pytestmark = pytest.mark.django_db
DAY = AT.date()
MORNING = DAY + timedelta(days=1)
THEN = AT + timedelta(days=1)


@pytest.fixture
def opened() -> Any:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    return subscriptions.opened({"messagerie-5go": 5, "nom-de-domaine": 1})


def units(on: Any) -> list[Unit]:
    return list(live_daily.units(on))


def tell(convention: Any, on: Any = MORNING) -> bool:
    return live_daily.run(f"live:{convention.pk}", on, TESTER, THEN)


def letters(convention: Any) -> list[Any]:
    found = messages_about("request", convention.request_id)
    return [one for one in found if one.kind == "going-live.told"]


def test_what_went_live_is_told_the_day_after_in_one_letter_and_once(opened: Any) -> None:
    subscriptions.live(opened["messagerie-5go"], quantity=3)
    subscriptions.live(opened["nom-de-domaine"])
    convention = opened["nom-de-domaine"].convention

    assert units(DAY) == []
    assert units(MORNING) == [Unit(f"live:{convention.pk}", f"Mise en service à écrire : {convention.number}, Ruitz")]
    assert (tell(convention), tell(convention), units(MORNING)) == (True, False, [])

    (letter,) = letters(convention)
    assert letter.subject == f"Mise en service, {convention.number} : Ruitz"
    assert (
        "Mis en service pour la commune de Ruitz :\n"
        "Messagerie, compte 5 Go, 3 comptes : depuis le 23/11/2026\n"
        "Nom de domaine : depuis le 23/11/2026\n"
    ) in letter.text
    assert "Une réserve se fait par écrit à l'un des émetteurs" in letter.text
    told = [one.text for one in entries_about("request", convention.request_id) if one.action == "going-live.tell"]
    began = f"{convention.number}, mise en service écrite : Messagerie, compte 5 Go, 3 comptes : depuis le 23/11/2026"
    assert told == [f"{began} ; Nom de domaine : depuis le 23/11/2026."]


def test_what_goes_live_later_is_told_then_alone(opened: Any) -> None:
    subscriptions.live(opened["messagerie-5go"], quantity=3)
    convention = opened["messagerie-5go"].convention
    tell(convention)
    subscriptions.live(opened["messagerie-5go"], on=MORNING, at=THEN)

    assert tell(convention, MORNING + timedelta(days=1)) is True
    assert len(letters(convention)) == 2
    last = max(letters(convention), key=lambda one: one.pk)
    assert "compte 5 Go, 2 comptes : depuis le 24/11/2026" in last.text
    assert "3 comptes" not in last.text


def test_what_went_live_is_told_after_an_interruption_that_is_caught_up(opened: Any) -> None:
    subscriptions.live(opened["nom-de-domaine"])
    assert len(units(DAY + timedelta(days=400))) == 1
    assert units(DAY + timedelta(days=401)) == []


def test_what_went_live_before_these_letters_is_no_news_and_what_follows_is(opened: Any) -> None:
    subscriptions.live(opened["messagerie-5go"], quantity=3)
    subscriptions.live(opened["nom-de-domaine"])
    import_module("tripartite.going_live.migrations.0006_told_before_letters").note_told(apps, None)
    assert units(MORNING) == []
    subscriptions.live(opened["messagerie-5go"], on=MORNING, at=THEN)

    convention = opened["messagerie-5go"].convention
    assert tell(convention, MORNING + timedelta(days=1)) is True
    (letter,) = letters(convention)
    assert ("compte 5 Go, 2 comptes : depuis le 24/11/2026" in letter.text, "Nom de domaine" in letter.text) == (
        True,
        False,
    )


def test_the_number_of_queries_is_the_same_with_one_and_two_parts(opened: Any, django_assert_num_queries: Any) -> None:
    for activation in (opened["nom-de-domaine"], opened["messagerie-5go"]):
        subscriptions.live(activation)
        with django_assert_num_queries(2):
            units(MORNING)


def test_another_key_is_refused() -> None:
    with pytest.raises(JobError, match="Rien de quotidien ne s'appelle « autre »"):
        live_daily.run("autre", DAY, TESTER, AT)
