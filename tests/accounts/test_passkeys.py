"""Passkeys: what is asked of a browser, and each thing that makes its answer wrong."""

import json

import pytest

from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator
from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts import passkeys
from tripartite.accounts.passkeys import Site
from tripartite.accounts.queries import factors_of
from tripartite.accounts.services import factors

SITE = Site("tripartite.exemple.fr", "https://tripartite.exemple.fr")

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    """An account, and the passkey that it has enrolled."""
    one, key = account(), Authenticator()
    question = passkeys.ask_new(SITE, account_id=one.pk, email=one.email, name=one.name, known=())
    made = passkeys.check_new(SITE, question.state, key.made(question.options, SITE.origin))
    assert made
    factors.add_passkey(account_id=one.pk, site=SITE.host, answered=made, name="clé", kept="", actor=TESTER, at=AT)
    return one, key


def prove(one, answer, state, site=SITE):
    return factors.prove_by_passkey(account_id=one.pk, site=site, state=state, answer=answer, actor=TESTER, at=AT)


def ask(one, *, alone=False, site=SITE):
    return passkeys.ask_known(site, [key.credential for key in factors_of(one.pk).passkeys], alone=alone)


def test_a_browser_is_told_the_site_the_person_and_what_it_has_already(own) -> None:
    one, key = own
    known = [kept.credential for kept in factors_of(one.pk).passkeys]
    asked = json.loads(passkeys.ask_new(SITE, account_id=one.pk, email=one.email, name="N", known=known).options)
    assert asked["rp"] == {"id": SITE.host, "name": "Tripartite"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == (one.email, "N")
    assert [passkeys.credential_named(key.made(json.dumps(asked), SITE.origin))] == [
        one["id"] for one in asked["excludeCredentials"]
    ]
    assert asked["authenticatorSelection"]["residentKey"] == "preferred"


def test_a_right_answer_proves_and_is_worth_nothing_for_another_challenge(own) -> None:
    one, key = own
    question = ask(one)
    answer = key.signed(question.options, SITE.origin)
    assert prove(one, answer, question.state) == ""
    assert factors_of(one.pk).passkeys[0].used_at == AT
    assert prove(one, answer, ask(one).state) == factors.WRONG_PASSKEY


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://tripartite.exemple.fr.ailleurs.fr"},
        {"origin": "http://tripartite.exemple.fr"},
        {"origin": "https://tripartite.exemple.fr:8443"},
        {"host": "ailleurs.fr"},
        {"flags": 0},
        {"handle": b"quelqu'un d'autre"},
    ],
    ids=str,
)
def test_an_answer_wrong_in_one_respect_proves_nothing(own, wrong) -> None:
    one, key = own
    question = ask(one)
    answer = key.signed(question.options, **({"origin": SITE.origin} | wrong))
    assert prove(one, answer, question.state) == factors.WRONG_PASSKEY


def test_another_key_under_the_same_name_proves_nothing(own) -> None:
    one, key = own
    question = ask(one)
    assert prove(one, Authenticator(key.identifier).signed(question.options, SITE.origin), question.state)


def test_alone_it_must_have_verified_its_owner(own) -> None:
    one, key = own
    question = ask(one, alone=True)
    assert "allowCredentials" not in json.loads(question.options)
    assert json.loads(question.options)["userVerification"] == "required"
    assert prove(one, key.signed(question.options, SITE.origin, flags=PRESENT), question.state)
    handle = passkeys.handle_of(one.pk)
    answer = key.signed(question.options, SITE.origin, flags=PRESENT | VERIFIED, handle=handle)
    assert prove(one, answer, question.state) == ""


def test_a_key_that_counts_backwards_was_copied(own) -> None:
    one, key = own
    for count, refused in ((5, False), (6, False), (6, True), (4, True), (7, False)):
        key.count = count
        question = ask(one)
        assert bool(prove(one, key.signed(question.options, SITE.origin), question.state)) is refused


def test_a_passkey_is_good_for_its_site_and_its_account_alone(own) -> None:
    one, key = own
    elsewhere, other = Site("autre.exemple.fr", "https://autre.exemple.fr"), account()
    question = ask(one, site=elsewhere)
    assert prove(one, key.signed(question.options, elsewhere.origin), question.state, elsewhere)
    question = ask(one)
    assert prove(other, key.signed(question.options, SITE.origin), question.state)


@pytest.mark.parametrize("answer", ["", "{}", "[" * 5000, "x" * 30_000, '{"rawId": null}', '{"response": []}'])
def test_what_is_no_answer_makes_no_passkey(answer) -> None:
    question = passkeys.ask_new(SITE, account_id=1, email="a@b.fr", name="N", known=())
    assert (passkeys.check_new(SITE, question.state, answer), passkeys.credential_named(answer)) == (None, "")
