"""What the check of a grid sees between its parts: days, rates, codes, names, prerequisites, and past « sur devis »."""

import pytest
from tests.factories import tariffs
from tests.pricing.small_grids import SIZES, UNIT, cents, estimate, found, grid_text, line, one_line, service, texts

from tripartite.pricing.checking import check_grid
from tripartite.pricing.classing import classed_services
from tripartite.pricing.grid_reading import read_grid, read_with_findings
from tripartite.pricing.price_list import price_list

FAMILIAR = "(20 %, 13 %, 10 %, 8,5 %, 5,5 %, 2,1 %, 1,75 %, 1,05 %, 0,9 %, 0 %)"
MEALS = '[[fact]]\ncode = "repas"\nname = "Repas servis"\nunit = ["repas", "repas"]\n'


def linked(code: str, **links: str) -> str:
    """A service with its prerequisites and exclusions, as TOML arrays."""
    return service("{ per_unit = 1 }", code=code, fields="\n".join([UNIT, *(f"{k} = {v}" for k, v in links.items())]))


def test_a_cheaper_band_is_seen_after_one_on_request() -> None:
    bands = '{ bands = [{ to = 5, flat = 50 }, { to = 9, on_request = "À voir." }, { from = 10, flat = 40 }] }'

    assert texts(found(service(bands))) == [
        "warning, s › prix › op › tranche 3 : 10 comptes : 40,00\u00a0€, moins que 5 (50,00\u00a0€)."
    ]


def test_a_cheaper_category_is_seen_after_one_on_request() -> None:
    three = SIZES.replace(
        "population = { from = 1001 }\nstaff = { from = 11 }",
        (
            "population = { from = 1001, to = 2000 }\nstaff = { from = 11, to = 20 }\n"
            '[[scale.category]]\ncode = "T"\npopulation = { from = 2001 }\nstaff = { from = 21 }'
        ),
    )
    cells = '{ by = "taille", flat = { P = 50, G = "on_request", T = 40 } }'

    assert texts(found(three, service(cells))) == [
        "warning, s › prix › op › T : la catégorie T coûte moins que la catégorie P."
    ]


def test_plans_without_an_end_are_said_and_those_that_say_it_are_not() -> None:
    plans = '{ plans = [{ name = "Petite", limits = { quantity = 5 }, flat = 10 }]MORE }'

    assert texts(found(service(plans.replace("MORE", "")))) == [
        "warning, s › prix › op : au-delà de la dernière formule, rien n'est prévu (sur devis, donc) : écrire beyond."
    ]
    assert found(service(plans.replace("MORE", ', beyond = { on_request = "Au-delà." }'))) == []


@pytest.mark.parametrize(("rate", "said"), [("0.2", "0,2 %"), ("80", "80 %"), ("19.6", "19,6 %")])
def test_a_rate_that_is_not_one_of_vat_is_pointed_out(rate: str, said: str) -> None:
    (finding,) = found(service("{ per_unit = 1 }"), vat=f"[{{ from = 2026-01-01, rate = {rate} }}]")

    assert (finding.severity.value, finding.message) == (
        "warning",
        f"{said} n'est pas un taux de TVA connu {FAMILIAR} : rate est un pourcentage, 20 pour 20 %.",
    )


@pytest.mark.parametrize("rate", ["20", "5.5", "2.1", "8.5", "0"])
def test_a_rate_of_vat_is_not(rate: str) -> None:
    assert found(service("{ per_unit = 1 }"), vat=f"[{{ from = 2026-01-01, rate = {rate} }}]") == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("adopted_on", "est pris"),
        ("transmitted_on", "est transmis au représentant de l'État"),
        ("published_on", "est publié"),
    ],
)
def test_an_act_after_its_effect_is_pointed_out(field: str, said: str) -> None:
    subject = 'subject = "Tarifs"'
    text = grid_text(service("{ per_unit = 1 }")).replace(subject, f"{subject}\n{field} = 2026-01-02")
    late = f"l'acte {said} le 02/01/2026, après le 01/01/2026 où le tarif s'applique"

    assert texts(check_grid(text)) == [f"warning, act › {field} : {late} : il ne vaut pas pour le passé."]
    assert check_grid(text.replace("2026-01-02", "2026-01-01")) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            [linked("a", requires='[{ service = "a", message = "A" }]')],
            "error, a › requires 1 : a se demande lui-même : retirer cette ligne.",
        ),
        (
            [linked("a", excludes='[{ service = "a", message = "A" }]')],
            "error, a › excludes 1 : a s'exclut lui-même : retirer cette ligne.",
        ),
        (
            [
                linked(
                    "a", requires='[{ service = "b", message = "B" }]', excludes='[{ service = "b", message = "B" }]'
                ),
                linked("b"),
            ],
            "error, a › requires 1 : a demande b, mais b et a s'excluent : ce service ne pourrait jamais être pris.",
        ),
        (
            [
                linked("a", requires='[{ service = "b", message = "B" }]'),
                linked("b", requires='[{ service = "c", message = "C" }]'),
                linked("c", excludes='[{ service = "a", message = "A" }]'),
            ],
            "error, a › requires 1 : a demande b, mais c et a s'excluent : ce service ne pourrait jamais être pris.",
        ),
        (
            [
                linked("a", requires='[{ service = "b", warn = true, message = "B" }]'),
                linked("b", excludes='[{ service = "a", message = "A" }]'),
            ],
            "warning, a › requires 1 : a demande b, mais b et a s'excluent.",
        ),
    ],
)
def test_prerequisites_that_cannot_be_met_are_seen(parts: list[str], said: str) -> None:
    assert texts(found(*parts)) == [said]


def test_prerequisites_in_a_ring_are_pointed_out_on_each_side() -> None:
    ring = [
        linked("a", requires='[{ service = "b", message = "B" }]'),
        linked("b", requires='[{ service = "c", message = "C" }]'),
        linked("c", requires='[{ service = "a", message = "A" }]'),
    ]

    assert texts(found(*ring)) == [
        f"warning, {one} › requires 1 : {one} demande {two}, qui le demande : l'un ne se prend plus sans l'autre."
        for one, two in (("a", "b"), ("b", "c"), ("c", "a"))
    ]


@pytest.mark.parametrize("code", ["Messagerie", "messagerie_5go", "démarches", "nom de domaine", "-a", "a--b"])
def test_a_code_outside_the_rule_is_an_error(code: str) -> None:
    findings = found(service("{ per_unit = 1 }", code=code))

    assert [(finding.severity.value, finding.message) for finding in findings] == [
        ("error", f"« {code} » : un code s'écrit en minuscules, sans accents ni espaces, avec des tirets.")
    ]


def test_codes_of_facts_quantities_and_options_may_have_underscores() -> None:
    fields = '[service.quantities]\ndemi_journees = { unit = ["demi-journée", "demi-journées"] }\n'
    fact = '[[fact]]\ncode = "payroll_cents"\nname = "Masse salariale"\n'

    assert found(fact, service("{ per_unit = 1 }", fields=fields)) == []


@pytest.mark.parametrize("code", ["population", "staff", "quantity", "kind"])
def test_a_fact_that_hides_a_word_of_the_language_is_an_error(code: str) -> None:
    findings = found(f'[[fact]]\ncode = "{code}"\nname = "X"\n', service("{ per_unit = 1 }"))

    assert [finding.message for finding in findings] == [
        f"« {code} » est déjà un mot du langage, que la donnée cacherait."
    ]


def test_a_quantity_that_hides_a_fact_is_an_error() -> None:
    fields = '[service.quantities]\nrepas = { unit = ["repas", "repas"] }\n'

    assert [finding.message for finding in found(MEALS, service("{ per_unit = 1 }", fields=fields))] == [
        "« repas » est déjà une donnée, que la quantité cacherait."
    ]


@pytest.mark.parametrize("frequency", ["once", "per-act"])
def test_a_first_year_of_what_is_due_once_is_an_error(frequency: str) -> None:
    price = "{ sum = [{ flat = 1 }, { per_unit = 60, first_year = { per_unit = 100 } }] }"

    assert texts(found(service(price, frequency=frequency))) == [
        'error, s › prix › op : first_year ne va qu\'avec frequency = "yearly" ou "monthly".'
    ]
    assert found(service(price)) == []


def test_a_table_by_kind_asks_for_the_kinds_that_the_grid_admits() -> None:
    by_kind = service('{ by = "kind", flat = { commune = 10, ccas = 20 } }')
    admitted = '[eligibility]\nkinds = ["commune"]\nto_confirm = ["ccas"]\n'

    assert found(by_kind, admitted) == []
    assert [finding.message.split(" (")[0] for finding in found(by_kind)] == [
        "cas sans prix : departement, region, epci, syndicat, cias"
    ]


def test_surcharges_add_to_each_amount_of_a_table() -> None:
    price = (
        '{ by = "taille", per_unit = { P = 10, G = 20 },'
        ' surcharges = [{ label = "CCAS", when = { kind = ["ccas"] }, percent = 50 }] }'
    )

    assert cents(price, 2, extra=SIZES, population=500) == 2_000
    assert cents(price, 2, extra=SIZES, kind="ccas", staff=50) == 6_000
    assert one_line(price, 2, extra=SIZES, kind="ccas", staff=50).explanation == (
        "catégorie G (à partir de 11 agents : 50) : 2 comptes × (20,00\u00a0€ + 50 % (CCAS))"
    )


def test_what_a_surcharge_adds_may_be_a_table() -> None:
    price = (
        '{ per_unit = 100, surcharges = [{ label = "samedi", when = { options = { jour = "samedi" } },'
        ' by = "taille", add = { P = 10, G = 20.5 } }] }'
    )
    day = '[[service.option]]\ncode = "jour"\nname = "Jour"\n'
    values = 'values = [{ code = "samedi", name = "Samedi" }, { code = "lundi", name = "Lundi" }]\n'
    text = grid_text(SIZES, service(price, fields=f"{UNIT}\n{day}{values}"))
    prices = {
        (population, chosen): estimate(text, line(quantity=2, options={"jour": chosen}), population=population).lines[0]
        for population in (500, 5000)
        for chosen in ("samedi", "lundi")
    }

    assert {key: one.amount_cents for key, one in prices.items()} == {
        (500, "samedi"): 22_000,
        (500, "lundi"): 20_000,
        (5000, "samedi"): 24_100,
        (5000, "lundi"): 20_000,
    }
    assert prices[5000, "samedi"].explanation == "2 comptes × (100,00\u00a0€ + 20,50\u00a0€ (samedi))"
    assert check_grid(text) == []
    assert list(classed_services(read_grid(text))) == ["s"]
    (row,) = price_list(read_grid(text))
    assert row.price == "100,00\u00a0€ par compte, plus 10,00\u00a0€ pour P, 20,50\u00a0€ pour G (samedi)"


def test_a_fact_is_counted_in_its_own_unit() -> None:
    answer = one_line('{ of = "repas", per_unit = 0.1 }', extra=MEALS, facts={"repas": 1200})

    assert (answer.amount_cents, answer.explanation) == (12_000, "1\u202f200 repas × 0,10\u00a0€")


def test_a_product_of_a_figure_and_a_fact_can_be_said() -> None:
    answer = one_line(
        '{ of = ["population", "repas"], per_unit = 0.01 }', extra=MEALS, population=1994, facts={"repas": 3}
    )

    assert (answer.amount_cents, answer.explanation) == (
        5_982,
        "1\u202f994 habitants × 3 repas = 5\u202f982 × 0,01\u00a0€",
    )


def test_a_product_of_a_quantity_and_a_fact_adds_up_over_lines() -> None:
    text = grid_text(MEALS, service('{ of = ["quantity", "repas"], per_unit = 2 }'))
    (answer,) = estimate(text, line(quantity=1), line(quantity=2), facts={"repas": 4}).lines

    assert (answer.amount_cents, answer.explanation) == (2_400, "4 repas × 3 comptes = 12 × 2,00\u00a0€")


def test_a_percentage_of_a_product_has_one_amount_in_it() -> None:
    facts = '[[fact]]\ncode = "paie_cents"\nname = "Paie"\n' + MEALS
    price = '{ of = ["paie_cents", "repas"], percent = 10 }'

    assert cents(price, extra=facts, facts={"paie_cents": 10_000, "repas": 3}) == 3_000
    findings = found(facts, service('{ of = ["repas", "population"], percent = 10 }'))
    assert [finding.message for finding in findings] == [
        "un pourcentage porte sur un montant : une donnée dont le code finit par _cents."
    ]


def test_a_text_saved_with_its_mark_is_read() -> None:
    text = grid_text(service("{ per_unit = 1 }"))

    assert read_grid("\ufeff" + text) == read_grid(text)
    assert check_grid("\ufeff" + text) == []


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("x = 1 748", "un nombre s'écrit sans espace : 10212."),
        ("x = { per_unit = 1 748 }", "un nombre s'écrit sans espace : 10212."),
        ("x = { per_unit = 1\u202f748 }", "un nombre s'écrit sans espace : 10212."),
        ("x = [{ to = 5, flat = 1 748.50 }]", "un nombre s'écrit sans espace : 10212."),
        ("x = 36€", "un montant s'écrit sans le signe € : 20."),
        ("x = { flat = 36 € }", "un montant s'écrit sans le signe € : 20."),
        ("x = { from = 12/03/2024 }", "une date s'écrit 2024-03-26, sans guillemets."),
    ],
)
def test_what_is_typed_as_in_french_gets_a_hint(written: str, advice: str) -> None:
    (finding,) = read_with_findings(f"format = 1\n{written}")[1]

    assert (finding.line, finding.message.split(" ; ")[1]) == (2, advice)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "cdg62/2024-03-26"', f'code = "cdg62/{"a" * 95}"', "code : trop long : 100 signes au plus."),
        ('name = "Page internet"', f'name = "{"P" * 301}"', "page-internet › name : trop long : 300 signes au plus."),
        (
            "applies_from = 2024-03-26",
            "applies_from = 9999-12-31",
            "applies_from : une date de 1900 à 2150 est attendue.",
        ),
        (
            "adopted_on = 2024-03-26",
            "adopted_on = 1899-12-31",
            "act › adopted_on : une date de 1900 à 2150 est attendue.",
        ),
    ],
    ids=["code", "name", "far", "old"],
)
def test_what_no_column_or_day_can_hold_is_an_error_of_the_file(old: str, new: str, said: str) -> None:
    shipped = tariffs.grid_text()
    assert old in shipped
    assert f"error, {said}" in texts(check_grid(shipped.replace(old, new, 1)))


def test_a_code_of_an_issuer_longer_than_a_column_is_an_error_of_the_file() -> None:
    text = grid_text(service("{ per_unit = 1 }")).replace("op = ", f"{'o' * 41} = ").replace('"op"', f'"{"o" * 41}"')
    assert texts(check_grid(text)) == [f"error, {'o' * 41} › code : trop long : 40 signes au plus."]
