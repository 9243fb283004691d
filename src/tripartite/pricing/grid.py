"""A voted grid as values: the act, the issuers, the services and their charges. Built by `read_grid` from TOML.

Nothing here changes once read; a correction or a settled interpretation is another grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tripartite.pricing.due_rules import DueRules, InvoicePer, Late, Rhythm
from tripartite.pricing.estimate import RECURRING, Frequency
from tripartite.pricing.order import Kind
from tripartite.pricing.prices import Price
from tripartite.pricing.proration import Prorata
from tripartite.pricing.scales import Scale
from tripartite.pricing.units import Unit

PASSING = frozenset({Frequency.ONCE, Frequency.PER_ACT})
"""What is paid and over: a service that has no other charge is not held once it is done."""


@dataclass(frozen=True, slots=True)
class Act:
    """The act that votes the tariff. What no source gives is None."""

    body: str
    kind: str
    adopted_on: date | None
    subject: str
    number: str | None = None
    place: str | None = None
    session: str | None = None
    vote: str | None = None
    legal_references: tuple[str, ...] = ()
    transmitted_on: date | None = None
    published_on: date | None = None
    note: str | None = None

    @property
    def citation(self) -> str:
        """« délibération du conseil d'administration du 26/03/2024 », with its number and day where known."""
        number = f" n° {self.number}" if self.number else ""
        day = f" du {self.adopted_on:%d/%m/%Y}" if self.adopted_on else ""
        return f"{self.kind}{number}{day}"


@dataclass(frozen=True, slots=True)
class VatSetting:
    """The VAT of an issuer from a day on: a rate in hundredths of a percent (2000 = 20 %), or not taxable.

    `mention` is what papers print where there is no VAT.
    """

    starts_on: date
    rate: int | None
    mention: str | None = None
    interpretation: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues quotes for its own part. Unknown identity is None, completed outside the grid.

    `rhythm` says when its part falls due; `prorata`, what is due to it for a part of a year: None, as the grid says;
    `invoice_per`, what makes one invoice; `role`, what texts call it whoever it is (« operator »), None: its code only.
    """

    code: str
    name: str
    short_name: str
    part: str
    siret: str | None = None
    address: str | None = None
    vat: tuple[VatSetting, ...] = ()
    note: str | None = None
    rhythm: Rhythm = Rhythm.ANNIVERSARY
    prorata: Prorata | None = None
    invoice_per: InvoicePer = InvoicePer.BODY
    role: str | None = None

    def vat_on(self, on: date) -> VatSetting | None:
        """The setting that applies on a day, None before the first one."""
        return next((setting for setting in reversed(self.vat) if setting.starts_on <= on), None)


@dataclass(frozen=True, slots=True)
class Family:
    """Services shown together."""

    code: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One quantity that an order gives: its unit, its bounds (inclusive) and its step."""

    code: str
    unit: Unit
    name: str = ""
    minimum: int | Fraction = 1
    maximum: int | None = None
    step: int | Fraction = 1


@dataclass(frozen=True, slots=True)
class OptionValue:
    """One choice of an option."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Option:
    """A dimension of a service that the client chooses: duration, delivery…"""

    code: str
    name: str
    values: tuple[OptionValue, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What a service requires or excludes: refused, or only pointed out when `warns`."""

    service: str
    warns: bool
    code: str
    message: str
    interpretation: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What can be ordered. `quantities` has one entry named "quantity", or the named ones that are multiplied."""

    code: str
    family: str
    name: str
    about: str
    quantities: Mapping[str, Measured]
    options: Mapping[str, Option]
    requires: tuple[Link, ...] = ()
    excludes: tuple[Link, ...] = ()

    @property
    def unit(self) -> Unit:
        return next(iter(self.quantities.values())).unit

    @property
    def held_once(self) -> bool:
        """True when a body can hold one at most, so that a quantity needs no question."""
        return "quantity" in self.quantities and self.quantities["quantity"].maximum == 1


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of the tariff: what is due, how often, and the price of each issuer that has one (blank otherwise).

    `services` are those whose quantities are counted together; the charge gives one line for them all.
    `place` is where the act votes it, for people; `path` is where it stands in the grid's text.
    """

    code: str
    name: str
    frequency: Frequency
    services: tuple[str, ...]
    unit: Unit
    prices: Mapping[str, Price]
    years: int | Mapping[str, Mapping[str, int]] | str | None = None
    conditional: str | None = None
    unless_ordered: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    place: str = ""
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of settling an interpretation: the changes that it makes to the grid's text, and how a paper that is signed
    words it."""

    code: str
    name: str
    changes: tuple[Mapping[str, object], ...]
    on_paper: str | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A choice that the act leaves open, how it is read here, and by whom it may be settled otherwise."""

    code: str
    title: str
    text: str
    issuers: tuple[str, ...]
    reading: str
    choices: tuple[Choice, ...] = ()

    @property
    def on_paper(self) -> str:
        """How a paper that is signed words it: as the reading retained says; by its name where it says nothing (a text
        adopted before it could). The note for agents is printed only where no reading was written.
        """
        if self.retained is None:
            return self.text
        return self.retained.on_paper or f"{self.retained.name.rstrip('.')}."

    @property
    def retained(self) -> Choice | None:
        """The reading retained; None when none was written."""
        return next((choice for choice in self.choices if choice.code == self.reading), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """An interpretation settled otherwise by the issuer concerned."""

    interpretation: str
    reading: str
    issuer: str
    author: str
    decided_on: date
    applies_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may take the services. Empty means anyone; `to_confirm` kinds are priced with a warning."""

    departments: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    to_confirm: tuple[Kind, ...] = ()
    message: str = ""
    to_confirm_message: str = ""
    interpretation: str | None = None


def offer_of(code: str) -> str:
    """The offer that a grid's code names: « cdg » for « cdg/2024-03-26 », whatever the voting body is called."""
    return code.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Grid:
    """One version of a voted tariff. Dates are inclusive; amounts inside prices are exact micros, TTC or HT.

    `charges` are in grid order; `charges_of[service]` are the places in `charges` that concern a service.
    `running_from` is the day on which what runs already takes this tariff; None: at its next due date.
    `due` says what becomes of what had fallen due.
    """

    code: str
    version: int
    title: str
    act: Act
    applies_from: date
    applies_until: date | None
    basis: str
    prorata: Prorata
    issuers: Mapping[str, Issuer]
    families: Mapping[str, Family]
    services: Mapping[str, Service]
    charges: tuple[Charge, ...]
    charges_of: Mapping[str, tuple[int, ...]]
    scales: Mapping[str, Scale]
    client_classes: Mapping[str, str]
    facts: Mapping[str, str]
    fact_units: Mapping[str, Unit]
    interpretations: Mapping[str, Interpretation]
    decisions: tuple[Decision, ...]
    eligibility: Eligibility
    supersedes: str | None = None
    notes: tuple[str, ...] = ()
    running_from: date | None = None
    due: DueRules = field(default_factory=DueRules)
    _recurring: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        recurring = (
            service
            for service, places in self.charges_of.items()
            if any(self.charges[place].frequency in RECURRING for place in places)
        )
        object.__setattr__(self, "_recurring", frozenset(recurring))

    @property
    def asks_difference(self) -> bool:
        """Whether its act makes it count for what had fallen due before it was adopted: the difference is then due."""
        return self.due.late_tariff is Late.DIFFERENCE

    def prorata_of(self, issuer: str) -> Prorata:
        """What is due to an issuer for a part of a year."""
        return self.issuers[issuer].prorata or self.prorata

    @property
    def offer(self) -> str:
        """What this grid is a tariff of: two grids of one offer never apply on the same day."""
        return offer_of(self.code)

    def charges_on(self, service: str) -> tuple[Charge, ...]:
        """The charges that concern a service, in grid order; none for a service that the grid does not have."""
        return tuple(self.charges[place] for place in self.charges_of.get(service, ()))

    def recurs(self, service: str) -> bool:
        """Whether a charge comes back for a service: asked of each lot of a whole directory."""
        return service in self._recurring

    def lasts(self, service: str) -> bool:
        """True for a service that is held once taken: not all of its charges are paid once."""
        return any(charge.frequency not in PASSING for charge in self.charges_on(service))

    def sets_up(self, charge: Charge) -> bool:
        """True for a charge of going live: due once, without a condition, for services that are then held."""
        once = charge.frequency is Frequency.ONCE and charge.conditional is None
        return once and all(map(self.lasts, charge.services))

    def is_set_up(self, service: str) -> bool:
        """True for a service whose going live is charged."""
        return any(map(self.sets_up, self.charges_on(service)))

    def charge_of(self, service: str, charge: str, issuer: str) -> Charge:
        """The charge behind a line, which its service, its code and its issuer tell from any other."""
        return self.charges[self.place_of(service, charge, issuer)]

    def place_of(self, service: str, charge: str, issuer: str) -> int:
        """Where the charge behind a line stands in `charges`."""
        return next(
            place
            for place in self.charges_of[service]
            if (found := self.charges[place]).code == charge and issuer in found.prices
        )

    def applies_on(self, on: date) -> bool:
        """True on the days for which the grid is voted, both ends included."""
        return self.applies_from <= on and (self.applies_until is None or on <= self.applies_until)
