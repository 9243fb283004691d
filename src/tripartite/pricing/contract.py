"""Reading an order in the contract's JSON shape: its form only. The grid checks the rest when it prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from tripartite.pricing.bounds import MOST_QUANTITY, most_of, too_many
from tripartite.pricing.money import whole
from tripartite.pricing.order import Beneficiary, Item, Kind, Order, OrderError
from tripartite.pricing.quantities import exact
from tripartite.typed import written_day

MAX_LINES = 500
IDENTIFIERS = ("siren", "siret", "code_insee")
ORDER_KEYS = {"on", "grid", "offer", "beneficiary", "lines", "in_service", "ended", "set_up"}
LINE_KEYS = {"service", "quantity", "quantities", "options"}
BODY_KEYS = {
    *IDENTIFIERS,
    "kind",
    "department",
    "population",
    "population_kind",
    "staff",
    "client_class",
    "facts",
    "name",
}


@dataclass(frozen=True, slots=True)
class ParsedOrder:
    """An order as written: its day, grid and offer if it names them, an identifier or facts (or both), its lines."""

    on: date | None
    grid: str | None
    identifier: tuple[str, str] | None
    facts: Mapping[str, Any]
    lines: tuple[Item, ...]
    in_service: tuple[Item, ...]
    ended: tuple[Item, ...] = ()
    offer: str | None = None
    set_up: tuple[Item, ...] = ()

    def order(self, *, on: date, known: Beneficiary | None = None) -> Order:
        """The order to price on a day, the facts given here overriding those of the directory (`known`).

        Raises OrderError bad-order when there is neither an identifier's facts nor a kind of body.
        """
        given = dict(self.facts)
        if known is None and "kind" not in given:
            raise _bad("beneficiary.kind : indiquez le type de structure, ou son SIREN.")
        if known is None:
            beneficiary = Beneficiary(**given)
        else:
            given["facts"] = {**known.facts, **given.get("facts", {})}
            if "population" in given:
                given.setdefault("population_kind", None)
            beneficiary = replace(known, **given)
        return Order(on, beneficiary, self.lines, self.in_service, self.ended, self.set_up)


def parse_order(payload: object) -> ParsedOrder:
    """Read an order from decoded JSON.

    Raises OrderError: bad-order for anything malformed, bad-quantity and bad-options for a line's own values,
    with the index of the line. Numbers may come as int, float or Decimal; nothing is rounded.
    """
    order = _object(payload, "la demande")
    unknown = sorted(order.keys() - ORDER_KEYS)
    if unknown:
        raise _bad(f"Champ inconnu : « {str(unknown[0])[:80]} ».")
    identifier, facts = _beneficiary(order.get("beneficiary"))
    grid = _code(order.get("grid"), "grid : écrire le code d'une grille, par exemple « cdg/2024-03-26 ».")
    offer = _code(order.get("offer"), "offer : écrire le code d'une offre, par exemple « cdg ».")
    return ParsedOrder(
        _day(order.get("on")),
        grid,
        identifier,
        facts,
        _items(order.get("lines"), "lines", held=False),
        _items(order.get("in_service"), "in_service", held=True),
        _apart(order.get("ended"), "ended"),
        offer,
        _apart(order.get("set_up"), "set_up"),
    )


def _bad(message: str, line: int | None = None, *, held: bool = False, code: str = "bad-order") -> OrderError:
    return OrderError(code, message, line=line, held=held)


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(f"{what} : un objet JSON est attendu.")
    return value


def _code(value: object, message: str) -> str | None:
    if value is None or (isinstance(value, str) and 0 < len(value) <= 200):
        return value
    raise _bad(message)


def _day(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and (found := written_day(value)) is not None:
        return found
    raise _bad("on : écrire une date qui existe, comme 2024-04-15.")


def _beneficiary(value: object) -> tuple[tuple[str, str] | None, dict[str, Any]]:
    body = _object(value, "beneficiary")
    unknown = sorted(body.keys() - BODY_KEYS)
    if unknown:
        raise _bad(f"beneficiary : champ inconnu « {str(unknown[0])[:80]} ».")
    named = [(scheme, body[scheme]) for scheme in IDENTIFIERS if body.get(scheme) is not None]
    if len(named) > 1:
        raise _bad("beneficiary : un seul identifiant (siren, siret ou code_insee).")
    if named and (not isinstance(named[0][1], str) or len(named[0][1]) > 20):
        raise _bad(f"beneficiary.{named[0][0]} : écrire l'identifiant entre guillemets.")
    facts: dict[str, Any] = {}
    if body.get("kind") is not None:
        facts["kind"] = _kind(body["kind"])
    for name in ("department", "client_class", "population_kind"):
        if body.get(name) is not None:
            facts[name] = _text(body[name], name)
    for name in ("population", "staff"):
        if body.get(name) is not None:
            facts[name] = _figure(body[name], f"beneficiary.{name}")
    if body.get("facts") is not None:
        given = _object(body["facts"], "beneficiary.facts")
        facts["facts"] = {str(name): _figure(figure, f"beneficiary.facts.{name}") for name, figure in given.items()}
    return (named[0] if named else None), facts


def _kind(value: object) -> Kind:
    if isinstance(value, str) and value in set(Kind):
        return Kind(value)
    raise _bad(f"beneficiary.kind : choisir parmi {', '.join(Kind)}.")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 100:
        raise _bad(f"beneficiary.{name} : un texte court est attendu.")
    return value


def _figure(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _bad(f"{name[:80]} : un nombre entier, zéro ou plus, est attendu.")
    if value > (most := most_of(name.removeprefix("beneficiary."))):
        raise _bad(f"{name[:80]} : ce nombre est trop grand, {whole(most)} au plus.")
    return value


def _apart(value: object, name: Literal["ended", "set_up"]) -> tuple[Item, ...]:
    """The items of a list beside what is asked for: an error in them says in which list it is."""
    try:
        return _items(value, name, held=True)
    except OrderError as error:
        setattr(error, name, True)
        raise


def _items(value: object, name: str, *, held: bool) -> tuple[Item, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise _bad(f"{name} : une liste est attendue.")
    if len(value) > MAX_LINES:
        raise _bad(f"{name} : {MAX_LINES} lignes au plus.")
    return tuple(_item(item, place, held=held) for place, item in enumerate(value))


def _item(value: object, place: int, *, held: bool) -> Item:
    if not isinstance(value, Mapping):
        raise _bad('Chaque ligne est un objet : {"service": …, "quantity": …}.', place, held=held)
    unknown = sorted(str(key) for key in value.keys() - LINE_KEYS)
    if unknown:
        raise _bad(f"Champ inconnu dans la ligne : « {unknown[0][:80]} ».", place, held=held)
    service = value.get("service")
    if not isinstance(service, str):
        raise _bad("service : écrire le code du service.", place, held=held)
    if "quantities" in value:
        named = value["quantities"]
        if "quantity" in value or not isinstance(named, Mapping) or not named or len(named) > 10:
            raise _bad(
                "quantities : un objet nom → nombre, sans « quantity ».",
                place,
                held=held,
                code="bad-quantity",
            )
        quantities = {str(name): _quantity(number, place, held=held) for name, number in named.items()}
    elif "quantity" in value:
        quantities = {"quantity": _quantity(value["quantity"], place, held=held)}
    else:
        quantities = {}
    return Item(service, quantities, _chosen(value.get("options"), place, held=held), place)


def _quantity(value: object, place: int, *, held: bool) -> int | Fraction:
    if type(value) is int and 0 < value <= MOST_QUANTITY:
        return value
    number = exact(value)
    if number is None or number <= 0:
        raise _bad("La quantité doit être un nombre, 1 ou plus.", place, held=held, code="bad-quantity")
    if number > MOST_QUANTITY:
        raise _bad(too_many(MOST_QUANTITY), place, held=held, code="bad-quantity")
    return number


def _chosen(value: object, place: int, *, held: bool) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, Mapping) or not all(isinstance(choice, str) for choice in value.values()):
        raise _bad("options : un objet nom → valeur (textes).", place, held=held, code="bad-options")
    return tuple((str(name), choice) for name, choice in value.items())
