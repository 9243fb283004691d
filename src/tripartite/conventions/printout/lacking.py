"""What a convention still lacks before it can be sent for signature, in French, one sentence each."""

from collections.abc import Iterator

from tripartite.conventions.printout.paper import ConventionPaper
from tripartite.conventions.printout.parts import Party


def missing(paper: ConventionPaper) -> list[str]:
    """What prevents sending the paper; nothing when it can be sent."""
    return [
        *(lack for one in paper.parties for lack in _of_party(one.party)),
        *_of_content(paper),
    ]


def _of_party(party: Party) -> Iterator[str]:
    name = party.name
    if not party.siret:
        yield f"{name} : le SIRET est à compléter."
    if not party.address:
        yield f"{name} : l'adresse du siège est à compléter."
    if not party.signatory_name:
        yield f"{name} : le nom du signataire est à compléter."
    if not party.signatory_function:
        yield f"{name} : la fonction du signataire est à compléter."
    mandate = party.mandate
    if mandate is None or not mandate.act:
        yield f"{name} : l'acte qui habilite le signataire est à consigner."
        return
    if not mandate.organ:
        yield f"{name} : l'organe qui a pris l'acte d'habilitation est à compléter."
    if mandate.adopted_on is None:
        yield f"{name} : la date de l'acte d'habilitation est à compléter."
    if mandate.enforceable_on is None:
        yield f"{name} : le jour où l'acte d'habilitation est devenu exécutoire est à compléter."


def _of_content(paper: ConventionPaper) -> Iterator[str]:
    if not paper.services:
        yield "Aucun service n'est pris."
    if not paper.quotes:
        yield "Aucun devis n'est désigné."
    for quote in paper.quotes:
        if not quote.number:
            yield f"{quote.issuer_name} : le devis n'est pas émis."
    if paper.kind == "amendment" and not paper.changes:
        yield "L'avenant ne dit pas ce qu'il change."
