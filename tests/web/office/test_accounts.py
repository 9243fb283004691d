"""The accounts of one's issuer, as its administrator keeps them."""

import re

import pytest
from django.urls import reverse

from tests.factories.accounts import account
from tripartite.accounts import queries
from tripartite.accounts.rights import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    one = account(role=Role.ADMINISTRATOR, email="administration@lfn.exemple.fr")
    client.force_login(one)
    return one


def one_time_password(page):
    return re.search(r'<code class="one-time">([^<]+)</code>', page).group(1)


def test_an_account_is_opened_with_a_password_shown_once(client, administrator):
    fields = {"name": "Prénom NOM", "email": "Nouveau@lfn.exemple.fr", "role": "accountant"}
    answer = client.post(reverse("account-create"), fields)
    opened = queries.account_by_email("nouveau@lfn.exemple.fr")
    assert (opened.issuer.code, opened.role, opened.must_change_password) == ("lfn", "accountant", True)
    assert opened.check_password(one_time_password(answer.content.decode()))
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "administration@lfn.exemple.fr"}, "Un compte existe déjà pour cette adresse."),
        ({"email": "pas une adresse"}, "adresse"),
        ({"name": ""}, "obligatoire"),
        ({"name": "x" * 151}, "150"),
        ({"role": "superuser"}, "superuser"),
    ],
)
def test_what_cannot_be_is_said_by_its_field_and_kept(client, administrator, fields, message):
    sent = {"name": "Prénom « NOM » <b>", "email": "nouveau@lfn.exemple.fr", "role": "agent", **fields}
    answer = client.post(reverse("account-create"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "error-summary" in page
    assert "<b>" not in page
    assert queries.accounts_of("lfn").count() == 1


def test_name_and_role_change(client, administrator):
    one = account()
    client.post(reverse("account-change", args=[one.pk]), {"name": "Autre NOM", "role": "manager"})
    changed = queries.account_by_email(one.email)
    assert (changed.name, changed.role, changed.email) == ("Autre NOM", "manager", one.email)


def test_the_last_administrator_is_told_why_not(client, administrator):
    answer = client.post(reverse("account-change", args=[administrator.pk]), {"name": "N", "role": "agent"})
    assert "Dernier administrateur" in answer.content.decode()
    assert queries.account_by_email(administrator.email).role == "administrator"


def test_an_account_is_closed_opened_again_and_given_a_password(client, administrator):
    one = account()
    client.post(reverse("account-close", args=[one.pk]))
    assert not queries.account_by_email(one.email).is_active
    client.post(reverse("account-reopen", args=[one.pk]))
    assert queries.account_by_email(one.email).is_active
    page = client.post(reverse("account-password", args=[one.pk])).content.decode()
    assert queries.account_by_email(one.email).check_password(one_time_password(page))


@pytest.mark.parametrize("name", ["account-change", "account-close", "account-reopen", "account-password"])
def test_the_other_issuers_accounts_do_not_exist_here(client, administrator, name):
    other = account(issuer_code="cdg62")
    assert client.post(reverse(name, args=[other.pk]), {"name": "N", "role": "agent"}).status_code == 404
    assert queries.account_by_email(other.email).name == "Prénom NOM"


def test_the_list_costs_the_same_with_one_and_three_accounts(client, administrator, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get(reverse("account-list"))
    account(), account()
    with django_assert_num_queries(4):
        page = client.get(reverse("account-list")).content.decode()
    assert page.count('scope="row"') == 3
