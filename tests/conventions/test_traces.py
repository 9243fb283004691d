"""From where and with what somebody signed or agreed here: kept apart, read by few, bound to the paper of evidence."""

from hashlib import sha256
from io import BytesIO

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER, account
from tests.factories.conventions import DAY, MAYOR, read, signatory
from tripartite.accounts.rights import RIGHTS, Action, Role
from tripartite.conventions.services.signing import Consent, sign_here
from tripartite.documents.models import Document
from tripartite.documents.queries import document_by_id, payload_of, pdf_of, trace_of
from tripartite.quotes.printout.evidence import TRACE
from tripartite.quotes.services.answers import Person, accept_quotes
from tripartite.web.requests.papers import file_archive

pytestmark = pytest.mark.django_db
NETWORK, BROWSER, PHONE = "203.0.113.77", "Navigateur d'essai/12", "06 12 34 56 78"


@pytest.fixture(autouse=True)
def _offer():
    with time_machine.travel(AT, tick=False):
        conventions.offer()
        yield


def signed(role="beneficiary", *, by_phone=False):
    made = conventions.sent()
    to = f"{PHONE} (par téléphone)" if by_phone else "maire@exemple.fr"
    consent = Consent("Lu et signé.", to, NETWORK, BROWSER, by_phone)
    sign_here(signatory_id=signatory(made, role).pk, consent=consent, actor=TESTER, at=AT)
    return read(made)


def agreed():
    asked = quotes.request()
    quotes.issued(asked)
    person = Person(MAYOR.name, MAYOR.function, NETWORK, BROWSER)
    accept_quotes(request_id=asked.pk, person=person, way="online", answered_on=DAY, actor=TESTER, at=AT)
    return quotes.reread(asked)


def text_of(pdf):
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_no_paper_of_a_file_says_from_where_or_with_what() -> None:
    made = signed(by_phone=True)
    proof = signatory(made, "beneficiary").signature.proof_id
    trace = trace_of(proof)
    shown = text_of(pdf_of(proof))
    assert (trace.kind, trace.media_type, trace.sha256 in shown) == ("trace", "text/plain", True)
    assert "son téléphone, par un agent" in shown
    assert "un code qu’un agent lui a dit au téléphone" in shown
    payload = document_by_id(proof).payload
    archive = file_archive(made.request)
    for secret in (NETWORK, BROWSER, PHONE):
        assert secret not in shown + payload
        assert secret.encode() not in archive
    names = {payload_of(one)["title"] for one in Document.objects.filter(kind="evidence")}
    assert not any("relevé" in name for name in names)


def test_the_record_is_bound_to_its_paper_and_cannot_be_guessed() -> None:
    first, second = (signatory(signed(), "beneficiary").signature.proof_id for _ in range(2))
    kept = pdf_of(trace_of(first).pk)
    lines = dict(line.split(" : ", 1) for line in kept.decode().splitlines())
    assert lines["Adresse réseau"] == NETWORK
    assert lines["Navigateur"] == BROWSER
    assert lines["Code envoyé à"] == "maire@exemple.fr"
    assert len(lines["Aléa"]) == 32
    assert payload_of(document_by_id(first))["papers"][-1] == {"title": TRACE, "sha256": sha256(kept).hexdigest()}
    assert trace_of(first).sha256 != trace_of(second).sha256


def test_an_agreement_too() -> None:
    (quote, _) = agreed().versions.all()[0].quotes.all()
    trace = trace_of(quote.answer.proof_id)
    assert f"Adresse réseau : {NETWORK}\n" in pdf_of(trace.pk).decode()
    assert NETWORK not in text_of(pdf_of(quote.answer.proof_id))
    assert trace_of(quote.document_id) is None


@pytest.mark.parametrize("issuer", ["lfn", "cdg62"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("party", ["beneficiary", "lfn"])
def test_few_read_it_and_never_of_the_other_issuer(party, role, issuer) -> None:
    made = signed(party)
    client = Client()
    client.force_login(account(role=role, issuer_code=issuer))
    answer = client.get(reverse("signature-trace", args=[made.pk, signatory(made, party).pk]))
    page = client.get(reverse("convention", args=[made.pk])).content.decode()
    allowed = Action.TRACE_READ in RIGHTS[role] and party in ("beneficiary", issuer)
    assert (answer.status_code == 200, "relevé technique" in page) == (allowed, allowed)
    assert (NETWORK.encode() in answer.content) is allowed


def test_that_of_an_agreement_is_read_from_the_page_of_the_request() -> None:
    asked = agreed()
    (quote, _) = asked.versions.all()[0].quotes.all()
    for role, status in ((Role.AGENT, 403), (Role.MANAGER, 200)):
        client = Client()
        client.force_login(account(role=role))
        assert client.get(reverse("accord-trace", args=[quote.number])).status_code == status
        page = client.get(reverse("request", args=[asked.reference])).content.decode()
        assert ("Relevé technique" in page) is (status == 200)
