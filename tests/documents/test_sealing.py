"""The platform's seal: signatures in a row all stay valid, the marks of the paper stay, and no key means no seal."""

import io
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.documents.authorities import AT, make, sign, stamping_server
from tests.factories import quotes
from tripartite.config import Mode, read_config
from tripartite.config_fields import ConfigError
from tripartite.documents.errors import SealError
from tripartite.documents.render import render
from tripartite.documents.reports import Chain, Coverage, Level, Verdict
from tripartite.documents.seal_key import TRIAL_NAME, seal_status
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.trust_folder import read_trust_folder, trust_settings
from tripartite.documents.verification import extends, only_signed_since, verify_pdf


@pytest.fixture(scope="module")
def paper():
    payload = quotes.paper().as_payload()
    return render(payload["model"], payload)


@pytest.fixture(autouse=True)
def config(settings, tmp_path):
    """An installation of its own, in local mode."""
    settings.CONFIG = replace(settings.CONFIG, var=tmp_path, trust_folder=tmp_path / "trust")
    return settings.CONFIG


@pytest.fixture
def installed(settings, tmp_path):
    """Answers how to install somebody's key as the seal of a server."""

    def install(holder, **changes):
        password = "secret"
        path = tmp_path / "sceau.p12"
        path.write_bytes(holder.pkcs12(password))
        known = {"mode": Mode.SERVER, "seal_file": str(path), "seal_password": password}
        settings.CONFIG = replace(settings.CONFIG, **(known | changes))

    return install


def seal(pdf, field="Sceau", at=AT):
    return seal_pdf(pdf, reason="Devis émis", name="La Fibre Numérique 59-62", at=at, field=field)


def verified(pdf, at=AT):
    return verify_pdf(pdf, trust=trust_settings(), at=at, fetch_revocation=False)


def marks(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        return [metadata[key] for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part", "xmp:ModifyDate")]


def test_a_seal_is_added_at_the_end(paper):
    sealed = seal(paper)

    assert extends(sealed, paper)
    assert only_signed_since(sealed, paper)
    found = verified(sealed)
    assert (found.verdict, found.sentence) == (Verdict.VALID, "La signature est valable.")
    (report,) = found.signatures
    assert (report.signer, report.organisation) == (TRIAL_NAME, "Essai, sans valeur")
    assert (report.own_seal, report.trial, report.reason) == (True, True, "Devis émis")
    assert (report.declared_at, report.stamped_at) == (AT, None)
    assert (report.coverage, report.chain, report.level) == (Coverage.WHOLE_FILE, Chain.TRUSTED, Level.B_B)
    assert report.sentence == (
        f"Sceau de cette plateforme de {TRIAL_NAME}, Essai, sans valeur, certificat n° {report.serial},"
        " date déclarée : 23/11/2026 à 10 h 00 : intacte, couvre tout le fichier, certificat de confiance,"
        " sceau d'essai, sans valeur. Niveau B-B."
    )


def test_three_in_a_row_are_all_valid_and_the_paper_keeps_its_marks(paper):
    sealed = seal(seal(paper, "Premier"), "Deuxieme", AT + timedelta(days=1))
    last = sign(sealed, make("Signataire d'essai"), name="Troisieme")

    found = verified(last, AT + timedelta(days=2))
    assert [one.field for one in found.signatures] == ["Premier", "Deuxieme", "Troisieme"]
    assert [one.verdict for one in found.signatures] == [Verdict.VALID, Verdict.VALID, Verdict.INDETERMINATE]
    assert [one.coverage for one in found.signatures] == [
        Coverage.PERMITTED_CHANGES,
        Coverage.PERMITTED_CHANGES,
        Coverage.WHOLE_FILE,
    ]
    assert marks(sealed) == marks(paper)
    assert marks(last)[:3] == ["2", "A", "1"]


def test_the_widget_is_what_both_standards_allow(paper):
    with pikepdf.open(io.BytesIO(seal(paper))) as opened:
        (widget,) = opened.Root.AcroForm.Fields
        assert (int(widget.F) & 4, int(widget.F) & 2) == (4, 0)
        assert [int(number) for number in widget.Rect] == [-9999] * 4
        assert str(widget.TU) == "Sceau de La Fibre Numérique 59-62"
        assert str(widget.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(widget.V.M) == "D:20261123100000+01'00'"
        assert opened.pdf_version == "1.7"
        assert "/Version" not in opened.Root


def test_the_trial_key_is_made_once_and_for_its_owner_alone(paper, tmp_path):
    first = seal_status(at=AT)
    seal(paper)

    assert seal_status(at=AT) == first
    assert first.usable
    assert first.trial
    assert first.sentence == f"{TRIAL_NAME} : il ne prouve rien hors de ce poste."
    assert [path.name for path in (tmp_path / "seal").iterdir()] == ["trial.p12"]
    assert stat.S_IMODE((tmp_path / "seal" / "trial.p12").stat().st_mode) == 0o600


def test_a_server_without_a_key_seals_nothing(paper, settings):
    settings.CONFIG = replace(settings.CONFIG, mode=Mode.SERVER)
    with pytest.raises(SealError, match="Aucun sceau : régler TRIPARTITE_SEAL_FILE"):
        seal(paper)
    status = seal_status(at=AT)
    assert (status.usable, status.valid_until) == (False, None)
    assert trust_settings().own == ()


def test_the_trial_seal_is_refused_and_distrusted_on_a_server(paper, settings, tmp_path):
    sealed = seal(paper)
    settings.CONFIG = replace(settings.CONFIG, mode=Mode.SERVER, seal_file=str(tmp_path / "seal" / "trial.p12"))

    with pytest.raises(SealError, match="Le sceau d'essai ne sert qu'en mode local"):
        seal(paper)
    found = verified(sealed)
    assert (found.verdict, found.signatures[0].own_seal) == (Verdict.INDETERMINATE, False)
    assert "sceau d'essai, sans valeur" in found.signatures[0].sentence


def test_a_key_out_of_a_file(paper, installed):
    installed(make("Sceau d'un syndicat"))

    (report,) = verified(seal(paper)).signatures
    assert (report.signer, report.own_seal, report.trial, report.verdict) == (
        "Sceau d'un syndicat",
        True,
        False,
        Verdict.VALID,
    )
    status = seal_status(at=AT)
    assert status.sentence == "Sceau de Sceau d'un syndicat, valable jusqu'au 01/01/2030."
    assert status.valid_until == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2030, 1, 2, tzinfo=UTC), "a expiré le 01/01/2030"),
        (datetime(2024, 12, 31, tzinfo=UTC), "ne vaut qu'à partir du 01/01/2025"),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_certificate_out_of_its_dates_seals_nothing(paper, installed, at, told):
    installed(make("Sceau d'un syndicat"))
    with pytest.raises(SealError, match=told):
        seal(paper, at=at)
    status = seal_status(at=at)
    assert not status.usable
    assert told in status.sentence
    assert status.valid_from == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_file_that_is_not_a_key(paper, installed, settings, tmp_path):
    installed(make("Sceau"), seal_password="faux")
    with pytest.raises(SealError, match="son mot de passe est faux"):
        seal(paper)
    (tmp_path / "sceau.p12").write_bytes(b"rien")
    with pytest.raises(SealError, match="n'est pas du PKCS#12"):
        seal(paper)
    (tmp_path / "sceau.p12").unlink()
    with pytest.raises(SealError, match=r"impossible de lire sceau\.p12"):
        seal(paper)


def test_a_replaced_key_is_taken_without_a_restart(paper, installed):
    installed(make("Premier sceau"))
    seal(paper)
    installed(make("Second sceau"))
    assert verified(seal(paper)).signatures[0].signer == "Second sceau"


def test_a_token_without_its_package_is_told(paper, settings):
    settings.CONFIG = replace(settings.CONFIG, seal_pkcs11="/usr/lib/module.so|jeton|cle")
    with pytest.raises(SealError, match="il manque le paquet python-pkcs11"):
        seal(paper)


def test_a_token_is_described_in_three_parts():
    with pytest.raises(ConfigError, match="TRIPARTITE_SEAL_PKCS11"):
        read_config({"TRIPARTITE_SEAL_PKCS11": "module.so|jeton"})


def test_a_seal_with_timestamp_and_proofs_is_b_lt(paper, installed, tmp_path):
    root = make("Racine", authority=True)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "racine.pem").write_bytes(root.pem)
    stamped = AT + timedelta(minutes=1)

    with stamping_server(root.certify("Serveur d'horodatage", stamping=True), stamped) as address:
        installed(root.certify("Sceau d'un syndicat"), timestamp_url=address)
        sealed = seal(paper)

    (report,) = verified(sealed).signatures
    assert (report.verdict, report.level, report.stamped_at) == (Verdict.VALID, Level.B_LT, stamped)
    assert report.coverage is Coverage.WHOLE_FILE
    assert len(PdfFileReader(io.BytesIO(sealed)).root["/DSS"]["/Certs"]) >= 2
    assert ", horodatage du 23/11/2026 à 10 h 01 :" in report.sentence
    assert marks(sealed) == marks(paper)
    assert verified(sealed, datetime(2029, 12, 31, tzinfo=UTC)).verdict is Verdict.VALID


def test_a_timestamp_that_cannot_be_proven_is_kept_all_the_same(paper, installed):
    server = make("Racine", authority=True).certify("Serveur d'horodatage", stamping=True)
    with stamping_server(server) as address:
        installed(make("Sceau d'un syndicat"), timestamp_url=address)
        sealed = seal(paper)

    (report,) = verified(sealed).signatures
    assert (report.verdict, report.level, report.stamped_at) == (Verdict.VALID, Level.B_B, None)
    assert PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0].signer_info["unsigned_attrs"]


def test_a_silent_timestamp_server_seals_nothing(paper, installed):
    installed(make("Sceau"), timestamp_url="http://127.0.0.1:9/")
    with pytest.raises(SealError, match="Le serveur d'horodatage ne répond pas"):
        seal(paper)


def test_a_list_of_revocation_that_cannot_be_had_does_not_prevent_sealing(paper, installed):
    root = make("Racine", authority=True)
    installed(root.certify("Sceau", crl_address="http://127.0.0.1:9/liste.crl"))
    assert verified(seal(paper)).verdict is Verdict.VALID


@pytest.mark.parametrize("broken", [b"", b"rien", b"%PDF-1.7\n%%EOF"], ids=["empty", "text", "no table"])
def test_what_is_not_a_pdf_is_not_sealed(broken):
    with pytest.raises(SealError, match="ne peut pas être scellé"):
        seal(broken)


def test_a_field_is_taken_once(paper):
    with pytest.raises(SealError, match="ne peut pas être scellé"):
        seal(seal(paper))
    with pytest.raises(ValueError, match="field"):
        seal(paper, "a.b")


def test_the_trust_folder(tmp_path):
    root = make("Racine", authority=True)
    middle = root.certify("Intermédiaire", authority=True)
    alone = make("Autre", authority=True).certify("Intermédiaire sans sa racine", authority=True)
    (tmp_path / "a.pem").write_bytes(root.pem + middle.pem)
    (tmp_path / "b.cer").write_bytes(alone.der)
    (tmp_path / "c.crl").write_bytes(root.crl())
    (tmp_path / "d.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (tmp_path / "LISEZMOI.txt").write_text("rien")

    trust = read_trust_folder(tmp_path)
    assert trust.anchors == (root.der, alone.der)
    assert trust.intermediates == (middle.der,)
    assert len(trust.crls) == 1
    assert trust.unreadable == ("d.pem",)
    assert read_trust_folder(tmp_path / "absent").anchors == ()
