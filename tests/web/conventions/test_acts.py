"""What agents do with a convention: prepare, send, record signatures, abandon, end; and each refusal at its place."""

from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.documents.authorities import make, sign
from tests.factories import conventions, quotes
from tests.factories.conventions import read, signatory
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.conventions.queries.conventions import conventions_of_request, current_document_id
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.journal.queries import entries_about

AT, TESTER = quotes.AT, quotes.TESTER
TERM = {"years": "4", "tacit_renewals": "0", "notice_months": "6", "due_on": "2027-01-01"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


@pytest.fixture
def convention():
    return conventions.sent()


@pytest.fixture
def holder(settings, tmp_path):
    """Somebody whose certificate comes from a trusted authority."""
    settings.CONFIG = replace(settings.CONFIG, trust_folder=tmp_path)
    authority = make("Autorité d'essai", authority=True)
    (tmp_path / "essai.pem").write_bytes(authority.pem)
    return authority.certify("Sacha CENTRE")


def do(client, name, convention, **typed):
    return client.post(reverse(f"convention-{name}", args=[convention.pk]), typed)


def about(client, action, one, /, **typed):
    return client.post(reverse(action, args=[one.convention_id, one.pk]), typed)


def on_paper(client, one, **typed):
    said = {"signed_on": "2026-11-23", "scan": scan(), "original_place": "Secrétariat"}
    return about(client, "sign-on-paper", one, **(said | typed))


def name(client, one, /, **typed):
    said = {"name": one.name, "function": one.function, "email": "", "phone": "", "mandate": one.mandate_id or ""}
    return about(client, "signatory", one, **(said | typed))


def scan(content=conventions.SCAN):
    return SimpleUploadedFile("copie.pdf", content)


def notices(answer):
    return part(answer, "contenu")


def in_force():
    """A convention signed by all on paper."""
    made = conventions.sent()
    for role in ("beneficiary", "lfn", "cdg62"):
        recorded(signatory(made, role))
    return read(made)


def recorded(one):
    record_paper_signature(
        signatory_id=one.pk,
        signed_on=quotes.DAY,
        scan=conventions.SCAN,
        original_place="Secrétariat",
        actor=TESTER,
        at=AT,
    )


@pytest.mark.both_bases
def test_a_convention_is_prepared_once(agent) -> None:
    asked = conventions.accepted()
    path = reverse("convention-draft", args=[asked.reference])
    answer = agent.post(path)
    (made,) = conventions_of_request(asked.pk)
    assert answer["Location"] == reverse("convention", args=[made.pk])
    assert "Prénom NOM (CDG 62)" in entries_about("request", asked.pk).last().actor
    again = agent.post(path, follow=True)
    assert "Une convention de ce dossier est déjà en cours." in notices(again)
    assert agent.get(path).status_code == 405
    assert agent.post(reverse("convention-draft", args=["D-2026-99999"])).status_code == 404


def test_without_accepted_quotes_nothing_is_prepared(agent) -> None:
    asked = quotes.request()
    answer = agent.post(reverse("convention-draft", args=[asked.reference]), follow=True)
    assert "Les devis de cette demande ne sont pas acceptés." in notices(answer)


def test_an_amendment_is_prepared_for_the_same_town_hall_alone(agent) -> None:
    parent = in_force()
    asked, other = (
        conventions.accepted({"antivirus": 5}, in_service=quotes.ORDINARY),
        conventions.accepted(quantities={"antivirus": 5}, body=quotes.ARRAS),
    )
    assert "un avenant à C-2026-00007" in words(agent.get(reverse("request", args=[asked.reference])))
    refused = agent.post(reverse("convention-draft", args=[other.reference]), {"parent": parent.pk}, follow=True)
    assert "Un avenant ne modifie qu'une convention de la même collectivité." in notices(refused)
    assert conventions_of_request(other.pk) == []

    agent.post(reverse("convention-draft", args=[asked.reference]), {"parent": parent.pk})

    (made,) = conventions_of_request(asked.pk)
    assert (made.parent_id, made.text.kind) == (parent.pk, "amendment")
    wrong = do(agent, "changes", made, changes="")
    assert (wrong.status_code, "Ce que change l'avenant" in errors(wrong)) == (422, True)
    assert do(agent, "changes", made, changes="Antivirus : 5 postes\r\n\r\n").status_code == 302
    assert read(made).changes == "Antivirus : 5 postes"


@pytest.mark.parametrize("parent", ["x", "²", "-1", "9" * 5000])
def test_an_amendment_to_nothing_is_not_found(agent, parent) -> None:
    asked = conventions.accepted()
    assert agent.post(reverse("convention-draft", args=[asked.reference]), {"parent": parent}).status_code == 404
    assert conventions_of_request(asked.pk) == []


def test_a_term_is_set_until_the_text_is_sent(agent) -> None:
    draft = conventions.drafted()
    assert do(agent, "term", draft, **TERM).status_code == 302
    assert (read(draft).years, f"{read(draft).due_on}") == (4, "2027-01-01")
    for wrong in ({"years": "0"}, {"years": "21"}, {"notice_months": "un"}, {"due_on": "31/02/2027"}):
        answer = do(agent, "term", draft, **(TERM | {"tacit_renewals": "7"} | wrong))
        ((field, typed),) = wrong.items()
        assert (answer.status_code, field in answer.context["term_form"].errors) == (422, True)
        assert (f'value="{typed}"' in answer.content.decode(), 'value="7"' in answer.content.decode()) == (True, True)
    assert read(draft).tacit_renewals == 0
    do(agent, "send", draft)
    late = do(agent, "term", draft, **TERM)
    assert (late.status_code, "La durée est dans le texte envoyé" in notices(late)) == (422, True)


def test_a_signatory_is_named_then_only_its_address_is_corrected(agent) -> None:
    draft = conventions.drafted()
    one = signatory(draft, "beneficiary")
    assert name(agent, one, name="NOM Prénom", email="maire@exemple.fr").status_code == 302
    wrong = name(agent, one, name="", email="maire", phone="06 00 00 00 00")
    assert (wrong.status_code, "Adresse électronique" in errors(wrong)) == (422, True)
    assert 'value="06 00 00 00 00"' in wrong.content.decode()
    assert signatory(draft, "beneficiary").phone != "06 00 00 00 00"

    do(agent, "send", draft)
    one = signatory(draft, "beneficiary")
    assert name(agent, one, phone="03 21 00 00 09").status_code == 302
    late = name(agent, one, name="Autre NOM")
    assert (late.status_code, "abandonner celle-ci, puis en préparer une autre" in errors(late)) == (422, True)
    assert signatory(draft, "beneficiary").name == "NOM Prénom"


def test_the_act_of_another_party_is_not_offered(agent) -> None:
    draft = conventions.drafted()
    answer = name(agent, signatory(draft, "beneficiary"), mandate=signatory(draft, "lfn").mandate_id)
    assert (answer.status_code, "En vertu de" in errors(answer)) == (422, True)


def test_sending_freezes_the_text_and_says_what_lacks(agent) -> None:
    lacking = draft_convention(request_id=conventions.accepted(empowered=False).pk, actor=TESTER, at=AT)
    answer = agent.post(reverse("convention-send", args=[lacking.pk]), follow=True)
    assert "Il manque : " in notices(answer)
    assert read(lacking).state == "draft"

    ready = conventions.drafted(quantities={"antivirus": 5}, body=quotes.ARRAS)
    sent = agent.post(reverse("convention-send", args=[ready.pk]), follow=True)
    assert "C-2026-00007 : à signer. Le lien pour signer est écrit à " in notices(sent)
    again = agent.post(reverse("convention-send", args=[ready.pk]), follow=True)
    assert "C'est déjà fait : convention « à signer »." in notices(again)


def test_a_signature_on_paper_is_recorded_with_its_scan(agent, convention) -> None:
    one = signatory(convention, "beneficiary")
    answer = agent.get(on_paper(agent, one, scan=scan(b"\xff\xd8\xffcopie"))["Location"])
    assert "Signature enregistrée." in notices(answer)
    assert "a signé le 23/11/2026" in words(answer)
    kept = signatory(convention, "beneficiary").signature
    assert (kept.way, document_by_id(kept.document_id).media_type) == ("paper", "image/jpeg")


@pytest.mark.parametrize(
    ("typed", "place", "message"),
    [
        ({"scan": ""}, "scan", "Ce champ est obligatoire."),
        ({"scan": scan(b"")}, "scan", "Le fichier soumis est vide."),
        ({"scan": scan(b"PK\x03\x04")}, "scan", "Ce fichier n'est ni un PDF, ni une image JPEG ou PNG."),
        ({"scan": scan(b"%PDF-" + b"0" * 15_000_000)}, "scan", "Fichier trop gros : 15 Mo au plus."),
        ({"original_place": " "}, "original_place", "Ce champ est obligatoire."),
        ({"signed_on": ""}, "signed_on", "Ce champ est obligatoire."),
        ({"signed_on": "2026-11-24"}, "__all__", "La date de signature est à venir."),
        ({"signed_on": "2026-11-19"}, "__all__", "La signature précède l'envoi de la convention."),
    ],
)
def test_a_paper_signature_that_cannot_be_is_refused_at_its_place(agent, convention, typed, place, message) -> None:
    one = signatory(convention, "cdg62")
    answer = on_paper(agent, one, **({"original_place": "Coffre"} | typed))

    assert answer.status_code == 422
    (row,) = [row for row in answer.context["rows"] if row["signatory"].pk == one.pk]
    assert row["paper_form"].errors[place] == [message]
    assert message in errors(answer)
    assert 'value="Coffre"' in answer.content.decode() or "original_place" in typed
    assert (read(convention).state, hasattr(signatory(convention, "cdg62"), "signature")) == ("sent", False)


def test_a_pdf_signed_outside_is_verified_and_recorded(agent, convention, holder) -> None:
    one = signatory(convention, "cdg62")
    latest = agent.get(reverse("convention-paper", args=[convention.pk])).content
    signed = sign(latest, holder)

    answer = agent.get(about(agent, "sign-outside", one, pdf=scan(signed))["Location"])

    assert "Signature vérifiée et enregistrée." in notices(answer)
    assert "Avec un certificat, hors de Tripartite" in words(answer)
    assert pdf_of(current_document_id(read(convention))) == signed


def test_a_certificate_in_another_name_is_refused_then_confirmed_by_an_agent_of_that_party(
    agent, operator, convention, holder
) -> None:
    one, latest = signatory(convention, "cdg62"), pdf_of(convention.document_id)
    pdf = sign(latest, holder.issuer.certify("Prénom DUPONT"))

    refused = about(agent, "sign-outside", one, pdf=scan(pdf))
    assert refused.status_code == 422
    assert "Le certificat est celui de « Prénom DUPONT, Organisme d'essai »" in errors(refused)
    done = agent.get(about(agent, "sign-outside", one, pdf=scan(pdf), confirmation="Nom d'usage.")["Location"])

    for page in (done, operator.get(reverse("convention", args=[convention.pk]))):
        assert "a signé le 23/11/2026 (date déclarée)" in words(page)
        assert "Titulaire du certificat : Prénom DUPONT, Organisme d'essai. Ce n'est pas le nom attendu" in words(page)
        assert "motif : Nom d'usage." in words(page)


def test_who_may_confirm_a_certificate_in_another_name(agent, operator, convention, holder) -> None:
    """An agent of that very issuer; nobody for the beneficiary, whatever is typed."""
    page = reverse("convention", args=[convention.pk])
    for client, own in ((agent, "cdg62"), (operator, "lfn")):
        offered = [row["signatory"].role for row in client.get(page).context["rows"] if _confirmable(row)]
        assert offered == [own]
    pdf = sign(pdf_of(convention.document_id), holder.issuer.certify("Prénom DUPONT"))
    answer = about(
        agent, "sign-outside", signatory(convention, "beneficiary"), pdf=scan(pdf), confirmation="Nom d'usage."
    )
    assert answer.status_code == 422
    assert "Personne ne peut le confirmer à la place de la collectivité" in errors(answer)
    assert read(convention).state == "sent"


def _confirmable(row) -> bool:
    return "confirmation" in row["pdf_form"].fields


def test_a_pdf_that_cannot_be_relied_on_is_refused_at_its_place(agent, convention, holder) -> None:
    latest = pdf_of(convention.document_id)
    stranger = make("Inconnu", authority=True).certify("Prénom NOM")
    for pdf, message in (
        (sign(latest, stranger), "une autorité à laquelle cette plateforme ne fait pas confiance"),
        (latest, "ne prolonge pas la dernière version"),
        (conventions.SCAN, "Ce fichier ne se lit pas"),
        (b"", "PDF signé : Le fichier soumis est vide."),
        (b"%PDF-" + b"0" * 15_000_000, "PDF signé : Fichier trop gros : 15 Mo au plus."),
    ):
        answer = about(agent, "sign-outside", signatory(convention, "cdg62"), pdf=scan(pdf))
        assert (answer.status_code, message in errors(answer)) == (422, True)
    assert read(convention).state == "sent"


def test_the_signature_of_the_other_issuer_is_recorded_by_its_own_agents(agent, operator, convention) -> None:
    for client, other, own in ((agent, "lfn", "cdg62"), (operator, "cdg62", "lfn")):
        one = signatory(convention, other)
        page = client.get(reverse("convention", args=[convention.pk])).content.decode()
        for way in ("sign-on-paper", "sign-outside"):
            assert reverse(way, args=[convention.pk, one.pk]) not in page
            assert reverse(way, args=[convention.pk, signatory(convention, own).pk]) in page
        for answer in (on_paper(client, one), about(client, "sign-outside", one, pdf=scan())):
            assert answer.status_code == 403
            assert "Cette signature est celle de l'autre émetteur" in words(answer)
    assert read(convention).state == "sent"


@pytest.mark.both_bases
def test_nobody_signs_twice_and_it_is_said(agent, convention) -> None:
    one = signatory(convention, "beneficiary")
    on_paper(agent, one)
    again = on_paper(agent, one)
    assert (again.status_code, "Prénom NOM a déjà signé, le 23/11/2026." in notices(again)) == (422, True)
    pdf = about(agent, "sign-outside", one, pdf=scan())
    assert (pdf.status_code, "a déjà signé" in notices(pdf)) == (422, True)


def test_a_signatory_of_another_convention_is_not_found(agent, convention) -> None:
    other = conventions.sent(quantities={"antivirus": 5}, body=quotes.ARRAS)
    one = signatory(other, "beneficiary")
    for action in ("signatory", "sign-on-paper", "sign-outside"):
        assert agent.post(reverse(action, args=[convention.pk, one.pk])).status_code == 404
        assert agent.get(reverse(action, args=[other.pk, one.pk])).status_code == 405


def test_all_signatures_put_it_in_force(agent, operator, convention) -> None:
    on_paper(agent, signatory(convention, "beneficiary"))
    on_paper(agent, signatory(convention, "cdg62"))
    on_paper(operator, signatory(convention, "lfn"))
    assert (read(convention).state, f"{read(convention).ends_on}") == ("in-force", "2029-11-22")


def test_a_convention_is_abandoned_with_a_reason(agent, convention) -> None:
    for reason in ("", " ", "x" * 501):
        answer = do(agent, "abandon", convention, reason=reason)
        assert (answer.status_code, "Motif" in errors(answer)) == (422, True)
    assert do(agent, "abandon", convention, reason="Autre durée.").status_code == 302
    assert (read(convention).state, read(convention).end_reason) == ("abandoned", "Autre durée.")
    again = do(agent, "abandon", convention, reason="Encore.")
    assert (again.status_code, "C'est déjà fait : convention « abandonnée »." in notices(again)) == (422, True)
    late = on_paper(agent, signatory(convention, "cdg62"))
    assert (late.status_code, "aucune signature n'est attendue" in notices(late)) == (422, True)


def test_an_accountant_does_nothing(log_in, convention) -> None:
    accountant = log_in(Role.ACCOUNTANT)
    one = signatory(convention, "cdg62")
    for action in ("term", "changes", "send", "abandon"):
        assert do(accountant, action, convention, reason="Essai.").status_code == 403
    assert [name(accountant, one).status_code, on_paper(accountant, one).status_code] == [403, 403]
    assert about(accountant, "sign-outside", one, pdf=scan()).status_code == 403
    assert read(convention).state == "sent"


@pytest.mark.parametrize("action", ["term", "changes", "send", "abandon"])
def test_acting_is_not_a_link_and_needs_a_convention(agent, action) -> None:
    path = reverse(f"convention-{action}", args=[99])
    assert [agent.get(path).status_code, agent.post(path).status_code] == [405, 404]


def test_the_signatory_of_the_other_issuer_is_named_by_its_own_agents_alone(agent, operator) -> None:
    """Otherwise whoever changes the address signs in that name, by link and code."""
    draft = conventions.drafted()
    one = signatory(draft, "lfn")
    for made in (draft, None):
        answer = name(agent, one, email="autre@exemple.fr", phone="03 21 00 00 09")
        assert answer.status_code == 403
        assert "un de ses agents le désigne" in answer.content.decode()
        assert (signatory(draft, "lfn").email, signatory(draft, "lfn").phone) == ("", "")
        shown = agent.get(reverse("convention", args=[draft.pk])).content.decode()
        assert reverse("signatory", args=[draft.pk, one.pk]) not in shown
        if made:
            do(agent, "send", draft)
    assert name(operator, one, email="president@lfn.exemple.fr").status_code == 302
    assert signatory(draft, "lfn").email == "president@lfn.exemple.fr"
    assert name(agent, signatory(draft, "beneficiary"), email="maire@exemple.fr").status_code == 302


def test_a_refusal_told_to_an_agent_is_recorded_for_its_own_party_or_the_beneficiary(agent, convention) -> None:
    said = {"refused_on": "2026-11-23", "reason": "Le conseil a reporté."}
    assert about(agent, "refuse-to-sign", signatory(convention, "lfn"), **said).status_code == 403
    wrong = about(agent, "refuse-to-sign", signatory(convention, "beneficiary"), **(said | {"reason": ""}))
    assert (wrong.status_code, "Motif" in errors(wrong)) == (422, True)
    done = about(agent, "refuse-to-sign", signatory(convention, "beneficiary"), scan=scan(), **said)
    assert done.status_code == 302
    shown = words(agent.get(reverse("convention", args=[convention.pk])))
    assert "refuse de signer, le 23/11/2026" in shown
    assert "Motif : Le conseil a reporté." in shown
    asked = words(agent.get(reverse("request", args=[convention.request.reference])))
    assert "Préparer une autre convention, modifier la demande ou l'annuler : signature refusée par" in asked
    body = words(agent.get(reverse("body", args=[convention.beneficiary.siren])))
    assert "Préparer la convention" in body
