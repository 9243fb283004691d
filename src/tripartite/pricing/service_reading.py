"""Reading services and their charges."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tripartite.pricing.estimate import Frequency
from tripartite.pricing.findings import Place
from tripartite.pricing.grid import Charge, Family, Interpretation, Issuer, Link, Measured, Option, OptionValue, Service
from tripartite.pricing.order import Kind
from tripartite.pricing.price_reading import read_price
from tripartite.pricing.prices import Price
from tripartite.pricing.scales import Scale
from tripartite.pricing.surroundings import Settled, Surroundings
from tripartite.pricing.tables import Table
from tripartite.pricing.units import Unit


class ServiceReader:
    """Reads `[[service]]` and `[[shared_charge]]` against what the rest of the grid defines."""

    def __init__(  # noqa: PLR0917
        self,
        root: Table,
        issuers: Mapping[str, Issuer],
        families: Mapping[str, Family],
        scales: Mapping[str, Scale],
        client_classes: Mapping[str, str],
        facts: Mapping[str, str],
        interpretations: Mapping[str, Interpretation],
        *,
        fact_units: Mapping[str, Unit],
        kinds: Collection[Kind],
    ) -> None:
        self.root, self.issuers, self.families, self.scales = root, issuers, families, scales
        self.client_classes, self.facts, self.interpretations = client_classes, facts, interpretations
        self.fact_units, self.kinds = fact_units, kinds
        self.settled = list(_settled(root))
        self.codes: list[str] = []

    def read(self) -> tuple[dict[str, Service], tuple[Charge, ...]]:
        """Services by code, and every charge in grid order (a shared one after those of its first service)."""
        rows = list(self.root.tables("service", named="code"))
        shared_rows = list(self.root.tables("shared_charge", named="code"))
        self.codes = [row.values.get("code", "") for row in rows]
        read = [self._service(row) for row in rows]
        services = {service.code: service for service in reversed(read)}
        charges: list[Charge] = []
        shared = [charge for row in shared_rows if (charge := self._shared(row, services)) is not None]
        for row, service in zip(rows, read, strict=True):
            own = [self._charge(found, (service.code,), [service]) for found in row.tables("charge", named="code")]
            row.close()
            if not own and not any(service.code in charge.services for charge in shared):
                row.wrong("charge", "aucun tarif : ajouter [[service.charge]].")
            if service is services[service.code]:
                charges += own
                charges += [charge for charge in shared if charge.services[0] == service.code]
            else:
                row.wrong("code", "ce code de service est déjà employé.")
        self._check_charges(charges)
        return {service.code: service for service in read}, tuple(charges)

    def _check_charges(self, charges: list[Charge]) -> None:
        """A line is known by its service, its charge and its issuer: no two prices may share them."""
        seen: set[tuple[str, str, str]] = set()
        for charge in charges:
            keys = {(code, charge.code, issuer) for code in charge.services for issuer in charge.prices}
            for code, name, issuer in sorted(keys & seen):
                self.root.findings.add(
                    Place(charge.path, (code, name)), f"« {name} » a déjà un prix de {issuer} pour {code}."
                )
            seen |= keys
        priced = {(charge.services[0], charge.code, issuer) for charge in charges for issuer in charge.prices}
        for place, key, settled in self.settled:
            if key not in priced:
                self.root.findings.add(place, f"{settled.interpretation} : aucune charge « {' / '.join(key)} ».")

    def _service(self, row: Table) -> Service:
        family = row.text("family")
        if family not in self.families:
            row.wrong("family", f"famille inconnue : « {family} ».")
        return Service(
            code=row.text("code"),
            family=family,
            name=row.text("name"),
            about=row.optional_text("about") or "",
            quantities=_quantities(row),
            options={option.code: option for option in _options(row)},
            requires=tuple(self._links(row, "requires")),
            excludes=tuple(self._links(row, "excludes")),
        )

    def _links(self, row: Table, key: str) -> Iterator[Link]:
        for link in row.tables(key, named="service"):
            service = link.text("service")
            if service not in self.codes:
                link.wrong("service", f"service inconnu : « {service} ».")
            default = f"{key}-{service}"
            yield Link(
                service=service,
                warns=link.flag("warn"),
                code=link.optional_text("code") or default,
                message=link.text("message"),
                interpretation=self._interpretation(link, "interpretation"),
            )
            link.close()

    def _interpretation(self, row: Table, key: str) -> str | None:
        code = row.optional_text(key)
        if code is not None and code not in self.interpretations:
            row.wrong(key, f"interprétation inconnue : « {code} ».")
        return code

    def _shared(self, row: Table, services: Mapping[str, Service]) -> Charge | None:
        """A charge that counts several services together; None when they are not all services of the grid."""
        codes = row.texts("services")
        for code in codes:
            if code not in services:
                row.wrong("services", f"service inconnu : « {code} ».")
        if len(set(codes)) < max(len(codes), 2):
            row.wrong("services", "au moins deux codes de services de la grille, tous différents.")
        counted = [services[code] for code in codes if code in services]
        return self._charge(row, codes, counted) if len(counted) == len(codes) > 1 else None

    def _charge(self, row: Table, codes: tuple[str, ...], services: list[Service]) -> Charge:
        frequency = self._frequency(row)
        interpretations = row.texts("interpretations")
        for code in interpretations:
            if code not in self.interpretations:
                row.wrong("interpretations", f"interprétation inconnue : « {code} ».")
        together = row.texts("together") if len(codes) > 1 else ()
        for code in together:
            if code not in self.interpretations:
                row.wrong("together", f"interprétation inconnue : « {code} ».")
        unless = row.texts("unless_ordered")
        for code in unless:
            if code not in self.codes:
                row.wrong("unless_ordered", f"service inconnu : « {code} ».")
        service = services[0]
        charge = Charge(
            code=row.text("code"),
            name=row.text("name"),
            frequency=frequency,
            services=codes,
            unit=row.unit("unit") or service.unit,
            prices=self._prices(row, codes, services),
            years=_years(row, frequency, service),
            conditional=row.optional_text("conditional"),
            unless_ordered=unless,
            interpretations=interpretations,
            together=together,
            place=row.optional_text("place") or "",
            path=row.place.path,
        )
        row.close()
        if not charge.prices:
            row.wrong(None, f"aucun prix : écrire celui d'un émetteur ({', '.join(self.issuers)}).")
        return charge

    @staticmethod
    def _frequency(row: Table) -> Frequency:
        value = row.text("frequency")
        if value in set(Frequency):
            return Frequency(value)
        row.wrong("frequency", f"choisir parmi {', '.join(Frequency)}.")
        return Frequency.ONCE

    def _prices(self, row: Table, codes: tuple[str, ...], services: list[Service]) -> dict[str, Price]:
        prices: dict[str, Price] = {}
        for issuer in self.issuers:
            if row.has(issuer):
                around = self._around(row, codes, services, issuer)
                prices[issuer] = read_price(row.raw(issuer), row, issuer, around)
        return prices

    def _around(self, row: Table, codes: tuple[str, ...], services: list[Service], issuer: str) -> Surroundings:
        """What a price of this charge may refer to: only what all the services that it counts have."""
        key = (codes[0], row.values.get("code"), issuer)
        shared = set.intersection(*(set(service.quantities) for service in services))
        return Surroundings(
            quantities={name: measured for name, measured in services[0].quantities.items() if name in shared},
            options=services[0].options if len(services) == 1 else {},
            scales=self.scales,
            client_classes=self.client_classes,
            facts=self.facts,
            fact_units=self.fact_units,
            kinds=self.kinds,
            same_as=lambda reference: self._price_of(reference, issuer),
            interpretations=self.interpretations,
            settled=tuple(settled for _, where, settled in self.settled if where == key),
        )

    def _price_of(self, reference: str, issuer: str) -> Any:
        """The price as written of « service/charge » for an issuer, None where there is none."""
        service, _, charge = reference.partition("/")
        for row in self.root.values.get("service", []):
            for candidate in row.get("charge", []) if row.get("code") == service else ():
                if candidate.get("code") == charge:
                    return candidate.get(issuer)
        return None


def _years(row: Table, frequency: Frequency, service: Service) -> int | Mapping[str, Mapping[str, int]] | str | None:
    """For how many years a term charge is prepaid: a number, a quantity of the service, or one of its options."""
    value = row.raw("years")
    if frequency is not Frequency.TERM:
        if value is not None:
            row.wrong("years", 'seulement avec frequency = "term".')
        return None
    if _is_years(value):
        return int(value)
    if isinstance(value, str) and value in service.quantities and service.quantities[value].step == 1:
        return value
    if isinstance(value, dict) and len(value) == 1:
        ((option, years),) = value.items()
        known = {choice.code for choice in service.options[option].values} if option in service.options else set()
        if isinstance(years, dict) and known and years.keys() == known and all(map(_is_years, years.values())):
            return {option: years}
    row.wrong(
        "years",
        "dire pour combien d'années : un nombre de 1 à 99, une quantité entière, ou { option = { valeur = années } }.",
    )
    return 1


def _is_years(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 99


def _quantities(row: Table) -> dict[str, Measured]:
    named = row.table("quantities")
    if named is None:
        return {"quantity": _measured(row, "quantity")}
    quantities = {}
    for code in named.values:
        inner = named.table(code)
        if inner is not None:
            quantities[code] = _measured(inner, code)
            inner.close()
    if not quantities:
        named.wrong(None, "au moins une quantité.")
        quantities["quantity"] = Measured("quantity", Unit("unité", "unités"))
    row.unit("unit")
    return quantities


def _measured(row: Table, code: str) -> Measured:
    step = row.number("step", above=0) or 1
    minimum, maximum = row.number("minimum", above=0) or step, row.integer("maximum", least=1)
    if maximum is not None and maximum < minimum:
        row.wrong("maximum", "le maximum est inférieur au minimum.")
    unit = row.unit("unit")
    if unit is None:
        if not row.has("unit"):
            row.wrong("unit", 'dire ce qui est compté : unit = ["compte", "comptes"].')
        unit = Unit("unité", "unités")
    name = (row.optional_text("name") or "") if code != "quantity" else ""
    return Measured(code, unit, name or unit.plural, minimum, maximum, step)


def _options(row: Table) -> Iterator[Option]:
    for option in row.tables("option", named="code"):
        values = []
        for value in option.tables("values", named="code"):
            values.append(OptionValue(value.text("code"), value.text("name")))
            value.close()
        if len({value.code for value in values}) < max(len(values), 1):
            option.wrong("values", "des valeurs différentes, au moins une.")
        yield Option(option.text("code"), option.text("name"), tuple(values))
        option.close()


def _settled(root: Table) -> Iterator[tuple[Place, tuple[str, str, str], Settled]]:
    """The holes of bands that interpretations fill, with their place: service, charge and issuer; range."""
    for row in root.tables("interpretation", named="code"):
        for hole in row.tables("settles"):
            if not hole.has("charge"):
                continue
            key = (hole.text("service"), hole.text("charge"), hole.text("issuer"))
            first, like = hole.required_number("from"), hole.required_number("like")
            yield hole.place, key, Settled(row.values.get("code", ""), first, hole.number("to"), like)
            hole.close()
