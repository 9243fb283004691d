"""Each form of an invoice that was issued: the file kept, the paper alone, its data, by the commands and over HTTP."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from tests.billing.rules import CTC_CII, broken_rules, facturx_findings, ubl_findings
from tests.factories import accounts, billing, subscriptions
from tripartite.billing.printout.kept import Form, kept_file
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.states import Profile
from tripartite.cli.main import main
from tripartite.documents.models import Document
from tripartite.documents.queries import kept_with
from tripartite.documents.retention import PERIODS

pytestmark = [pytest.mark.django_db]
NUMBER = "LFN-F-2026-00001"


@pytest.fixture
def invoice():
    billing.ready()
    subscriptions.running({"messagerie-5go": 4, "antivirus": 3})
    (made,) = billing.billed("lfn")
    return made


def content(form: Form, number: str = NUMBER) -> bytes:
    found = kept_file(issuer="lfn", number=number, form=form)
    assert found is not None
    return found.content


def test_an_issued_invoice_has_its_four_forms(invoice) -> None:
    said = {form: kept_file(issuer="lfn", number=NUMBER, form=form) for form in Form}

    assert {form.value: (one.name, one.media_type) for form, one in said.items()} == {
        "facturx": (f"{NUMBER}.pdf", "application/pdf"),
        "pdf": (f"{NUMBER}-seul.pdf", "application/pdf"),
        "cii": (f"{NUMBER}-cii.xml", "application/xml"),
        "ubl": (f"{NUMBER}-ubl.xml", "application/xml"),
    }
    with pikepdf.open(io.BytesIO(said[Form.FACTURX].content)) as opened:
        assert opened.attachments["factur-x.xml"].get_file().read_bytes() == said[Form.CII].content
    assert facturx_findings(said[Form.CII].content, Profile.EN16931) == []
    assert ubl_findings(said[Form.UBL].content) == []
    assert [one.split()[0] for one in broken_rules(said[Form.CII].content, CTC_CII)] == ["BR-FR-08_BT-23"]
    assert [one.kind for one in kept_with(invoice.document.sha256)] == ["invoice"]


def test_the_paper_alone_is_kept_and_known_as_ours(invoice) -> None:
    papers = Document.objects.filter(number=NUMBER).order_by("kind")

    assert [one.kind for one in papers] == ["invoice", "invoice-plain"]
    assert papers[1].payload == papers[0].payload
    assert papers[1].title == f"{papers[0].title}, PDF seul"
    assert {one.kind for one in papers} <= PERIODS.keys()


def test_a_credit_note_has_them_too(invoice) -> None:
    made = cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=billing.DAY, actor=accounts.TESTER, at=billing.AT)

    for form in Form:
        assert content(form, made.number)
    assert etree.QName(etree.fromstring(content(Form.UBL, made.number))).localname == "CreditNote"
    assert facturx_findings(content(Form.CII, made.number), Profile.EN16931) == []


def test_no_number_no_file(invoice) -> None:
    assert kept_file(issuer="cdg62", number=NUMBER, form=Form.PLAIN) is None
    assert kept_file(issuer="lfn", number="LFN-F-2026-00002", form=Form.PLAIN) is None


def test_the_command_writes_each_form(invoice, tmp_path: Path, capsys) -> None:
    for form in Form:
        assert main(["billing", "file", "lfn", NUMBER, "--as", form.value, "--out", str(tmp_path)]) == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        f"{NUMBER}-cii.xml",
        f"{NUMBER}-seul.pdf",
        f"{NUMBER}-ubl.xml",
        f"{NUMBER}.pdf",
    ]
    assert (tmp_path / f"{NUMBER}.pdf").read_bytes() == content(Form.FACTURX)
    capsys.readouterr()
    assert main(["billing", "file", "lfn", "LFN-9", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "Aucune facture ni aucun avoir ne porte le numéro LFN-9.\n"
    assert main(["billing", "file", "lfn", NUMBER, "--out", str(tmp_path / "absent")]) == 0
    assert (tmp_path / "absent" / f"{NUMBER}.pdf").read_bytes() == content(Form.FACTURX)
    capsys.readouterr()
    assert main(["billing", "file", "lfn", NUMBER, "--out", str(tmp_path / f"{NUMBER}.pdf")]) == 1
    assert "Impossible d'écrire" in capsys.readouterr().err


def test_the_command_writes_the_archives_of_a_year(invoice, tmp_path: Path, capsys) -> None:
    assert main(["billing", "deposit", "lfn", "--year", "2026", "--out", str(tmp_path)]) == 1
    assert "La voie réglée est flux PES avec avis" in capsys.readouterr().err
    billing.bills("lfn", way="chorus")
    assert main(["billing", "deposit", "lfn", "--year", "2026", "--out", str(tmp_path)]) == 0
    (written,) = tmp_path.iterdir()
    assert written.name == "lfn-factures-2026-1.zip"
    with zipfile.ZipFile(written) as opened:
        assert opened.namelist() == [f"{NUMBER}.pdf"]
        assert opened.read(f"{NUMBER}.pdf") == content(Form.FACTURX)
    capsys.readouterr()
    assert main(["billing", "deposit", "lfn", "--year", "2025", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "Aucune facture de l'exercice 2025.\n"


def test_its_agents_read_it_over_http_and_no_other_does(invoice, client) -> None:
    address = f"/api/v1/invoices/{NUMBER}/pdf"

    assert client.get(address).status_code == 403
    client.force_login(accounts.account(issuer_code="cdg62"))
    assert client.get(address).status_code == 404
    client.force_login(accounts.account(issuer_code="lfn"))
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{NUMBER}-seul.pdf"'
    assert answer.content == content(Form.PLAIN)
    assert client.get(f"/api/v1/invoices/{NUMBER}/docx").status_code == 422
