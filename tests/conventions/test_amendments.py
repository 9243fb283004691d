"""What an amendment changes: services added, changed, ended; what is then due; how it follows its convention."""

from datetime import date, timedelta

import pytest

from tests.conventions.test_lifecycle import ROLES, on_paper, signed
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, read
from tripartite.conventions.printout.lacking import missing
from tripartite.conventions.queries.conventions import (
    amendments_of,
    conventions_to_advance,
    conventions_to_amend,
    upcoming,
)
from tripartite.conventions.queries.holdings import services_in_force, starts_from
from tripartite.conventions.services.amending import ask_for_amendment
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.ending import denounce_convention, terminate_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.papers import deliberation_of, paper_of, services_of
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.withdrawing import withdraw_service
from tripartite.documents.models import Document
from tripartite.messages.queries import messages_about
from tripartite.pricing.holding import Holding
from tripartite.quotes.queries.requests import quotes_in_hand
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import revise_request

pytestmark = pytest.mark.django_db
MAIL, BACKUP, NAME, FORMS = "messagerie-5go", "sauvegarde", "nom-de-domaine", "demarches-simplifiees"


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def drafted(convention, quantities, *, ended=None, held=None):
    """The amendment that accepted quotes make, from what is held unless said otherwise."""
    holds = {line["service"]: line["quantity"] for line in services_in_force(convention).as_lines()}
    asked = conventions.accepted(quantities, in_service=holds if held is None else held, ended=ended)
    return read(draft_convention(request_id=asked.pk, parent_id=convention.pk, actor=TESTER, at=AT))


def amended(convention, quantities, **more):
    """The same, signed by all: in force."""
    made = drafted(convention, quantities, **more)
    send_convention(convention_id=made.pk, actor=TESTER, at=AT)
    for role in ROLES:
        on_paper(made, role)
    return read(made)


def held(convention):
    return {line["service"]: line["quantity"] for line in services_in_force(read(convention)).as_lines()}


def table(convention):
    """The services of the paper, each with how much of it and what the operator, then the CDG, ask."""
    return [
        (one.name, one.quantity_text.replace("\u00a0", " "), *(" ; ".join(part.sentences) for part in one.parts))
        for one in services_of(read(convention))
    ]


def test_an_amendment_leaves_what_was_held_with_its_changes():
    convention = signed()
    assert held(convention) == quotes.ORDINARY
    amended(convention, {MAIL: 3, BACKUP: 1}, ended={NAME: 1})
    assert held(convention) == {MAIL: 7, FORMS: 1, BACKUP: 1}


def test_its_paper_says_what_changes_and_all_that_is_then_in_service():
    convention = signed()
    made = drafted(convention, {MAIL: 3, BACKUP: 1}, ended={NAME: 1})
    assert made.changes.replace("\u00a0", " ").splitlines() == [
        "Messagerie, compte 5 Go : 4 comptes → 7 comptes",
        "Nom de domaine : arrêté (1 nom de domaine)",
        "Sauvegarde 60 Go et partage de fichiers 5 Go : ajouté (1 compte)",
    ]
    rows = [tuple(text.replace("\u00a0", " ") for text in row) for row in table(made)]
    assert rows[0] == (
        "Messagerie, compte 5 Go",
        "7 comptes",
        "Abonnement, par an : 140,00 €",
        "Accompagnement messagerie, par an : 100,00 € ; Mise en service, une fois : 30,00 €",
    )
    assert [row[:2] for row in rows[1:]] == [
        ("Sauvegarde 60 Go et partage de fichiers 5 Go", "1 compte"),
        ("Démarches simplifiées", "1 abonnement"),
    ]
    assert missing(paper_of(made, number="", issued_on=DAY)) == []


def test_what_is_due_in_case_of_intervention_stays_in_the_replaced_table():
    convention = signed_with({"antivirus": 5})
    (before,) = [row for row in table(convention) if row[0].startswith("Antivirus")]
    (after,) = [row for row in table(drafted(convention, {MAIL: 1})) if row[0].startswith("Antivirus")]
    assert "uniquement en cas d'intervention" in before[3]
    assert after == before


def test_what_a_letter_ended_since_the_request_does_not_come_back_with_its_quotes():
    convention = signed()
    asked = ask_for_amendment(convention_id=convention.pk, wanted={BACKUP: 1}, actor=TESTER, at=AT)
    withdraw_service(
        convention_id=convention.pk,
        line={"service": NAME, "quantity": 1},
        origin="essai",
        on=DAY,
        reason="courrier",
        actor=TESTER,
        at=AT + timedelta(hours=1),
    )
    with pytest.raises(QuoteError, match="Ce que porte la convention C-2026-00007 a changé depuis cette demande"):
        issue_quotes(request_id=asked.pk, actor=TESTER, at=AT + timedelta(hours=2))
    order = asked.order | {"in_service": [line for line in asked.order["in_service"] if line["service"] != NAME]}
    revise_request(request_id=asked.pk, order=order, reason="courrier", actor=TESTER, at=AT + timedelta(hours=3))
    assert issue_quotes(request_id=asked.pk, actor=TESTER, at=AT + timedelta(hours=4))


def test_what_an_order_says_to_be_in_service_is_all_that_is_held_and_nothing_more():
    own = Holding.read([{"service": MAIL, "quantity": 4}])
    other = Holding.read([{"service": BACKUP, "quantity": 1}])
    both = {"in_service": [{"service": MAIL, "quantity": 4}, {"service": BACKUP, "quantity": 1}]}
    assert not starts_from(both, own)
    assert not starts_from({"in_service": [{"service": MAIL, "quantity": 3}]}, own)
    assert starts_from(both, own, other)


def test_an_amendment_is_named_by_its_rank_and_its_convention_from_its_request_on():
    convention = signed()
    asked = ask_for_amendment(convention_id=convention.pk, wanted={BACKUP: 1}, actor=TESTER, at=AT)
    assert asked.amendment == "avenant n°\u00a01 à la convention C-2026-00007"
    issue_quotes(request_id=asked.pk, actor=TESTER, at=AT)
    (letter,) = messages_about("request", asked.pk)
    assert "avenant n°\u00a01 à la convention C-2026-00007" in letter.subject
    made = amended(convention, {"antivirus": 1})
    assert made.request.amendment == "avenant n°\u00a01 à la convention C-2026-00007"
    later = ask_for_amendment(convention_id=convention.pk, wanted={BACKUP: 1}, actor=TESTER, at=AT)
    assert later.amendment == "avenant n°\u00a02 à la convention C-2026-00007"


def test_a_certificate_paid_for_its_term_is_still_named():
    convention = signed_with({"cle-signature-2-cdg": 1, MAIL: 2})
    rows = table(drafted(convention, {MAIL: 1}))
    assert [row[:2] for row in rows] == [
        ("Messagerie, compte 5 Go", "3 comptes"),
        (
            "Clé de signature, 2 ans, remise au CDG",
            "1 certificat",
        ),
    ]


def signed_with(quantities):
    convention = conventions.sent(quantities=quantities)
    for role in ROLES:
        on_paper(convention, role)
    return read(convention)


def test_an_intervention_paid_once_is_not_held():
    assert held(signed_with({"antivirus": 3, "antivirus-intervention": 3})) == {"antivirus": 3}


def test_giving_up_alone_lowers_what_is_due_with_the_band_counted_again():
    convention = signed()
    made = drafted(convention, {}, ended={MAIL: 2})
    both = quotes_in_hand([made.request])[made.request_id]
    assert {code: (quote.yearly_cents, quote.first_year_cents) for code, quote in both.items()} == {
        "lfn": (-4000, -4000),
        "cdg62": (-2500, -2500),
    }
    assert made.changes.replace("\u00a0", " ") == "Messagerie, compte 5 Go : 4 comptes → 2 comptes"


def test_all_given_up_is_not_an_amendment():
    convention = signed()
    made = drafted(convention, {}, ended=quotes.ORDINARY)
    with pytest.raises(ConventionError, match="Aucun service n'est pris"):
        send_convention(convention_id=made.pk, actor=TESTER, at=AT)


def test_quotes_that_do_not_start_from_what_is_held_make_no_amendment():
    convention = signed()
    for said in ({}, {MAIL: 3, NAME: 1, FORMS: 1}, {MAIL: 4, NAME: 1}):
        with pytest.raises(ConventionError, match="ne partent pas de ce que porte aujourd'hui la convention C-2026"):
            drafted(convention, {BACKUP: 1}, held=said)
    assert amendments_of(convention.pk) == []


def test_of_two_amendments_prepared_at_once_the_second_starts_again():
    convention = signed()
    late = drafted(convention, {BACKUP: 1})
    amended(convention, {"antivirus": 2})
    with pytest.raises(ConventionError, match="ne partent pas de ce que porte aujourd'hui"):
        send_convention(convention_id=late.pk, actor=TESTER, at=AT)


def test_what_an_order_would_amend_is_found_from_what_it_says_is_held():
    convention = signed()
    body = convention.beneficiary_id
    assert [
        one.pk for one in conventions_to_amend(body, quotes.order({BACKUP: 1}, quotes.ORDINARY), offer="cdg62")
    ] == [convention.pk]
    assert conventions_to_amend(body, quotes.order({BACKUP: 1}), offer="cdg62") == []
    assert conventions_to_amend(body, quotes.order({BACKUP: 1}, {MAIL: 1}), offer="cdg62") == []


def test_named_quantities_are_given_up_line_by_line():
    day = {"service": "salle", "quantities": {"rooms": 2, "days": 1}}
    half = {"service": "salle", "quantities": {"rooms": 1, "days": 3}}
    order = {"in_service": [day, half], "lines": [{"service": "x", "quantity": 1}], "ended": [half]}
    assert Holding.after(order).as_lines() == [day, {"service": "x", "quantity": 1}]


def test_an_amendment_follows_its_convention_to_its_end():
    convention = signed()
    made = amended(convention, {BACKUP: 1})
    assert upcoming(made).words == "Suivre la convention C-2026-00007, jusqu'à la fin de celle-ci"
    terminate_convention(
        convention_id=convention.pk, received_on=DAY, party="Ruitz", reason="autre choix", actor=TESTER, at=AT
    )
    last = read(convention).ends_on
    assert (read(made).ends_on, read(made).ended_on, read(made).state) == (last, last, "in-force")
    after = date.fromordinal(last.toordinal() + 1)
    assert [one.pk for one in conventions_to_advance(on=after)] == [convention.pk]
    assert not advance_convention(convention_id=made.pk, on=after, actor=TESTER, at=AT)
    assert advance_convention(convention_id=convention.pk, on=after, actor=TESTER, at=AT)
    assert (read(made).state, read(made).end_reason) == (
        "ended",
        "convention C-2026-00007 : résiliée par Ruitz : autre choix",
    )


def test_an_amendment_is_renewed_and_denounced_with_its_convention():
    convention = signed()
    made = amended(convention, {BACKUP: 1})
    after = date.fromordinal(convention.ends_on.toordinal() + 1)
    advance_convention(convention_id=convention.pk, on=after, actor=TESTER, at=AT)
    assert (read(made).renewed, read(made).ends_on) == (1, read(convention).ends_on)


def test_an_amendment_not_signed_when_the_convention_ends_is_abandoned():
    convention = signed()
    waiting = drafted(convention, {BACKUP: 1})
    denounce_convention(
        convention_id=convention.pk, received_on=DAY, party="Ruitz", reason="autre choix", actor=TESTER, at=AT
    )
    assert read(waiting).state == "draft"
    after = date.fromordinal(convention.ends_on.toordinal() + 1)
    advance_convention(convention_id=convention.pk, on=after, actor=TESTER, at=AT)
    assert (read(waiting).state, read(waiting).end_reason) == (
        "abandoned",
        "la convention C-2026-00007 est terminée",
    )


def test_the_draft_deliberation_of_an_amendment_approves_an_amendment():
    signed()
    asked = quotes.request({BACKUP: 1}, in_service=quotes.ORDINARY)
    quotes.issued(asked)
    paper = deliberation_of(request_id=asked.pk, on=DAY)
    assert paper.subject == "Avenant à la convention tripartite n° C-2026-00007"
    words = str(paper.as_payload())
    assert "Approuve l'avenant à la convention tripartite n° C-2026-00007" in words
    assert "Elle serait reconduite" not in words
    assert [one.name for one in paper.services] == [
        "Messagerie, compte 5 Go",
        "Nom de domaine",
        "Sauvegarde 60 Go et partage de fichiers 5 Go",
        "Démarches simplifiées",
    ]


def test_the_papers_of_an_amendment_are_kept_as_such():
    made = amended(signed(), {BACKUP: 1})
    assert Document.objects.get(pk=made.document_id).title == "Avenant C-2026-00008, Ruitz"
