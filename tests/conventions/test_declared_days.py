"""A day that is only declared proves nothing: the power must be there on the day the signature is received too."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine

from tests.documents.authorities import make, sign
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, MAYOR, SCAN, read, signatory
from tripartite.conventions.queries.conventions import current_document_id
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.signing import deposit_signed_pdf, record_paper_signature
from tripartite.documents.queries import pdf_of
from tripartite.journal.queries import entries_about
from tripartite.parties.services.mandates import end_mandate
from tripartite.quotes.queries.accords import what_accord_lacks
from tripartite.quotes.services.answers import accept_quotes

pytestmark = pytest.mark.django_db
SIGNED, ENDED, RECEIVED = DAY + timedelta(days=2), DAY + timedelta(days=5), DAY + timedelta(days=8)
LOST = (
    "Prénom NOM ne peut plus engager. La date du 25/11/2026 n'est que déclarée ; le 01/12/2026, jour où l'acte est"
    " reçu : Prénom NOM n'a plus ce pouvoir depuis le 28/11/2026."
)


def instant(day: date):
    return AT + (day - DAY)


@pytest.fixture
def convention(settings, tmp_path):
    """Out for signature; the mayor's power ends on ENDED."""
    conventions.offer()
    settings.CONFIG = replace(settings.CONFIG, trust_folder=tmp_path)
    made = conventions.sent()
    mandate = signatory(made, "beneficiary").mandate
    end_mandate(mandate_id=mandate.pk, last_day=ENDED, reason="nouveau conseil", actor=TESTER, at=AT)
    return made


def on_paper(convention, *, received_on=None):
    record_paper_signature(
        signatory_id=signatory(convention, "beneficiary").pk,
        signed_on=SIGNED,
        received_on=received_on,
        scan=SCAN,
        original_place="Secrétariat",
        actor=TESTER,
        at=instant(RECEIVED),
    )


def deposited(convention, tmp_path, *, stamped):
    authority = make("Autorité d'essai", authority=True)
    (tmp_path / "essai.pem").write_bytes(authority.pem)
    stamper = authority.certify("Horodatage", stamping=True).stamper(instant(SIGNED)) if stamped else None
    with time_machine.travel(instant(SIGNED), tick=False):
        pdf = sign(pdf_of(current_document_id(read(convention))), authority.certify(MAYOR.name), stamper=stamper)
    key = signatory(convention, "beneficiary").pk
    deposit_signed_pdf(signatory_id=key, pdf=pdf, actor=TESTER, at=instant(RECEIVED))


def told(convention):
    return entries_about("request", convention.request_id).filter(action="conventions.sign").last().text


def test_a_backdated_signature_on_paper_is_refused_once_the_power_has_ended(convention):
    with pytest.raises(ConventionError) as refusal:
        on_paper(convention)
    assert str(refusal.value) == LOST
    assert read(convention).state == "sent"


@pytest.mark.parametrize(("received", "counts"), [(ENDED, True), (ENDED + timedelta(days=1), False)])
def test_the_day_the_original_was_received_counts_not_the_day_it_is_recorded(convention, received, counts):
    if not counts:
        with pytest.raises(ConventionError, match="ne peut plus engager"):
            on_paper(convention, received_on=received)
        return
    on_paper(convention, received_on=received)
    assert told(convention) == (
        f"{convention.number} signée par Prénom NOM, Maire, sur papier, le 25/11/2026 (date portée sur l'original, reçu"
        " le 28/11/2026)."
    )


@pytest.mark.parametrize("received", [SIGNED - timedelta(days=1), RECEIVED + timedelta(days=1)])
def test_an_original_is_received_between_its_day_and_today(convention, received):
    with pytest.raises(ConventionError, match=r"entre le jour de sa signature et aujourd'hui|ne peut plus engager"):
        on_paper(convention, received_on=received)


def test_an_unstamped_pdf_is_refused_once_the_power_has_ended(convention, tmp_path):
    with pytest.raises(ConventionError) as refusal:
        deposited(convention, tmp_path, stamped=False)
    assert str(refusal.value) == LOST


def test_a_time_stamp_proves_its_day(convention, tmp_path):
    deposited(convention, tmp_path, stamped=True)
    assert signatory(convention, "beneficiary").signature.signed_on == SIGNED
    assert told(convention).startswith(
        f"{convention.number} signée par Prénom NOM, Maire, avec un certificat, hors de Tripartite, le 25/11/2026 (date"
        " prouvée par un horodatage), titulaire du certificat : Prénom NOM"
    )


@pytest.mark.parametrize(("way", "counts"), [("online", True), ("paper", False)])
def test_an_accord_on_paper_recorded_after_the_power_has_ended_does_not_count(way, counts):
    conventions.offer()
    asked = quotes.request()
    quotes.issued(asked)
    mandate = conventions.mandates(asked.beneficiary)["beneficiary"]
    accept_quotes(
        request_id=asked.pk,
        person=MAYOR,
        way=way,
        answered_on=SIGNED,
        mandate_id=mandate.pk,
        scan=SCAN if way == "paper" else None,
        actor=TESTER,
        at=instant(RECEIVED if way == "paper" else SIGNED),
    )
    end_mandate(mandate_id=mandate.pk, last_day=ENDED, reason="nouveau conseil", actor=TESTER, at=instant(RECEIVED))
    asked = quotes.reread(asked)
    (answer, _) = [quote.answer for quote in asked.versions.all()[0].quotes.all()]
    lacks = what_accord_lacks(answer, asked, on=RECEIVED)
    assert lacks == ("" if counts else LOST.removeprefix("Prénom NOM ne peut plus engager. "))
