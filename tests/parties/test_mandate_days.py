"""The days of an act that empowers a person to sign: first and last are inclusive, and an end is noted once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import parties
from tests.factories.accounts import AT, TESTER
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.mandates import mandate_by_id, what_mandate_lacks
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.mandates import end_mandate, record_mandate

pytestmark = pytest.mark.usefixtures("directory")
ADOPTED, ENFORCEABLE, LAST = date(2024, 2, 29), date(2024, 3, 4), date(2026, 6, 30)
ONE_DAY = timedelta(days=1)


def act(at: datetime = AT, **changes: Any) -> Any:
    known: dict[str, Any] = {
        "person": "Prénom NOM",
        "function": "Maire",
        "act": "deliberation",
        "organ": "Conseil municipal",
        "adopted_on": ADOPTED,
        "enforceable_on": ENFORCEABLE,
        "body_id": parties.body().pk,
    }
    return record_mandate(**(known | changes), actor=TESTER, at=at)


def end(mandate: Any, last_day: date, reason: str = "Fin de mandat") -> Any:
    return end_mandate(mandate_id=mandate.pk, last_day=last_day, reason=reason, actor=TESTER, at=AT)


def test_a_deliberation_empowers_from_the_day_it_is_enforceable_to_its_last_one() -> None:
    mandate = act(valid_until=LAST)

    assert "exécutoire qu'à partir du 04/03/2024" in what_mandate_lacks(mandate, on=ENFORCEABLE - ONE_DAY)
    assert [what_mandate_lacks(mandate, on=day) for day in (ENFORCEABLE, LAST)] == ["", ""]
    assert "n'a plus ce pouvoir depuis le 30/06/2026" in what_mandate_lacks(mandate, on=LAST + ONE_DAY)


def test_an_election_empowers_from_its_own_day() -> None:
    mandate = act(act="election", enforceable_on=None)

    assert what_mandate_lacks(mandate, on=ADOPTED - ONE_DAY) == "L'acte est du 29/02/2024."
    assert what_mandate_lacks(mandate, on=ADOPTED) == ""


def test_an_act_may_be_enforceable_and_end_on_its_own_day_and_is_not_of_tomorrow() -> None:
    midnight_in_paris = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    new_year = date(2027, 1, 1)
    made = act(adopted_on=new_year, enforceable_on=new_year, valid_until=new_year, at=midnight_in_paris)

    assert what_mandate_lacks(made, on=new_year) == ""
    with pytest.raises(FieldErrors) as refused:
        act(adopted_on=new_year + ONE_DAY, enforceable_on=new_year, valid_until=new_year, at=midnight_in_paris)
    assert set(refused.value.fields) == {"adopted_on", "enforceable_on", "valid_until"}


def test_the_end_of_a_power_is_noted_once_with_a_reason_and_told() -> None:
    mandate = act()
    for last_day, reason, field in ((ADOPTED - ONE_DAY, "Fin", "last_day"), (LAST, " ", "reason")):
        with pytest.raises(FieldErrors) as refused:
            end(mandate, last_day, reason)
        assert set(refused.value.fields) == {field}

    end(mandate, ADOPTED)

    assert mandate_by_id(mandate.pk).valid_until == ADOPTED  # type: ignore[union-attr]
    (told,) = entries_about("body", mandate.body_id).filter(action="parties.end-mandate")
    assert told.details == {"mandate": mandate.pk}
    assert told.text == "Fin du pouvoir de signer de Prénom NOM, Maire, le 29/02/2024 : Fin de mandat"
    with pytest.raises(FieldErrors) as refused:
        end(mandate, LAST)
    assert set(refused.value.fields) == {"last_day"}
