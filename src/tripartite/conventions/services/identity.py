"""What proves who a signatory is: changed in the open, never between a link and the signature that it leads to."""

from datetime import datetime

from tripartite.accounts.services.codes import void_codes
from tripartite.accounts.services.links import revoke_access_links
from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.queries.conventions import BENEFICIARY
from tripartite.conventions.queries.signatures import SIGNATORY
from tripartite.conventions.services.records import journal
from tripartite.conventions.services.sending import write_to_sign
from tripartite.conventions.states import ConventionState
from tripartite.journal.services import Actor
from tripartite.quotes.queries.identity import changes_between, changes_text
from tripartite.quotes.services.letters import write_to_former_address


def identity_of(signatory: Signatory) -> dict[str, str]:
    """What proves who a signatory is, as it stands."""
    return {"email": signatory.email, "phone": signatory.phone, "mandate": _act(signatory)}


def _act(signatory: Signatory) -> str:
    mandate = signatory.mandate
    return f"{mandate.get_act_display()} du {mandate.adopted_on:%d/%m/%Y}" if mandate else ""


def tell_change(
    signatory: Signatory, convention: Convention, before: dict[str, str], actor: Actor, at: datetime
) -> None:
    """Journal who signs for a party, and do what a change of its proofs asks for.

    What replaces something, or comes once the text is out, is a change: the code in hand is worth nothing, the links of
    the former and of the new address end (before the text is out, those of an address that is left stay when it is the
    contact's), the former address of the beneficiary is told, and whoever is awaited gets a new link.
    """
    sent = convention.state != ConventionState.DRAFT
    changes = {
        what: pair for what, pair in changes_between(before, identity_of(signatory)).items() if before[what] or sent
    }
    words = f" {changes_text(changes)}." if changes else ""
    more = {"identity": changes} if changes else {}
    journal(convention, actor, at, SIGNATORY, f"Signataire : {signatory}.{words}", signatory=signatory.pk, **more)
    if not changes:
        return
    void_codes(purpose="convention.sign", subject=str(signatory.pk))
    contact = convention.request.contact_email.lower()
    for address in {before["email"].lower(), signatory.email.lower()} - {""}:
        if sent or address != contact:
            revoke_access_links(request_id=convention.request_id, email=address, actor=actor, at=at)
    if "email" in changes and before["email"] and signatory.role == BENEFICIARY:
        write_to_former_address(
            asked=convention.request,
            former=before["email"],
            whose="de qui signe pour la collectivité",
            new=signatory.email,
            links_ended=sent or before["email"].lower() != contact,
            actor=actor,
            at=at,
        )
    if sent:
        write_to_sign(convention, signatory, actor, at)
