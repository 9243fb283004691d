"""The paper that a deadline needs: a letter, seen before it is kept and sent; a request for renewal, once."""

import io
import json
from datetime import date
from hashlib import sha256
from typing import Any

import pikepdf
import pytest

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.drafting import set_term
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.documents.render import models, render
from tripartite.following.printout.letter import LETTER_MODEL
from tripartite.following.queries.deadlines import Deadline, deadlines, letters_of_request
from tripartite.following.services.preparing import keep_letter, letter_digest, prepare_renewal, preview_letter
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about
from tripartite.quotes.queries.requests import estimate_request, request_by_id
from tripartite.quotes.services.requests import cancel_request
from tripartite.subscriptions.services.errors import SubscriptionError

DAY = AT.date()
HORIZON = date(2033, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def deadline(kind: str, *, place: int = 0) -> Deadline:
    return [one for one in deadlines(since=DAY, until=HORIZON) if one.kind == kind][place]


def renewable(quantities: dict[str, int]) -> Any:
    """A convention of three years renewed once, with its services."""
    draft = subscriptions.conventions.drafted(quantities=quantities)
    options = {"years": 3, "tacit_renewals": 1, "notice_months": 3, "due_on": None}
    set_term(convention_id=draft.pk, **options, actor=TESTER, at=AT)
    convention = subscriptions.signed(subscriptions.conventions.read(draft))
    for one in subscriptions.open_activations(convention_id=convention.pk, actor=TESTER, at=AT):
        subscriptions.live(one)
    return convention


def kept(one: Deadline, **more: Any) -> Any:
    seen = letter_digest(key=one.key, sender="cdg62", at=AT)
    return keep_letter(key=one.key, sender="cdg62", actor=TESTER, at=AT, **({"seen": seen} | more))


def test_the_model_of_the_letter_is_shipped() -> None:
    assert LETTER_MODEL in models()


def test_a_letter_for_a_renewal_is_seen_then_kept_among_the_papers_of_the_file() -> None:
    convention = renewable({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    one = deadline("notice")
    seen = preview_letter(key=one.key, sender="cdg62", at=AT)
    assert seen.startswith(b"%PDF")
    assert letters_of_request(convention.request_id) == []
    letter = kept(one)
    document = document_by_id(letter.document_id)
    assert document is not None
    assert (document.kind, document.issuer, document.model) == ("letter", "cdg62", LETTER_MODEL)
    assert document.title == f"Reconduction tacite de la convention {convention} — Ruitz"
    assert [each.pk for each in letters_of_request(convention.request_id)] == [letter.pk]
    assert entries_about("request", convention.request_id).last().action == "subscriptions.letter"
    assert [each.pk for each in deadline("notice").letters] == [letter.pk]
    for said in (
        "Si Ruitz souhaite la reconduction, il n'y a rien à faire.",
        "Préavis de 3 mois avant ce terme : reçu au plus tard le 22/08/2029.",
        "du 23/11/2029 au 22/11/2032",
        "3 ans depuis le 23/11/2026 : dernier jour le 22/11/2029",
    ):
        assert said in document.payload


def test_the_letter_is_archivable_readable_aloud_and_the_same_each_time() -> None:
    renewable({"messagerie-5go": 4})
    letter = kept(deadline("convention-end"))
    pdf = pdf_of(letter.document_id)
    document = document_by_id(letter.document_id)
    assert document is not None
    assert sha256(render(LETTER_MODEL, json.loads(document.payload))).hexdigest() == document.sha256
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        meta = opened.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert opened.Root.Lang == "fr-FR"


def test_what_was_not_seen_is_not_kept_and_the_same_words_are_one_paper() -> None:
    convention = renewable({"messagerie-5go": 4})
    one = deadline("tacit-renewal")
    with pytest.raises(SubscriptionError, match="a changé depuis que vous l'avez vu"):
        kept(one, seen="autre")
    assert kept(one).pk == kept(one).pk
    assert len(letters_of_request(convention.request_id)) == 1


def test_the_letter_is_sent_to_the_contact_of_the_file_when_the_agent_wants() -> None:
    convention = renewable({"messagerie-5go": 4})
    before = set(messages_about("request", convention.request_id))
    letter = kept(deadline("notice"), send=True)
    sent = [one for one in messages_about("request", convention.request_id) if one not in before]
    assert [(one.recipient, one.kind) for one in sent] == [("mairie@exemple.fr", "deadlines.letter")]
    assert [each.document_id for each in sent[0].attachments.all()] == [letter.document_id]


def test_a_deadline_without_letter_says_so() -> None:
    subscriptions.running({"messagerie-5go": 4})
    with pytest.raises(SubscriptionError, match="n'appelle pas de courrier"):
        preview_letter(key=deadline("due").key, sender="cdg62", at=AT)
    with pytest.raises(SubscriptionError, match="ne se renouvelle pas"):
        prepare_renewal(key=deadline("due").key, actor=TESTER, at=AT)


def test_the_renewal_of_a_prepaid_term_is_a_request_made_once_and_priced() -> None:
    subscriptions.running({"cle-signature-3-cdg": 2, "messagerie-5go": 4})
    one = deadline("prepaid-end")
    made = prepare_renewal(key=one.key, actor=TESTER, at=AT)
    assert prepare_renewal(key=one.key, actor=TESTER, at=AT).pk == made.pk
    assert made.order == {
        "lines": [{"service": "cle-signature-3-cdg", "quantity": 2}],
        "in_service": [{"service": "messagerie-5go", "quantity": 4}],
    }
    assert (made.contact_email, made.origin) == ("mairie@exemple.fr", "agent")
    assert "3 ans prépayés depuis le 23/11/2026 : dernier jour le 22/11/2029" in made.note
    assert deadline("prepaid-end").request == made
    totals = estimate_request(request_by_id(made.pk), on=DAY).totals
    assert (totals["lfn"].term_cents, totals["cdg62"].term_cents) == (18_000, 0)


def test_the_renewal_of_a_domain_name_asks_for_its_year() -> None:
    subscriptions.running({"nom-de-domaine": 1, "sauvegarde": 1})
    made = prepare_renewal(key=deadline("renewal").key, actor=TESTER, at=AT)
    assert made.order["lines"] == [{"service": "nom-de-domaine", "quantity": 1}]
    totals = estimate_request(request_by_id(made.pk), on=DAY).totals
    assert {code: one.yearly_cents for code, one in totals.items()} == {"lfn": 1500, "cdg62": 0}
    assert parties.body().pk == made.beneficiary_id


def test_a_renewal_that_was_cancelled_can_be_prepared_again() -> None:
    subscriptions.running({"cle-signature-1-cdg": 1})
    one = deadline("prepaid-end")
    made = prepare_renewal(key=one.key, actor=TESTER, at=AT)
    cancel_request(request_id=made.pk, reason="Essai", actor=TESTER, at=AT)
    assert deadline("prepaid-end").request is None
    again = prepare_renewal(key=one.key, actor=TESTER, at=AT)
    assert prepare_renewal(key=one.key, actor=TESTER, at=AT).pk == again.pk != made.pk
    assert deadline("prepaid-end").request == again
    assert (quotes.reread(made).state, quotes.reread(again).state) == ("cancelled", "received")
