"""The paper that a deadline needs: a letter, seen before it is kept; a request for renewal, ready to be quoted."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.records import journal
from tripartite.documents.render import render
from tripartite.documents.services import store_document
from tripartite.following.models import DeadlineLetter
from tripartite.following.printout.letter import LetterPaper, Service, deadline_letter
from tripartite.following.queries.deadline_rules import OF_CONVENTION
from tripartite.following.queries.deadlines import Deadline, deadline_by_key, renewal_token
from tripartite.following.services.errors import FollowingError
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_id
from tripartite.parties.queries.facts import facts_of, postal_address
from tripartite.parties.queries.looks import issuers_on, style_of
from tripartite.pricing.french import day_text
from tripartite.pricing.holding import Holding
from tripartite.pricing.money import number_text
from tripartite.pricing.order import OrderError
from tripartite.quotes.printout.parts import Contact, IssuerIdentity, Recipient
from tripartite.quotes.queries.requests import request_by_token
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.letters import write_about
from tripartite.quotes.services.requests import Contact as Asking
from tripartite.quotes.services.requests import create_request, free_token, lock_request
from tripartite.quotes.states import LED_NOWHERE
from tripartite.subscriptions.queries.running import held_lines, lines_on, running_on
from tripartite.tariffs.queries import grid_in_force


def preview_letter(*, key: str, sender: str, at: datetime) -> bytes:
    """The letter of an issuer for a deadline, as a PDF marked as a draft. Nothing is kept. Raises FollowingError."""
    paper = replace(_paper(_letter_deadline(key), sender, at), draft=True)
    return render(paper.model, paper.as_payload())


def letter_digest(*, key: str, sender: str, at: datetime) -> str:
    """What names the words of the letter as they are now: given back with the agreement to keep it."""
    return _digest(_paper(_letter_deadline(key), sender, at).as_payload())


@transaction.atomic
def keep_letter(*, key: str, sender: str, seen: str, actor: Actor, at: datetime, send: bool = False) -> DeadlineLetter:
    """Keep the letter that was seen among the papers of the file; `send` also writes it to the contact of the file.

    The same words kept twice are one paper. Raises FollowingError when the words have changed since they were seen,
    or when there is nobody to write to.
    """
    deadline = _letter_deadline(key)
    convention = _convention(deadline)
    lock_request(convention.request_id)
    paper = _paper(deadline, sender, at)
    payload = paper.as_payload()
    if seen != _digest(payload):
        raise FollowingError("Le courrier a changé depuis que vous l'avez vu : relisez-le avant de le garder.")
    pdf = render(paper.model, payload)
    same = DeadlineLetter.objects.filter(convention_id=convention.pk, document__sha256=sha256(pdf).hexdigest()).first()
    if same is not None:
        return same
    document = store_document(
        kind="letter",
        issuer=sender,
        number=None,
        title=paper.title[:300],
        model=paper.model,
        payload=payload,
        pdf=pdf,
        at=at,
    )
    letter = DeadlineLetter.objects.create(
        convention_id=convention.pk,
        request_id=convention.request_id,
        kind=deadline.kind,
        day=deadline.day,
        sender=sender,
        document=document,
        created_at=at,
        created_by=actor.label,
    )
    text = f"Courrier gardé : « {paper.subject} » ({deadline.kind_label}, {day_text(deadline.day)})."
    journal(convention, actor, at, "subscriptions.letter", text, document=document.pk)
    if send:
        _send(letter, paper, convention, actor, at)
    return letter


def _send(letter: DeadlineLetter, paper: LetterPaper, convention: Any, actor: Actor, at: datetime) -> None:
    asked = convention.request
    if not asked.contact_email:
        raise FollowingError("Ce dossier n'a pas d'adresse électronique : complétez son contact, ou postez-le.")
    try:
        write_about(
            kind="deadlines.letter",
            asked=asked,
            to=(asked.contact_name, asked.contact_email),
            subject=paper.subject,
            paragraphs=(*paper.paragraphs, *paper.steps, "Le courrier est joint."),
            attachments=[letter.document_id],
            required=True,
            actor=actor,
            at=at,
        )
    except QuoteError as refusal:
        raise FollowingError(str(refusal)) from None


@transaction.atomic
def prepare_renewal(*, key: str, actor: Actor, at: datetime) -> Any:
    """Make the request that renews what falls due: the same services, as much as will run then; answers it.

    Asked for twice, it is one request, unless that one was cancelled or refused. Issuing its quotes stays an agent's
    act. Raises FollowingError when there is nothing to renew, or when the grid in force cannot price it.
    """
    deadline = deadline_by_key(key)
    if deadline is not None and deadline.keys:
        raise FollowingError("Une clé de signature se renouvelle depuis le registre des clés.")
    if deadline is None or not deadline.renewable:
        raise FollowingError("Cette échéance ne se renouvelle pas par une demande.")
    asked = _convention(deadline).request
    lock_request(asked.pk)
    token = renewal_token(deadline)
    made = request_by_token(token)
    if made is not None and made.state not in LED_NOWHERE:
        return made
    if made is not None:
        free_token(request_id=made.pk)
    try:
        return create_request(
            beneficiary_id=deadline.body.pk,
            order={"lines": _renewed(deadline), "in_service": _kept(deadline, asked.offer, timezone.localdate(at))},
            offer=asked.offer,
            contact=Asking(asked.contact_name, asked.contact_function, asked.contact_email, asked.contact_phone),
            origin="agent",
            note=f"{deadline.kind_label[:1].upper()}{deadline.kind_label[1:]} : {deadline.what}. {deadline.why}."[
                :2000
            ],
            token=token,
            actor=actor,
            at=at,
        )
    except (OrderError, QuoteError) as refusal:
        said = refusal.message if isinstance(refusal, OrderError) else str(refusal)
        raise FollowingError(said) from None


def _renewed(deadline: Deadline) -> list[dict[str, Any]]:
    """As much of each service as will run on its day."""
    return Holding.read(lines_on(deadline.subscription_ids, on=deadline.day)).as_lines()


def _kept(deadline: Deadline, offer: str, on: date) -> list[dict[str, Any]]:
    """What the body holds of the offer besides, of what the grid of the day knows: prerequisites and bands count it."""
    grid = grid_in_force(on, offer=offer)
    known = grid.services if grid else {}
    renewed = {*deadline.services}
    return [
        line
        for line in held_lines(deadline.body.pk, offer=offer, on=on)
        if line["service"] in known and line["service"] not in renewed
    ]


def _letter_deadline(key: str) -> Deadline:
    found = deadline_by_key(key)
    if found is None or found.kind not in OF_CONVENTION:
        raise FollowingError("Cette échéance n'appelle pas de courrier, ou a changé depuis.")
    return found


def _convention(deadline: Deadline) -> Any:
    convention = convention_by_id(deadline.convention_id) if deadline.convention_id else None
    if convention is None:
        raise FollowingError("La convention de cette échéance est introuvable.")
    return convention


def _paper(deadline: Deadline, sender: str, at: datetime) -> LetterPaper:
    convention, registered = _convention(deadline), issuers_on(timezone.localdate(at))
    issuer = next((one for one in registered if one.code == sender), None)
    body = body_by_id(deadline.body.pk)
    if issuer is None or body is None:
        raise FollowingError("Ce courrier est celui d'un émetteur.")
    facts, asked, on = facts_of(body, on=timezone.localdate(at)), convention.request, timezone.localdate(at)
    contact = Contact(asked.contact_name, asked.contact_function or None) if asked.contact_name else None
    try:
        return deadline_letter(
            kind=deadline.kind,
            day=deadline.day,
            why=deadline.why,
            convention=convention,
            parties=[one.name for one in registered],
            sender=IssuerIdentity(
                code=issuer.code,
                slot=issuer.slot,
                name=issuer.name,
                short_name=issuer.short_name,
                siret=issuer.siret,
                address=tuple((issuer.address or "").splitlines()),
                email=issuer.email,
                phone=issuer.phone,
                website=issuer.website,
            ),
            recipient=Recipient(facts.name, facts.siren, facts.siret, postal_address(facts)),
            contact=contact,
            place=issuer.place or "",
            issued_on=on,
            services=tuple(_services(deadline.body.pk, convention.pk, on)),
            style=style_of([issuer]),
        )
    except ValueError:
        raise FollowingError("Cette échéance a changé : rouvrez la liste.") from None


def _services(body_id: int, convention_id: int, on: date) -> Iterable[Service]:
    for running in running_on(body_id, on=on):
        one = running.subscription
        if one.convention_id == convention_id:
            until = one.ends_on if one.term_years is not None else None
            yield Service(one.name, number_text(running.quantity), until)


def _digest(payload: Mapping[str, Any]) -> str:
    return sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
