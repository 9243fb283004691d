"""The secret key is changed: what the former one signed goes on while it is kept beside the new one, and no longer."""

import pytest
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts import totp
from tripartite.accounts.models import TotpSecret
from tripartite.accounts.reset_tokens import account_of_reset, make_reset
from tripartite.accounts.rights import Role
from tripartite.accounts.services import factors
from tripartite.accounts.services.codes import Verdict, check_code, issue_code
from tripartite.config import ConfigError, read_config

pytestmark = pytest.mark.django_db

NEW = "une clé toute neuve, tirée au hasard comme il se doit, et assez longue"
SECRET = b"12345678901234567890"
FOR = {"purpose": "sign", "subject": "12", "paper": "a" * 64, "about": ("request", 7), "actor": TESTER, "at": AT}


@pytest.fixture
def change_key(settings):
    """Puts a new key in place, the former one beside it unless it is dropped."""
    former = settings.SECRET_KEY

    def change(*, kept: bool) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [former] if kept else []

    return change


@pytest.mark.parametrize("kept", [False, True])
def test_sessions_go_on_with_the_former_key(client, change_key, kept) -> None:
    client.force_login(account(role=Role.AGENT))
    change_key(kept=kept)
    assert client.get(reverse("request-list")).status_code == (200 if kept else 302)
    if kept:
        change_key(kept=False)
        assert client.get(reverse("request-list")).status_code == 200


@pytest.mark.parametrize("kept", [False, True])
def test_links_codes_and_forms_go_on_with_the_former_key(change_key, kept) -> None:
    one, now = account(role=Role.AGENT), timezone.now()
    link, stamp = make_reset(one, at=now), TimestampSigner(salt="x").sign("y")
    code = issue_code(channel="email", **FOR)
    change_key(kept=kept)
    assert account_of_reset(link, at=now) == (one if kept else None)
    assert check_code(code=code, **FOR) == (Verdict.RIGHT if kept else Verdict.WRONG)
    if kept:
        assert TimestampSigner(salt="x").unsign(stamp) == "y"
    else:
        with pytest.raises(BadSignature):
            TimestampSigner(salt="x").unsign(stamp)


def test_an_application_of_codes_passes_to_the_new_key_when_it_serves(change_key) -> None:
    one, step = account(role=Role.AGENT), int(AT.timestamp()) // totp.STEP
    first = totp.code_at(SECRET, step)
    factors.add_totp(account_id=one.pk, sealed=totp.seal(SECRET), code=first, kept="", actor=TESTER, at=AT)
    change_key(kept=True)
    later = AT.fromtimestamp((step + 2) * totp.STEP, tz=AT.tzinfo)
    code = totp.code_at(SECRET, step + 2)
    assert not factors.prove_by_code(account_id=one.pk, code=code, actor=TESTER, at=later)
    change_key(kept=False)
    assert totp.unseal(TotpSecret.objects.get().sealed) == SECRET


def test_former_keys_are_whole_ones(tmp_path) -> None:
    environment = {"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_FORMER_KEYS": f" {'a' * 40} ,{'b' * 64},"}
    assert read_config(environment).former_keys == ("a" * 40, "b" * 64)
    assert read_config({"TRIPARTITE_VAR": str(tmp_path)}).former_keys == ()
    with pytest.raises(ConfigError, match="TRIPARTITE_FORMER_KEYS"):
        read_config(environment | {"TRIPARTITE_FORMER_KEYS": "courte"})
