"""The contract's shapes, for the OpenAPI document: the order is read by the pricing package, not by these."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tripartite.pricing.bounds import MOST_PEOPLE
from tripartite.pricing.order import Kind


class Line(BaseModel):
    """A service and how much of it."""

    model_config = ConfigDict(extra="forbid")

    service: str = Field(examples=["messagerie-5go"])
    quantity: float | None = Field(None, gt=0, description="Nombre entier, ou décimal au pas que la grille permet.")
    quantities: dict[str, float] | None = Field(
        None, description="Quantités nommées, pour un service qui les multiplie."
    )
    options: dict[str, str] | None = None


class Beneficiary(BaseModel):
    """An identifier of the directory, or facts, or facts that override those of the directory."""

    model_config = ConfigDict(extra="forbid")

    siren: str | None = Field(None, examples=["123456782"])
    siret: str | None = None
    code_insee: str | None = None
    name: str | None = None
    kind: Kind | None = Field(None, examples=["commune"])
    department: str | None = None
    population: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    population_kind: str | None = None
    staff: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    client_class: str | None = None
    facts: dict[str, int] | None = None


class Order(BaseModel):
    """What a body asks for, what it already holds, and what it gives up of that."""

    model_config = ConfigDict(extra="forbid")

    on: str | None = Field(None, examples=["2024-04-15"], description="Jour de l'estimation ; aujourd'hui par défaut.")
    grid: str | None = Field(None, description="Code d'une grille, projets compris ; celle en vigueur par défaut.")
    offer: str | None = Field(
        None,
        description="Code d'une offre (le code d'une grille avant la barre) ; à défaut, la seule qui convient.",
        examples=["cdg"],
    )
    beneficiary: Beneficiary
    lines: list[Line] | None = Field(
        None, max_length=500, description="Ce qui est demandé : au moins une ligne, ou une ligne de « ended »."
    )
    in_service: list[Line] | None = Field(None, max_length=500)
    ended: list[Line] | None = Field(
        None, max_length=500, description="Ce qui s'arrête, parmi ce qui est en service (avenant)."
    )
    set_up: list[Line] | None = Field(
        None,
        max_length=500,
        description="De ce qui est demandé, ce qui est déjà en place : sa mise en service n'est pas due de nouveau.",
    )


def order_schema() -> dict[str, Any]:
    """The schema of an order, whole: the OpenAPI document gathers the schemas of answers alone."""
    schema = Order.model_json_schema()
    parts = schema.pop("$defs")
    whole = _without_references(schema, parts)
    assert isinstance(whole, dict)  # noqa: S101 - as it came
    return whole


def _without_references(value: Any, parts: dict[str, Any]) -> Any:
    match value:
        case {"$ref": str(reference)}:
            return _without_references(parts[reference.rsplit("/", 1)[-1]], parts)
        case dict():
            return {name: _without_references(held, parts) for name, held in value.items()}
        case list():
            return [_without_references(held, parts) for held in value]
    return value


NET = "Hors taxes, comme voté : présent où la grille est votée HT."


class EstimateLine(BaseModel):
    service: str
    charge: str
    issuer: str
    frequency: Literal["once", "yearly", "monthly", "term", "per-act"]
    years: int | None
    quantity: float
    unit_amount_cents: int | None
    unit_amount: str | None = None
    amount_cents: int | None
    first_year_amount_cents: int | None = None
    status: Literal["priced", "included", "on_request", "conditional", "missing"]
    explanation: str
    services: list[str] | None = None
    options: dict[str, str] | None = None
    interpretations: list[str] | None = None
    net_unit_amount_cents: int | None = Field(None, description=NET)
    net_unit_amount: str | None = Field(None, description=NET)
    net_amount_cents: int | None = Field(None, description=NET)
    first_year_net_amount_cents: int | None = Field(None, description=NET)
    vat_rate: float | None = Field(None, description="Taux de TVA ajouté, en %, où la grille est votée HT.")


class Totals(BaseModel):
    once_cents: int
    yearly_cents: int
    term_cents: int
    first_year_cents: int
    complete: bool
    once_net_cents: int | None = Field(None, description=NET)
    yearly_net_cents: int | None = Field(None, description=NET)
    term_net_cents: int | None = Field(None, description=NET)
    first_year_net_cents: int | None = Field(None, description=NET)
    missing: list[str] | None = Field(None, description="Les données qui manquent à ces totaux.")


class Missing(BaseModel):
    """A line that waits for a figure of the body."""

    service: str
    charge: str
    issuer: str
    figure: str = Field(examples=["population", "staff"])
    code: str = Field(examples=["missing-population"])
    message: str


class OnRequest(BaseModel):
    service: str
    charge: str
    issuer: str
    reason: str


class Notice(BaseModel):
    code: str
    message: str
    interpretation: str | None


class Estimate(BaseModel):
    grid: str
    basis: Literal["TTC", "HT"] = Field(description="Ce que l'acte vote. Les autres montants sont TTC.")
    on: str
    beneficiary: dict[str, Any]
    lines: list[EstimateLine]
    totals: dict[str, Totals]
    on_request: list[OnRequest]
    warnings: list[Notice]
    missing: list[Missing] | None = None


class RunningLine(EstimateLine):
    """A yearly charge of what runs: the estimate's line, and what counts that day."""

    yearly_cents: int | None
    yearly_net_cents: int | None = Field(None, description=NET)
    grid: str
    citation: str
    priced_on: str
    due_on: str | None
    agreed_in: str | None = Field(description="Numéro du devis dont le prix, donné à la main, vaut encore.")
    agreed_since: str | None = Field(
        description="Depuis quand vaut le prix qu'un agent a donné, faute de prix au tarif."
    )


class LotDue(BaseModel):
    subscription: int | None
    since: str
    quantity: str


class DueItem(BaseModel):
    """Ce qui tombe dû : une ligne. `key` l'identifie pour toujours."""

    key: str
    kind: Literal["due", "difference", "credit"]
    issuer: str
    service: str
    charge: str
    options: dict[str, str]
    frequency: str
    on: str = Field(description="Le jour où cela tombe dû.")
    since: str
    until: str
    quantity: str
    amount_cents: int | None = Field(description="Sur la base votée ; null : sur devis, sans prix.")
    basis: Literal["TTC", "HT"]
    explanation: str
    grid: str
    citation: str
    lots: list[LotDue]
    quotes: list[str] = Field(description="Les devis acceptés dont cela vient.")


class YearlyTotal(BaseModel):
    yearly_cents: int
    yearly_net_cents: int | None = Field(None, description=NET)
    lacks: str | None = Field(None, description="Ce que le total laisse de côté.")


class IfRenewed(BaseModel):
    convention: str
    last_day: str
    services: list[str]


class Beyond(BaseModel):
    id: int = Field(description="L'abonnement qui ne coûte rien de plus.")
    service: str
    quantity: float
    paid: list[int] = Field(description="Les abonnements pour lesquels le service est payé.")
    text: str


class RunningCost(BaseModel):
    on: str
    beneficiary: dict[str, Any]
    lines: list[RunningLine]
    totals: dict[str, YearlyTotal]
    complete: bool
    warnings: list[str]
    if_renewed: list[IfRenewed]
    beyond: list[Beyond] = Field(description="Ce que le tarif ne compte pas deux fois pour une structure.")


class RunningService(BaseModel):
    id: int
    siren: str
    body: str
    service: str
    options: dict[str, str]
    name: str
    quantity: float
    starts_on: str
    ends_on: str | None
    term_years: int | None
    anchor_on: str
    due_on: str | None
    convention: str | None
    grids: list[str]


class ErrorBody(BaseModel):
    code: str = Field(examples=["bad-quantity"])
    message: str = Field(description="En français : ce qui ne va pas, et quoi faire.")
    line: int | None = None
    in_service: int | None = None
    ended: int | None = None
    set_up: int | None = None
    suggestions: list[str] | None = None


class Error(BaseModel):
    error: ErrorBody


class Body(BaseModel):
    siren: str
    name: str
    kind: str
    department: str | None
    code_insee: str | None
    population: int | None
    population_kind: str | None
    found_as: str | None = Field(
        None,
        description="Ancienne commune par laquelle elle répond.",
        examples=["X (99001), jusqu'au 31/12/2024"],
    )


class GridVersion(BaseModel):
    code: str
    title: str
    applies_from: str
    applies_until: str | None
    in_force: bool
    offer: str
