"""Second factors: applications of codes, recovery codes, what the role asks, how often one may try, who is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts import totp
from tripartite.accounts.models import RecoveryCode, TotpSecret
from tripartite.accounts.passkeys import Answered
from tripartite.accounts.queries import factors_of, needs_factor, sessions_of
from tripartite.accounts.rights import Role
from tripartite.accounts.services import factors
from tripartite.accounts.services.people import AccountError
from tripartite.accounts.services.sessions import begin_session
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about

SECRET = b"12345678901234567890"
LATER = AT + timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def code(secret=SECRET, at=AT):
    return totp.code_at(secret, int(at.timestamp()) // totp.STEP)


def with_totp(one=None):
    """An account with an application of codes, and its recovery codes."""
    one = one or account()
    given = factors.add_totp(account_id=one.pk, sealed=totp.seal(SECRET), code=code(), kept="", actor=TESTER, at=AT)
    return one, given


def prove(one, typed, at=LATER):
    return factors.prove_by_code(account_id=one.pk, code=typed, actor=TESTER, at=at)


def passkey(one, name="téléphone", credential="YQ"):
    answered = Answered(credential, credential, 0)
    return factors.add_passkey(
        account_id=one.pk, site="localhost", answered=answered, name=name, kept="", actor=TESTER, at=AT
    )


def subjects(one):
    return [message.subject for message in messages_about("account", one.pk).order_by("id")]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, expected) -> None:
    """Appendix B, SHA-1, whose codes have eight figures: ours are the last six."""
    assert totp.code_at(SECRET, seconds // totp.STEP) == expected[-6:]


def test_a_sealed_secret_opens_with_the_key_of_the_installation_alone(settings) -> None:
    sealed = totp.seal(SECRET)
    assert (SECRET.hex() in sealed, totp.unseal(sealed)) == (False, SECRET)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "une autre clé, tout aussi longue que la première, et plus neuve"
    assert totp.unseal(sealed) is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert totp.unseal(sealed) == SECRET


def test_an_application_is_taken_up_once_it_shows_a_right_code() -> None:
    one = account()
    with pytest.raises(AccountError, match="pas celui que montre"):
        factors.add_totp(account_id=one.pk, sealed=totp.seal(SECRET), code="000000", kept="", actor=TESTER, at=AT)
    assert not factors_of(one.pk).some

    _, codes = with_totp(one)
    found = factors_of(one.pk)
    assert (found.some, found.codes_left, len(set(codes))) == (True, 8, 8)
    assert SECRET.hex() not in TotpSecret.objects.get().sealed
    assert not [kept for kept in RecoveryCode.objects.all() for given in codes if given[5:] in kept.code_hash]
    assert subjects(one) == ["Un second facteur a été ajouté à votre compte"]


@pytest.mark.parametrize("late", [-30, 0, 30])
def test_a_clock_may_be_half_a_minute_early_or_late(late) -> None:
    one, _ = with_totp()
    now = AT + timedelta(minutes=5)
    assert prove(one, code(at=now + timedelta(seconds=late)), now) == ""


@pytest.mark.parametrize("late", [-60, 60])
def test_not_more(late) -> None:
    one, _ = with_totp()
    now = AT + timedelta(minutes=5)
    assert prove(one, code(at=now + timedelta(seconds=late)), now) == factors.WRONG


def test_a_code_comes_in_once_and_none_older_after_it() -> None:
    one, _ = with_totp()
    assert prove(one, code(), AT) == factors.WRONG  # it took the application up
    assert prove(one, code(at=LATER)) == ""
    assert prove(one, code(at=LATER)) == factors.WRONG
    assert prove(one, code(at=LATER - timedelta(seconds=30))) == factors.WRONG


@pytest.mark.parametrize("typed", ["", "é\x00", "0" * 500, "12345", "１２３４５６", "' OR 1=1 --", "-" * 60])
def test_what_is_no_code_is_wrong(typed) -> None:
    one, _ = with_totp()
    assert prove(one, typed) == factors.WRONG


def test_a_recovery_code_comes_in_once_however_it_is_typed_and_its_owner_is_told() -> None:
    one, codes = with_totp()
    assert prove(one, f" {codes[0].upper().replace('-', ' ')} ") == ""
    assert prove(one, codes[0]) == factors.WRONG
    assert factors_of(one.pk).codes_left == 7
    assert subjects(one)[-1] == "Un code de secours a servi à vous connecter"


def test_new_recovery_codes_end_the_former_ones() -> None:
    one, codes = with_totp()
    new = factors.renew_recovery_codes(account_id=one.pk, kept="", actor=TESTER, at=AT)
    assert (prove(one, codes[0]), prove(one, new[0])) == (factors.WRONG, "")


def test_codes_of_one_account_are_worth_nothing_to_another() -> None:
    (_, codes), (other, _) = with_totp(), with_totp(account(email="autre@lfn.exemple.fr"))
    assert prove(other, codes[0]) == factors.WRONG


def test_five_wrong_codes_wait_fifteen_minutes_even_for_the_right_one() -> None:
    one, codes = with_totp()
    assert [prove(one, "000000") for _ in range(5)] == [factors.WRONG] * 5
    assert prove(one, codes[0]) == factors.TOO_MANY
    assert factors.prove_by_password(account_id=one.pk, password="x", actor=TESTER, at=LATER) == factors.TOO_MANY
    assert prove(one, codes[0], LATER + timedelta(minutes=15)) == ""
    told = [entry.action for entry in entries_about("account", one.pk)]
    assert told.count("accounts.refuse-proof") == 5


def test_a_right_code_forgets_the_wrong_ones() -> None:
    one, codes = with_totp()
    for recovery in codes[:2]:
        assert [prove(one, "000000") for _ in range(4)] == [factors.WRONG] * 4
        assert prove(one, recovery) == ""


def test_the_role_says_who_needs_one_and_the_last_stays(settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, second_factor=frozenset({"manager"}))
    manager, agent = account(role=Role.MANAGER), account()
    assert (needs_factor(manager), needs_factor(agent)) == (True, False)
    for one in (manager, agent):
        with_totp(one)
        passkey(one, credential=str(one.pk))
        factors.remove_totp(account_id=one.pk, kept="", actor=TESTER, at=AT)
    (kept,), (left,) = factors_of(manager.pk).passkeys, factors_of(agent.pk).passkeys
    with pytest.raises(AccountError, match="Votre rôle demande un second facteur"):
        factors.remove_passkey(account_id=manager.pk, passkey_id=kept.pk, kept="", actor=TESTER, at=AT)
    factors.remove_passkey(account_id=agent.pk, passkey_id=left.pk, kept="", actor=TESTER, at=AT)
    assert (factors_of(agent.pk).some, factors_of(agent.pk).codes_left) == (False, 0)


def test_a_passkey_is_known_once_and_ten_are_enough() -> None:
    one, other = account(), account()
    assert len(passkey(one)) == 8
    with pytest.raises(AccountError, match="déjà enregistrée"):
        passkey(other)
    for number in range(9):
        assert passkey(one, credential=f"k{number}") == []
    with pytest.raises(AccountError, match="10 clés d'accès au plus"):
        passkey(one, credential="une de trop")


def test_nobody_takes_away_a_passkey_of_somebody_else() -> None:
    one, other = account(), account()
    passkey(one)
    (key,) = factors_of(one.pk).passkeys
    factors.remove_passkey(account_id=other.pk, passkey_id=key.pk, kept="", actor=TESTER, at=AT)
    assert factors_of(one.pk).passkeys == (key,)


def test_a_reset_takes_all_away_closes_the_sessions_and_tells_the_person() -> None:
    one, codes = with_totp()
    passkey(one)
    begin_session(account=one, session_key="cle", device="Firefox", address="192.0.2.1", actor=TESTER, at=AT)
    factors.reset_factors(account=one, actor=TESTER, at=LATER)
    found = factors_of(one.pk)
    assert (found.some, found.codes_left, sessions_of(one.pk, at=LATER)) == (False, 0, [])
    assert subjects(one)[-1] == "Votre second facteur a été remis à zéro"
    assert prove(one, codes[0]) == factors.WRONG
    with pytest.raises(AccountError, match="Vos propres moyens"):
        factors.reset_factors(account=one, actor=replace(TESTER, account_id=one.pk), at=LATER)


def test_what_changes_a_factor_closes_the_other_sessions() -> None:
    one = account()
    for key in ("ici", "ailleurs"):
        begin_session(account=one, session_key=key, device="Firefox", address="192.0.2.1", actor=TESTER, at=AT)
    factors.add_totp(account_id=one.pk, sealed=totp.seal(SECRET), code=code(), kept="ici", actor=TESTER, at=AT)
    assert [session.session_key for session in sessions_of(one.pk, at=AT)] == ["ici"]


def test_the_qr_code_says_whose_it_is_and_needs_nobody() -> None:
    picture = totp.picture_of(SECRET, "agent@lfn.exemple.fr")
    assert picture.startswith("data:image/svg+xml")
    assert totp.words_of(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_what_was_sealed_with_another_key_proves_nothing(settings) -> None:
    one, codes = with_totp()
    settings.SECRET_KEY = "une autre clé, tout aussi longue que la première, et plus neuve"
    assert prove(one, code(at=LATER)) == factors.WRONG
    assert prove(one, codes[0]) == ""
    assert datetime(2026, 11, 23, 9, 0, tzinfo=UTC) == AT
