"""Whom a certificate names: a person, with title and organisation, or a body's seal."""

import pytest

from tests.documents.authorities import make
from tripartite.documents.holder_reading import holder_in_der
from tripartite.documents.holders import Holder


def read(name, **options):
    return holder_in_der(make(name, **options).der)


def test_a_person_is_named_with_title_organisation_and_its_number() -> None:
    said = {"given_name": "Prénom", "surname": "NOM", "title": "Maire", "organisation": "COMMUNE DE RUITZ"}
    found = read("NOM Prénom", subject=said | {"organisation_id": "NTRFR-216207274"})
    assert found.names == ("NOM Prénom", "Prénom NOM")
    assert (found.is_seal, found.siren) == (False, "216207274")
    assert found.words == "NOM Prénom, Maire, COMMUNE DE RUITZ, SIREN 216207274"
    assert Holder(**found.as_payload()) == found


@pytest.mark.parametrize(
    ("name", "options", "seal"),
    [
        ("Prénom NOM", {}, False),
        ("Cachet de la commune", {"subject": {"organisation_id": "NTRFR-216207274"}}, True),
        ("Prénom NOM", {"subject": {"organisation_id": "NTRFR-216207274"}, "purpose": "qct_esign"}, False),
        ("Prénom NOM", {"purpose": "qct_eseal"}, True),
        ("Prénom NOM", {"purpose": "qct_web"}, False),
        ("Prénom NOM", {"subject": {"given_name": "Prénom", "surname": "NOM", "organisation_id": "NTRFR-1"}}, False),
    ],
)
def test_a_seal_says_that_it_is_one_or_names_a_registered_body_and_nobody(name, options, seal) -> None:
    assert read(name, **options).is_seal is seal


def test_a_seal_names_no_person_once_it_says_so() -> None:
    found = read("Prénom NOM", purpose="qct_eseal")
    assert found.names == ()
    assert found.words == "cachet de Organisme d'essai, Prénom NOM"


@pytest.mark.parametrize(
    ("subject", "siren"),
    [
        ({"organisation_id": "NTRFR-216207274"}, "216207274"),
        ({"organisation_id": "SI:FR-216207274"}, "216207274"),
        ({"organisation_id": "VATFR-12216207274"}, "216207274"),
        ({"unit": "0002 21620727400015"}, "216207274"),
        ({"unit": "Direction générale"}, ""),
        ({"organisation_id": "NTRDE-HRB1234"}, ""),
    ],
)
def test_the_number_of_a_body_is_read_in_each_of_its_forms(subject, siren) -> None:
    assert read("Prénom NOM", subject=subject).siren == siren


def test_a_certificate_that_names_nobody_is_told_so() -> None:
    assert read("", subject={"organisation": ""}).words == "sans nom"
