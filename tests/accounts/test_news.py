"""What waits for agents: told at once, the next morning in one letter, or never; once, and never to who did it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conventions.test_lifecycle import on_paper
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts.models import News, NewsWish
from tripartite.accounts.queries import how_told
from tripartite.accounts.rights import Role
from tripartite.accounts.services import news
from tripartite.accounts.services.deposits import deposit_act
from tripartite.accounts.services.news import want_news
from tripartite.accounts.services.people import deactivate_account
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.jobs.kinds import JobError
from tripartite.journal.queries import entries_about
from tripartite.journal.services import Actor
from tripartite.messages.models import Message
from tripartite.quotes.services.answers import Person, refuse_quotes
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.requests import Contact

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = AT.date(), AT.date() + timedelta(days=1)
PUBLIC = Actor("public")


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def told(how: str | None, **more: Any) -> Any:
    one = account(**more)
    if how:
        want_news(account_id=one.pk, how=how, actor=TESTER, at=AT)
    return one


def received(actor: Actor = PUBLIC, at: datetime = AT) -> Any:
    body, contact = quotes.parties.body(quotes.RUITZ), Contact("Prénom NOM", email="mairie@exemple.fr")
    order = quotes.order()
    return ask_quotes(beneficiary=body.pk, order=order, contact=contact, origin="public", actor=actor, at=at).request


def letters_to(one: Any) -> list[Message]:
    return list(Message.objects.filter(recipient=one.email).order_by("pk"))


def keys(on: date) -> list[str]:
    return [unit.key for unit in news.units(on)]


def test_at_once_each_thing_is_a_letter_that_leads_to_its_request() -> None:
    one = told("at-once")
    asked = received()
    (letter,) = letters_to(one)
    assert letter.subject == f"{asked.reference} : demande reçue, Ruitz"
    assert reverse("request", args=[asked.reference]) in letter.text
    assert keys(TOMORROW) == []


def test_the_morning_tells_all_of_it_in_one_letter_and_once() -> None:
    one = told("morning")
    first, second = received(), received()
    assert letters_to(one) == []
    assert keys(TODAY) == []
    assert keys(TOMORROW) == [f"news:{one.pk}"]
    assert news.run(f"news:{one.pk}", TOMORROW, TESTER, AT) is True
    assert news.run(f"news:{one.pk}", TOMORROW, TESTER, AT) is False
    assert keys(TOMORROW) == []
    (letter,) = letters_to(one)
    assert letter.subject == "2 choses vous attendent"
    for asked in (first, second):
        assert (
            f"{asked.reference} : demande reçue, Ruitz : Ruitz demande des devis. (23/11/2026 à 10 h 00)" in letter.text
        )


def test_what_comes_after_the_morning_waits_for_the_next_one() -> None:
    one = told("morning")
    received()
    received(at=AT + timedelta(days=1))
    assert news.run(f"news:{one.pk}", TOMORROW, TESTER, AT) is True
    assert keys(TOMORROW) == []
    assert keys(TOMORROW + timedelta(days=1)) == [f"news:{one.pk}"]


def test_never_is_never_and_forgets_what_waited() -> None:
    one = told("morning")
    received()
    want_news(account_id=one.pk, how="never", actor=TESTER, at=AT)
    received()
    assert News.objects.count() == 0
    assert keys(TOMORROW) == []
    assert letters_to(one) == []


def test_what_waited_for_the_morning_is_not_lost_by_who_then_wants_it_at_once() -> None:
    one = told("morning")
    received()
    want_news(account_id=one.pk, how="at-once", actor=TESTER, at=AT)
    assert keys(TOMORROW) == [f"news:{one.pk}"]


@pytest.mark.parametrize(
    ("role", "how"),
    [(Role.AGENT, "morning"), (Role.MANAGER, "morning"), (Role.ADMINISTRATOR, "morning"), (Role.ACCOUNTANT, "never")],
)
def test_without_a_choice_who_answers_for_files_is_told_each_morning(role: Role, how: str) -> None:
    one = told(None, role=role)
    assert how_told(one) == how
    received()
    assert keys(TOMORROW) == ([f"news:{one.pk}"] if how == "morning" else [])


def test_an_accountant_may_choose_to_be_told() -> None:
    one = told("at-once", role=Role.ACCOUNTANT)
    received()
    assert len(letters_to(one)) == 1


def test_who_did_it_is_not_told_and_the_others_are() -> None:
    one, other = told("at-once"), told("at-once", issuer_code="cdg62", email="autre@cdg62.exemple.fr")
    received(actor=Actor("Agent", account_id=one.pk))
    assert [len(letters_to(each)) for each in (one, other)] == [0, 1]


def test_a_closed_account_is_told_nothing() -> None:
    one = told("morning")
    received()
    deactivate_account(account=one, actor=TESTER, at=AT)
    assert keys(TOMORROW) == []
    assert news.run(f"news:{one.pk}", TOMORROW, TESTER, AT) is False


def test_an_agreement_a_deposit_and_each_signature_are_told() -> None:
    one = told("at-once")
    asked = conventions.accepted()
    deposit_act(request_id=asked.pk, reference=asked.reference, content=b"%PDF-1.4 acte", actor=PUBLIC, at=AT)
    draft = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    made = conventions.read(send_convention(convention_id=draft.pk, actor=TESTER, at=AT))
    on_paper(made, "beneficiary")
    assert [letter.subject for letter in letters_to(one)] == [
        f"{asked.reference} : accord, Ruitz",
        f"{asked.reference} : acte déposé",
        f"{asked.reference} : signature de {made.number}, Ruitz",
    ]


def test_a_refusal_is_told_with_its_reason() -> None:
    one, asked = told("at-once"), quotes.request()
    quotes.issued(asked)
    told_by = {"person": Person("Prénom NOM", "Maire"), "reason": "Budget refusé.", "way": "online"}
    refuse_quotes(request_id=asked.pk, answered_on=TODAY, **told_by, actor=PUBLIC, at=AT)
    assert "Devis refusés par Prénom NOM : Budget refusé." in letters_to(one)[0].text


def test_said_twice_a_choice_changes_nothing_more_and_the_journal_tells_it_once() -> None:
    one = told("never")
    want_news(account_id=one.pk, how="never", actor=TESTER, at=AT + timedelta(days=1))
    assert NewsWish.objects.get(account=one).changed_at == AT
    told_by_journal = entries_about("account", one.pk).filter(action="accounts.news-wish")
    assert [entry.text for entry in told_by_journal] == ["Prévenu de ce qui attend : jamais."]


def test_another_key_is_refused() -> None:
    with pytest.raises(JobError, match="autre"):
        news.run("autre:1", TODAY, TESTER, AT)


def test_one_chooses_on_a_page_of_one_s_own() -> None:
    one = account()
    client = Client()
    client.force_login(one)
    assert client.get(reverse("own-news")).context["form"]["how"].value() == "morning"
    assert client.post(reverse("own-news"), {"how": "at-once"}).status_code == 302
    assert NewsWish.objects.get(account=one).how == "at-once"
    assert client.post(reverse("own-news"), {"how": "parfois"}).status_code == 422
