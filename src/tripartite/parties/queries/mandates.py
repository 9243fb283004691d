"""Who may sign for whom, for what, by which act, on which day: every place that asks for a power asks it here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tripartite.parties.models import Mandate
from tripartite.parties.queries.names import same_person
from tripartite.questions import KEY, Question

QUOTES = Mandate.Purpose.QUOTES
CONVENTION = Mandate.Purpose.CONVENTION
OTHER_BODY = "Cet acte n'habilite personne pour cette collectivité."
OTHER_ISSUER = "Cet acte n'habilite personne pour cet émetteur."
NAMED: dict[str, tuple[str, str]] = {
    Mandate.Act.DELIBERATION: ("la délibération", "devenue"),
    Mandate.Act.DELEGATION: ("l'arrêté de délégation", "devenu"),
    Mandate.Act.DECISION: ("la décision", "devenue"),
}


@dataclass(frozen=True, slots=True)
class Power:
    """What is to be empowered: who, for whom (a public body by its key, or an issuer by its code), for what.

    Without a `person`, whoever the act names.
    """

    purpose: str
    body_id: int | None = None
    issuer: str | None = None
    person: str | None = None


def _with_whom() -> QuerySet[Mandate]:
    return Mandate.objects.select_related("body", "issuer")


BY_KEY = Question[Mandate](lambda key: _with_whom().filter(pk=key).order_by()[:1], KEY)
OF_BODY = Question[Mandate](lambda body: _with_whom().filter(body=body), KEY)


def mandate_by_id(mandate_id: int) -> Mandate | None:
    return BY_KEY.sole(mandate_id)


def mandates_of(*, body_id: int | None = None, issuer: str | None = None) -> list[Mandate]:
    """The acts recorded for a public body, or for the issuer of that code; the latest first."""
    if body_id is not None:
        return OF_BODY.ask(body_id)
    return list(_with_whom().filter(issuer__code=issuer))


def why_not_ended(mandate: Mandate) -> str:
    """Why the end of a power is not to be noted; « » while it has none."""
    return f"La fin est déjà notée : {mandate.valid_until:%d/%m/%Y}." if mandate.valid_until else ""


def mandates_of_bodies(body_ids: Collection[int]) -> dict[int, list[Mandate]]:
    """The acts of several public bodies, by body, the latest first: one query."""
    found: dict[int, list[Mandate]] = {body_id: [] for body_id in body_ids}
    for mandate in Mandate.objects.filter(body__in=body_ids):
        found[mandate.body_id or 0].append(mandate)
    return found


def recorded_scans(document_ids: Collection[int]) -> set[int]:
    """Which of these papers are the copy of a recorded act: one query."""
    kept = Mandate.objects.filter(document__in=document_ids).values_list("document_id", flat=True)
    return {key for key in kept if key is not None}


def what_power_lacks(mandate: Mandate | None, power: Power, *, on: date) -> str:
    """Why an act does not give that power on a day, in French; « » when it does: this person, this body, this object,
    enforceable that day.
    """
    return why_not_theirs(mandate, power) or what_mandate_lacks(mandate, on=on)  # type: ignore[arg-type]


def why_not_theirs(mandate: Mandate | None, power: Power) -> str:
    """Why an act can never give that power, whatever is completed in it: of another body or issuer, for another person,
    for something else; « » when it can."""
    if mandate is None:
        return "L'acte qui habilite cette personne n'est pas enregistré."
    theirs = mandate.issuer.code if mandate.issuer else None
    if (mandate.body_id, theirs) != (power.body_id, power.issuer):
        return OTHER_ISSUER if power.issuer else OTHER_BODY
    if power.person is not None and not same_person(mandate.person, power.person):
        return f"Cet acte habilite {mandate.person}, et non {power.person}."
    if mandate.covers and power.purpose not in mandate.covers:
        return (
            f"Cet acte n'habilite pas à {Mandate.Purpose(power.purpose).label} : il vaut pour {mandate.covers_words}."
        )
    return ""


def what_mandate_lacks(mandate: Mandate, *, on: date) -> str:
    """Why the act does not empower its person on a day, in French; « » when it does.

    An election empowers from its own day, the other acts from the day they are enforceable; none after its last day.
    """
    if mandate.act != Mandate.Act.ELECTION:
        named, become = NAMED[mandate.act]
        if mandate.enforceable_on is None:
            return f"La date à laquelle {named} est {become} exécutoire manque (transmission, publication)."
        if on < mandate.enforceable_on:
            return f"{named[:1].upper()}{named[1:]} n'est exécutoire qu'à partir du {mandate.enforceable_on:%d/%m/%Y}."
    if on < mandate.adopted_on:
        return f"L'acte est du {mandate.adopted_on:%d/%m/%Y}."
    if mandate.valid_until is not None and on > mandate.valid_until:
        return f"{mandate.person} n'a plus ce pouvoir depuis le {mandate.valid_until:%d/%m/%Y}."
    return ""


def declared_only(declared: date, received: date) -> str:
    """Why a power is judged on the day an act was received too: the one that it bears is only declared."""
    return f"La date du {declared:%d/%m/%Y} n'est que déclarée ; le {received:%d/%m/%Y}, jour où l'acte est reçu :"


def empowers_from(mandate: Mandate) -> date | None:
    """The first day on which an act empowers its person; None while the day on which it is enforceable is missing."""
    if mandate.act == Mandate.Act.ELECTION:
        return mandate.adopted_on
    return mandate.enforceable_on


def power_of(power: Power, *, on: date) -> Mandate | None:
    """The latest act that gives that power on a day."""
    acts = mandates_of(body_id=power.body_id, issuer=power.issuer)
    return next((act for act in acts if not what_power_lacks(act, power, on=on)), None)


def best_act(power: Power, *, on: date) -> Mandate | None:
    """The act that gives that power on a day; else the latest that will, once completed or enforceable; None when there
    is none."""
    acts = [
        act
        for act in mandates_of(body_id=power.body_id, issuer=power.issuer)
        if not why_not_theirs(act, power) and (act.valid_until is None or act.valid_until >= on)
    ]
    return next((act for act in acts if not what_mandate_lacks(act, on=on)), acts[0] if acts else None)
