"""Another link to a file, for whoever asks with its reference and an address that the file knows."""

from datetime import datetime, timedelta

from django.db import transaction

from tripartite.accounts.services.attempts import count_attempt
from tripartite.conventions.queries.access import addresses_of, files_named, waits_for
from tripartite.journal.services import Actor
from tripartite.quotes.services.letters import write_about

NEW_LINKS = ((timedelta(hours=1), 5), (timedelta(days=1), 20))
LETTERS = ((timedelta(hours=1), 3), (timedelta(days=1), 10))
"""How many requests for a link from one network, and how many letters to one address about one file."""


@transaction.atomic
def send_new_link(*, reference: str, email: str, network: str, actor: Actor, at: datetime) -> bool:
    """Write a new link to an address that the file knows; nothing otherwise, and the caller cannot tell.

    `reference` is any of those that letters show (`files_named`). The link leads to where one signs, when a signature
    is awaited from that address.
    False when too many were asked for from that network: this too says nothing of the address.
    """
    if not count_attempt(purpose="new-link", who=network, most=NEW_LINKS, at=at):
        return False
    address = email.strip().lower()
    found = next((one for one in files_named(reference) if address in addresses_of(*one)), None)
    if found is None:
        return True
    asked, conventions = found
    if count_attempt(purpose="letter", who=f"{asked.pk} {address}", most=LETTERS, at=at):
        awaiting = [one.pk for one in conventions if waits_for(one, address)]
        write_about(
            kind="space.link",
            asked=asked,
            to=("", address),
            subject=f"Votre lien pour le dossier {asked.reference}",
            paragraphs=(
                f"Un nouveau lien a été demandé pour le dossier {asked.reference}, {asked.beneficiary.name}.",
                "Si ce n'est pas vous, il n'y a rien à faire : sans ce courriel, personne ne peut s'en servir.",
            ),
            sign=awaiting[0] if awaiting else None,
            actor=actor,
            at=at,
        )
    return True
