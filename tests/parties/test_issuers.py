"""Issuers: named by a grid, completed by their own people."""

import pytest

from tests.factories.accounts import AT, TESTER, issuer
from tests.parties.files import snapshot
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import issuer_by_code, issuers
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.issuers import register_issuer, update_issuer
from tripartite.pricing.grid import Issuer as GridIssuer

pytestmark = pytest.mark.django_db


def named(**given):
    known = {"code": "lfn", "name": "La Fibre Numérique", "short_name": "LFN", "part": "Services"}
    return GridIssuer(**{**known, **given})


def register(slot=1, **given):
    return register_issuer(identity=named(**given), slot=slot, actor=TESTER, at=AT)


def update(**changes):
    return update_issuer(code="lfn", changes=changes, actor=TESTER, at=AT)


def journal():
    return [(entry.action, entry.text) for entry in entries_about("issuer", "lfn")]


def test_an_issuer_is_registered_as_the_grid_names_it():
    register(siret="20003938600038", address="1 rue de la Fibre")

    one = issuer_by_code("lfn")
    assert (one.name, one.short_name, one.slot) == ("La Fibre Numérique", "LFN", 1)
    assert (one.siret, one.address, one.created_at) == ("20003938600038", "1 rue de la Fibre", AT)
    assert (one.email, one.phone, one.website, one.place) == (None,) * 4
    assert (one.quote_validity_days, one.quote_conditions) == (90, "")
    assert journal() == [("parties.register-issuer", "Émetteur enregistré : La Fibre Numérique.")]


def test_a_later_grid_teaches_only_what_was_unknown():
    register()
    register(siret="20003938600038", name="Un autre nom", slot=2)
    register(siret="35600000000048", address="1 rue de la Fibre")

    one = issuer_by_code("lfn")
    assert (one.name, one.slot, one.siret, one.address) == (
        "La Fibre Numérique",
        1,
        "20003938600038",
        "1 rue de la Fibre",
    )
    assert journal()[1:] == [
        ("parties.update-issuer", "LFN : SIRET à jour."),
        ("parties.update-issuer", "LFN : adresse à jour."),
    ]


def test_registering_again_writes_nothing():
    register(siret="20003938600038")
    before = snapshot()
    register(siret="20003938600038")

    assert snapshot() == before


def test_issuers_come_in_the_order_of_their_slots():
    issuer("cdg62")
    issuer("lfn")

    assert [one.code for one in issuers()] == ["lfn", "cdg62"]
    assert issuer_by_code("autre") is None


def test_an_issuer_is_completed():
    register()
    update(
        siret="200 039 386 00038",
        address=" 1 rue de la Fibre\n62000 Arras ",
        place="Arras",
        email="accueil@lfn.exemple.fr",
        phone="+33 (0)3.21.00.00.00",
        website="https://lfn.exemple.fr",
        quote_validity_days="60",
        quote_conditions=" Paiement à trente jours. ",
    )

    one = issuer_by_code("lfn")
    assert (one.siret, one.address, one.place) == ("20003938600038", "1 rue de la Fibre\n62000 Arras", "Arras")
    assert (one.email, one.phone) == ("accueil@lfn.exemple.fr", "+33 (0)3.21.00.00.00")
    assert (one.website, one.quote_validity_days) == ("https://lfn.exemple.fr", 60)
    assert one.quote_conditions == "Paiement à trente jours."
    words = "SIRET, adresse, lieu, adresse électronique, téléphone, site, durée de validité des devis"
    assert journal()[1:] == [("parties.update-issuer", f"LFN : {words}, conditions des devis à jour.")]


@pytest.mark.parametrize("days", [1, 365])
def test_quotes_are_valid_from_one_day_to_a_year(days):
    register()
    update(quote_validity_days=str(days))

    assert issuer_by_code("lfn").quote_validity_days == days


def test_the_journal_keeps_what_was_there_before():
    register()
    update(quote_validity_days=30, place="Arras")

    assert entries_about("issuer", "lfn").last().details == {
        "before": {"quote_validity_days": 90, "place": None},
        "after": {"quote_validity_days": 30, "place": "Arras"},
    }


@pytest.mark.parametrize("empty", ["", "  ", "\x00", None])
def test_an_empty_text_makes_a_fact_unknown_again(empty):
    register(siret="20003938600038")
    update(place="Arras", quote_conditions="Aucune.")
    update(siret=empty, place=empty, quote_conditions=empty)

    one = issuer_by_code("lfn")
    assert (one.siret, one.place, one.quote_conditions) == (None, None, "")


def test_what_was_there_already_writes_nothing():
    register(siret="20003938600038")
    before = snapshot()
    update(siret="20003938600038", place="", quote_validity_days="90")

    assert snapshot() == before


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"siret": "2000393860003"}, {"siret": "Un SIRET a 14 chiffres ; celui-ci en a 13."}),
        (
            {"siret": "20003938600039"},
            {"siret": "La clé de ce SIRET est fausse : un de ses chiffres est mal recopié."},
        ),
        ({"address": "a" * 501}, {"address": "Trop long : 500 caractères au plus."}),
        ({"place": "a" * 101}, {"place": "Trop long : 100 caractères au plus."}),
        ({"email": "accueil"}, {"email": "Écrire une adresse complète, par exemple accueil@cdg.exemple.fr."}),
        (
            {"website": "javascript:alert(1)"},
            {"website": "Écrire une adresse complète, par exemple https://www.exemple.fr."},
        ),
        (
            {"website": "ftp://exemple.fr"},
            {"website": "Écrire une adresse complète, par exemple https://www.exemple.fr."},
        ),
        ({"phone": "zéro trois"}, {"phone": "Écrire un numéro de téléphone, par exemple 01 23 45 67 89."}),
        ({"phone": "0" * 31}, {"phone": "Trop long : 30 caractères au plus."}),
        ({"quote_conditions": "c" * 4001}, {"quote_conditions": "Trop long : 4000 caractères au plus."}),
        *(
            ({"quote_validity_days": days}, {"quote_validity_days": "Écrire un nombre entier de jours, de 1 à 365."})
            for days in ("", "0", "366", "-1", "1,5", "²", None, "9" * 5000)
        ),
        ({"name": "Un autre nom"}, {"name": "« name » ne se modifie pas ici."}),
        ({"slot": "2", "place": "Arras"}, {"slot": "« slot » ne se modifie pas ici."}),
    ],
)
def test_each_rule_has_its_message_by_field_and_nothing_is_written(changes, messages):
    register()
    before = snapshot()
    with pytest.raises(FieldErrors) as refused:
        update(**changes)

    assert refused.value.fields == messages
    assert snapshot() == before
