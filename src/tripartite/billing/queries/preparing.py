"""What a run would do, invoice by invoice, before anything is numbered: the preview that people read, which a unit of
work reads again just before it acts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from tripartite.billing.models import BillingSettings, BuyerRequirement, Invoice
from tripartite.billing.queries.comparing import last_year_items
from tripartite.billing.queries.findings import Finding, findings_of
from tripartite.billing.queries.originals import Billed, billed_lines, original_of
from tripartite.billing.queries.settings import requirements_of, settings_on
from tripartite.billing.queries.unbilled import billable_bodies, unbilled
from tripartite.billing.states import BLOCKING, Fate, Way
from tripartite.conventions.queries.conventions import Origin, origins_of
from tripartite.following.queries.due import read_due
from tripartite.parties.queries.bodies import bearer_of, bodies_by_id, issuer_by_code, lineage_of
from tripartite.parties.queries.facts import facts_of, postal_address
from tripartite.pricing.due_rules import InvoicePer
from tripartite.pricing.grid import VatSetting
from tripartite.pricing.vat import Split, add, add_vat, split_vat
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.tariffs.queries import RunningTariffs, running_tariffs
from tripartite.typed import whole_number

READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked: for which issuer, all that is due until a day, invoiced on a day; of which kinds of charge
    (none: all); one unit of it, or all.
    """

    issuer: str
    until: date
    on: date
    frequencies: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note to come: an invoice, and the items below zero that take back lines of it."""

    invoice: Invoice
    items: tuple[tuple[DueItem, Billed], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Who is billed, as the directory has it; `former` are the names of those that it took in, for which it pays;
    `address` is what its papers print.
    """

    pk: int
    name: str
    siret: str | None
    ended_on: date | None
    former: tuple[str, ...] = ()
    siren: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One unit of a run (`body:12`, `convention:7`): who is billed, for what, and what is amiss.

    `items` are what an invoice would hold, `credits` what would be taken back apart; `unpriced` wait for a price.
    `gross_cents` is what the items come to, TTC. `vat` is the setting of the day, None where there is none. `tariffs`,
    and `origins` (where conventions come from, by their keys), are what it was read with.
    """

    asked: Asked
    unit: str
    body: Body
    convention: int | None
    number: str
    items: tuple[DueItem, ...]
    unpriced: tuple[DueItem, ...]
    credits: tuple[Credit, ...]
    gross_cents: int
    before_cents: int | None
    vat: VatSetting | None
    settings: BillingSettings
    requirement: BuyerRequirement | None
    tariffs: RunningTariffs
    origins: Mapping[int, Origin]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def fate(self) -> Fate:
        if not self.items and not self.credits:
            return Fate.WAIT if self.unpriced else Fate.NOTHING
        if any(one.anomaly in BLOCKING for one in self.findings):
            return Fate.BLOCKED
        if self.credits:
            return Fate.CREDIT
        return Fate.ISSUE if self.invoices else Fate.WAIT

    @property
    def invoices(self) -> bool:
        """Whether the items come to enough for an invoice."""
        return self.gross_cents > 0 and self.gross_cents >= self.settings.threshold_cents

    @property
    def split(self) -> Split:
        """What the items come to in its three columns."""
        return split_of(self.items, self.vat.rate if self.vat else None)

    @property
    def credited_cents(self) -> int:
        """What the credit notes give back, TTC."""
        rate = self.vat.rate if self.vat else None
        return sum(-gross_of([item for item, _ in credit.items], rate) for credit in self.credits)


def prepare(asked: Asked, among: Collection[int] | None = None) -> Iterator[Prepared]:
    """Every unit of a run, by the names of the bodies; none before the issuer has settings. Reads only. `among`: of
    these bodies alone, a part of `billable_parts`: a screen shows a long preview so, part after part.
    """
    settings = settings_on(asked.issuer, asked.on)
    if settings is None:
        return
    around = _Around(settings, running_tariffs(), issuer_by_code(asked.issuer))
    if asked.unit:
        whole = [found] if (found := _bodies([asked.unit])) else []
    else:
        whole = _together(billable_bodies() if among is None else among)
    for start in range(0, len(whole), READ_AT_ONCE):
        chunk = [key for lineage in whole[start : start + READ_AT_ONCE] for key in lineage]
        ready = _prepared(asked, around, chunk)
        yield from sorted(ready, key=lambda one: (one.body.name, one.body.pk, one.number))


def prepare_units(asked: Asked, units: Collection[str]) -> dict[str, Prepared]:
    """Several units of a run, each as `prepare` finds it alone, read together: no more queries than for one."""
    found = prepare(asked, among=_bodies(units))
    return {one.unit: one for one in found if one.unit in units}


def billable_parts(size: int) -> list[list[int]]:
    """All bodies to which something may have fallen due, by name, in parts of about so many; those that one invoice
    bills are in the same part.
    """
    parts: list[list[int]] = [[]]
    for lineage in _together(billable_bodies()):
        if len(parts[-1]) >= size:
            parts.append([])
        parts[-1] += lineage
    return parts


def _together(keys: Collection[int]) -> list[list[int]]:
    """Bodies with those that they took in, so that one chunk holds what one invoice bills."""
    heirs: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for body in bodies_by_id(keys):
        heir = bearer_of(body)
        heirs.setdefault(heir.pk, []).append(body.pk)
        names.setdefault(heir.pk, heir.name)
    return [heirs[key] for key in sorted(heirs, key=lambda key: (names[key], key))]


def _bodies(units: Iterable[str]) -> list[int]:
    """The bodies that units may bill: whose convention it is, who took it in, and all that they took in."""
    parts = [_parts_of(unit) for unit in units]
    conventions = [key for kind, key in parts if kind == "convention"]
    keys = {key for kind, key in parts if kind != "convention"}
    if conventions:
        keys |= {origin.beneficiary_id for origin in origins_of(conventions).values()}
    heirs = {bearer_of(body).pk for body in bodies_by_id(keys)}
    return sorted(lineage_of(*heirs)) if heirs else []


def _parts_of(unit: str) -> tuple[str, int]:
    """What a unit is of, and the number of its row: 0, which none has, where it is not written so."""
    kind, _, key = unit.partition(":")
    return kind, whole_number(key, digits=18) or 0


def names_of(units: Sequence[str]) -> dict[str, str]:
    """Whose each unit is, in French, without reading what is due: three queries."""
    keys = {unit: _parts_of(unit) for unit in units}
    conventions = [key for kind, key in keys.values() if kind == "convention"]
    origins = origins_of(conventions)
    wanted = {origin.beneficiary_id for origin in origins.values()}
    wanted |= {key for kind, key in keys.values() if kind == "body"}
    names = {body.pk: body.name for body in bodies_by_id(wanted)}
    found: dict[str, str] = {}
    for unit, (kind, number) in keys.items():
        if kind == "body" and number in names:
            found[unit] = names[number]
        elif kind == "convention" and number in origins:
            origin = origins[number]
            found[unit] = f"{names[origin.beneficiary_id]}, convention {origin.number}"
    return found


class _Around(NamedTuple):
    """What is the same for every unit of a run."""

    settings: BillingSettings
    tariffs: RunningTariffs
    issuer: Any
    origins: Mapping[int, Origin] = MappingProxyType({})


def _prepared(asked: Asked, around: _Around, keys: Sequence[int]) -> Iterator[Prepared]:
    settings, tariffs = around.settings, around.tariffs
    due = read_due(keys, tariffs)
    items = unbilled(
        asked.issuer, due, since=settings.first_billed_on, until=asked.until, frequencies=asked.frequencies
    )
    if not items:
        return
    bodies = {key: one.body for key, one in due.readings.items()}
    heirs = {key: bearer_of(body, on=asked.on) for key, body in bodies.items()}
    requirements = requirements_of({heir.pk for heir in heirs.values()}, asked.issuer)
    origins = origins_of({lot.convention for item in items for lot in item.lots if lot.convention is not None})
    groups: dict[tuple[int, int | None], list[DueItem]] = {}
    for item in items:
        heir, convention = heirs[item.body_id], None
        grid = tariffs.by_code(item.grid)
        if grid is not None and grid.issuers[asked.issuer].invoice_per is InvoicePer.CONVENTION:
            convention = next((origins[lot.convention].root for lot in item.lots if lot.convention in origins), None)
        groups.setdefault((heir.pk, convention), []).append(item)
    numbers = {origin.root: origin.number for origin in origins.values()}
    before = last_year_items(asked.issuer, items, due)
    for (heir_key, convention), own in groups.items():
        unit = f"body:{heir_key}" if convention is None else f"convention:{convention}"
        if asked.unit not in ("", unit):
            continue
        heir = next(one for one in heirs.values() if one.pk == heir_key)
        former = tuple(sorted({bodies[item.body_id].name for item in own if item.body_id != heir_key}))
        yield _unit(
            asked,
            around._replace(origins=origins),
            unit,
            Body(
                heir_key,
                heir.name,
                heir.siret,
                heir.ended_on,
                former,
                heir.siren,
                postal_address(facts_of(heir, on=asked.on)),
            ),
            (convention, numbers.get(convention or 0, "")),
            own,
            requirements.get(heir_key),
            before,
        )


def _unit(  # noqa: PLR0917 - private, called once
    asked: Asked,
    around: _Around,
    unit: str,
    body: Body,
    convention: tuple[int | None, str],
    own: Sequence[DueItem],
    requirement: BuyerRequirement | None,
    before: Sequence[DueItem],
) -> Prepared:
    settings = around.settings
    priced = [item for item in own if item.amount_cents is not None]
    unpriced = tuple(item for item in own if item.amount_cents is None)
    vats = vat_settings(priced, asked, around.tariffs)
    vat = next(iter(vats)) if len(vats) == 1 else None
    rate = vat.rate if vat else None
    notes: tuple[Credit, ...] = ()
    if gross_of(priced, rate) < 0:
        notes = tuple(_credits(priced, {body.pk, *(item.body_id for item in own)}, asked.issuer, rate))
        taken = {item.key for credit in notes for item, _ in credit.items}
        priced = [item for item in priced if item.key not in taken]
    gross = gross_of(priced, rate)
    compared = [item for item in before if item.body_id in {one.body_id for one in own}]
    found = findings_of(
        lacks=_lacks(around, vat),
        body=body,
        way=Way(settings.way),
        former=body.former,
        requirement=requirement,
        items=priced,
        unpriced=unpriced,
        taxed=vat is not None or not priced,
        gross_cents=gross,
        threshold_cents=settings.threshold_cents,
        before=compared,
        on=asked.on,
    )
    return Prepared(
        asked=asked,
        unit=unit,
        body=body,
        convention=convention[0],
        number=convention[1],
        items=tuple(priced),
        unpriced=unpriced,
        credits=notes,
        gross_cents=gross,
        before_cents=sum(item.amount_cents or 0 for item in compared) if compared else None,
        vat=vat,
        settings=settings,
        requirement=requirement,
        tariffs=around.tariffs,
        origins=around.origins,
        findings=tuple(found),
    )


def _lacks(around: _Around, vat: VatSetting | None) -> str:
    """What the issuer's own identity lacks for its invoices, in French; « » for nothing."""
    issuer, settings = around.issuer, around.settings
    lacks = [
        "son SIRET" if issuer is None or not issuer.siret else "",
        "son adresse" if issuer is None or not issuer.address else "",
        "son numéro de TVA" if vat is not None and vat.rate is not None and not settings.vat_number else "",
    ]
    told = ", ".join(filter(None, lacks))
    return f"Il manque à l'émetteur : {told}." if told else ""


def vat_settings(items: Iterable[DueItem], asked: Asked, tariffs: RunningTariffs) -> set[VatSetting | None]:
    """The VAT that the tariffs of these items give the issuer on the day of the invoice: one, where all agree."""
    grids = {item.grid: tariffs.by_code(item.grid) for item in items}
    found = {grid.issuers[asked.issuer].vat_on(asked.on) if grid else None for grid in grids.values()}
    plain = {one and VatSetting(asked.on, one.rate, one.mention) for one in found}
    return plain if len(plain) == 1 and None not in plain else set()


def split_of(items: Sequence[DueItem], rate: int | None) -> Split:
    """What items come to, in cents: what was voted TTC, and what was voted HT with its VAT, rounded once."""
    voted = [(item.amount_cents or 0, rate) for item in items if item.basis != "HT"]
    untaxed = [item.amount_cents or 0 for item in items if item.basis == "HT"]
    return add((*split_vat(voted).lines, *add_vat(untaxed, rate)))


def gross_of(items: Sequence[DueItem], rate: int | None) -> int:
    """The same, TTC alone."""
    untaxed = [item.amount_cents or 0 for item in items if item.basis == "HT"]
    voted = sum(item.amount_cents or 0 for item in items if item.basis != "HT")
    return voted + sum(split.gross for split in add_vat(untaxed, rate))


def _credits(items: Sequence[DueItem], body_ids: Collection[int], issuer: str, rate: int | None) -> Iterator[Credit]:
    """What can be taken back from invoices, one credit note each: never more than what is left of a line, nor of its
    invoice. What cannot stays, and nets in the next invoice.
    """
    lines = billed_lines(body_ids, issuer)
    left = {one.line.invoice_id: one.line.invoice.left_cents for one in lines if one.line.invoice is not None}
    found: dict[int, list[tuple[DueItem, Billed]]] = {}
    for item in items:
        original = original_of(item, lines) if (item.amount_cents or 0) < 0 else None
        if original is None or original.line.invoice_id is None:
            continue
        own = [*found.get(original.line.invoice_id, []), (item, original)]
        if -gross_of([one for one, _ in own], rate) > left[original.line.invoice_id]:
            continue
        original.left += item.amount_cents or 0
        found[original.line.invoice_id] = own
    for _, own in sorted(found.items()):  # as payments hold them: in the order of their keys
        invoice = own[0][1].line.invoice
        assert invoice is not None  # noqa: S101 - the lines are those of invoices
        yield Credit(invoice, tuple(own))
