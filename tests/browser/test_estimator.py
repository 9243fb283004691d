"""The estimator as a town hall meets it: typing, ticking, reading both totals, asking for the quotes."""

import re

import pytest

pytestmark = pytest.mark.browser

RUITZ = "/?siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1"


def amount(text: str) -> str:
    """A text with its no-break spaces made plain."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def test_three_letters_an_arrow_and_enter_choose_a_commune(open_page) -> None:
    page = open_page()
    page.goto("/")
    page.focus("[role=combobox]")
    page.keyboard.type("ruit", delay=60)
    page.wait_for_selector("[role=listbox][data-asked=ruit] [role=option] >> text=Ruitz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**siren=216207274**")
    assert "Ruitz" in page.inner_text("h1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "messagerie-5go"


def test_what_was_proposed_for_other_letters_is_not_chosen(open_page) -> None:
    page = open_page()
    page.goto("/")
    page.focus("[role=combobox]")
    page.keyboard.type("rui")
    page.wait_for_selector("[role=listbox][data-asked=rui] [role=option]")
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    page.route("**", lambda _: None)  # the next proposals never come
    page.keyboard.type("t")
    assert page.locator("[role=option][aria-selected=true]").count() == 0
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").count() == 0
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").count() == 1


def test_both_totals_change_as_one_types(open_page) -> None:
    page = open_page()
    page.goto("/?siren=216207274")
    page.fill("input[name='messagerie-5go']", "4")
    page.wait_for_selector("#totaux .total")
    page.fill("input[name='nom-de-domaine']", "1")
    page.check("input[name='demarches-simplifiees']")
    page.wait_for_selector("#totaux .first-year >> text=196,00")
    assert [amount(total) for total in page.locator("#totaux .first-year .total").all_inner_texts()] == [
        "196,00 €",
        "140,00 €",
    ]
    assert "messagerie-5go=4" in page.url
    assert "Première année" in page.inner_text("#live")


def test_an_amount_says_why(open_page) -> None:
    page = open_page()
    page.goto(RUITZ)
    page.locator("#prix-messagerie-5go summary").first.click()
    words = amount(page.locator("#prix-messagerie-5go .why-words").first.inner_text())
    assert "4 comptes × 10,00 €" in words
    assert "26/03/2024" in words


def test_a_shared_link_opens_the_same_estimate(open_page) -> None:
    page = open_page()
    page.goto(RUITZ)
    first = page.inner_text("#totaux")
    other = open_page()
    other.goto(page.url)
    assert other.inner_text("#totaux") == first


def test_without_javascript_a_button_does_it(open_page) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.fill("input[name=q]", "ruitz")
    page.click("button:has-text('Chercher')")
    page.wait_for_url("**siren=216207274**")
    assert "Ruitz" in page.inner_text("h1")
    page.fill("input[name='messagerie-5go']", "4")
    page.click("button:has-text('Calculer')")
    assert "80,00" in page.inner_text("#totaux")


def test_an_impossible_quantity_is_said_at_its_place(open_page) -> None:
    page = open_page()
    page.goto("/?siren=216207274&messagerie-5go=quatre")
    assert "Écrivez un nombre" in page.inner_text("#prix-erreur-messagerie-5go")
    assert page.input_value("input[name='messagerie-5go']") in ("", "quatre")


def test_a_request_goes_from_the_public_form_to_two_quotes(open_page) -> None:
    page = open_page()
    page.goto(RUITZ)
    page.click(".ask-quotes >> text=Demander ces devis")
    page.fill("input[name=name]", "Prénom NOM")
    page.fill("input[name=function]", "Secrétaire générale de mairie")
    page.fill("input[name=email]", "accueil@mairie.exemple.fr")
    page.fill("input[name=phone]", "03 21 00 00 00")
    page.wait_for_timeout(3200)  # the form takes what is quicker for a machine's doing
    page.click("text=Envoyer la demande")
    page.wait_for_url("**/demander/recue/**")
    reference = re.search(r"D-\d{4}-\d{5}", page.inner_text("main"))
    assert reference

    agent = open_page(account="agent@cdg62.exemple.fr")
    agent.goto("/demandes/")
    agent.click(f"text={reference[0]}")
    agent.click("button:has-text('Émettre les deux devis')")
    agent.wait_for_selector(".notice.success")
    links = agent.locator(".next-step a.button").all()
    assert len(links) == 2
    for link in links:
        answer = agent.request.get(link.get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-1.7")
