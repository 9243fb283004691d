"""After the password: the second factor, taking one up, a proof asked again, one's security page."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.accounts.test_second_factor import SECRET, code
from tests.factories.accounts import PASSWORD, TESTER, account
from tests.web.conftest import errors, words
from tripartite.accounts import queries, totp
from tripartite.accounts.rights import Role
from tripartite.accounts.services import factors
from tripartite.journal.queries import entries_about

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def protected(**given):
    """An account with an application of codes."""
    one = account(**given)
    given = totp.seal(SECRET), code(at=NOON - MINUTE)
    codes = factors.add_totp(account_id=one.pk, sealed=given[0], code=given[1], kept="", actor=TESTER, at=NOON - MINUTE)
    return one, codes


def password(client, one, **fields):
    return client.post(reverse("login"), {"username": one.email, "password": PASSWORD, **fields})


def is_in(client):
    return "_auth_user_id" in client.session


def required(settings):
    settings.CONFIG = replace(settings.CONFIG, second_factor=frozenset(Role))


def test_the_password_alone_opens_nothing(client, clock):
    one, _ = protected()
    answer = password(client, one, next=reverse("own-sessions"))
    assert (answer["Location"], is_in(client)) == (reverse("login-factor"), False)
    assert client.get(reverse("request-list")).status_code == 302
    assert client.get(reverse("totp-add"))["Location"].startswith(reverse("login"))
    assert client.get(reverse("login-enrol"))["Location"] == reverse("login")

    before = client.session.session_key
    answer = client.post(reverse("login-factor"), {"code": code(at=NOON)})
    assert (answer["Location"], is_in(client)) == (reverse("own-sessions"), True)
    assert client.session.session_key != before
    told = [entry.text for entry in entries_about("account", one.pk) if entry.action == "accounts.log-in"]
    assert told == [f"Connexion de {one.email}, second facteur."]


def test_a_wrong_code_says_so_and_a_recovery_code_comes_in(client, clock):
    one, codes = protected()
    password(client, one)
    answer = client.post(reverse("login-factor"), {"code": "000000"})
    assert (answer.status_code, factors.WRONG in words(answer)) == (422, True)
    assert not is_in(client)
    client.post(reverse("login-factor"), {"code": codes[3]})
    assert is_in(client)


def test_ten_minutes_later_one_begins_again(client, clock):
    one, _ = protected()
    password(client, one)
    clock.shift(timedelta(minutes=10))
    answer = client.post(reverse("login-factor"), {"code": code(at=NOON + timedelta(minutes=10))})
    assert (answer["Location"], is_in(client)) == (reverse("login"), False)


def test_a_password_changed_meanwhile_or_an_account_closed_ends_the_wait(client, clock):
    one, _ = protected()
    password(client, one)
    one.set_password("une tout autre phrase de passe")
    one.save()
    assert client.get(reverse("login-factor"))["Location"] == reverse("login")


@pytest.mark.parametrize("name", ["login-factor", "login-enrol"])
def test_from_nowhere_one_goes_to_the_log_in(client, name):
    assert client.get(reverse(name))["Location"] == reverse("login")


def test_a_role_that_needs_one_takes_it_up_before_anything_else(client, clock, settings):
    required(settings)
    one = account()
    assert password(client, one)["Location"] == reverse("login-enrol")
    assert "Votre rôle demande" in words(client.get(reverse("login-enrol")))
    assert (is_in(client), client.get(reverse("request-list")).status_code) == (False, 302)

    page = client.get(reverse("totp-add")).content.decode()
    typed = re.search(r'<code class="one-time">([^<]+)</code>', page)[1]
    secret = totp.unseal(client.session["totp_to_come"])
    assert typed == totp.words_of(secret)
    assert client.post(reverse("totp-add"), {"code": "000000"}).status_code == 422
    answer = client.post(reverse("totp-add"), {"code": code(secret, NOON)})
    shown = re.findall(r"<li><code>([^<]+)</code>", answer.content.decode())
    assert (len(shown), is_in(client), answer["Cache-Control"].count("no-store")) == (8, True, 1)
    assert f'href="{reverse("request-list")}"' in answer.content.decode()
    assert queries.factors_of(one.pk).codes_left == 8


def test_a_one_time_password_is_changed_after_the_factor_is_taken_up(client, clock, settings):
    required(settings)
    one = account(one_time=True)
    password(client, one)
    client.get(reverse("totp-add"))
    secret = totp.unseal(client.session["totp_to_come"])
    answer = client.post(reverse("totp-add"), {"code": code(secret, NOON)})
    assert f'href="{reverse("password-change")}"' in answer.content.decode()
    assert client.get(reverse("request-list"))["Location"] == reverse("password-change")


def test_a_one_time_password_is_worth_nothing_after_three_days(client, clock):
    one = account(one_time=True)
    clock.shift(timedelta(days=3, hours=-4))
    assert password(client, one).status_code == 302
    client.logout()
    clock.shift(timedelta(hours=2))
    answer = password(client, one)
    assert "ne vaut plus rien" in errors(answer)
    assert not is_in(client)


def test_passkeys_need_a_name_for_address(client, clock):
    client.force_login(account())
    assert "adresse en lettres" in words(client.get(reverse("passkey-add"), HTTP_HOST="127.0.0.1:8000"))
    page = client.get(reverse("passkey-add"), HTTP_HOST="localhost:8000").content.decode()
    assert "data-question=" in page
    assert "adresse en lettres" not in page


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "{" * 5000, "x" * 30_000, '{"rawId": 3}', '{"rawId": "YQ"}']
)
def test_whatever_a_browser_answers_is_refused_in_words(client, clock, answer):
    client.get(reverse("login-passkey"), HTTP_HOST="localhost")
    got = client.post(reverse("login-passkey"), {"answer": answer}, HTTP_HOST="localhost")
    assert (got.status_code, bool(errors(got))) == (422, True)
    client.force_login(account())
    client.get(reverse("passkey-add"), HTTP_HOST="localhost")
    got = client.post(reverse("passkey-add"), {"answer": answer, "name": "clé"}, HTTP_HOST="localhost")
    assert (got.status_code, bool(errors(got))) == (422, True)


def test_a_sensitive_act_asks_for_a_proof_a_quarter_of_an_hour_after(client, clock):
    one = account(role=Role.ADMINISTRATOR)
    client.force_login(one)
    assert client.get(reverse("account-create")).status_code == 200
    clock.shift(timedelta(minutes=15))
    asked = f"{reverse('prove-again')}?next={reverse('account-create').replace('/', '%2F')}"
    assert client.get(reverse("account-create"))["Location"] == asked
    before = client.session.session_key
    wrong = client.post(asked, {"password": "faux"})
    assert (wrong.status_code, "Ce n'est pas votre mot de passe" in words(wrong)) == (422, True)
    assert client.post(asked, {"password": PASSWORD})["Location"] == reverse("account-create")
    assert client.session.session_key != before
    assert client.get(reverse("account-create")).status_code == 200


def test_what_is_sent_has_as_long_again_as_its_page(client, clock):
    one = account(role=Role.ADMINISTRATOR)
    other = account()
    client.force_login(one)
    clock.shift(timedelta(minutes=29))
    assert client.post(reverse("account-password", args=[other.pk])).status_code == 200
    clock.shift(timedelta(minutes=2))
    refused = client.post(reverse("account-password", args=[other.pk]), headers={"Referer": "https://ailleurs.fr/"})
    assert refused["Location"].startswith(reverse("prove-again"))
    assert client.post(refused["Location"], {"password": PASSWORD})["Location"] == reverse("own-security")


def test_an_administrator_resets_a_factor_and_closes_sessions(client, clock):
    administrator, (one, _) = account(role=Role.ADMINISTRATOR), protected()
    client.force_login(administrator)
    page = words(client.get(reverse("account-change", args=[one.pk])))
    assert "Second facteur perdu" in page
    answer = client.post(reverse("account-factors", args=[one.pk]))
    assert answer["Location"] == reverse("account-change", args=[one.pk])
    assert not queries.factors_of(one.pk).some
    assert "Second facteur perdu" not in words(client.get(answer["Location"]))


def test_the_page_of_ones_security_says_what_there_is(client, clock):
    one, _ = protected()
    client.force_login(one)
    page = words(client.get(reverse("own-security")))
    assert "Application de codes" in page
    assert "8 codes de secours encore bons" in page
    client.post(reverse("totp-remove"))
    assert "Sans second facteur" in words(client.get(reverse("own-security")))


def test_new_recovery_codes_are_shown_once(client, clock):
    one, codes = protected()
    client.force_login(one)
    shown = re.findall(r"<li><code>([^<]+)</code>", client.post(reverse("codes-renew")).content.decode())
    assert len(shown) == 8
    assert not set(shown) & set(codes)
    assert not [one for one in shown if one in client.get(reverse("own-security")).content.decode()]
