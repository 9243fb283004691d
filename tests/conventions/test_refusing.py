"""Refusing to sign: an act of any party, with a reason; the others are told, and another convention may follow."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, name_signatory, read, signatory
from tripartite.conventions.queries.conventions import papers_of, upcoming
from tripartite.conventions.queries.queues import convention_queues
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.refusing import refuse_to_sign
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.documents.queries import document_by_id
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.quotes.services.requests import cancel_request

pytestmark = pytest.mark.django_db
ACT: dict[str, Any] = {"actor": TESTER, "at": AT}


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


@pytest.fixture
def sent() -> Any:
    """A convention out for signature, each signatory with an address."""
    draft = conventions.drafted()
    for role in ("beneficiary", "lfn", "cdg62"):
        name_signatory(signatory(draft, role), email=f"{role}@exemple.fr")
    return read(conventions.send_convention(convention_id=draft.pk, **ACT))


def refuse(convention: Any, role: str, **changes: Any) -> Any:
    said: dict[str, Any] = {"way": "here", "refused_on": DAY, "reason": "Le conseil a reporté."}
    return refuse_to_sign(signatory_id=signatory(convention, role).pk, **(said | changes), **ACT)


@pytest.mark.parametrize("role", ["beneficiary", "lfn", "cdg62"])
def test_any_party_refuses_and_the_convention_binds_nobody(sent: Any, role: str) -> None:
    first = "lfn" if role == "beneficiary" else "beneficiary"
    record_paper_signature(
        signatory_id=signatory(sent, first).pk,
        signed_on=DAY,
        scan=conventions.SCAN,
        original_place="Mairie",
        **ACT,
    )
    refuse(sent, role)
    now = read(sent)
    assert (now.state, now.state_label, now.ended_on) == ("refused", "signature refusée", DAY)
    assert signatory(sent, role).refusal.reason == "Le conseil a reporté."
    entry = entries_about("request", sent.request_id).filter(action="conventions.refuse").last()
    assert entry
    assert entry.text.endswith("Motif : Le conseil a reporté.")
    with pytest.raises(ConventionError, match="aucune signature n'est attendue"):
        refuse(sent, role)
    left = next(one for one in ("beneficiary", "lfn", "cdg62") if one not in (role, first))
    with pytest.raises(ConventionError, match="aucune signature n'est attendue"):
        refuse(sent, left)


def test_everybody_is_told_once_with_the_reason(sent: Any) -> None:
    refuse(sent, "beneficiary")
    told = Message.objects.filter(kind="convention.refused")
    contact = sent.request.contact_email
    assert sorted(one.recipient for one in told) == sorted(
        {"beneficiary@exemple.fr", "lfn@exemple.fr", "cdg62@exemple.fr"} | ({contact} if contact else set())
    )
    assert all("Motif : Le conseil a reporté." in one.text for one in told)


def test_another_convention_follows_or_the_request_is_cancelled(sent: Any) -> None:
    refuse(sent, "lfn")
    coming = upcoming(read(sent))
    assert coming.words.startswith("Préparer une autre convention depuis la demande, changer celle-ci, ou l'annuler : ")
    assert coming.by == "un agent"
    assert convention_queues().to_send == (sent.request_id,)
    again = draft_convention(request_id=sent.request_id, **ACT)
    assert again.state == "draft"
    cancel_request(request_id=sent.request_id, reason="Sans suite", **ACT)


def test_the_letter_of_a_refusal_on_paper_is_a_paper_of_the_convention(sent: Any) -> None:
    refuse(sent, "beneficiary", way="paper", scan=b"%PDF-1.4 courrier")
    last = document_by_id(papers_of(read(sent))[-1])
    assert last
    assert last.title == f"{sent.number}, refus de signer de Prénom NOM"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reason": " "}, "Dites pourquoi"),
        ({"refused_on": DAY + timedelta(days=1)}, "à venir"),
        ({"refused_on": DAY - timedelta(days=1)}, "précède l'envoi"),
        ({"way": "outside"}, "ici, ou sur papier"),
        ({"way": "paper", "scan": b"rien"}, "PDF"),
    ],
)
def test_what_is_no_refusal_changes_nothing(sent: Any, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ConventionError, match=why):
        refuse(sent, "beneficiary", **changes)
    assert read(sent).state == "sent"
    assert not Message.objects.filter(kind="convention.refused").exists()
