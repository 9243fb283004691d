"""Opening, changing and closing accounts: the rules that hold whoever asks, and what the journal says."""

import re

import pytest

from tests.factories.accounts import AT, PASSWORD, TESTER, account, issuer
from tripartite import settings as as_served
from tripartite.accounts import queries
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import (
    AccountError,
    change_role,
    deactivate_account,
    make_one_time_password,
    reactivate_account,
    rename_account,
    set_password,
)
from tripartite.journal.queries import entries_about
from tripartite.journal.services import Actor

pytestmark = pytest.mark.django_db


def journal(subject):
    return [(entry.action, entry.text) for entry in entries_about("account", subject.pk)]


def again(one):
    return queries.account_by_email(one.email)


def test_an_account_is_opened_under_its_address_in_small_letters():
    opened = account(email="  Accueil@CDG.exemple.FR ", role=Role.MANAGER, issuer_code="cdg62")
    assert opened.email == "accueil@cdg.exemple.fr"
    assert (opened.role, opened.issuer.code, opened.is_active) == ("manager", "cdg62", True)
    assert opened.check_password(PASSWORD)
    assert journal(opened) == [("accounts.create", "Compte ouvert : accueil@cdg.exemple.fr, responsable.")]
    assert queries.account_by_email("ACCUEIL@cdg.exemple.fr ") == opened


def test_a_password_is_hashed_by_argon2(settings):
    settings.PASSWORD_HASHERS = as_served.PASSWORD_HASHERS
    opened = account()
    assert opened.password.startswith("argon2")
    assert opened.check_password(PASSWORD)


def test_two_accounts_never_share_an_address():
    account(email="accueil@cdg.exemple.fr")
    with pytest.raises(AccountError, match="existe déjà") as refusal:
        account(email="ACCUEIL@cdg.exemple.fr", issuer_code="cdg62")
    assert refusal.value.field == "email"
    assert queries.accounts_of("cdg62").count() == 0


@pytest.mark.parametrize("weak", ["court", "123456789012", "passwordpassword"[:8], "prenom.nom@lfn.exemple.fr"])
def test_a_weak_password_is_refused(weak):
    with pytest.raises(AccountError) as refusal:
        account(email="prenom.nom@lfn.exemple.fr", password=weak)
    assert refusal.value.field == "password"
    assert queries.account_by_email("prenom.nom@lfn.exemple.fr") is None


def test_one_time_passwords_differ_and_satisfy_the_rules():
    made = {make_one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", password) for password in made)
    assert account(password=made.pop(), one_time=True).must_change_password


def test_a_role_changes_and_the_journal_says_from_what():
    one = account()
    change_role(account=one, role=Role.ACCOUNTANT, actor=TESTER, at=AT)
    change_role(account=one, role=Role.ACCOUNTANT, actor=TESTER, at=AT)
    assert again(one).role == "accountant"
    assert journal(one)[1:] == [
        ("accounts.change-role", f"Rôle de {one.email} : agent devient comptable."),
        ("messages.queue", "Courriel gardé, sans serveur de courrier : « Votre rôle a changé »"),
    ]


def test_a_name_is_corrected():
    one = account(name="Prenom NOM")
    rename_account(account=one, name=" Prénom NOM ", actor=TESTER, at=AT)
    rename_account(account=one, name="Prénom NOM", actor=TESTER, at=AT)
    assert again(one).name == "Prénom NOM"
    assert [action for action, _ in journal(one)] == ["accounts.create", "accounts.rename"]


def test_the_last_administrator_can_be_neither_closed_nor_demoted():
    last = account(role=Role.ADMINISTRATOR)
    account(role=Role.ADMINISTRATOR, issuer_code="cdg62")
    with pytest.raises(AccountError, match="Dernier administrateur"):
        deactivate_account(account=last, actor=TESTER, at=AT)
    with pytest.raises(AccountError, match="Dernier administrateur"):
        change_role(account=last, role=Role.MANAGER, actor=TESTER, at=AT)
    account(role=Role.ADMINISTRATOR)
    change_role(account=last, role=Role.MANAGER, actor=TESTER, at=AT)
    assert again(last).role == "manager"


def test_a_closed_administrator_does_not_count_as_one_left():
    first, second = account(role=Role.ADMINISTRATOR), account(role=Role.ADMINISTRATOR)
    deactivate_account(account=first, actor=TESTER, at=AT)
    with pytest.raises(AccountError):
        deactivate_account(account=second, actor=TESTER, at=AT)


def test_nobody_closes_their_own_account():
    account(role=Role.ADMINISTRATOR)
    one = account(role=Role.ADMINISTRATOR)
    with pytest.raises(AccountError, match="votre propre compte"):
        deactivate_account(account=one, actor=Actor(label="elle-même", account_id=one.pk), at=AT)


def test_an_account_is_closed_and_opened_again():
    one = account()
    deactivate_account(account=one, actor=TESTER, at=AT)
    assert not again(one).is_active
    reactivate_account(account=one, actor=TESTER, at=AT)
    assert again(one).is_active
    assert [action for action, _ in journal(one)][1:] == ["accounts.deactivate", "accounts.reactivate"]


def test_a_password_is_replaced_and_never_written_in_the_journal():
    one = account()
    set_password(account=one, password="un autre secret bien long", actor=TESTER, at=AT, one_time=True)
    changed = again(one)
    assert changed.check_password("un autre secret bien long")
    assert changed.must_change_password
    written = " ".join(f"{entry.text} {entry.details}" for entry in entries_about("account", one.pk))
    assert "secret" not in written
    assert PASSWORD not in written


def test_accounts_of_an_issuer_are_its_own_in_order(django_assert_num_queries):
    closed = account(name="A")
    deactivate_account(account=closed, actor=TESTER, at=AT)
    later, sooner, other = account(name="C"), account(name="B"), account(name="A", issuer_code="cdg62")
    with django_assert_num_queries(1):
        assert [(one.pk, one.issuer.code) for one in queries.accounts_of("lfn")] == [
            (sooner.pk, "lfn"),
            (later.pk, "lfn"),
            (closed.pk, "lfn"),
        ]
    assert queries.account_of("lfn", other.pk) is None
    assert queries.account_of("cdg62", other.pk) == other
    assert issuer("lfn").pk == sooner.issuer_id
