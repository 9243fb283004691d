"""Reading a grid's text (TOML) into values. Every finding is collected, with its place, before anything is refused."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum.fr import siret as siret_key

from tripartite.pricing.amending import apply_decisions
from tripartite.pricing.citing import narrow_citations
from tripartite.pricing.due_rules import InvoicePer, Rhythm, read_due_rules, read_word
from tripartite.pricing.findings import Finding, Findings, GridError, Place, Severity
from tripartite.pricing.grid import (
    Act,
    Charge,
    Choice,
    Decision,
    Eligibility,
    Family,
    Grid,
    Interpretation,
    Issuer,
    VatSetting,
)
from tripartite.pricing.order import Kind
from tripartite.pricing.proration import Prorata
from tripartite.pricing.scale_reading import read_scales
from tripartite.pricing.service_reading import ServiceReader
from tripartite.pricing.shape import check_shape
from tripartite.pricing.tables import Table
from tripartite.pricing.toml_lines import lines_of
from tripartite.pricing.toml_slips import not_toml
from tripartite.pricing.units import Unit

MAX_TEXT = 2_000_000


def read_grid(text: str) -> Grid:
    """The grid that a TOML text describes, its decisions applied.

    Raises GridError with every error found (place, line, French message); warnings are left to `check_grid`.
    """
    grid, findings = read_with_findings(text)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if grid is None or errors:
        raise GridError(errors)
    return grid


def read_with_findings(text: str) -> tuple[Grid | None, list[Finding]]:
    """The grid and all that its reading found; no grid when the text is not TOML at all. A byte order mark, as some
    editors write one, is no part of the text."""
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_TEXT:
        return None, [Finding(Severity.ERROR, "fichier", None, "le fichier est trop gros pour une grille.")]
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return None, [not_toml(text, error)]
    findings = Findings(lines_of(text))
    if not check_shape(values, findings):
        return None, findings.found
    if "decision" in values:
        apply_decisions(values, findings)
        if not check_shape(values, findings):
            return None, findings.found
    narrow_citations(values)
    return _GridReader(values, findings).grid(), findings.found


NOT_ROLES = frozenset({"beneficiary", "issuer", "term", "tariff", "ending"})
"""Words that texts keep for something else."""


class _GridReader:
    """Reads the tables of one grid in the order in which they need each other."""

    def __init__(self, values: dict[str, Any], findings: Findings) -> None:
        self.root = Table(values, Place(), findings)
        self.findings = findings

    def grid(self) -> Grid:
        root = self.root
        if root.integer("format") != 1:
            root.wrong("format", "écrire format = 1.")
        act = self._act()
        decisions = tuple(self._decisions())
        issuers = {issuer.code: issuer for issuer in self._issuers()}
        interpretations = {item.code: item for item in self._interpretations(issuers)}
        families = {family.code: family for family in self._families()}
        classes = self._named("client_class")
        facts, fact_units = self._facts()
        eligibility = self._eligibility(interpretations)
        scales = {scale.code: scale for scale in read_scales(root, interpretations)}
        kinds = (*eligibility.kinds, *eligibility.to_confirm) if eligibility.kinds else ()
        reader = ServiceReader(
            root, issuers, families, scales, classes, facts, interpretations, fact_units=fact_units, kinds=kinds
        )
        services, charges = reader.read()
        self._check_who_decides(decisions, interpretations)
        code, applies_from = root.text("code"), self._applies_from(act)
        applies_until = root.day("applies_until")
        if applies_until is not None and applies_until < applies_from:
            root.wrong("applies_until", "la fin précède le début.")
        running_from = self._running_from(applies_from)
        if decisions:
            applies_from = decisions[-1].applies_from
        superseded = root.optional_text("supersedes")
        grid = Grid(
            code=f"{code}-v{len(decisions) + 1}" if decisions else code,
            version=len(decisions) + 1,
            title=root.text("title"),
            act=act,
            applies_from=applies_from,
            applies_until=applies_until,
            basis=self._one_of("basis", ("TTC", "HT")),
            prorata=self._prorata(),
            issuers=issuers,
            families=families,
            services=services,
            charges=charges,
            charges_of=_places(charges),
            scales=scales,
            client_classes=classes,
            facts=facts,
            fact_units=fact_units,
            interpretations=interpretations,
            decisions=decisions,
            eligibility=eligibility,
            supersedes=_version_before(code, len(decisions)) or superseded,
            notes=root.texts("notes"),
            running_from=running_from if running_from and running_from >= applies_from else None,
            due=read_due_rules(root),
        )
        root.close()
        return grid

    def _running_from(self, applies_from: date) -> date | None:
        """The day on which what runs already takes the tariff, where the act fixes one; never before new orders."""
        day = self.root.day("running_from")
        if day is not None and day < applies_from:
            self.root.wrong("running_from", "les abonnements en cours ne prennent pas un tarif avant qu'il s'applique.")
        return day

    def _applies_from(self, act: Act) -> date:
        """The first day of the version that was voted: that of the act where nothing else is said."""
        applies_from = self.root.day("applies_from") or act.adopted_on
        if applies_from is None and not self.root.has("applies_from"):
            self.root.wrong("applies_from", "dire depuis quand le tarif s'applique : applies_from = 2024-01-01.")
        return applies_from or date.min

    def _one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self.root.text(key)
        if value and value not in known:
            self.root.wrong(key, f"choisir parmi {', '.join(known)}.")
        return value

    def _prorata(self) -> Prorata:
        value = self._one_of("prorata", tuple(Prorata))
        return Prorata(value) if value in set(Prorata) else Prorata.NONE

    def _act(self) -> Act:
        table = self.root.table("act")
        if table is None:
            self.root.wrong("act", "l'acte qui vote le tarif est obligatoire : [act].")
            return Act("", "", None, "")
        act = Act(
            body=table.text("body"),
            kind=table.text("kind"),
            adopted_on=table.day("adopted_on"),
            subject=table.text("subject"),
            number=table.optional_text("number"),
            place=table.optional_text("place"),
            session=table.optional_text("session"),
            vote=table.optional_text("vote"),
            legal_references=table.texts("legal_references"),
            transmitted_on=table.day("transmitted_on"),
            published_on=table.day("published_on"),
            note=table.optional_text("note"),
        )
        table.close()
        return act

    def _rows(self, key: str) -> list[Table]:
        """The rows of an array whose codes must all differ."""
        rows, seen = list(self.root.tables(key, named="code")), set()
        for row in rows:
            code = row.values.get("code")
            if code in seen:
                row.wrong("code", f"« {code} » est déjà employé.")
            seen.add(code)
        return rows

    def _named(self, key: str) -> dict[str, str]:
        named = {}
        for row in self._rows(key):
            named[row.text("code")] = row.text("name")
            row.close()
        return named

    def _facts(self) -> tuple[dict[str, str], dict[str, Unit]]:
        """The figures of a grid's own: their names, and what they count where it is said."""
        names: dict[str, str] = {}
        units: dict[str, Unit] = {}
        for row in self._rows("fact"):
            code = row.text("code")
            names[code] = row.text("name")
            if (unit := row.unit("unit")) is not None:
                units[code] = unit
            row.close()
        return names, units

    def _families(self) -> list[Family]:
        families = []
        for row in self._rows("family"):
            families.append(Family(row.text("code"), row.text("name"), row.optional_text("about") or ""))
            row.close()
        return families

    def _role(self, row: Table, others: Sequence[Issuer]) -> str | None:
        """What texts call an issuer: a word of its own, that is neither a party's nor a code."""
        role = row.optional_text("role")
        if role is None:
            return None
        if not re.fullmatch(r"[a-z][a-z0-9-]*", role) or role in NOT_ROLES:
            row.wrong("role", f"« {role} » : écrire un mot en petites lettres, comme operator ou support.")
        if role in {name for issuer in others for name in (issuer.role, issuer.code)}:
            row.wrong("role", f"« {role} » est déjà employé.")
        return role

    def _issuers(self) -> list[Issuer]:
        issuers: list[Issuer] = []
        for row in self._rows("issuer"):
            name = row.text("name")
            issuers.append(
                Issuer(
                    code=row.text("code"),
                    name=name,
                    short_name=row.optional_text("short_name") or name,
                    part=row.text("part"),
                    siret=_siret(row),
                    address=row.optional_text("address"),
                    vat=tuple(self._vat(row)),
                    note=row.optional_text("note"),
                    rhythm=read_word(row, "rhythm", Rhythm.ANNIVERSARY),
                    prorata=read_word(row, "prorata", Prorata.NONE) if row.has("prorata") else None,
                    invoice_per=read_word(row, "invoice_per", InvoicePer.BODY),
                    role=self._role(row, issuers),
                )
            )
            row.close()
        if not issuers:
            self.root.wrong("issuer", "au moins un émetteur : [[issuer]].")
        return issuers

    def _vat(self, issuer: Table) -> list[VatSetting]:
        settings: list[VatSetting] = []
        for row in issuer.tables("vat"):
            rate, exempt = row.number("rate"), row.optional_text("exempt")
            if (rate is None) == (exempt is None):
                row.wrong(None, "écrire rate (taux en %) ou exempt (mention à imprimer), l'un des deux.")
            hundredths = (rate or 0) * 100
            if hundredths != int(hundredths) or hundredths > 10_000:
                row.wrong("rate", "un taux en pour cent, deux décimales au plus.")
            starts_on = row.day("from")
            if starts_on is None:
                row.wrong("from", "dire depuis quand : from = 2024-01-01.")
                starts_on = date.min
            if settings and starts_on <= settings[-1].starts_on:
                row.wrong("from", "les réglages de TVA vont du plus ancien au plus récent.")
            taxed = None if rate is None else int(hundredths)
            interpretation = row.optional_text("interpretation")
            if interpretation not in {
                None,
                *(known.get("code") for known in self.root.values.get("interpretation", ())),
            }:
                row.wrong("interpretation", f"interprétation inconnue : « {interpretation} ».")
            settings.append(VatSetting(starts_on, taxed, exempt, interpretation))
            row.close()
        return settings

    def _interpretations(self, issuers: Mapping[str, Issuer]) -> list[Interpretation]:
        interpretations = []
        for row in self._rows("interpretation"):
            concerned = row.texts("issuers")
            for code in concerned:
                if code not in issuers:
                    row.wrong("issuers", f"émetteur inconnu : « {code} ».")
            choices = tuple(self._choice(choice) for choice in row.tables("choice", named="code"))
            reading = row.optional_text("reading") or ""
            if choices and reading not in {choice.code for choice in choices}:
                row.wrong("reading", "la lecture retenue doit être l'un des choix.")
            row.raw("settles")
            interpretations.append(
                Interpretation(row.text("code"), row.text("title"), row.text("text"), concerned, reading, choices)
            )
            row.close()
        return interpretations

    @staticmethod
    def _choice(row: Table) -> Choice:
        changes = tuple(change.values for change in row.tables("changes"))
        choice = Choice(row.text("code"), row.text("name"), changes, row.optional_text("on_paper"))
        row.close()
        return choice

    def _decisions(self) -> list[Decision]:
        decisions = []
        for row in self.root.tables("decision", named="interpretation"):
            decided_on, applies_from = row.day("on"), row.day("applies_from")
            if decided_on is None:
                row.wrong("on", "dire quand la décision est prise.")
            decisions.append(
                Decision(
                    row.text("interpretation"),
                    row.text("reading"),
                    row.text("issuer"),
                    row.text("author"),
                    decided_on or date.min,
                    applies_from or decided_on or date.min,
                    row.text("reason"),
                )
            )
            row.close()
        return decisions

    def _check_who_decides(
        self, decisions: tuple[Decision, ...], interpretations: Mapping[str, Interpretation]
    ) -> None:
        """Only an issuer that an interpretation concerns settles it; the versions follow one another."""
        for place, decision in enumerate(decisions):
            where = Place().at("decision", place)
            concerned = interpretations.get(decision.interpretation)
            if concerned is not None and decision.issuer not in concerned.issuers:
                who = ", ".join(concerned.issuers) or "aucun"
                self.findings.add(where.at("issuer"), f"seuls les émetteurs concernés décident : {who}.")
            if place and decision.applies_from <= decisions[place - 1].applies_from:
                self.findings.add(where.at("applies_from"), "chaque décision s'applique après la précédente.")

    def _eligibility(self, interpretations: Mapping[str, Interpretation]) -> Eligibility:
        table = self.root.table("eligibility")
        if table is None:
            return Eligibility()
        interpretation = table.optional_text("interpretation")
        if interpretation is not None and interpretation not in interpretations:
            table.wrong("interpretation", f"interprétation inconnue : « {interpretation} ».")
        rule = Eligibility(
            departments=table.texts("departments"),
            kinds=self._kinds(table, "kinds"),
            to_confirm=self._kinds(table, "to_confirm"),
            message=table.optional_text("message") or "Cette structure ne peut pas bénéficier de ces services.",
            to_confirm_message=table.optional_text("to_confirm_message") or "Éligibilité à confirmer.",
            interpretation=interpretation,
        )
        table.close()
        return rule

    @staticmethod
    def _kinds(table: Table, key: str) -> tuple[Kind, ...]:
        kinds = []
        for code in table.texts(key):
            if code in set(Kind):
                kinds.append(Kind(code))
            else:
                table.wrong(key, f"type de structure inconnu : « {code} » ; choisir parmi {', '.join(Kind)}.")
        return tuple(kinds)


def _siret(row: Table) -> str | None:
    """The SIRET of an issuer, checked by its key: papers and invoices carry it."""
    siret = row.optional_text("siret")
    if siret is not None and not (siret.isascii() and siret.isdigit() and siret_key.is_valid(siret)):
        row.wrong("siret", "ce n'est pas un SIRET : quatorze chiffres, sans espace, dont la clé est juste.")
    return siret


def _version_before(code: str, decisions: int) -> str | None:
    """The code of the version that the last decision replaces, None where there is none."""
    if decisions == 0:
        return None
    return code if decisions == 1 else f"{code}-v{decisions}"


def _places(charges: tuple[Charge, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for place, charge in enumerate(charges):
        for code in charge.services:
            places.setdefault(code, []).append(place)
    return {code: tuple(found) for code, found in places.items()}
