"""From what was held under a former programme to a request: what is renewed, and whether going live is due again."""

from datetime import timedelta

import pytest

from tests.factories import cohort, conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.cohort import ARRAS, RUITZ, TITLES, brought_in, former, xlsx
from tripartite.conventions.queries.cohort import cohort_counts, cohort_list, former_by_id
from tripartite.conventions.services.cohort import turn_into_request
from tripartite.conventions.services.cohort_reading import CohortRefused
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.conventions.states import Progress
from tripartite.journal.queries import entries_about
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.services.requests import cancel_request

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _offer() -> None:
    quotes.offer()


def held(code_insee="62727"):
    return {one.service: one.quantity for one in former(code_insee).held.all()}


def findings(content, name="pack.xlsx"):
    """What is said of a refused file; nothing was written."""
    with pytest.raises(CohortRefused) as refused:
        brought_in(content, name=name)
    assert cohort_list().count() == 0
    assert not entries_about("cohort", "Mairie Connectée")
    return str(refused.value).splitlines()


DUE = {"messagerie-5go": True}


def turned(code_insee="62727", **due):
    return turn_into_request(former_id=former(code_insee).pk, actor=TESTER, at=AT, going_live_due=due or DUE)


def once_of(request):
    return {code: one.once_cents for code, one in estimate_request(request, on=AT.date()).totals.items()}


def test_nobody_assumes_that_going_live_is_due_again():
    """4 mailboxes at 10 € each, or nothing; the domain name has no such charge and asks nothing."""
    brought_in(xlsx(RUITZ))
    said = r"Dites si la mise en service est due de nouveau : Messagerie, compte 5 Go\."
    with pytest.raises(ConventionError, match=said):
        turn_into_request(former_id=former().pk, actor=TESTER, at=AT)
    due = turned()
    assert (due.order["set_up"], once_of(due)) == ([], {"lfn": 0, "cdg62": 4000})
    cancel_request(request_id=due.pk, reason="Erreur.", actor=TESTER, at=AT)
    free = turned(**{"messagerie-5go": False})
    assert free.order["set_up"] == [{"service": "messagerie-5go", "quantity": 4}]
    assert once_of(free) == {"lfn": 0, "cdg62": 0}


@pytest.mark.parametrize(("said", "once"), [("oui", 4000), ("Non", 0)])
def test_the_list_may_say_whether_going_live_is_due_again(said, once):
    titles = (*TITLES, "Mise en service due")
    brought_in(xlsx((*RUITZ, said), titles=titles))
    request = turn_into_request(former_id=former().pk, actor=TESTER, at=AT)
    assert once_of(request) == {"lfn": 0, "cdg62": once}


def test_what_the_list_says_of_going_live_is_yes_or_no_and_may_be_corrected():
    titles = (*TITLES, "Mise en service due")
    (told,) = findings(xlsx((*RUITZ, "peut-être"), titles=titles))
    assert "« peut-être » : oui ou non attendu." in told
    brought_in(xlsx((*RUITZ, None), titles=titles))
    assert former().going_live_due is None
    assert brought_in(xlsx((*RUITZ, "non"), titles=titles)).corrected == ("Ruitz (216207274)",)
    assert former().going_live_due is False


def test_a_request_renews_what_was_held_under_the_tariff_of_the_day():
    brought_in(xlsx(RUITZ))
    request = turned()

    assert (request.reference, request.origin, request.beneficiary.name) == ("D-2026-00005", "agent", "Ruitz")
    assert request.order == quotes.order({"messagerie-5go": 4, "nom-de-domaine": 1}) | {"set_up": []}
    assert request.note == "Suite de l'ancienne convention Mairie Connectée, du 01/01/2022 au 31/12/2026."
    assert former().request_id == request.pk
    assert set(quotes.issued(request)) == {"lfn", "cdg62"}
    assert entries_about("body", former().body_id).last().text.startswith("Demande D-2026-00005 préparée")


def test_the_agent_says_what_stays_in_service_and_what_is_given_up():
    brought_in(xlsx((*RUITZ, 3), titles=(*TITLES, "antivirus")))
    request = turn_into_request(
        former_id=former().pk, in_service=["messagerie-5go"], given_up=["antivirus"], actor=TESTER, at=AT
    )
    assert request.order == quotes.order({"nom-de-domaine": 1}, {"messagerie-5go": 4}) | {"set_up": []}


def test_what_cannot_be_turned_is_refused_and_nothing_is_written():
    brought_in(xlsx(RUITZ))
    one = former()
    for options, said in (
        ({"given_up": ["antivirus"]}, "n'était pas tenu : antivirus"),
        ({"given_up": ["messagerie-5go", "nom-de-domaine"]}, "Gardez au moins un service"),
    ):
        with pytest.raises(ConventionError, match=said):
            turn_into_request(former_id=one.pk, actor=TESTER, at=AT, **options)
    with pytest.raises(ConventionError, match="n'est pas enregistrée"):
        turn_into_request(former_id=one.pk + 1, actor=TESTER, at=AT)
    with pytest.raises(OrderError):
        turn_into_request(former_id=one.pk, actor=TESTER, at=AT - timedelta(days=2000), going_live_due=DUE)
    assert former().request_id is None
    turned()
    with pytest.raises(ConventionError, match=r"Ruitz a déjà une demande en cours : D-2026-00005\."):
        turn_into_request(former_id=one.pk, actor=TESTER, at=AT)


def progress(**asked):
    return [(one.body.name, one.progress, one.reference) for one in cohort_list(**asked)]


def test_the_list_says_who_is_done_in_progress_and_to_do():
    conventions.adopt_texts()
    conventions.update_issuer(code="cdg62", changes={"siret": conventions.siret_of("286200019")}, actor=TESTER, at=AT)
    brought_in(xlsx(RUITZ, ARRAS, cohort.BETHUNE))
    asked = conventions.accepted()
    turned("62041")
    assert progress() == [
        ("Arras", "in-progress", "D-2026-00006"),
        ("Béthune", "to-do", None),
        ("Ruitz", "in-progress", "D-2026-00005"),
    ]

    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    for role in ("beneficiary", "lfn", "cdg62"):
        record_paper_signature(
            signatory_id=conventions.signatory(convention, role).pk,
            signed_on=conventions.DAY,
            scan=conventions.SCAN,
            original_place="Secrétariat",
            actor=TESTER,
            at=AT,
        )
    assert progress(progress="done") == [("Ruitz", "done", "D-2026-00005")]
    assert former_by_id(former().pk).convention_number == "C-2026-00007"
    assert cohort_counts() == {Progress.TO_DO: 1, Progress.IN_PROGRESS: 1, Progress.DONE: 1}
    assert progress(text="arr") == [("Arras", "in-progress", "D-2026-00006")]
    assert progress(text="c-2026-00007 ruitz") == [("Ruitz", "done", "D-2026-00005")]


def test_a_cancelled_request_leaves_it_to_do_again():
    brought_in(xlsx(RUITZ))
    first = turned()
    cancel_request(request_id=first.pk, reason="Erreur.", actor=TESTER, at=AT)
    assert progress() == [("Ruitz", "to-do", None)]
    assert turned().reference == "D-2026-00006"


def test_what_became_a_request_is_not_corrected_until_it_is_cancelled():
    brought_in(xlsx(RUITZ))
    request = turned()
    with pytest.raises(CohortRefused, match=r"ligne 2 : Ruitz a déjà la demande D-2026-00005 : elle ne change plus\."):
        brought_in(xlsx((*RUITZ[:4], 5, None), ARRAS))
    assert former("62041") is None
    assert held() == {"messagerie-5go": "4", "nom-de-domaine": "1"}

    cancel_request(request_id=request.pk, reason="Erreur.", actor=TESTER, at=AT)
    assert brought_in(xlsx((*RUITZ[:4], 5, None))).corrected == ("Ruitz (216207274)",)
