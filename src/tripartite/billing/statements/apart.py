"""Reading a bank's statement (ISO 20022, camt.053): called apart, in a process of its own (tripartite/bounded).

The elements that are read have the same names in each version from .02 to .13; where a version puts one deeper, both
places are looked in. Document types and entities are refused, and so is a file of two accounts, or of no euros. Only
what is booked counts. An entry that details its transactions is as many movements, if their amounts make its own.
"""

import re
from collections.abc import Iterator

from lxml import etree

from tripartite.billing.statements.values import BANK_COLUMNS, BankStatement
from tripartite.bounded.strict_xml import Refused, strict_root
from tripartite.typed import written_day

SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-3])")
AMOUNT = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,5}))?")
MOST_MOVEMENTS = 2_000
LONGEST = 300
OTHER = "Ce n'est pas un relevé bancaire CAMT.053."


def read_bank(content: bytes) -> BankStatement:
    """What a file says, or why it is refused."""
    try:
        return _statement(_root(content))
    except Refused as refusal:
        return BankStatement(refusal=str(refusal))


def _root(content: bytes) -> etree._Element:
    root = strict_root(content)
    if not SPACE.fullmatch(etree.QName(root).namespace or "") or etree.QName(root).localname != "Document":
        raise Refused(OTHER)
    return root


def _statement(root: etree._Element) -> BankStatement:
    statements = _all(root, "BkToCstmrStmt", "Stmt")
    accounts = {_said(one, "Acct", "Id", "IBAN").replace(" ", "") for one in statements}
    if not statements or accounts == {""}:
        raise Refused("Ce relevé ne dit pas l'IBAN de son compte.")
    if len(accounts) > 1:
        raise Refused("Ce fichier est de plusieurs comptes : en demander un par compte.")
    rows: list[tuple[int, tuple[str, ...]]] = [(0, tuple(BANK_COLUMNS.values()))]
    for statement in statements:
        for entry in _all(statement, "Ntry"):
            rows.extend((entry.sourceline or 0, cells) for cells in _movements(entry))
            if len(rows) > MOST_MOVEMENTS:
                raise Refused(f"Plus de {MOST_MOVEMENTS} mouvements dans un fichier.")
    return BankStatement(account=accounts.pop(), rows=tuple(rows))


def _movements(entry: etree._Element) -> Iterator[tuple[str, ...]]:
    """The cells of each movement of an entry that is booked, in the order of `BANK_COLUMNS`."""
    if (_said(entry, "Sts", "Cd") or _said(entry, "Sts")) != "BOOK":
        return
    day = _day(entry)
    cents = _cents(entry)
    sign = {"CRDT": 1, "DBIT": -1}.get(_said(entry, "CdtDbtInd"))
    if sign is None:
        raise Refused(f"Ligne {entry.sourceline} : un mouvement ne dit pas s'il est au crédit ou au débit.")
    told = _said(entry, "AddtlNtryInf")
    number = _said(entry, "AcctSvcrRef") or _said(entry, "NtryRef")
    parts = _all(entry, "NtryDtls", "TxDtls")
    amounts = [_part_cents(one) for one in parts]
    if len(parts) < 2 or None in amounts or sum(one or 0 for one in amounts) != cents:
        yield _cells(day, sign * cents, parts[0] if len(parts) == 1 else None, told, number)
        return
    for place, (part, amount) in enumerate(zip(parts, amounts, strict=True), start=1):
        own = _said(part, "Refs", "AcctSvcrRef") or (f"{number}/{place}" if number else "")
        yield _cells(day, sign * (amount or 0), part, told, own)


def _cells(day: str, cents: int, part: etree._Element | None, told: str, number: str) -> tuple[str, ...]:
    payer = label = reference = ""
    if part is not None:
        side = "Dbtr" if cents > 0 else "Cdtr"
        payer = _said(part, "RltdPties", side, "Nm") or _said(part, "RltdPties", side, "Pty", "Nm")
        label = " ".join(_text(one) for one in _all(part, "RmtInf", "Ustrd"))
        structured = " ".join(
            _said(one, "CdtrRefInf", "Ref") for one in _all(part, "RmtInf", "Strd") if _said(one, "CdtrRefInf", "Ref")
        )
        end_to_end = _said(part, "Refs", "EndToEndId")
        reference = " ".join(one for one in (structured, end_to_end) if one and one != "NOTPROVIDED")
    amount = f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"
    return day, amount, payer[:LONGEST], (label or told)[:LONGEST], reference[:LONGEST], number[:LONGEST]


def _day(entry: etree._Element) -> str:
    text = next(
        (text for name in ("BookgDt", "ValDt") for part in ("Dt", "DtTm") if (text := _said(entry, name, part))), ""
    )
    if (found := written_day(text[:10])) is None:
        raise Refused(f"Ligne {entry.sourceline} : « {text[:20]} » n'est pas un jour.")
    return found.isoformat()


def _cents(entry: etree._Element) -> int:
    found = _amount(entry)
    if found is None:
        raise Refused(f"Ligne {entry.sourceline} : un mouvement n'a pas de montant en euros.")
    return found


def _part_cents(part: etree._Element) -> int | None:
    if (own := _amount(part)) is not None:
        return own
    inside = _all(part, "AmtDtls", "TxAmt")
    return _amount(inside[0]) if inside else None


def _amount(node: etree._Element) -> int | None:
    """The euros of `Amt`, in cents; None where there is none, or in another currency."""
    found = _all(node, "Amt")
    told = AMOUNT.fullmatch(_text(found[0])) if found and found[0].get("Ccy") == "EUR" else None
    if told is None or len((told[2] or "").rstrip("0")) > 2:
        return None
    return int(told[1]) * 100 + int((told[2] or "0")[:2].ljust(2, "0"))


def _all(node: etree._Element, *path: str) -> list[etree._Element]:
    """The elements at the end of a path, in the namespace of the file."""
    space = etree.QName(node).namespace
    return list(node.findall("/".join(f"{{{space}}}{name}" for name in path)))


def _said(node: etree._Element, *path: str) -> str:
    found = _all(node, *path)
    return _text(found[0]) if found else ""


def _text(node: etree._Element) -> str:
    return " ".join((node.text or "").split())[:1000]
