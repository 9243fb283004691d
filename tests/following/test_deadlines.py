"""The deadlines of a body: each with its day, its computation, who acts and the paper that it needs."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.drafting import set_term
from tripartite.conventions.services.ending import denounce_convention
from tripartite.following.queries.deadline_rules import DeadlineKind
from tripartite.following.queries.deadlines import deadline_by_key, deadlines
from tripartite.following.services.preparing import prepare_renewal
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.subscriptions.services.errors import SubscriptionError

DAY = AT.date()
HORIZON = date(2033, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()


def told(*, since: date = DAY, until: date = HORIZON, **more: Any) -> list[tuple[str, date, str]]:
    return [(str(one.kind), one.day, one.what) for one in deadlines(since=since, until=until, **more)]


def renewable(**more: Any) -> Any:
    """A convention of one year, renewed twice, with a notice of three months, in force with its services."""
    draft = subscriptions.conventions.drafted(**more)
    options = {"years": 1, "tacit_renewals": 2, "notice_months": 3, "due_on": None}
    set_term(convention_id=draft.pk, **options, actor=TESTER, at=AT)
    return subscriptions.signed(subscriptions.conventions.read(draft))


def test_a_convention_shows_its_notices_its_renewals_and_its_end() -> None:
    convention = renewable(quantities={"messagerie-5go": 4})
    assert told() == [
        ("notice", date(2027, 8, 22), f"Convention {convention}"),
        ("tacit-renewal", date(2027, 11, 23), f"Convention {convention}"),
        ("notice", date(2028, 8, 22), f"Convention {convention}"),
        ("tacit-renewal", date(2028, 11, 23), f"Convention {convention}"),
        ("convention-end", date(2029, 11, 22), f"Convention {convention}"),
    ]
    (notice, *_, end) = deadlines(since=DAY, until=HORIZON)
    assert notice.who == "la partie qui ne veut pas de la reconduction"
    assert notice.paper == "courrier à la collectivité"
    assert end.why == "2e reconduction, 1 an depuis le 23/11/2028 : dernier jour le 22/11/2029"


def test_a_denounced_convention_shows_its_end_alone() -> None:
    convention = renewable(quantities={"messagerie-5go": 4})
    denounce_convention(
        convention_id=convention.pk, received_on=DAY, party="Ruitz", reason="autre solution", actor=TESTER, at=AT
    )
    assert [(kind, day) for kind, day, _ in told()] == [("convention-end", date(2027, 11, 22))]


def test_what_runs_shows_its_due_dates_until_the_convention_can_last() -> None:
    subscriptions.adopt_shipped_checklist()
    subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "antivirus": 2})
    yearly = [one for one in deadlines(since=DAY, until=HORIZON) if one.kind in ("renewal", "due")]
    assert [(str(one.kind), one.what, one.who) for one in yearly if one.day.year == 2027] == [
        (
            "renewal",
            "Renouvellement du nom de domaine : Nom de domaine (1)",
            "La Fibre Numérique 59-62",
        ),
        ("due", "Messagerie, compte 5 Go (4) ; Antivirus (2)", "La Fibre Numérique 59-62, CDG 62"),
    ]
    (end,) = [one for one in deadlines(since=DAY, until=HORIZON) if one.kind == "convention-end"]
    assert {one.day for one in yearly} == {date(year, 11, 23) for year in range(2027, end.day.year)}
    assert end.day.month == 11


def test_a_prepaid_term_ends_on_its_last_day() -> None:
    subscriptions.running({"cle-signature-3-cdg": 2})
    (end,) = [one for one in deadlines(since=DAY, until=HORIZON) if one.kind == "prepaid-end"]
    assert (end.day, end.why) == (
        date(2029, 11, 22),
        "3 ans prépayés depuis le 23/11/2026 : dernier jour le 22/11/2029",
    )
    assert (end.paper, end.services, end.issuers) == (
        "demande de renouvellement et ses devis",
        ("cle-signature-3-cdg",),
        ("lfn", "cdg62"),
    )


def test_quotes_in_hand_show_their_last_day() -> None:
    quotes.issued()
    found = deadlines(since=DAY, until=DAY + timedelta(days=120))
    assert [(str(one.kind), one.day, one.what) for one in found] == [
        ("quote", date(2027, 1, 22), "Devis CDG62-2026-00047, CDG 62"),
        ("quote", date(2027, 2, 21), "Devis LFN-2026-00012, La Fibre Numérique 59-62"),
    ]
    assert [one.why for one in found] == [
        "émis le 23/11/2026 : valable jusqu'au 22/01/2027 compris",
        "émis le 23/11/2026 : valable jusqu'au 21/02/2027 compris",
    ]


def test_both_days_of_a_window_are_in_it_and_a_body_sees_its_own() -> None:
    subscriptions.running({"messagerie-5go": 4})
    subscriptions.running({"antivirus": 4}, body=quotes.ARRAS)
    due = date(2027, 11, 23)
    assert len(told(since=due, until=due)) == 2
    assert told(since=due, until=due, body_id=parties.body().pk) == [("due", due, "Messagerie, compte 5 Go (4)")]
    assert told(since=due + timedelta(days=1), until=due + timedelta(days=1)) == []
    assert told(since=due - timedelta(days=1), until=due - timedelta(days=1)) == []


def test_a_deadline_is_found_by_its_key() -> None:
    subscriptions.running({"messagerie-5go": 4, "cle-signature-1-cdg": 1})
    for one in deadlines(since=DAY, until=HORIZON):
        again = deadline_by_key(one.key)
        assert again is not None
        assert (again.key, again.what) == (one.key, one.what)
    for wrong in ("", "due", "due-1-2027-99-99", "autre-1-2027-11-23", f"{DeadlineKind.DUE}-999-2027-11-23"):
        assert deadline_by_key(wrong) is None


@pytest.mark.parametrize("count", [1, 3])
def test_deadlines_are_read_in_as_many_queries_however_many_they_are(
    count: int, django_assert_num_queries: Any
) -> None:
    subscriptions.adopt_shipped_checklist()
    for code in [quotes.RUITZ, quotes.ARRAS, "62498"][:count]:
        subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "cle-signature-3-cdg": 1}, body=code)
    told()  # grids are parsed once a process
    with django_assert_num_queries(13):
        found = deadlines(since=DAY, until=HORIZON)
        assert [(one.body.name, str(one.body.epci), one.letters, one.request) for one in found] != []


def test_a_certificate_ends_on_the_day_read_off_it_and_its_term_is_renewed_from_the_register() -> None:
    from tests.factories import keys  # noqa: PLC0415

    running = subscriptions.running({"cle-signature-3-cdg": 1})
    term = next(one for one in deadlines(since=DAY, until=HORIZON) if one.kind == "prepaid-end")
    assert (term.renewable, term.paper) == (True, "demande de renouvellement et ses devis")
    key = keys.registered(subscription_id=running["cle-signature-3-cdg"].pk)
    found = {str(one.kind): one for one in deadlines(since=DAY, until=HORIZON)}
    certificate, term = found["certificate"], found["prepaid-end"]
    assert (certificate.day, certificate.keys) == (key.valid_until, (key,))
    assert certificate.why == f"lu sur le certificat n° {key.serial} : dernier jour le {key.valid_until:%d/%m/%Y}"
    assert (term.renewable, term.paper, term.keys) == (False, "renouvellement de la clé", (key,))
    with pytest.raises(SubscriptionError, match="depuis le registre des clés"):
        prepare_renewal(key=term.key, actor=TESTER, at=AT)
    asked = renew_key(key_id=key.pk, actor=TESTER, at=AT)
    assert {one.request for one in deadlines(since=DAY, until=HORIZON) if one.keys} == {asked}
