"""Conventions to look at: the list and its files, one page in each state and for each reader, its papers."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes, subscriptions
from tests.web.conftest import part, words
from tripartite.accounts.rights import Role
from tripartite.conventions.services.drafting import abandon_convention, draft_convention, set_term
from tripartite.conventions.services.ending import denounce_convention, terminate_convention
from tripartite.conventions.services.sending import preview_convention, send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.documents.queries import pdf_of
from tripartite.parties.services.mandates import record_mandate

AT, TESTER, DAY = quotes.AT, quotes.TESTER, quotes.DAY
HOSTILE = '<script>alert(1)</script> & "fils"'
LIST = reverse("convention-list")
ROLES = ("beneficiary", "lfn", "cdg62")
FORMS = ("convention-term", "convention-send", "convention-abandon", "convention-end")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


def address(name, convention):
    return reverse(name, args=[convention.pk])


def see(client, convention):
    return client.get(address("convention", convention))


def coming(client, convention):
    return part(see(client, convention), "contenu").partition("Et maintenant ?")[2]


def forms_on(client, convention):
    page = see(client, convention).content.decode()
    return [name for name in FORMS if address(name, convention) in page]


def signed(convention, *roles):
    for role in roles or ROLES:
        record_paper_signature(
            signatory_id=conventions.signatory(convention, role).pk,
            signed_on=DAY,
            scan=conventions.SCAN,
            original_place="Secrétariat",
            actor=TESTER,
            at=AT,
        )
    return conventions.read(convention)


def ended(convention, verb, received_on=DAY):
    said = {"received_on": received_on, "party": "Ruitz", "reason": "Autre choix", "actor": TESTER, "at": AT}
    verb(convention_id=convention.pk, **said)


@pytest.mark.both_bases
def test_the_list_says_who_is_missing_and_until_when(agent) -> None:
    assert "Une convention se prépare depuis une demande" in words(agent.get(LIST))
    convention = signed(conventions.sent(), "lfn")
    conventions.name_signatory(conventions.signatory(convention, "cdg62"), phone="03 21 00 00 00")
    assert "C-2026-00007 Ruitz en partie signée Prénom NOM, Sacha CENTRE — —" in words(agent.get(LIST))
    signed(convention, "beneficiary", "cdg62")
    assert "C-2026-00007 Ruitz en vigueur — 23/11/2026 22/11/2029" in words(agent.get(LIST))


@pytest.mark.both_bases
def test_the_list_is_narrowed_by_state_and_by_words(agent) -> None:
    conventions.sent()
    conventions.drafted(quantities={"antivirus": 5}, body=quotes.ARRAS)

    def found(**query):
        return [line["convention"].beneficiary.name for line in agent.get(LIST, query).context["lines"] or ()]

    assert sorted(found()) == ["Arras", "Ruitz"]
    assert found(state="draft") == ["Arras"]
    assert found(q="rui") == ["Ruitz"]
    assert found(q="2026-00007 ruitz") == ["Ruitz"]
    assert (found(q="ruitz", state="draft"), found(q="rien de tel"), found(q="%")) == ([], [], [])
    assert found(state="autre", q="\x00", page="99") == found()


@pytest.mark.both_bases
@pytest.mark.parametrize("layout", ["csv", "xlsx"])
def test_the_list_is_taken_away(agent, layout) -> None:
    convention = conventions.drafted()
    act = record_mandate(
        issuer="lfn",
        person="=SOMME(1) Alix",
        function="Président",
        act="deliberation",
        organ="Comité syndical",
        adopted_on=date(2026, 7, 7),
        enforceable_on=date(2026, 7, 10),
        actor=TESTER,
        at=AT,
    )
    conventions.name_signatory(conventions.signatory(convention, "lfn"), name="=SOMME(1) Alix", mandate_id=act.pk)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)

    answer = agent.get(LIST, {"format": layout})

    assert answer["Content-Disposition"] == f'attachment; filename="conventions-2026-11-23.{layout}"'
    if layout == "csv":
        (_, row) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        missing = "Prénom NOM, Maire, =SOMME(1) Alix, Président, Sacha CENTRE, Président"
        assert row == ["C-2026-00007", "Ruitz", "216207274", "à signer", "", "", missing]
    else:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_each_state_says_what_comes_next_and_offers_what_it_allows(agent) -> None:
    convention = conventions.drafted()
    assert "Envoyer la convention à la signature , par un agent , depuis le 19/11/2026" in coming(agent, convention)
    assert forms_on(agent, convention) == ["convention-term", "convention-send", "convention-abandon"]

    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    assert "Signer la convention , par Prénom NOM, Alix FIBRE, Sacha CENTRE" in coming(agent, convention)
    assert forms_on(agent, convention) == ["convention-abandon"]

    signed(convention)
    notice = "Reconduction tacite le 23/11/2029, sauf dénonciation reçue au plus tard le 22/08/2029 , en vigueur depuis"
    assert notice in coming(agent, convention)
    assert forms_on(agent, convention) == ["convention-end"]


def test_a_signed_convention_waits_for_its_day(agent) -> None:
    convention = conventions.drafted()
    term = {"years": 3, "tacit_renewals": 0, "notice_months": 3, "due_on": date(2027, 1, 1)}
    set_term(convention_id=convention.pk, **term, actor=TESTER, at=AT)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    signed(convention)
    assert "Entrer en vigueur le 01/01/2027 , depuis le" in coming(agent, convention)
    assert forms_on(agent, convention) == []


@pytest.mark.parametrize(
    ("verb", "reason", "last"),
    [
        (denounce_convention, "dénoncée par Ruitz : Autre choix", "22/11/2029"),
        (terminate_convention, "résiliée par Ruitz : Autre choix", "22/11/2027"),
    ],
)
def test_a_noted_end_is_not_announced_as_a_renewal(agent, verb, reason, last) -> None:
    convention = signed(conventions.sent())
    ended(convention, verb)
    assert f"Dernier jour le {last} compris : convention {reason}" in coming(agent, convention)
    assert f"{last} compris : {reason}" in words(see(agent, convention))
    assert forms_on(agent, convention) == []
    assert "Annuler cette fin" in words(see(agent, convention))


def test_an_abandoned_convention_offers_nothing_and_warns_of_nothing(agent) -> None:
    convention = draft_convention(request_id=conventions.accepted(empowered=False).pk, actor=TESTER, at=AT)
    assert "n'est pas enregistré" in words(see(agent, convention))
    abandon_convention(convention_id=convention.pk, reason="Autre durée.", actor=TESTER, at=AT)
    assert "Plus rien" in coming(agent, convention)
    assert "n'est pas enregistré" not in words(see(agent, convention))
    assert forms_on(agent, convention) == []


def test_what_lacks_leads_to_where_this_agent_can_record_it(agent, log_in) -> None:
    convention = draft_convention(request_id=conventions.accepted(empowered=False).pk, actor=TESTER, at=AT)
    own, body = f'href="{reverse("own-mandates")}">', f"{reverse('body-mandates', args=['216207274'])}?retour="
    page = see(agent, convention).content.decode()
    assert (page.count(own), body in page) == (1 + page.count(f"{own}Pouvoirs de signer"), True)
    assert body not in see(log_in(Role.ACCOUNTANT), convention).content.decode()


def test_an_act_recorded_after_the_draft_is_proposed_to_its_signatory(agent) -> None:
    asked = conventions.accepted(empowered=False)
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    conventions.mandates(asked.beneficiary)
    page = see(agent, convention)
    assert "Un acte est enregistré depuis : Prénom NOM, Maire." in words(page)
    (row, *_) = page.context["rows"]
    assert (row["form"].initial["name"], row["form"].initial["mandate"]) == ("Prénom NOM", str(row["proposed"].pk))


def test_what_goes_live_comes_first_and_the_body_says_it_too(agent) -> None:
    subscriptions.adopt_shipped_checklist()
    opened = subscriptions.opened({"messagerie-5go": 4})["messagerie-5go"]
    convention = opened.convention
    left = "Mettre en service : Messagerie, compte 5 Go (4 à mettre en service)"
    assert coming(agent, convention).strip().startswith(f"{left} , par Ruitz")
    page = words(agent.get(reverse("body", args=["216207274"])))
    assert f"{convention.request.reference} : {left} , par Ruitz" in page.split("Et maintenant ?")[1]


def test_an_accountant_reads_and_has_nothing_to_press(log_in) -> None:
    accountant = log_in(Role.ACCOUNTANT)
    convention = conventions.drafted()
    assert forms_on(accountant, convention) == []
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    page = see(accountant, convention).content.decode()
    assert re.findall(r'action="(/conventions/[^"]*)"', page) == []
    assert accountant.get(address("convention-paper", convention)).status_code == 200


def test_a_draft_is_seen_as_one_then_the_frozen_paper_then_its_latest_revision(agent) -> None:
    convention = conventions.drafted()
    draft = agent.get(address("convention-paper", convention))
    assert draft["Content-Disposition"] == 'inline; filename="projet-de-convention.pdf"'
    assert draft.content == preview_convention(convention=convention, at=AT)
    sent = send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    answer = agent.get(address("convention-paper", convention))
    assert answer["Content-Disposition"] == 'inline; filename="C-2026-00007.pdf"'
    assert answer.content == pdf_of(sent.document_id)


def test_the_paper_of_a_signature_is_its_scan(agent) -> None:
    convention = signed(conventions.sent(), "lfn")
    lfn, body = (conventions.signatory(convention, role).pk for role in ("lfn", "beneficiary"))
    answer = agent.get(reverse("signature-paper", args=[convention.pk, lfn]))
    assert (answer.content, answer["Content-Type"]) == (conventions.SCAN, "application/pdf")
    assert agent.get(reverse("signature-paper", args=[convention.pk, body])).status_code == 404
    assert agent.get(reverse("signature-paper", args=[convention.pk + 1, lfn])).status_code == 404
    assert "L'original qui fait foi est conservé ici : Secrétariat." in words(see(agent, convention))


@pytest.mark.parametrize("path", ["/conventions/99/", "/conventions/99/papier.pdf", f"/conventions/{'9' * 30}/"])
def test_a_convention_that_is_not_there_is_not_found(agent, path) -> None:
    assert agent.get(path).status_code == 404


@pytest.mark.both_bases
def test_hostile_names_are_shown_and_not_run(agent) -> None:
    convention = conventions.drafted()
    conventions.name_signatory(conventions.signatory(convention, "lfn"), name=HOSTILE, function=HOSTILE)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    pages = [agent.get(LIST), see(agent, convention)]
    abandon_convention(convention_id=convention.pk, reason=HOSTILE, actor=TESTER, at=AT)
    for page in (*pages, see(agent, convention)):
        assert ("<script>alert" not in page.content.decode(), HOSTILE in words(page)) == (True, True)


def test_the_number_of_queries_is_the_same_with_one_and_three_conventions(agent, django_assert_max_num_queries) -> None:
    first = signed(conventions.sent())
    agent.get(LIST)
    with django_assert_max_num_queries(12) as queries:
        agent.get(LIST)
    with django_assert_max_num_queries(12) as exporting:
        agent.get(LIST, {"format": "csv"})
    with django_assert_max_num_queries(40) as showing:
        see(agent, first)
    allowed, exported, shown = len(queries), len(exporting), len(showing)
    others = [conventions.sent(at=AT - timedelta(days=days)) for days in (1, 2)]
    for other in others:
        signed(other, "lfn")
    with django_assert_max_num_queries(allowed):
        agent.get(LIST)
    with django_assert_max_num_queries(exported):
        agent.get(LIST, {"format": "csv"})
    with django_assert_max_num_queries(shown + 6):
        see(agent, others[0])


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_years_cannot_be_added_to_is_refused_and_the_page_still_opens(agent, day) -> None:
    draft = conventions.drafted()
    typed = {"years": "4", "tacit_renewals": "0", "notice_months": "6", "due_on": day}
    answer = agent.post(reverse("convention-term", args=[draft.pk]), typed)
    assert answer.status_code == 422
    assert "Écrivez une date entre 2000 et 2150" in words(answer)
    assert agent.get(reverse("convention", args=[draft.pk])).status_code == 200
