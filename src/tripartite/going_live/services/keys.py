"""The register of signature keys: what is deposited says what a key is, then it changes hands, is replaced, revoked."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tripartite.documents.key_certificate import MEDIA_TYPE, CertificateRefused, KeyCertificate
from tripartite.documents.services import store_document
from tripartite.documents.strangers import read_certificate
from tripartite.going_live.models import Activation, ActivationStep, SignatureKey
from tripartite.going_live.queries.holders import holder_changes
from tripartite.going_live.queries.key_days import KEY_SERVICES, validity_words
from tripartite.going_live.queries.keys import activations_for_keys, terms_without_key
from tripartite.going_live.services.activations import settle_step
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.key_records import journal_key, locked_key, move_key
from tripartite.going_live.services.key_terms import follow_certificates
from tripartite.going_live.services.records import locked_activation
from tripartite.going_live.states import IN_USE, OPEN, ActivationState, KeyState
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_id
from tripartite.parties.queries.names import same_person
from tripartite.pricing.calendar import DAYS_PER_YEAR
from tripartite.pricing.french import day_text
from tripartite.pricing.naming import complement
from tripartite.subscriptions.services.notices import note
from tripartite.subscriptions.services.records import locked_subscription
from tripartite.typed import clean_line

MADE_STEP, HANDED_STEP = "fabrication", "remise"
"""Codes of the steps of a going-live that the register settles by itself."""


def register_key(
    *,
    body_id: int,
    holder_name: str,
    holder_function: str,
    content: bytes,
    actor: Actor,
    at: datetime,
    activation_id: int | None = None,
    subscription_id: int | None = None,
    alone: bool = False,
    holder_reason: str = "",
    replaces: int | None = None,
) -> SignatureKey:
    """Put a key in the register of a body, from the bytes of its certificate file, which say everything else.

    It stands for the going-live of `activation_id`, or the prepaid term of `subscription_id`; without either, for the
    only one that awaits a key, unless it is `alone`. The term then runs as the certificate says, and the step of the
    making is settled. It takes over that day from the key that it `replaces`. The certificate alone is kept, never the
    file. The holder is the one whom the certificate names, or `holder_reason` says why it is another name. Raises
    GoingLiveError for a file that is no certificate of a holder, one in another name without a reason, one that is in
    the register, a going-live or a term that takes no key, or a key that it cannot replace.
    """
    name, function = (clean_line(text)[:200] for text in (holder_name, holder_function))
    if not name or not function:
        raise GoingLiveError("Indiquez le prénom et le nom du titulaire, et sa fonction.")
    found = _read(content)  # before anything is locked: it takes as long as a file may
    with transaction.atomic():
        _check_new(found)
        body = body_by_id(body_id)
        if body is None:
            raise GoingLiveError("Cette collectivité n'est plus dans l'annuaire.")
        reason = _check_holder(name, found, holder_reason)
        activation, subscription = _stands_for(body_id, found, activation_id, subscription_id, alone=alone)
        key = _write(body_id, name, function, reason, found, activation, subscription, actor, at)
        text = (
            f"Clé de signature de {key} : certificat {key.serial}, du {day_text(key.valid_from)} au"
            f" {day_text(key.valid_until)} compris."
        )
        if reason:
            text += f" Il est au nom de « {found.named.words} » : {reason.rstrip('.')}."
        late = validity_words(key.valid_from, key.valid_until, timezone.localdate(at))
        text = f"{text} {late}".strip()
        journal_key(key, actor, at, "keys.register", text)
        if subscription is not None:
            follow_certificates(subscription, actor, at)
        _settle(key, MADE_STEP, min(key.valid_from, timezone.localdate(at)), actor, at)
        if replaces is not None:
            replace_key(key_id=replaces, by_id=key.pk, on=timezone.localdate(at), actor=actor, at=at)
    return key


def _read(content: bytes) -> KeyCertificate:
    try:
        return read_certificate(content)
    except CertificateRefused as refused:
        raise GoingLiveError(str(refused)) from None


def _check_new(found: KeyCertificate) -> None:
    known = SignatureKey.objects.select_related("body").filter(fingerprint=found.fingerprint).first()
    if known is not None:
        raise GoingLiveError(f"Ce certificat est déjà au registre : clé de {known}, {known.body.name}.")


def _check_holder(name: str, found: KeyCertificate, reason: str) -> str:
    """The reason to keep when the certificate is in another name than the holder's; « » when it is in that name."""
    if any(same_person(name, each) for each in found.named.names):
        return ""
    told = clean_line(reason)[:500]
    if not told:
        raise GoingLiveError(
            f"Le certificat est au nom de « {found.named.words} », pas de « {name} ». Corrigez le titulaire, ou dites"
            " pourquoi c'est bien sa clé."
        )
    return told


def _write(  # noqa: PLR0917 - private, called once
    body_id: int,
    name: str,
    function: str,
    reason: str,
    found: KeyCertificate,
    activation: Activation | None,
    subscription: Any,
    actor: Actor,
    at: datetime,
) -> SignatureKey:
    document = store_document(
        kind="certificate",
        issuer="",
        number=None,
        title=f"Certificat {complement(name)}, {function}"[:300],
        model="",
        payload={"serial": found.serial, "subject": found.subject, "issuer": found.issuer},
        pdf=found.der,
        media_type=MEDIA_TYPE,
        at=at,
    )
    try:
        with transaction.atomic():
            return SignatureKey.objects.create(
                body_id=body_id,
                activation=activation,
                subscription=subscription,
                holder_name=name,
                holder_function=function,
                holder_reason=reason,
                serial=found.serial,
                certificate_issuer=found.issuer,
                certificate_subject=found.subject,
                fingerprint=found.fingerprint,
                valid_from=found.valid_from,
                valid_until=found.valid_until,
                document=document,
                recorded_by=actor.label,
                recorded_at=at,
            )
    except IntegrityError:
        raise GoingLiveError("Ce certificat vient d'être mis au registre par quelqu'un d'autre.") from None


def _stands_for(
    body_id: int, found: KeyCertificate, activation_id: int | None, subscription_id: int | None, *, alone: bool
) -> tuple[Activation | None, Any]:
    if activation_id is None and subscription_id is None and not alone:
        activation_id, subscription_id = _only_one(body_id, found)
    if activation_id is not None:
        activation = locked_activation(activation_id)
        takes_keys = activation.service.startswith(KEY_SERVICES) and activation.state != ActivationState.CANCELLED
        if activation.body_id != body_id or not takes_keys:
            raise GoingLiveError("Cette mise en service n'est pas celle d'une clé de cette collectivité.")
        terms = activation.parts.filter(
            subscription__isnull=False, subscription__continued_by__isnull=True, corrected_by__isnull=True
        )
        live = terms.filter(subscription__keys__isnull=True).first()
        return activation, locked_subscription(live.subscription_id) if live and live.subscription_id else None
    if subscription_id is None:
        return None, None
    subscription = locked_subscription(subscription_id)
    takes_keys = subscription.service.startswith(KEY_SERVICES) and subscription.term_years is not None
    if subscription.body_id != body_id or not takes_keys:
        raise GoingLiveError("Ce service n'est pas une clé de signature de cette collectivité.")
    return None, subscription


def _only_one(body_id: int, found: KeyCertificate) -> tuple[int | None, int | None]:
    """The going-live that awaits a key, or the term of about that length without one; none where it is not plain."""
    waiting = [one for one in activations_for_keys(body_id) if not one.keys.all()]
    if waiting:
        return (waiting[0].pk if len(waiting) == 1 else None), None
    length = (found.valid_until - found.valid_from).days
    terms = [
        one
        for one in terms_without_key(body_id)
        if one.term_years is not None and abs(one.term_years * DAYS_PER_YEAR - length) < 100
    ]
    return None, (terms[0].pk if terms else None)


def _settle(key: SignatureKey, code: str, day: date, actor: Actor, at: datetime) -> None:
    """Settle the step of that code of the going-live for which a key was made, if it is still to do."""
    if key.activation is None or key.activation.state not in OPEN:
        return
    for step in ActivationStep.objects.filter(activation=key.activation_id, code=code, done_on=None, waived_reason=""):
        settle_step(step_id=step.pk, done_on=day, actor=actor, at=at)


@transaction.atomic
def hand_over_key(*, key_id: int, on: date, handing: str, actor: Actor, at: datetime) -> SignatureKey:
    """Say that a key is in its holder's hands since a day: `handing` is "cdg" (on appointment) or "site".

    The key that it renews is replaced that day, and the step of the handing over is settled. Raises GoingLiveError
    for a day to come, before its making or after its last day, or when it was handed over, replaced or revoked.
    """
    key = _locked_after_its_line(key_id)
    if handing not in SignatureKey.Handing.values:
        raise GoingLiveError("Dites où la clé est remise : au centre de gestion, ou sur site.")
    _check_day(key, on, at)
    move_key(key, KeyState.HANDED_OVER)
    key.handed_over_on, key.handing = on, handing
    key.save(update_fields=["state", "handed_over_on", "handing"])
    text = f"Clé de signature de {key} remise le {day_text(on)}, {key.get_handing_display()}."
    journal_key(key, actor, at, "keys.hand-over", text)
    _settle(key, HANDED_STEP, on, actor, at)
    for old in _renewed_by(key):
        _replace(locked_key(old), key, on, actor, at)
    return key


def _locked_after_its_line(key_id: int) -> SignatureKey:
    """The key, locked after the going-live for which it was made, as `go_live` does: the step of that one is settled
    too, and two that lock in opposite orders would wait for each other.
    """
    made_for = SignatureKey.objects.filter(pk=key_id).values_list("activation_id", flat=True).first()
    if made_for is not None:
        locked_activation(made_for)
    return locked_key(key_id)


def _renewed_by(key: SignatureKey) -> list[int]:
    """The keys in use whose renewal this one is."""
    if key.activation is None:
        return []
    asked = key.activation.version.request_id
    found = SignatureKey.objects.filter(renewal_id=asked, state__in=IN_USE).exclude(pk=key.pk)
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def replace_key(*, key_id: int, by_id: int, on: date, actor: Actor, at: datetime) -> SignatureKey:
    """Say that another key of the same body takes over from a day on. Raises GoingLiveError."""
    key, new = locked_key(key_id), locked_key(by_id)
    if key.pk == new.pk or new.body_id not in (key.body_id, key.body.merged_into_id):
        raise GoingLiveError("Une clé est remplacée par une autre clé de la même collectivité.")
    if new.state not in IN_USE:
        raise GoingLiveError(f"La clé de {new} est {new.state_label} : elle ne remplace rien.")
    if on > timezone.localdate(at):
        raise GoingLiveError("Ce jour est à venir.")
    return _replace(key, new, on, actor, at)


def _replace(key: SignatureKey, new: SignatureKey, on: date, actor: Actor, at: datetime) -> SignatureKey:
    move_key(key, KeyState.REPLACED)
    key.replaced_by, key.ended_on, key.end_reason = new, on, f"remplacée par la clé {new.serial}"
    key.save(update_fields=["state", "replaced_by", "ended_on", "end_reason"])
    text = f"Clé de signature de {key} remplacée le {day_text(on)} par celle de {new}."
    journal_key(key, actor, at, "keys.replace", text)
    return key


@transaction.atomic
def revoke_key(*, key_id: int, on: date, reason: str, actor: Actor, at: datetime) -> SignatureKey:
    """Say that a key was revoked with its authority on a day, and why. Raises GoingLiveError without a reason."""
    key = locked_key(key_id)
    if not clean_line(reason):
        raise GoingLiveError("Dites pourquoi la clé est révoquée : fin de fonction, perte, vol…")
    _check_day(key, on, at)
    move_key(key, KeyState.REVOKED)
    key.ended_on, key.end_reason = on, clean_line(reason)[:1000]
    key.save(update_fields=["state", "ended_on", "end_reason"])
    text = f"Clé de signature de {key} révoquée le {day_text(on)} : {key.end_reason}"
    journal_key(key, actor, at, "keys.revoke", text)
    return key


def _check_day(key: SignatureKey, on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise GoingLiveError("Ce jour est à venir.")
    if on < key.valid_from:
        raise GoingLiveError(f"La clé n'existe que depuis le {day_text(key.valid_from)}.")
    if on > key.valid_until:
        raise GoingLiveError(f"La clé a expiré : son dernier jour était le {day_text(key.valid_until)}.")


@transaction.atomic
def keep_holder(*, key_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Say that the holder of a key stays, whatever an act of the body let think; False when nothing said otherwise."""
    key = locked_key(key_id)
    change = holder_changes(on=on, keys=[key]).get(key.pk)
    if change is None:
        return False
    text = f"Clé de signature de {key} : la personne reste en fonction."
    note(name=change.kept, body_id=key.body_id, on=on, text=text, at=at)
    journal_key(key, actor, at, "keys.keep-holder", text)
    return True
