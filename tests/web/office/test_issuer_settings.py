"""An issuer's identity, completed by its own administrator."""

import pytest
from django.urls import reverse

from tests.factories.accounts import account
from tripartite.accounts.rights import Role
from tripartite.parties.queries.bodies import issuer_by_code

pytestmark = pytest.mark.django_db

GIVEN = {
    "siret": "200 039 386 00038",
    "address": "1 rue de la Fibre\r\n62000 Arras",
    "place": "Arras",
    "email": "accueil@lfn.exemple.fr",
    "phone": "03 21 00 00 00",
    "website": "https://lfn.exemple.fr",
    "quote_validity_days": "60",
    "quote_conditions": "Paiement à trente jours.",
}


@pytest.fixture(autouse=True)
def administrator(client):
    one = account(role=Role.ADMINISTRATOR)
    client.force_login(one)
    return one


def test_what_is_missing_is_said(client):
    page = client.get(reverse("issuer-settings")).content.decode()
    assert "SIRET, adresse, lieu d&#x27;émission, adresse électronique" in page


def test_the_identity_is_completed(client):
    assert client.post(reverse("issuer-settings"), GIVEN).status_code == 302
    issuer = issuer_by_code("lfn")
    assert (issuer.siret, issuer.address) == ("20003938600038", "1 rue de la Fibre\n62000 Arras")
    assert (issuer.quote_validity_days, issuer.quote_conditions) == (60, "Paiement à trente jours.")
    assert issuer_by_code("cdg62") is None


def test_an_emptied_field_is_unknown_again(client):
    client.post(reverse("issuer-settings"), GIVEN)
    client.post(reverse("issuer-settings"), {**GIVEN, "siret": "", "place": "  "})
    issuer = issuer_by_code("lfn")
    assert (issuer.siret, issuer.place) == (None, None)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("siret", "20003938600039", "clé"),
        ("siret", "123", "14 chiffres"),
        ("phone", "demander à l'accueil", "numéro"),
        ("quote_validity_days", "0", "1"),
        ("quote_validity_days", "366", "365"),
        ("quote_validity_days", "", "obligatoire"),
        ("email", "accueil", "adresse"),
        ("address", "x" * 501, "500"),
    ],
)
def test_what_cannot_be_is_said_by_its_field(client, field, value, message):
    page = client.post(reverse("issuer-settings"), {**GIVEN, field: value})
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.content.decode()
    assert message in page.content.decode()
    assert issuer_by_code("lfn").siret is None
