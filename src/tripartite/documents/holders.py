"""Who a certificate says that its holder is: a person, with title and organisation, or a body's seal."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from asn1crypto import x509
from pyhanko.sign.ades.qualified_asn1 import get_qc_statements

PURPOSES = {"qct_esign": "esign", "qct_eseal": "eseal"}
"""What a qualified certificate says that it is for (ETSI EN 319 412-5): a person's signature, a body's seal."""
ORGANISATION_ID = "organization_identifier"
SIREN = re.compile(r"\b(?:NTRFR-|SI:FR-|VATFR-[0-9A-Z]{2}|0002 )([0-9]{9})")
"""How a SIREN stands in a certificate: ETSI EN 319 412-1, or « 0002 » as the French authorities write it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the subject of a certificate says. `purpose` is "esign" or "eseal" where the certificate itself says it."""

    common_name: str = ""
    given_name: str = ""
    surname: str = ""
    title: str = ""
    organisation: str = ""
    organisation_id: str = ""
    siren: str = ""
    purpose: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Each way in which the certificate may name a person; none for what says that it is a body's seal."""
        if self.purpose == "eseal":
            return ()
        full = f"{self.given_name} {self.surname}" if self.given_name and self.surname else ""
        return tuple(dict.fromkeys(filter(None, (self.common_name, full))))

    @property
    def is_seal(self) -> bool:
        """Whether it is a body's: it says so, or names an organisation registered under a number and no person."""
        if self.purpose:
            return self.purpose == "eseal"
        named = self.given_name or self.surname
        return not named and bool(self.organisation) and bool(self.organisation_id)

    @property
    def words(self) -> str:
        """The holder in a few words, as every page shows it."""
        if self.is_seal:
            who = f"cachet de {self.organisation or self.common_name}"
            others = [self.common_name] if self.common_name != self.organisation else []
        else:
            who, others = next(iter(self.names), "sans nom"), [self.title, self.organisation]
        return ", ".join(filter(None, (who, *others, f"SIREN {self.siren}" if self.siren else self.organisation_id)))

    def as_payload(self) -> dict[str, str]:
        """What is kept of it: what the certificate says, and nothing that it does not."""
        return {name: value for name, value in asdict(self).items() if value}


def holder_in(certificate: x509.Certificate) -> Holder:
    """The holder that a certificate names. Texts are as they stand there: who shows them makes them harmless."""
    told: dict[str, Any] = certificate.subject.native

    def said(name: str) -> str:
        value = told.get(name, "")
        return " ".join((", ".join(map(str, value)) if isinstance(value, list) else str(value)).split())

    numbered = said(ORGANISATION_ID)
    siren = SIREN.search(numbered) or SIREN.search(said("organizational_unit_name"))
    return Holder(
        common_name=said("common_name"),
        given_name=said("given_name"),
        surname=said("surname"),
        title=said("title"),
        organisation=said("organization_name"),
        organisation_id=numbered,
        siren=siren[1] if siren else "",
        purpose=_purpose(certificate),
    )


def holder_in_der(der: bytes) -> Holder:
    """The same, from the bytes of a certificate."""
    return holder_in(x509.Certificate.load(der))


def _purpose(certificate: x509.Certificate) -> str:
    """What a qualified certificate says that it is for; « » for another one, and for one that says two things."""
    try:
        statements = get_qc_statements(certificate)
        named = [
            kind for one in statements if one["statement_id"].native == "qc_type" for kind in one["statement_info"]
        ]
        found = [PURPOSES[kind.native] for kind in named if kind.native in PURPOSES]
    except ValueError:
        return ""
    return found[0] if len(found) == 1 else ""
