"""What is wrong, or to be looked at twice, in what the parts of a grid say of each other: days, rates, codes, names,
prerequisites. Pure."""

import re
from collections.abc import Iterator

from tripartite.pricing.compositions import FirstYear
from tripartite.pricing.estimate import RECURRING
from tripartite.pricing.findings import Place, Severity
from tripartite.pricing.grid import Charge, Grid, Link, Service
from tripartite.pricing.prices import Price, percent_text

Doubt = tuple[Place, str, Severity]

ERROR, WARNING = Severity.ERROR, Severity.WARNING
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
GRID_CODE = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*(/[a-z0-9]+([-.][a-z0-9]+)*)*")
RATES = frozenset({0, 90, 105, 175, 210, 550, 850, 1000, 1300, 2000})
"""The rates of French VAT, in hundredths of a percent: those of the mainland, of Corsica and of overseas."""
LONGEST_ISSUER = 40
FIGURES = ("population", "staff")
WORDS = ("quantity", "kind", "client_class", *FIGURES)
"""What the language already calls by these names."""


def grid_doubts(grid: Grid) -> Iterator[Doubt]:
    """Where, and why, in French, with whether it prevents adoption."""
    yield from _days(grid)
    yield from _rates(grid)
    yield from _codes(grid)
    yield from _names(grid)
    for place, service in enumerate(grid.services.values()):
        yield from _links(grid, service, Place().at("service", place, label=service.code))


def charge_doubts(charge: Charge, where: Place) -> Iterator[Doubt]:
    """A first year of its own makes sense only for what comes back every year."""
    if charge.frequency in RECURRING:
        return
    for issuer, price in charge.prices.items():
        if _has_first_year(price):
            yield where.at(issuer), 'first_year ne va qu\'avec frequency = "yearly" ou "monthly".', ERROR


def _has_first_year(price: Price) -> bool:
    return isinstance(price, FirstYear) or any(_has_first_year(part.price) for part in price.parts())


def _days(grid: Grid) -> Iterator[Doubt]:
    """An act does not rule the days before it was taken, sent or published."""
    words = {
        "adopted_on": "est pris",
        "transmitted_on": "est transmis au représentant de l'État",
        "published_on": "est publié",
    }
    for field, said in words.items():
        day = getattr(grid.act, field)
        if day is not None and day > grid.applies_from:
            late = f"l'acte {said} le {day:%d/%m/%Y}, après le {grid.applies_from:%d/%m/%Y} où le tarif s'applique"
            yield Place().at("act").at(field), f"{late} : il ne vaut pas pour le passé.", WARNING
    for place, decision in enumerate(grid.decisions):
        if decision.decided_on > decision.applies_from:
            yield (
                Place().at("decision", place).at("applies_from"),
                f"la décision est prise le {decision.decided_on:%d/%m/%Y}, après le jour où elle s'applique.",
                WARNING,
            )


def _rates(grid: Grid) -> Iterator[Doubt]:
    for place, issuer in enumerate(grid.issuers.values()):
        for number, setting in enumerate(issuer.vat):
            if setting.rate is None or setting.rate in RATES:
                continue
            where = Place().at("issuer", place, label=issuer.code).at("vat", number).at("rate")
            known = ", ".join(percent_text(rate) for rate in sorted(RATES, reverse=True))
            unknown = f"{percent_text(setting.rate)} n'est pas un taux de TVA connu ({known})"
            yield where, f"{unknown} : rate est un pourcentage, 20 pour 20 %.", WARNING


def _codes(grid: Grid) -> Iterator[Doubt]:
    """Codes go into addresses, orders and files: lower case, without accents, with hyphens."""
    for where, code, form in _all_codes(grid):
        if not form.fullmatch(code):
            underscore = " ou des « _ »" if form is NAME else ""
            yield (
                where,
                f"« {code} » : un code s'écrit en minuscules, sans accents ni espaces, avec des tirets{underscore}.",
                ERROR,
            )
    for place, code in enumerate(grid.issuers):
        if len(code) > LONGEST_ISSUER:
            yield (
                Place().at("issuer", place, label=code).at("code"),
                f"trop long : {LONGEST_ISSUER} signes au plus.",
                ERROR,
            )


def _all_codes(grid: Grid) -> Iterator[tuple[Place, str, re.Pattern[str]]]:
    yield Place().at("code"), grid.code, GRID_CODE
    for key, codes in (
        ("issuer", grid.issuers),
        ("family", grid.families),
        ("client_class", grid.client_classes),
        ("scale", grid.scales),
        ("service", grid.services),
    ):
        for place, code in enumerate(codes):
            yield Place().at(key, place, label=code).at("code"), code, CODE
    for place, code in enumerate(grid.facts):
        yield Place().at("fact", place, label=code).at("code"), code, NAME
    for place, service in enumerate(grid.services.values()):
        where = Place().at("service", place, label=service.code)
        for code in service.quantities:
            yield where.at("quantities", label="").at(code), code, NAME
        for number, option in enumerate(service.options.values()):
            at = where.at("option", number, label=option.code)
            yield at.at("code"), option.code, NAME
            for row, value in enumerate(option.values):
                yield at.at("values", row, label=value.code).at("code"), value.code, NAME
    for charge in grid.charges:
        yield Place(charge.path, (charge.services[0],)).at("code"), charge.code, CODE


def _names(grid: Grid) -> Iterator[Doubt]:
    """A name that hides another: what a price means by it would depend on what is looked at first."""
    for key, word, codes in (("fact", "la donnée", grid.facts), ("scale", "l'échelle", grid.scales)):
        for place, code in enumerate(codes):
            where = Place().at(key, place, label=code).at("code")
            if code in WORDS:
                yield where, f"« {code} » est déjà un mot du langage, que {word} cacherait.", ERROR
    for place, service in enumerate(grid.services.values()):
        where = Place().at("service", place, label=service.code)
        for code in service.quantities:
            if code in FIGURES or (code in grid.facts and code not in WORDS):
                hidden = "un chiffre de la structure" if code in FIGURES else "une donnée"
                at = where.at("quantities", label="").at(code)
                yield at, f"« {code} » est déjà {hidden}, que la quantité cacherait.", ERROR
        for number, code in enumerate(service.options):
            if code in grid.scales:
                at = where.at("option", number, label=code).at("code")
                yield at, f"« {code} » est déjà une échelle, qui cacherait l'option.", ERROR


# Prerequisites and exclusions


def _links(grid: Grid, service: Service, where: Place) -> Iterator[Doubt]:
    for key, links in (("requires", service.requires), ("excludes", service.excludes)):
        for place, link in enumerate(links):
            if link.service == service.code:
                word = "se demande" if key == "requires" else "s'exclut"
                yield where.at(key, place), f"{service.code} {word} lui-même : retirer cette ligne.", ERROR
    for place, link in enumerate(service.requires):
        if link.service != service.code and service.code in _needed(grid, link.service):
            yield (
                where.at("requires", place),
                f"{service.code} demande {link.service}, qui le demande : l'un ne se prend plus sans l'autre.",
                WARNING,
            )
    for place, link in enumerate(service.requires):
        for other in sorted({link.service, *_needed(grid, link.service)} - {service.code}):
            refusals = [one for one in _exclusions(grid, service.code, other) if not one.warns]
            against = f"{service.code} demande {link.service}, mais {other} et {service.code} s'excluent"
            if refusals and not link.warns:
                yield where.at("requires", place), f"{against} : ce service ne pourrait jamais être pris.", ERROR
            elif _exclusions(grid, service.code, other):
                yield where.at("requires", place), f"{against}.", WARNING


def _needed(grid: Grid, code: str) -> frozenset[str]:
    """All that a service needs, and that what it needs needs in its turn; refused without, not only pointed out."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        service = grid.services.get(waiting.pop())
        for link in service.requires if service else ():
            if link.service not in found and not link.warns:
                found.add(link.service)
                waiting.append(link.service)
    return frozenset(found)


def _exclusions(grid: Grid, one: str, other: str) -> list[Link]:
    """What says that two services do not go together, on either side."""
    pairs = ((one, other), (other, one))
    return [
        link
        for code, target in pairs
        if code in grid.services
        for link in grid.services[code].excludes
        if link.service == target
    ]
