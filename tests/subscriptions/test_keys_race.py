"""Two agents at once: one renewal for both, one key for a certificate."""

import base64
from typing import Any

import pytest

from tests.documents.racing import race, shared_database
from tests.factories import keys, parties, quotes


def renew(place: int, given: dict[str, Any]) -> str:
    """Renew the key; the reference of what was answered."""
    from tests.factories.accounts import AT, TESTER  # noqa: PLC0415 - Django is set up by then
    from tripartite.subscriptions.services import renew_key  # noqa: PLC0415

    return renew_key(key_id=given["key"], actor=TESTER, at=AT).reference


def register(place: int, given: dict[str, Any]) -> str:
    """Deposit the certificate; what was answered."""
    from tripartite.subscriptions.services import SubscriptionError  # noqa: PLC0415 - Django is set up by then

    try:
        return str(keys.registered(body_id=given["body"], content=base64.b64decode(given["file"])).serial)
    except SubscriptionError as refusal:
        return str(refusal)[:24]


@pytest.mark.usefixtures("transactional_db")
def test_two_clicks_at_once_make_one_request(tmp_path) -> None:
    quotes.offer()
    key = keys.registered()
    answers = race(shared_database(tmp_path), "tests.subscriptions.test_keys_race:renew", {"key": key.pk}, threads=2)
    assert answers == ["D-2026-00001"] * 4


@pytest.mark.usefixtures("transactional_db")
def test_one_certificate_deposited_by_several_is_one_key(tmp_path) -> None:
    quotes.offer()
    given = {"body": parties.body().pk, "file": base64.b64encode(keys.file_of()).decode()}
    answers = race(shared_database(tmp_path), "tests.subscriptions.test_keys_race:register", given, threads=2)
    assert len([one for one in answers if not one.startswith("Ce certificat")]) == 1
    assert len(answers) == 4
