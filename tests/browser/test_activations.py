"""The board and a page of it in a real browser: at a desk, on a telephone on site, without JavaScript."""

import pytest

from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import fit, unfold

pytestmark = pytest.mark.browser
BOARD = "/mises-en-service/"


def reach(page, name: str) -> None:
    """Open the page of a service from the board."""
    page.goto(BOARD)
    page.click(f".activation a:has-text('{name}')")
    page.wait_for_selector("#avancement")


def test_the_board_reads_and_every_page_of_it_is_in_order(open_page) -> None:
    page = open_page(account="agent@cdg62.exemple.fr")
    page.goto(BOARD)
    paths = page.eval_on_selector_all(".activation h3 a", "links => links.map(a => a.getAttribute('href'))")
    assert len(paths) == 6
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)
        tops = page.eval_on_selector_all(
            ".lane", "lanes => lanes.map(lane => Math.round(lane.getBoundingClientRect().top))"
        )
        assert (len(set(tops)) == 1) is (viewport == WIDE)
    for path in (BOARD, f"{BOARD}?colonne=en-retard", *paths):
        page.goto(path)
        unfold(page)
        fit(page)


def test_on_a_telephone_a_step_is_ticked_with_one_large_touch_and_taken_back(open_page) -> None:
    page = open_page(viewport=NARROW, account="agent@cdg62.exemple.fr", has_touch=True)
    reach(page, "Démarches simplifiées")
    before = page.url
    button = page.locator("button[name=today]").first
    box = button.bounding_box()
    assert box["height"] >= 56
    assert box["width"] >= 200
    button.tap()
    page.wait_for_selector("#avancement .notice >> text=fait")
    assert page.url == before
    assert page.evaluate("document.activeElement.className") == "notice"
    assert page.locator(".step.settled").count() == 1
    page.locator(".step.settled button:has-text('Reprendre')").tap()
    page.wait_for_selector("#avancement .notice >> text=à refaire")
    assert page.locator(".step.settled").count() == 0


def test_a_step_done_another_day_and_one_that_is_not_needed(open_page) -> None:
    from playwright.sync_api import expect  # noqa: PLC0415 - loaded where there is a browser to drive

    page = open_page(account="agent@cdg62.exemple.fr")
    reach(page, "Démarches simplifiées")
    page.locator(".step details summary").first.click()
    page.locator(".step input[name=done_on]").first.fill("2026-01-05")
    page.locator("button:has-text('Enregistrer ce jour')").first.click()
    page.wait_for_selector(".step.settled >> text=fait le 05/01/2026")
    page.locator(".step details summary").first.click()
    page.locator(".step input[name=reason]").first.fill("Les agents sont formés")
    page.locator("button:has-text('Écarter cette étape')").first.click()
    page.wait_for_selector(".step.settled >> text=Les agents sont formés")
    for left in (1, 0):
        page.locator(".step.settled button:has-text('Reprendre')").first.click()
        expect(page.locator(".step.settled")).to_have_count(left)


def test_without_javascript_the_same_steps_are_ticked_and_the_rest_goes_live(open_page) -> None:
    page = open_page(account="agent@lfn.exemple.fr", java_script_enabled=False)
    reach(page, "Messagerie, compte 5 Go")
    assert "3 sur 5 en service" in page.inner_text("#avancement")
    page.fill("[name=quantity]", "1")
    page.click("button:has-text('Mettre en service')")
    page.wait_for_selector(".notice.success")
    assert "4 sur 5 en service" in page.inner_text("#avancement")
    reach(page, "Antivirus")
    page.locator("button[name=today]").first.click()
    page.wait_for_selector(".notice.success >> text=« Donner la liste des postes » : fait.")
    assert page.locator(".step.settled").count() == 1
