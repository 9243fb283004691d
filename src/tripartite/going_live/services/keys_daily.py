"""What a day brings to signature keys: their expiry is announced, holders who left, elections. Each thing once.

A module of `DAILY` (jobs/daily.py). What is announced is written as a `Notice` in the same transaction as the letter.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.holders import holder_changes
from tripartite.going_live.queries.key_days import LAPSED, THRESHOLDS, days_left, threshold_due
from tripartite.going_live.queries.keys import UNDER_WAY, election_keys, keys_to_warn_of
from tripartite.going_live.services.key_records import journal_key, locked_key
from tripartite.going_live.states import IN_USE
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of
from tripartite.pricing.french import day_text
from tripartite.pricing.naming import complement
from tripartite.quotes.queries.requests import contacts_of
from tripartite.quotes.services.letters import write_about
from tripartite.quotes.states import RequestState
from tripartite.subscriptions.queries.notices import notices_of, was_announced
from tripartite.subscriptions.services.notices import note

NO_LETTER = "aucun contact à qui écrire : à appeler"


def units(on: date) -> Iterator[Unit]:
    """What there is to announce on a day: `expiry:12:90`, `holder:12:7`, `elections:2032-03-14`."""
    for key, threshold, words in keys_to_warn_of(on=on):
        said = "Clé expirée" if threshold == LAPSED else f"Clé qui expire ({threshold} j)"
        yield Unit(f"expiry:{key}:{threshold}", f"{said} : {words}")
    changes = list(holder_changes(on=on).values())
    told = set(notices_of([change.notice for change in changes])) if changes else set()
    for change in changes:
        if change.notice not in told:
            yield Unit(
                f"holder:{change.key.pk}:{change.mandate_id}", f"Titulaire changé : {change.key.body}, {change.key}"
            )
    elections = settings.CONFIG.elections_on
    if _elections_near(on) and not was_announced(_elections_name(elections)):
        yield Unit(f"elections:{elections}", f"Élections municipales du {day_text(elections)} : clés à revoir")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Announce one of them; False when it was done already, or no longer holds. Raises JobError for another key."""
    match key.split(":"):
        case ["expiry", one, threshold]:
            return announce_expiry(key_id=int(one), threshold=int(threshold), on=on, actor=actor, at=at)
        case ["holder", one, mandate]:
            return announce_holder(key_id=int(one), mandate_id=int(mandate), on=on, actor=actor, at=at)
        case ["elections", day]:
            return announce_elections(elections_on=date.fromisoformat(day), on=on, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} » pour les clés.")


@transaction.atomic
def announce_expiry(*, key_id: int, threshold: int, on: date, actor: Actor, at: datetime) -> bool:
    """Announce, under a threshold, that a key expires: a line for the agents, a letter to the body's contact. Once."""
    key = locked_key(key_id)
    renewed = key.renewal is not None and key.renewal.state in UNDER_WAY
    if key.state not in IN_USE or renewed or threshold_due(key.valid_until, on) != threshold:
        return False
    left = days_left(key.valid_until, on)
    last = day_text(key.valid_until)
    whose = f"La clé de signature de {key} ({key.body.name})"
    words = f"{whose} signe jusqu'au {last} compris : encore {_days(left)}."
    subject = f"Votre clé de signature expire le {last}"
    if threshold == LAPSED:
        words = f"{whose} ne signe plus : elle a expiré le {last}, à minuit."
        subject = f"Votre clé de signature a expiré le {last}"
    name = f"key-expiry:{key.pk}:{threshold}"
    return _announce(key, name, "keys.expiry", subject, (words, _what_follows(key)), on, actor, at)


def _days(left: int) -> str:
    return {0: "aujourd'hui seulement", 1: "un jour après aujourd'hui"}.get(left, f"{left} jours après aujourd'hui")


def _what_follows(key: SignatureKey) -> str:
    state = key.renewal.state if key.renewal else ""
    if state == RequestState.QUOTED:
        return (
            f"Les devis de son renouvellement vous ont été envoyés (dossier {key.renewal}) : répondez-y pour la suite."
        )
    if state in (RequestState.ACCEPTED, RequestState.ENGAGED):
        return f"Son renouvellement est en cours (dossier {key.renewal})."
    return "Pour la renouveler, demandez les devis au centre de gestion : répondez à ce courriel, ou appelez."


@transaction.atomic
def announce_holder(*, key_id: int, mandate_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Announce that the holder of a key seems to have left: a line for the agents, a letter to the contact. Once."""
    key = locked_key(key_id)
    change = holder_changes(on=on, keys=[key]).get(key.pk)
    if change is None or change.mandate_id != mandate_id:
        return False
    paragraphs = (
        f"La clé de signature de {key} est au nom d'une personne qui a quitté cette fonction : {change.words}",
        "Une clé est personnelle : elle se révoque à la fin de fonction, et une autre se commande au nom de qui suit.",
    )
    subject = f"Clé de signature {complement(key.holder_function)} : le titulaire a changé"
    return _announce(key, change.notice, "keys.holder", subject, paragraphs, on, actor, at)


@transaction.atomic
def announce_elections(*, elections_on: date, on: date, at: datetime) -> bool:
    """Tell the agents, once, that municipal elections come and how many keys may change hands then."""
    keys = election_keys(on=elections_on)
    if not keys or not _elections_near(on):
        return False
    text = f"Élections municipales le {day_text(elections_on)} : {len(keys)} clés dont le titulaire peut changer."
    return note(name=_elections_name(elections_on), body_id=None, on=on, text=text, at=at)


def _elections_near(on: date) -> bool:
    return 0 <= days_left(settings.CONFIG.elections_on, on) <= max(THRESHOLDS)


def _elections_name(day: date) -> str:
    return f"key-elections:{day.isoformat()}"


def _announce(  # noqa: PLR0917 - private
    key: SignatureKey,
    name: str,
    kind: str,
    subject: str,
    paragraphs: tuple[str, ...],
    on: date,
    actor: Actor,
    at: datetime,
) -> bool:
    """Write the notice, the letter and the journal together; False when the notice is there already."""
    if was_announced(name):
        return False
    body = bearer_of(key.body)
    asked: Any = contacts_of([body.pk]).get(body.pk)
    told = NO_LETTER
    if asked:
        to = (asked.contact_name, asked.contact_email)
        if write_about(kind=kind, asked=asked, to=to, subject=subject, paragraphs=paragraphs, actor=actor, at=at):
            told = f"courriel à {asked.contact_email}"
    note(name=name, body_id=body.pk, on=on, text=f"{paragraphs[0]} ({told})", at=at)
    journal_key(key, actor, at, kind, f"{paragraphs[0]} ({told})")
    return True
