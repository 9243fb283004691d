"""What waits for agents, told to each as it chose: at once, the next morning in one letter, or never."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.models import News, NewsWish, User
from tripartite.accounts.queries import accounts_to_tell, how_told
from tripartite.accounts.services.people import lock_account
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor, record
from tripartite.messages.letters import Link, public_address, write_letter
from tripartite.messages.services.queueing import queue_or_set_aside
from tripartite.parties.queries.signature import letter_signature
from tripartite.pricing.french import instant_text

MOST = 100
"""How many things a morning letter says; the list of files shows them all."""


@transaction.atomic
def want_news(*, account_id: int, how: str, actor: Actor, at: datetime) -> None:
    """Say how an account is told: "at-once", "morning" or "never". Said twice, it changes nothing more.

    What was still to be told the next morning is forgotten with "never". Raises ValueError for another word.
    """
    wanted = NewsWish.How(how)
    lock_account(account_id)
    wish = NewsWish.objects.filter(account_id=account_id).first()
    if wish is not None and wish.how == wanted:
        return
    NewsWish.objects.update_or_create(account_id=account_id, defaults={"how": wanted, "changed_at": at})
    if wanted == NewsWish.How.NEVER:
        News.objects.filter(account_id=account_id).delete()
    record(
        actor=actor,
        at=at,
        action="accounts.news-wish",
        subject_kind="account",
        subject_id=account_id,
        text=f"Prévenu de ce qui attend : {wanted.label}.",
    )


def tell_agents(
    *,
    request_id: int,
    reference: str,
    what: str,
    text: str,
    actor: Actor,
    at: datetime,
    issuer: str | None = None,
    link: Link | None = None,
) -> None:
    """Tell the agents of every issuer, or of one alone, what has just come for them in a file, in the transaction of
    its act; whoever did it is not told.

    `what` is a few words, `text` a sentence. Each is written to at once, or the next morning, as it chose. `link` is
    where it is done, when that is not the page of the request.
    """
    title = f"{reference} : {what}"
    for account, how in accounts_to_tell():
        own = account.issuer.code if account.issuer else None
        if account.pk == actor.account_id or issuer not in (None, own):
            continue
        if how == NewsWish.How.MORNING:
            News.objects.create(account=account, request_id=request_id, title=title[:300], text=text, at=at)
            continue
        there = link or Link("Ouvrir la demande", public_address(reverse("request", args=[reference])))
        _write(account, "agents.news", title, [text], [], there, actor, at)


def units(on: date) -> Iterator[Unit]:
    """The letters of the morning that are still to be written on that day: `news:5`."""
    waiting = set(News.objects.filter(at__date__lt=on).values_list("account_id", flat=True))
    for account, _how in accounts_to_tell():
        if account.pk in waiting:
            yield Unit(f"news:{account.pk}", f"Ce qui attend, par courriel : {account}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Write one of them; whether it was. Twice a day writes one. Raises JobError for another key."""
    match key.split(":"):
        case ["news", account_id]:
            return send_morning_news(account_id=int(account_id), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def send_morning_news(*, account_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to an account, in one letter, what came before that day and was not told yet; whether there was any."""
    lock_account(account_id)
    account = User.objects.select_related("issuer", "news_wish").filter(pk=account_id, is_active=True).first()
    found = list(News.objects.filter(account_id=account_id, at__date__lt=on))
    if account is None or not found or how_told(account) == NewsWish.How.NEVER:
        return False
    count = len(found)
    title = f"{count} choses vous attendent" if count > 1 else "Une chose vous attend"
    more = [f"Les {MOST} premières sont ici, la liste des demandes les montre toutes."] if count > MOST else []
    facts = [(one.title, f"{one.text} ({instant_text(timezone.localtime(one.at))})") for one in found[:MOST]]
    link = Link("Ouvrir les demandes", public_address(reverse("request-list")))
    _write(account, "agents.morning", title, ["Depuis le dernier courriel :", *more], facts, link, actor, at)
    News.objects.filter(pk__in=[one.pk for one in found]).delete()
    return True


def _write(  # noqa: PLR0917 - private
    account: User,
    kind: str,
    title: str,
    paragraphs: list[str],
    facts: list[tuple[str, str]],
    link: Link,
    actor: Actor,
    at: datetime,
) -> None:
    signature = f"Pour être prévenu autrement : « Mes courriels », dans votre compte.\n{letter_signature()}"
    letter = write_letter(title=title, paragraphs=paragraphs, facts=facts, link=link, signature=signature)
    queue_or_set_aside(
        kind=kind,
        to=(account.name, account.email),
        subject=title,
        text=letter.text,
        html=letter.html,
        about=("account", account.pk),
        actor=actor,
        at=at,
    )
