"""How a convention ends by the will of a party: foreseen with its reasons, recorded, annulled before it takes effect.

The rules are those of the text that the parties signed. A notice is judged by the term that holds the day it was
received, whenever it is recorded: in time and recorded after the renewal, it undoes that renewal.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Convention, Ending
from tripartite.conventions.printout.casting import cast_as_signed
from tripartite.conventions.queries.closed import why_not_ended
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.ending_letters import tell_annulled, tell_ending
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.records import journal, locked
from tripartite.conventions.services.running import carry_amendments
from tripartite.conventions.states import ConventionState
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of, issuers
from tripartite.pricing.calendar import Deadline
from tripartite.pricing.endings import Effect, EndingError, EndingRule, Foreseen, Lasting, Moment, foresee
from tripartite.pricing.naming import legal_name
from tripartite.typed import clean_line

BENEFICIARY = "beneficiary"
VERBS = {Moment.TERM: "dénoncée"}
NO_REASON = "sans motif, le texte n'en demande pas"


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """A notice as a party gave it: by which ground (None: the one that this party has), received when, and why.

    `party` is a role, the code or name of an issuer, or the name of the beneficiary; `formal_on` the day on which a
    formal notice was received.
    """

    party: str
    received_on: date
    reason: str
    ground: str | None = None
    formal_on: date | None = None


def rules_of(convention: Convention) -> tuple[EndingRule, ...]:
    """How a convention ends, by the text that its parties signed."""
    return cast_as_signed(convention.text.text, [one.role for one in convention.signatories.all()]).rules


def preview_ending(*, convention_id: int, notice: NoticeGiven, at: datetime) -> Foreseen:
    """What a notice would do, each day with its reason; nothing is written. Raises ConventionError where recording it
    would."""
    convention = convention_by_id(convention_id)
    if convention is None:
        raise ConventionError("Cette convention n'existe pas.")
    return _judge(convention, notice, at).foreseen


def service_grounds(convention_id: int) -> list[tuple[str, str]]:
    """By which grounds the text signed lets one service end without a fault: their keys and words."""
    convention = convention_by_id(convention_id)
    signed = convention and (convention.parent or convention)
    rules = rules_of(signed) if signed else ()
    return [(rule.key, rule.ground) for rule in rules if rule.effect is Effect.SERVICE]


def foresee_service_ending(
    *, convention_id: int, ground: str, received_on: date, anchor_on: date, on: date
) -> Foreseen:
    """What a notice received on a day does to one service that first ran on `anchor_on`.

    Raises ConventionError when the text gives no such ground, or the convention does not run.
    """
    convention = convention_by_id(convention_id)
    if convention is None or convention.state != ConventionState.IN_FORCE:
        raise ConventionError("Cette convention n'est pas en vigueur.")
    if received_on > on:
        raise ConventionError("La date de réception est à venir.")
    signed = convention.parent or convention
    rule = next((one for one in rules_of(signed) if one.key == ground and one.effect is Effect.SERVICE), None)
    if rule is None:
        raise ConventionError("La convention ne donne pas ce motif.")
    try:
        return foresee(rule, _lasting(signed), received_on=received_on, anchor_on=anchor_on)
    except EndingError as refusal:
        raise ConventionError(str(refusal)) from None


@transaction.atomic
def end_convention(*, convention_id: int, notice: NoticeGiven, actor: Actor, at: datetime) -> Foreseen:
    """Record that a party ends the convention, or withdraws its part, by a ground of the text that it signed.

    The last day is computed from the day of receipt; when it is past already, the day's work ends the convention. A
    renewal that the notice prevented is undone. The parties are told. Raises ConventionError.
    """
    convention = locked(convention_id)
    judged = _judge(convention, notice, at)
    role, rule, foreseen = judged.role, judged.rule, judged.foreseen
    notice = replace(notice, reason=clean_line(notice.reason) or NO_REASON)
    party = _short_name(convention, role)
    ending = Ending.objects.create(
        convention=convention,
        ground=rule.key,
        label=rule.ground,
        effect=rule.effect,
        role=role,
        received_on=notice.received_on,
        formal_on=notice.formal_on,
        last_day=foreseen.last_day,
        why=foreseen.why,
        reason=notice.reason[:1000],
        recorded_by=actor.label,
        recorded_at=at,
    )
    if rule.effect is Effect.OWN_PART:
        text = f"{convention} : {rule.ground} ({notice.reason}) ; {foreseen.why}. Les services continuent."
        journal(convention, actor, at, "conventions.withdraw-part", text, ending=ending.pk)
    else:
        _note(convention, rule, foreseen, party, notice, actor, at)
    said = _party_name(convention, role)
    tell_ending(convention=convention, ending=ending, party=said, reasons=foreseen.reasons, actor=actor, at=at)
    return foreseen


def _note(  # noqa: PLR0917 - one act of several, inside another
    convention: Convention,
    rule: EndingRule,
    foreseen: Foreseen,
    party: str,
    notice: NoticeGiven,
    actor: Actor,
    at: datetime,
) -> None:
    _set_term(convention, min(foreseen.last_day, timezone.localdate(at)), notice, actor, at)
    verb = VERBS.get(rule.at, "résiliée")
    convention.ends_on = convention.ended_on = foreseen.last_day
    convention.end_reason = f"{verb} par {party}{'' if notice.reason == NO_REASON else f' : {notice.reason}'}"
    convention.save()
    if rule.at is Moment.TERM:
        text = (
            f"{convention} dénoncée par {party} : dernier jour le {foreseen.last_day:%d/%m/%Y} compris"
            f" ({foreseen.why})."
        )
        journal(convention, actor, at, "conventions.denounce", text)
    else:
        text = f"{convention} résiliée par {party} ({rule.ground} : {notice.reason}) ; {foreseen.why}."
        journal(convention, actor, at, "conventions.terminate", text)
    carry_amendments(convention, actor, at)


def _set_term(convention: Convention, day: date, notice: NoticeGiven, actor: Actor, at: datetime) -> None:
    """Put the convention in the term that holds a day: renewals recorded after the notice are undone, those that the
    day's work had yet to do are done; both are told."""
    lasting = _lasting(convention)
    term = lasting.term_of(day)
    number = term.number if term else lasting.renewals
    for undone in lasting.terms[number + 1 : convention.renewed + 1]:
        text = (
            f"{convention} : la reconduction tacite du {undone.starts_on:%d/%m/%Y} est annulée, l'écrit ayant été reçu"
            f" le {notice.received_on:%d/%m/%Y}, avant elle."
        )
        journal(convention, actor, at, "conventions.undo-renewal", text)
    for done in lasting.terms[convention.renewed + 1 : number + 1]:
        text = f"{convention} reconduite tacitement jusqu'au {done.ends_on:%d/%m/%Y} compris."
        journal(convention, actor, at, "conventions.renew", text)
    convention.renewed = number


@transaction.atomic
def annul_ending(*, ending_id: int, reason: str, actor: Actor, at: datetime) -> Convention:
    """Annul an ending before it takes effect, with a reason: the convention goes on as if it had not been given.

    The parties are told. Raises ConventionError when it took effect, or was annulled.
    """
    found = _ending(ending_id)
    convention = locked(found.convention_id)
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    why = _check_annulment(ending, convention, reason, at)
    ending.annulled_at, ending.annulled_by, ending.annulled_because = at, actor.label, why[:1000]
    ending.save()
    if ending.effect == Effect.CONVENTION:
        convention.ended_on, convention.end_reason = None, ""
        convention.ends_on = _lasting(convention).terms[convention.renewed].ends_on
        convention.save()
        carry_amendments(convention, actor, at)
    text = f"{convention} : la fin du {ending.last_day:%d/%m/%Y} ({ending.label}) est annulée ({why})."
    journal(convention, actor, at, "conventions.annul-ending", text, ending=ending.pk)
    tell_annulled(convention=convention, ending=ending, actor=actor, at=at)
    return convention


def preview_annulment(*, ending_id: int, reason: str, at: datetime) -> Ending:
    """The ending that would be annulled; nothing is written. Raises ConventionError where annulling it would."""
    found = _ending(ending_id)
    _check_annulment(found, found.convention, reason, at)
    return found


def _ending(ending_id: int) -> Ending:
    found = Ending.objects.select_related("convention").filter(pk=ending_id).first()
    if found is None:
        raise ConventionError("Cette fin n'existe pas.")
    return found


def _check_annulment(ending: Ending, convention: Convention, reason: str, at: datetime) -> str:
    """Why an ending is annulled, cleaned. Raises ConventionError when it cannot be."""
    if not (why := clean_line(reason)):
        raise ConventionError("Dites pourquoi cette fin est annulée.")
    if ending.annulled_at is not None:
        raise ConventionError("Cette fin est déjà annulée.")
    if ending.last_day < timezone.localdate(at) or convention.state != ConventionState.IN_FORCE:
        raise ConventionError(f"Cette fin a pris effet le {ending.last_day:%d/%m/%Y} : elle ne s'annule plus.")
    return why


def denounce_convention(
    *, convention_id: int, received_on: date, party: str, reason: str, actor: Actor, at: datetime
) -> Deadline:
    """Record that a party refuses the tacit renewal: the convention ends at the term in which it was received.

    Raises ConventionError when the notice came after its last day.
    """
    convention = locked(convention_id)
    rule = next((one for one in rules_of(convention) if one.at is Moment.TERM), None)
    if rule is None:
        raise ConventionError("Il n'y a pas de reconduction à dénoncer : la convention s'arrête à son terme.")
    notice = NoticeGiven(party, received_on, reason, rule.key)
    done = end_convention(convention_id=convention_id, notice=notice, actor=actor, at=at)
    return Deadline(done.last_day, done.why)


def terminate_convention(
    *,
    convention_id: int,
    received_on: date,
    party: str,
    reason: str,
    actor: Actor,
    at: datetime,
    ground: str | None = None,
    formal_on: date | None = None,
) -> Deadline:
    """Record a termination, by a ground of the text or the one that the party has without another's fault: the last day
    is computed and explained. Raises ConventionError."""
    notice = NoticeGiven(party, received_on, reason, ground, formal_on)
    done = end_convention(convention_id=convention_id, notice=notice, actor=actor, at=at)
    return Deadline(done.last_day, done.why)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A notice, judged by the text: whose it is, by which of its rules, and what it does."""

    role: str
    rule: EndingRule
    foreseen: Foreseen


def _judge(convention: Convention, notice: NoticeGiven, at: datetime) -> _Judged:
    """What a notice is and does, shown or recorded alike. Raises ConventionError when it cannot be recorded."""
    _check_running(convention, notice.received_on, at)
    if not clean_line(notice.party):
        raise ConventionError("Dites qui met fin à la convention.")
    role = _role(convention, notice.party)
    rule = _rule(convention, notice, role)
    if rule.needs_reason and not clean_line(notice.reason):
        raise ConventionError("Dites pourquoi cette partie met fin à la convention.")
    foreseen = _foreseen(convention, rule, notice)
    if rule.effect is Effect.OWN_PART:
        _check_part(convention)
    return _Judged(role, rule, foreseen)


def _foreseen(convention: Convention, rule: EndingRule, notice: NoticeGiven) -> Foreseen:
    try:
        lasting = _lasting(convention)
        found = foresee(rule, lasting, received_on=notice.received_on, formal_on=notice.formal_on)
    except EndingError as refusal:
        raise ConventionError(str(refusal)) from None
    if rule.effect is not Effect.CONVENTION:
        return found
    undone = [
        f"La reconduction tacite du {term.starts_on:%d/%m/%Y} est annulée : l'écrit a été reçu à temps."
        for term in lasting.terms[: convention.renewed + 1]
        if term.starts_on > found.last_day
    ]
    return replace(found, reasons=(*found.reasons, *undone))


def _lasting(convention: Convention) -> Lasting:
    starts = convention.in_force_on
    assert starts is not None  # noqa: S101 - a constraint of the table: it is in force
    renewals = max(convention.tacit_renewals, convention.renewed)
    return Lasting(starts, convention.years, renewals, convention.notice_months)


def _rule(convention: Convention, notice: NoticeGiven, role: str) -> EndingRule:
    rules = [one for one in rules_of(convention) if one.effect is not Effect.SERVICE]
    if notice.ground is None:
        found = next((one for one in rules if role in one.by and one.at in {Moment.NOTICE, Moment.DUE_DATE}), None)
    else:
        found = next((one for one in rules if one.key == notice.ground and role in one.by), None)
    if found is None:
        raise ConventionError("La convention ne donne pas ce motif à cette partie.")
    return found


def _role(convention: Convention, party: str) -> str:
    """The role of a party, by itself or by a name of it. Raises ConventionError."""
    wanted = clean_line(party).casefold()
    body = convention.beneficiary
    names = {BENEFICIARY: {BENEFICIARY, body.name, bearer_of(body).name}}
    names |= {issuer.code: {issuer.code, issuer.name, issuer.short_name} for issuer in issuers()}
    signing = [one.role for one in convention.signatories.all()]
    for one in cast_as_signed(convention.text.text, signing).signatories:
        names.setdefault(one.code, {one.code}).add(one.called)
    found = next((role for role in signing if wanted in {word.casefold() for word in names[role]}), None)
    if found is None:
        raise ConventionError("Dites quelle partie met fin à la convention : elle doit l'avoir signée.")
    return found


def _short_name(convention: Convention, role: str) -> str:
    issuer = next((one for one in issuers() if one.code == role), None)
    return (issuer.short_name or issuer.name) if issuer else convention.beneficiary.name


def _party_name(convention: Convention, role: str) -> str:
    issuer = next((one for one in issuers() if one.code == role), None)
    body = convention.beneficiary
    return (legal_name(issuer.name) if issuer else body.legal).named


def _check_running(convention: Convention, received_on: date, at: datetime) -> None:
    if refusal := why_not_ended(convention):
        raise ConventionError(refusal)
    if received_on > timezone.localdate(at):
        raise ConventionError("La date de réception est à venir.")
    if convention.in_force_on is not None and received_on < convention.in_force_on:
        raise ConventionError(f"La convention n'est en vigueur que depuis le {convention.in_force_on:%d/%m/%Y}.")


def _check_part(convention: Convention) -> None:
    if Ending.objects.filter(convention=convention, effect=Effect.OWN_PART, annulled_at=None).exists():
        raise ConventionError("Un retrait est déjà noté : un autre mettrait fin à la convention.")
