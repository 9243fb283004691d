"""Accounts of either issuer, opened through the services."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.factories.laid import laid
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import create_account
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.services.issuers import register_issuer
from tripartite.pricing.grid import Issuer as GridIssuer

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "une phrase de passe sans surprise"
TESTER = Actor(label="essai")
ISSUERS = {
    "lfn": GridIssuer("lfn", "Syndicat mixte La Fibre Numérique 59-62", "La Fibre Numérique 59-62", "Services"),
    "cdg62": GridIssuer("cdg62", "Centre de gestion du Pas-de-Calais", "CDG 62", "Accompagnement"),
}
_serial = count(1)


@laid
def issuer(code: str = "lfn") -> Any:
    """The issuer of that code, registered if it was not; that of another offer, as its grid registered it."""
    if code not in ISSUERS:
        return issuer_by_code(code)
    return register_issuer(identity=ISSUERS[code], slot=list(ISSUERS).index(code) + 1, actor=TESTER, at=AT)


@laid
def account(
    *,
    role: Role = Role.AGENT,
    issuer_code: str = "lfn",
    email: str | None = None,
    name: str = "Prénom NOM",
    password: str = PASSWORD,
    one_time: bool = False,
) -> Any:
    """An account that can log in with `password` at once, unless it is a one-time one."""
    return create_account(
        email=email or f"agent{next(_serial)}@{issuer_code}.exemple.fr",
        name=name,
        issuer_id=issuer(issuer_code).pk,
        role=role,
        password=password,
        actor=TESTER,
        at=AT,
        one_time=one_time,
    )
