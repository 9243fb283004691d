"""A file brought as far as its convention, through the services."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from stdnum.fr import siret

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.drafting import draft_convention, set_signatory
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.parties.queries.mandates import mandate_by_id
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.issuers import update_issuer
from tripartite.parties.services.mandates import record_mandate
from tripartite.quotes.services.answers import Person, accept_quotes

DAY = AT.date()
# A file lives on days that differ, counted from the day it is in force: none is taken for another.
ASKED, ISSUED, ACCEPTED, DRAFTED, SENT = (timedelta(days) for days in (-13, -9, -6, -4, -3))
MAYOR = Person("Prénom NOM", "Maire")
PRESIDENTS = {"lfn": "Alix FIBRE", "cdg62": "Sacha CENTRE"}
SCAN = b"%PDF-1.4 copie"


@laid
def offer(more: str = "") -> None:
    """Grid, directory, complete issuers and adopted texts: all that a convention needs; `more` adds services."""
    quotes.offer(more=more)
    complete_offer()


def complete_offer() -> None:
    """What a convention needs more than quotes do."""
    update_issuer(code="cdg62", changes={"siret": siret_of("286200019")}, actor=TESTER, at=AT)
    adopt_texts()


def siret_of(siren: str) -> str:
    """A SIRET of that SIREN whose key is right: not that of the real seat."""
    return next(text for number in range(10, 1000) if siret.is_valid(text := f"{siren}{number:05d}"))


def adopt_texts() -> None:
    """Adopt the shipped texts."""
    for kind in ("convention", "amendment", "deliberation"):
        (path,) = (settings.MODELS_FOLDER / kind).glob("*.toml")
        version = draft_text(text=path.read_text(encoding="utf-8"), actor=TESTER, at=AT)
        adopt_text(code=version.code, adopting_act="délibération d'essai", actor=TESTER, at=AT)


def mandates(body: Any) -> dict[str, Any]:
    """The acts that empower a mayor and the two presidents, by role."""
    options: dict[str, Any] = {"act": "deliberation", "actor": TESTER, "at": AT}
    return {
        "beneficiary": record_mandate(
            body_id=body.pk,
            person=MAYOR.name,
            function="Maire",
            organ="Conseil municipal",
            number="2026-41",
            adopted_on=date(2026, 11, 2),
            enforceable_on=date(2026, 11, 5),
            **options,
        ),
        "lfn": record_mandate(
            issuer="lfn",
            person=PRESIDENTS["lfn"],
            function="Président",
            organ="Comité syndical",
            adopted_on=date(2026, 7, 7),
            enforceable_on=date(2026, 7, 10),
            **options,
        ),
        "cdg62": record_mandate(
            issuer="cdg62",
            person=PRESIDENTS["cdg62"],
            function="Président",
            organ="Conseil d'administration",
            adopted_on=date(2026, 9, 15),
            enforceable_on=date(2026, 9, 18),
            **options,
        ),
    }


@laid
def accepted(
    quantities: dict[str, Any] | None = None,
    *,
    at: datetime = AT,
    empowered: bool = True,
    asked: Any = None,
    **more: Any,
) -> Any:
    """A request whose quotes are accepted; the body complete, and the acts recorded when `empowered`."""
    asked = asked or quotes.request(quantities, at=at + ASKED, **more)
    quotes.issued(asked, at=at + ISSUED)
    body = asked.beneficiary
    changes = {"address": "Mairie, 1 place de l'Exemple\n62620 Ruitz", "siret": siret_of(body.siren)}
    complete_body(body_id=body.pk, changes=changes, actor=TESTER, at=AT)
    act = mandates(body)["beneficiary"].pk if empowered else None
    accept_quotes(
        request_id=asked.pk,
        person=MAYOR,
        way="online",
        answered_on=timezone.localdate(at + ACCEPTED),
        mandate_id=act,
        actor=TESTER,
        at=at + ACCEPTED,
    )
    return asked


@laid
def drafted(**more: Any) -> Any:
    """A convention in preparation, with its signatories named."""
    at = more.get("at", AT) + DRAFTED
    return read(draft_convention(request_id=accepted(**more).pk, actor=TESTER, at=at))


@laid
def sent(**more: Any) -> Any:
    """A convention out for signature."""
    at = more.get("at", AT) + SENT
    return read(send_convention(convention_id=drafted(**more).pk, actor=TESTER, at=at))


def read(convention: Any) -> Any:
    """The convention as it is now."""
    return convention_by_id(convention.pk)


def signatory(convention: Any, role: str) -> Any:
    """One of its signatories."""
    return next(one for one in read(convention).signatories.all() if one.role == role)


def name_signatory(one: Any, **changes: Any) -> Any:
    """Change what is said of a signatory: another person comes with an act of its own."""
    if changes.get("name") and "mandate_id" not in changes and one.mandate_id and not one.convention.number:
        act = mandate_by_id(one.mandate_id)
        assert act
        said = {name: getattr(act, name) for name in ("body_id", "act", "organ", "adopted_on", "enforceable_on")}
        issuer = act.issuer.code if act.issuer else None
        function = changes.get("function") or one.function
        made = record_mandate(person=changes["name"], function=function, issuer=issuer, **said, actor=TESTER, at=AT)
        changes["mandate_id"] = made.pk
    present = {name: getattr(one, name) for name in ("name", "function", "email", "phone", "mandate_id")}
    return set_signatory(signatory_id=one.pk, **(present | changes), actor=TESTER, at=AT)
