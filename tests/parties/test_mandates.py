"""One question about powers: this person, this body, this object, that day; and acts completed in the open."""

from datetime import date
from typing import Any

import pytest

from tests.factories import parties
from tests.factories.accounts import AT, TESTER
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.mandates import (
    CONVENTION,
    QUOTES,
    Power,
    best_act,
    power_of,
    what_power_lacks,
)
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.mandates import complete_mandate, end_mandate, record_mandate

pytestmark = pytest.mark.usefixtures("directory")
DAY = date(2026, 11, 23)


def act(**changes: Any) -> Any:
    options: dict[str, Any] = {
        "body_id": parties.body().pk,
        "person": "Élise Lefèbvre",
        "function": "Maire",
        "act": "deliberation",
        "organ": "Conseil municipal",
        "adopted_on": date(2026, 11, 2),
        "enforceable_on": date(2026, 11, 5),
    }
    return record_mandate(**(options | changes), actor=TESTER, at=AT)


def complete(mandate: Any, **changes: Any) -> Any:
    said = {"organ": mandate.organ, "number": mandate.number or "", "enforceable_on": mandate.enforceable_on}
    return complete_mandate(mandate_id=mandate.pk, **(said | {"covers": mandate.covers} | changes), actor=TESTER, at=AT)


def power(**changes: Any) -> Power:
    options: dict[str, Any] = {"purpose": QUOTES, "body_id": parties.body().pk, "person": "Élise Lefèbvre"}
    return Power(**(options | changes))


@pytest.mark.parametrize(
    ("recorded", "asked", "on", "why"),
    [
        ({}, {}, DAY, ""),
        ({}, {"person": "LEFEBVRE Elise"}, DAY, ""),
        ({}, {"person": "Mme Elise LEFEBVRE", "purpose": CONVENTION}, DAY, ""),
        ({}, {"person": "Jean Lefèbvre"}, DAY, "Cet acte habilite Élise Lefèbvre, et non Jean Lefèbvre."),
        ({}, {"body_id": 0}, DAY, "n'habilite personne pour cette collectivité"),
        ({}, {"body_id": None, "issuer": "lfn"}, DAY, "n'habilite personne pour cet émetteur"),
        (
            {"covers": ["convention"]},
            {},
            DAY,
            "n'habilite pas à accepter des devis : il vaut pour signer la convention",
        ),
        ({"covers": ["convention"]}, {"purpose": CONVENTION}, DAY, ""),
        ({"covers": ["quotes", "convention"]}, {}, DAY, ""),
        ({}, {}, date(2026, 11, 4), "La délibération n'est exécutoire qu'à partir du 05/11/2026."),
        ({}, {}, date(2026, 11, 5), ""),
        ({"enforceable_on": None}, {}, DAY, "la délibération est devenue exécutoire manque"),
        ({"enforceable_on": None, "act": "delegation"}, {}, DAY, "l'arrêté de délégation est devenu exécutoire manque"),
        ({"enforceable_on": None, "act": "decision"}, {}, DAY, "la décision est devenue exécutoire manque"),
        ({"enforceable_on": None, "act": "election"}, {}, DAY, ""),
        ({"valid_until": DAY}, {}, DAY, ""),
        ({"valid_until": date(2026, 11, 22)}, {}, DAY, "n'a plus ce pouvoir depuis le 22/11/2026"),
    ],
)
def test_an_act_empowers_this_person_for_this_body_and_this_object_that_day(
    recorded: dict[str, Any], asked: dict[str, Any], on: date, why: str
) -> None:
    found = what_power_lacks(act(**recorded), power(**asked), on=on)
    assert why in found
    assert bool(found) == bool(why)


def test_the_act_of_2019_of_somebody_else_never_counts() -> None:
    old = act(person="Autre NOM", adopted_on=date(2019, 3, 4), enforceable_on=None)
    assert power_of(power(), on=DAY) is None
    assert best_act(power(), on=DAY) is None
    assert what_power_lacks(old, power(), on=DAY) == "Cet acte habilite Autre NOM, et non Élise Lefèbvre."


def test_the_best_act_is_the_one_that_counts_then_one_that_may_be_completed() -> None:
    act(valid_until=date(2026, 11, 20))
    assert best_act(power(), on=DAY) is None
    counting = act(adopted_on=date(2026, 11, 3))
    lacking = act(adopted_on=date(2026, 11, 20), enforceable_on=None)
    assert best_act(power(), on=DAY) == counting
    end_mandate(mandate_id=counting.pk, last_day=date(2026, 11, 21), reason="Fin", actor=TESTER, at=AT)
    assert best_act(power(), on=DAY) == lacking


def test_an_act_is_completed_and_the_journal_says_with_what() -> None:
    lacking = act(enforceable_on=None)
    complete(lacking, enforceable_on=date(2026, 11, 6), number="2026-41")
    lacking.refresh_from_db()
    assert (lacking.enforceable_on, lacking.number) == (date(2026, 11, 6), "2026-41")
    entry = entries_about("body", lacking.body_id).last()
    assert entry
    assert "numéro : non dit → 2026-41 ; exécutoire le : non dit → 06/11/2026." in entry.text
    assert entry.details["changes"] == {"number": [None, "2026-41"], "enforceable_on": [None, "2026-11-06"]}


def test_what_was_said_is_replaced_with_a_reason_only() -> None:
    said = act(number="2026-40")
    for changes in ({"number": "2026-41"}, {"enforceable_on": date(2026, 11, 9)}, {"covers": ["quotes"]}):
        with pytest.raises(FieldErrors) as refusal:
            complete(said, **changes)
        assert "remplace ce qui était noté" in refusal.value.fields["reason"]
    complete(said, number="2026-41", reason="Faute de frappe")
    entry = entries_about("body", said.body_id).last()
    assert entry
    assert entry.text.endswith("complété : numéro : 2026-40 → 2026-41. Motif : Faute de frappe")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "enforceable_on"),
        ({"enforceable_on": date(2026, 11, 1)}, "enforceable_on"),
        ({"organ": " "}, "organ"),
        ({"number": "9" * 61}, "number"),
        ({"covers": ["tout"]}, "covers"),
    ],
)
def test_what_completes_nothing_or_cannot_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldErrors) as refusal:
        complete(act(), **changes)
    assert field in refusal.value.fields
