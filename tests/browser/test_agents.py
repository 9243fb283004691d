"""The agents' screens by hand and by keyboard."""

import pytest

pytestmark = pytest.mark.browser


def test_a_request_and_its_two_quotes_by_keyboard_alone(open_page) -> None:
    page = open_page(account="agent@cdg62.exemple.fr")
    page.goto("/")
    page.focus("[role=combobox]")
    with page.expect_response(lambda answer: answer.url.endswith("q=ablain") or "q=ablain&" in answer.url):
        page.keyboard.type("ablain")  # what is asked for fewer letters is over when that is answered
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**siren=**")
    page.focus("input[name='messagerie-5go']")
    page.keyboard.type("4")
    page.wait_for_selector("#totaux .ask-now a")
    page.focus("#totaux .ask-now a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demandes/nouvelle/**")
    page.focus("input[name=name]")
    page.keyboard.type("Prénom NOM")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.success")
    assert "Devis émis\u00a0: LFN-" in page.inner_text(".notice.success")


def test_a_line_on_request_is_priced_by_its_own_issuer_then_issued(open_page) -> None:
    other = open_page(account="agent@lfn.exemple.fr")
    other.goto("/demandes/D-2026-00002/".replace("2026", other.evaluate("String(new Date().getFullYear())")))
    assert other.locator("text=Donner le prix").count() == 0
    path = other.url

    page = open_page(account="agent@cdg62.exemple.fr")
    page.goto(path)
    assert page.locator("button:has-text('Émettre les deux devis')").count() == 0
    page.fill(".price-row input[name=amount]", "1 234,5")
    page.fill(".price-row input[name=reason]", "Accompagnement de deux sites")
    page.click("text=Enregistrer le prix")
    page.wait_for_selector(".notice.success")
    page.click("button:has-text('Émettre les deux devis')")
    page.wait_for_selector(".version")
    assert "valable jusqu’au" in page.inner_text(".version")


def test_changing_the_services_makes_a_second_version(open_page) -> None:
    page = open_page(account="agent@lfn.exemple.fr")
    page.goto("/demandes/?q=Ablain")
    page.locator("table.requests tbody tr").last.locator("th a").click()
    page.click("text=Changer les services")
    page.fill("input[name='messagerie-5go']", "7")
    page.wait_for_selector("#totaux .ask-now >> text=Modifier la demande")
    page.wait_for_url("**messagerie-5go=7**")
    page.click("#totaux .ask-now a")
    page.check("[name=confirmed]")
    page.click("text=Enregistrer la modification")
    page.click("button:has-text('Émettre les deux devis')")
    page.wait_for_selector("text=Version 2")
    assert "6 → 7 comptes" in page.inner_text("main")
    assert "remplacé" in page.inner_text("main")
