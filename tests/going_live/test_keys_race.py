"""Two agents at once: one renewal for both, one key for a certificate."""

import base64
from typing import Any

import pytest

from tests.documents.racing import race, shared_database
from tests.factories import keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.going_live.models import ActivationStep
from tripartite.going_live.services.activations import reopen_step


def renew(place: int, given: dict[str, Any]) -> str:
    """Renew the key; the reference of what was answered."""
    from tests.factories.accounts import AT, TESTER  # noqa: PLC0415 - Django is set up by then
    from tripartite.going_live.services.key_renewals import renew_key  # noqa: PLC0415

    return renew_key(key_id=given["key"], actor=TESTER, at=AT).reference


def register(place: int, given: dict[str, Any]) -> str:
    """Deposit the certificate; what was answered."""
    from tripartite.subscriptions.services.errors import SubscriptionError  # noqa: PLC0415 - Django is set up by then

    try:
        return str(keys.registered(body_id=given["body"], content=base64.b64decode(given["file"])).serial)
    except SubscriptionError as refusal:
        return str(refusal)[:24]


@pytest.mark.usefixtures("transactional_db")
def test_two_clicks_at_once_make_one_request() -> None:
    quotes.offer()
    key = keys.registered()
    answers = race(shared_database(), "tests.going_live.test_keys_race:renew", {"key": key.pk}, threads=2)
    assert answers == ["D-2026-00005"] * 4


@pytest.mark.usefixtures("transactional_db")
def test_one_certificate_deposited_by_several_is_one_key() -> None:
    quotes.offer()
    given = {"body": parties.body().pk, "file": base64.b64encode(keys.file_of()).decode()}
    answers = race(shared_database(), "tests.going_live.test_keys_race:register", given, threads=2)
    assert len([one for one in answers if not one.startswith("Ce certificat")]) == 1
    assert len(answers) == 4


def hand_over_or_go_live(place: int, given: dict[str, Any]) -> str:
    """One hands the key over while the other puts its line in service; what was answered."""
    from tests.factories.accounts import AT, TESTER  # noqa: PLC0415 - Django is set up by then
    from tripartite.going_live.services.keys import hand_over_key  # noqa: PLC0415
    from tripartite.going_live.services.parts import go_live  # noqa: PLC0415
    from tripartite.subscriptions.services.errors import SubscriptionError  # noqa: PLC0415

    try:
        if place % 2:
            hand_over_key(key_id=given["key"], on=AT.date(), handing="cdg", actor=TESTER, at=AT)
            return "remise"
        go_live(activation_id=given["activation"], live_on=AT.date(), actor=TESTER, at=AT)
    except SubscriptionError as refusal:
        return str(refusal)[:3]
    return "en service"


@pytest.mark.usefixtures("transactional_db")
def test_a_key_handed_over_while_its_line_goes_live_is_both() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    activation = subscriptions.opened({"cle-signature-3-cdg": 1})["cle-signature-3-cdg"]
    subscriptions.waive_all(activation)
    key = keys.registered(activation_id=activation.pk)
    reopen_step(step_id=activation.steps.get(code="remise").pk, actor=TESTER, at=AT)
    ActivationStep.objects.filter(activation=activation, code="remise").update(required=False)
    given = {"key": key.pk, "activation": activation.pk}
    act = "tests.going_live.test_keys_race:hand_over_or_go_live"
    answers = race(shared_database(), act, given, processes=1, threads=2)
    assert sorted(answers) == ["en service", "remise"]
