"""Reading a TOML table field by field: each wrong, missing or unknown field is a finding, and reading goes on."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tripartite.pricing.findings import Findings, Place
from tripartite.pricing.money import micros
from tripartite.pricing.units import Unit
from tripartite.typed import LAST_DAY

MISSING = "champ obligatoire"
LONGEST = {"code": 100, "name": 300, "title": 300, "body": 300}
"""How many signs the texts may have that are kept apart from the file, whatever the database."""
FIRST_VOTED = date(1900, 1, 1)
"""No tariff was voted before; none applies after `LAST_DAY`, to which years are added."""


class Table:
    """A TOML table with its place. Fields taken are remembered, so that `close` can name the unknown ones."""

    def __init__(self, values: object, place: Place, findings: Findings) -> None:
        self.place = place
        self.findings = findings
        self.taken: set[str] = set()
        if isinstance(values, dict):
            self.values: dict[str, Any] = values
        else:
            self.values = {}
            self.wrong(None, "une table { … } est attendue ici.")

    def wrong(self, key: str | None, message: str) -> None:
        """Note an error at a field (or at the table itself)."""
        self.findings.add(self.place.at(key) if key else self.place, message)

    def has(self, key: str) -> bool:
        return key in self.values

    def raw(self, key: str) -> Any:
        self.taken.add(key)
        return self.values.get(key)

    def text(self, key: str) -> str:
        """A text that must be there; "" (and a finding) otherwise."""
        value = self.optional_text(key)
        if value is None:
            if not self.has(key):
                self.wrong(key, MISSING + ".")
            return ""
        return value

    def optional_text(self, key: str) -> str | None:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "un texte entre guillemets est attendu.")
            return None
        if len(value.strip()) > LONGEST.get(key, len(value)):
            self.wrong(key, f"trop long : {LONGEST[key]} signes au plus.")
            return None
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, "une liste de textes est attendue.")
            return ()
        return tuple(value)

    def words(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        return (self.text(key),) if isinstance(self.values.get(key), str) else self.texts(key)

    def integer(self, key: str, *, least: int = 0) -> int | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.wrong(key, f"un nombre entier, {least} ou plus, est attendu.")
            return None
        return value

    def number(self, key: str, *, above: int | None = None) -> int | Fraction | None:
        """A whole or decimal number, zero or more (above `above` if given)."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not _fits(value, above):
            self.wrong(key, "un nombre positif est attendu, sans guillemets (la virgule s'écrit « . »).")
            return None
        number = Fraction(value)
        return int(number) if number.denominator == 1 else number

    def required_number(self, key: str) -> int | Fraction:
        """A number that must be there; 0 (and a finding) otherwise."""
        if not self.has(key):
            self.wrong(key, MISSING + ".")
        return self.number(key) or 0

    def amount(self, key: str) -> int | None:
        """An amount in euros, in micros; None (and a finding) when it is not one."""
        return self.as_amount(key, self.raw(key))

    def as_amount(self, key: str, value: object) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(key, "un montant en euros est attendu, sans guillemets : 76.80.")
            return None
        if not _fits(value, None):
            self.wrong(key, "un montant ne peut pas être négatif.")
            return None
        try:
            return micros(Decimal(value))
        except ValueError:
            self.wrong(key, "pas plus de six décimales.")
            return None

    def day(self, key: str) -> date | None:
        value = self.raw(key)
        if value is None:
            return None
        if type(value) is not date:
            self.wrong(key, "une date sans guillemets est attendue : 2024-03-26.")
            return None
        if not FIRST_VOTED <= value <= LAST_DAY:
            self.wrong(key, f"une date de {FIRST_VOTED.year} à {LAST_DAY.year} est attendue.")
            return None
        return value

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, "écrire true ou false.")
        return value is True

    def unit(self, key: str) -> Unit | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 2 and all(isinstance(word, str) for word in value):
            return Unit(*value)
        self.wrong(key, 'écrire le singulier et le pluriel : ["compte", "comptes"].')
        return None

    def table(self, key: str) -> "Table | None":
        value = self.raw(key)
        return None if value is None else Table(value, self.place.at(key), self.findings)

    def tables(self, key: str, *, named: str | None = None) -> Iterator["Table"]:
        """The rows of an array of tables; `named` is the field that names a row in places."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(key, "une liste de tables est attendue.")
            return
        for index, row in enumerate(value):
            name = row.get(named) if named and isinstance(row, dict) else None
            label = str(name) if name else f"{key} {index + 1}"
            yield Table(row, self.place.at(key, index, label=label), self.findings)

    def close(self) -> None:
        """Name every field that nothing read: a misspelt key must not pass in silence."""
        for key in self.values:
            if key not in self.taken:
                self.wrong(key, "champ inconnu.")


def _fits(value: int | Decimal, above: int | None) -> bool:
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    return value > above if above is not None else value >= 0
