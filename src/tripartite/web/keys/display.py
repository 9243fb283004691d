"""What screens say of a key: its badge, how long it still signs, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripartite.going_live.queries.holders import HolderChange, holder_changes
from tripartite.going_live.queries.key_days import THRESHOLDS, days_left
from tripartite.going_live.queries.keys import keys_of
from tripartite.going_live.states import IN_USE, KeyState
from tripartite.quotes.states import RequestState

if TYPE_CHECKING:
    from tripartite.going_live.models import SignatureKey

STATE_BADGES = {
    KeyState.MADE: "wait",
    KeyState.HANDED_OVER: "good",
    KeyState.REPLACED: "quiet",
    KeyState.REVOKED: "quiet",
}
RENEWAL_NEXT = {
    RequestState.RECEIVED: "Émettre de nouveau les devis du renouvellement",
    RequestState.QUOTED: "La collectivité répond aux devis du renouvellement",
    RequestState.ACCEPTED: "Ouvrir la mise en service du renouvellement",
    RequestState.ENGAGED: "Déposer le certificat de la nouvelle clé, puis la remettre",
}


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key as a list shows it on a day: the badge of its state, and how long it still signs."""

    key: SignatureKey
    badge: str
    label: str
    left: str
    near: bool
    change: HolderChange | None = None


def shown(key: SignatureKey, *, on: date, change: HolderChange | None = None) -> ShownKey:
    """A key on a day; `change` is what tells that its holder left."""
    left = days_left(key.valid_until, on)
    used = key.state in IN_USE
    if used and left < 0:
        return ShownKey(key, "bad", "expirée", "", near=False, change=change)
    words = {0: "dernier jour aujourd'hui", 1: "encore 1 jour"}.get(left, f"encore {left} jours")
    near = used and left <= max(THRESHOLDS)
    badge = STATE_BADGES[KeyState(key.state)]
    return ShownKey(key, badge, key.state_label, words if near else "", near=near, change=change)


def keys_shown(body_id: int, *, on: date) -> list[ShownKey]:
    """The keys of a body on a day, with those whose holder left: four queries, one without keys."""
    keys = keys_of(body_id)
    changes = holder_changes(on=on, keys=keys)
    return [shown(one, on=on, change=changes.get(one.pk)) for one in keys]


def keys_in_use(body_id: int, *, on: date) -> list[ShownKey]:
    """The keys that a body has in use, as it sees them itself: one query."""
    return [shown(one, on=on) for one in keys_of(body_id) if one.state in IN_USE]


def next_words(key: SignatureKey, *, on: date, change: HolderChange | None = None) -> str:
    """What comes next for a key, in words; `change` is what tells that its holder left."""
    if key.state not in IN_USE:
        return "Plus rien : cette clé ne signe plus"
    if key.renewal is not None and key.renewal.state in RENEWAL_NEXT:
        return RENEWAL_NEXT[RequestState(key.renewal.state)]
    left = days_left(key.valid_until, on)
    chosen = {
        "Renouveler : elle a expiré": left < 0,
        "Commander une clé au nom de qui suit, révoquer celle-ci": change is not None,
        "Remettre la clé à son titulaire": key.state == KeyState.MADE,
        f"Renouveler : {shown(key, on=on).left}": left <= max(THRESHOLDS),
    }
    otherwise = f"Rien avant le {key.valid_until:%d/%m/%Y} : alertes 90, 60 et 30 jours avant"
    return next((words for words, holds in chosen.items() if holds), otherwise)
