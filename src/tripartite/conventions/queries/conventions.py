"""Questions about conventions: one with all that its page says, those of a file, what each waits for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, F, Prefetch, Q, QuerySet

from tripartite.conventions.models import Convention, Signatory, TextVersion
from tripartite.conventions.queries.holdings import services_in_force, starts_from, sum_of
from tripartite.conventions.states import GIVEN_UP, SIGNABLE, ConventionState, TextState, Way
from tripartite.documents.queries import document_by_id
from tripartite.many import Among, keys_told
from tripartite.parties.queries.bodies import lineage_of
from tripartite.parties.queries.mandates import CONVENTION, Power, mandate_by_id, what_power_lacks
from tripartite.parties.queries.search import named
from tripartite.pricing.calendar import last_notice_day
from tripartite.questions import KEY, KEYS, Question
from tripartite.quotes.queries.requests import accepted_numbers

BENEFICIARY = "beneficiary"
"""The role of whoever signs in the name of the beneficiary; the other roles are codes of issuers."""


SIGNATORIES = Prefetch("signatories", Signatory.objects.select_related("signature", "refusal", "mandate"))
"""Those who sign, with what each did: one query, however many sign."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What happens next: what, by whom, since when."""

    words: str
    by: str
    since: date | datetime


def _with_all() -> QuerySet[Convention]:
    related = ("request", "beneficiary", "version", "text", "document", "parent")
    return Convention.objects.select_related(*related).prefetch_related(SIGNATORIES)


BY_KEY = Question[Convention](lambda key: _with_all().filter(pk=key).order_by()[:1], KEY)
BY_NUMBER = Question[Convention](lambda number: _with_all().filter(number=number).order_by()[:1], CharField())
OF_REQUEST = Question[Convention](lambda request: _with_all().filter(request=request), KEY)
OF_BENEFICIARIES = Question[Convention](lambda bodies: _with_all().filter(Among("beneficiary", bodies)), KEYS)


def convention_by_id(convention_id: int) -> Convention | None:
    """A convention with its signatories, their acts, signatures and refusals: two queries."""
    return BY_KEY.sole(convention_id)


def conventions_by_id(convention_ids: Collection[int]) -> dict[int, Convention]:
    """Several conventions with their requests, by their keys: one query."""
    return Convention.objects.select_related("request").in_bulk(list(convention_ids))


def convention_by_number(number: str) -> Convention | None:
    """A sent convention by its number."""
    return BY_NUMBER.sole(number.strip()) if number.strip() else None


def conventions_of_request(request_id: int) -> list[Convention]:
    """The conventions of a file, the latest first."""
    return OF_REQUEST.ask(request_id)


def conventions_of_bodies(body_ids: Collection[int]) -> list[Convention]:
    """The conventions of bodies, the latest first: of one and of those merged into it (`lineage_of`), whose conventions
    it goes on with.
    """
    return OF_BENEFICIARIES.ask(keys_told(body_ids))


def convention_list(*, state: str = "", text: str = "") -> QuerySet[Convention]:
    """Conventions with what a line of a list says, the latest first, by state and by words of the number or of the
    beneficiary: two queries."""
    found = Convention.objects.select_related("beneficiary", "parent").prefetch_related(SIGNATORIES)
    if state in set(ConventionState):
        found = found.filter(state=state)
    for word in text.split()[:8]:
        found = found.filter(named(word, "beneficiary") | Q(number__icontains=word))
    return found


def conventions_to_amend(body_id: int, order: Mapping[str, Any], *, offer: str) -> list[Convention]:
    """The conventions in force of a body, or of those it took over, that an order of their offer would change: what
    they hold is what it says to be in service."""
    if not order.get("in_service"):
        return []
    running = _with_all().filter(
        beneficiary_id__in=lineage_of(body_id),
        request__offer=offer,
        state=ConventionState.IN_FORCE,
        parent__isnull=True,
    )
    held = [(one, services_in_force(one)) for one in running.filter(ended_on__isnull=True)]
    return [
        one
        for one, own in held
        if starts_from(order, own, sum_of(other for another, other in held if another.pk != one.pk))
    ]


def amendments_of(convention_id: int) -> list[Convention]:
    """The amendments of a convention, those given up apart, in the order in which they were prepared."""
    found = _with_all().filter(parent_id=convention_id).exclude(state__in=GIVEN_UP)
    return list(found.order_by("created_at", "pk"))


def conventions_to_advance(*, on: date) -> list[Convention]:
    """Those to which a day brings something: signed and due, or in force past their last day (an amendment follows its
    convention)."""
    due = Q(state=ConventionState.SIGNED, due_on__lte=on)
    due |= Q(state=ConventionState.IN_FORCE, ends_on__lt=on, parent__isnull=True)
    return list(Convention.objects.filter(due).select_related("beneficiary").order_by("pk"))


def conventions_in_force(*, on: date) -> QuerySet[Convention]:
    """The conventions and amendments in force since that day at the latest, or that the day's own work puts in force;
    bare: to be narrowed by who asks.
    """
    due = Q(state=ConventionState.SIGNED, due_on__lte=on)
    return Convention.objects.filter(Q(state=ConventionState.IN_FORCE, in_force_on__lte=on) | due)


def conventions_ended(*, on: date) -> QuerySet[Convention]:
    """The conventions whose last day (`ended_on`) is known, and those that the day's own work ends (`ends_on`): past
    their term with no renewal left. Bare: to be narrowed by who asks.
    """
    past = Q(state=ConventionState.IN_FORCE, ends_on__lt=on, parent__isnull=True, renewed__gte=F("tacit_renewals"))
    return Convention.objects.filter(Q(ended_on__isnull=False) | past)


def signatory_by_id(signatory_id: int) -> Signatory | None:
    return (
        Signatory.objects.select_related("convention__request", "convention__document", "mandate")
        .filter(pk=signatory_id)
        .first()
    )


def adopted_text(kind: str, *, offer: str = "") -> TextVersion | None:
    """The text model that new papers of a kind use: that of their offer, else the one that is for all."""
    adopted = TextVersion.objects.filter(kind=kind, state=TextState.ADOPTED)
    return adopted.filter(offer__in=("", offer)).order_by("-offer").first()


def text_versions() -> list[TextVersion]:
    """Every text model, the latest first."""
    return list(TextVersion.objects.all())


def text_by_code(code: str) -> TextVersion | None:
    return TextVersion.objects.filter(code=code).first()


def waiting_signatories(convention: Convention) -> list[Signatory]:
    """Those who have not signed yet, in their order; none when signatures are not awaited."""
    if convention.state not in SIGNABLE:
        return []
    return [one for one in convention.signatories.all() if not hasattr(one, "signature")]


def what_signatory_lacks(signatory: Signatory, *, on: date) -> str:
    """Why a signature of this person on a day would not bind, in French; « » when it would."""
    if signatory.mandate_id is None:
        return "L'acte qui habilite ce signataire n'est pas enregistré."
    mandate, power = mandate_by_id(signatory.mandate_id), power_to_sign(signatory)
    return what_power_lacks(mandate, power, on=on)


def power_to_sign(signatory: Signatory) -> Power:
    """What an act has to give whoever signs for a party; without a name, whoever it names."""
    person = signatory.name or None
    if signatory.role == BENEFICIARY:
        return Power(purpose=CONVENTION, body_id=signatory.convention.beneficiary_id, person=person)
    return Power(purpose=CONVENTION, issuer=signatory.role, person=person)


def current_document_id(convention: Convention) -> int | None:
    """The latest electronic revision, which the next signatory gets; the unsigned paper when there is none."""
    return next(reversed(revisions_of(convention)), None)


def revisions_of(convention: Convention) -> list[int]:
    """The paper that was sent, then each electronic revision of it, in order; none before the sending."""
    signed = [one.signature for one in convention.signatories.all() if hasattr(one, "signature")]
    found = [convention.document_id] if convention.document_id else []
    ordered = sorted(signed, key=lambda each: (each.recorded_at, each.pk))
    return found + [each.document_id for each in ordered if each.way != Way.PAPER]


def upcoming(convention: Convention) -> Upcoming:
    """What happens next to a convention or an amendment, by whom, since when."""
    state = ConventionState(convention.state)
    what = "l'avenant" if convention.parent_id else "la convention"
    if state is ConventionState.DRAFT:
        return Upcoming(f"Envoyer {what} à la signature", "un agent", convention.created_at)
    if state in SIGNABLE:
        missing = waiting_signatories(convention)
        names = ", ".join(one.name or "signataire à désigner" for one in missing)
        return Upcoming(f"Signer {what}", names, missing[0].asked_at or convention.created_at)
    if state is ConventionState.SIGNED:
        signed = max((one.signature.recorded_at for one in convention.signatories.all()), default=convention.created_at)
        return Upcoming(f"Entrer en vigueur le {convention.due_on:%d/%m/%Y}", "", signed)
    if state is ConventionState.IN_FORCE:
        return _while_in_force(convention)
    ended = convention.ended_on or convention.created_at
    if state is ConventionState.REFUSED:
        another = "un autre avenant" if convention.parent_id else "une autre convention"
        why = convention.end_reason.removesuffix(".")
        words = f"Préparer {another} depuis la demande, changer celle-ci, ou l'annuler : {why}"
        return Upcoming(words, "un agent", ended)
    return Upcoming(f"Plus rien : {convention.state_label} ({convention.end_reason})", "", ended)


def _while_in_force(convention: Convention) -> Upcoming:
    since = convention.in_force_on or convention.created_at
    if convention.parent is not None:
        return Upcoming(f"Suivre la convention {convention.parent.number}, jusqu'à la fin de celle-ci", "", since)
    if convention.ended_on is not None:
        words = f"Dernier jour le {convention.ended_on:%d/%m/%Y} compris : convention {convention.end_reason}"
        return Upcoming(words, "", since)
    if convention.ends_on is None:
        return Upcoming("Plus rien à faire", "", since)
    if convention.renewed < convention.tacit_renewals:
        notice = last_notice_day(convention.ends_on, convention.notice_months)
        first = convention.ends_on + timedelta(days=1)
        words = f"Reconduction tacite le {first:%d/%m/%Y}, sauf dénonciation reçue au plus tard le"
        return Upcoming(f"{words} {notice:%d/%m/%Y}", "", since)
    return Upcoming(f"Terme le {convention.ends_on:%d/%m/%Y} compris", "", since)


def papers_of(convention: Convention) -> list[int]:
    """The papers of a convention, in the order in which they were made: its text, then each signature's, or the letter
    of who refused."""
    found = [convention.document_id] if convention.document_id else []
    signatories = list(convention.signatories.all())
    signed = [getattr(one, name) for one in signatories for name in ("signature", "refusal") if hasattr(one, name)]
    found += [each.document_id for each in sorted(signed, key=lambda each: (each.recorded_at, each.pk))]
    return [key for key in found if key is not None and document_by_id(key) is not None]


def quotes_of_conventions(convention_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """The number of the accepted quote that each convention or amendment comes from, issuer by issuer: two queries."""
    versions = dict(Convention.objects.filter(pk__in=convention_ids).order_by("pk").values_list("pk", "version_id"))
    numbers = accepted_numbers(set(versions.values()))
    return {
        (convention, issuer): number
        for convention, version in versions.items()
        for issuer, number in numbers.get(version, {}).items()
    }


class Origin(NamedTuple):
    """What a convention or an amendment goes back to: the convention itself (`root`, its number), who signed it, the
    file of the act.
    """

    root: int
    number: str
    beneficiary_id: int
    request_id: int


def origins_of(convention_ids: Collection[int]) -> dict[int, Origin]:
    """The origin of each convention or amendment: one query."""
    found = Convention.objects.filter(pk__in=convention_ids).select_related("parent")
    return {
        one.pk: Origin(one.parent_id or one.pk, (one.parent or one).number or "", one.beneficiary_id, one.request_id)
        for one in found
    }
