"""Whose certificate signed: the signatory's, its body's seal where the text admits one, or confirmed with a reason."""

from dataclasses import replace

import pytest
import time_machine
from django.conf import settings as installed

from tests.documents.authorities import AT as SIGNED_AT
from tests.documents.authorities import make, sign
from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, read, signatory
from tripartite.conventions.models import Signature
from tripartite.conventions.queries.conventions import current_document_id
from tripartite.conventions.queries.signatures import proof_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.outside import Confirmation
from tripartite.conventions.services.signing import deposit_signed_pdf
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.documents.queries import pdf_of
from tripartite.journal.queries import entries_about

pytestmark = [pytest.mark.django_db, pytest.mark.one_base]
WHY = "Nom de naissance au certificat, nom d'usage à l'acte"
MAYOR = {"given_name": "Hélène", "surname": "LEFEBVRE", "title": "Maire", "organisation": "COMMUNE DE RUITZ"}


@pytest.fixture(autouse=True)
def _offer():
    conventions.offer()


@pytest.fixture
def authority(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, trust_folder=tmp_path)
    made = make("Autorité d'essai", authority=True)
    (tmp_path / "essai.pem").write_bytes(made.pem)
    return made


@pytest.fixture
def convention():
    return conventions.sent()


def admit_seals(*roles):
    """Adopt a text like the shipped one, whose parties of those roles may sign with their seal."""
    (path,) = (installed.MODELS_FOLDER / "convention").glob("*.toml")
    text = path.read_text(encoding="utf-8").replace("convention/2026-11-27", "convention/2026-11-28")
    for role in roles:
        line = 'role = "beneficiary"' if role == "beneficiary" else f'issuer = "{role}"'
        text = text.replace(line, f"{line}\nseal = true")
    code = draft_text(text=text, actor=TESTER, at=AT).code
    adopt_text(code=code, adopting_act="délibération d'essai", actor=TESTER, at=AT)


def deposit(convention, role, holder, confirmation=None, **options):
    with time_machine.travel(SIGNED_AT, tick=False):
        pdf = sign(pdf_of(current_document_id(read(convention))), holder, name=f"Signature-{role}", **options)
    one = signatory(convention, role)
    deposit_signed_pdf(signatory_id=one.pk, pdf=pdf, confirmation=confirmation, actor=TESTER, at=AT)
    return signatory(convention, role).signature


def refusal(convention, role, holder, confirmation=None):
    with pytest.raises(ConventionError) as refused:
        deposit(convention, role, holder, confirmation)
    assert (read(convention).state, Signature.objects.count()) == ("sent", 0)
    return str(refused.value)


@pytest.mark.parametrize("name", ["FIBRE Alix", "alix fibre", "Mme Alix FIBRE", "ALIX FIBRE 21000123"])
def test_the_signatorys_certificate_is_known_however_its_name_is_written(convention, authority, name):
    signature = deposit(convention, "lfn", authority.certify(name))

    assert signature.evidence["holder"] == {
        "read": f"{name}, Organisme d'essai",
        "expected": "Alix FIBRE, Président, Syndicat mixte La Fibre Numérique 59-62",
        "outcome": "same",
        "field": "Signature-lfn",
    }
    proof = proof_of(signature)
    assert (proof.holder, proof.compared, proof.doubtful) == (
        f"{name}, Organisme d'essai",
        "C'est le nom du signataire.",
        False,
    )


def test_a_name_in_parts_counts_where_the_common_name_is_another(convention, authority):
    holder = authority.certify("alix.fibre@exemple.fr", subject={"given_name": "Alix", "surname": "FIBRE"})
    assert deposit(convention, "lfn", holder).evidence["holder"]["outcome"] == "same"


def test_a_mayors_certificate_does_not_pass_for_the_president_of_an_issuer(convention, authority):
    said = refusal(convention, "lfn", authority.certify("Hélène LEFEBVRE", subject=MAYOR))
    assert said == (
        "Le certificat est celui de « Hélène LEFEBVRE, Maire, COMMUNE DE RUITZ » ; la signature attendue est celle de"
        " « Alix FIBRE, Président, Syndicat mixte La Fibre Numérique 59-62 ». Déposez le PDF signé avec le certificat"
        " du signataire ; si c'est bien sa signature, un agent de cet émetteur le confirme en disant pourquoi."
    )


def test_an_agent_of_that_party_confirms_with_a_reason_that_is_kept_journaled_and_shown(convention, authority):
    holder = authority.certify("Prénom DUPONT")
    signature = deposit(convention, "lfn", holder, Confirmation(f"  {WHY}. ", of="lfn"))

    assert signature.evidence["holder"] == {
        "read": "Prénom DUPONT, Organisme d'essai",
        "expected": "Alix FIBRE, Président, Syndicat mixte La Fibre Numérique 59-62",
        "outcome": "confirmed",
        "reason": f"{WHY}.",
        "by": TESTER.label,
        "field": "Signature-lfn",
    }
    shown = (
        "Ce n'est pas le nom attendu (Alix FIBRE, Président, Syndicat mixte La Fibre Numérique 59-62) : confirmée par"
        f" {TESTER.label}, motif : {WHY}."
    )
    assert (proof_of(signature).compared, proof_of(signature).doubtful) == (shown, True)
    assert shown in entries_about("request", convention.request_id).filter(action="conventions.sign").last().text


@pytest.mark.parametrize("of", ["cdg62", "beneficiary", ""])
def test_nobody_confirms_for_another_party(convention, authority, of):
    said = refusal(convention, "lfn", authority.certify("Prénom DUPONT"), Confirmation(WHY, of=of))
    assert "Vous ne pouvez pas le confirmer pour cette partie." in said


def test_a_confirmation_without_a_reason_is_none(convention, authority):
    said = refusal(convention, "lfn", authority.certify("Prénom DUPONT"), Confirmation(" ", of="lfn"))
    assert "le confirme en disant pourquoi" in said


@pytest.mark.parametrize("of", ["lfn", "cdg62"])
def test_an_agent_of_an_issuer_does_not_confirm_for_the_beneficiary(convention, authority, of):
    said = refusal(convention, "beneficiary", authority.certify("Prénom DUPONT"), Confirmation(WHY, of=of))
    assert said.endswith(
        "Personne ne peut le confirmer à la place de la collectivité : elle signe de nouveau avec le certificat du"
        " signataire, sur papier, ou ici par lien et code."
    )


def seal_of(authority, convention, **subject):
    body = convention.beneficiary
    said = {"organisation": "COMMUNE DE RUITZ", "organisation_id": f"NTRFR-{body.siren}"} | subject
    return authority.certify("Cachet de Ruitz", subject=said, purpose="qct_eseal")


def test_a_bodys_seal_is_refused_where_the_text_does_not_admit_it(convention, authority):
    said = refusal(convention, "beneficiary", seal_of(authority, convention))
    assert said.startswith("Le certificat est celui de « cachet de COMMUNE DE RUITZ, Cachet de Ruitz, SIREN 216")
    assert "n'admet pas le cachet d'un organisme à la place d'une personne." in said


@pytest.mark.parametrize("subject", [{}, {"organisation_id": ""}, {"organisation": "Mairie"}])
def test_a_bodys_seal_signs_where_the_text_admits_it(authority, subject):
    """Known by its SIREN, or by its name where the certificate gives no number."""
    admit_seals("beneficiary")
    convention = conventions.sent()
    signature = deposit(convention, "beneficiary", seal_of(authority, convention, **subject))
    assert signature.evidence["holder"]["outcome"] == "seal"
    assert proof_of(signature).compared == "C'est le cachet de la partie, que le modèle de la convention admet."


@pytest.mark.parametrize(
    "subject", [{"organisation_id": "NTRFR-200000172"}, {"organisation": "COMMUNE DE RUE", "organisation_id": ""}]
)
def test_another_bodys_seal_is_refused(authority, subject):
    admit_seals("beneficiary")
    convention = conventions.sent()
    assert "Ce cachet n'est pas celui de cette partie." in refusal(
        convention, "beneficiary", seal_of(authority, convention, **subject)
    )


def test_a_seal_is_admitted_of_those_parties_alone_that_the_text_names(authority):
    admit_seals("lfn")
    convention = conventions.sent()
    assert "n'admet pas le cachet" in refusal(convention, "beneficiary", seal_of(authority, convention))


def test_of_several_new_signatures_the_signatorys_is_taken_and_all_are_kept(convention, authority):
    latest = pdf_of(current_document_id(convention))
    with time_machine.travel(SIGNED_AT, tick=False):
        both = sign(sign(latest, authority.certify("Alix FIBRE")), authority.certify("Autre NOM"), name="Visa")
    deposit_signed_pdf(signatory_id=signatory(convention, "lfn").pk, pdf=both, actor=TESTER, at=AT)
    evidence = signatory(convention, "lfn").signature.evidence
    assert [one["signer"] for one in evidence["signatures"]] == ["Alix FIBRE", "Autre NOM"]
    assert evidence["holder"]["read"] == "Alix FIBRE, Organisme d'essai"


def test_without_a_time_stamp_the_day_is_said_to_be_declared(convention, authority):
    proof = proof_of(deposit(convention, "lfn", authority.certify("Alix FIBRE")))
    assert (proof.day_words, proof.dated) == (
        "le 23/11/2026 (date déclarée)",
        "Date déclarée par le signataire : aucun horodatage ne la prouve.",
    )
    told = entries_about("request", convention.request_id).filter(action="conventions.sign").last().text
    assert "le 23/11/2026 (date déclarée), titulaire du certificat : Alix FIBRE, Organisme d'essai." in told


def test_with_a_time_stamp_the_day_is_proved(convention, authority):
    stamper = authority.certify("Horodatage", stamping=True).stamper(SIGNED_AT)
    proof = proof_of(deposit(convention, "lfn", authority.certify("Alix FIBRE"), stamper=stamper))
    assert (proof.on, proof.day_words, proof.dated) == (DAY, "le 23/11/2026", "Date prouvée par un horodatage.")


@pytest.mark.parametrize(
    ("signer", "words", "doubtful"),
    [
        ("FIBRE Alix", "C'est le nom du signataire.", False),
        (
            "Hélène LEFEBVRE",
            "Ce n'est pas le nom attendu (Alix FIBRE) : la signature a été reçue sans cette comparaison.",
            True,
        ),
    ],
)
def test_what_was_kept_before_holders_were_compared_is_told_as_it_is(convention, authority, signer, words, doubtful):
    signature = deposit(convention, "lfn", authority.certify("Alix FIBRE"))
    signature.evidence = {"signatures": [{"signer": signer, "organisation": "Organisme", "field": "Signature"}]}
    proof = proof_of(signature)
    assert (proof.holder, proof.compared, proof.doubtful) == (f"{signer}, Organisme", words, doubtful)
