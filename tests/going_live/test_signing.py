"""The last signature opens what the convention sets going, in the same act."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.errors import ConventionError
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.going_live.services.signing import sign_on_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_sign() -> Any:
    conventions.offer()
    return conventions.sent(quantities={"messagerie-5go": 4, "nom-de-domaine": 1})


def sign(convention: Any, role: str, **changes: Any) -> None:
    said = {"signed_on": AT.date(), "scan": conventions.SCAN, "original_place": "CDG 62", "actor": TESTER, "at": AT}
    sign_on_paper(signatory_id=conventions.signatory(convention, role).pk, **(said | changes))


def opened(convention: Any) -> list[str]:
    return [one.service for one in activations_of_convention(convention.pk)]


def test_the_last_of_three_signatures_opens_what_was_ordered(to_sign: Any) -> None:
    sign(to_sign, "beneficiary")
    sign(to_sign, "lfn")
    assert opened(to_sign) == []
    sign(to_sign, "cdg62")
    assert opened(to_sign) == ["messagerie-5go", "nom-de-domaine"]
    assert conventions.read(to_sign).state == "in-force"


def test_a_signature_that_is_refused_opens_nothing(to_sign: Any) -> None:
    sign(to_sign, "beneficiary")
    sign(to_sign, "lfn")
    with pytest.raises(ConventionError, match="à venir"):
        sign(to_sign, "cdg62", signed_on=AT.date() + timedelta(days=1))
    assert opened(to_sign) == []
