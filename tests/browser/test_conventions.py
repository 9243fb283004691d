"""A convention as its agents meet it: accord, powers, signatories, three signatures by two ways, in force, its end."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browser import test_accessibility as accessibility
from tests.browser.conftest import serve
from tests.browser.test_accessibility import unfold
from tests.documents.authorities import make, sign
from tests.factories.conventions import siret_of
from tripartite.pricing.calendar import anniversary

pytestmark = pytest.mark.browser

RUITZ = "216207274"
SCAN = {"name": "copie.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 copie"}
DEPOSIT = (
    "article.signatory:has(h3:has-text('La Fibre Numérique'))"
    " details.fold:has(> summary:has-text('Signée avec un certificat'))"
)
CDG, LFN = "administrator@cdg62.exemple.fr", "administrator@lfn.exemple.fr"


@pytest.fixture(scope="module")
def var(new_var: Callable[[], Path]) -> Path:
    """The data folder of a server of its own: the journey changes issuers and texts, and trusts an authority."""
    return new_var()


@pytest.fixture(scope="module")
def site(var: Path) -> Iterator[str]:
    with serve(var) as address:
        yield address


@pytest.fixture(scope="module")
def holder(var: Path) -> Any:
    """Somebody whose certificate comes from an authority that the server trusts."""
    authority = make("Autorité d'essai", authority=True)
    (var / "trust").mkdir(exist_ok=True)
    (var / "trust" / "essai.pem").write_bytes(authority.pem)
    return authority.certify("Prénom NOM")


def fit(page: Any) -> None:
    """No finding of axe at both widths, nothing wider than a telephone, folds open too."""
    unfold(page)
    accessibility.fit(page)


def opened(page: Any, words: str) -> Any:
    """The fold of that summary, open; to be filled in."""
    fold = page.locator(f"details.fold:has(> summary:has-text('{words}'))").first
    fold.evaluate("fold => fold.open = true")
    return fold


def said(page: Any) -> str:
    page.wait_for_selector(".notice.success")
    return page.inner_text(".notice.success")


def describe_the_issuer(page: Any, siren: str) -> None:
    page.goto("/emetteur/")
    page.fill("[name=siret]", siret_of(siren))
    page.fill("[name=address]", "1 rue de l'Exemple\n62000 Arras")
    page.click("main button >> nth=-1")
    page.wait_for_load_state()


def record_a_power(page: Any, function: str, organ: str) -> None:
    today = timezone.localdate()
    page.fill("[name=person]", "Prénom NOM")
    page.fill("[name=function]", function)
    page.fill("[name=organ]", organ)
    page.fill("[name=adopted_on]", f"{today - timedelta(days=20)}")
    page.fill("[name=enforceable_on]", f"{today - timedelta(days=15)}")
    page.set_input_files("[name=scan]", SCAN)
    page.click("button:has-text('Enregistrer')")
    assert said(page) == "Pouvoir de signer enregistré."


def prepare(cdg: Any, lfn: Any) -> None:
    """What papers need to know of the three parties, and who may sign for both issuers."""
    describe_the_issuer(cdg, "286200019")
    describe_the_issuer(lfn, "200039386")
    for page, organ in ((cdg, "Conseil d'administration"), (lfn, "Comité syndical")):
        page.goto("/pouvoirs/")
        record_a_power(page, "Président", organ)
    cdg.goto(f"/collectivites/{RUITZ}/")
    form = cdg.locator("form[action$='/completer/']")
    form.evaluate("form => { const fold = form.closest('details'); if (fold) fold.open = true }")
    form.locator("[name=siret]").fill(siret_of(RUITZ))
    form.locator("[name=address]").fill("Mairie, 1 place de l'Exemple\n62620 Ruitz")
    form.locator("button").click()
    cdg.wait_for_selector(".notice.success")


def test_a_convention_from_its_quotes_to_its_end(open_page, holder) -> None:
    today = f"{timezone.localdate()}"
    cdg, lfn = open_page(account=CDG), open_page(account=LFN)
    prepare(cdg, lfn)
    fit(cdg)

    request = f"/demandes/D-{today[:4]}-00001/"
    cdg.goto(request)
    cdg.click("text=Accord sur papier")
    fit(cdg)
    cdg.fill("[name=person]", "Prénom NOM")
    cdg.fill("[name=answered_on]", today)
    cdg.set_input_files("[name=scan]", SCAN)
    cdg.click("button:has-text('Enregistrer l’accord')")
    assert said(cdg) == "Accord enregistré."

    cdg.click("text=Justifier le pouvoir")
    fit(cdg)
    cdg.goto("/collectivites/216207274/pouvoirs/")
    fit(cdg)
    record_a_power(cdg, "Maire", "Conseil municipal")
    cdg.goto(f"{request}pouvoir/")
    fit(cdg)
    cdg.click("text=Retenir cet acte")
    assert said(cdg) == "Pouvoir justifié\u00a0: l’accord compte."
    adopted = timezone.localdate() - timedelta(days=20)
    assert f"Pouvoir\u00a0: délibération du {adopted:%d/%m/%Y}." in cdg.inner_text(".notice.success >> nth=1")
    assert cdg.locator("text=Justifier le pouvoir").count() == 0

    cdg.click("button:has-text('Préparer la convention')")
    cdg.wait_for_url("**/conventions/*/")
    fit(cdg)
    named = opened(cdg, "Désigner le signataire")
    assert named.locator("[name=name]").input_value() == "Prénom NOM"
    named.locator("[name=email]").fill("maire@ruitz.exemple.fr")
    named.locator("button").click()
    assert said(cdg) == "Signataire enregistré."
    cdg.click("button:has-text('Envoyer à la signature')")
    told = "Le lien pour signer est écrit à maire@ruitz.exemple.fr."
    assert re.match(rf"C-{today[:4]}-\d{{5}}\u00a0: à signer\. {re.escape(told)}", said(cdg))
    fit(cdg)

    path = cdg.url
    assert cdg.locator("summary:has-text('Signée sur papier')").count() == 2
    sign_on_paper(cdg, today)
    assert "en partie signée" in cdg.inner_text(".page-header")

    lfn.goto(path)
    latest = lfn.request.get(f"{path}papier.pdf").body()
    with ThreadPoolExecutor() as elsewhere:
        signed = elsewhere.submit(sign, latest, holder).result()
    refused(lfn, latest)
    lfn.goto(path)
    deposit(lfn, signed)
    assert said(lfn) == "Signature vérifiée et enregistrée."
    assert lfn.request.get(f"{path}papier.pdf").body() == signed

    cdg.goto(path)
    sign_on_paper(cdg, today)
    assert "en vigueur" in cdg.inner_text(".page-header")
    assert "Reconduction tacite le" in cdg.inner_text(".next-step")
    fit(cdg)

    terminate(cdg, today, "Commune nouvelle")
    fit(cdg)


def sign_on_paper(page: Any, day: str) -> None:
    """The first signature on paper that the page still asks for."""
    fold = opened(page, "Signée sur papier")
    fold.locator("[name=signed_on]").fill(day)
    fold.locator("[name=scan]").set_input_files(SCAN)
    fold.locator("[name=original_place]").fill("Secrétariat de mairie")
    fold.locator("button").click()
    assert said(page) == "Signature enregistrée."


def terminate(page: Any, day: str, reason: str) -> None:
    """From the page of the convention: the beneficiary ends it at its due date, what that does shown, then done."""
    page.click("text=Mettre fin à la convention")
    page.wait_for_url("**/conventions/*/fin/")
    fit(page)
    page.select_option("[name=party]", "beneficiary")
    page.select_option("[name=ground]", "due-date")
    page.fill("[name=received_on]", day)
    page.fill("[name=reason]", reason)
    page.click("button:has-text('Voir ce que cela fait')")
    due = anniversary(date.fromisoformat(day), 1)
    last_day = f"Dernier jour le {due - timedelta(days=1):%d/%m/%Y} compris"
    assert page.inner_text("#foreseen h2") == last_day
    assert f"chéance annuelle du {due:%d/%m/%Y}" in page.inner_text("#foreseen")
    fit(page)
    page.click("button:has-text('Enregistrer la fin')")
    assert said(page) == "La fin est enregistrée\u202f; les parties sont prévenues par courriel."
    assert last_day in page.inner_text(".next-step")
    assert page.locator("text=Mettre fin à la convention").count() == 0


def deposit(page: Any, pdf: bytes) -> None:
    """As the agent of the operator: the signature of its own president."""
    fold = page.locator(DEPOSIT)
    fold.evaluate("fold => fold.open = true")
    fold.locator("[name=pdf]").set_input_files(SCAN | {"buffer": pdf})
    fold.locator("button").click()


def refused(page: Any, pdf: bytes) -> None:
    """A file that adds nothing: the refusal is sent apart, for the browser's console tells of every refusal."""
    sent = {
        "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value"),
        "pdf": SCAN | {"buffer": pdf},
    }
    answer = page.request.post(page.locator(f"{DEPOSIT} form").get_attribute("action"), multipart=sent)
    assert answer.status == 422
    page.set_content(answer.text())
    assert "ne prolonge pas la dernière version" in page.inner_text(".error-summary")
    fit(page)


def test_the_other_pages_of_conventions_fit(open_page) -> None:
    page = open_page(account=CDG)
    year = f"{timezone.localdate():%Y}"
    page.goto("/textes/")
    page.click("main table th a >> nth=0")
    texts = ["/textes/", page.url, "/textes/nouveau/", "/pouvoirs/", "/conventions/", "/conventions/?q=rien+de+tel"]
    for path in (*texts, f"/demandes/D-{year}-00003/", f"/demandes/D-{year}-00002/refus/", "/conventions/1/"):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        fit(page)


def test_the_end_of_a_power_fits(open_page) -> None:
    page = open_page(account=LFN)
    page.goto("/pouvoirs/")
    if not page.locator("text=noter la fin").count():
        record_a_power(page, "Président", "Comité syndical")
    page.click("text=noter la fin")
    fit(page)
