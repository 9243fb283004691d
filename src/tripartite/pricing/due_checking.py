"""What to look at twice in what a grid says of what falls due: it may be what the act says. Pure."""

from collections.abc import Iterator

from tripartite.pricing.due_rules import Late, Rhythm
from tripartite.pricing.findings import Place
from tripartite.pricing.grid import Grid
from tripartite.pricing.proration import Prorata

YEARS_IN_DECEMBER = (
    "une mise en service en décembre fait devoir une année entière, puis une autre au 1ᵉʳ janvier :"
    ' dire prorata = "months" ou "days", si l\'acte le dit.'
)


def due_doubts(grid: Grid) -> Iterator[tuple[Place, str]]:
    """Where, and why, in French."""
    table = Place().at("due")
    if grid.due.late_tariff is Late.DIFFERENCE:
        yield table.at("late_tariff"), _for_the_past(grid)
    parts = {code: grid.prorata_of(code) for code in grid.issuers}
    if grid.due.gives_back and all(prorata is Prorata.NONE for prorata in parts.values()):
        why = 'rien ne sera rendu : avec prorata = "none", toute période commencée est due en entier.'
        yield table.at("gives_back"), why
    for place, issuer in enumerate(grid.issuers.values()):
        if issuer.rhythm is Rhythm.CIVIL_YEAR and parts[issuer.code] is Prorata.NONE:
            yield Place().at("issuer", place, label=issuer.code).at("rhythm"), YEARS_IN_DECEMBER


def _for_the_past(grid: Grid) -> str:
    adopted_on = grid.act.adopted_on
    after = adopted_on is not None and adopted_on > grid.applies_from
    days = f" ; l'acte est du {adopted_on:%d/%m/%Y}, après le {grid.applies_from:%d/%m/%Y}." if after else "."
    return (
        "ce tarif changera ce qui était dû avant son adoption, alors qu'un tarif ne vaut en principe que pour l'avenir"
        f" (Conseil d'État, 25 juin 1948, société du journal « L'Aurore »){days}"
    )
