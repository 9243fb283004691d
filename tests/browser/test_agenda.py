"""The agenda and the deadlines in a browser: an intervention noted on a telephone, a letter prepared at a desk."""

import urllib.request

import pytest

from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

AGENT = "agent@cdg62.exemple.fr"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "phone"])
def test_an_agent_notes_an_intervention_then_plans_another(open_page, viewport) -> None:
    page = open_page(viewport=viewport, account=AGENT)
    page.goto("/collectivites/216208470/")
    page.click("text=Noter ou planifier une intervention")
    page.select_option("#done_kind", "help")
    page.select_option("#done_service", "messagerie-5go")
    page.fill("#done_minutes", "25")
    page.click("text=Noter l’intervention")
    assert "Intervention notée." in page.text_content("main")
    page.click("summary:has-text('Planifier une intervention')")
    page.fill("#plan_day", page.evaluate("new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)"))
    page.fill("#plan_hour", "11:15")
    page.fill("#plan_place", f"Mairie, vue de {viewport['width']}")
    page.click("text=Mettre à l’agenda")
    assert "elle est à l’agenda" in page.text_content("main")
    page.click("a:has-text('Agenda') >> nth=0")
    assert page.locator("h2", has_text="Moi,").count() == 1


def test_the_address_of_a_calendar_is_shown_once_and_read_without_log_in(open_page, site) -> None:
    page = open_page(account=AGENT)
    page.goto("/agenda/")
    page.click("button:has-text('adresse')")
    path = page.input_value("#address").split("/calendriers/")[1]
    with urllib.request.urlopen(f"{site}/calendriers/{path}") as answer:  # noqa: S310 - loopback
        assert (answer.headers["Content-Type"], answer.read()[:15]) == (
            "text/calendar; charset=utf-8",
            b"BEGIN:VCALENDAR",
        )
    page.goto("/agenda/")
    assert path not in page.content()
    page.click("text=Révoquer")
    assert "Adresse révoquée" in page.text_content("main")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "phone"])
def test_a_deadline_leads_to_its_letter_and_to_its_renewal(open_page, viewport) -> None:
    page = open_page(viewport=viewport, account=AGENT)
    page.goto("/echeances/")
    page.select_option("#id_genre", "convention-end")
    page.fill("#id_until", "2040-01-01")
    page.click("button:has-text('Filtrer')")
    page.locator("table.deadlines tbody th a").first.click()
    assert "Comment ce jour est calculé" in page.text_content("main")
    page.click("button:has-text('Garder le courrier')")
    assert "Courrier gardé dans le dossier." in page.text_content("main")
    page.goto("/echeances/?until=2040-01-01&genre=renewal")
    page.locator("table.deadlines tbody th a").first.click()
    if page.locator("button:has-text('Préparer la demande')").count():
        page.click("button:has-text('Préparer la demande')")
        assert "/demandes/D-" in page.url
    else:
        assert "Déjà préparé" in page.text_content("main")
