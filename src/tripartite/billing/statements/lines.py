"""The movements of a statement out of its lines: days and amounts as French spreadsheets write them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from tripartite.billing.statements.values import Columns, Fault, Movement, Row, StatementColumn
from tripartite.pricing.bounds import wrong_amount
from tripartite.typed import FIRST_DAY

USUAL = {
    word: name
    for name, words in {
        StatementColumn.DAY: "date jour",
        StatementColumn.AMOUNT: "montant somme",
        StatementColumn.CREDIT: "crédit credit",
        StatementColumn.DEBIT: "débit debit",
        StatementColumn.TITLE: "titre",
        StatementColumn.YEAR: "exercice",
        StatementColumn.INVOICE: "facture",
        StatementColumn.PAYER: "débiteur debiteur payeur tiers redevable",
        StatementColumn.LABEL: "libellé libelle objet",
        StatementColumn.REFERENCE: "référence reference réf ref",
        StatementColumn.OPERATION: "opération operation",
    }.items()
    for word in words.split()
}
"""Words by which a title seems to say something."""
SEARCHED = 20
"""How many lines are looked in for the one that names the columns."""
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T].*)?")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
ORDER = re.compile(r"[^\d/]*(\d{1,9})(?:\s*/\s*(\d{4}))?")
YEAR = re.compile(r"20\d{2}")
NOTHING = re.compile(r"[-–—]|0+(?:[.,]0+)?\s*€?")
BLANK = re.compile(r"[\s'’]|€|EUR$", re.IGNORECASE)


def titles_of(cells: Sequence[str]) -> list[str]:
    """The titles of columns, each once: « Montant », then « Montant (2) »; one that has none goes by its place."""
    seen: Counter[str] = Counter()
    found = []
    for place, cell in enumerate(cells, start=1):
        title = cell or f"colonne {place}"
        seen[title] += 1
        found.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return found


def likely_header(rows: Sequence[Row]) -> int:
    """The place of the line that seems to name the columns: the first with the most words that are neither days nor
    amounts.
    """
    counts = [sum(bool(cell) and not _is_figure(cell) for cell in cells) for _, cells in rows[:SEARCHED]]
    return counts.index(max(counts)) if counts else 0


def header_with(rows: Sequence[Row], columns: Mapping[StatementColumn, str]) -> int | None:
    """The place of the first line that has all these titles, or None."""
    wanted = set(columns.values())
    places = (place for place, (_, cells) in enumerate(rows[:SEARCHED]) if wanted <= set(titles_of(cells)))
    return next(places, None) if wanted else None


def likely_columns(titles: Sequence[str]) -> dict[StatementColumn, str]:
    """What titles seem to say, by their words; to be checked by whoever reads the statement."""
    found: dict[StatementColumn, str] = {}
    for title in titles:
        words = re.findall(r"[a-zà-ÿ]+", title.casefold())
        name = next((USUAL[word] for word in words if word in USUAL), None)
        if name is not None and name not in found:
            found[name] = title
    if StatementColumn.CREDIT in found:
        found.pop(StatementColumn.AMOUNT, None)
    return found


def movements_of(rows: Sequence[Row], columns: Columns, *, source: str, on: date) -> tuple[list[Movement], list[Fault]]:
    """The movements of the lines under the one that has these titles, and the lines that cannot be read: no line of
    them stops another. `source` heads the keys; no movement is later than `on`.
    """
    header = header_with(rows, columns)
    if header is None:
        return [], [Fault(rows[0][0] if rows else 1, "aucune ligne ne nomme ces colonnes.")]
    titles = titles_of(rows[header][1])
    places = {name: titles.index(title) for name, title in columns.items()}
    seen: Counter[str] = Counter()
    movements: list[Movement] = []
    faults: list[Fault] = []
    for number, cells in rows[header + 1 :]:
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        try:
            movements.append(_movement(number, said, source, seen, on))
        except ValueError as refusal:
            faults.append(Fault(number, str(refusal)))
    return movements, faults


def day_of(text: str) -> date:
    """« 15/12/2026 », « 15.12.26 » or « 2026-12-15 ». Raises ValueError, in French."""
    if found := ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(f"« {text[:30]} » n'est pas un jour." if text else "pas de jour.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"« {text[:30]} » n'est pas un jour.") from None


def cents_of(text: str) -> int:
    """« 1 234,50 € », « -12 », « 1.234,5 », « 12,00- » in cents. Three figures after a lone mark could be thousands or
    thousandths: they are refused. Raises ValueError, in French.
    """
    bare = BLANK.sub("", text).replace("−", "-")
    sign = -1 if bare[:1] == "-" or bare[-1:] == "-" else 1
    bare = bare.lstrip("+-").rstrip("-")
    whole, mark, decimals = bare, "", ""
    if (place := max(bare.rfind(","), bare.rfind("."))) >= 0:
        whole, mark, decimals = bare[:place], bare[place], bare[place + 1 :]
    plain = whole.isdigit() or (GROUPED.fullmatch(whole) and mark not in whole)
    if not (bare.isascii() and plain and len(bare) < 20 and len(decimals) <= 2 and (decimals.isdigit() or not mark)):
        raise ValueError(f"« {text[:30]} » n'est pas un montant au centime.")
    cents = sign * (int(re.sub(r"\D", "", whole)) * 100 + int(decimals.ljust(2, "0") or 0))
    if wrong := wrong_amount(cents, below_zero=True):
        raise ValueError(wrong)
    return cents


def _movement(row: int, said: Mapping[StatementColumn, str], source: str, seen: Counter[str], on: date) -> Movement:
    day = day_of(said[StatementColumn.DAY])
    if day > on or day < FIRST_DAY:
        raise ValueError(f"le {day:%d/%m/%Y} {'est à venir' if day > on else 'est trop ancien'}.")
    cents = _amount(said)
    title, year = _order(said.get(StatementColumn.TITLE, ""), said.get(StatementColumn.YEAR, ""))
    invoice, payer, label, reference = (
        said.get(name, "")[:300]
        for name in (StatementColumn.INVOICE, StatementColumn.PAYER, StatementColumn.LABEL, StatementColumn.REFERENCE)
    )
    texts = (invoice.casefold(), payer.casefold(), label.casefold(), reference.casefold())
    operation = said.get(StatementColumn.OPERATION, "")
    told = (operation,) if operation else (title, year, *texts)
    digest = sha256(repr((source, day.isoformat(), cents, *told)).encode()).hexdigest()[:40]
    seen[digest] += 1
    return Movement(
        row, day, cents, f"statement:{digest}:{seen[digest]}", title, year, invoice, payer, label, reference
    )


def _amount(said: Mapping[StatementColumn, str]) -> int:
    asked = (StatementColumn.AMOUNT, StatementColumn.CREDIT, StatementColumn.DEBIT)
    filled = {name: text for name in asked if (text := said.get(name, "")) and not NOTHING.fullmatch(text)}
    if len(filled) != 1:
        raise ValueError("un crédit et un débit à la fois." if filled else "pas de montant.")
    ((name, text),) = filled.items()
    cents = cents_of(text)
    return -abs(cents) if name is StatementColumn.DEBIT else cents


def _order(title: str, year: str) -> tuple[int | None, int | None]:
    """The number and the fiscal year of a revenue order: « 12 », « T 12 », « 12/2026 »; None where none is said."""
    found = ORDER.fullmatch(title.strip())
    number, own = (int(found[1]), found[2]) if found else (None, None)
    told = own or (year if YEAR.fullmatch(year) else "")
    return number, int(told) if told else None


def _is_figure(text: str) -> bool:
    for read in (day_of, cents_of):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False
