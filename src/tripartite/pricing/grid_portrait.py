"""All that a grid says beside its prices, in French: its act, who asks, who may ask, its scales, its services. Pure."""

from collections.abc import Iterator

from tripartite.pricing.due_rules import InvoicePer, Late, Rhythm
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Charge, Grid, Issuer, Link, Measured, Service
from tripartite.pricing.money import number_text
from tripartite.pricing.order import KIND_LABELS, Kind
from tripartite.pricing.prices import percent_text
from tripartite.pricing.proration import Prorata
from tripartite.pricing.scales import MEASURE_WORDS, Scale

PARTS_OF_A_YEAR = {
    Prorata.NONE: "une partie d'année est due entière",
    Prorata.DAYS: "une partie d'année est due en jours",
    Prorata.MONTHS: "une partie d'année est due en mois entamés",
}
INVOICES = {InvoicePer.BODY: "une facture par structure", InvoicePer.CONVENTION: "une facture par convention"}
RHYTHMS = {Rhythm.ANNIVERSARY: "à l'anniversaire de la mise en service", Rhythm.CIVIL_YEAR: "au 1er janvier"}


def act_sentences(grid: Grid) -> Iterator[str]:
    """The act, what it rests on, and what the grid adds to it."""
    act = grid.act
    yield f"Objet : {act.subject}"
    days = {"transmis le": act.transmitted_on, "publié le": act.published_on}
    said = [f"{word} {day_text(day)}" for word, day in days.items() if day is not None]
    said += [f"{word} {text}" for word, text in (("séance :", act.session), ("vote :", act.vote)) if text]
    if said:
        yield f"Acte {', '.join(said)}"
    yield from (f"Vu : {reference}" for reference in act.legal_references)
    yield from (f"Note : {note}" for note in (act.note, *grid.notes) if note)
    if grid.supersedes:
        yield f"Remplace {grid.supersedes}"
    for decision in grid.decisions:
        taken = f"{decision.author}, {day_text(decision.decided_on)}, applicable le {day_text(decision.applies_from)}"
        yield f"Décision {decision.interpretation} → {decision.reading} ({taken}) : {decision.reason}"


def running_words(grid: Grid) -> str:
    """When what runs takes a tariff: « à leur échéance, à partir du 01/01/2027 », « le 01/03/2027, jour que l'acte
    fixe »; and that what had fallen due since, before it was adopted, takes it too.
    """
    when = f"à leur échéance, à partir du {day_text(grid.applies_from)}"
    if grid.running_from:
        when = f"le {day_text(grid.running_from)}, jour que l'acte fixe"
    return f"{when}, et la différence de ce qui est déjà tombé dû depuis" if grid.asks_difference else when


def eligibility_sentences(grid: Grid) -> Iterator[str]:
    """Who may take the services."""
    rule = grid.eligibility
    if rule.departments:
        yield f"Départements : {', '.join(rule.departments)}"
    yield f"Structures admises : {_kinds(rule.kinds) if rule.kinds else 'toutes'}"
    if rule.to_confirm:
        yield f"À confirmer : {_kinds(rule.to_confirm)} ({rule.to_confirm_message})"
    if rule.kinds or rule.departments:
        yield f"Aux autres : {rule.message}"
    if grid.client_classes:
        yield f"Classes de client : {', '.join(f'{name} ({code})' for code, name in grid.client_classes.items())}"
    for code, name in grid.facts.items():
        unit = grid.fact_units.get(code)
        yield f"Donnée demandée : {name} ({code}{f', en {unit.plural}' if unit else ''})"


def issuer_sentences(grid: Grid) -> Iterator[str]:
    """Who asks, and under which VAT, since when; when what is due falls due."""
    yield f"Par défaut, {PARTS_OF_A_YEAR[grid.prorata]}."
    for issuer in grid.issuers.values():
        yield f"{issuer.name} ({issuer.code}), {issuer.part} : {', '.join(_vat(issuer)) or 'aucun réglage de TVA'}"
        more = [
            f"SIRET {issuer.siret}" if issuer.siret else "",
            issuer.address or "",
            issuer.note or "",
            f"échéance {RHYTHMS[issuer.rhythm]}",
            PARTS_OF_A_YEAR[issuer.prorata] if issuer.prorata is not None else "",
            INVOICES[issuer.invoice_per],
        ]
        yield f"    {' ; '.join(filter(None, more))}"
    if grid.due.late_tariff is Late.DIFFERENCE:
        yield "Adopté après des échéances, ce tarif en fait devoir la différence."
    if grid.due.late_figures is Late.DIFFERENCE:
        yield "Un chiffre appris après une échéance en fait devoir la différence."
    if grid.due.gives_back:
        yield "Ce qui s'arrête rend la partie de la période qui n'a pas commencé."


def scale_sentences(scale: Scale) -> Iterator[str]:
    """The categories of a scale, and what classes whom."""
    for category in scale.categories:
        bounds = [
            f"{found.text} {MEASURE_WORDS[measure]}"
            for measure, ranges in scale.ranges.items()
            for found in ranges
            if found.category == category
        ]
        yield f"{category} : {', '.join(bounds)}"
    for rule in scale.classed_by:
        by = rule.on_request or " et ".join(MEASURE_WORDS[measure] for measure in rule.measures)
        yield f"{_kinds(rule.kinds)} : {by}"


def service_sentences(service: Service) -> Iterator[str]:
    """What can be ordered of a service, and with what."""
    if service.about:
        yield service.about
    for measured in service.quantities.values():
        yield f"{measured.name or measured.code} : {_limits(measured)}"
    for option in service.options.values():
        yield f"{option.name} au choix : {', '.join(f'{value.name} ({value.code})' for value in option.values)}"
    yield from (f"Demande {_link(link)}" for link in service.requires)
    yield from (f"Exclut {_link(link)}" for link in service.excludes)


def charge_sentences(charge: Charge) -> Iterator[str]:
    """What bears on a charge beside its prices."""
    if charge.place:
        yield f"voté en « {charge.place} »"
    if charge.unless_ordered:
        yield f"disparaît avec {', '.join(charge.unless_ordered)}"
    if cited := (*charge.interpretations, *charge.together):
        yield f"interprétations {', '.join(dict.fromkeys(cited))}"


def _limits(measured: Measured) -> str:
    """« de 2 à 10 comptes, par 0,5 »."""
    least, most = number_text(measured.minimum), measured.maximum
    if most is None:
        said = f"à partir de {least} {measured.unit.of(measured.minimum)}"
    elif most == measured.minimum:
        said = f"{least} {measured.unit.of(most)}, ni plus ni moins"
    else:
        said = f"de {least} à {number_text(most)} {measured.unit.plural}"
    return f"{said}, par {number_text(measured.step)}"


def _link(link: Link) -> str:
    return f"{link.service} ({'avertissement' if link.warns else 'refus'}) : {link.message}"


def _kinds(kinds: tuple[Kind, ...]) -> str:
    return ", ".join(KIND_LABELS[kind] for kind in kinds)


def _vat(issuer: Issuer) -> Iterator[str]:
    for setting in issuer.vat:
        said = f"TVA {percent_text(setting.rate)}" if setting.rate is not None else setting.mention or "sans TVA"
        cited = f" ({setting.interpretation})" if setting.interpretation else ""
        yield f"{said} depuis le {day_text(setting.starts_on)}{cited}"
