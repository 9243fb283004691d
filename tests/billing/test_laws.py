"""What holds of any items: a preview shows what the paper asks; what takes back never goes over what is left. Pure."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.billing.printout.parts import InvoiceLine
from tripartite.billing.printout.totals import total_lines
from tripartite.billing.queries.comparing import far_from, reasons, total_of
from tripartite.billing.queries.findings import findings_of
from tripartite.billing.queries.originals import charge_of
from tripartite.billing.queries.preparing import Body, gross_of
from tripartite.billing.services.papers import item_line
from tripartite.billing.states import Anomaly, Way
from tripartite.pricing.estimate import Frequency
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind, item_key
from tripartite.tariffs.queries import RunningTariffs

DAY = date(2026, 11, 23)
RATES = st.sampled_from([None, 0, 550, 1000, 2000])


def item(
    cents: int, basis: str = "TTC", *, charge: str = "abonnement", quantity: str = "1", grid: str = "g/1"
) -> DueItem:
    """An item of so much."""
    return DueItem(
        key=item_key(1, "lfn", ("antivirus", charge, ()), "v1", DAY),
        kind=ItemKind.DUE,
        body_id=1,
        issuer="lfn",
        service="antivirus",
        service_name="Antivirus",
        charge=charge,
        charge_name=charge.capitalize(),
        options=(),
        frequency=Frequency.YEARLY,
        on=DAY,
        since=DAY,
        until=DAY,
        quantity=quantity,
        amount_cents=cents,
        basis=basis,
        explanation="catégorie B",
        grid=grid,
        citation="",
        lots=(),
    )


def line(one: DueItem) -> InvoiceLine:
    """What a paper prints of it."""
    return InvoiceLine("antivirus", "Antivirus", "", 1, "", None, one.amount_cents or 0, one.basis, DAY, DAY)


ITEMS = st.lists(st.builds(item, st.integers(-10_000_000, 10_000_000), st.sampled_from(["TTC", "HT"])), max_size=12)


@given(ITEMS, RATES)
def test_a_preview_shows_to_the_cent_what_the_paper_asks(items: list[DueItem], rate: int | None) -> None:
    assert gross_of(items, rate) == total_lines([line(one) for one in items], rate).due


@given(ITEMS, RATES)
def test_what_was_voted_ttc_is_asked_whatever_the_rate(items: list[DueItem], rate: int | None) -> None:
    voted = [one for one in items if one.basis == "TTC"]
    assert gross_of(voted, rate) == sum(one.amount_cents or 0 for one in voted)


def test_each_reason_of_a_difference_is_told() -> None:
    was = [item(10_000), item(2000, charge="support"), item(3000, charge="visite"), item(500, charge="ecran")]
    now = [
        item(12_000),
        item(4000, charge="support", quantity="2"),
        item(6000, charge="visite", grid="g/2"),
        item(900, charge="etude"),
    ]
    assert far_from(was, now)
    assert not far_from(was, was)
    assert not far_from([], now)
    assert (total_of(was), total_of(now)) == (15_500, 22_900)
    told = [words.replace("\u202f", " ").replace("\u00a0", " ") for words in reasons(was, now)]
    assert told == [
        "nouveau tarif : Antivirus, Visite, 30,00 € → 60,00 €",
        "catégorie ou tranche : Antivirus, Abonnement, 100,00 € → 120,00 € (catégorie B)",
        "quantité 1 → 2 : Antivirus, Support, 20,00 € → 40,00 €",
        "nouveau : Antivirus, Etude, 9,00 €",
        "n'est plus dû : Antivirus, Ecran, 5,00 €",
    ]


def test_what_corrects_a_charge_of_the_year_is_compared_with_it_and_arrears_are_not() -> None:
    was, late = [item(10_000)], item(-5000, quantity="0,5")
    late = replace(late, key=f"{late.key}@2027-01-20", kind=ItemKind.DIFFERENCE)
    arrears = replace(late, key=late.key.replace("2026", "2025"))
    assert total_of([item(10_000), late, arrears]) == 5000
    assert far_from(was, [item(10_000), late])
    assert not far_from(was, [item(10_000), arrears])
    (told,) = reasons(was, [item(10_000), late])
    assert told.startswith("quantité 1 → 0,5 : Antivirus, Abonnement, 100,00")


def test_a_charge_is_named_by_its_body_issuer_and_options() -> None:
    one, other = item(1), item(1, charge="support")
    later = replace(one, key=f"{one.key}@2027-01-20")
    assert charge_of(later.key) == charge_of(one.key) != charge_of(other.key)


def test_a_line_without_a_price_waits_alone_and_what_blocks_is_said_first() -> None:
    body = Body(1, "Ruitz", "21620727400012", None, address=("Mairie, 62620 Ruitz",))
    said = {
        "way": Way.PES_ASAP,
        "former": (),
        "requirement": None,
        "before": (),
        "on": DAY,
        "threshold_cents": 1500,
        "lacks": "",
    }
    unpriced = replace(item(0), amount_cents=None, explanation="sur devis")
    (found,) = findings_of(body=body, items=[item(2000)], unpriced=[unpriced], taxed=True, gross_cents=2000, **said)
    assert (found.anomaly, found.blocks) == (Anomaly.UNPRICED, False)
    ended = replace(body, ended_on=date(2026, 1, 1), siret=None)
    said |= {"lacks": "Il manque à l'émetteur : son SIRET."}
    every = findings_of(body=ended, items=[item(1499)], unpriced=[], taxed=False, gross_cents=1499, **said)
    assert [(one.anomaly, one.blocks) for one in every] == [
        (Anomaly.ISSUER_LACKS, True),
        (Anomaly.BODY_ENDED, True),
        (Anomaly.NO_SIRET, True),
        (Anomaly.NO_VAT, True),
        (Anomaly.BELOW_THRESHOLD, False),
    ]
    (found,) = findings_of(
        body=body, items=[item(-5)], unpriced=[], taxed=True, gross_cents=-5, **(said | {"lacks": ""})
    )
    assert found.anomaly is Anomaly.NOTHING_TO_CREDIT


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        ((), "n'a pas de voie, de code postal, de ville"),
        (("Mairie", "Ruitz"), "n'a pas de code postal, de ville"),
        (("62620 Ruitz",), "n'a pas de voie"),
        (("Mairie", "62620 Ruitz"), ""),
    ],
)
def test_an_address_that_the_accountant_would_reject_keeps_the_invoice_from_being_issued(address, missing) -> None:
    """Whatever carries revenue orders; an issuer that deposits on Chorus Pro itself is asked for none."""
    body = Body(1, "Ruitz", "21620727400012", None, address=address)
    said = {"former": (), "requirement": None, "before": (), "on": DAY, "threshold_cents": 1500, "lacks": ""}
    said |= {"body": body, "items": [item(2000)], "unpriced": [], "taxed": True, "gross_cents": 2000}
    told = {way: [(one.anomaly, one.blocks, one.words) for one in findings_of(way=way, **said)] for way in Way}
    words = f"L'adresse de Ruitz {missing} : le flux vers le comptable serait rejeté. La compléter dans l'annuaire."
    expected = [(Anomaly.NO_ADDRESS, True, words)] if missing else []
    assert told == {Way.PES_ASAP: expected, Way.PES: expected, Way.CHORUS: []}


def test_a_unit_price_is_said_where_it_makes_the_amount() -> None:
    """Four at 20 €, of which a whole year; not what a part of it comes to, nor what is given back otherwise."""
    four = replace(item(8000, quantity="4"), unit_amount=20_000_000)
    told = {
        one.amount_cents: item_line(one, {}, RunningTariffs(())).unit_amount
        for one in (four, replace(four, amount_cents=4011), replace(four, amount_cents=None))
    }
    assert told == {8000: 20_000_000, 4011: None, None: None}
    assert item_line(item(8000, quantity="4"), {}, RunningTariffs(())).unit_amount is None
