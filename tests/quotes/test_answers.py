"""What the beneficiary answers: both quotes or one explained, within their validity, and by whom."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import parties
from tests.factories.accounts import TESTER
from tripartite.accounts.queries import deposits_of, waiting_deposits
from tripartite.accounts.services.deposits import deposit_act, set_deposit_aside
from tripartite.documents.queries import document_by_id, pdf_of, trace_of
from tripartite.documents.scans import ScanRefused
from tripartite.journal.queries import entries_about
from tripartite.parties.services.mandates import complete_mandate, end_mandate, record_mandate
from tripartite.quotes.printout.evidence import TRACE
from tripartite.quotes.queries.accords import accords_in_hand, what_accords_lack
from tripartite.quotes.queries.requests import papers_of_request, request_by_id
from tripartite.quotes.services.answers import Person, accept_quotes, engage_request, justify_acceptance, refuse_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.powers import record_act_of_request
from tripartite.quotes.services.requests import Contact, cancel_request, create_request, revise_request

pytestmark = pytest.mark.usefixtures("adopted_grid", "directory")

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MAYOR = Person("Prénom NOM", "Maire", "192.0.2.1", "Navigateur")
ORDER = {"lines": [{"service": "messagerie-5go", "quantity": 4}]}


@pytest.fixture
def quoted() -> Any:
    """A request of Ruitz with its two quotes issued."""
    made = create_request(
        beneficiary_id=parties.body().pk, order=ORDER, contact=Contact(), origin="agent", actor=TESTER, at=AT
    )
    issue_quotes(request_id=made.pk, actor=TESTER, at=AT)
    return request_by_id(made.pk)


def states(request_id: int) -> tuple[str, list[str]]:
    """The state of the request and those of its quotes."""
    found = request_by_id(request_id)
    assert found
    return found.state, [quote.state for version in found.versions.all() for quote in version.quotes.all()]


def version_of(quoted: Any) -> Any:
    """The quotes of its first version, as they stand."""
    return request_by_id(quoted.pk).versions.all()[0].quotes.all()  # type: ignore[union-attr]


def accept(quoted: Any, **changes: Any) -> Any:
    options: dict[str, Any] = {"person": MAYOR, "way": "online", "answered_on": TODAY, "actor": TESTER, "at": AT}
    return accept_quotes(request_id=quoted.pk, **(options | changes))


def mandate(**changes: Any) -> Any:
    options: dict[str, Any] = {
        "body_id": parties.body().pk,
        "person": "Prénom NOM",
        "function": "Maire",
        "act": "deliberation",
        "organ": "Conseil municipal",
        "adopted_on": date(2026, 11, 2),
        "enforceable_on": date(2026, 11, 5),
    }
    return record_mandate(**(options | changes), actor=TESTER, at=AT)


def test_both_quotes_are_accepted_together(quoted: Any) -> None:
    accept(quoted)
    assert states(quoted.pk) == ("accepted", ["accepted", "accepted"])
    answer = request_by_id(quoted.pk).versions.all()[0].quotes.all()[0].answer
    assert (answer.person, answer.function, answer.address) == ("Prénom NOM", "Maire", "192.0.2.1")
    assert answer.wording.startswith("Bon pour accord sur les devis LFN-2026-00012 et CDG62-2026-00047.")
    assert entries_about("request", quoted.pk).last().action == "quotes.accept"


def test_an_agreement_given_online_has_one_paper_of_evidence(quoted: Any) -> None:
    accept(quoted)
    quotes = list(request_by_id(quoted.pk).versions.all()[0].quotes.all())
    (key,) = {quote.answer.proof_id for quote in quotes}
    kept = document_by_id(key)
    said = json.loads(kept.payload)
    assert (kept.kind, kept.title) == (
        "evidence",
        "LFN-2026-00012 et CDG62-2026-00047, preuve d'un accord donné en ligne",
    )
    assert said["facts"] == [
        ["Personne", "Prénom NOM, Maire"],
        ["Au nom de", "la commune de Ruitz"],
        ["Accord donné le", "24/11/2026 à 10 h 00 min 00 s, heure de Paris"],
        ["Reconnue par", TESTER.label],
    ]
    assert said["words"] == quotes[0].answer.wording
    assert said["papers"] == [
        *({"title": f"Devis {quote.number}", "sha256": document_by_id(quote.document_id).sha256} for quote in quotes),
        {"title": TRACE, "sha256": trace_of(key).sha256},
    ]
    assert papers_of_request(quoted.pk) == [*(quote.document_id for quote in quotes), key]


def test_the_evidence_is_of_the_quotes_that_were_accepted_alone(quoted: Any) -> None:
    accept(quoted, numbers={"LFN-2026-00012"}, explanation="Accompagnement déjà assuré")
    chosen, other = request_by_id(quoted.pk).versions.all()[0].quotes.all()
    assert [one["title"] for one in json.loads(document_by_id(chosen.answer.proof_id).payload)["papers"]] == [
        "Devis LFN-2026-00012",
        TRACE,
    ]
    assert other.answer.proof_id is None


def test_one_alone_is_accepted_only_when_it_is_explained(quoted: Any) -> None:
    with pytest.raises(QuoteError, match="dites pourquoi"):
        accept(quoted, numbers={"LFN-2026-00012"})
    assert states(quoted.pk) == ("quoted", ["issued", "issued"])
    accept(quoted, numbers={"LFN-2026-00012"}, explanation="Accompagnement déjà assuré par l'intercommunalité")
    assert states(quoted.pk) == ("accepted", ["accepted", "refused"])


def test_no_quote_of_ours_is_no_acceptance(quoted: Any) -> None:
    with pytest.raises(QuoteError, match="au moins un"):
        accept(quoted, numbers={"LFN-1999-00001"}, explanation="rien")


def test_the_earliest_last_day_of_the_two_rules_and_is_included(quoted: Any) -> None:
    last = TODAY + timedelta(days=60)
    accept(quoted, answered_on=last, at=AT + timedelta(days=60))
    assert states(quoted.pk)[0] == "accepted"


def test_the_earliest_last_day_rules_the_other_quote_accepted_alone_too(quoted: Any) -> None:
    alone: dict[str, Any] = {"numbers": {"LFN-2026-00012"}, "explanation": "Accompagnement assuré par un autre"}
    with pytest.raises(QuoteError, match=r"CDG62-2026-00047 était valable jusqu'au 23/01/2027 compris"):
        accept(quoted, answered_on=TODAY + timedelta(days=61), at=AT + timedelta(days=61), **alone)
    accept(quoted, answered_on=TODAY + timedelta(days=60), at=AT + timedelta(days=60), **alone)
    assert states(quoted.pk) == ("accepted", ["accepted", "refused"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"answered_on": TODAY + timedelta(days=61), "at": AT + timedelta(days=61)},
            "CDG62-2026-00047 était valable jusqu'au 23/01/2027 compris",
        ),
        ({"answered_on": TODAY - timedelta(days=1)}, "précède"),
        ({"answered_on": TODAY + timedelta(days=1)}, "à venir"),
        ({"person": Person(" ", "Maire")}, "nom et la fonction"),
        ({"person": Person("n" * 201, "Maire")}, "trop longs"),
        ({"way": "paper"}, "Déposez le devis signé"),
        ({"mandate_id": 0}, "n'habilite personne"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(quoted: Any, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(QuoteError, match=message):
        accept(quoted, **changes)
    assert states(quoted.pk) == ("quoted", ["issued", "issued"])


def test_a_paper_acceptance_keeps_its_scan(quoted: Any) -> None:
    accept(quoted, way="paper", scan=b"%PDF-1.4 ...")
    (kept,) = {quote.answer.document for quote in request_by_id(quoted.pk).versions.all()[0].quotes.all()}
    assert (kept.kind, kept.title, kept.media_type) == (
        "scan",
        f"Bon pour accord, {quoted.reference}",
        "application/pdf",
    )
    assert pdf_of(kept.pk) == b"%PDF-1.4 ..."


def test_a_scan_that_is_none_leaves_the_quotes_as_they_were(quoted: Any) -> None:
    with pytest.raises(ScanRefused, match="ni un PDF, ni une image"):
        accept(quoted, way="paper", scan=b"des mots")
    assert states(quoted.pk) == ("quoted", ["issued", "issued"])


def test_the_day_of_an_answer_is_that_of_paris(quoted: Any) -> None:
    late = AT.replace(hour=23, minute=30)
    with pytest.raises(QuoteError, match="à venir"):
        accept(quoted, answered_on=TODAY + timedelta(days=2), at=late)
    accept(quoted, answered_on=TODAY + timedelta(days=1), at=late)
    assert {quote.answer.answered_on for quote in version_of(quoted)} == {date(2026, 11, 25)}


def test_each_quote_keeps_its_own_answer_and_its_power_is_that_of_the_accepted_alone(quoted: Any) -> None:
    accept(quoted, numbers={"LFN-2026-00012"}, explanation="Accompagnement déjà assuré")
    given = mandate()
    justify_acceptance(request_id=quoted.pk, mandate_id=given.pk, actor=TESTER, at=AT)

    assert [(quote.issuer, quote.answer.accepted, quote.answer.mandate_id) for quote in version_of(quoted)] == [
        ("lfn", True, given.pk),
        ("cdg62", False, None),
    ]


def test_quotes_that_have_expired_can_still_be_refused(quoted: Any) -> None:
    later = AT + timedelta(days=400)
    refuse_quotes(
        request_id=quoted.pk,
        person=MAYOR,
        reason="Budget",
        answered_on=later.date(),
        way="online",
        actor=TESTER,
        at=later,
    )
    assert states(quoted.pk) == ("refused", ["refused", "refused"])


def test_an_acceptance_is_given_once(quoted: Any) -> None:
    accept(quoted)
    with pytest.raises(QuoteError, match="devis acceptés"):
        accept(quoted)
    with pytest.raises(QuoteError, match="devis acceptés"):
        refuse_quotes(
            request_id=quoted.pk, person=MAYOR, reason="non", answered_on=TODAY, way="online", actor=TESTER, at=AT
        )


def test_a_refusal_has_a_reason_and_can_be_followed_by_a_new_version(quoted: Any) -> None:
    options: dict[str, Any] = {"person": MAYOR, "answered_on": TODAY, "way": "online", "actor": TESTER, "at": AT}
    with pytest.raises(QuoteError, match="pourquoi"):
        refuse_quotes(request_id=quoted.pk, reason=" ", **options)
    refuse_quotes(request_id=quoted.pk, reason="Budget", **options)
    assert states(quoted.pk) == ("refused", ["refused", "refused"])
    (told,) = entries_about("request", quoted.pk).filter(action="quotes.refuse")
    assert told.text == "Devis refusés par Prénom NOM : Budget"
    fewer = {"lines": [{"service": "messagerie-5go", "quantity": 2}]}
    revise_request(request_id=quoted.pk, order=fewer, actor=TESTER, at=AT)
    issue_quotes(request_id=quoted.pk, actor=TESTER, at=AT)
    assert states(quoted.pk) == ("quoted", ["refused", "refused", "issued", "issued"])


def test_a_changed_quantity_after_acceptance_asks_again(quoted: Any) -> None:
    accept(quoted)
    more = {"lines": [{"service": "messagerie-5go", "quantity": 6}]}
    revise_request(request_id=quoted.pk, order=more, actor=TESTER, at=AT)
    assert states(quoted.pk) == ("received", ["accepted", "accepted"])
    issue_quotes(request_id=quoted.pk, actor=TESTER, at=AT)
    assert states(quoted.pk) == ("quoted", ["superseded", "superseded", "issued", "issued"])


def test_cancelling_an_accepted_request_cancels_its_quotes(quoted: Any) -> None:
    accept(quoted)
    cancel_request(request_id=quoted.pk, reason="Abandon", actor=TESTER, at=AT)
    assert states(quoted.pk) == ("cancelled", ["cancelled", "cancelled"])


def test_the_act_that_empowers_may_come_after_and_is_of_the_same_body(quoted: Any) -> None:
    accept(quoted)
    other = mandate(body_id=parties.body("62041").pk)
    with pytest.raises(QuoteError, match="n'habilite personne"):
        justify_acceptance(request_id=quoted.pk, mandate_id=other.pk, actor=TESTER, at=AT)
    given = mandate()
    justify_acceptance(request_id=quoted.pk, mandate_id=given.pk, actor=TESTER, at=AT)
    answers = [quote.answer.mandate_id for quote in request_by_id(quoted.pk).versions.all()[0].quotes.all()]  # type: ignore[union-attr]
    assert answers == [given.pk, given.pk]
    (told,) = entries_about("request", quoted.pk).filter(action="quotes.justify")
    assert told.details == {"mandate": given.pk}
    assert told.text == "Pouvoir justifié : Prénom NOM, Maire, délibération du 02/11/2026."
    with pytest.raises(QuoteError, match="déjà enregistré"):
        justify_acceptance(request_id=quoted.pk, mandate_id=given.pk, actor=TESTER, at=AT)


def test_an_engaged_request_changes_no_more(quoted: Any) -> None:
    with pytest.raises(QuoteError):
        engage_request(request_id=quoted.pk, actor=TESTER, at=AT)
    accept(quoted)
    engage_request(request_id=quoted.pk, actor=TESTER, at=AT)
    with pytest.raises(QuoteError, match="avenant"):
        revise_request(request_id=quoted.pk, order=ORDER, actor=TESTER, at=AT, reason="autre")
    with pytest.raises(QuoteError):
        cancel_request(request_id=quoted.pk, reason="non", actor=TESTER, at=AT)


def lacks(quoted: Any, *, on: date = TODAY) -> str:
    found = request_by_id(quoted.pk)
    assert found
    return what_accords_lack(found, accords_in_hand(found), on=on)


def test_the_act_of_another_person_of_2019_does_not_count(quoted: Any) -> None:
    old = mandate(person="Autre NOM", adopted_on=date(2019, 3, 4), enforceable_on=None)
    with pytest.raises(QuoteError, match="Cet acte habilite Autre NOM, et non Prénom NOM"):
        accept(quoted, mandate_id=old.pk)
    accept(quoted)
    with pytest.raises(QuoteError, match="Cet acte habilite Autre NOM, et non Prénom NOM"):
        justify_acceptance(request_id=quoted.pk, mandate_id=old.pk, actor=TESTER, at=AT)
    assert lacks(quoted) == "L'acte qui habilite la personne qui a accepté n'est pas enregistré."


def test_an_accord_that_an_older_version_counted_with_such_an_act_counts_no_more(quoted: Any) -> None:
    accept(quoted)
    old = mandate(person="Autre NOM", adopted_on=date(2019, 3, 4), enforceable_on=None)
    for answer in accords_in_hand(quoted):
        answer.mandate = old
        answer.save()
    assert lacks(quoted) == "Cet acte habilite Autre NOM, et non Prénom NOM."
    justify_acceptance(request_id=quoted.pk, mandate_id=mandate(person="NOM Prenom").pk, actor=TESTER, at=AT)
    assert lacks(quoted) == ""


def test_an_accord_follows_the_act_once_it_is_completed(quoted: Any) -> None:
    lacking = mandate(enforceable_on=None)
    accept(quoted, mandate_id=lacking.pk)
    assert "exécutoire manque" in lacks(quoted)
    complete_mandate(
        mandate_id=lacking.pk,
        organ=lacking.organ,
        number="",
        enforceable_on=date(2026, 11, 5),
        covers=[],
        actor=TESTER,
        at=AT,
    )
    assert lacks(quoted) == ""


def test_an_accord_given_before_the_assembly_decided_counts_once_the_act_is_enforceable(quoted: Any) -> None:
    accept(quoted)
    later = AT + timedelta(days=10)
    act = record_mandate(
        body_id=parties.body().pk,
        person="Prénom NOM",
        function="Maire",
        act="deliberation",
        organ="Conseil municipal",
        adopted_on=TODAY + timedelta(days=5),
        enforceable_on=TODAY + timedelta(days=12),
        actor=TESTER,
        at=later,
    )
    justify_acceptance(request_id=quoted.pk, mandate_id=act.pk, actor=TESTER, at=later)
    assert "qu'à partir du 06/12/2026" in lacks(quoted, on=TODAY + timedelta(days=11))
    assert lacks(quoted, on=TODAY + timedelta(days=12)) == ""
    told = entries_about("request", quoted.pk).last()
    assert told
    assert "L'accord ne compte pas encore" in told.text


def test_a_power_that_ends_later_leaves_the_accord_as_it_was(quoted: Any) -> None:
    given = mandate()
    accept(quoted, mandate_id=given.pk)
    end_mandate(mandate_id=given.pk, last_day=TODAY, reason="Fin", actor=TESTER, at=AT)
    assert lacks(quoted, on=TODAY + timedelta(days=30)) == ""


def test_an_act_that_covers_the_convention_alone_does_not_accept_quotes(quoted: Any) -> None:
    with pytest.raises(QuoteError, match="n'habilite pas à accepter des devis"):
        accept(quoted, mandate_id=mandate(covers=["convention"]).pk)


def test_a_deposited_act_becomes_the_act_in_one_gesture_and_the_accord_counts(quoted: Any) -> None:
    accept(quoted)
    key = deposit_act(request_id=quoted.pk, reference=quoted.reference, content=b"%PDF-1.4 acte", actor=TESTER, at=AT)
    again = deposit_act(request_id=quoted.pk, reference=quoted.reference, content=b"%PDF-1.4 acte", actor=TESTER, at=AT)
    assert (key, [one.document for one in waiting_deposits([quoted.pk])[quoted.pk]]) == (again, [key])
    said: dict[str, Any] = {
        "person": "Prénom NOM",
        "function": "Maire",
        "act": "deliberation",
        "organ": "Conseil municipal",
        "adopted_on": date(2026, 11, 2),
        "enforceable_on": date(2026, 11, 5),
    }
    made = record_act_of_request(request_id=quoted.pk, deposited=key, **said, actor=TESTER, at=AT)
    assert (made.document_id, waiting_deposits([quoted.pk]), lacks(quoted)) == (key, {}, "")
    with pytest.raises(QuoteError, match="déjà enregistré"):
        record_act_of_request(request_id=quoted.pk, deposited=key, **said, actor=TESTER, at=AT)


def test_a_deposit_that_is_not_the_act_is_set_aside_with_a_reason(quoted: Any) -> None:
    key = deposit_act(
        request_id=quoted.pk, reference=quoted.reference, content=b"%PDF-1.4 facture", actor=TESTER, at=AT
    )
    with pytest.raises(ValueError, match="pourquoi"):
        set_deposit_aside(request_id=quoted.pk, document_id=key, reason=" ", actor=TESTER, at=AT)
    set_deposit_aside(request_id=quoted.pk, document_id=key, reason="C'est une facture.", actor=TESTER, at=AT)
    assert waiting_deposits([quoted.pk]) == {}
    assert [one.set_aside for one in deposits_of(quoted.pk)] == ["C'est une facture."]
    with pytest.raises(ValueError, match="n'attend plus"):
        set_deposit_aside(request_id=quoted.pk, document_id=key, reason="Encore", actor=TESTER, at=AT)
