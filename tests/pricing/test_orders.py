"""What is ordered and held under a grid: quantities, limits, links, terms, VAT added, conditional lines."""

import pytest
from tests.pricing.small_grids import UNIT, cents, estimate, grid_text, line, service

from tripartite.pricing.estimate import Status
from tripartite.pricing.order import OrderError

BANDS = "{ bands = [{ to = 2, flat = 25 }, { to = 5, flat = 50 }, { flat = 100 }] }"
ONCE = grid_text(service("{ per_unit = 20 }", frequency="once"))
YEARLY = grid_text(service(BANDS))
ROOMS = (
    '[service.quantities]\nsalles = { unit = ["salle", "salles"] }\njours = { unit = ["jour", "jours"], minimum = 2 }\n'
)


def refusal(text: str, *lines: dict, **more) -> OrderError:
    with pytest.raises(OrderError) as refused:
        estimate(text, *lines, **more)
    return refused.value


def test_the_same_service_twice_is_added_up() -> None:
    (answer,) = estimate(YEARLY, line(quantity=2), line(quantity=1)).lines

    assert (answer.quantity, answer.amount_cents) == (3, 5000)


@pytest.mark.parametrize(("held", "ordered", "due"), [(0, 2, 2500), (1, 1, 0), (2, 1, 2500), (2, 4, 7500), (6, 1, 0)])
def test_a_yearly_charge_is_what_is_due_in_all_less_what_is_held(held: int, ordered: int, due: int) -> None:
    answer = estimate(YEARLY, line(quantity=ordered), held=(line(quantity=held),) if held else ())

    assert answer.totals["op"].yearly_cents == due


def test_a_yearly_difference_explains_itself() -> None:
    (answer,) = estimate(YEARLY, line(quantity=4), held=(line(quantity=2),)).lines

    assert answer.explanation == (
        "6 comptes : tranche à partir de 6 comptes, 100,00\u00a0€ = 100,00\u00a0€ au total,"
        " moins 25,00\u00a0€ déjà dus pour 2 comptes en service"
    )


def test_the_first_year_of_a_difference_is_a_difference_too() -> None:
    text = grid_text(service("{ per_unit = 60, first_year = { per_unit = 100 } }"))
    answer = estimate(text, line(quantity=1), held=(line(quantity=2),))

    assert (answer.lines[0].amount_cents, answer.lines[0].first_year_amount_cents) == (6_000, 10_000)
    assert (answer.totals["op"].yearly_cents, answer.totals["op"].first_year_cents) == (6_000, 10_000)


@pytest.mark.parametrize(
    ("bands", "yearly", "first_year"),
    [
        ("{ to = 5, per_unit = 10 }, { per_unit = 8, first_year = { per_unit = 4 } }", 4800 - 4000, 2400 - 4000),
        ("{ to = 5, per_unit = 10, first_year = { per_unit = 4 } }, { per_unit = 8 }", 4800 - 4000, 4800 - 1600),
    ],
)
def test_a_first_year_of_one_band_alone_is_a_difference_too(bands: str, yearly: int, first_year: int) -> None:
    text = grid_text(service(f"{{ bands = [{bands}] }}"))
    held, together = (estimate(text, line(quantity=quantity)).totals["op"].first_year_cents for quantity in (4, 6))
    answer = estimate(text, line(quantity=2), held=(line(quantity=4),)).totals["op"]

    assert (answer.yearly_cents, answer.first_year_cents) == (yearly, first_year)
    assert held + answer.first_year_cents == together


def test_a_difference_shows_a_unit_price_only_where_it_is_that_of_all() -> None:
    falling = grid_text(service("{ bands = [{ to = 2, per_unit = 20 }, { per_unit = 15 }] }"))
    (changed,) = estimate(falling, line(quantity=2), held=(line(quantity=2),)).lines
    (same,) = estimate(falling, line(quantity=2), held=(line(quantity=3),)).lines

    assert (changed.amount_cents, changed.unit_amount) == (4 * 1_500 - 2 * 2_000, None)
    assert (same.amount_cents, same.unit_amount) == (2 * 1_500, 15_000_000)


def test_a_once_charge_bears_on_the_order_alone() -> None:
    assert estimate(ONCE, line(quantity=3), held=(line(quantity=10),)).totals["op"].once_cents == 6000


def test_what_becomes_included_gives_back_what_was_due() -> None:
    text = grid_text(service("{ bands = [{ to = 2, flat = 20 }, { included = true }] }"))

    assert estimate(text, line(quantity=1), held=(line(quantity=2),)).totals["op"].yearly_cents == -2000


def test_what_is_held_on_request_keeps_the_difference_on_request() -> None:
    text = grid_text(service('{ bands = [{ to = 2, on_request = "À voir." }, { flat = 20 }] }'))

    (answer,) = estimate(text, line(quantity=1), held=(line(quantity=2),)).lines

    assert (answer.status, answer.amount_cents) == (Status.ON_REQUEST, None)


@pytest.mark.parametrize(
    ("fields", "held", "ordered", "message"),
    [
        ("minimum = 4", 0, 3, "Service s : 4 comptes au moins."),
        ("maximum = 5", 0, 6, "Service s : 5 comptes au plus."),
        ("maximum = 5", 3, 3, "Service s : 5 comptes au plus (3 déjà en service)."),
        ("maximum = 1", 0, 2, "Service s : 1 compte au plus."),
        ("maximum = 1", 1, 1, "Service s : déjà en service, et un seul est possible."),
    ],
)
def test_limits_count_what_is_held_and_what_is_ordered(fields: str, held: int, ordered: int, message: str) -> None:
    text = grid_text(service("{ per_unit = 20 }", fields=f"{UNIT}\n{fields}"))

    error = refusal(text, line(quantity=ordered), held=(line(quantity=held),) if held else ())

    assert (error.code, error.message) == ("bad-quantity", message)


def test_a_minimum_already_held_needs_no_more() -> None:
    text = grid_text(service("{ per_unit = 20 }", fields=f"{UNIT}\nminimum = 4"))

    assert estimate(text, line(quantity=1), held=(line(quantity=3),)).totals["op"].yearly_cents == 2000


@pytest.mark.parametrize(
    ("fields", "quantity", "message"),
    [
        (UNIT, 1.5, "La quantité doit être un nombre entier de comptes."),
        (f"{UNIT}\nstep = 0.5", 0.7, "La quantité doit être un multiple de 0,5 compte."),
        (f"{UNIT}\nstep = 5", 7, "La quantité doit être un multiple de 5 comptes."),
    ],
)
def test_a_quantity_is_a_multiple_of_its_step(fields: str, quantity: float, message: str) -> None:
    error = refusal(grid_text(service("{ per_unit = 20 }", fields=fields)), line(quantity=quantity))

    assert (error.code, error.message) == ("bad-quantity", message)


def test_half_units_are_priced_exactly() -> None:
    assert cents("{ per_unit = 250 }", 2.5, fields=f"{UNIT}\nstep = 0.5") == 62_500


def test_named_quantities_are_multiplied_and_shown() -> None:
    text = grid_text(service("{ per_unit = 35 }", fields=ROOMS))

    (answer,) = estimate(text, line(quantities={"salles": 3, "jours": 2})).lines

    assert (answer.amount_cents, answer.explanation) == (21_000, "3 × 2 = 6 salles × 35,00\u00a0€")


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (line(quantity=3), "Service s : indiquez ces quantités : salles, jours."),
        (line(), "Service s : indiquez ces quantités : salles, jours."),
        (line(quantities={"salles": 3}), "Service s : indiquez ces quantités : salles, jours."),
        (line(quantities={"salles": 3, "jours": 1}), "Service s : 2 jours au moins."),
    ],
    ids=str,
)
def test_named_quantities_are_all_needed_each_with_its_bounds(order: dict, message: str) -> None:
    error = refusal(grid_text(service("{ per_unit = 35 }", fields=ROOMS)), order)

    assert (error.code, error.message) == ("bad-quantity", message)


def test_a_term_of_two_years_and_one_of_three_are_two_lines() -> None:
    fields = '[service.quantities]\npostes = { unit = ["poste", "postes"] }\nans = { unit = ["an", "ans"] }\n'
    text = grid_text(service("{ per_unit = 10 }", fields=fields, frequency="term", charge='years = "ans"'))

    lines = estimate(text, line(quantities={"postes": 1, "ans": 3}), line(quantities={"postes": 2, "ans": 2})).lines

    assert [(each.years, each.quantity, each.amount_cents) for each in lines] == [(2, 4, 4000), (3, 3, 3000)]


def test_a_monthly_price_counts_twelve_times_a_year_and_one_per_act_once() -> None:
    text = grid_text(
        service("{ per_unit = 4 }", frequency="monthly"), service("{ flat = 5 }", code="acte", frequency="per-act")
    )

    totals = estimate(text, line(quantity=2), line("acte", 1)).totals["op"]

    assert (totals.once_cents, totals.yearly_cents, totals.first_year_cents) == (500, 9600, 10_100)


@pytest.mark.parametrize(
    ("vat", "expected"), [("rate = 20", 5101), ("rate = 5.5", 4485), ('exempt = "Sans TVA"', 4251)]
)
def test_a_price_voted_before_tax_is_taxed_once_a_line(vat: str, expected: int) -> None:
    text = grid_text(service("{ per_unit = 14.17 }"), basis="HT", vat=f"[{{ from = 2026-01-01, {vat} }}]")

    assert estimate(text, line(quantity=3)).totals["op"].yearly_cents == expected


def test_each_issuer_adds_its_own_vat_to_its_own_price() -> None:
    other = (
        '[[issuer]]\ncode = "autre"\nname = "Autre"\npart = "Conseil"\n'
        'vat = [{ from = 2026-01-01, exempt = "Sans TVA" }]\n'
    )
    text = grid_text(service("{ per_unit = 10 }", charge="autre = { per_unit = 10 }"), other, basis="HT")
    totals = estimate(text, line(quantity=1)).totals

    assert (totals["op"].yearly_cents, totals["autre"].yearly_cents) == (1_200, 1_000)


def test_the_vat_added_is_explained() -> None:
    text = grid_text(service("{ per_unit = 14.17 }"), basis="HT")

    assert estimate(text, line(quantity=3)).lines[0].explanation == "3 comptes × 14,17\u00a0€ HT, plus 20 % de TVA"


def test_a_conditional_charge_is_shown_and_not_counted_until_it_is_ordered() -> None:
    text = grid_text(
        service('{ same_as = "venue/prix" }', charge='conditional = "En cas de venue."\nunless_ordered = ["venue"]'),
        service("{ flat = 200 }", code="venue"),
    )

    (shown,) = estimate(text, line(quantity=1)).lines
    both = estimate(text, line(quantity=1), line("venue", 1))

    assert (shown.status, shown.amount_cents, shown.explanation) == (
        Status.CONDITIONAL,
        20_000,
        "En cas de venue. forfait de 200,00\u00a0€",
    )
    assert estimate(text, line(quantity=1)).totals["op"].yearly_cents == 0
    assert ([each.service for each in both.lines], both.totals["op"].yearly_cents) == (["venue"], 20_000)


LINKED = f'{UNIT}\n{{key}} = [{{{{ service = "autre", message = "Lien.", warn = {{warn}} }}}}]'


@pytest.mark.parametrize(
    ("key", "with_other", "code"),
    [("requires", False, "missing-prerequisite"), ("excludes", True, "excluded-service")],
)
def test_prerequisites_and_exclusions_refuse_or_warn(key: str, with_other: bool, code: str) -> None:
    lines = [line(quantity=1), *([line("autre", 1)] if with_other else [])]
    strict, lenient = (
        grid_text(
            service("{ flat = 1 }", fields=LINKED.format(key=key, warn=warn)), service("{ flat = 2 }", code="autre")
        )
        for warn in ("false", "true")
    )

    assert (refusal(strict, *lines).code, refusal(strict, *lines).message) == (code, "Lien.")
    assert [notice.code for notice in estimate(lenient, *lines).warnings] == [f"{key}-autre"]


def test_what_is_held_is_a_prerequisite_or_an_exclusion_like_what_is_ordered() -> None:
    needs, bars = (
        grid_text(
            service("{ flat = 1 }", fields=LINKED.format(key=key, warn="false")), service("{ flat = 2 }", code="autre")
        )
        for key in ("requires", "excludes")
    )
    held = (line("autre", 1),)

    assert estimate(needs, line(quantity=1), held=held).totals["op"].yearly_cents == 100
    assert refusal(bars, line(quantity=1), held=held).code == "excluded-service"


def test_an_unknown_service_comes_with_the_nearest_codes() -> None:
    error = refusal(grid_text(service("{ flat = 1 }", code="antivirus")), line("antivirs", 1))

    assert (error.code, error.suggestions, error.line) == ("unknown-service", ("antivirus",), 0)


def test_a_body_of_another_department_is_refused_and_an_unknown_one_asked_for() -> None:
    text = grid_text(service("{ flat = 5 }"), root='[eligibility]\ndepartments = ["62"]\nmessage = "Du 62 seul."\n')

    assert estimate(text, line(quantity=1), department="62").totals["op"].yearly_cents == 500
    elsewhere = refusal(text, line(quantity=1), department="59")
    assert (elsewhere.code, elsewhere.message) == ("not-eligible", "Du 62 seul.")
    assert refusal(text, line(quantity=1)).code == "missing-fact"


def test_a_kind_to_be_confirmed_is_priced_with_a_warning_and_another_is_refused() -> None:
    rule = (
        '[eligibility]\nkinds = ["commune"]\nto_confirm = ["ccas"]\nmessage = "Non."\nto_confirm_message = "À voir."\n'
    )
    text = grid_text(service("{ flat = 5 }"), root=rule)

    assert estimate(text, line(quantity=1)).warnings == ()
    answer = estimate(text, line(quantity=1), kind="ccas")
    assert (answer.totals["op"].yearly_cents, [one.code for one in answer.warnings]) == (
        500,
        ["eligibility-to-confirm"],
    )
    assert refusal(text, line(quantity=1), kind="epci").code == "not-eligible"


def test_an_empty_order_is_refused() -> None:
    assert refusal(YEARLY).code == "empty-order"
