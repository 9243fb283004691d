"""Figures that somebody declares, and which of all the known ones counts on a day."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import parties as factory
from tests.factories.accounts import AT, TESTER
from tests.parties.files import snapshot
from tripartite.journal.queries import entries_about
from tripartite.parties.models import Figure
from tripartite.parties.queries.bodies import body_by_id
from tripartite.parties.queries.facts import facts_of, figure_on, figures_of
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure

TODAY = date(2026, 11, 23)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def declare(at=AT, **given):
    known = {"measure": "staff", "counted": "agents", "value": 12, "declared_by": "Prénom NOM, secrétaire de mairie"}
    return declare_figure(body_id=factory.body().pk, **{**known, **given}, actor=TESTER, at=at)


def facts(on=TODAY):
    return facts_of(body_by_id(factory.body().pk), on=on)


def figure(counted, value, applies_on, recorded_on=1, measure="population"):
    """A figure as the tables hold it."""
    return Figure(
        pk=value,
        measure=measure,
        counted=counted,
        value=value,
        applies_on=applies_on,
        recorded_at=datetime(2026, 1, recorded_on, tzinfo=UTC),
    )


def test_a_declared_figure_is_added_and_says_who_declared_it():
    made = declare(value="1 012", source=" Tableau  des effectifs (RH) ", year="2025")

    assert (made.value, made.year, made.applies_on, made.recorded_at) == (1012, 2025, TODAY, AT)
    told = facts()
    assert (told.staff, told.staff_kind, told.staff_on) == (1012, "agents", TODAY)
    assert told.staff_source == "Tableau des effectifs, RH, déclaré par Prénom NOM, secrétaire de mairie le 23/11/2026"
    assert [entry.text for entry in entries_about("body", factory.body().pk)] == [
        "Ruitz, agents : 1\u202f012, déclaré par Prénom NOM, secrétaire de mairie le 23/11/2026."
    ]


def test_without_a_source_the_declaration_is_one():
    declare()

    assert facts().staff_source == "déclaré par Prénom NOM, secrétaire de mairie le 23/11/2026"


def test_the_day_of_a_declaration_is_that_of_paris():
    made = declare(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert made.applies_on == date(2027, 1, 1)


def test_what_is_recorded_in_the_last_minutes_of_a_year_is_known_from_the_next():
    declare(value=12)
    declare(value=15, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    body, new_year = body_by_id(factory.body().pk), date(2027, 1, 1)

    assert facts_of(body, on=new_year, known_on=date(2026, 12, 31)).staff == 12
    assert facts_of(body, on=new_year, known_on=new_year).staff == 15


def test_a_figure_declared_again_is_a_newer_row():
    declare(value=12)
    declare(value=15, at=AT.replace(hour=10))

    assert facts().staff == 15
    assert [one.value for one in figures_of(factory.body()) if one.measure == "staff"] == [15, 12]


def test_a_figure_is_never_deleted():
    with pytest.raises(TypeError, match="never deleted"):
        declare().delete()


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({"measure": "surface"}, {"measure": "Choisir : population ou effectif."}),
        ({"measure": ""}, {"measure": "Choisir : population ou effectif."}),
        ({"counted": "totale"}, {"counted": "Préciser ce qui est compté : agents ou équivalents temps plein."}),
        (
            {"measure": "population", "counted": ""},
            {"counted": "Préciser ce qui est compté : population municipale ou population totale."},
        ),
        *(
            ({"value": value}, {"value": "Écrire un nombre entier, sans décimale."})
            for value in ("", "douze", "12,5", "12.5", -1, "-1", "9" * 5000, "१२", True)
        ),
        *(
            ({"value": value}, {"value": "Ce nombre est trop grand : 100\u202f000\u202f000 au plus."})
            for value in (100_000_001, "100000001", "999999999999")
        ),
        ({"declared_by": " \x00 "}, {"declared_by": "Indiquer qui déclare ce chiffre (200 caractères au plus)."}),
        ({"declared_by": "n" * 201}, {"declared_by": "Indiquer qui déclare ce chiffre (200 caractères au plus)."}),
        *(
            ({"year": year}, {"year": "Écrire une année, par exemple 2023."})
            for year in ("hier", 1899, 2027, "20 233", -1, "0")
        ),
        ({"source": "s" * 301}, {"source": "Trop long : 300 caractères au plus."}),
    ],
)
def test_each_rule_has_its_message_by_field_and_nothing_is_written(given, messages):
    before = snapshot()
    with pytest.raises(FieldErrors) as refused:
        declare(**given)

    assert refused.value.fields == messages
    assert snapshot() == before


@pytest.mark.parametrize("value", [0, "0", 100_000_000, "1\u202f234", "1 234"])
def test_whole_numbers_are_read_as_people_write_them(value):
    assert declare(value=value).value == int("".join(str(value).split()))


@pytest.mark.parametrize("year", [1900, 2026])
def test_a_figure_may_be_of_this_year(year):
    assert declare(year=year).year == year


def test_what_no_database_can_hold_is_left_out():
    made = declare(source="Tableau\x00 des effectifs", declared_by="Prénom\x00 NOM")

    assert (made.source, made.declared_by) == ("Tableau des effectifs", "Prénom NOM")


def test_an_unknown_figure_stays_unknown():
    told = facts()

    assert (told.staff, told.staff_kind, told.staff_source, told.staff_on) == (None,) * 4
    assert told.beneficiary().staff is None
    assert told.as_json()["staff"] is None


def test_facts_say_what_the_price_and_the_paper_need():
    told = facts()

    assert told.as_json() == {
        "siren": "216207274",
        "siret": None,
        "code_insee": "62727",
        "name": "Ruitz",
        "kind": "commune",
        "department": "62",
        "postal_codes": ["62620"],
        "epci": "CA de Béthune-Bruay, Artois-Lys Romane",
        "population": 1478,
        "population_kind": "municipale",
        "population_year": 2023,
        "population_source": "annuaire d'essai",
        "staff": None,
        "staff_kind": None,
        "staff_source": None,
    }
    assert (told.population_on, told.epci_siren, told.ended_on) == (date(2026, 1, 1), "200072460", None)
    assert (told.beneficiary().population, told.beneficiary().population_kind) == (1478, "municipale")


OLD = figure("municipale", 1400, date(2025, 1, 1))
NOW = figure("municipale", 1478, date(2026, 1, 1))
NEXT = figure("municipale", 1550, date(2027, 1, 1))
TOTAL = figure("totale", 1520, date(2026, 6, 1))
CORRECTED = figure("municipale", 1479, date(2026, 1, 1), recorded_on=2)
LOWERED = figure("municipale", 1477, date(2026, 1, 1), recorded_on=2)


@pytest.mark.parametrize(
    ("known", "on", "counts"),
    [
        ([], TODAY, None),
        ([NOW, OLD], TODAY, NOW),
        ([OLD, NOW], date(2025, 12, 31), OLD),
        ([OLD, NOW, NEXT], TODAY, NOW),
        ([OLD, NOW, NEXT], date(2027, 1, 1), NEXT),
        ([NOW, TOTAL], TODAY, NOW),
        ([TOTAL], TODAY, TOTAL),
        ([TOTAL, NEXT], TODAY, TOTAL),
        ([CORRECTED, NOW], TODAY, CORRECTED),
        ([LOWERED, NOW], TODAY, LOWERED),
        ([NEXT, NOW], date(2020, 1, 1), NOW),
        ([figure("totale", 9, date(2026, 1, 1)), NOW, NEXT], date(2020, 1, 1), NOW),
    ],
)
def test_the_municipal_population_in_force_counts_else_the_nearest_known(known, on, counts):
    assert figure_on(known, on) is counts


def test_the_latest_staff_counts_however_it_is_counted():
    agents = figure("agents", 12, date(2026, 1, 1), measure="staff")
    full_time = figure("etp", 10, date(2026, 6, 1), measure="staff")

    assert figure_on([full_time, agents], TODAY) is full_time
    assert figure_on([full_time, agents], date(2026, 2, 1)) is agents
    assert figure_on([full_time, agents], date(2020, 1, 1)) is agents


@pytest.mark.parametrize("count", [1, 3])
def test_a_body_and_its_facts_cost_two_queries_however_many_figures(django_assert_num_queries, count):
    for number in range(count):
        ruitz = declare(value=number, at=AT.replace(minute=number)).body_id

    with django_assert_num_queries(2):
        assert facts_of(body_by_id(ruitz), on=TODAY).staff == count - 1
