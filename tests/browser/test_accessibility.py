"""Every page under axe at both widths, without sideways scrolling at 320 px nor at 200 % zoom; keyboard alone."""

import pytest

from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.browser

RUITZ = "?siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1&stockage-supplementaire=150"
PUBLIC = (
    "/",
    f"/{RUITZ}",
    "/?kind=epci&messagerie-5go=2&demarches-simplifiees=1",
    f"/demander/{RUITZ}",
    "/tarif/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/connexion/",
    "/connexion/cle-d-acces/",
    "/mot-de-passe/oublie/",
    "/?siren=200072460&messagerie-5go=4&demarches-simplifiees=1",
)
AGENTS = (
    "/demandes/",
    "/demandes/?q=rien+de+tel",
    "/demandes/D-{year}-00001/",
    "/demandes/D-{year}-00002/",
    f"/demandes/nouvelle/{RUITZ}",
    f"/demandes/D-{{year}}-00001/modifier/{RUITZ}",
    "/collectivites/?q=saint",
    "/collectivites/216207274/",
    "/collectivites/nouvelle/",
    "/collectivites/216208470/services/",
    "/collectivites/216208470/services/?on=2090-01-01",
    "/collectivites/categories/",
    "/abonnements/",
    "/abonnements/?etat=ended",
    "/abonnements/3/",
    "/tarifs/cdg62/projet/effet/",
    "/agenda/",
    "/agenda/?q=rien",
    "/agenda/temps/",
    "/collectivites/216208470/interventions/",
    "/interventions/1/",
    "/interventions/3/",
    "/echeances/?until=2032-01-01",
    "/echeances/?q=rien+de+tel",
    "/travaux/",
    "/comptes/",
    "/comptes/nouveau/",
    "/emetteur/",
    "/mot-de-passe/",
    "/ma-securite/",
    "/ma-securite/application/",
    "/ma-securite/cles/",
    "/mes-sessions/",
    "/confirmer/",
)

ACCOUNTANTS = (
    "/facturation/",
    "/facturation/campagne/?until=2090-01-01",
    "/facturation/campagnes/",
    "/facturation/reglages/",
    "/factures/",
    "/factures/avoirs/",
    "/paiements/",
    "/paiements/releves/",
    "/restes-dus/",
    "/relances/",
    "/bordereaux/",
    "/chiffres/",
)


FOUND = """axe.run({resultTypes: ["violations"]}).then((all) => all.violations.flatMap((rule) =>
  rule.nodes.map((one) => `${rule.id}: ${one.target} ${one.html.slice(0, 120)}`)))"""
"""All that axe checked is long to hand over: what it found is written in the page."""


def violations(page) -> list[str]:
    """What axe finds, one line each, by rule and place."""
    from axe_playwright_python.base import AXE_SCRIPT  # noqa: PLC0415 - loaded where there is a browser

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FOUND)


def sideways(page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def unfold(page) -> None:
    """Open every fold of the page, but those of the menu."""
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((fold) => { fold.open = true })")


def fit(page, *, viewports=(NARROW, WIDE)) -> None:
    """No finding of axe, nothing wider than the window, at each of these widths. A page is loaded once for them all:
    nothing that it does as it loads depends on how wide it is.
    """
    for viewport in viewports:
        page.set_viewport_size(viewport)
        assert (page.url, viewport, violations(page), sideways(page)) == (page.url, viewport, [], 0)


def test_public_pages(open_page) -> None:
    page = open_page()
    for path in PUBLIC:
        page.goto(path)
        fit(page)


@pytest.mark.parametrize(("role", "paths"), [("accountant", ACCOUNTANTS), ("administrator", AGENTS)])
def test_pages_of_agents(open_page, role, paths) -> None:
    page = open_page(account=f"{role}@cdg62.exemple.fr")
    year = page.evaluate("String(new Date().getFullYear())")
    for path in paths:
        page.goto(path.replace("{year}", year))
        assert page.locator("h1").count() == 1, path
        unfold(page)
        fit(page)


def test_nothing_is_lost_at_twice_the_size(open_page) -> None:
    page = open_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    for path in PUBLIC[:5]:
        page.goto(path)
        assert (path, sideways(page)) == (path, 0)


def test_the_first_key_leads_to_the_content(open_page) -> None:
    page = open_page()
    page.goto("/tarif/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_the_keyboard_reaches_every_service_in_order_and_the_focus_shows(open_page) -> None:
    page = open_page()
    page.goto(f"/{RUITZ}")
    page.focus("main")
    reached: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name and name not in reached:
            reached.append(name)
        shown = page.evaluate(
            "(() => { const element = document.activeElement, style = getComputedStyle(element);"
            " return element === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' })()"
        )
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    services = page.eval_on_selector_all(".choose .family input", "fields => fields.map(f => f.name)")
    assert [name for name in reached if name in services] == services
