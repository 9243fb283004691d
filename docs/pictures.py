"""`make pictures`: the screenshots of the guide and the picture of a quote, taken on a fresh database. The dates of
fields are in French where Debian's `chromium-l10n` is there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.stopping import stop_in_order
from tests.browser.conftest import PASSWORD, serve
from tests.browser.test_passkeys import AUTHENTICATOR
from tests.factories.revenue import SET

IMAGES = Path(__file__).parent / "guide" / "images"
RUITZ = "/?siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1"
DESK, PHONE = {"width": 1180, "height": 820}, {"width": 390, "height": 780}


def main() -> None:
    """Take every picture again."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as var, serve(Path(var)) as address:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415

        with sync_playwright() as driver:
            chromium = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = driver.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", "--lang=fr-FR"],
                env={**os.environ, "LANGUAGE": "fr"},
            )
            public = browser.new_context(viewport=DESK, locale="fr-FR", base_url=address).new_page()
            take(public, RUITZ, "estimateur")
            public.locator("#prix-messagerie-5go summary").first.click()
            shoot(public, "estimateur-pourquoi")
            public.goto("/")
            public.locator("#q").press_sequentially("saint p", delay=40)
            public.wait_for_selector("[role=option]")
            public.keyboard.press("ArrowDown")
            shoot(public, "estimateur-recherche")
            take(public, f"/demander{RUITZ}", "estimateur-demande")
            take(public, "/tarif/", "tarif")
            phone = browser.new_context(viewport=PHONE, locale="fr-FR", base_url=address).new_page()
            take(phone, RUITZ, "estimateur-telephone")
            agent = browser.new_context(viewport=DESK, locale="fr-FR", base_url=address).new_page()
            log_in(agent, "agent@cdg62.exemple.fr")
            take(agent, "/demandes/", "demandes")
            year = agent.evaluate("String(new Date().getFullYear())")
            take(agent, f"/demandes/nouvelle{RUITZ}", "demande-nouvelle")
            take(agent, f"/demandes/D-{year}-00002/", "demande-a-chiffrer")
            take(agent, f"/demandes/D-{year}-00001/", "demande-devis-emis")
            take(agent, "/collectivites/216207274/", "collectivite")
            take(agent, "/collectivites/216200014/pouvoirs/", "pouvoirs")
            take(agent, "/conventions/1/", "convention")
            take(agent, "/textes/", "modeles")
            running(agent)
            space(browser.new_context(viewport=PHONE, locale="fr-FR", base_url=address).new_page(), agent)
            take(agent, "/cles/", "cles")
            take(agent, "/cles/2/", "cle")
            take(agent, "/collectivites/216207274/cles/deposer/", "cle-deposer")
            soon = datetime.now(UTC).date() + timedelta(days=20)
            take(agent, f"/cles/elections/?on={soon}", "cles-elections")
            dates(agent, phone)
            security(
                browser.new_context(viewport=DESK, locale="fr-FR", base_url=address.replace("127.0.0.1", "localhost"))
            )
            going_live(agent, browser.new_context(viewport=PHONE, locale="fr-FR", base_url=address).new_page())
            bill_before(Path(var))
            billing(browser.new_context(viewport=DESK, locale="fr-FR", base_url=address).new_page())
            browser.close()
        paper(Path(var))


def running(agent: Any) -> None:
    """What runs, what it costs and what will change it."""
    take(agent, "/abonnements/", "abonnements")
    take(agent, "/tarifs/cdg62/projet/effet/", "tarif-effet")
    take(agent, "/collectivites/categories/", "categories")
    agent.goto("/collectivites/216208470/services/")
    agent.locator("details.why summary").first.click()
    shoot(agent, "services-cout")
    agent.locator("#services ~ table a").first.click()
    agent.locator("summary", has_text="Réduire la quantité").click()
    agent.fill("#reduce_removed", "1")
    agent.fill("#reduce_reason", "Courrier de la mairie")
    agent.locator("button", has_text="Voir ce que cela change").first.click()
    agent.wait_for_selector("#avant-de-confirmer")
    shoot(agent, "abonnement-reduire")


def dates(agent: Any, phone: Any) -> None:
    """The agenda, the interventions of a body on a telephone, the deadlines and the letter of one."""
    take(agent, "/agenda/", "agenda")
    take(agent, "/echeances/?until=2030-12-31", "echeances")
    agent.goto("/echeances/?until=2035-12-31&genre=tacit-renewal")
    agent.locator("table.deadlines tbody th a").first.click()
    shoot(agent, "echeance")
    log_in(phone, "agent@cdg62.exemple.fr")
    phone.goto("/collectivites/216208470/interventions/")
    shoot(phone, "interventions-telephone")


def security(context: Any) -> None:
    """A passkey taken up, then asked for after the password; the page of one's security and that of one's sessions."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    log_in(page, "manager@cdg62.exemple.fr")
    page.goto("/ma-securite/cles/")
    page.fill("input[name=name]", "Ordinateur du bureau")
    page.click("[data-ask]:not([hidden])")
    page.wait_for_selector(".recovery li")
    page.click("main .actions a")
    shoot(page, "ma-securite")
    take(page, "/mes-sessions/", "mes-sessions")
    page.click("details.menu summary")
    page.click("details.menu form button")
    page.wait_for_selector(".agent-door")
    page.goto("/connexion/")
    page.fill("input[name=username]", "manager@cdg62.exemple.fr")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-ask]:not([hidden])")
    shoot(page, "second-facteur")


def going_live(agent: Any, phone: Any) -> None:
    """The board and a page of it, at a desk and on site."""
    take(agent, "/mises-en-service/", "mises-en-service")
    take(agent, "/mises-en-service/3/", "mise-en-service")
    log_in(phone, "agent@cdg62.exemple.fr")
    phone.goto("/mises-en-service/6/")
    phone.locator(".steps").evaluate("steps => steps.scrollIntoView({ block: 'start' })")
    shoot(phone, "mises-en-service-telephone")


def bill_before(var: Path) -> None:
    """What an issuer sets and bills, seven weeks ago: its invoices are past their day."""
    settings = SET | {
        "first_billed_on": "2020-01-01",
        "iban": "FR7630001007941234567890185",
        "bic": "BDFEFRPPCCT",
        "accountant_name": "Service de gestion comptable",
        "accountant_address": "1 rue du Trésor\n62000 Arras",
        "accountant_post": "062035",
    }
    last = f"{datetime.now(UTC).year - 1}-12-31"
    script = (
        "import time_machine, django; from datetime import datetime, timedelta, UTC; django.setup();"
        "from tripartite.cli.main import main\n"
        "with time_machine.travel(datetime.now(UTC) - timedelta(days=49)):\n"
        f"    main(['billing', 'settings', 'cdg62', *{[f'{name}={value}' for name, value in settings.items()]!r}])\n"
        f"    main(['billing', 'issue', 'cdg62', '--until', {last!r}, '--apply'])\n"
    )
    environment = {**os.environ, "TRIPARTITE_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tripartite.settings"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, stdout=subprocess.DEVNULL)


def billing(page: Any) -> None:
    """An accountant's run, an invoice past its day and its reminder, a slip and its flow."""
    log_in(page, "accountant@cdg62.exemple.fr", "**/")
    today = datetime.now(UTC).date()
    take(page, f"/facturation/campagne/?until={today}", "facturation-apercu")
    take(page, "/factures/1/", "facturation-facture")
    take(page, "/relances/", "facturation-relances")
    take(page, "/bordereaux/", "facturation-bordereaux")
    page.locator("button", has_text="Voir le bordereau").first.click()
    page.locator("button", has_text="Faire le bordereau").click()
    page.wait_for_selector("#flux")
    shoot(page, "facturation-bordereau")


def log_in(page: Any, account: str, where: str = "**/demandes/") -> None:
    page.goto("/connexion/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(where)


def space(phone: Any, agent: Any) -> None:
    """The file of a town hall on a telephone: by the link of the letter that its quotes came with, to the accord."""
    agent.goto(RUITZ)
    agent.click("#totaux .ask-now a")
    for name, value in (("name", "Prénom NOM"), ("function", "Secrétaire"), ("email", "mairie@exemple.fr")):
        agent.fill(f"input[name={name}]", value)
    agent.click("button[name=issue]")
    agent.check("input[name=twice]")  # the sample request of that body asks the same
    agent.click("button[name=issue]")
    agent.wait_for_selector(".notice.success")
    agent.goto("/messages/")
    agent.locator("main table a").first.click()
    found = re.search(r"https?://[^/]+(/espace/lien/\S+)", agent.inner_text("pre.message-text"))
    assert found
    phone.goto(found[1])
    shoot(phone, "espace-lien")
    phone.click("main button")
    phone.wait_for_url("**/espace/")
    shoot(phone, "espace-devis")
    phone.locator("#repondre").scroll_into_view_if_needed()
    phone.evaluate("document.querySelector('#repondre').scrollIntoView()")
    shoot(phone, "espace-accord")


def take(page: Any, path: str, name: str) -> None:
    page.goto(path)
    shoot(page, name)


def shoot(page: Any, name: str) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=str(IMAGES / f"{name}.png"))


def paper(var: Path) -> None:
    """The first page of the first quote, as a picture."""
    script = (
        "import django, json; django.setup();"
        "from tripartite.documents.models import Document as D; from pathlib import Path;"
        "from tripartite.documents.compilers import compiler_of; from tripartite.documents.glyphs import printable;"
        "from tripartite.documents.render import MODELS_FOLDER;"
        "d = D.objects.order_by('id').first();"
        "png = compiler_of(MODELS_FOLDER / (d.model + '.typ')).compile(format='png', ppi=100.0,"
        " sys_inputs={'payload': json.dumps(printable(json.loads(d.payload)), ensure_ascii=False)});"
        f"Path({json.dumps(str(IMAGES / 'devis.png'))}).write_bytes(png if isinstance(png, bytes) else png[0])"
    )
    environment = {**os.environ, "TRIPARTITE_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tripartite.settings"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)


if __name__ == "__main__":
    stop_in_order()
    main()
