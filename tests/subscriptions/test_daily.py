"""What a day brings to what runs: done once, whoever does it and however often."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings

from tests.factories import daily, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.amending import ask_for_amendment
from tripartite.conventions.services.drafting import draft_convention, set_term
from tripartite.conventions.services.ending import denounce_convention, terminate_convention
from tripartite.going_live.models import Activation
from tripartite.jobs.daily import list_units, run_daily_unit
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import message_list
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.services.figures import declare_figure
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile
from tripartite.subscriptions.models import Notice
from tripartite.subscriptions.queries.running import running_cost, running_on, subscription_by_id, subscriptions_of
from tripartite.tariffs.services import adopt_grid, draft_grid

DAY = AT.date()
NEXT_YEAR = date(2027, 1, 4)
SPRING = date(2027, 3, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _do(on: date) -> list[str]:
    """Do all that a day brings; the keys of what changed something."""
    at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)
    return [unit.key for unit in list(daily.units(on)) if daily.run(unit.key, on, TESTER, at)]


def next_tariff(code: str = "cdg62/2027-01-01", **changes: str) -> None:
    """A later tariff, 22 € a mailbox rather than 20."""
    text = tariffs.grid_text()
    wanted = {
        'code = "cdg62/2024-03-26"': f'code = "{code}"\nsupersedes = "cdg62/2024-03-26"',
        "applies_from = 2024-03-26": changes.get("applies", "applies_from = 2027-01-01"),
        "lfn = { per_unit = 20 }": "lfn = { per_unit = 22 }",
    }
    for old, new in wanted.items():
        assert old in text
        text = text.replace(old, new, 1)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code=code, actor=TESTER, at=AT)


def _letters(kind: str) -> list[Any]:
    return [one for one in message_list() if one.kind == kind]


def test_conventions_in_force_are_opened_once() -> None:
    convention = subscriptions.in_force(quantities={"messagerie-5go": 4, "nom-de-domaine": 1})
    assert [unit.words for unit in daily.units(DAY)] == [f"Mise en service à ouvrir : {convention.number}, Ruitz"]
    assert _do(DAY) == [f"open:{convention.pk}"]
    assert _do(DAY) == []
    assert Activation.objects.count() == 2


def test_what_a_terminated_convention_had_ends_with_it_and_what_is_prepaid_does_not() -> None:
    running = subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    mailboxes, key = running["messagerie-5go"], running["cle-signature-3-cdg"]
    deadline = terminate_convention(
        convention_id=mailboxes.convention_id,
        received_on=DAY,
        party="Ruitz",
        reason="essai",
        actor=TESTER,
        at=AT,
    )
    assert _do(DAY) == [f"end:{mailboxes.pk}"]
    assert _do(DAY) == []
    ended = subscription_by_id(mailboxes.pk)
    assert ended is not None
    assert ended.ends_on == deadline.day
    assert ended.end_reason.startswith("fin de la convention C-2026-00007 : ")
    kept = subscription_by_id(key.pk)
    assert kept is not None
    assert kept.ends_on == date(2029, 11, 22)


def test_what_the_same_day_puts_in_force_or_ends_is_listed_at_once() -> None:
    """The units of a day are listed before any of them is done: a second run has nothing left."""
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    denounce_convention(
        convention_id=one.convention_id, received_on=DAY, party="Ruitz", reason="essai", actor=TESTER, at=AT
    )
    draft = subscriptions.conventions.drafted(quantities={"nom-de-domaine": 1}, body="62001")
    set_term(convention_id=draft.pk, years=1, tacit_renewals=0, notice_months=1, due_on=SPRING, actor=TESTER, at=AT)
    signed = subscriptions.signed(draft)
    units = [unit.key for unit in list_units(on=SPRING, parameters={})]
    assert units == [
        f"conventions:deadline:{signed.pk}",
        f"going-live:open:{signed.pk}",
        f"subscriptions:end:{one.pk}",
        f"live:live:{one.convention_id}",
    ]
    at = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    assert [run_daily_unit(key, SPRING, TESTER, at) for key in units] == [True] * 4
    assert list_units(on=SPRING, parameters={}) == []


def test_a_term_without_renewal_ends_what_it_had_in_one_day() -> None:
    draft = subscriptions.conventions.drafted(quantities={"nom-de-domaine": 1})
    set_term(convention_id=draft.pk, years=1, tacit_renewals=0, notice_months=1, due_on=None, actor=TESTER, at=AT)
    convention = subscriptions.signed(draft)
    (activation,) = subscriptions.open_activations(convention_id=convention.pk, actor=TESTER, at=AT)
    one = subscriptions.live(activation).subscription
    after = date(2027, 11, 23)
    units = [unit.key for unit in list_units(on=after, parameters={})]
    told = f"live:live:{convention.pk}"
    assert units == [f"conventions:deadline:{convention.pk}", f"subscriptions:end:{one.pk}", told]
    at = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)
    assert [run_daily_unit(key, after, TESTER, at) for key in units] == [True] * 3
    assert list_units(on=after, parameters={}) == []
    ended = subscription_by_id(one.pk)
    assert ended is not None
    assert ended.ends_on == date(2027, 11, 22)


def merge(gone: str, into: str, effective: str, at: datetime, *, before: tuple[str, ...] = ()) -> None:
    """The directory as it is once a commune was merged into another, with its movement; `before` went earlier."""
    codes = tuple(code for code in parties.COMMUNES if code not in {gone, *before})
    movement = f"MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,{effective},COM,{gone},COM,{into}\n"
    import_directory(
        [
            parties._part("communes.csv", "code_insee", codes),
            DirectoryFile("mouvements.csv", movement.encode(), "mouvements d'essai"),
        ],
        actor=TESTER,
        at=at,
        department="62",
    )


def _merged(services: dict[str, Any], *, also: dict[str, Any] | None = None) -> tuple[Any, Any, dict[str, Any]]:
    """Ruitz, merged into Barlin on 1 January 2027, the new body, and what ran for Ruitz."""
    running = subscriptions.running(services)
    if also:
        subscriptions.running(also, body="62001")
    ruitz = parties.body()
    merge("62727", "62001", "2027-01-01", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    return body_by_identifier("siren", ruitz.siren), parties.body("62001"), running


def test_what_a_merged_commune_had_goes_on_with_the_new_one() -> None:
    old, new, running = _merged({"messagerie-5go": 4, "demarches-simplifiees": 1, "cle-signature-3-cdg": 1})
    assert (old.merged_into, old.ended_on) == (new, date(2026, 12, 31))
    keys = {one.pk for one in running.values()}
    assert {int(key.removeprefix("take-over:")) for key in _do(NEXT_YEAR)} == keys
    assert _do(NEXT_YEAR) == []
    assert running_on(old.pk, on=date(2027, 1, 1)) == []
    assert [one.ends_on for one in subscriptions_of(old.pk)] == [date(2026, 12, 31)] * 3
    taken = {one.service: one for one in subscriptions_of(new.pk)}
    assert {one.starts_on for one in taken.values()} == {date(2027, 1, 1)}
    assert {one.anchor_on for one in taken.values()} == {DAY}
    assert taken["cle-signature-3-cdg"].ends_on == date(2029, 11, 22)
    assert {one.continues_id for one in taken.values()} == keys


def test_the_price_is_kept_until_the_next_due_date_then_the_figures_of_the_new_body_count() -> None:
    """Ruitz is of category B (1 478 inhabitants), Arras, which takes it in here, of category G."""
    subscriptions.running({"demarches-simplifiees": 1})
    ruitz = parties.body()
    before = running_cost(ruitz.pk, on=date(2026, 12, 31)).totals
    merge("62727", "62041", "2027-01-01", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    _do(NEXT_YEAR)
    arras = parties.body(quotes.ARRAS)
    assert running_cost(arras.pk, on=date(2027, 1, 1)).totals == before == {"lfn": 5100, "cdg62": 5000}
    assert running_cost(arras.pk, on=date(2027, 11, 22)).totals == before
    assert running_cost(arras.pk, on=date(2027, 11, 23)).totals["lfn"] == 255_300


def test_what_is_held_once_is_not_doubled() -> None:
    old, new, running = _merged({"demarches-simplifiees": 1, "messagerie-5go": 2}, also={"demarches-simplifiees": 1})
    _do(NEXT_YEAR)
    held = [(one.subscription.service, one.quantity) for one in running_on(new.pk, on=NEXT_YEAR)]
    assert sorted(held) == [("demarches-simplifiees", 1), ("messagerie-5go", 2)]
    ended = subscription_by_id(running["demarches-simplifiees"].pk)
    assert ended is not None
    assert (ended.ends_on, ended.end_reason) == (date(2026, 12, 31), f"déjà en service à {new.name}")
    assert running_on(old.pk, on=NEXT_YEAR) == []


def test_what_was_set_going_for_a_commune_already_merged_runs_for_the_new_one() -> None:
    activations = subscriptions.opened({"messagerie-5go": 4})
    merge("62727", "62001", "2027-01-01", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    part = subscriptions.live(
        Activation.objects.get(pk=activations["messagerie-5go"].pk),
        on=SPRING,
        at=datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
    )
    assert part.subscription.body == parties.body("62001")


def test_what_went_live_after_the_merger_and_before_the_directory_knew_is_taken_over_the_day_after() -> None:
    at = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
    activations = subscriptions.opened({"messagerie-5go": 4})
    part = subscriptions.live(activations["messagerie-5go"], on=at.date(), at=at)
    merge("62727", "62001", "2027-01-01", datetime(2027, 2, 1, 9, 0, tzinfo=UTC))
    assert _do(date(2027, 2, 1)) == [f"take-over:{part.subscription_id}"]
    assert _do(date(2027, 2, 1)) == []
    (taken,) = subscriptions_of(parties.body("62001").pk)
    assert (taken.anchor_on, taken.starts_on) == (date(2027, 1, 10), date(2027, 1, 11))


def test_a_commune_merged_twice_is_followed_to_the_last() -> None:
    subscriptions.running({"messagerie-5go": 4})
    merge("62727", "62001", "2027-01-01", datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    ruitz = Activation.objects.get().body
    merge("62001", "62014", "2027-02-01", datetime(2027, 2, 2, 9, 0, tzinfo=UTC), before=("62727",))
    assert len(_do(SPRING)) == 1
    assert _do(SPRING) == []
    last = parties.body("62014")
    assert [one.quantity for one in running_on(last.pk, on=SPRING)] == [4]
    assert running_on(ruitz.pk, on=SPRING) == []
    assert running_cost(last.pk, on=SPRING).totals == {"lfn": 8000, "cdg62": 5000}


def test_a_new_tariff_is_announced_once_with_its_effect_and_its_day() -> None:
    subscriptions.running({"messagerie-5go": 4})
    next_tariff()
    body = parties.body()
    assert _do(DAY) == [f"tariff:{body.pk}:cdg62/2027-01-01"]
    assert _do(DAY) == []
    (letter,) = _letters("subscriptions.announce-tariff")
    assert letter.subject == "Nouveau tarif à partir du 23/11/2027 : Ruitz"
    assert "La Fibre Numérique 59-62 : 88,00\u00a0€ par an TTC, au lieu de 80,00\u00a0€" in letter.text
    assert "CDG 62 : " not in letter.text
    (said,) = [
        one
        for one in entries_about("request", Activation.objects.get().convention.request_id)
        if one.action == "subscriptions.announce-tariff"
    ]
    assert said.text == "Tarif voté par délibération du conseil d'administration du 26/03/2024 annoncé à Ruitz."


def test_a_tariff_that_changes_no_price_writes_nothing_and_is_not_looked_for_again() -> None:
    subscriptions.running({"nom-de-domaine": 1})
    next_tariff()
    assert len(_do(DAY)) == 1
    assert _do(DAY) == []
    assert _letters("subscriptions.announce-tariff") == []
    assert Notice.objects.get().text == "Aucun prix ne change."


def test_a_change_of_category_is_announced_once_with_its_effect_and_its_day() -> None:
    subscriptions.running({"demarches-simplifiees": 1, "messagerie-5go": 4})
    body = parties.body()
    at = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    figure = declare_figure(
        body_id=body.pk,
        measure="population",
        counted="municipale",
        value=2400,
        year=2027,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=at,
    )
    assert _do(at.date()) == [f"figures:{body.pk}:{figure.pk}"]
    assert _do(at.date()) == []
    (letter,) = _letters("subscriptions.announce-figures")
    assert letter.subject == "Changement de catégorie à partir du 23/11/2027 : Ruitz"
    assert "Démarches simplifiées : catégorie B → C." in letter.text
    assert "La Fibre Numérique 59-62 : 208,00\u00a0€ par an TTC, au lieu de 131,00\u00a0€" in letter.text
    assert "CDG 62 : 150,00\u00a0€ par an TTC, au lieu de 100,00\u00a0€" in letter.text


def test_a_figure_of_the_same_category_is_not_even_looked_at() -> None:
    subscriptions.running({"demarches-simplifiees": 1})
    declare_figure(
        body_id=parties.body().pk,
        measure="population",
        counted="municipale",
        value=1500,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=AT,
    )
    assert list(daily.units(DAY)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_due_is_found_in_as_many_queries_however_many_bodies(
    count: int, django_assert_num_queries: Any
) -> None:
    for code in [quotes.RUITZ, "62001", "62014"][:count]:
        subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1}, body=code)
    next_tariff()
    list(daily.units(DAY))  # grids are parsed once a process
    with django_assert_num_queries(8):
        assert len(list(daily.units(DAY))) == count


def test_the_registry_of_daily_work_knows_this_step() -> None:
    assert settings.DAILY["subscriptions"] == "tripartite.subscriptions.services.daily"


def test_what_an_amendment_gives_up_stops_on_its_first_day_in_force() -> None:
    running = subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "page-internet": 1})
    later = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    mailboxes, domain = running["messagerie-5go"], running["nom-de-domaine"]
    asked = ask_for_amendment(
        convention_id=mailboxes.convention_id,
        wanted={"messagerie-5go": 3, "nom-de-domaine": 0},
        actor=TESTER,
        at=later,
    )
    subscriptions.conventions.accepted(asked=asked, at=later)
    draft = draft_convention(request_id=asked.pk, parent_id=mailboxes.convention_id, actor=TESTER, at=later)
    amendment = subscriptions.signed(draft, at=later)
    assert [unit.key for unit in daily.units(SPRING)] == [f"open:{amendment.pk}"]
    assert _do(SPRING) == [f"open:{amendment.pk}"]
    assert _do(SPRING) == []
    body = parties.body()
    assert [(one.subscription.service, one.quantity) for one in running_on(body.pk, on=SPRING)] == [
        ("messagerie-5go", 3),
        ("page-internet", 1),
    ]
    assert [one.quantity for one in running_on(body.pk, on=date(2027, 2, 28))] == [4, 1, 1]
    ended = subscription_by_id(domain.pk)
    assert ended is not None
    assert ended.ends_on == date(2027, 2, 28)
    assert running_cost(body.pk, on=SPRING).totals == {"lfn": 6000 + 1400, "cdg62": 5000}
