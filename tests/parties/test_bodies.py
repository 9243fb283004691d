"""Bodies that no file lists, and what agents complete on those that a file does: each rule, and its message."""

import pytest

from tests.factories import parties as factory
from tests.factories.accounts import AT, TESTER
from tests.parties.files import snapshot
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_id, body_by_identifier
from tripartite.parties.services.bodies import complete_body, create_body
from tripartite.parties.services.errors import FieldErrors

CCAS = {"kind": "ccas", "name": "CCAS de Ruitz", "siren": "266209113"}

pytestmark = pytest.mark.django_db


def create(**given):
    return create_body(**{**CCAS, **given}, actor=TESTER, at=AT)


def complete(body, **changes):
    return complete_body(body_id=body.pk, changes=changes, actor=TESTER, at=AT)


def refusals(act):
    """The messages by field; nothing is written."""
    before = snapshot()
    with pytest.raises(FieldErrors) as refused:
        act()
    assert snapshot() == before
    return refused.value.fields


def journal(body):
    return [(entry.action, entry.text) for entry in entries_about("body", body.pk)]


def test_a_body_is_added_with_what_is_known_of_it(directory):
    ruitz = factory.body()
    made = create(
        name="  CCAS  de Ruitz ",
        siren="266 209 113",
        department="62",
        postal_codes="62620, 62000",
        address=" 1 place de la Mairie\n62620 Ruitz ",
        client_class="petit",
        parent_id=ruitz.pk,
    )

    body = body_by_id(made.pk)
    assert (body.name, body.kind_label, body.siren, body.siret) == ("CCAS de Ruitz", "CCAS", "266209113", None)
    assert (body.department, body.departments, body.postal_codes) == ("62", "62", "62620 62000")
    assert (body.address, body.client_class) == ("1 place de la Mairie\n62620 Ruitz", "petit")
    assert (body.parent, body.listed, body.source, body.created_at) == (ruitz, False, "ajouté par essai", AT)
    assert journal(body) == [
        ("parties.create-body", "Ajout à l'annuaire : CCAS de Ruitz (CCAS, SIREN 266209113)."),
    ]


def test_what_is_not_said_stays_unknown():
    body = create()

    unknown = (body.siret, body.department, body.address, body.client_class, body.code_insee, body.parent)
    assert unknown == (None,) * 6
    assert (body.departments, body.postal_codes) == ("", "")


def test_a_siret_alone_gives_the_siren():
    body = create(siren="", siret="266 209 113 00015")

    assert (body.siren, body.siret) == ("266209113", "26620911300015")
    assert body_by_identifier("siret", "26620911300015") == body


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({"siren": ""}, {"siren": "Indiquer le SIREN ou le SIRET."}),
        ({"siren": "12345"}, {"siren": "Un SIREN a 9 chiffres ; celui-ci en a 5."}),
        ({"siren": "abc"}, {"siren": "Un SIREN ne comporte que des chiffres."}),
        ({"siren": "٢٦٦٢٠٩١١٣"}, {"siren": "Un SIREN ne comporte que des chiffres."}),
        (
            {"siren": "266209114"},
            {"siren": "La clé de ce SIREN est fausse : un de ses chiffres est mal recopié."},
        ),
        (
            {"siret": "26620911300019"},
            {"siret": "La clé de ce SIRET est fausse : un de ses chiffres est mal recopié."},
        ),
        ({"siren": "", "siret": "266"}, {"siret": "Un SIRET a 14 chiffres ; celui-ci en a 3."}),
        (
            {"siret": "21620727400012"},
            {"siret": "Un SIRET commence par le SIREN de l'établissement : ceux-ci ne vont pas ensemble."},
        ),
        ({"kind": "mairie"}, {"kind": "Choisir la nature de l'établissement dans la liste."}),
        ({"kind": ""}, {"kind": "Choisir la nature de l'établissement dans la liste."}),
        ({"name": "  "}, {"name": "Indiquer le nom."}),
        ({"name": "\x00"}, {"name": "Indiquer le nom."}),
        ({"name": "n" * 201}, {"name": "Trop long : 200 caractères au plus."}),
        ({"department": "Pas-de-Calais"}, {"department": "Écrire le numéro du département, par exemple 01."}),
        ({"department": "20X"}, {"department": "Écrire le numéro du département, par exemple 01."}),
        (
            {"postal_codes": "6262"},
            {"postal_codes": "Écrire un code postal de cinq chiffres (ou plusieurs, séparés par des espaces)."},
        ),
        (
            {"postal_codes": "62620 " * 41},
            {"postal_codes": "Écrire un code postal de cinq chiffres (ou plusieurs, séparés par des espaces)."},
        ),
        ({"address": "a" * 501}, {"address": "Trop long : 500 caractères au plus."}),
        ({"client_class": "c" * 41}, {"client_class": "Trop long : 40 caractères au plus."}),
        ({"parent_id": 0}, {"parent_id": "Cette collectivité de rattachement n'est pas dans l'annuaire."}),
    ],
)
def test_each_rule_has_its_message_by_field_and_nothing_is_written(given, messages):
    assert refusals(lambda: create(**given)) == messages


def test_all_the_faults_are_told_at_once():
    faults = refusals(lambda: create(kind="", name="", siren="1", department="x", postal_codes="x", parent_id=0))

    assert list(faults) == ["siren", "kind", "name", "department", "postal_codes", "parent_id"]


@pytest.mark.parametrize(("given", "field"), [({}, "siren"), ({"siren": "", "siret": "26620911300015"}, "siret")])
def test_a_body_already_there_is_named(given, field):
    create()

    assert refusals(lambda: create(name="Un autre", **given)) == {
        field: "Déjà dans l'annuaire sous ce SIREN : CCAS de Ruitz."
    }


@pytest.mark.parametrize(("typed", "kept"), [("2a", "2A"), ("974", "974"), ("01", "01"), ("", None)])
def test_departments_are_written_as_they_are_numbered(typed, kept):
    assert create(department=typed).department == kept


def test_a_body_that_agents_added_can_be_corrected_throughout():
    body = create(name="CCAS de Ruits", postal_codes="62000")

    complete(
        body,
        name="CCAS de Ruitz",
        postal_codes="62620",
        siret="26620911300015",
        department="62",
        address="Ruitz",
        client_class="petit",
    )

    body = body_by_id(body.pk)
    assert (body.name, body.postal_codes, body.siret) == ("CCAS de Ruitz", "62620", "26620911300015")
    assert (body.department, body.departments) == ("62", "62")
    assert journal(body)[1:] == [
        (
            "parties.complete-body",
            (
                "CCAS de Ruitz : nom, codes postaux, SIRET du siège, département du siège, adresse, classe de client"
                " à jour."
            ),
        )
    ]


def test_the_journal_keeps_what_was_there_before():
    body = create(address="Ancienne adresse")
    complete(body, address="Nouvelle adresse", client_class="petit")

    last = entries_about("body", body.pk).last()
    assert last.details == {
        "before": {"address": "Ancienne adresse", "client_class": None},
        "after": {"address": "Nouvelle adresse", "client_class": "petit"},
    }


def test_an_empty_text_makes_a_fact_unknown_again():
    body = create(department="62", address="Ruitz", siret="26620911300015")
    complete(body, department="", address=" ", siret="")

    body = body_by_id(body.pk)
    assert (body.department, body.departments, body.address, body.siret) == (None, "", None, None)


def test_what_was_there_already_writes_nothing():
    body = create(address="Ruitz")
    before = snapshot()

    complete(body, address="Ruitz ", siret="")

    assert snapshot() == before


def test_what_a_file_gives_is_not_corrected_by_hand(directory):
    message = "Ce renseignement vient du fichier importé et ne se modifie pas ici."
    ruitz = factory.body()

    refused = refusals(lambda: complete(ruitz, name="Ruits", postal_codes="62000", siren="266209113", address="Ruitz"))
    assert refused == {"name": message, "postal_codes": message, "siren": message}


def test_a_listed_body_keeps_its_departments_when_its_seat_is_corrected(directory):
    flandre_lys = body_by_identifier("siren", "200044030")
    complete(flandre_lys, department="59")

    again = body_by_id(flandre_lys.pk)
    assert (again.department, again.departments) == ("59", flandre_lys.departments)


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        (
            {"siret": "26620911300015"},
            {"siret": "Ce SIRET n'est pas celui d'un établissement du SIREN 216207274."},
        ),
        ({"siret": "1"}, {"siret": "Un SIRET a 14 chiffres ; celui-ci en a 1."}),
        (
            {"department": "6", "address": "Ruitz"},
            {"department": "Écrire le numéro du département, par exemple 01."},
        ),
        ({"couleur": "bleu"}, {"couleur": "Ce renseignement vient du fichier importé et ne se modifie pas ici."}),
    ],
)
def test_a_correction_that_a_rule_refuses_writes_nothing(directory, changes, messages):
    ruitz = factory.body()

    assert refusals(lambda: complete(ruitz, **changes)) == messages
