"""The screen of how an issuer is named and shown, and what everybody then sees."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import quotes
from tests.factories.accounts import account
from tests.factories.pictures import logo
from tripartite.accounts.rights import Role
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.queries.looks import look_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(client):
    quotes.offer()
    client.force_login(account(role=Role.ADMINISTRATOR))


def typed(**changes):
    given = {"name": "Agence des usages", "short_name": "L'Agence", "applies_on": timezone.localdate().isoformat()}
    return given | changes


def present():
    return look_on("lfn", timezone.localdate())


def test_names_colours_and_logo_are_set_and_seen(client, django_assert_num_queries):
    upload = SimpleUploadedFile("logo.png", logo(), "image/png")
    given = typed(colour="#005f3c", logo=upload, logo_alt="L'Agence")
    assert client.post(reverse("issuer-look"), given).status_code == 302
    assert issuer_by_code("lfn").short_name == "L'Agence"
    page = client.get(reverse("issuer-look")).content.decode()
    assert "#005f3c, contraste 6,7" in page
    assert f'src="/emetteurs/logo/{present().logo.sha256}.png" alt="L&#x27;Agence"' in page

    client.logout()
    shown = client.get(reverse("estimator")).content.decode()
    assert "L&#x27;Agence" in shown or "L’Agence" in shown
    assert f"/emetteurs/logo/{present().logo.sha256}.png" in shown
    picture = client.get(reverse("issuer-logo", args=[present().logo.sha256]))
    assert (picture["Content-Type"], picture["Cache-Control"]) == (
        "image/png",
        "public, max-age=31536000, immutable",
    )
    with django_assert_num_queries(2):
        style = client.get(reverse("looks-style"))
    text = style.content.decode()
    assert style["Content-Type"] == "text/css; charset=utf-8"
    assert text.splitlines()[0].startswith(":root {--issuer-1: #005f3c;--issuer-1-strong: #")
    assert text.splitlines()[1].startswith("@media screen and (prefers-color-scheme: dark) {:root {--issuer-1: #")
    assert text.splitlines()[2].startswith(".issuer-1 {--issuer: var(--issuer-1);")
    assert client.get(reverse("looks-style"), headers={"If-None-Match": style["ETag"]}).status_code == 304


def test_without_settings_the_stylesheet_is_empty_and_no_logo_is_there(client, django_assert_num_queries):
    client.logout()
    with django_assert_num_queries(1):
        assert client.get(reverse("looks-style")).content == b""
    assert client.get(reverse("issuer-logo", args=["0" * 64])).status_code == 404
    assert "issuer-logo" not in client.get(reverse("estimator")).content.decode().replace("issuer-logos", "")


def test_what_is_set_for_later_is_not_seen_yet(client):
    client.post(reverse("issuer-look"), typed(colour="#005f3c", applies_on="2099-01-01"))
    assert client.get(reverse("looks-style")).content == b""
    assert "2099" in client.get(reverse("issuer-look")).content.decode()


def test_a_refusal_is_said_at_its_field(client):
    upload = SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n", "image/png")
    page = client.post(reverse("issuer-look"), typed(colour="#e0c000", logo=upload, logo_alt="x"))
    assert page.status_code == 422
    text = page.content.decode()
    assert all(f'id="id_{name}_error"' in text for name in ("colour", "logo"))
    assert "il en faut 4,50" in text
    assert present() is None


def test_the_logo_is_taken_away(client):
    upload = SimpleUploadedFile("logo.png", logo(), "image/png")
    assert "without_logo" not in client.get(reverse("issuer-look")).content.decode()
    client.post(reverse("issuer-look"), typed(logo=upload, logo_alt="L'Agence"))
    assert 'name="without_logo"' in client.get(reverse("issuer-look")).content.decode()
    client.post(reverse("issuer-look"), typed(without_logo="on"))
    assert present().logo is None
