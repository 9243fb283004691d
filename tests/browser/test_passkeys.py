"""A passkey in a real browser, with the authenticator that Chromium makes up: enrolled, then used each of its ways."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

ACCOUNT = "accountant@lfn.exemple.fr"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def log_out(page):
    page.click("details.menu summary")
    page.click("details.menu form button")
    page.wait_for_selector(".agent-door")


def password(page, home):
    page.goto(f"{home}/connexion/")
    page.fill("input[name=username]", ACCOUNT)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def use(page, there):
    """Use the passkey, and be there: by the path alone, since where to go next stands in the query before."""
    page.click("[data-ask]:not([hidden])")
    page.wait_for_url(lambda address: urlsplit(address).path == there)


def test_a_passkey_is_enrolled_then_follows_the_password_replaces_it_and_confirms(open_page, site) -> None:
    home = site.replace("127.0.0.1", "localhost")  # passkeys know names, not figures
    page = open_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    password(page, home)
    page.wait_for_url("**/facturation/")

    page.goto(f"{home}/ma-securite/cles/")
    page.fill("input[name=name]", "Ordinateur du bureau")
    page.click("[data-ask]:not([hidden])")
    page.wait_for_selector(".recovery li")
    assert (page.locator(".recovery li").count(), violations(page)) == (8, [])

    log_out(page)
    password(page, home)
    page.wait_for_url("**/connexion/second-facteur/")
    assert violations(page) == []
    use(page, "/facturation/")

    log_out(page)
    page.goto(f"{home}/connexion/cle-d-acces/?next=/mes-sessions/")
    use(page, "/mes-sessions/")
    assert page.locator("main tbody tr").count() >= 1

    page.goto(f"{home}/confirmer/?next=/ma-securite/")
    use(page, "/ma-securite/")
    assert "« Ordinateur du bureau »" in page.inner_text("main").replace("\u00a0", " ")
    page.click("main table form button")
    page.wait_for_selector(".notice.success")
