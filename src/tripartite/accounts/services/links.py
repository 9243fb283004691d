"""Links that open one file to one address, without account or password: once, for some hours."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tripartite.accounts.models import AccessLink
from tripartite.accounts.queries import hash_token, usable_links
from tripartite.journal.services import Actor, record


@transaction.atomic(savepoint=False)
def create_access_link(*, request_id: int, email: str, actor: Actor, at: datetime) -> str:
    """Make a link to the file `request_id` for one address, and answer its secret: it is told here, once.

    The secret has 256 bits; the base keeps its sha256. Links made earlier for the same address stay good.
    """
    token = secrets.token_urlsafe(32)
    link = AccessLink.objects.create(
        token_hash=hash_token(token),
        request_id=request_id,
        email=email.strip().lower(),
        created_at=at,
        expires_at=at + settings.CONFIG.link_life,
    )
    last = f"{link.expires_at:%d/%m/%Y}"
    _record(link, actor, at, "accounts.create-link", f"Lien d'accès créé pour {masked(link.email)}, jusqu'au {last}.")
    return token


@transaction.atomic
def open_access_link(*, token: str, actor: Actor, at: datetime, address: str = "") -> AccessLink | None:
    """Use a link up and answer it, good for some hours from now; None when unknown, used, expired or revoked.

    Two openings at the same instant: one of them gets the link.
    """
    link = usable_links(token, at=at).select_for_update().first()
    if link is None:
        return None
    link.used_at, link.ends_at = at, at + settings.CONFIG.link_session
    link.save(update_fields=["used_at", "ends_at"])
    _record(
        link, actor, at, "accounts.open-link", f"Dossier ouvert par le lien de {masked(link.email)}.", address=address
    )
    return link


@transaction.atomic
def close_access(*, link_id: int, actor: Actor, at: datetime) -> None:
    """End at once what an opened link lets in to."""
    link = AccessLink.objects.select_for_update().filter(pk=link_id, revoked_at__isnull=True).first()
    if link is not None:
        _revoke(link, actor, at, f"Accès de {masked(link.email)} refermé.")


@transaction.atomic
def revoke_access_links(*, request_id: int, actor: Actor, at: datetime, email: str) -> int:
    """End every link of a file for an address that is no longer its contact, opened or not; how many there were."""
    still = Q(used_at__isnull=True, expires_at__gt=at) | Q(ends_at__gt=at)
    links = AccessLink.objects.select_for_update().filter(
        still, request_id=request_id, email=email.strip().lower(), revoked_at__isnull=True
    )
    found = list(links)
    for link in found:
        _revoke(link, actor, at, f"Lien de {masked(link.email)} annulé.")
    return len(found)


def masked(address: str) -> str:
    """« m…@exemple.fr »: enough to know it again. The journal is never erased."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _revoke(link: AccessLink, actor: Actor, at: datetime, text: str) -> None:
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    _record(link, actor, at, "accounts.revoke-link", text)


def _record(link: AccessLink, actor: Actor, at: datetime, action: str, text: str, **details: str) -> None:
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="request",
        subject_id=link.request_id,
        text=text,
        details={"link": link.pk} | details,
    )
