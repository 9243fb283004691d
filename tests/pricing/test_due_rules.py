"""What a grid says of what falls due: the table `[due]`, and the rhythm of each issuer."""

from tests.pricing.small_grids import grid_text, service

from tripartite.pricing.checking import check_grid
from tripartite.pricing.due_rules import DueRules, InvoicePer, Late, Rhythm
from tripartite.pricing.findings import Severity
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.proration import Prorata

PRICE = service("{ per_unit = 20 }")


def _text(due: str = "", issuer: str = "") -> str:
    text = grid_text(PRICE).replace('part = "Services"\n', f'part = "Services"\n{issuer}\n')
    return f"{text}\n[due]\n{due}\n" if due else text


def _said(text: str) -> list[tuple[Severity, str]]:
    return [(finding.severity, finding.message) for finding in check_grid(text)]


def test_a_grid_that_says_nothing_keeps_what_had_fallen_due_and_gives_nothing_back() -> None:
    grid = read_grid(_text())
    assert grid.due == DueRules(late_tariff=Late.KEEPS, late_figures=Late.KEEPS, gives_back=False)
    assert (grid.issuers["op"].rhythm, grid.prorata_of("op")) == (Rhythm.ANNIVERSARY, Prorata.NONE)
    assert grid.issuers["op"].invoice_per is InvoicePer.BODY
    assert not grid.asks_difference


def test_each_rule_is_read() -> None:
    grid = read_grid(
        _text(
            'late_tariff = "difference"\nlate_figures = "difference"\ngives_back = true',
            'rhythm = "civil-year"\nprorata = "months"\ninvoice_per = "convention"',
        )
    )
    assert grid.due == DueRules(late_tariff=Late.DIFFERENCE, late_figures=Late.DIFFERENCE, gives_back=True)
    assert (grid.issuers["op"].rhythm, grid.prorata_of("op")) == (Rhythm.CIVIL_YEAR, Prorata.MONTHS)
    assert grid.issuers["op"].invoice_per is InvoicePer.CONVENTION
    assert grid.asks_difference


def test_a_word_that_is_none_of_them_is_an_error_that_names_them() -> None:
    assert _said(_text('late_figures = "peut-être"')) == [(Severity.ERROR, "choisir parmi keeps, difference.")]
    assert _said(_text("", 'rhythm = "hebdomadaire"')) == [
        (Severity.ERROR, "choisir parmi anniversary, civil-year."),
    ]
    assert _said(_text("late = true"))[0][0] is Severity.ERROR


def test_a_tariff_for_the_past_is_pointed_out() -> None:
    told = (
        "ce tarif changera ce qui était dû avant son adoption, alors qu'un tarif ne vaut en principe que pour l'avenir"
    )
    source = " (Conseil d'État, 25 juin 1948, société du journal « L'Aurore »)"
    text = _text('late_tariff = "difference"')
    assert _said(text) == [(Severity.WARNING, f"{told}{source}.")]
    dated = text.replace('kind = "délibération"', 'kind = "délibération"\nadopted_on = 2026-03-01')
    days = " ; l'acte est du 01/03/2026, après le 01/01/2026."
    assert (Severity.WARNING, f"{told}{source}{days}") in _said(dated)


def test_what_gives_nothing_back_and_what_asks_a_year_twice_are_pointed_out() -> None:
    nothing = 'rien ne sera rendu : avec prorata = "none", toute période commencée est due en entier.'
    assert _said(_text("gives_back = true")) == [(Severity.WARNING, nothing)]
    assert _said(_text("gives_back = true", 'prorata = "days"')) == []
    twice = (
        "une mise en service en décembre fait devoir une année entière, puis une autre au 1ᵉʳ janvier :"
        ' dire prorata = "months" ou "days", si l\'acte le dit.'
    )
    assert _said(_text("", 'rhythm = "civil-year"')) == [(Severity.WARNING, twice)]
