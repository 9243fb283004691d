"""A convention in force to look around with, and what it sets going: in local mode only, made through the services."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone
from stdnum.fr import siret

from tripartite.cli.sample_files import Progress, SampleFiles
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.going_live.services.activations import plan_activation, settle_step
from tripartite.going_live.services.parts import go_live
from tripartite.going_live.services.signing import sign_on_paper
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier, issuers
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.issuers import update_issuer
from tripartite.parties.services.mandates import record_mandate
from tripartite.quotes.services.answers import Person, accept_quotes
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, create_request

SCAN = b"%PDF-1.4 copie d'essai"


def sample_convention(files: SampleFiles, *, actor: Actor, at: datetime) -> bool:
    """A convention in force of a real commune, its services at every stage; False when the commune is not there."""
    said = files.convention
    body = body_by_identifier("code_insee", said.commune) if said else None
    if said is None or body is None:
        return False
    _advance(sign_with(body, said.lines, files.sirens, actor, at), said.progress, actor, at)
    return True


def sign_with(body: Any, lines: Mapping[str, int], sirens: Mapping[str, str], actor: Actor, at: datetime) -> int:
    """A convention in force with a commune for these services, its setting going open; its key."""
    _complete(body, sirens, actor, at)
    request = create_request(
        beneficiary_id=body.pk,
        order={"lines": [{"service": service, "quantity": quantity} for service, quantity in lines.items()]},
        contact=Contact("Prénom NOM", "Direction générale des services", "mairie@exemple.fr", ""),
        origin="agent",
        actor=actor,
        at=at,
    )
    issue_quotes(request_id=request.pk, actor=actor, at=at)
    accept_quotes(
        request_id=request.pk,
        person=Person("Prénom NOM", "Maire"),
        way="online",
        answered_on=timezone.localdate(at),
        mandate_id=_empower(body, actor, at),
        actor=actor,
        at=at,
    )
    return _sign(draft_convention(request_id=request.pk, actor=actor, at=at).pk, actor, at)


def _complete(body: Any, sirens: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """What the papers print and no file gives: a seat, and a SIRET whose key is right."""
    changes = {"siret": _siret_of(body.siren), "address": f"Mairie, 1 place de l'Exemple\n{body.name}"}
    complete_body(body_id=body.pk, changes=changes, actor=actor, at=at)
    for issuer in issuers():
        lacks: dict[str, object] = {"address": issuer.address or "1 place de l'Exemple\n99999 Exemple"}
        if not issuer.siret and issuer.code in sirens:
            lacks["siret"] = _siret_of(sirens[issuer.code])
        update_issuer(code=issuer.code, changes=lacks, actor=actor, at=at)


def _siret_of(siren: str) -> str:
    return next(text for number in range(10, 1000) if siret.is_valid(text := f"{siren}{number:05d}"))


def _empower(body: Any, actor: Actor, at: datetime) -> int:
    """The deliberations that empower the mayor and the presidents; the mayor's."""
    adopted = timezone.localdate(at) - timedelta(days=20)
    said: dict[str, Any] = {"person": "Prénom NOM", "act": "deliberation", "adopted_on": adopted}
    said |= {"enforceable_on": adopted + timedelta(days=5), "actor": actor, "at": at}
    for issuer in issuers():
        record_mandate(issuer=issuer.code, function="Président", organ="Assemblée délibérante", **said)
    mayor = record_mandate(body_id=body.pk, function="Maire", organ="Conseil municipal", **said)
    return int(mayor.pk)


def _sign(convention_id: int, actor: Actor, at: datetime) -> int:
    send_convention(convention_id=convention_id, actor=actor, at=at)
    convention = convention_by_id(convention_id)
    for one in convention.signatories.all() if convention else ():
        sign_on_paper(
            signatory_id=one.pk,
            signed_on=timezone.localdate(at),
            scan=SCAN,
            original_place="Secrétariat du centre de gestion",
            actor=actor,
            at=at,
        )
    return convention_id


def _advance(convention_id: int, progress: Iterable[Progress], actor: Actor, at: datetime) -> None:
    """Bring the services to different stages: some running, one partly, one waiting, one late."""
    today = timezone.localdate(at)
    found = {one.service: one for one in activations_of_convention(convention_id)}
    for said in progress:
        one = found[said.service]
        if said.live or said.settled:
            settle_steps(one, None if said.live else said.settled, today, actor, at)
        if said.live:
            go_live(activation_id=one.pk, live_on=today, quantity=Fraction(said.live), actor=actor, at=at)
        elif said.planned_in is not None or said.waiting_for:
            day = None if said.planned_in is None else today + timedelta(days=said.planned_in)
            plan_activation(activation_id=one.pk, planned_on=day, waiting_for=said.waiting_for, actor=actor, at=at)


def settle_steps(activation: Any, count: int | None, on: date, actor: Actor, at: datetime) -> None:
    """Say that the first steps of an activation are done, all of them when `count` is None."""
    for step in list(activation.steps.all())[:count]:
        settle_step(step_id=step.pk, done_on=on, actor=actor, at=at)
