"""What is held, or ordered, as one value: so much of each service, exactly. Pure.

Stored orders say it as lines in the contract's shape, `{"service": …, "quantity": …, "options": …}` (or `quantities`,
named, which the service multiplies). They are read here, added up, taken off, compared, and written back here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from tripartite.pricing.cases import Number, Options
from tripartite.pricing.money import number_text
from tripartite.pricing.order import OrderError
from tripartite.pricing.quantities import exact, plain, quantity_json

ContractLine = dict[str, Any]
"""A line as the contract writes it: decoded JSON, or ready to be encoded."""

Chosen = tuple[str, Options]
"""A service and the options chosen, by name."""


class Counted(NamedTuple):
    """What an amount counts: a service with its options, by name; where it multiplies named quantities, lines of these.

    Two lines of a service add up when they count the same: « 3 rooms × 2 days » is not « 2 rooms × 3 days ».
    """

    service: str
    options: Options = ()
    named: tuple[tuple[str, Number], ...] = ()

    @property
    def chosen(self) -> Chosen:
        return self.service, self.options


@dataclass(frozen=True, slots=True)
class HeldLine:
    """So much of a service: `amount` units of it, or `amount` lines of its named quantities (one, in a stored line)."""

    what: Counted
    amount: Number

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Self:
        """A line of the contract. Raises OrderError (bad-quantity) when it has no quantity that can be read."""
        options = tuple(sorted((line.get("options") or {}).items()))
        if "quantities" in line:
            named = tuple(sorted((name, _read(value, line)) for name, value in line["quantities"].items()))
            return cls(Counted(line["service"], options, named), 1)
        return cls(Counted(line["service"], options), _read(line.get("quantity"), line))

    @property
    def total(self) -> Number:
        """How much it takes; named quantities are multiplied."""
        return plain(self.amount * prod((value for _, value in self.what.named), start=1))

    @property
    def is_simple(self) -> bool:
        """True when it counts one quantity, which can be taken in part."""
        return not self.what.named

    def with_amount(self, amount: Number) -> Self:
        """The same with another quantity. Raises ValueError for a line of named quantities: it is not taken in part."""
        if not self.is_simple:
            raise ValueError(self.what.service)
        return type(self)(self.what, plain(amount))

    def text(self, order: Iterable[str] = ()) -> str:
        """Its quantity as people write it: « 2,5 »; « 3 × 2 » for named ones, in the order of the service's."""
        if self.is_simple:
            return number_text(self.amount)
        named, places = dict(self.what.named), list(order)
        return " × ".join(number_text(named[name]) for name in sorted(named, key=lambda name: _place(name, places)))

    def as_json(self) -> ContractLine:
        """The line in the contract's shape."""
        line: ContractLine = {"service": self.what.service}
        if self.is_simple:
            line["quantity"] = quantity_json(self.amount)
        else:
            line["quantities"] = {name: quantity_json(value) for name, value in self.what.named}
        return line | {"options": dict(self.what.options)} if self.what.options else line


class Difference(NamedTuple):
    """What leads from a holding to another: what is added to it, and what is taken off."""

    added: "Holding"
    removed: "Holding"


@dataclass(frozen=True, slots=True)
class Holding:
    """So much of each service, in the order in which it was first said; amounts are above zero.

    Two holdings are equal when they hold as much of the same, in any order. Raises ValueError below zero.
    """

    amounts: Mapping[Counted, Number] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(amount < 0 for amount in self.amounts.values()):
            raise ValueError(self.amounts)
        kept = {what: plain(amount) for what, amount in self.amounts.items() if amount}
        object.__setattr__(self, "amounts", MappingProxyType(kept))

    @classmethod
    def of(cls, lines: Iterable[HeldLine]) -> Self:
        """Lines added up."""
        amounts: dict[Counted, Number] = {}
        for line in lines:
            amounts[line.what] = amounts.get(line.what, 0) + line.amount
        return cls(amounts)

    @classmethod
    def read(cls, lines: Iterable[Mapping[str, Any]]) -> Self:
        """Lines of the contract added up. Raises OrderError (bad-quantity) as `HeldLine.read` does."""
        return cls.of(map(HeldLine.read, lines))

    @classmethod
    def after(cls, order: Mapping[str, Any]) -> Self:
        """What is held once an order of the contract is carried out: what was in service, with what it asks for, less
        what it gives up.
        """
        held = cls.read((*order.get("in_service", ()), *order["lines"]))
        return held.less(cls.read(order.get("ended", ())))

    def __bool__(self) -> bool:
        return bool(self.amounts)

    def __iter__(self) -> Iterator[HeldLine]:
        """Its lines: one for what has one quantity, as many as there are for named quantities."""
        for what, amount in self.amounts.items():
            if what.named:
                yield from (HeldLine(what, 1) for _ in range(int(amount)))
            else:
                yield HeldLine(what, amount)

    def as_lines(self) -> list[ContractLine]:
        """Its lines in the contract's shape."""
        return [line.as_json() for line in self]

    def plus(self, other: "Holding") -> Self:
        """This and the other together."""
        amounts = dict(self.amounts)
        for what, amount in other.amounts.items():
            amounts[what] = amounts.get(what, 0) + amount
        return type(self)(amounts)

    def less(self, other: "Holding") -> Self:
        """This without the other; what is not held is not taken off."""
        return type(self)(
            {what: max(amount - other.amounts.get(what, 0), 0) for what, amount in self.amounts.items()},
        )

    def to(self, wanted: "Holding") -> Difference:
        """What to add and what to take off to hold what is wanted: `self.plus(added).less(removed) == wanted`."""
        return Difference(wanted.less(self), self.less(wanted))

    def of_each(self) -> dict[Chosen, "Holding"]:
        """What is held of each service, by the options chosen."""
        found: dict[Chosen, dict[Counted, Number]] = {}
        for what, amount in self.amounts.items():
            found.setdefault(what.chosen, {})[what] = amount
        return {chosen: Holding(amounts) for chosen, amounts in found.items()}

    @property
    def total(self) -> Number:
        """How much it takes in all, of whatever services; named quantities are multiplied."""
        return plain(sum((HeldLine(what, amount).total for what, amount in self.amounts.items()), start=0))

    def amount(self, service: str) -> Number:
        """How much of a service without options is held: zero where it is not, or is counted otherwise."""
        return self.amounts.get(Counted(service), 0)

    def with_amount(self, service: str, amount: Number) -> Self:
        """The same with so much of a service without options; zero takes it off."""
        return type(self)({**self.amounts, Counted(service): amount})

    def where(self, keep: Callable[[str], bool]) -> Self:
        """What is held of the services that are kept."""
        return type(self)({what: amount for what, amount in self.amounts.items() if keep(what.service)})

    @property
    def services(self) -> tuple[str, ...]:
        """The codes of the services held, each once."""
        return tuple(dict.fromkeys(what.service for what in self.amounts))


def _read(value: object, line: Mapping[str, Any]) -> Number:
    number = exact(value)
    if number is None:
        raise OrderError("bad-quantity", f"{line['service']} : la quantité doit être un nombre.")
    return number


def _place(name: str, places: list[str]) -> tuple[int, str]:
    return (places.index(name) if name in places else len(places)), name
