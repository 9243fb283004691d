"""Keys held under a name that no longer holds the function: the acts recorded for the body say it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.key_days import same_function
from tripartite.going_live.states import IN_USE
from tripartite.parties.queries.mandates import mandates_of_bodies
from tripartite.parties.queries.names import same_person
from tripartite.subscriptions.queries.notices import notices_of

ADVICE = (
    "À faire : révoquer cette clé à la fin de fonction et en commander une au nom de qui la remplace ; si la personne"
    " reste en fonction, le dire."
)


@dataclass(frozen=True, slots=True)
class HolderChange:
    """Why a key's holder may have left: the act that says so, in words; `advice` is what to do."""

    key: Any
    mandate_id: int
    words: str
    advice: str = ADVICE

    @property
    def notice(self) -> str:
        """The name under which it is announced, once."""
        return f"key-holder:{self.key.pk}:{self.mandate_id}"

    @property
    def kept(self) -> str:
        """The name under which an agent says that the holder stays all the same."""
        return f"key-holder-kept:{self.key.pk}:{self.mandate_id}"


def holder_changes(*, on: date, keys: Collection[Any] | None = None) -> dict[int, HolderChange]:
    """The keys in use whose holder has changed by a day, by key: three queries. Without `keys`, among all of them."""
    found = _suspects(on) if keys is None else [one for one in keys if _in_use(one, on)]
    if not found:
        return {}
    acts = mandates_of_bodies({one.body_id for one in found})
    changes = [change for one in found if (change := _change(one, acts[one.body_id], on))]
    names = [change.kept for change in changes]
    kept = set(notices_of(names)) if names else set()
    return {change.key.pk: change for change in changes if change.kept not in kept}


def _in_use(key: Any, on: date) -> bool:
    return key.state in IN_USE and key.valid_until >= on


def _suspects(on: date) -> list[SignatureKey]:
    """The keys in use of bodies where an act ended, or was taken, since the key was made."""
    ended = Q(body__mandates__valid_until__lt=on, body__mandates__valid_until__gte=F("valid_from"))
    taken = Q(body__mandates__adopted_on__gt=F("valid_from"), body__mandates__adopted_on__lte=on)
    living = SignatureKey.objects.filter(state__in=IN_USE, valid_until__gte=on)
    return list(living.filter(ended | taken).select_related("body").distinct())


def _change(key: Any, acts: Iterable[Any], on: date) -> HolderChange | None:
    """The act by which the holder left, if one did: another person has the function, or the holder's power ended."""
    same = [act for act in acts if act.adopted_on <= on and same_function(act.function, key.holder_function)]
    theirs = [act for act in same if same_person(act.person, key.holder_name)]
    running = [act for act in theirs if _runs(act, on)]
    since = max([key.valid_from, *(act.adopted_on for act in running)])
    others = [act for act in same if act not in theirs and act.adopted_on > since and _runs(act, on)]
    if others:
        words = f"{others[0].person} a cette fonction ({others[0].function}) depuis le {others[0].adopted_on:%d/%m/%Y}."
        return HolderChange(key, others[0].pk, words)
    ended = [act for act in theirs if act.valid_until and key.valid_from <= act.valid_until < on]
    if ended and not running:
        words = f"{ended[0].person} n'a plus cette fonction depuis le {ended[0].valid_until:%d/%m/%Y}."
        return HolderChange(key, ended[0].pk, words)
    return None


def _runs(act: Any, on: date) -> bool:
    return act.valid_until is None or act.valid_until >= on
