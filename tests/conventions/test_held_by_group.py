"""Nobody pays twice: what the EPCI or the syndicat of a body holds is told, and what its members hold."""

from datetime import date, timedelta

import pytest

from tests.factories import cohort, conventions, parties, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.cohort import ENDS, STARTS, TITLES, brought_in, xlsx
from tripartite.conventions.queries.group import held_by_group
from tripartite.conventions.services.drafting import draft_convention, set_term
from tripartite.conventions.services.ending import terminate_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.parties.queries.bodies import body_by_id, body_by_identifier
from tripartite.parties.services.bodies import create_body
from tripartite.quotes.services.answers import accept_quotes
from tripartite.quotes.services.requests import Contact, create_request

pytestmark = pytest.mark.django_db
DAY = AT.date()
BETHUNE_BRUAY = "200072460"
ROLES = ("beneficiary", "lfn", "cdg62")


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def epci():
    return body_by_identifier("siren", BETHUNE_BRUAY)


def signed(body, quantities, in_service=None, *, due_on=None):
    """A convention of any body, signed by all on paper: in force at once, or from `due_on`."""
    asked = create_request(
        beneficiary_id=body.pk,
        order=quotes.order(quantities, in_service),
        contact=Contact(),
        origin="agent",
        actor=TESTER,
        at=AT,
    )
    quotes.issued(asked)
    changes = {"address": "1 place de l'Exemple\n62400 Béthune", "siret": conventions.siret_of(body.siren)}
    conventions.complete_body(body_id=body.pk, changes=changes, actor=TESTER, at=AT)
    acts = conventions.mandates(body)
    accept_quotes(
        request_id=asked.pk,
        person=conventions.MAYOR,
        way="online",
        answered_on=DAY,
        mandate_id=acts["beneficiary"].pk,
        actor=TESTER,
        at=AT,
    )
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    if due_on:
        term = {"years": 3, "tacit_renewals": 0, "notice_months": 0, "due_on": due_on}
        set_term(convention_id=convention.pk, actor=TESTER, at=AT, **term)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    for role in ROLES:
        record_paper_signature(
            signatory_id=conventions.signatory(convention, role).pk,
            signed_on=DAY,
            scan=conventions.SCAN,
            original_place="Secrétariat",
            actor=TESTER,
            at=AT,
        )
    return conventions.read(convention)


def told(body, *services, on=DAY):
    """Who holds what, by which paper, until when."""
    return [
        (one.body.name, one.services, one.paper, one.until)
        for one in held_by_group(body_by_id(body.pk), services, on=on, offer="cdg62")
    ]


def test_what_the_epci_holds_is_told_to_its_commune():
    convention = signed(epci(), {"antivirus": 20, "nom-de-domaine": 1})

    assert told(parties.body(), "antivirus", "messagerie-5go") == [
        (epci().name, ("antivirus",), "convention C-2026-00007", convention.ends_on)
    ]
    assert held_by_group(parties.body(), ["antivirus"], on=DAY, offer="cdg62")[0].convention_id == convention.pk
    assert told(parties.body(), "messagerie-5go") == []
    assert told(parties.body()) == []
    assert told(parties.body("62041"), "antivirus") == []
    assert told(epci(), "antivirus") == []


def test_what_its_communes_hold_is_told_to_the_epci():
    signed(parties.body(), {"antivirus": 3}, {"sauvegarde": 1})
    assert [(name, services) for name, services, *_ in told(epci(), "sauvegarde", "antivirus", "messagerie-5go")] == [
        ("Ruitz", ("sauvegarde", "antivirus"))
    ]
    assert told(parties.body("62119"), "antivirus") == []


def test_what_is_not_signed_or_has_ended_is_not_told():
    asked = conventions.accepted({"antivirus": 3})
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    assert told(epci(), "antivirus") == []


def test_a_convention_counts_until_its_last_day():
    convention = signed(epci(), {"antivirus": 20})
    last = convention.ends_on
    assert len(told(parties.body(), "antivirus", on=last)) == 1
    assert told(parties.body(), "antivirus", on=last + timedelta(days=1)) == []

    terminate_convention(
        convention_id=convention.pk, received_on=DAY, party="beneficiary", reason="fusion", actor=TESTER, at=AT
    )
    assert told(parties.body(), "antivirus", on=last) == []


def test_one_signed_that_is_to_come_counts_already():
    convention = signed(epci(), {"antivirus": 20}, due_on=date(2027, 1, 1))
    assert convention.state == "signed"
    assert told(parties.body(), "antivirus") == [(epci().name, ("antivirus",), "convention C-2026-00007", None)]


def test_a_former_convention_counts_on_its_days():
    brought_in(xlsx((BETHUNE_BRUAY, "", STARTS, ENDS, 12, None), titles=TITLES))
    paper = "convention « Mairie Connectée »"
    assert told(parties.body(), "messagerie-5go") == [(epci().name, ("messagerie-5go",), paper, ENDS)]
    assert told(parties.body(), "nom-de-domaine") == []
    assert told(parties.body(), "messagerie-5go", on=STARTS - timedelta(days=1)) == []
    assert told(parties.body(), "messagerie-5go", on=ENDS + timedelta(days=1)) == []


def test_a_ccas_looks_at_the_epci_of_its_commune_and_a_cias_at_its_own():
    brought_in(xlsx((BETHUNE_BRUAY, "", STARTS, ENDS, 12, None), cohort.RUITZ))
    ccas = create_body(
        kind="ccas", name="CCAS de Ruitz", siren="266207034", parent_id=parties.body().pk, actor=TESTER, at=AT
    )
    cias = create_body(kind="cias", name="CIAS d'essai", siren="200054781", parent_id=epci().pk, actor=TESTER, at=AT)
    for one in (ccas, cias):
        assert [name for name, *_ in told(one, "messagerie-5go")] == [epci().name]


def test_a_syndicat_and_what_depends_on_it_look_at_each_other():
    syndicat = create_body(kind="syndicat", name="Syndicat d'essai", siren="200054781", actor=TESTER, at=AT)
    school = create_body(
        kind="etablissement-public", name="Régie d'essai", siren="266207034", parent_id=syndicat.pk, actor=TESTER, at=AT
    )
    brought_in(xlsx(("200054781", "", STARTS, ENDS, 1, None), ("266207034", "", STARTS, ENDS, 2, None)))
    assert [name for name, *_ in told(syndicat, "messagerie-5go")] == ["Régie d'essai"]
    assert [name for name, *_ in told(school, "messagerie-5go")] == ["Syndicat d'essai"]


def test_it_costs_the_same_for_one_member_and_for_three(django_assert_num_queries):
    ccas = create_body(
        kind="ccas", name="CCAS de Ruitz", siren="266207034", parent_id=parties.body().pk, actor=TESTER, at=AT
    )
    members = [parties.body("62119"), parties.body(), ccas]
    asked = epci()
    for count in (1, 3):
        brought_in(xlsx(*[(one.siren, "", STARTS, ENDS, 2, None) for one in members[:count]]))
        with django_assert_num_queries(3):  # conventions, former ones, what these held
            assert len(held_by_group(asked, ["messagerie-5go"], on=DAY, offer="cdg62")) == count
