"""Statements as an accountant and a bank write them, for tests."""

from collections.abc import Sequence

TITLES = ("Date", "Titre", "Exercice", "Débiteur", "Libellé", "Montant")
COLUMNS = {
    "day": "Date",
    "title": "Titre",
    "year": "Exercice",
    "paid-by": "Débiteur",
    "label": "Libellé",
    "amount": "Montant",
}


def amount(cents: int) -> str:
    """« -1234,50 »."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def line(
    cents: int, *, day: str = "20/11/2026", title: str = "", year: str = "", payer: str = "", label: str = ""
) -> tuple[str, ...]:
    """A line of the accountant's."""
    return day, title, year, payer, label, amount(cents)


def table(
    *lines: Sequence[str], titles: Sequence[str] = TITLES, separator: str = ";", encoding: str = "cp1252"
) -> bytes:
    """A CSV of these lines, a title above."""
    rows = [separator.join(cells) for cells in (("Encaissements",), titles, *lines)]
    return "\r\n".join(rows).encode(encoding)


def bank(*entries: str, version: str = "02", iban: str = "FR7630001007941234567890185", head: str = "") -> bytes:
    """A CAMT.053 of an account."""
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<Document xmlns="{space}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId>'
        f"</GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{''.join(entries)}</Stmt></BkToCstmrStmt>"
        "</Document>"
    ).encode()


def entry(
    cents: int,
    *details: str,
    number: str = "",
    day: str = "2026-11-20",
    new: bool = False,
    status: str = "BOOK",
    currency: str = "EUR",
) -> str:
    """A movement of the account; `new`: as the versions from .08 on write it."""
    told = f"<Cd>{status}</Cd>" if new else status
    side = "CRDT" if cents > 0 else "DBIT"
    euros = f"{abs(cents) // 100}.{abs(cents) % 100:02d}"
    own = f"<AcctSvcrRef>{number}</AcctSvcrRef>" if number else ""
    within = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{euros}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{told}</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{own}{within}</Ntry>"
    )


def detail(payer: str, label: str, *, cents: int = 0, reference: str = "", new: bool = False) -> str:
    """A transaction of a movement at the credit."""
    refs = f"<Refs><EndToEndId>{reference or 'NOTPROVIDED'}</EndToEndId></Refs>"
    euros = f"{cents // 100}.{cents % 100:02d}"
    amounts = (
        f'<Amt Ccy="EUR">{euros}</Amt>' if new else f'<AmtDtls><TxAmt><Amt Ccy="EUR">{euros}</Amt></TxAmt></AmtDtls>'
    )
    name = f"<Pty><Nm>{payer}</Nm></Pty>" if new else f"<Nm>{payer}</Nm>"
    return (
        f"<TxDtls>{refs}{amounts if cents else ''}<RltdPties><Dbtr>{name}</Dbtr></RltdPties><RmtInf>"
        f"<Ustrd>{label}</Ustrd></RmtInf></TxDtls>"
    )
