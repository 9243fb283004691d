"""Reading the holder off a certificate."""

import re
from typing import Any

from asn1crypto import x509
from pyhanko.sign.ades.qualified_asn1 import get_qc_statements

from tripartite.documents.holders import Holder

PURPOSES = {"qct_esign": "esign", "qct_eseal": "eseal"}
"""What a qualified certificate says that it is for (ETSI EN 319 412-5): a person's signature, a body's seal."""
ORGANISATION_ID = "organization_identifier"
SIREN = re.compile(r"\b(?:NTRFR-|SI:FR-|VATFR-[0-9A-Z]{2}|0002 )([0-9]{9})")
"""How a SIREN stands in a certificate: ETSI EN 319 412-1, or « 0002 » as the French authorities write it."""


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
