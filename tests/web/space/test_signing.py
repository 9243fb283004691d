"""A convention in the space: read, signed by code, by nobody else; the papers of another file are not there."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, words
from tests.web.space.entering import (
    AT,
    EMAIL,
    SCAN,
    code_for,
    enter,
    link_in,
    sign,
    upload,
)
from tripartite.config import CodeChannel
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.ending import terminate_convention
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.messages.queries import message_by_id, message_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_sign(clock):
    """A convention out for signature, each signatory written to."""
    conventions.offer()
    made = conventions.drafted()
    for role, email in (("lfn", "president@lfn.exemple.fr"), ("cdg62", "president@cdg62.exemple.fr")):
        conventions.name_signatory(conventions.signatory(made, role), email=email)
    return conventions.read(send_convention(convention_id=made.pk, actor=TESTER, at=AT))


def has_signed(convention, role="beneficiary"):
    return hasattr(conventions.signatory(convention, role), "signature")


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_an_agent_who_sends_writes_to_each_signatory(clock, log_in) -> None:
    conventions.offer()
    made = conventions.drafted()
    log_in().post(reverse("convention-send", args=[made.pk]))
    assert [one.recipient for one in message_list() if one.kind == "convention.sent"] == [EMAIL]


def test_each_signatory_gets_its_own_link(to_sign) -> None:
    sent = {one.recipient: message_by_id(one.pk) for one in message_list() if one.kind == "convention.sent"}
    assert set(sent) == {EMAIL, "president@lfn.exemple.fr", "president@cdg62.exemple.fr"}
    assert len({link_in(one) for one in sent.values()}) == 3


def test_the_convention_says_who_is_missing_since_when_and_what_a_signature_is_worth(to_sign) -> None:
    page = words(enter(to_sign.request).get(reverse("space-convention", args=[to_sign.pk])))
    assert page.count("attendue depuis le 23/11/2026") == 3
    assert "un seul facteur" in page
    assert f"J'ai lu la convention {to_sign.number} et je la signe au nom de la commune de Ruitz" in page


def test_one_signs_with_the_code_and_the_words(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)

    answer = sign(client, to_sign, code[:3] + " " + code[3:])

    assert answer.status_code == 302
    signature = conventions.signatory(to_sign, "beneficiary").signature
    assert (signature.way, signature.evidence["code_sent_to"]) == ("here", EMAIL)
    assert signature.evidence["words"].startswith(f"J'ai lu la convention {to_sign.number}")
    assert convention_by_id(to_sign.pk).state == "partly-signed"
    page = words(client.get(reverse("space-convention", args=[to_sign.pk])))
    assert "signée le 23/11/2026" in page
    assert "Recevoir un code" not in page
    revision = client.get(reverse("space-paper", args=[signature.document_id]))
    assert revision.content.startswith(b"%PDF-")
    proof = client.get(reverse("space-paper", args=[signature.proof_id]))
    assert proof.content.startswith(b"%PDF-")
    assert f"{to_sign.number}, preuve de la signature de Prénom NOM" in words(client.get(reverse("space")))


def test_an_agent_reads_the_evidence_of_a_signature_given_here(to_sign, log_in) -> None:
    client = enter(to_sign.request)
    one, agent = conventions.signatory(to_sign, "beneficiary"), log_in(issuer_code="cdg62")
    address = reverse("signature-proof", args=[to_sign.pk, one.pk])
    assert agent.get(address).status_code == 404
    sign(client, to_sign, code_for(client, to_sign))
    assert address in agent.get(reverse("convention", args=[to_sign.pk])).content.decode()
    assert agent.get(address).content.startswith(b"%PDF-")


def test_a_wrong_an_old_and_an_expired_code_sign_nothing(to_sign, clock) -> None:
    client = enter(to_sign.request)
    assert "Demandez d'abord un code." in errors(sign(client, to_sign, "000000"))
    first = code_for(client, to_sign)
    assert "Ce code n'est pas le bon." in errors(sign(client, to_sign, other_than(first)))
    second = code_for(client, to_sign)
    if first != second:
        assert "Ce code n'est pas le bon." in errors(sign(client, to_sign, first))
    clock.shift(timedelta(minutes=10))
    assert "plus de dix minutes" in errors(sign(client, to_sign, second))
    assert not has_signed(to_sign)


def test_five_wrong_codes_end_the_right_one(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    said = [errors(sign(client, to_sign, other_than(code))) for _ in range(5)]
    assert [("Cinq codes faux" in one) for one in said] == [False] * 4 + [True]
    assert "Cinq codes faux" in errors(sign(client, to_sign, code))
    assert not has_signed(to_sign)


def test_a_code_given_before_the_paper_changed_signs_nothing(to_sign) -> None:
    mayor, president = enter(to_sign.request), enter(to_sign.request, "president@lfn.exemple.fr")
    code = code_for(mayor, to_sign)
    assert sign(president, to_sign, code_for(president, to_sign), "lfn").status_code == 302

    assert "Le papier a changé depuis ce code" in errors(sign(mayor, to_sign, code))
    assert not has_signed(to_sign)
    assert sign(mayor, to_sign, code_for(mayor, to_sign)).status_code == 302


def test_the_words_must_be_agreed_to(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    assert "Cochez la case pour signer." in errors(sign(client, to_sign, code, consent=""))
    assert not has_signed(to_sign)
    assert sign(client, to_sign, code).status_code == 302


def test_nobody_signs_for_another(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    assert sign(client, to_sign, code, "lfn").status_code == 404
    assert not has_signed(to_sign, "lfn")


def test_an_issuers_signatory_signs_and_answers_nothing(to_sign) -> None:
    client = enter(to_sign.request, "president@cdg62.exemple.fr")
    assert client.get(reverse("space")).status_code == 200
    assert client.post(reverse("space-accept"), {"numbers": "x"}).status_code == 404
    assert client.post(reverse("space-deposit"), {"act": upload(SCAN)}).status_code == 404


def test_every_address_of_another_file_is_not_there(to_sign, clock) -> None:
    other = quotes.request(body="62014")
    quotes.issued(other)
    client = enter(other)
    assert client.get(reverse("space-convention", args=[to_sign.pk])).status_code == 404
    assert client.get(reverse("space-paper", args=[to_sign.document_id])).status_code == 404
    for name in ("space-code", "space-sign"):
        assert client.post(reverse(name, args=[to_sign.pk])).status_code == 404


def test_a_draft_is_not_shown(clock) -> None:
    conventions.offer()
    draft = conventions.drafted()
    client = enter(draft.request)
    assert client.get(reverse("space-convention", args=[draft.pk])).status_code == 404


def test_too_many_codes_are_refused(to_sign) -> None:
    client = enter(to_sign.request)
    for _ in range(5):
        client.post(reverse("space-code", args=[to_sign.pk]))
    page = client.post(reverse("space-code", args=[to_sign.pk]), follow=True)
    assert "Trop de codes ont été demandés." in words(page)
    assert message_list().filter(kind="convention.code").count() == 5


def test_by_telephone_an_agent_tells_the_code_once(to_sign, log_in, settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, code_channel=CodeChannel.PHONE)
    client, mayor = enter(to_sign.request), conventions.signatory(to_sign, "beneficiary")
    page = client.get(reverse("space-convention", args=[to_sign.pk]))
    assert "un agent vous dit un code" in words(page)
    assert client.post(reverse("space-code", args=[to_sign.pk])).status_code == 404

    agent, other = log_in(), conventions.signatory(to_sign, "lfn")
    assert "Code à dire au téléphone" in words(agent.get(reverse("convention", args=[to_sign.pk])))
    assert agent.post(reverse("convention-code", args=[to_sign.pk, other.pk])).status_code == 404
    told = agent.post(reverse("convention-code", args=[to_sign.pk, mayor.pk]))
    code = re.search(r"<strong>(\d{6})</strong>", told.content.decode())[1]

    assert sign(client, to_sign, code).status_code == 302
    assert conventions.signatory(to_sign, "beneficiary").signature.evidence["code_sent_to"].endswith("(par téléphone)")


def test_without_the_telephone_channel_no_agent_gets_a_code(to_sign, log_in) -> None:
    mayor = conventions.signatory(to_sign, "beneficiary")
    assert log_in().post(reverse("convention-code", args=[to_sign.pk, mayor.pk])).status_code == 404


def test_once_signed_the_space_says_until_when_then_why_it_ended(to_sign) -> None:
    for one in to_sign.signatories.all():
        record_paper_signature(
            signatory_id=one.pk, signed_on=AT.date(), scan=SCAN, original_place="Mairie", actor=TESTER, at=AT
        )
    mayor = enter(to_sign.request)
    assert "La convention C-2026-00007 est en vigueur , jusqu'au 22/11/2029 compris" in words(
        mayor.get(reverse("space"))
    )
    shown = words(mayor.get(reverse("space-convention", args=[to_sign.pk])))
    assert "en vigueur depuis le 23/11/2026, jusqu'au 22/11/2029 compris" in shown
    assert "L'original qui fait foi est conservé ici : Mairie." in shown

    ending = {"received_on": AT.date(), "party": "Ruitz", "reason": "autre choix", "actor": TESTER, "at": AT}
    terminate_convention(convention_id=to_sign.pk, **ending)
    page = words(mayor.get(reverse("space")))
    assert (
        "La convention C-2026-00007 s'arrête, dernier jour le 22/11/2027 compris (résiliée par Ruitz : autre choix)."
        in page
    )
    assert "22/11/2027 compris (résiliée par Ruitz : autre choix)" in words(
        mayor.get(reverse("space-convention", args=[to_sign.pk]))
    )

    advance_convention(convention_id=to_sign.pk, on=date(2027, 11, 23), actor=TESTER, at=AT)
    assert "La convention C-2026-00007 est terminée : résiliée par Ruitz" in words(mayor.get(reverse("space")))
