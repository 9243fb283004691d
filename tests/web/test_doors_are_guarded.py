"""Every guarded address, as nobody, as each role, and with a one-time password. What is public: test_rights.py."""

import pytest
from django.urls import reverse

from tests.factories.accounts import account
from tripartite.accounts.rights import RIGHTS, Action, Role
from tripartite.web.urls import urlpatterns

ANY_ACCOUNT = {
    *("codes-renew", "own-security", "own-session-close", "own-sessions", "own-sessions-close", "passkey-add"),
    *("passkey-remove", "password-change", "prove-again", "totp-add", "totp-remove"),
}

ADDRESSES = {pattern.name: pattern for pattern in urlpatterns}
GUARDED = {name: pattern.callback.action for name, pattern in ADDRESSES.items() if hasattr(pattern.callback, "action")}

pytestmark = [pytest.mark.django_db, pytest.mark.one_base]


def address(name):
    """The address with 1 in place of each number, « x » of each text."""
    converters = ADDRESSES[name].pattern.converters
    return reverse(name, kwargs={key: converter.to_python("1") for key, converter in converters.items()})


def answers(client, name):
    """What a look and a blind submission get; an address that takes only one of the two answers 405 to the other."""
    return [client.get(address(name)), client.post(address(name), {})]


def test_every_address_has_a_name_of_its_own():
    assert None not in ADDRESSES
    assert len(ADDRESSES) == len(urlpatterns)
    assert all(action in set(Action) for action in GUARDED.values())


@pytest.mark.parametrize("name", [*GUARDED, *sorted(ANY_ACCOUNT)])
def test_nobody_is_sent_to_the_log_in(client, name):
    """And comes back to the page that it asked for: what was sent is lost, and its address may open on nothing."""
    sent_from = address(name) if name == "password-change" else ""  # guarded by Django's own, and opens as a page
    for answer, there in zip(answers(client, name), (address(name), sent_from), strict=True):
        if answer.status_code != 405:
            assert answer.status_code == 302
            assert answer["Location"] == f"{reverse('login')}?next={there}"


@pytest.mark.parametrize("name", GUARDED)
def test_a_role_without_the_right_is_refused_in_plain_words(client, name):
    without = [role for role in Role if GUARDED[name] not in RIGHTS[role]]
    for role in without:
        client.force_login(account(role=role))
        for answer in answers(client, name):
            assert answer.status_code in (403, 405)
            if answer.status_code == 403:
                page = answer.content.decode()
                assert "Cette page ne vous est pas ouverte" in page
                assert f"({role.label}, La Fibre Numérique 59-62)" in page


@pytest.mark.parametrize("name", GUARDED)
def test_a_role_with_the_right_comes_in(adopted_grid, client, name):
    for role in (role for role in Role if GUARDED[name] in RIGHTS[role]):
        client.force_login(account(role=role))
        answer = client.get(address(name))
        assert answer.status_code in (200, 302, 404, 405)
        assert not (answer.status_code == 302 and answer["Location"].startswith(reverse("login")))


@pytest.mark.parametrize("name", [*GUARDED, *sorted(ANY_ACCOUNT - {"password-change"})])
def test_a_one_time_password_opens_no_door(client, name):
    client.force_login(account(role=Role.ADMINISTRATOR, one_time=True))
    answer = client.get(address(name))
    assert answer.status_code in (302, 405)
    assert answer.status_code == 405 or answer["Location"] == reverse("password-change")


def test_a_live_part_of_a_page_sends_the_whole_page_to_the_log_in(client):
    answer = client.get(reverse("account-list"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(reverse("login"))
