"""What a person should know of a grid before adopting it: holes, overlaps, falls, unreachable rows, missing VAT."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import prod

from tripartite.pricing.bodies import Body
from tripartite.pricing.cases import Case, Measure, Number
from tripartite.pricing.compositions import ByDimension, Choose, Plans
from tripartite.pricing.due_checking import due_doubts
from tripartite.pricing.findings import Finding, Findings, GridError, Place, Severity, unseen_characters
from tripartite.pricing.grid import Charge, Grid, Service, offer_of
from tripartite.pricing.grid_doubts import charge_doubts, grid_doubts
from tripartite.pricing.grid_reading import read_with_findings
from tripartite.pricing.money import euros, number_text, to_cents
from tripartite.pricing.order import KIND_LABELS, Beneficiary, Kind, OrderError
from tripartite.pricing.outcomes import Amount, Blank, Included
from tripartite.pricing.price_reading import NOWHERE
from tripartite.pricing.prices import Band, Bands, Flat, Marginal, NoPrice, PerUnit, Price
from tripartite.pricing.scales import MEASURE_WORDS, Range, Scale
from tripartite.pricing.toml_lines import lines_of

FAR = timedelta(days=366)


def check_grid(text: str, others: Sequence[Grid] = ()) -> list[Finding]:
    """Every finding of a grid's text, in the order of the file; `others` are the versions it must not overlap.

    Errors stop an adoption; warnings are for a person to look at; settled points name their interpretation.
    """
    return _read_and_checked(text, others)[1]


def checked_grid(text: str) -> Grid:
    """The grid that a text describes. Raises GridError with every error that stops an adoption."""
    grid, findings = _read_and_checked(text)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if grid is None or errors:
        raise GridError(errors)
    return grid


def _read_and_checked(text: str, others: Sequence[Grid] = ()) -> tuple[Grid | None, list[Finding]]:
    grid, found = read_with_findings(text)
    found = [*unseen_characters(text.removeprefix("\ufeff")), *found]
    if grid is None:
        return None, found
    findings = Findings(lines_of(text))
    if not any(finding.severity is Severity.ERROR for finding in found):
        checker = _Checker(grid, findings)
        checker.check()
        checker.check_others(others)
    return grid, sorted([*found, *findings.found], key=lambda finding: finding.line or 0)


class _Checker:
    """Walks a grid that was read without error."""

    def __init__(self, grid: Grid, findings: Findings) -> None:
        self.grid = grid
        self.findings = findings

    def warn(self, place: Place, message: str) -> None:
        self.findings.add(place, message, Severity.WARNING)

    def check(self) -> None:
        self._check_vat()
        self._check_running_from()
        self._check_superseded()
        for where, doubt in due_doubts(self.grid):
            self.warn(where, doubt)
        for where, doubt, severity in grid_doubts(self.grid):
            self.findings.add(where, doubt, severity)
        for place, scale in enumerate(self.grid.scales.values()):
            self._check_scale(Place().at("scale", place, label=scale.code), scale)
        for charge, where in self._places():
            service = self.grid.services[charge.services[0]]
            for at, doubt, severity in charge_doubts(charge, where):
                self.findings.add(at, doubt, severity)
            for issuer, price in charge.prices.items():
                self._check_price(where.at(issuer), price, service, charge)
        self._check_mentions()
        self._check_wordings()

    def _check_wordings(self) -> None:
        for place, one in enumerate(self.grid.interpretations.values()):
            if one.retained is None:
                said = "écrire la lecture retenue (reading, choice) et ses mots (on_paper)"
                self.warn(
                    Place().at("interpretation", place), f"les papiers imprimeraient la note des agents : {said}."
                )
            elif not one.retained.on_paper:
                said = f"la lecture « {one.retained.code} » n'a pas ses mots pour les papiers (on_paper)"
                self.warn(Place().at("interpretation", place), f"{said} : son nom s'y imprime.")

    def check_others(self, others: Sequence[Grid]) -> None:
        """Two versions must not apply on the same day, unless this one says that it supersedes the other."""
        grid = self.grid
        for other in others:
            if other.code in (grid.code, grid.supersedes) or other.supersedes == grid.code:
                continue
            starts = max(grid.applies_from, other.applies_from)
            ends = [day for day in (grid.applies_until, other.applies_until) if day is not None]
            if all(starts <= day for day in ends) and grid.offer == other.offer:
                self.findings.add(
                    Place().at("applies_from"),
                    f"à partir du {starts:%d/%m/%Y}, la grille « {other.code} » s'applique aussi :"
                    f' écrire supersedes = "{other.code}", ou changer les dates.',
                )

    def _places(self) -> Iterator[tuple[Charge, Place]]:
        """Each charge with its place in the file."""
        for charge in self.grid.charges:
            shared = len(charge.services) > 1
            yield charge, Place(charge.path, (charge.name,) if shared else (charge.services[0], charge.code))

    def _check_vat(self) -> None:
        for place, issuer in enumerate(self.grid.issuers.values()):
            if issuer.vat_on(self.grid.applies_from) is None:
                self.findings.add(
                    Place().at("issuer", place, label=issuer.code),
                    f"aucune TVA au {self.grid.applies_from:%d/%m/%Y} : ajouter [[issuer.vat]] avec rate ou exempt.",
                )

    def _check_running_from(self) -> None:
        """A day for what runs already that is more than a year away lets every due date pass at the old prices."""
        grid = self.grid
        if grid.running_from is not None and grid.running_from - grid.applies_from > FAR:
            self.warn(
                Place().at("running_from"),
                f"les abonnements en cours gardent leurs prix jusqu'au {grid.running_from:%d/%m/%Y}, plus d'un an après"
                " les nouvelles demandes : chacun aura passé une échéance à l'ancien tarif.",
            )

    def _check_superseded(self) -> None:
        """A grid takes over from one of its own offer: another offer's goes on beside it."""
        before, offer = self.grid.supersedes, self.grid.offer
        if before is not None and offer_of(before) != offer:
            self.findings.add(
                Place().at("supersedes"),
                f"« {before} » est d'une autre offre que « {offer} » : une grille ne remplace que celle de son offre.",
            )

    def _check_mentions(self) -> None:
        """A family without services is probably a slip; a grid without services prices nothing."""
        used = {service.family for service in self.grid.services.values()}
        for place, code in enumerate(self.grid.families):
            if code not in used:
                self.warn(Place().at("family", place, label=code), "aucun service dans cette famille.")
        if not self.grid.services:
            self.findings.add(Place(), "aucun service.")

    # Scales

    def _check_scale(self, where: Place, scale: Scale) -> None:
        for measure, ranges in scale.ranges.items():
            word = MEASURE_WORDS[measure]
            _Ranges(self.findings, where, word, 1).check(
                [(_range_place(where, scale, item), item.first, item.last, item.interpretation) for item in ranges],
                0,
            )
        classed = {kind for rule in scale.classed_by for kind in rule.kinds}
        eligible = set(self.grid.eligibility.kinds or Kind) | set(self.grid.eligibility.to_confirm)
        missing = [KIND_LABELS[kind] for kind in Kind if kind in eligible and kind not in classed]
        if missing:
            self.warn(where, f"sans règle de classement : {', '.join(missing)} (sur devis, donc).")

    # Prices

    def _check_price(self, where: Place, price: Price, service: Service, charge: Charge) -> None:
        """Look into a price and into those that it is made of."""
        match price:
            case Bands():
                self._check_bands(where, price, service, charge)
            case ByDimension():
                self._check_table(where, price)
            case Plans():
                self._check_plans(where, price)
            case Choose():
                self._check_choices(where, price)
            case Marginal():
                self._check_marginal(where, price, service, charge)
            case _:
                pass
        for part in price.parts():
            self._check_price(where.at(*part.steps, label=part.label), part.price, service, charge)

    def _check_bands(self, where: Place, price: Bands, service: Service, charge: Charge) -> None:
        step, least, most = _reach(price.measure, service, charge)
        word = price.measure.word(charge.unit).plural
        rows = [
            (where.at("bands", place, label=f"tranche {place + 1}"), row.first, row.last, row.interpretation)
            for place, row in enumerate(price.rows)
        ]
        ranges = _Ranges(self.findings, where, word, step)
        ranges.check(rows, least, most)
        voted = [(row[0], band) for row, band in zip(rows, price.rows, strict=True) if band.interpretation is None]
        self._check_falls(sorted(voted, key=lambda pair: pair[1].first), price.measure, charge)

    def _check_falls(self, rows: Sequence[tuple[Place, Band]], measure: Measure, charge: Charge) -> None:
        """Warn where the first quantity of a row costs less than the last one of the row before it that has a price:
        « sur devis » in between hides nothing."""
        dearest: tuple[Number, Number] | None = None
        for place, row in rows:
            first = _amount_at(row.price, measure, row.first)
            if first is not None and dearest is not None and first < dearest[1]:
                self.warn(
                    place,
                    f"{number_text(row.first)} {measure.word(charge.unit).of(row.first)} : {euros(to_cents(first))},"
                    f" moins que {number_text(dearest[0])} ({euros(to_cents(dearest[1]))}).",
                )
            last = None if row.last is None else _amount_at(row.price, measure, row.last)
            if row.last is not None and last is not None:
                dearest = (row.last, last)

    def _check_marginal(self, where: Place, price: Marginal, service: Service, charge: Charge) -> None:
        """Warn where a scale stops below what can be asked: beyond, an agent prices by hand."""
        _, _, most = _reach(price.measure, service, charge)
        last = price.rows[-1].last
        if last is not None and (most is None or last < most):
            word = price.measure.word(charge.unit).plural
            self.warn(where, f"au-delà de {number_text(last)} {word}, rien n'est prévu (sur devis, donc).")

    def _check_choices(self, where: Place, price: Choose) -> None:
        """Warn of a branch that an earlier one always takes."""
        for place, branch in enumerate(price.branches):
            before = next((at for at in range(place) if price.branches[at].when.covers(branch.when)), None)
            if before is not None:
                self.warn(
                    where.at("choose", place, label=f"choix {place + 1}"),
                    f"ligne jamais atteinte : le choix {before + 1} vaut dans tous ces cas.",
                )

    def _check_table(self, where: Place, price: ByDimension) -> None:
        """Warn where a category costs less than the one before it, all else being equal."""
        for axis, scale in enumerate(price.dimensions):
            if not isinstance(scale, Scale):
                continue
            for key, high in price.cells.items():
                lower = scale.categories[: scale.categories.index(key[axis])]
                cells = ((one, price.cells.get((*key[:axis], one, *key[axis + 1 :]))) for one in reversed(lower))
                before = next(((one, low) for one, low in cells if low is not None and not _has_none(low)), None)
                if before is not None and _falls(before[1], high):
                    self.warn(where.at(*key), f"la catégorie {key[axis]} coûte moins que la catégorie {before[0]}.")

    def _check_plans(self, where: Place, price: Plans) -> None:
        """Warn of plans that end without a word of what comes next, and of one that is never the cheapest: another
        allows as much for no more."""
        if price.beyond == NOWHERE and all(plan.limits for plan in price.plans):
            self.warn(where, "au-delà de la dernière formule, rien n'est prévu (sur devis, donc) : écrire beyond.")
        for place, plan in enumerate(price.plans):
            for other in price.plans:
                if other is plan or not (isinstance(plan.price, Flat) and isinstance(other.price, Flat)):
                    continue
                allows = dict(other.limits)
                roomier = all(
                    measure in dict(plan.limits) and dict(plan.limits)[measure] <= most
                    for measure, most in allows.items()
                )
                if roomier and other.price.rate.base < plan.price.rate.base:
                    self.warn(
                        where.at("plans", place, label=plan.name),
                        f"formule jamais retenue : « {other.name} » permet autant pour moins cher.",
                    )
                    break


class _Ranges:
    """Holes, overlaps and unreachable rows among ranges of numbers."""

    def __init__(self, findings: Findings, where: Place, word: str, step: Number) -> None:
        self.findings, self.where, self.word, self.step = findings, where, word, step

    def check(
        self,
        rows: Sequence[tuple[Place, Number, Number | None, str | None]],
        least: Number,
        most: Number | None = None,
    ) -> None:
        """Check rows (place, first, last, interpretation) that should cover every number from `least` to `most`."""
        voted = sorted((row for row in rows if row[3] is None), key=lambda row: row[1])
        settled = [row for row in rows if row[3] is not None]
        expected: Number | None = least
        begun = False
        for place, first, last, _ in voted:
            if last is not None and last < first:
                self.findings.add(place, f"tranche vide : de {number_text(first)} à {number_text(last)}.")
                continue
            if expected is None or (most is not None and first > most) or (last is not None and last < least):
                self.findings.add(place, "tranche jamais atteinte.", Severity.WARNING)
                continue
            if first > expected:
                self._hole(place, expected, first - self.step, settled)
            elif first < expected and begun:
                self._overlap(place, first, expected - self.step, last)
            begun = True
            expected = None if last is None else max(expected, last + self.step)
        if expected is not None and (most is None or expected <= most):
            self._hole(self.where, expected, most, settled)

    def _overlap(self, place: Place, first: Number, end: Number, last: Number | None) -> None:
        if last is not None and last <= end:
            self.findings.add(place, "tranche jamais atteinte : les précédentes la couvrent.", Severity.WARNING)
        upto = end if last is None else min(end, last)
        self.findings.add(place, f"chevauchement : {self._span(first, upto)} est dans deux tranches.")

    def _hole(
        self,
        place: Place,
        first: Number,
        last: Number | None,
        settled: Sequence[tuple[Place, Number, Number | None, str | None]],
    ) -> None:
        for _, start, end, interpretation in settled:
            if start <= first and (end is None or (last is not None and last <= end)):
                self.findings.add(
                    place,
                    f"{self._span(first, last)} n'est dans aucune tranche : réglé par l'interprétation"
                    f" {interpretation}.",
                    Severity.SETTLED,
                    interpretation,
                )
                return
        self.findings.add(
            place,
            f"trou : {self._span(first, last)} n'est dans aucune tranche. Une interprétation peut le régler (settles).",
        )

    def _span(self, first: Number, last: Number | None) -> str:
        if last is None:
            return f"{number_text(first)} {self.word} et plus".replace("  ", " ")
        if first == last:
            return f"exactement {number_text(first)} {self.word}".strip()
        return f"de {number_text(first)} à {number_text(last)} {self.word}".strip()


def _reach(measure: Measure, service: Service, charge: Charge) -> tuple[Number, Number, Number | None]:
    """The step between two values of a measure, the least and the most that an order can reach (None: no limit)."""
    if measure.figure:
        return 1, measure.minimum, None
    counted = [service.quantities[name] for name in measure.names or service.quantities]
    step: Number = prod(quantity.step for quantity in counted)
    alone = len(charge.services) == 1 and not service.options
    least: Number = prod(quantity.minimum for quantity in counted) if alone else step
    most = counted[0].maximum if len(charge.services) == 1 and counted[0].code == "quantity" else None
    floor = max(measure.minimum, 0)
    return step, max(least - measure.included, floor), None if most is None else max(most - measure.included, floor)


def _range_place(where: Place, scale: Scale, item: Range) -> Place:
    return where.at("category", scale.categories.index(item.category), label=f"catégorie {item.category}")


def _has_none(price: Price) -> bool:
    """A cell without an amount: « sur devis », blank…"""
    return isinstance(price, NoPrice) and not isinstance(price.outcome, Included)


def _falls(low: Price, high: Price) -> bool:
    """Two cells of one form, the second cheaper than the first."""
    match low, high:
        case (Flat(before), Flat(after)) | (PerUnit(before), PerUnit(after)):
            return after.base < before.base
    return False


def _amount_at(price: Price, measure: Measure, value: Number) -> Number | None:
    """The price at a value of the measure, where it needs no other figure of the body; None elsewhere."""
    entry = {name: value if place == 0 else 1 for place, name in enumerate(measure.names or ("quantity",))}
    if measure.figures:
        entry = dict.fromkeys(entry, 1)
    facts = {name: int(value + measure.included) if place == 0 else 1 for place, name in enumerate(measure.figures)}
    population, staff = facts.get("population"), facts.get("staff")
    body = Body(Beneficiary(Kind.COMMUNE, population=population, staff=staff, facts=facts), {})
    try:
        outcome = price.on(Case(body, (entry,), (), 1 if measure.figure else value + measure.included))
    except (OrderError, KeyError):
        return None
    match outcome:
        case Amount(micros):
            return micros
        case Included() | Blank():
            return 0
    return None
