"""Signature keys by hand: a certificate deposited, handed over, renewed in one click; a campaign that shows its way."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.test_accessibility import fit, unfold
from tests.documents.certificate_files import certificate

pytestmark = pytest.mark.browser

RUITZ = "/collectivites/216207274/"


def test_pages_of_keys(open_page) -> None:
    page = open_page(account="agent@cdg62.exemple.fr")
    elections = datetime.now(UTC).date() + timedelta(days=20)
    pages = ("/cles/", "/cles/?file=titulaire", "/cles/1/", "/cles/2/", "/cles/6/", f"{RUITZ}cles/deposer/")
    for path in (*pages, f"/cles/elections/?on={elections}", "/cles/elections/?on=2060-03-14"):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        unfold(page)
        fit(page)


def test_from_the_certificate_to_the_renewal_quotes(open_page) -> None:
    today = datetime.now(UTC)
    content = certificate(start=today - timedelta(days=300), end=today + timedelta(days=65))
    page = open_page(account="agent@cdg62.exemple.fr")
    page.goto(RUITZ)
    page.click("text=Déposer le certificat d’une clé")
    file = {"name": "cle.cer", "mimeType": "application/pkix-cert", "buffer": content}
    page.set_input_files("input[type=file]", file)
    page.fill("input[name=holder_name]", "Prénom NOM")
    page.fill("input[name=holder_function]", "Première adjointe")
    page.click("text=Mettre au registre")
    page.wait_for_selector(".notice.success")
    assert page.inner_text(".next-step strong") == "Remettre la clé à son titulaire"
    page.click("text=Noter la remise")
    page.click("text=Enregistrer la remise")
    page.wait_for_selector(".notice.success")
    assert page.inner_text(".next-step strong") == "Renouveler\u00a0: encore 64 jours"
    page.click("text=Renouveler : émettre les devis")
    page.wait_for_url("**/demandes/D-**")
    assert "Devis du renouvellement émis" in page.inner_text(".notice.success")
    assert "Clé de signature, 1 an, remise au CDG" in page.inner_text("main")


def test_a_campaign_shows_how_far_it_is(open_page) -> None:
    page = open_page(account="agent@cdg62.exemple.fr")
    page.goto(f"/cles/elections/?on={datetime.now(UTC).date() + timedelta(days=21)}")
    page.locator("tr:has-text('Bapaume') input[name=key]").check()
    page.click("text=Préparer ceux des clés cochées")
    page.wait_for_selector("#travail")
    page.wait_for_selector("#travail >> text=Voir la liste à jour")
    assert "1 sur 1 faits" in page.inner_text("#travail")
    page.click("#travail >> text=Voir la liste à jour")
    assert "D-" in page.locator("tr:has-text('Bapaume')").inner_text()
