"""What the page of a body gathers from its files: what comes next, whom to answer, the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from tripartite.accounts.queries import waiting_deposits
from tripartite.conventions.queries.conventions import upcoming
from tripartite.conventions.states import GIVEN_UP, ConventionState
from tripartite.journal.queries import entries_about_any
from tripartite.quotes.queries.accords import accords_of_requests, what_accords_lack
from tripartite.quotes.states import TAKES_ACTS, RequestState
from tripartite.web.going_live.card import Card, ahead, cards_of

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention
    from tripartite.going_live.models import Activation
    from tripartite.journal.models import Entry
    from tripartite.quotes.models import Answer, Quote, Request

LIVING = frozenset(set(ConventionState) - GIVEN_UP - {ConventionState.ENDED})
LATEST = 60
TO_JUSTIFY = "Enregistrer l'acte qui habilite la personne qui a accepté"
TO_READ = "Lire l'acte déposé par la collectivité, et l'enregistrer"


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens next to a file: which one, what, by whom, since when."""

    name: str
    address: str
    words: str
    by: str
    since: date | datetime | None


def what_goes_live(activations: Sequence[Activation], *, on: date) -> list[Coming]:
    """What each file of a body still has to set going, by whom, since when."""
    files: dict[str, list[Card]] = {}
    for card in cards_of(activations, on=on) if activations else ():
        files.setdefault(card.activation.version.request.reference, []).append(card)
    return [
        Coming(reference, reverse("request", args=[reference]), left.words, left.by, left.since)
        for reference, cards in files.items()
        if (left := ahead(cards))
    ]


def what_comes(
    asked: Sequence[Request], quotes: Mapping[int, Mapping[str, Quote]], conventions: Sequence[Convention], *, on: date
) -> list[Coming]:
    """What each open request and each living convention of a body waits for; an amendment in force, for nothing."""
    under_way = {one.request_id for one in conventions if one.state not in GIVEN_UP}
    deposits = waiting_deposits([one.pk for one in asked if one.state in TAKES_ACTS])
    found = [
        Coming(one.reference, reverse("request", args=[one.reference]), TO_READ, "un agent", deposits[one.pk][0].at)
        for one in asked
        if one.pk in deposits
    ]
    accepted = [one.pk for one in asked if one.state == RequestState.ACCEPTED and one.pk not in under_way]
    accords = accords_of_requests(accepted)
    found += [
        Coming(one.reference, reverse("request", args=[one.reference]), *said)
        for one in asked
        if one.pk not in under_way
        and (said := _of_request(one, list(quotes.get(one.pk, {}).values()), accords.get(one.pk, []), on))
    ]
    for one in conventions:
        if one.state not in LIVING or (one.parent_id and one.state == ConventionState.IN_FORCE):
            continue
        coming = upcoming(one)
        address = reverse("convention", args=[one.pk])
        since = None if one.state == ConventionState.IN_FORCE else coming.since
        found.append(Coming(str(one), address, coming.words, coming.by, since))
    return found


def _of_request(
    asked: Request, quotes: list[Quote], accords: list[Answer], on: date
) -> tuple[str, str, date | datetime] | None:
    if asked.state == RequestState.RECEIVED:
        words = "Chiffrer ce qui doit l'être, puis émettre les devis"
        return words, "un agent", asked.changed_at or asked.created_at
    if asked.state == RequestState.ACCEPTED:
        if what_accords_lack(asked, accords, on=on):
            return TO_JUSTIFY, "un agent", accords[-1].recorded_at
        return "Préparer la convention", "un agent", quotes[0].version.issued_on if quotes else asked.created_at
    if asked.state != RequestState.QUOTED or not quotes:
        return None
    last = min(quote.valid_until for quote in quotes)
    if on > last:
        return "Devis expirés : émettre une nouvelle version, ou annuler la demande", "un agent", last
    words = f"Répondre aux devis, valables jusqu'au {last:%d/%m/%Y} compris"
    return words, "la collectivité", quotes[0].version.issued_on


def contacts_of(asked: Iterable[Request]) -> list[Request]:
    """The last requests that name somebody, one a person: the newest word on each."""
    found: dict[str, Request] = {}
    for one in asked:
        key = (one.contact_email or one.contact_name or one.contact_phone).casefold()
        if key:
            found.setdefault(key, one)
    return list(found.values())


def journal_of(own: Sequence[Entry], asked: Iterable[Request]) -> list[Entry]:
    """The latest entries about a body (`own`) and its files, the newest first: one query."""
    files = list(entries_about_any("request", [one.pk for one in asked]))
    return sorted((*own, *files), key=lambda entry: (entry.at, entry.pk), reverse=True)[:LATEST]
