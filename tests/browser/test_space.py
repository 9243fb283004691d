"""A town hall on a telephone: from the link in an e-mail to the accord, without account, by hand and by keyboard."""

import re

import pytest

from tests.browser import test_accessibility as accessibility
from tests.browser.conftest import NARROW
from tests.browser.test_accessibility import unfold

pytestmark = pytest.mark.browser

EMAIL = "mairie@ablain.exemple.fr"


def link_to_a_file(open_page) -> str:
    """Quotes issued by an agent, and the link that their e-mail carries, read among the kept e-mails."""
    agent = open_page(account="agent@cdg62.exemple.fr")
    agent.goto("/?siren=216207274&messagerie-5go=4")
    agent.click("#totaux .ask-now a")
    agent.fill("input[name=name]", "Prénom NOM")
    agent.fill("input[name=email]", EMAIL)
    agent.click("button[name=issue]")
    agent.wait_for_selector(".notice.success")
    agent.goto("/messages/")
    agent.locator("main table a").first.click()
    found = re.search(r"https?://[^/]+(/espace/lien/\S+)", agent.inner_text("pre.message-text"))
    assert found
    return found[1]


def fit(page) -> None:
    """No finding of axe, nothing wider than the telephone, folds open too."""
    unfold(page)
    accessibility.fit(page, viewports=[NARROW])


def test_from_the_link_to_the_accord_on_a_telephone(open_page) -> None:
    path = link_to_a_file(open_page)
    page = open_page(viewport=NARROW)
    page.goto(path)
    fit(page)
    page.click("main button")
    page.wait_for_url("**/espace/")
    assert "Ruitz" in page.inner_text("h1")
    fit(page)

    page.reload()
    page.focus("#both_name")
    page.keyboard.type("Prénom NOM")
    page.keyboard.press("Tab")
    page.keyboard.type("Maire")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "both_consent"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.success")
    assert "Bon pour accord enregistré" in page.inner_text(".notice.success")
    assert "Il manque l’acte qui habilite" in page.inner_text("main")
    fit(page)

    page.set_input_files("#deposit_act", {"name": "d.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 copie"})
    page.click("text=Déposer l’acte >> nth=-1")
    page.wait_for_selector("text=Acte déposé : un agent le lit")
    page.click("text=Sortir du dossier")
    page.wait_for_selector("text=Retrouver mon dossier")
    fit(page)
