"""The deadlines to come by e-mail: once a week, to each account that wants them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tripartite.accounts.rights import Action, may
from tripartite.accounts.services.people import lock_account
from tripartite.following.models import DigestWish
from tripartite.following.queries.deadlines import Deadline, deadlines
from tripartite.following.queries.overdue import overdue
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor, record
from tripartite.messages.letters import Link, public_address, write_letter
from tripartite.messages.services.queueing import queue_or_set_aside
from tripartite.parties.queries.signature import letter_signature
from tripartite.subscriptions.queries.notices import notices_of, was_announced
from tripartite.subscriptions.services.notices import note
from tripartite.typed import clean_line

REACH = 60
"""Days looked ahead when the setting says nothing."""

MOST = 100
"""How many deadlines a letter says; the page says them all."""


@transaction.atomic
def want_digest(*, account_id: int, wanted: bool, actor: Actor, at: datetime) -> None:
    """Say whether an account wants the weekly letter. Said twice, it changes nothing more."""
    lock_account(account_id)
    wish, made = DigestWish.objects.get_or_create(account_id=account_id, defaults={"wanted": wanted, "changed_at": at})
    if not made and wish.wanted == wanted:
        return
    wish.wanted, wish.changed_at = wanted, at
    wish.save()
    record(
        actor=actor,
        at=at,
        action="subscriptions.digest-wish",
        subject_kind="account",
        subject_id=account_id,
        text=f"Échéances par courriel, chaque semaine : {'oui' if wanted else 'non'}.",
    )


def units(on: date) -> Iterator[Unit]:
    """The letters of the week that are still to be written on that day: `digest:5`."""
    if settings.CONFIG.digest is None or on.weekday() < settings.CONFIG.digest[0]:
        return
    wanted = DigestWish.objects.filter(wanted=True, account__is_active=True).select_related("account__issuer")
    names = {one.account_id: _name(one.account_id, on) for one in wanted}
    sent = set(notices_of(names.values()))
    for one in wanted:
        if names[one.account_id] not in sent and may(one.account, Action.DEADLINE_READ):
            yield Unit(f"digest:{one.account_id}", f"Échéances par courriel : {one.account}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Write one of them; whether it was. Twice a week writes one. Raises JobError for another key."""
    match key.split(":"):
        case ["digest", account_id]:
            return send_digest(account_id=int(account_id), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def send_digest(*, account_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to an account the deadlines of the coming days, once a week; whether it was written now.

    Nothing to come is written too: no news for weeks would look like a letter lost.
    """
    lock_account(account_id)
    wish = DigestWish.objects.filter(account_id=account_id, wanted=True, account__is_active=True).first()
    name = _name(account_id, on)
    if wish is None or was_announced(name):
        return False
    until = on + timedelta(days=settings.CONFIG.digest[1] if settings.CONFIG.digest else REACH)
    late, found = overdue(on=on), deadlines(since=on, until=until)
    title = f"Échéances du {on:%d/%m/%Y} au {until:%d/%m/%Y}"
    letter = write_letter(
        title=title,
        paragraphs=[*_late(late), *_paragraphs(found)],
        facts=[(f"{one.day:%d/%m/%Y}, {one.body.name}", _line(one)) for one in (*late, *found)[:MOST]],
        link=Link("Ouvrir les échéances", public_address(reverse("deadline-list"))),
        signature=letter_signature(),
    )
    queue_or_set_aside(
        kind="deadlines.digest",
        to=(clean_line(wish.account.name), wish.account.email),
        subject=title,
        text=letter.text,
        html=letter.html,
        about=("account", account_id),
        actor=actor,
        at=at,
    )
    note(name=name, body_id=None, on=on, text=title, at=at)
    return True


def _paragraphs(found: list[Deadline]) -> list[str]:
    if not found:
        return ["Rien n'arrive à échéance d'ici là."]
    told = f"{len(found)} échéances arrivent." if len(found) > 1 else "Une échéance arrive."
    if len(found) > MOST:
        told += f" Les {MOST} premières sont ici, la page les montre toutes."
    return [told]


def _late(late: list[Deadline]) -> list[str]:
    if not late:
        return []
    return [f"{len(late)} sont passées et non réglées." if len(late) > 1 else "Une est passée et non réglée."]


def _line(one: Deadline) -> str:
    return f"{one.kind_label}. {one.what}. {one.why[:1].upper()}{one.why[1:]}. Qui agit : {one.who}."


def _name(account_id: int, on: date) -> str:
    year, week, _ = on.isocalendar()
    return f"digest:{account_id}:{year}-{week:02d}"
