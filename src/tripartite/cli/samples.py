"""Accounts and requests to look around with: in local mode only, with functions for names."""

from datetime import datetime, timedelta

from django.utils import timezone

from tripartite.accounts.queries import account_by_email
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import create_account
from tripartite.cli.sample_files import sample_files
from tripartite.cli.sample_history import sample_draft, sample_history
from tripartite.cli.sample_keys import sample_keys
from tripartite.cli.sample_services import sample_convention
from tripartite.cli.sample_visits import sample_visits
from tripartite.conventions.services.drafting import draft_convention
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier, issuers
from tripartite.parties.services.mandates import record_mandate
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.answers import Person, accept_quotes
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, create_request

PASSWORD = "grille-devis-convention"  # noqa: S105 - announced on the terminal, in local mode alone
ROLES = (
    ("agent", "Agent"),
    ("manager", "Responsable"),
    ("accountant", "Comptable"),
    ("administrator", "Administrateur"),
)


def sample_accounts(*, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Open one account per issuer and role where it is missing; (address, words) of each."""
    found = []
    for issuer in issuers():
        for code, name in ROLES:
            email = f"{code}@{issuer.code}.exemple.fr"
            if account_by_email(email) is None:
                create_account(
                    email=email,
                    name=name,
                    issuer_id=issuer.pk,
                    role=Role(code),
                    password=PASSWORD,
                    actor=actor,
                    at=at,
                    one_time=False,
                )
            found.append((email, f"{Role(code).label}, {issuer.short_name}"))
    return found


def sample_requests(*, actor: Actor, at: datetime) -> int:
    """Requests of real communes, some with their quotes issued; none when there are requests already."""
    if request_list().exists():
        return 0
    files = sample_files()
    for one in files.requests:
        body = body_by_identifier("code_insee", one.commune)
        if body is None:
            continue
        request = create_request(
            beneficiary_id=body.pk,
            order={"lines": [{"service": service, "quantity": quantity} for service, quantity in one.lines.items()]},
            contact=Contact("Prénom NOM", one.function, "mairie@exemple.fr", ""),
            origin="public",
            actor=actor,
            at=at,
        )
        if one.stage != "asked":
            issue_quotes(request_id=request.pk, actor=actor, at=at)
        if one.stage == "accepted":
            _accept(request.pk, body.pk, actor, at)
    sample_draft(actor=actor, at=at)
    made = len(files.requests) + sample_convention(files, actor=actor, at=at)
    made += sample_history(files, actor=actor, at=at)
    sample_keys(files.keys, actor=actor, at=at)
    sample_accounts(actor=actor, at=at)
    sample_visits(files.visits, actor=actor, at=at)
    return made


def _accept(request_id: int, body_id: int, actor: Actor, at: datetime) -> None:
    """Accept the quotes, with the act that empowers, and prepare the convention: what it lacks shows on its page."""
    today = timezone.localdate(at)
    act = record_mandate(
        body_id=body_id,
        person="Prénom NOM",
        function="Maire",
        act="deliberation",
        organ="Conseil municipal",
        adopted_on=today - timedelta(days=20),
        enforceable_on=today - timedelta(days=15),
        actor=actor,
        at=at,
    )
    accept_quotes(
        request_id=request_id,
        person=Person("Prénom NOM", "Maire"),
        way="online",
        answered_on=today,
        mandate_id=act.pk,
        actor=actor,
        at=at,
    )
    draft_convention(request_id=request_id, actor=actor, at=at)
