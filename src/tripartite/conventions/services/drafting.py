"""Preparing a convention from accepted quotes: who signs, by which act, for how long."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.printout.casting import cast_for
from tripartite.conventions.printout.model_text import ModelText, read_model
from tripartite.conventions.queries.conventions import adopted_text, power_to_sign
from tripartite.conventions.queries.seen import (
    CHANGES,
    TERM,
    changes_value,
    signatory_value,
    term_value,
)
from tripartite.conventions.queries.signatures import SIGNATORY
from tripartite.conventions.services.amending import check_offer, next_rank
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.identity import identity_of, tell_change
from tripartite.conventions.services.letters import tell_abandoned
from tripartite.conventions.services.papers import changes_of
from tripartite.conventions.services.records import check_living, journal, locked, move
from tripartite.conventions.services.sending import check_premise
from tripartite.conventions.states import SIGNABLE, ConventionState
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import lineage_of
from tripartite.parties.queries.mandates import OTHER_BODY, best_act, mandate_by_id, why_not_theirs
from tripartite.parties.queries.names import same_person
from tripartite.pricing.french import counted
from tripartite.quotes.queries.requests import accepted_version, request_by_id
from tripartite.quotes.services.requests import name_amendment
from tripartite.quotes.states import RequestState
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_line


@transaction.atomic
def draft_convention(*, request_id: int, actor: Actor, at: datetime, parent_id: int | None = None) -> Convention:
    """Prepare the convention of a file whose quotes are accepted, from the adopted text; with `parent_id`, the
    amendment of a convention in force, whose quotes start from what it holds.

    Signatories come from the text, in its order, with the acts known for them. Raises ConventionError when the quotes
    are not accepted, when no text is adopted, or when one is already being prepared or signed for this file.
    """
    request = request_by_id(request_id)
    version = accepted_version(request_id)
    if request is None or version is None or request.state != RequestState.ACCEPTED:
        raise ConventionError("Les devis de cette demande ne sont pas acceptés.")
    check_living(request.beneficiary, on=timezone.localdate(at))
    parent = _parent(parent_id, request.beneficiary_id)
    if parent:
        check_offer(parent, request.offer)
        check_premise(parent, version.order)
    text = adopted_text("amendment" if parent else "convention", offer=request.offer)
    if text is None:
        raise ConventionError("Aucun modèle de convention n'est adopté.")
    pending = Convention.objects.filter(request_id=request_id, state__in=(ConventionState.DRAFT, *SIGNABLE))
    if pending.exists():
        raise ConventionError("Une convention de ce dossier est déjà en cours.")
    model = _cast(text.text, version)
    term = model.term
    convention = Convention.objects.create(
        request_id=request_id,
        version=version,
        beneficiary_id=request.beneficiary_id,
        parent=parent,
        text=text,
        years=parent.years if parent else term.years if term else 1,
        tacit_renewals=parent.tacit_renewals if parent else term.tacit_renewals if term else 0,
        notice_months=parent.notice_months if parent else term.notice_months if term else 0,
        created_at=at,
        created_by=actor.label,
    )
    if parent:
        if not request.amends_number:
            name_amendment(request_id=request_id, number=parent.number or "", rank=next_rank(parent))
        convention.changes = "\n".join(changes_of(convention))
        convention.save(update_fields=["changes"])
    _write_signatories(convention, model, request, timezone.localdate(at))
    what = f"Avenant à la convention {parent.number}" if parent else "Convention"
    journal(convention, actor, at, "conventions.draft", f"{what} en préparation ({text.code}).")
    return convention


@transaction.atomic
def set_changes(*, convention_id: int, changes: str, actor: Actor, at: datetime, seen: str | None = None) -> Convention:
    """Say what an amendment in preparation changes, a line each: services added, changed, ended. `seen` is the mark
    (`changes_mark`) of what the edit was made on: StaleError when somebody has changed it since. Raises
    ConventionError."""
    convention = locked(convention_id)
    check_seen(
        seen,
        "request",
        convention.request_id,
        changes_value(convention),
        what="L'objet de l'avenant",
        actions=(CHANGES,),
    )
    if convention.state != ConventionState.DRAFT or convention.parent_id is None:
        raise ConventionError("Seul un avenant en préparation dit ce qu'il change.")
    if len(changes) > 4000:
        raise ConventionError("Trop long : 4 000 caractères au plus.")
    convention.changes = "\n".join(line.strip() for line in changes.splitlines() if line.strip())
    convention.save()
    journal(convention, actor, at, CHANGES, "Objet de l'avenant écrit.")
    return convention


def _cast(text: str, version: Any) -> ModelText:
    """The adopted text, its roles played by the issuers of the quotes. Raises ConventionError when it is that of
    others."""
    grid = grid_by_code(version.grid)
    model = cast_for(text, grid) if grid else read_model(text)
    named = {one.code for one in model.signatories if one.issuer}
    if grid is not None and not named <= grid.issuers.keys():
        raise ConventionError(
            f"Le modèle adopté ({model.code}) est signé par {', '.join(sorted(named))}, et l'offre « {grid.offer} » est"
            f" celle de {', '.join(grid.issuers)} : adopter d'abord un modèle pour cette offre"
            f" (offer = « {grid.offer} »)."
        )
    return model


def _parent(parent_id: int | None, beneficiary_id: int) -> Convention | None:
    if parent_id is None:
        return None
    parent = locked(parent_id)
    if parent.state != ConventionState.IN_FORCE:
        raise ConventionError("Un avenant ne modifie qu'une convention en vigueur.")
    if parent.beneficiary_id not in lineage_of(beneficiary_id):
        raise ConventionError("Un avenant ne modifie qu'une convention de la même collectivité.")
    return parent.parent or parent


def _write_signatories(convention: Convention, model: ModelText, request: Any, on: date) -> None:
    for position, wanted in enumerate(model.signatories, start=1):
        signatory = Signatory(
            convention=convention,
            position=position,
            role=wanted.code,
            email="" if wanted.issuer else request.contact_email,
            phone="" if wanted.issuer else request.contact_phone,
        )
        if mandate := best_act(power_to_sign(signatory), on=on):
            signatory.mandate_id, signatory.name, signatory.function = mandate.pk, mandate.person, mandate.function
        if wanted.issuer and (known := _last_known(signatory)):
            signatory.email, signatory.phone = known.email, known.phone
        signatory.save()


def _last_known(signatory: Signatory) -> Signatory | None:
    """How an issuer's own agents last said that its signatory is reached: that same person, in another convention."""
    last = Signatory.objects.filter(role=signatory.role).exclude(name="").order_by("-pk").first()
    return last if last and same_person(last.name, signatory.name) else None


@transaction.atomic
def set_signatory(
    *,
    signatory_id: int,
    name: str,
    function: str,
    email: str,
    phone: str,
    mandate_id: int | None,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Signatory:
    """Say who signs for a party, and by which act.

    Once the convention is sent, who signs is part of its text: only the address and the telephone may be corrected, and
    the act given where it was missing. These prove who signs: `tell_change` says what their change asks for. Nothing
    changes once that party has signed. `seen` is the mark (`signatory_mark`) of what the edit was made on: StaleError
    when somebody has changed it since. Raises ConventionError.
    """
    signatory = Signatory.objects.select_related("convention", "mandate").filter(pk=signatory_id).first()
    if signatory is None:
        raise ConventionError("Ce signataire n'existe pas.")
    convention = locked(signatory.convention_id)
    signatory.refresh_from_db()
    check_seen(
        seen,
        "request",
        convention.request_id,
        signatory_value(signatory),
        what="Le signataire",
        actions=(SIGNATORY,),
    )
    sent = convention.state != ConventionState.DRAFT
    if sent and convention.state not in SIGNABLE:
        raise ConventionError(f"Convention {convention.state_label} : ses signataires ne changent plus.")
    if sent and (clean_line(signatory.name), clean_line(signatory.function)) != (
        clean_line(name),
        clean_line(function),
    ):
        raise ConventionError(
            "Le nom et la fonction du signataire sont dans le texte envoyé : les changer demande une nouvelle version"
            " (abandonner celle-ci, puis en préparer une autre)."
        )
    _check_mandate(signatory, name, mandate_id)
    if sent and signatory.mandate_id is not None and mandate_id != signatory.mandate_id:
        raise ConventionError("L'acte qui habilite le signataire est dans le texte envoyé : il ne change plus.")
    if hasattr(signatory, "signature"):
        raise ConventionError(f"{signatory.name} a déjà signé : ce qui montre qui a signé ne change plus.")
    before = identity_of(signatory)
    signatory.name, signatory.function = clean_line(name)[:200], clean_line(function)[:200]
    signatory.email, signatory.phone = clean_line(email), clean_line(phone)[:40]
    signatory.mandate_id = mandate_id
    signatory.save()
    tell_change(signatory, convention, before, actor, at)
    return signatory


def _check_mandate(signatory: Signatory, name: str, mandate_id: int | None) -> None:
    """Raise ConventionError when an act can never empower that person to sign for that party."""
    if mandate_id is None:
        return
    mandate = mandate_by_id(mandate_id)
    power = replace(power_to_sign(signatory), person=name.strip() or None)
    if wrong := why_not_theirs(mandate, power) if mandate else OTHER_BODY:
        raise ConventionError(wrong)


@transaction.atomic
def set_term(
    *,
    convention_id: int,
    years: int,
    tacit_renewals: int,
    notice_months: int,
    due_on: date | None,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Convention:
    """Set how long a convention in preparation lasts, and from which day at the earliest. `seen` is the mark
    (`term_mark`) of what the edit was made on: StaleError when somebody has changed it since. Raises ConventionError.
    """
    convention = locked(convention_id)
    check_seen(seen, "request", convention.request_id, term_value(convention), what="La durée", actions=(TERM,))
    if convention.state != ConventionState.DRAFT:
        raise ConventionError("La durée est dans le texte envoyé : elle ne change plus.")
    if not (1 <= years <= 20 and 0 <= tacit_renewals <= 20 and 0 <= notice_months <= 24):
        raise ConventionError("Durée de 1 à 20 ans, 20 reconductions et 24 mois de préavis au plus.")
    convention.years, convention.tacit_renewals = years, tacit_renewals
    convention.notice_months, convention.due_on = notice_months, due_on
    convention.save()
    journal(convention, actor, at, TERM, f"Durée : {counted(years, 'an')}, préavis de {notice_months} mois.")
    return convention


@transaction.atomic
def abandon_convention(*, convention_id: int, reason: str, actor: Actor, at: datetime) -> Convention:
    """Give up a convention before everyone has signed, with a reason; what was signed is kept and binds no one.

    A change of substance (services, prices, signatories, duration) goes this way: a new version is then prepared and
    every signature asked again. Raises ConventionError.
    """
    convention = locked(convention_id)
    if not clean_line(reason):
        raise ConventionError("Dites pourquoi la convention est abandonnée.")
    move(convention, ConventionState.ABANDONED)
    convention.end_reason, convention.ended_on = clean_line(reason), timezone.localdate(at)
    convention.save()
    journal(convention, actor, at, "conventions.abandon", f"{convention} abandonnée : {clean_line(reason)}")
    tell_abandoned(convention=convention, reason=convention.end_reason, actor=actor, at=at)
    return convention
