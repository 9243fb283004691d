"""The whole way by hand: asked, quoted, accepted from a telephone, signed once in each way, amended, terminated."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils import timezone

from tests.browser.conftest import NARROW
from tests.browser.test_conventions import (
    CDG,
    LFN,
    deposit,
    describe_the_issuer,
    fit,
    holder,
    record_a_power,
    said,
    sign_on_paper,
    site,
    terminate,
    var,
)
from tests.documents.authorities import sign
from tests.factories.conventions import siret_of

__all__ = ["holder", "site", "var"]

pytestmark = pytest.mark.browser

SIREN = "216207670"
EMAIL = "mairie@saint-pol.exemple.fr"


def last_letter(agent: Any) -> str:
    """The text of the latest e-mail, as local mode keeps it."""
    agent.goto("/messages/")
    agent.locator("main table a").first.click()
    return str(agent.inner_text("pre.message-text"))


def follow(page: Any, letter: str, *, to: str = "**/espace/") -> None:
    """Open the file by the link of a letter, which leads to where one is expected."""
    link = re.search(r"https?://[^/]+(/espace/lien/\S+)", letter)
    assert link
    page.goto(link[1])
    page.click("main button")
    page.wait_for_url(to)


def new_request(agent: Any, services: str) -> str:
    """A request typed by an agent, its quotes issued; its address."""
    agent.goto(f"/?siren={SIREN}&{services}")
    agent.click("#totaux .ask-now a")
    agent.fill("input[name=name]", "Prénom NOM")
    agent.fill("input[name=function]", "Maire")
    agent.fill("input[name=email]", EMAIL)
    agent.click("button[name=issue]")
    assert said(agent).startswith("Devis émis")
    return str(agent.url)


def accept(phone: Any, letter: str) -> None:
    follow(phone, letter)
    phone.fill("#both_name", "Prénom NOM")
    phone.fill("#both_function", "Maire")
    phone.check("#both_consent")
    phone.keyboard.press("Enter")
    assert "Bon pour accord enregistré" in said(phone)


def complete(cdg: Any, lfn: Any) -> None:
    """What the papers need to know of the three parties."""
    for page, siren, organ in (
        (cdg, "286200019", "Conseil d'administration"),
        (lfn, "200039386", "Comité syndical"),
    ):
        describe_the_issuer(page, siren)
        page.goto("/pouvoirs/")
        record_a_power(page, "Président", organ)
    cdg.goto(f"/collectivites/{SIREN}/")
    form = cdg.locator("form[action$='/completer/']")
    form.evaluate("form => { form.closest('details').open = true }")
    form.locator("[name=siret]").fill(siret_of(SIREN))
    form.locator("[name=address]").fill("Mairie\n62130 Saint-Pol-sur-Ternoise")
    form.locator("button").click()
    said(cdg)
    cdg.goto(f"/collectivites/{SIREN}/pouvoirs/")
    record_a_power(cdg, "Maire", "Conseil municipal")


def ask_for_an_amendment(cdg: Any, **quantities: str) -> str:
    """From the page of the convention: how much there will be of each service; the quotes issued, the address."""
    cdg.click("text=Préparer un avenant")
    fit(cdg)
    for service, quantity in quantities.items():
        cdg.fill(f"[name={service}]", quantity)
    cdg.click("text=Créer la demande d’avenant")
    assert "relisez la différence" in said(cdg)
    cdg.reload()
    fit(cdg)
    cdg.click("button:has-text('Émettre les deux devis')")
    assert said(cdg).startswith("Devis émis")
    return str(cdg.url)


def send(cdg: Any) -> str:
    """Prepare and send; the address of the convention."""
    cdg.click(".next-step form[action$='/convention/'] button")
    cdg.wait_for_url("**/conventions/*/")
    cdg.click("button:has-text('Envoyer à la signature')")
    assert f": à signer. Le lien pour signer est écrit à {EMAIL}." in said(cdg)
    return str(cdg.url)


def sign_here(phone: Any, cdg: Any) -> None:
    """The mayor, by the link of the convention's letter and the code of the next one."""
    follow(phone, last_letter(cdg), to="**/espace/convention/*/")
    space = phone.url
    phone.click("text=Recevoir un code par courriel")
    phone.wait_for_selector("[name=code]")
    code = re.search(r"\b\d{6}\b", last_letter(cdg))
    assert code
    phone.goto(space)
    phone.fill("[name=code]", code[0])
    phone.check("[name=consent]")
    phone.click("button:has-text('Signer la convention')")
    said(phone)


def test_three_parties_from_a_telephone_to_a_termination(open_page, holder) -> None:
    today = f"{timezone.localdate()}"
    cdg, lfn, phone = open_page(account=CDG), open_page(account=LFN), open_page(viewport=NARROW)
    complete(cdg, lfn)

    request = new_request(cdg, "messagerie-5go=3&nom-de-domaine=1")
    accept(phone, last_letter(cdg))
    cdg.goto(request)
    convention = send(cdg)
    sign_here(phone, cdg)

    lfn.goto(convention)
    latest = lfn.request.get(f"{convention}papier.pdf").body()
    with ThreadPoolExecutor() as elsewhere:
        signed = elsewhere.submit(sign, latest, holder).result()
    deposit(lfn, signed)
    assert said(lfn) == "Signature vérifiée et enregistrée."
    cdg.goto(convention)
    sign_on_paper(cdg, today)
    assert "en vigueur" in cdg.inner_text(".page-header")
    for words in ("dans Tripartite", "avec un certificat", "sur papier"):
        assert words in cdg.inner_text("main").lower().replace("dans tripartite", "dans Tripartite")

    cdg.goto(convention)
    more = ask_for_an_amendment(cdg, **{"messagerie-5go": "7", "nom-de-domaine": "0", "antivirus": "5"})
    other = open_page(viewport=NARROW)
    accept(other, last_letter(cdg))
    cdg.goto(more)
    assert cdg.locator("select[name=parent]").input_value()
    amendment = send(cdg)
    for page in (cdg, lfn):
        page.goto(amendment)
        while page.locator("summary:has-text('Signée sur papier')").count():
            sign_on_paper(page, today)
    assert "en vigueur" in lfn.inner_text(".page-header")

    cdg.goto(convention)
    agreed = cdg.inner_text("section:has(#texte) > ul >> nth=0")
    assert agreed.replace("\u00a0", " ").splitlines() == ["Messagerie, compte 5 Go 7 comptes", "Antivirus 5 postes"]
    terminate(cdg, today, "Autre choix")
