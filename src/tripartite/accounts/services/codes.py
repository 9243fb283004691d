"""One-time codes: six figures for one act of one person on one paper."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from tripartite.accounts.models import OneTimeCode
from tripartite.journal.services import Actor, record

LIFE = timedelta(minutes=10)
TRIES = 5
MOST = ((timedelta(hours=1), 5), (timedelta(days=1), 12))
"""How many codes of one subject in how long: with five tries each, chance has sixty in a million a day."""


class CodeError(Exception):
    """A code that cannot be given; the message, in French, says why."""


class Verdict(StrEnum):
    """What a typed code is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    CHANGED = "changed"
    NONE = "none"

    @property
    def words(self) -> str:
        return VERDICT_WORDS[self]


VERDICT_WORDS = {
    Verdict.RIGHT: "Code juste.",
    Verdict.WRONG: "Ce code n'est pas le bon. Vérifiez les six chiffres du dernier code reçu.",
    Verdict.EXPIRED: "Ce code a plus de dix minutes : demandez-en un autre.",
    Verdict.EXHAUSTED: "Cinq codes faux : celui-ci ne vaut plus rien. Demandez-en un autre.",
    Verdict.CHANGED: "Le papier a changé depuis ce code : relisez-le, puis demandez un autre code.",
    Verdict.NONE: "Demandez d'abord un code.",
}


@transaction.atomic
def issue_code(
    *,
    purpose: str,
    subject: str,
    paper: str,
    channel: str,
    about: tuple[str, object],
    actor: Actor,
    at: datetime,
) -> str:
    """Make the code by which `subject` does `purpose` on the paper of that sha256, and answer it: told here, once.

    The former code of the subject is worth nothing from now on. `channel` is "email" or "phone", `about` the subject
    of the journal. Raises CodeError when too many were asked for.
    """
    asked = OneTimeCode.objects.select_for_update().filter(purpose=purpose, subject=subject)
    for span, most in MOST:
        if sum(code.created_at > at - span for code in asked) >= most:
            raise CodeError("Trop de codes ont été demandés. Attendez une heure, ou appelez l'un des émetteurs.")
    asked.filter(live=True).update(live=False)
    code, salt = f"{secrets.randbelow(1_000_000):06d}", secrets.token_hex(16)
    try:
        with transaction.atomic():
            OneTimeCode.objects.create(
                purpose=purpose,
                subject=subject,
                paper=paper,
                salt=salt,
                code_hash=_hash(code, purpose, subject, paper, salt),
                channel=OneTimeCode.Channel(channel),
                created_at=at,
                expires_at=at + LIFE,
            )
    except IntegrityError:
        raise CodeError("Un code vient d'être demandé : utilisez-le.") from None
    words = f"Code donné {OneTimeCode.Channel(channel).label}, valable dix minutes."
    _record(about, actor, at, "accounts.issue-code", words, purpose=purpose, subject=subject)
    return code


@transaction.atomic
def void_codes(*, purpose: str, subject: str) -> None:
    """End the code of a subject that is still good: what it was sent to, or what it signs, is no longer the same."""
    OneTimeCode.objects.filter(purpose=purpose, subject=subject, live=True).update(live=False)


@transaction.atomic
def check_code(
    *, purpose: str, subject: str, paper: str, code: str, about: tuple[str, object], actor: Actor, at: datetime
) -> Verdict:
    """What a typed code is worth for that paper; a right one is used up.

    Every try counts, so the caller lets this transaction end well; a right code and the act that it allows go together
    in one transaction: when the act is refused, the code stays good.
    """
    live = OneTimeCode.objects.select_for_update().filter(purpose=purpose, subject=subject, live=True).first()
    if live is None:
        return _last_verdict(purpose, subject)
    if at >= live.expires_at:
        return Verdict.EXPIRED
    live.tries += 1
    parts = _figures(code), purpose, subject, live.paper, live.salt
    hashes = [_hash(*parts, key=key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    right = any(constant_time_compare(live.code_hash, one) for one in hashes)
    verdict = _verdict(live, paper, right=right)
    live.live = verdict is Verdict.WRONG
    live.used_at = at if verdict is Verdict.RIGHT else None
    live.save(update_fields=["tries", "live", "used_at"])
    if verdict is not Verdict.RIGHT:
        _record(about, actor, at, "accounts.refuse-code", "Code refusé.", purpose=purpose, subject=subject)
    return verdict


def _verdict(live: OneTimeCode, paper: str, *, right: bool) -> Verdict:
    if not right:
        return Verdict.EXHAUSTED if live.tries >= TRIES else Verdict.WRONG
    return Verdict.RIGHT if constant_time_compare(live.paper, paper) else Verdict.CHANGED


def _last_verdict(purpose: str, subject: str) -> Verdict:
    last = OneTimeCode.objects.filter(purpose=purpose, subject=subject).first()
    return Verdict.EXHAUSTED if last is not None and last.tries >= TRIES and not last.used_at else Verdict.NONE


def _figures(typed: str) -> str:
    return "".join(character for character in typed[:40] if character.isdecimal())


def _hash(code: str, purpose: str, subject: str, paper: str, salt: str, *, key: str | None = None) -> str:
    """Keyed with the secret of the installation, or a former one: six figures would not resist whoever has the base
    alone."""
    return salted_hmac(
        "tripartite.accounts.code", "\n".join((purpose, subject, paper, salt, code)), key, algorithm="sha256"
    ).hexdigest()


def _record(about: tuple[str, object], actor: Actor, at: datetime, action: str, text: str, **details: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind=about[0], subject_id=about[1], text=text, details=details)
