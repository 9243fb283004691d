"""The days of a convention: the last signature, the last minutes of a year, 29 February."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import conventions, subscriptions
from tests.factories.accounts import TESTER
from tests.factories.conventions import DAY, SCAN, read, signatory
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import CONSENT, Consent, record_paper_signature, sign_here

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)
LAST_MINUTES = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
"""Half past midnight in Paris, on the first day of the next year."""


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def _on_paper(convention: Any, role: str, signed_on: date, at: datetime) -> None:
    record_paper_signature(
        signatory_id=signatory(convention, role).pk,
        signed_on=signed_on,
        scan=SCAN,
        original_place="Secrétariat",
        actor=TESTER,
        at=at,
    )


def test_it_is_in_force_on_the_latest_day_of_signature_whichever_was_recorded_last() -> None:
    convention = conventions.sent()
    for before, role in enumerate(("lfn", "beneficiary", "cdg62"), start=1):
        _on_paper(convention, role, DAY - timedelta(days=before), conventions.AT)

    made = read(convention)
    assert (made.in_force_on, made.ends_on) == (date(2026, 11, 22), date(2029, 11, 21))


def test_the_year_of_a_number_and_the_day_of_a_signature_are_those_of_paris() -> None:
    draft = conventions.drafted()
    convention = send_convention(convention_id=draft.pk, actor=TESTER, at=LAST_MINUTES)
    words = CONSENT.format(number=convention.number, party="beneficiary")
    consent = Consent(words, "maire@exemple.fr", "192.0.2.1", "Navigateur")
    sign_here(signatory_id=signatory(convention, "beneficiary").pk, consent=consent, actor=TESTER, at=LAST_MINUTES)
    for role in ("lfn", "cdg62"):
        _on_paper(convention, role, NEW_YEAR, LAST_MINUTES)

    made = read(convention)
    assert (convention.number, signatory(made, "beneficiary").signature.signed_on) == ("C-2027-00001", NEW_YEAR)
    assert (made.in_force_on, made.ends_on) == (NEW_YEAR, date(2029, 12, 31))


def test_what_begins_on_29_february_is_renewed_on_1_march() -> None:
    at = datetime(2028, 2, 29, 9, 0, tzinfo=UTC)
    convention = subscriptions.in_force(at=at)
    assert (convention.in_force_on, convention.ends_on) == (date(2028, 2, 29), date(2031, 2, 28))

    def advanced(on: date) -> bool:
        return advance_convention(convention_id=convention.pk, on=on, actor=TESTER, at=at)

    assert (advanced(date(2031, 2, 28)), advanced(date(2031, 3, 1))) == (False, True)
    assert read(convention).ends_on == date(2034, 2, 28)
