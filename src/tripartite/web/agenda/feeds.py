"""The addresses that calendar programs read, and how an account makes, changes and revokes its own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tripartite.accounts.rights import Action, may
from tripartite.following.queries.deadlines import deadlines
from tripartite.following.queries.feeds import feed_by_secret
from tripartite.following.queries.interventions import interventions_in_feed
from tripartite.following.services.feeds import make_feed, revoke_feed
from tripartite.journal.recall import journal_mark
from tripartite.messages.letters import public_address
from tripartite.version import VERSION
from tripartite.web.agenda.week import host
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.held_by_group import service_names

if TYPE_CHECKING:
    from tripartite.accounts.models import User
    from tripartite.following.models import CalendarFeed

AGENDA, DEADLINES = "agenda", "deadlines"
PAGES = {AGENDA: "agenda", DEADLINES: "deadline-list"}
RIGHT = {AGENDA: Action.INTERVENTION_READ, DEADLINES: Action.DEADLINE_READ}
BEHIND, AHEAD = timedelta(days=90), timedelta(days=400)


@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of that secret, without a log-in. Unknown or revoked: the same 404.

    Its tag says what the journal was when it was made, then what it held: a program that asks again before anything is
    done is answered without making it again; after an act that changes nothing of it, by its content.
    """
    feed = feed_by_secret(secret)
    if feed is None or not may(feed.account, RIGHT[feed.kind]):
        raise Http404
    today, asked = timezone.localdate(), request.headers.get("If-None-Match", "")
    known = _known(feed, today)  # asked before the calendar is read: an act done meanwhile changes it
    if (same := re.search(rf'"{known}[.][0-9a-f]{{32}}"', asked)) is not None:
        return HttpResponse(status=304, headers=_headers(same[0]))
    content = _agenda(feed.account, today) if feed.kind == AGENDA else _deadlines(today)
    held = _short(content)
    headers = _headers(f'"{known}.{held}"')
    if f'.{held}"' in asked:
        return HttpResponse(status=304, headers=headers)
    named = {"Content-Disposition": f'inline; filename="{feed.kind}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers | named)


def _known(feed: CalendarFeed, today: date) -> str:
    """What a whole calendar follows from, in short: the journal, the day, whose it is, the site, its version."""
    return _short(repr((journal_mark(), today, feed.kind, feed.account_id, host(), VERSION)).encode())


def _short(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}


def _agenda(account: User, today: date) -> bytes:
    from tripartite.following.printout.calendars import interventions_calendar  # noqa: PLC0415 - slow to import

    found = interventions_in_feed(account.pk, since=today - BEHIND)
    return interventions_calendar(
        found,
        title=f"Interventions de {account}",
        host=host(),
        names=service_names(today),
        addresses={one.pk: public_address(reverse("intervention", args=[one.pk])) for one in found},
    )


def _deadlines(today: date) -> bytes:
    from tripartite.following.printout.calendars import deadlines_calendar  # noqa: PLC0415 - slow to import

    found = deadlines(since=today - BEHIND, until=today + AHEAD)
    return deadlines_calendar(
        found,
        title="Échéances",
        host=host(),
        on=today,
        addresses={one.key: public_address(reverse("deadline", args=[one.key])) for one in found},
    )


@require_POST
@requires(Action.INTERVENTION_READ)
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """Make the address, or another; it is shown on this page, once."""
    account_id = _account(request, kind)
    secret = make_feed(account_id=account_id, kind=kind, actor=actor_of(request), at=timezone.now())
    context = {
        "kind": kind,
        "address": public_address(reverse("calendar-feed", args=[secret])),
        "back": reverse(PAGES[kind]),
    }
    return render(request, "web/agenda/feed.html", context)


@require_POST
@requires(Action.INTERVENTION_READ)
def revoke(request: HttpRequest, kind: str) -> HttpResponse:
    account_id = _account(request, kind)

    def act() -> HttpResponse:
        revoke_feed(account_id=account_id, kind=kind, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Adresse révoquée : plus aucun agenda ne la lit.", PAGES[kind])

    return act_on(request, act) or redirect(PAGES[kind])


def _account(request: HttpRequest, kind: str) -> int:
    if kind not in PAGES or request.user.pk is None:
        raise Http404
    check_right(request, RIGHT[kind])
    return request.user.pk
