"""A convention from accepted quotes to its end: what each step needs, what it refuses, what it writes."""

from datetime import date, timedelta

import pytest

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, SCAN, read, signatory
from tripartite.conventions.queries.conventions import papers_of, upcoming, waiting_signatories
from tripartite.conventions.services.drafting import abandon_convention, draft_convention, set_term
from tripartite.conventions.services.ending import denounce_convention, terminate_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.papers import deliberation_of
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import CONSENT, Consent, record_paper_signature, sign_here
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.journal.queries import entries_about
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.answers import justify_acceptance
from tripartite.quotes.services.requests import revise_request

pytestmark = pytest.mark.django_db
ROLES = ("beneficiary", "lfn", "cdg62")


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def on_paper(convention, role, *, signed_on=DAY, at=AT, place="Secrétariat du CDG 62"):
    return record_paper_signature(
        signatory_id=signatory(convention, role).pk,
        signed_on=signed_on,
        scan=SCAN,
        original_place=place,
        actor=TESTER,
        at=at,
    )


def here(convention, role):
    words = CONSENT.format(number=convention.number, party=role)
    consent = Consent(words, "maire@exemple.fr", "192.0.2.1", "Navigateur")
    return sign_here(signatory_id=signatory(convention, role).pk, consent=consent, actor=TESTER, at=AT)


def signed():
    """A convention signed by all on paper the day it was sent: in force at once."""
    convention = conventions.sent()
    for role in ROLES:
        on_paper(convention, role)
    return read(convention)


def test_a_draft_takes_its_signatories_from_the_text_and_their_acts_from_the_directory():
    convention = conventions.drafted()
    assert [(one.role, one.function, bool(one.mandate_id)) for one in convention.signatories.all()] == [
        ("beneficiary", "Maire", True),
        ("lfn", "Président", True),
        ("cdg62", "Président", True),
    ]
    assert (convention.number, convention.state, convention.years) == (None, "draft", 3)


def test_the_contact_of_the_file_is_where_its_beneficiary_alone_is_reached_at_first():
    reached = {one.role: (one.email, one.phone) for one in conventions.drafted().signatories.all()}
    assert reached == {"beneficiary": ("mairie@exemple.fr", "03 21 00 00 01"), "lfn": ("", ""), "cdg62": ("", "")}


def test_without_accepted_quotes_there_is_no_convention():
    asked = quotes.request()
    quotes.issued(asked)
    with pytest.raises(ConventionError, match="ne sont pas acceptés"):
        draft_convention(request_id=asked.pk, actor=TESTER, at=AT)


def test_one_convention_at_a_time():
    convention = conventions.drafted()
    with pytest.raises(ConventionError, match="déjà en cours"):
        draft_convention(request_id=convention.request_id, actor=TESTER, at=AT)


def test_sending_freezes_the_text_under_a_number():
    convention = conventions.sent()
    assert (convention.number, convention.state) == ("C-2026-00007", "sent")
    assert document_by_id(convention.document_id).title == "Convention C-2026-00007, Ruitz"
    assert pdf_of(convention.document_id).startswith(b"%PDF-1.7")
    assert [one.role for one in waiting_signatories(convention)] == list(ROLES)


def test_a_draft_burns_no_number():
    first = conventions.drafted()
    abandon_convention(convention_id=first.pk, reason="autre texte", actor=TESTER, at=AT)
    second = draft_convention(request_id=first.request_id, actor=TESTER, at=AT)
    assert send_convention(convention_id=second.pk, actor=TESTER, at=AT).number == "C-2026-00007"


def test_what_lacks_is_said_and_nothing_is_sent():
    asked = conventions.accepted(empowered=False)
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    with pytest.raises(ConventionError, match="Il manque"):
        send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    assert read(convention).state == "draft"


def test_changed_quotes_stop_the_signing():
    convention = conventions.sent()
    revise_request(request_id=convention.request_id, order=quotes.order({"messagerie-5go": 9}), actor=TESTER, at=AT)
    quotes.issued(request_by_id(convention.request_id))
    with pytest.raises(ConventionError, match="Les devis ont changé"):
        on_paper(convention, "beneficiary")
    assert read(convention).state == "sent"


def test_after_sending_a_telephone_is_corrected_and_a_name_is_not():
    convention = conventions.sent()
    one = signatory(convention, "beneficiary")
    conventions.name_signatory(one, phone="03 21 00 00 01", email="maire@exemple.fr")
    assert signatory(convention, "beneficiary").phone == "03 21 00 00 01"
    with pytest.raises(ConventionError, match="nouvelle version"):
        conventions.name_signatory(one, name="Autre NOM")


def test_three_paper_signatures_put_it_in_force_for_its_term():
    convention = signed()
    assert convention.state == "in-force"
    assert (convention.in_force_on, convention.ends_on) == (DAY, date(2029, 11, 22))
    assert request_by_id(convention.request_id).state == "engaged"
    assert len(papers_of(convention)) == 4
    told = entries_about("request", convention.request_id).filter(action__startswith="conventions.")
    assert told.last().action == "conventions.in-force"


def test_ways_are_mixed_and_each_seal_keeps_the_former_ones():
    convention = conventions.sent()
    here(convention, "beneficiary")
    assert read(convention).state == "partly-signed"
    on_paper(convention, "lfn")
    here(convention, "cdg62")
    done = read(convention)
    assert done.state == "in-force"
    first, last = (signatory(done, role).signature.document_id for role in ("beneficiary", "cdg62"))
    assert pdf_of(last).startswith(pdf_of(first))
    assert done.original_place == "Secrétariat du CDG 62"


def test_nobody_signs_twice_nor_before_it_is_sent_nor_in_the_future():
    convention = conventions.drafted()
    with pytest.raises(ConventionError, match="aucune signature"):
        on_paper(convention, "lfn")
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    with pytest.raises(ConventionError, match="à venir"):
        on_paper(convention, "lfn", signed_on=DAY + timedelta(days=1))
    with pytest.raises(ConventionError, match="précède"):
        on_paper(convention, "lfn", signed_on=DAY - timedelta(days=1))
    with pytest.raises(ConventionError, match="original"):
        on_paper(convention, "lfn", place=" ")
    on_paper(convention, "lfn")
    with pytest.raises(ConventionError, match="a déjà signé"):
        on_paper(convention, "lfn")


def test_a_later_day_is_waited_for():
    convention = conventions.drafted()
    set_term(
        convention_id=convention.pk,
        years=4,
        tacit_renewals=0,
        notice_months=3,
        due_on=date(2027, 1, 1),
        actor=TESTER,
        at=AT,
    )
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    for role in ROLES:
        on_paper(convention, role)
    assert read(convention).state == "signed"
    assert not advance_convention(convention_id=convention.pk, on=date(2026, 12, 31), actor=TESTER, at=AT)
    assert advance_convention(convention_id=convention.pk, on=date(2027, 1, 1), actor=TESTER, at=AT)
    assert not advance_convention(convention_id=convention.pk, on=date(2027, 1, 1), actor=TESTER, at=AT)
    done = read(convention)
    assert (done.state, done.in_force_on, done.ends_on) == ("in-force", date(2027, 1, 1), date(2030, 12, 31))


def test_it_is_renewed_once_then_ends_at_its_term():
    convention = signed()
    later = AT + timedelta(days=4000)
    assert advance_convention(convention_id=convention.pk, on=date(2029, 11, 23), actor=TESTER, at=later)
    assert read(convention).ends_on == date(2032, 11, 22)
    assert not advance_convention(convention_id=convention.pk, on=date(2032, 11, 22), actor=TESTER, at=later)
    assert advance_convention(convention_id=convention.pk, on=date(2032, 11, 23), actor=TESTER, at=later)
    done = read(convention)
    assert (done.state, done.ended_on, done.end_reason) == ("ended", date(2032, 11, 22), "terme")


def test_a_denunciation_in_time_ends_it_at_its_term_and_a_late_one_is_refused():
    convention = signed()
    later = AT + timedelta(days=1200)
    said = {"convention_id": convention.pk, "party": "Ruitz", "reason": "choix du conseil", "actor": TESTER}
    with pytest.raises(ConventionError, match="au plus tard le 22/08/2029"):
        denounce_convention(received_on=date(2029, 8, 23), at=later, **said)
    deadline = denounce_convention(received_on=date(2029, 8, 22), at=later, **said)
    assert deadline.day == date(2029, 11, 22)
    assert advance_convention(convention_id=convention.pk, on=date(2029, 11, 23), actor=TESTER, at=later)
    assert read(convention).end_reason == "dénoncée par Ruitz : choix du conseil"


def test_a_beneficiary_terminates_at_the_annual_due_date():
    convention = signed()
    deadline = terminate_convention(
        convention_id=convention.pk,
        received_on=date(2027, 11, 30),
        party="Ruitz",
        reason="Commune nouvelle",
        actor=TESTER,
        at=AT + timedelta(days=400),
    )
    assert deadline.day == date(2028, 11, 22)
    assert "préavis de 3 mois, reçu le 30/11/2027, au plus tard le 22/08/2028" in deadline.why
    assert not advance_convention(convention_id=convention.pk, on=date(2028, 11, 22), actor=TESTER, at=AT)
    assert advance_convention(convention_id=convention.pk, on=date(2028, 11, 23), actor=TESTER, at=AT)
    assert (read(convention).state, read(convention).ended_on) == ("ended", date(2028, 11, 22))


def test_an_amendment_is_prepared_on_a_convention_in_force_only():
    convention = signed()
    asked = conventions.accepted({"antivirus": 5}, in_service=quotes.ORDINARY)
    amendment = read(draft_convention(request_id=asked.pk, parent_id=convention.pk, actor=TESTER, at=AT))
    assert (amendment.text.kind, amendment.parent_id) == ("amendment", convention.pk)
    send_convention(convention_id=amendment.pk, actor=TESTER, at=AT)
    for role in ROLES:
        on_paper(amendment, role)
    done = read(amendment)
    assert (done.state, done.ends_on) == ("in-force", convention.ends_on)


def test_an_act_recorded_after_acceptance_makes_it_count():
    asked = conventions.accepted(empowered=False)
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    justify_acceptance(request_id=asked.pk, mandate_id=act.pk, actor=TESTER, at=AT)
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    assert send_convention(convention_id=convention.pk, actor=TESTER, at=AT).state == "sent"


def test_the_page_says_what_happens_next():
    convention = conventions.drafted()
    assert upcoming(convention).words == "Envoyer la convention à la signature"
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    assert upcoming(read(convention)).by == "Prénom NOM, Alix FIBRE, Sacha CENTRE"
    for role in ROLES:
        on_paper(convention, role)
    assert "dénonciation reçue au plus tard le 22/08/2029" in upcoming(read(convention)).words


def test_the_draft_deliberation_takes_up_the_quotes_in_hand():
    asked = quotes.request()
    with pytest.raises(ConventionError, match="pas de devis en main"):
        deliberation_of(request_id=asked.pk, on=DAY)
    quotes.issued(asked)
    paper = deliberation_of(request_id=asked.pk, on=DAY)
    assert [quote.number for quote in paper.quotes] == ["LFN-2026-00012", "CDG62-2026-00047"]
    assert paper.beneficiary.name == "Ruitz"
    assert paper.as_editable().startswith(b"PK")
