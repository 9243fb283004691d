"""How issuers are named and shown: dated, journaled, and what was issued before keeps its look."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import AT, TESTER, issuer
from tests.factories.pictures import logo
from tripartite.documents.models import Picture
from tripartite.documents.pictures import pictures_of
from tripartite.documents.style import PLAIN, PaperStyle, read_style
from tripartite.journal.queries import entries_about
from tripartite.journal.seen import StaleError
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.parties.queries.looks import issuer_on, issuers_on, look_mark, look_on, looks_of, style_of
from tripartite.parties.services import daily
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.looks import set_look

pytestmark = pytest.mark.django_db

DAY = AT.date()
MORROW = DAY + timedelta(days=1)
NAMED = {"name": "Agence des usages", "short_name": "L'Agence"}
GREEN = "#005f3c"


@pytest.fixture(autouse=True)
def _issuers(db):
    issuer("lfn")
    issuer("cdg62")


def look(code="lfn", applies_on=DAY, **changes):
    given = {name: changes.pop(name) for name in ("logo", "seen") if name in changes}
    return set_look(code=code, changes=changes, applies_on=applies_on, actor=TESTER, at=AT, **given)


def refused(**changes):
    with pytest.raises(FieldErrors) as refusal:
        look(**changes)
    return refusal.value.fields


def test_nothing_is_set_at_first():
    was = issuer_by_code("lfn")
    one = issuer_on("lfn", DAY)
    assert (one.name, one.short_name, one.look) == (was.name, was.short_name, None)
    assert (style_of(issuers_on(DAY)), looks_of("lfn")) == (PLAIN, [])


def test_what_is_set_holds_from_its_day_on_and_not_before():
    was = issuer_by_code("lfn")
    look(applies_on=MORROW, **NAMED, colour="005F3C")
    before, after = issuer_on("lfn", DAY), issuer_on("lfn", MORROW)
    assert (before.name, before.look.colour) == (was.name, "")
    assert (after.name, after.short_name, after.look.colour) == ("Agence des usages", "L'Agence", GREEN)
    assert [slot for slot, _ in style_of(issuers_on(MORROW)).accents] == [after.slot]
    assert issuer_by_code("lfn").name == was.name


def test_the_day_brings_the_name_once():
    look(applies_on=MORROW, **NAMED)
    assert list(daily.units(DAY)) == []
    assert [unit.key for unit in daily.units(MORROW)] == ["lfn"]
    tomorrow = AT + timedelta(days=1)
    assert daily.run("lfn", MORROW, TESTER, tomorrow) is True
    assert daily.run("lfn", MORROW, TESTER, tomorrow) is False
    assert issuer_by_code("lfn").short_name == "L'Agence"
    assert list(daily.units(MORROW)) == []
    assert entries_about("issuer", "lfn").last().action == "parties.take-name"


def test_a_name_of_today_is_taken_at_once_and_the_journal_says_so():
    look(**NAMED, colour=GREEN)
    assert issuer_by_code("lfn").name == "Agence des usages"
    last = entries_about("issuer", "lfn").last()
    assert (last.action, last.text) == (
        "parties.set-look",
        f"Réglé à partir du {DAY:%d/%m/%Y} : nom, nom court, couleur.",
    )


def test_what_is_not_said_stays_and_nothing_new_writes_nothing():
    first = look(**NAMED, colour=GREEN)
    second = look(logo=logo(), logo_alt="L'Agence")
    assert (second.colour, second.logo.width, look_on("lfn", DAY)) == (GREEN, 240, second)
    assert look() == second
    without = set_look(code="lfn", changes={"logo": ""}, applies_on=DAY, actor=TESTER, at=AT)
    assert (without.logo, without.logo_alt, without.colour) == (None, "", GREEN)
    assert [one.pk for one in looks_of("lfn")][1:] == [first.pk, second.pk, without.pk]


def test_the_names_of_before_the_first_change_are_kept_with_their_days():
    was = issuer_by_code("lfn")
    look(**NAMED)
    set_look(code="lfn", changes={"name": "Autre"}, applies_on=MORROW, actor=TESTER, at=AT + timedelta(days=1))
    assert [one.name for one in looks_of("lfn")] == [was.name, "Agence des usages", "Autre"]
    assert issuer_on("lfn", DAY).name == "Agence des usages"


def test_the_same_logo_is_kept_once():
    look(logo=logo(), logo_alt="L'Agence")
    look(code="cdg62", logo=logo(), logo_alt="Le centre")
    assert Picture.objects.count() == 1
    style = style_of(issuers_on(DAY))
    assert {one.alt for _, one in style.logos} == {"L'Agence", "Le centre"}
    assert list(pictures_of([style.as_payload()])) == [Picture.objects.get().sha256]


def test_a_style_is_read_again_from_its_payload():
    look(logo=logo(), logo_alt="L'Agence", colour=GREEN)
    style = style_of(issuers_on(DAY))
    assert read_style(style.as_payload()) == style
    assert (PaperStyle().as_payload(), read_style({})) == ({}, PLAIN)


def test_each_refusal_is_said_at_its_field():
    assert refused(colour="#e0c000").keys() == {"colour"}
    assert refused(colour=GREEN, dark_colour="#0b5a6e").keys() == {"dark_colour"}
    assert refused(dark_colour="#7fd1a8") == {"colour": "Donner d'abord la couleur sur fond clair."}
    assert refused(name=" ", short_name="x" * 81) == {
        "name": "Écrire un nom.",
        "short_name": "Trop long : 80 caractères au plus.",
    }
    assert refused(short_name=issuer_by_code("cdg62").short_name).keys() == {"short_name"}
    assert refused(logo=logo()) == {"logo_alt": "Dire ce que montre le logo, à qui ne le voit pas."}
    assert refused(logo=b"<svg/>", logo_alt="x").keys() == {"logo"}
    assert refused(siret="1") == {"siret": "« siret » ne se règle pas ici."}
    assert looks_of("lfn") == []


def test_neither_a_past_day_nor_one_before_what_is_set():
    assert refused(applies_on=DAY - timedelta(days=1)).keys() == {"applies_on"}
    look(applies_on=date(2027, 1, 1), **NAMED)
    assert refused(colour=GREEN) == {
        "applies_on": "Un réglage vaut déjà à partir du 01/01/2027 : dire un jour suivant."
    }


def test_an_edit_made_on_what_has_changed_is_told_of_it():
    mark = look_mark(look_on("lfn", DAY), issuer_by_code("lfn"))
    look(colour=GREEN)
    with pytest.raises(StaleError, match="Réglé à partir du"):
        look(seen=mark, **NAMED)


@pytest.mark.parametrize(("set_by", "queries"), [((), 1), (("lfn",), 2), (("lfn", "cdg62"), 2)])
def test_issuers_and_their_looks_are_read_together(set_by, queries):
    for code in set_by:
        look(code=code, colour=GREEN, logo=logo(), logo_alt="x")
    with CaptureQueriesContext(connection) as found:
        style_of(issuers_on(DAY))
    assert len(found) == queries
