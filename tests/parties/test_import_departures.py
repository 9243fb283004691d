"""Bodies that end: merged, gone, or only left out of a partial file; they keep their row, and may come back."""

from datetime import date, timedelta

import pytest

from tests.factories.accounts import AT, TESTER
from tests.parties.files import COMMUNES, LATER, commune, epci, load, raw, snapshot, written
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier, merged_bodies
from tripartite.parties.queries.facts import figures_of
from tripartite.parties.queries.search import search_bodies
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.reading import ImportRefused

EVE = LATER.date() - timedelta(days=1)
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


def newer(*lines, movements=None, **options):
    file = raw(movements, "mouvements.csv") if movements else None
    return load(written(*OTHERS, *lines, name="communes-2027.csv"), at=LATER, movements=file, **options)


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


def test_an_insee_code_that_passed_to_another_siren_tells_a_merger_by_itself():
    before(HESDIN)
    report = newer(commune(HESDIN))

    assert report.merged == ("Hesdin (216204479), dans Hesdin-la-Forêt (934483553)",)
    hesdin = by_siren(HESDIN)
    assert (hesdin.merged_into.name, hesdin.ended_on, hesdin.code_insee) == ("Hesdin-la-Forêt", EVE, HESDIN)


def test_an_older_merger_into_the_same_commune_does_not_give_its_date():
    before(HESDIN)
    header, *lines = MOVEMENTS.splitlines()
    old = "31,1972-03-01,COM,62999,0,ANCIENNE,Ancienne,Ancienne,COM,62447,Hesdin"
    newer(commune(HESDIN), movements="\n".join([header, old, *lines]))

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
    assert search_bodies("huby saint leu") == []
    assert search_bodies("huby saint leu", include_ended=True) == [huby]


def test_a_body_that_is_no_longer_listed_is_gone_from_the_eve():
    before(HUBY)
    report = newer()

    assert report.gone == (f"Huby-Saint-Leu ({FORMER[HUBY]['siren']})",)
    assert (by_siren(HUBY).ended_on, by_siren(HUBY).merged_into) == (EVE, None)


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


def test_a_body_that_comes_back_lives_again():
    before()
    newer(commune(HESDIN), movements=MOVEMENTS)
    report = newer(*FORMER.values())

    assert len(report.changed) == 4
    assert report.changed[0].endswith(" : existe de nouveau")
    assert report.merged == ("Hesdin-la-Forêt (934483553), dans Hesdin (216204479)",)
    assert (by_siren(HUBY).ended_on, by_siren(HUBY).merged_into) == (None, None)
    assert body_by_identifier("code_insee", HESDIN).name == "Hesdin"
    assert body_by_identifier("siren", "934483553").ended_on == EVE


def test_a_partial_file_is_refused_and_nothing_is_written():
    before()
    once = snapshot()
    with pytest.raises(ImportRefused) as refused:
        load(written(*OTHERS[:30]), at=LATER)

    assert [str(finding) for finding in refused.value.findings] == [
        (
            "communes.csv, ligne 1 : 34 des 64 communes connues du département 62 n'y sont plus. Si ce fichier est bien"
            " complet, recommencer avec --accept-removals."
        )
    ]
    assert snapshot() == once


def test_a_partial_file_is_refused_by_a_dry_run_too():
    before()
    with pytest.raises(ImportRefused, match="communes connues"):
        load(written(*OTHERS[:30]), dry=True)


def test_a_file_said_to_be_complete_ends_those_that_it_lacks():
    before(HUBY)
    report = load(written(*OTHERS[:30]), at=LATER, accept_removals=True)

    assert len(report.gone) == 31
    assert body_by_identifier("code_insee", OTHERS[40]["code_insee"]).ended_on == EVE


def test_one_body_alone_may_go_from_a_small_departement():
    load(written(*OTHERS[:3]))

    assert len(load(written(*OTHERS[:2]), at=LATER).gone) == 1


def test_mergers_are_not_counted_as_removals():
    load(written(*OTHERS[:3], *FORMER.values()))
    lines = written(*OTHERS[:3], commune(HESDIN))

    assert len(load(lines, at=LATER, movements=raw(MOVEMENTS)).merged) == 4


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
        ("MOD,DATE_EFF\n32,2025-01-01", "ligne 1 : colonnes absentes : TYPECOM_AV, COM_AV, TYPECOM_AP, COM_AP."),
        ("", "ligne 1 : colonnes absentes : MOD, DATE_EFF, TYPECOM_AV, COM_AV, TYPECOM_AP, COM_AP."),
        (
            MOVEMENTS.replace("32,2025-01-01,COM,62549", "32,2025-02-30,COM,62549"),
            "ligne 5 : date d'effet (AAAA-MM-JJ) et codes INSEE attendus.",
        ),
        (
            MOVEMENTS.replace("32,2025-01-01,COM,62549", "32,01/01/2025,COM,62549"),
            "ligne 5 : date d'effet (AAAA-MM-JJ) et codes INSEE attendus.",
        ),
        (
            "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2025-01-01,COM,62549,COM",
            "ligne 2 : date d'effet (AAAA-MM-JJ) et codes INSEE attendus.",
        ),
        (b"MOD,\xff", "ligne 1 : ce n'est pas du texte UTF-8."),
    ],
)
def test_a_file_of_movements_that_cannot_be_read_is_told_line_by_line(content, message):
    before()
    once = snapshot()
    with pytest.raises(ImportRefused) as refused:
        load(written(*OTHERS), movements=raw(content, "mouvements.csv"), at=LATER)

    assert str(refused.value) == f"mouvements.csv, {message}"
    assert snapshot() == once
