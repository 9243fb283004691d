"""What someone has chosen on the estimator, as its address says it: read, kept as typed, written back short.

The address is the form: `?siren=123456782&messagerie-5go=4`. A service that multiplies quantities or has options
takes a dot (`salle.jours=2`, `cle.remise=site`); what is already in service begins with `deja.`, and how much of what
is asked for is in place already, so that its going live is not due again, with `en-place.` (0: none).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from tripartite.pricing.bounds import MOST_QUANTITY, most_of, too_many
from tripartite.pricing.grid import Grid, Service
from tripartite.pricing.holding import HeldLine, Holding
from tripartite.pricing.order import Kind
from tripartite.pricing.quantities import quantity_text
from tripartite.typed import clean_line

MAX_LENGTH = 6000
"""Of an address, in characters: above it no browser-made estimate, and some servers refuse it anyway."""

HELD = "deja."
SET_UP = "en-place."
OFFER = "offre"
"""The code of the offer, where several are in force."""
FIGURES = ("population", "staff")
FACT = "fait."
STATED = ("kind", "department", *FIGURES, "client_class")
NAMED = "nom"
"""What a body that the directory lacks is called, carried along to the form that declares it."""
REVISED = "demande"
"""The reference of the request that an agent is changing, carried along by the address."""
SEEN = "vu"
"""On what version of that request the change is made."""

APART = frozenset({OFFER, "siren", "q", "libre", REVISED, SEEN, NAMED, *STATED})
TRACKING = ("utm_", "fbclid", "gclid", "mtm_", "pk_")
NUMBER = re.compile(r"\d{1,4000}(?:[.,]\d{1,3})?", re.ASCII)
WHOLE = re.compile(r"\d{1,4000}", re.ASCII)
SIREN = re.compile(r"\d{9}", re.ASCII)
SPACES = re.compile(r"[\s\u00a0\u202f]+")
NOT_A_NUMBER = "Écrivez un nombre en chiffres, par exemple 4."
NOT_A_FIGURE = "Écrivez un nombre entier en chiffres, par exemple 1200."


PUBLIC, AGENTS = "estimator", "request-estimate"


def field_of(figure: str) -> str:
    """The field of the address that says a figure of the body."""
    return figure if figure in (*FIGURES, "client_class") else FACT + figure


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields of the address that mean something, as typed; what was not understood, by field name."""

    typed: Mapping[str, str]
    lines: tuple[Mapping[str, Any], ...] = ()
    held: tuple[Mapping[str, Any], ...] = ()
    set_up: tuple[Mapping[str, Any], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    place: str = PUBLIC
    """The name of the screen that it opens: the public one, or the agents'."""

    @property
    def for_agents(self) -> bool:
        return self.place == AGENTS

    @property
    def offer(self) -> str:
        """The offer that it names; « » where the one in force needs no name."""
        return self.typed.get(OFFER, "")

    @property
    def siren(self) -> str:
        return self.typed.get("siren", "")

    @property
    def query(self) -> str:
        """The short address: only what is filled in, in the order of the form."""
        return urlencode(self.typed)

    @property
    def named(self) -> bool:
        """True when it says for whom: a body of the directory, or a kind of body."""
        return bool(self.siren or self.typed.get("kind"))

    def payload(self) -> dict[str, Any]:
        """The order in the contract's shape."""
        body = dict(self.facts)
        if self.siren:
            body["siren"] = self.siren
        return {"beneficiary": body, **self.order}

    @property
    def order(self) -> dict[str, Any]:
        """What is asked for, in the contract's shape; what is set up already, once that was asked."""
        asked: dict[str, Any] = {"lines": list(self.lines), "in_service": list(self.held)}
        answered = any(name.startswith(SET_UP) for name in self.typed)
        return asked | {"set_up": list(self.set_up)} if answered else asked

    def without(self, names: Collection[str]) -> "Selection":
        """The same, without these facts: the directory knows them, and a link does not rewrite it."""
        return replace(
            self,
            typed={name: text for name, text in self.typed.items() if name not in names},
            facts={name: fact for name, fact in self.facts.items() if name not in names},
            errors={name: message for name, message in self.errors.items() if name not in names},
        )


def order_query(order: Mapping[str, Any], siren: str, *, offer: str = "") -> str | None:
    """The address's query that shows a stored order of an offer again; None when a service stands in it twice with
    other options, which an address cannot say.
    """
    fields: dict[str, str] = ({OFFER: offer} if offer else {}) | {"siren": siren}
    for lines, before in ((order["lines"], ""), (order.get("in_service", []), HELD)):
        for line in lines:
            place = before + line["service"]
            one = HeldLine.read(line)
            said = {place: quantity_text(one.amount)} if one.is_simple else {}
            said |= {f"{place}.{name}": quantity_text(value) for name, value in one.what.named}
            said |= {f"{place}.{name}": value for name, value in one.what.options}
            if not fields.keys().isdisjoint(said):
                return None
            fields |= said
    if (set_up := order.get("set_up")) is not None:
        known = Holding.read(set_up)
        simple = [
            line.what.service for line in Holding.read(order["lines"]) if line.is_simple and not line.what.options
        ]
        fields |= {f"{SET_UP}{code}": quantity_text(known.amount(code)) for code in simple}
    return urlencode(fields)


def read_selection(query: QueryDict, grid: Grid, place: str = PUBLIC) -> Selection:
    """Read an address of the screen `place`. Nothing is guessed: what is not understood is kept, said in `errors`."""
    typed = {name: text for name in query if (text := _text(str(query[name])))}
    errors: dict[str, str] = {}
    kept = {name: typed[name] for name in (OFFER, REVISED, SEEN, NAMED, "siren", *STATED) if name in typed}
    kept |= {FACT + name: typed[FACT + name] for name in grid.facts if FACT + name in typed}
    if "siren" in kept:
        kept["siren"] = SPACES.sub("", kept["siren"])
    facts = _facts(kept, errors)
    lines = _lines(grid, typed, "", kept, errors)
    held = _lines(grid, typed, HELD, kept, errors)
    set_up = _set_up(grid, typed, lines, kept, errors)
    unknown = tuple(name for name in typed if name not in kept and name not in APART and not name.startswith(TRACKING))
    idle = tuple(name for name in unknown if not _idle(name, grid))
    return Selection(kept, tuple(lines), tuple(held), tuple(set_up), facts, errors, idle, place)


def _text(text: str) -> str:
    return clean_line(text.replace("\x00", "\ufffd"))[:200]


def _facts(kept: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any]:
    if not SIREN.fullmatch(kept.get("siren", "000000000")):
        errors["siren"] = "Un SIREN compte 9 chiffres. Cherchez la collectivité par son nom."
    if kept.get("kind", Kind.COMMUNE) not in set(Kind):
        errors["kind"] = "Choisissez un type de structure dans la liste."
    facts: dict[str, Any] = {name: kept[name][:100] for name in ("kind", "department", "client_class") if name in kept}
    named: dict[str, Any] = {}
    for name, text in kept.items():
        if name in FIGURES:
            _figure(text, name, name, facts, errors)
        elif name.startswith(FACT):
            _figure(text, name, name.removeprefix(FACT), named, errors)
    return facts | {"facts": named} if named else facts


def _figure(text: str, place: str, name: str, facts: dict[str, Any], errors: dict[str, str]) -> None:
    digits = SPACES.sub("", text)
    if not WHOLE.fullmatch(digits):
        errors[place] = NOT_A_FIGURE
    elif (figure := int(digits)) > (most := most_of(name)):
        errors[place] = too_many(most)
    else:
        facts[name] = figure


def _lines(
    grid: Grid, typed: Mapping[str, str], before: str, kept: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    lines = []
    for service in grid.services.values():
        place = before + service.code
        quantities = _quantities(service, typed, place, kept, errors)
        if quantities is None:
            continue
        line: dict[str, Any] = {"service": service.code, **quantities}
        chosen = {name: typed[at] for name in service.options if (at := f"{place}.{name}") in typed}
        if chosen:
            kept.update({f"{place}.{name}": value for name, value in chosen.items()})
            line["options"] = chosen
        lines.append(line)
    return lines


def asks_set_up(service: Service, grid: Grid) -> bool:
    """True where one may say how much of a service is in place already: its going live is charged, it is counted."""
    return "quantity" in service.quantities and not service.options and grid.is_set_up(service.code)


def _set_up(
    grid: Grid,
    typed: Mapping[str, str],
    lines: Sequence[Mapping[str, Any]],
    kept: dict[str, str],
    errors: dict[str, str],
) -> list[dict[str, Any]]:
    """How much of what is asked for is in place already; « 0 » is an answer, and is kept."""
    found = []
    for line in lines:
        name, service = SET_UP + line["service"], grid.services[line["service"]]
        if name not in typed or not asks_set_up(service, grid):
            continue
        kept[name], digits = typed[name], SPACES.sub("", typed[name])
        if not NUMBER.fullmatch(digits):
            errors[name] = NOT_A_NUMBER
        elif (value := Decimal(digits.replace(",", "."))) > line.get("quantity", 0):
            errors[name] = "C'est plus que ce qui est demandé."
        elif value:
            found.append({"service": service.code, "quantity": int(value) if value == int(value) else value})
    return found


def _quantities(
    service: Service, typed: Mapping[str, str], place: str, kept: dict[str, str], errors: dict[str, str]
) -> dict[str, Any] | None:
    """The quantities of a line, None when the service is not chosen (or when they cannot be read)."""
    names = quantity_fields(service, place)
    given = {field: typed[field] for field in names if typed.get(field, "0") not in ("0", "00", "000")}
    kept.update(given)
    read: dict[str, Any] = {}
    for place_of, text in given.items():
        if not NUMBER.fullmatch(digits := SPACES.sub("", text)):
            errors[place_of] = NOT_A_NUMBER
        elif (value := Decimal(digits.replace(",", "."))) > MOST_QUANTITY:
            errors[place_of] = too_many(MOST_QUANTITY)
        else:
            read[names[place_of]] = int(value) if value == int(value) else value
    if not read:
        return None
    return {"quantity": read["quantity"]} if "quantity" in service.quantities else {"quantities": read}


def quantity_fields(service: Service, place: str) -> dict[str, str]:
    """The fields of a service's quantities and the name of each quantity: `{"salle.jours": "jours"}`."""
    return {place if name == "quantity" else f"{place}.{name}": name for name in service.quantities}


def _idle(name: str, grid: Grid) -> bool:
    """True for a field of the form that asks for nothing: an option, or a zero, of a service not chosen."""
    code = name.removeprefix(HELD).removeprefix(SET_UP).split(".")[0]
    return code in grid.services
