"""Pages as their readers set them: dark, in forced colours, twice the size, spaced; and where the focus goes."""

import pytest

from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import RUITZ, sideways, violations

pytestmark = pytest.mark.browser

ESTIMATE, ASK = f"/{RUITZ}", f"/demander/{RUITZ}"
MAIN = (ESTIMATE, ASK, "/tarif/", "/demandes/", "/demandes/D-{year}-00001/", "/collectivites/216208470/services/")
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets.push(sheet);
}"""
"""What WCAG 1.4.12 lets a reader set."""
TWICE = {"width": 640, "height": 450}
"""A window of 1 280 pixels at 200 %."""
CUT = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const style = getComputedStyle(one);
  return !one.closest(".unseen, .trap, thead, select, textarea, input") && style.overflowX === "hidden"
    && one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""
LONG = "Saint" + "LonguementNommé" * 12
LENGTHEN = """(name) => {
  for (const cell of document.querySelectorAll("main table :is([data-label='Bénéficiaire'], tbody th)"))
    cell.firstChild.textContent = name;
}"""
EVERYWHERE = """(name) => {
  for (const one of document.querySelectorAll("main :is(a[href^=mailto], .button, button, li, p, h1, h2, h3)"))
    if (!one.closest(".unseen, .stepper, .total, [hidden]")
        && !one.querySelector("input, select, table, form, li, p, .button"))
      one.append(" ", name);
}"""
"""A name in one word at the end of each line, title and button."""
WIDER = """() => [...document.querySelectorAll("main table")]
  .map((one) => one.offsetWidth - one.parentElement.clientWidth).filter((more) => more > 0)"""


def test_dark_screens_are_readable(open_page):
    page = open_page(account="administrator@cdg62.exemple.fr", color_scheme="dark")
    year = page.evaluate("String(new Date().getFullYear())")
    for path in MAIN:
        page.goto(path.replace("{year}", year))
        assert (path, violations(page)) == (path, [])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 30)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_forced_colours_say_whose_amount_it_is(open_page):
    page = open_page(forced_colors="active")
    page.goto(ESTIMATE)
    words = page.locator(".charge .amount").evaluate_all("all => all.map(one => [one.innerText, one.offsetWidth > 60])")
    assert {("CDG 62" in said or "La Fibre" in said, wide) for said, wide in words} == {(True, True)}
    shown = "one => { const mark = getComputedStyle(one, '::before');"
    shown += " return mark.backgroundColor === getComputedStyle(one).color && parseFloat(mark.width) > 4 }"
    assert page.locator(".totals .issuer-name").first.evaluate(shown)
    assert page.locator(".charge .whose").first.evaluate("one => getComputedStyle(one).clipPath") == "none"


def test_text_alone_made_twice_as_large_scrolls_no_page_sideways(open_page):
    page = open_page(account="administrator@cdg62.exemple.fr")
    year = page.evaluate("String(new Date().getFullYear())")
    for path in (*MAIN, "/conventions/", "/abonnements/", "/cles/"):
        page.goto(path.replace("{year}", year))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert (path, sideways(page)) == (path, 0)


@pytest.mark.parametrize("path", ["/demandes/", "/", "/demandes/estimation/"])
def test_the_menu_of_agents_is_on_one_line_of_a_desk(open_page, path):
    page = open_page(account="manager@lfn.exemple.fr")
    page.goto(path)
    where = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    tops = page.locator(".main-nav a, .menu > summary").evaluate_all(where)
    assert len(set(tops)) == 1


@pytest.mark.parametrize("viewport", [WIDE, TWICE, NARROW], ids=["desk", "twice", "phone"])
def test_nothing_is_lost_with_wider_text_or_longer_names(open_page, viewport):
    page = open_page(viewport=viewport, account="administrator@cdg62.exemple.fr")
    year = page.evaluate("String(new Date().getFullYear())")
    for path in MAIN:
        page.goto(path.replace("{year}", year))
        page.evaluate(SPACED)
        assert (path, sideways(page), page.evaluate(CUT)) == (path, 0, [])
        page.evaluate(EVERYWHERE, LONG)
        assert (path, sideways(page)) == (path, 0)
    page.goto("/demandes/")
    page.evaluate(LENGTHEN, LONG)
    assert (sideways(page), page.evaluate(WIDER)) == (0, [])


def test_the_focus_goes_where_it_is_awaited(open_page):
    page = open_page()
    for path in ("/", "/connexion/"):
        page.goto(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    page.fill("input[name=username]", "personne@exemple.fr")
    page.fill("input[name=password]", "rien de tel")
    page.click("main button")
    page.wait_for_selector(".error-summary:focus")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_closed_list_of_bodies_opens_again(open_page):
    page = open_page()
    page.goto("/")
    field, options = page.locator("#q"), page.locator("#propositions [role=option]")
    field.press_sequentially("ruitz")
    options.first.wait_for()
    page.keyboard.press("Escape")
    assert (options.first.is_visible(), field.get_attribute("aria-expanded")) == (False, "false")
    assert field.input_value() == "ruitz"
    page.keyboard.press("ArrowDown")
    assert (options.first.is_visible(), field.get_attribute("aria-expanded")) == (True, "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Alt+ArrowUp")
    assert (options.first.is_visible(), field.get_attribute("aria-activedescendant")) == (False, None)
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == options.last.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**siren=*#contenu")
