"""The shapes in which invoices are read over HTTP."""

from pydantic import BaseModel, Field


class Invoice(BaseModel):
    number: str = Field(examples=["OPE-F-2026-00001"])
    issuer: str
    fiscal_year: int
    state: str
    siren: str
    body: str
    siret: str | None
    issued_on: str
    due_on: str
    net_cents: int
    vat_cents: int
    gross_cents: int = Field(description="Ce qui est à payer, TTC, au centime voté.")
    credited_cents: int = Field(description="Ce que des avoirs en ont repris.")
    paid_cents: int
    owed_cents: int = Field(description="Ce qui reste à payer ; négatif, à rembourser.")
    sha256: str = Field(description="L'empreinte de son papier.")


class BilledLine(BaseModel):
    service: str
    charge: str
    name: str
    quantity: str
    since: str
    until: str
    amount_cents: int = Field(description="Sur la base votée.")
    basis: str = Field(examples=["TTC"])
    vat_rate: int | None = Field(description="En centièmes de pour cent : 2000 pour 20 %.")
    explanation: str
    citation: str
    quotes: list[str]


class CreditNote(BaseModel):
    number: str
    issued_on: str
    gross_cents: int
    reason: str


class PaymentShare(BaseModel):
    received_on: str
    amount_cents: int


class WholeInvoice(Invoice):
    lines: list[BilledLine]
    credit_notes: list[CreditNote]
    payments: list[PaymentShare]
