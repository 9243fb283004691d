"""The shapes in which how a convention ends is asked and answered over HTTP."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from tripartite.typed import FIRST_DAY, LAST_DAY

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class NoticeGiven(BaseModel):
    """A notice as a party gave it."""

    model_config = ConfigDict(extra="forbid")
    party: str = Field(max_length=200, description="beneficiary, ou le code de l'émetteur.", examples=["beneficiary"])
    ground: str = Field(max_length=60, description="Clé d'un motif du texte signé.", examples=["due-date"])
    received_on: Day = Field(description="Le jour où les autres parties l'ont reçu : c'est lui qui compte.")
    reason: str = Field("", max_length=1000, description="Ce que dit l'écrit, là où le texte demande un motif.")
    formal_on: Day | None = Field(None, description="Réception de la mise en demeure, pour un manquement.")
    confirmed: bool = Field(False, description="Faux : montrer seulement. Vrai : enregistrer, et prévenir les parties.")


class Annulment(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=1000)


class Ground(BaseModel):
    ground: str
    words: str
    by: list[str]
    at: str
    effect: str
    notice_months: int | None
    after_days: int | None
    refunds: bool


class Ending(BaseModel):
    id: int
    ground: str
    words: str
    effect: str
    party: str
    received_on: str
    formal_on: str | None
    last_day: str
    why: str
    reason: str
    annulled_because: str | None


class Endings(BaseModel):
    convention: str
    ends_on: str | None
    parties: list[str]
    grounds: list[Ground]
    endings: list[Ending]


class Foreseen(BaseModel):
    recorded: bool
    ground: str
    effect: str
    last_day: str
    why: str
    reasons: list[str]


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """The body that an operation takes, for the OpenAPI document."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}
