"""What is known of a body on a day: the figures that count that day, each with its kind, year and source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.parties.addresses import with_city
from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.queries.bodies import with_facts
from tripartite.pricing.french import said_inside
from tripartite.pricing.naming import LegalName, legal_name
from tripartite.pricing.order import Beneficiary, Kind
from tripartite.questions import KEY, Question

PRICED_BY = ("kind", "department", "population", "population_kind", "staff", "client_class")
"""The facts that a price may depend on."""
PREFERRED = ("municipale", "totale", "agents", "etp")
FIGURES = Question[Figure](lambda body: Figure.objects.filter(body=body), KEY)
"""All the figures of a body, in the order of their days."""
LATEST_FIGURES = Question[Figure](
    lambda body: Figure.objects.filter(body=body).order_by("-applies_on", "-recorded_at", "-id"), KEY
)


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """The facts of a body that a price or a paper may need; None is unknown, never a guess.

    `population_kind` is "municipale" or "totale", `staff_kind` "agents" or "etp"; the dates `…_on` are the days from
    which the figures count.
    """

    body_id: int
    siren: str
    siret: str | None
    name: str
    kind: Kind
    department: str | None
    departments: tuple[str, ...]
    code_insee: str | None
    postal_codes: tuple[str, ...]
    address: str | None
    epci_name: str | None
    epci_siren: str | None
    client_class: str | None
    ended_on: date | None
    population: int | None = None
    population_kind: str | None = None
    population_year: int | None = None
    population_source: str | None = None
    population_on: date | None = None
    staff: int | None = None
    staff_kind: str | None = None
    staff_source: str | None = None
    staff_on: date | None = None

    @property
    def legal(self) -> LegalName:
        """As law names it: « la commune de X »."""
        return legal_name(self.name, self.kind)

    def beneficiary(self) -> Beneficiary:
        """What pricing needs to know."""
        return Beneficiary(
            kind=self.kind,
            department=self.department,
            population=self.population,
            staff=self.staff,
            client_class=self.client_class,
            population_kind=self.population_kind,
        )

    def as_json(self) -> dict[str, Any]:
        """The contract's beneficiary object, without `category`, which is the grid's."""
        return {
            "siren": self.siren,
            "siret": self.siret,
            "code_insee": self.code_insee,
            "name": self.name,
            "kind": self.kind.value,
            "department": self.department,
            "postal_codes": list(self.postal_codes),
            "epci": self.epci_name,
            "population": self.population,
            "population_kind": self.population_kind,
            "population_year": self.population_year,
            "population_source": self.population_source,
            "staff": self.staff,
            "staff_kind": self.staff_kind,
            "staff_source": self.staff_source,
        }


def facts_of(body: PublicBody, *, on: date, known_on: date | None = None) -> BodyFacts:
    """What is known of `body` on the day `on`; with `known_on`, as it was known on that other day: figures recorded
    later are left out, unless none was recorded yet; the first recorded then answer.

    A population counts from the 1st of January when it comes into force (three years after its reference year), a
    declared figure from the day it is declared for. Of the figures in force on the day, the municipal population is
    preferred to the total one, and the latest to the earlier ones; when none was in force yet, the first to come
    is taken, for it is the nearest known, and says its year. No query for a body read by this step's queries.

    Its kind, its seat's département and its class of client are those of the day: what replaces them counts from
    the day it was learnt (decision 67).

    `department` is the seat's. For an EPCI of several départements whose seat no source gives, the import sets the
    département of the directory it was loaded for; agents can correct it (`complete_body`).
    """
    population, staff = _figures(body, on, known_on)
    return BodyFacts(
        body_id=body.pk,
        siren=body.siren,
        siret=body.siret,
        name=body.name,
        kind=Kind(_trait(body, "kind", on) or body.kind),
        department=_trait(body, "department", on),
        departments=tuple(body.departments.split()),
        code_insee=body.code_insee,
        postal_codes=tuple(body.postal_codes.split()),
        address=body.address,
        epci_name=body.epci.name if body.epci else None,
        epci_siren=body.epci.siren if body.epci else None,
        client_class=_trait(body, "client_class", on),
        ended_on=body.ended_on,
        population=population.value if population else None,
        population_kind=population.counted if population else None,
        population_year=population.year if population else None,
        population_source=source_text(population) if population else None,
        population_on=population.applies_on if population else None,
        staff=staff.value if staff else None,
        staff_kind=staff.counted if staff else None,
        staff_source=source_text(staff) if staff else None,
        staff_on=staff.applies_on if staff else None,
    )


def priced_facts(body: PublicBody, *, on: date, known_on: date | None = None) -> dict[str, Any]:
    """Those that a price depends on, as what runs keeps them; what is not known is left out. The same rule as
    `facts_of`, for those who ask it of a whole directory."""
    population, staff = _figures(body, on, known_on)
    found = {
        "kind": _trait(body, "kind", on) or body.kind,
        "department": _trait(body, "department", on),
        "population": population.value if population else None,
        "population_kind": population.counted if population else None,
        "staff": staff.value if staff else None,
        "client_class": _trait(body, "client_class", on),
    }
    return {name: value for name, value in found.items() if value is not None}


def _figures(body: PublicBody, on: date, known_on: date | None) -> tuple[Figure | None, Figure | None]:
    """The population and the staff that count on a day."""
    figures = all_figures(body) if known_on is None else _known(all_figures(body), known_on)
    population = [figure for figure in figures if figure.measure == Figure.Measure.POPULATION]
    staff = [figure for figure in figures if figure.measure == Figure.Measure.STAFF]
    return figure_on(population, on), figure_on(staff, on)


def all_figures(body: PublicBody) -> list[Figure]:
    """All the figures of a body, in the order of their days. No query for a body read by this step's queries."""
    read: list[Figure] | None = getattr(body, "read_figures", None)
    return FIGURES.ask(body.pk) if read is None else read


def _trait(body: PublicBody, name: str, on: date) -> str | None:
    """What a body was on a day, before the changes kept since."""
    for change in body.former_traits:
        if on.isoformat() < change["changed_on"] and change.get(name):
            return str(change[name])
    now: str | None = getattr(body, name)
    return now


def postal_address(facts: BodyFacts) -> tuple[str, ...]:
    """The address as known. A commune with a single postal code is reached by it and by its name: they end an address
    that leaves them out, and are the address where there is none.
    """
    lines = tuple((facts.address or "").splitlines())
    if facts.kind is not Kind.COMMUNE or len(facts.postal_codes) != 1:
        return lines
    code = facts.postal_codes[0]
    return with_city(lines, code, facts.name) if lines else (f"Mairie, {code} {facts.name}",)


def facts_of_all(body_ids: Iterable[int], *, on: date) -> list[BodyFacts]:
    """The facts of several bodies on a day, in no order: two queries, however many they are."""
    return [facts_of(body, on=on) for body in with_facts().filter(pk__in=set(body_ids))]


def figure_on(figures: Iterable[Figure], on: date) -> Figure | None:
    """The one of `figures`, all of one measure, that counts on a day; the rule is told in `facts_of`."""
    known = sorted(figures, key=lambda figure: (figure.applies_on, figure.recorded_at, figure.pk))
    if len(known) == 1:
        return known[0]
    in_force = [figure for figure in known if figure.applies_on <= on]
    if in_force:
        if in_force[0].measure == Figure.Measure.STAFF:
            return in_force[-1]
        best = min(PREFERRED.index(figure.counted) for figure in in_force)
        return next(figure for figure in reversed(in_force) if PREFERRED.index(figure.counted) == best)
    if not known:
        return None
    first = [figure for figure in known if figure.applies_on == known[0].applies_on]
    best = min(PREFERRED.index(figure.counted) for figure in first)
    return next(figure for figure in reversed(first) if PREFERRED.index(figure.counted) == best)


def _known(figures: Iterable[Figure], day: date) -> list[Figure]:
    """Measure by measure, the figures recorded by a day; where none was, those of the first day that had any."""
    by_measure: dict[str, list[Figure]] = {}
    for figure in figures:
        by_measure.setdefault(figure.measure, []).append(figure)
    kept: list[Figure] = []
    for each in by_measure.values():
        if len(each) == 1:
            kept += each
            continue
        last = max(day, min(figure.learnt_on for figure in each))
        kept += [figure for figure in each if figure.learnt_on <= last]
    return kept


def source_text(figure: Figure) -> str:
    """Where a figure comes from, in French; a declared one says who declared it and for which day. Screens and papers
    set it between brackets: it has none of its own."""
    if figure.declared_by is None:
        return said_inside(figure.source)
    said = f"déclaré par {figure.declared_by} le {figure.applies_on:%d/%m/%Y}"
    return f"{said_inside(figure.source)}, {said}" if figure.source else said


def figures_of(body: PublicBody) -> list[Figure]:
    """All that was ever recorded about `body`, the latest first."""
    return LATEST_FIGURES.ask(body.pk)
