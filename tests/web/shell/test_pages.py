"""What every page owes: a language, one title, landmarks, nothing inline, a strict policy."""

from html.parser import HTMLParser

import pytest
from django.urls import NoReverseMatch, reverse

from tests.factories.accounts import account
from tripartite.accounts.rights import Role
from tripartite.web.urls import urlpatterns

pytestmark = pytest.mark.django_db


def plain_addresses():
    """Every address of the site that takes no argument and answers to a look."""
    for pattern in urlpatterns:
        try:
            yield reverse(pattern.name)
        except NoReverseMatch:
            continue


class Reader(HTMLParser):
    """Gathers what the tests ask of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.inline, self.ids, self.fields, self.labels = [], [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        if "autofocus" in given:
            self.inline.append("autofocus: the first key is the skip link's")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields.append(given.get("aria-label") or given.get("aria-labelledby") or given.get("id"))


def pages(client):
    for address in plain_addresses():
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address, answer


@pytest.fixture(params=["public", "administrator"])
def visitor(request, client):
    if request.param == "administrator":
        client.force_login(account(role=Role.ADMINISTRATOR))
    return client


def test_nothing_inline(visitor):
    found = {address: Reader(answer.content.decode()).inline for address, answer in pages(visitor)}
    assert len(found) >= 5
    assert {address: inline for address, inline in found.items() if inline} == {}


def test_the_policy_lets_in_only_our_own_files(visitor):
    for address, answer in pages(visitor):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy, address
        assert "unsafe" not in policy, address
        assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_landmarks_one_title_and_no_double_name(visitor):
    for address, answer in pages(visitor):
        text = answer.content.decode()
        if not text.lstrip().startswith("<!doctype html>"):
            continue  # a part of a page
        page = Reader(text)
        assert '<html lang="fr">' in text, address
        assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("title")) == (1, 1, 1), address
        assert sorted(set(page.ids)) == sorted(page.ids), address
        assert text.index('class="skip"') < text.index("<header"), address


def test_every_field_has_a_label(visitor):
    for address, answer in pages(visitor):
        page = Reader(answer.content.decode())
        unnamed = [field for field in page.fields if field is None]
        assert unnamed == [], address


def test_the_header_shows_each_role_what_it_may_reach(client):
    def links(role):
        client.force_login(account(role=role))
        return client.get(reverse("legal")).content.decode()

    assert reverse("account-list") in links(Role.ADMINISTRATOR)
    assert reverse("issuer-settings") in links(Role.ADMINISTRATOR)
    for role in (Role.AGENT, Role.MANAGER, Role.ACCOUNTANT):
        assert reverse("account-list") not in links(role)
        assert reverse("issuer-settings") not in links(role)
        assert reverse("password-change") in links(role)


def test_a_name_cannot_write_in_the_page(client):
    client.force_login(account(name='<script>alert("#\\*")</script>🦊'))
    page = client.get(reverse("legal")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&quot;#\\*&quot;)&lt;/script&gt;🦊" in page


def test_public_pages_leave_no_cookie(client):
    answer = client.get(reverse("accessibility"))
    assert answer.cookies == {}


def test_the_personal_data_page_says_how_long(client, settings):
    page = client.get(reverse("personal-data")).content.decode()
    assert f"{settings.CONFIG.retention_months} mois quand aucun devis" in page
    assert "à compléter" in page
