"""Bodies that end: merged, gone, or only left out of a partial file; they keep their row, and may come back."""

from datetime import date

import pytest

from tests.factories.accounts import AT, TESTER
from tests.parties.files import COMMUNES, LATER, commune, epci, load, raw, snapshot, written
from tripartite.journal.queries import entries_about
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.bodies import body_by_identifier, merged_bodies
from tripartite.parties.queries.facts import figures_of
from tripartite.parties.queries.search import search_bodies
from tripartite.parties.queries.updates import bodies_to_date
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.endings import end_body, reopen_body
from tripartite.parties.services.layouts import UNKNOWN
from tripartite.parties.services.reading import ImportRefused
from tripartite.parties.services.tables import NOT_TEXT

HESDIN, HUBY, MARCONNE, AUSTREBERTHE = "62447", "62461", "62549", "62743"
FORMER = {
    HESDIN: commune(HESDIN, siren="216204479", nom="Hesdin", population="2100"),
    HUBY: commune(HUBY, nom="Huby-Saint-Leu", population="860"),
    MARCONNE: commune(MARCONNE, nom="Marconne", population="1040"),
    AUSTREBERTHE: commune(AUSTREBERTHE, nom="Sainte-Austreberthe", population="580"),
}
MOVEMENTS = "\n".join(
    [
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP",
        "32,2025-01-01,COM,62447,0,HESDIN,Hesdin,Hesdin,COM,62447,Hesdin-la-Forêt",
        "32,2025-01-01,COM,62447,0,HESDIN,Hesdin,Hesdin,COMD,62447,Hesdin",
        "32,2025-01-01,COM,62461,0,HUBY,Huby-Saint-Leu,Huby-Saint-Leu,COM,62447,Hesdin-la-Forêt",
        "32,2025-01-01,COM,62549,0,MARCONNE,Marconne,Marconne,COM,62447,Hesdin-la-Forêt",
        "32,2025-01-01,COM,62743,0,AUSTREBERTHE,Sainte-Austreberthe,Sainte-Austreberthe,COM,62447,Hesdin-la-Forêt",
        "10,2025-01-01,COM,62727,0,RUITZ,Ruitz,Ruitz,COM,62727,Ruitz",
    ]
)
OTHERS = [line for code, line in COMMUNES.items() if code != HESDIN][:60]

pytestmark = pytest.mark.django_db


def before(*codes):
    """The directory as it was, with these former communes."""
    load(written(*OTHERS, *(FORMER[code] for code in codes or FORMER)))


def newer(*lines, movements=None, at=LATER, **options):
    more = [raw(movements, "mouvements.csv")] if movements else []
    return load(written(*OTHERS, *lines, name="communes-2027.csv"), *more, at=at, **options)


def by_siren(code):
    return body_by_identifier("siren", FORMER[code]["siren"])


def test_a_commune_nouvelle_takes_in_those_that_the_file_of_movements_names():
    before()
    report = newer(commune(HESDIN), movements=MOVEMENTS)

    assert report.added == ("Hesdin-la-Forêt (934483553)",)
    assert (report.changed, report.gone) == ((), ())
    assert sorted(report.merged) == [
        f"{FORMER[code]['nom']} ({FORMER[code]['siren']}), jusqu'au 31/12/2024, dans Hesdin-la-Forêt (934483553)"
        for code in (HESDIN, HUBY, MARCONNE, AUSTREBERTHE)
    ]
    hesdin_la_foret = body_by_identifier("code_insee", HESDIN)
    assert hesdin_la_foret.siren == "934483553"
    assert {body.code_insee for body in merged_bodies(hesdin_la_foret)} == set(FORMER)
    assert {by_siren(code).ended_on for code in FORMER} == {date(2024, 12, 31)}


def test_an_insee_code_that_passes_to_another_siren_waits_for_the_day_that_a_movement_tells():
    before(HESDIN)
    report = newer(commune(HESDIN))

    assert (report.added, report.merged, report.gone) == ((), (), ())
    (told,) = report.skipped
    assert told == (
        "annuaire, ligne 1 : Hesdin-la-Forêt : le code 62447 est celui d'Hesdin (216204479), dont aucun mouvement ne"
        " dit la fin. Ajouter le fichier des mouvements, ou noter son dernier jour sur sa page."
    )
    assert by_siren(HESDIN).ended_on is None

    report = newer(commune(HESDIN), movements=MOVEMENTS)
    assert report.merged == ("Hesdin (216204479), jusqu'au 31/12/2024, dans Hesdin-la-Forêt (934483553)",)
    hesdin = by_siren(HESDIN)
    assert (hesdin.merged_into.name, hesdin.ended_on, hesdin.code_insee) == (
        "Hesdin-la-Forêt",
        date(2024, 12, 31),
        HESDIN,
    )


def test_an_older_merger_into_the_same_commune_does_not_give_its_date():
    before(HESDIN)
    header, *lines = MOVEMENTS.splitlines()
    old = "31,1972-03-01,COM,62999,0,ANCIENNE,Ancienne,Ancienne,COM,62447,Hesdin"
    newer(commune(HESDIN), movements="\n".join([header, f"{old}", *lines]))

    assert by_siren(HESDIN).ended_on == date(2024, 12, 31)


def test_mergers_are_followed_step_by_step():
    before(HUBY)
    chain = MOVEMENTS.replace("62461,0,HUBY,Huby-Saint-Leu,Huby-Saint-Leu,COM,62447", "62461,0,H,H,H,COM,62549")
    newer(commune(HESDIN), movements=chain)

    assert by_siren(HUBY).merged_into.code_insee == HESDIN


def test_mergers_that_go_round_in_circles_end():
    before(HUBY)
    circle = "\n".join(
        [MOVEMENTS.splitlines()[0], "31,2025-01-01,COM,62461,,,,,COM,62549,", "31,2025-01-01,COM,62549,,,,,COM,62461,"]
    )
    newer(movements=circle)

    assert (by_siren(HUBY).merged_into, by_siren(HUBY).ended_on) == (None, date(2024, 12, 31))


def test_a_body_that_ended_keeps_its_row_its_figures_and_its_story():
    before()
    complete_body(body_id=by_siren(HUBY).pk, changes={"address": "1 rue de la Mairie"}, actor=TESTER, at=AT)
    newer(commune(HESDIN), movements=MOVEMENTS)

    huby = by_siren(HUBY)
    assert (huby.name, huby.address, huby.code_insee) == ("Huby-Saint-Leu", "1 rue de la Mairie", HUBY)
    assert [figure.value for figure in figures_of(huby)] == [860]
    assert [entry.text for entry in entries_about("body", huby.pk)] == [
        "Huby-Saint-Leu : adresse à jour.",
        f"N'existe plus : Huby-Saint-Leu ({huby.siren}), jusqu'au 31/12/2024, dans Hesdin-la-Forêt (934483553).",
    ]
    hesdin_la_foret = body_by_identifier("code_insee", HESDIN)
    assert search_bodies("huby saint leu") == [hesdin_la_foret]
    assert set(search_bodies("huby saint leu", include_ended=True)) == {huby, hesdin_la_foret}


def test_a_body_that_is_no_longer_listed_lives_on_marked_until_somebody_records_its_last_day():
    before(HUBY)
    report = newer()

    assert (report.gone, report.unlisted) == ((), (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']})",))
    assert (by_siren(HUBY).ended_on, by_siren(HUBY).unlisted_on) == (None, LATER.date())
    assert list(bodies_to_date()) == [by_siren(HUBY)]

    end_body(body_id=by_siren(HUBY).pk, last_day=date(2024, 12, 31), reason="arrêté", actor=TESTER, at=LATER)
    assert (by_siren(HUBY).ended_on, list(bodies_to_date())) == (date(2024, 12, 31), [])


def test_a_body_back_in_the_file_is_no_longer_marked():
    before(HUBY)
    newer()
    report = newer(FORMER[HUBY])

    assert report.changed == (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']}) : de nouveau dans le fichier",)
    assert by_siren(HUBY).unlisted_on is None


def test_a_body_that_somebody_ended_is_not_brought_back_by_a_file_but_by_somebody():
    before(HUBY)
    end_body(body_id=by_siren(HUBY).pk, last_day=date(2026, 12, 31), reason="arrêté", actor=TESTER, at=LATER)
    report = newer(FORMER[HUBY])

    huby = FORMER[HUBY]["siren"]
    assert report.skipped == (
        f"annuaire, ligne 1 : Huby-Saint-Leu ({huby}) : terminée le 31/12/2026, un fichier l'a encore.",
    )
    assert by_siren(HUBY).ended_on == date(2026, 12, 31)
    reopen_body(body_id=by_siren(HUBY).pk, reason="jour mal saisi", actor=TESTER, at=LATER)
    assert by_siren(HUBY).ended_on is None


def test_the_same_newer_file_again_changes_nothing():
    before()
    newer(commune(HESDIN), movements=MOVEMENTS)
    once = snapshot()
    report = newer(commune(HESDIN), movements=MOVEMENTS)

    assert (report.added, report.changed, report.merged, report.gone, report.figures) == ((), (), (), (), 0)
    assert snapshot() == once


def test_a_dry_run_tells_departures_and_writes_nothing():
    before()
    once = snapshot()
    report = newer(commune(HESDIN), movements=MOVEMENTS, dry=True)

    assert (len(report.merged), report.dry) == (4, True)
    assert snapshot() == once


def test_an_older_list_brings_no_former_commune_back():
    before()
    newer(commune(HESDIN), movements=MOVEMENTS)
    report = newer(*FORMER.values())

    assert (report.changed, report.merged, report.gone) == ((), (), ())
    assert report.unlisted == ("Hesdin-la-Forêt (934483553)",)
    assert {by_siren(code).ended_on for code in FORMER} == {date(2024, 12, 31)}
    assert body_by_identifier("code_insee", HESDIN).name == "Hesdin-la-Forêt"


def test_a_commune_that_movements_restore_lives_again():
    before()
    newer(commune(HESDIN), movements=MOVEMENTS)
    restored = "\n".join([MOVEMENTS, "21,2027-01-01,COMD,62461,0,HUBY,Huby-Saint-Leu,Huby-Saint-Leu,COM,62461,Huby"])
    report = newer(commune(HESDIN), FORMER[HUBY], movements=restored)

    assert report.changed == (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']}) : existe de nouveau",)
    assert (by_siren(HUBY).ended_on, by_siren(HUBY).merged_into) == (None, None)
    assert body_by_identifier("code_insee", HUBY) == by_siren(HUBY)
    assert search_bodies("huby saint leu") == [by_siren(HUBY)]
    assert by_siren(MARCONNE).ended_on == date(2024, 12, 31)


def test_a_partial_file_ends_nobody():
    before()
    report = load(written(*OTHERS[:30]), at=LATER)

    assert (len(report.unlisted), report.gone, report.merged) == (34, (), ())
    assert not PublicBody.objects.exclude(ended_on=None).exists()


def test_movements_alone_end_what_they_say_and_the_new_commune_is_linked_when_it_comes():
    before(HUBY)
    report = load(raw(MOVEMENTS, "mouvements.csv"), at=LATER)
    assert report.gone == (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']}), jusqu'au 31/12/2024",)

    report = newer(commune(HESDIN))
    assert report.changed == (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']}) : réunie à Hesdin-la-Forêt",)
    assert by_siren(HUBY).merged_into.code_insee == HESDIN


def test_a_file_of_another_departement_ends_nobody():
    before()
    lille = commune("62727", code_insee="59350", nom="Lille", siren="215903501", departement="59")
    report = load(written(lille), at=LATER)

    assert (report.gone, report.merged) == ((), ())


def test_a_file_of_intercommunalites_ends_no_commune():
    before()

    assert load(written(epci("200033579"), name="epci.csv"), at=LATER).gone == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("MOD,DATE_EFF\n32,2025-01-01", f"ligne 1 : {UNKNOWN}"),
        ("", f"ligne 1 : {UNKNOWN}"),
        (
            MOVEMENTS.replace("32,2025-01-01,COM,62549", "32,2025-02-30,COM,62549"),
            "ligne 5 : date d'effet (AAAA-MM-JJ) et codes INSEE attendus.",
        ),
        (
            MOVEMENTS.replace("32,2025-01-01,COM,62549", "32,1/1/25,COM,62549"),
            "ligne 5 : date d'effet (AAAA-MM-JJ) et codes INSEE attendus.",
        ),
        (
            "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2025-01-01,COM,62549,COM",
            "ligne 2 : 5 colonnes au lieu de 6.",
        ),
        (b"MOD,\x81", f"ligne 1 : {NOT_TEXT}"),
    ],
)
def test_a_file_of_movements_that_cannot_be_read_is_told_line_by_line(content, message):
    before()
    once = snapshot()
    with pytest.raises(ImportRefused) as refused:
        load(written(*OTHERS), raw(content, "mouvements.csv"), at=LATER)

    assert str(refused.value) == f"mouvements.csv, {message}"
    assert snapshot() == once
