"""Reading a grid: what is wrong is named with its place and line, all at once; nothing passes in silence."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pricing.small_grids import SIZES, UNIT, found, grid_text, service, texts

from tripartite.pricing.checking import check_grid
from tripartite.pricing.findings import GridError, Severity
from tripartite.pricing.grid_reading import read_grid

ACT = (Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8")
CELL = "s › prix › op"
ONE_OF_TWO = "écrire rate (taux en %) ou exempt (mention à imprimer), l'un des deux."


def errors(price: str, **more: str) -> list[str]:
    return [finding.removeprefix("error, ") for finding in texts(found(service(price, **more)))]


def test_the_act_is_read_whole() -> None:
    grid = read_grid(ACT)

    assert (grid.code, grid.version, grid.basis, grid.applies_from) == (
        "cdg62/2024-03-26",
        1,
        "TTC",
        date(2024, 3, 26),
    )
    assert list(grid.issuers) == ["lfn", "cdg62"]
    assert (len(grid.services), len(grid.interpretations)) == (15, 13)
    assert grid.act.citation == "délibération du conseil d'administration du 26/03/2024"
    assert (grid.issuers["cdg62"].siret, grid.act.number) == (None, None)


def test_a_grid_applies_from_its_first_day_to_its_last_both_included() -> None:
    grid = read_grid(grid_text(service("{ flat = 1 }"), root="applies_until = 2026-12-31"))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))

    assert [grid.applies_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("{ flat = 1, colour = 2 }", [f"{CELL} › colour : champ inconnu."]),
        ("{ flat = -1 }", [f"{CELL} › flat : un montant ne peut pas être négatif."]),
        ('{ flat = "1" }', [f"{CELL} › flat : un montant en euros est attendu, sans guillemets : 76.80."]),
        ("{ flat = 1.1234567 }", [f"{CELL} › flat : pas plus de six décimales."]),
        ("{ flat = true }", [f"{CELL} › flat : un montant en euros est attendu, sans guillemets : 76.80."]),
        ("12", [f"{CELL} : une table de prix est attendue : {{ per_unit = 20 }}, {{ flat = 50 }}…"]),
        ('"gratuit"', [f"{CELL} : écrire included, on_request, blank, ou une table de prix."]),
        ("{ bands = [] }", [f"{CELL} › bands : au moins une tranche."]),
        ("{ sum = [] }", [f"{CELL} › sum : au moins une part."]),
        ("{ plans = [] }", [f"{CELL} › plans : au moins une formule."]),
        ("{ flat = 1, plus = 2 }", [f"{CELL} › per_started : dire la taille d'une tranche entamée."]),
        ('{ same_as = "x/y" }', [f"{CELL} › same_as : aucune charge « x/y » avec un prix pour cet émetteur."]),
        (
            '{ of = "age", per_unit = 1 }',
            [f"{CELL} › of : mesure inconnue ; choisir parmi : quantity, population, staff."],
        ),
        (
            '{ by = "taille", flat = { P = 1 } }',
            [f"{CELL} › by : « taille » n'est ni une échelle, ni une option, ni kind, ni client_class."],
        ),
        (
            '{ of = "population", percent = 2 }',
            [f"{CELL} › of : un pourcentage porte sur un montant : une donnée dont le code finit par _cents."],
        ),
        (
            '{ choose = [{ when = { kind = ["commune"] }, flat = 1 }] }',
            [f"{CELL} › choose : finir par une ligne sans when : ce qui vaut dans les autres cas."],
        ),
        (
            "{ choose = [{ when = { }, flat = 1 }, { flat = 2 }] }",
            [f"{CELL} › choose 1 › when : condition vide : elle vaudrait toujours."],
        ),
        (
            "{ marginal = [{ to = 5, per_unit = 1 }, { to = 5, per_unit = 2 }] }",
            [f"{CELL} › marginal 2 › to : chaque tranche doit aller plus loin que la précédente."],
        ),
        (
            "{ flat = 1, minimum_amount = 5, maximum_amount = 2 }",
            [f"{CELL} › minimum_amount : le minimum dépasse le maximum."],
        ),
    ],
)
def test_a_wrong_price_says_where_and_what_to_write(price: str, expected: list[str]) -> None:
    assert errors(price) == expected


@pytest.mark.parametrize("price", ["{ flat = 1, per_unit = 2 }", "{ flt = 1 }", "{ }"])
def test_a_price_has_one_form_and_one_only(price: str) -> None:
    assert errors(price)[0].startswith(f"{CELL} : écrire une forme de prix, et une seule, parmi : per_unit, flat, ")


@pytest.mark.parametrize("price", ["{ flat = nan }", "{ flat = 99999999999999999 }", "{ flat = 1e30 }"])
def test_numbers_that_no_tariff_has_are_refused(price: str) -> None:
    (finding,) = found(service(price))

    assert (finding.severity, finding.message[:4] in ("nan ", "nomb")) == (Severity.ERROR, True)


def test_prices_nested_without_end_are_refused() -> None:
    price = "{ flat = 1 }"
    for _ in range(30):
        price = f"{{ sum = [{price}] }}"

    assert any("imbriqué" in finding for finding in errors(price))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", 's › unit : dire ce qui est compté : unit = ["compte", "comptes"].'),
        ('unit = "compte"', 's › unit : écrire le singulier et le pluriel : ["compte", "comptes"].'),
        (f"{UNIT}\nminimum = 5\nmaximum = 2", "s › maximum : le maximum est inférieur au minimum."),
        (f'{UNIT}\nrequires = [{{ service = "z", message = "Non." }}]', "s › z › service : service inconnu : « z »."),
        (f"{UNIT}\ncouleur = 1", "s › couleur : champ inconnu."),
    ],
)
def test_a_wrong_service_says_where(fields: str, expected: str) -> None:
    assert errors("{ flat = 1 }", fields=fields) == [expected]


@pytest.mark.parametrize(
    ("frequency", "charge", "expected"),
    [
        ("weekly", "", "s › prix › frequency : choisir parmi once, yearly, monthly, term, per-act."),
        ("yearly", "years = 3", 's › prix › years : seulement avec frequency = "term".'),
        ("yearly", 'interpretations = ["I9"]', "s › prix › interpretations : interprétation inconnue : « I9 »."),
        ("yearly", 'unless_ordered = ["z"]', "s › prix › unless_ordered : service inconnu : « z »."),
    ],
)
def test_a_wrong_charge_says_where(frequency: str, charge: str, expected: str) -> None:
    assert errors("{ flat = 1 }", frequency=frequency, charge=charge) == [expected]


@pytest.mark.parametrize("years", ["", "years = 0", "years = 100", 'years = "duree"', "years = { duree = { a = 1 } }"])
def test_a_term_says_for_how_many_years(years: str) -> None:
    (finding,) = errors("{ flat = 1 }", frequency="term", charge=years)

    assert finding.startswith("s › prix › years : dire pour combien d'années")


def test_two_services_two_charges_and_two_categories_never_share_a_code() -> None:
    twice = SIZES.replace('code = "G"', 'code = "P"')

    assert texts(found(service("{ flat = 1 }"), service("{ flat = 2 }"))) == [
        "error, s › code : ce code de service est déjà employé."
    ]
    assert "error, taille › P › code : « P » est déjà employée." in texts(found(service("{ flat = 1 }"), twice))


@pytest.mark.parametrize(
    ("vat", "expected"),
    [
        ("[{ from = 2026-01-01 }]", ONE_OF_TWO),
        ('[{ from = 2026-01-01, rate = 20, exempt = "x" }]', ONE_OF_TWO),
        ("[{ from = 2026-01-01, rate = 20.123 }]", "un taux en pour cent, deux décimales au plus."),
        ("[{ from = 2026-01-01, rate = 101 }]", "un taux en pour cent, deux décimales au plus."),
        (
            "[{ from = 2026-01-01, rate = 20 }, { from = 2025-01-01, rate = 10 }]",
            "les réglages de TVA vont du plus ancien au plus récent.",
        ),
        ('[{ from = 2026-01-01, rate = 20, interpretation = "I9" }]', "interprétation inconnue : « I9 »."),
    ],
)
def test_a_wrong_vat_says_why(vat: str, expected: str) -> None:
    assert [finding.message for finding in found(service("{ flat = 1 }"), vat=vat)] == [expected]


def test_vat_changes_on_its_day() -> None:
    vat = "[{ from = 2026-01-01, rate = 20 }, { from = 2027-01-01, rate = 21 }]"
    issuer = read_grid(grid_text(service("{ flat = 1 }"), vat=vat)).issuers["op"]
    settings = [issuer.vat_on(day) for day in (date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 1))]

    assert [setting and setting.rate for setting in settings] == [None, 2000, 2100]


def test_every_error_is_given_at_once_with_its_line() -> None:
    text = grid_text(service("{ flat = -1 }"), service("{ flt = 1 }", code="t"))
    with pytest.raises(GridError) as refused:
        read_grid(text)

    lines = text.splitlines()
    assert {lines[(finding.line or 0) - 1] for finding in refused.value.findings} == {
        "op = { flat = -1 }",
        "op = { flt = 1 }",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "format = \ncode = 1",
            "erreur, ligne 1, fichier : ce n'est pas du TOML valable : la lecture s'arrête à la colonne 10.",
        ),
        ("service = 3", "erreur, ligne 1, service : une liste de tables est attendue, chacune ouverte par [[…]]."),
        ("x" * 2_000_001, "erreur, fichier : le fichier est trop gros pour une grille."),
    ],
    ids=["not TOML", "wrong shape", "too big"],
)
def test_what_is_not_a_grid_at_all_says_so(text: str, expected: str) -> None:
    assert [finding.text for finding in check_grid(text)] == [expected]


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ("a = { per_unit = 76,80 }", "un nombre décimal s'écrit avec un point : 76.80."),
        ("a = 10 212", "un nombre s'écrit sans espace : 10212."),
        ("a = 20 €", "un montant s'écrit sans le signe € : 20."),
        ("a = 26/03/2024", "une date s'écrit 2024-03-26, sans guillemets."),
        ("a = «x»", 'un texte va entre guillemets droits : "Messagerie".'),
        ('a = "« x »', "le texte entre guillemets n'est pas fermé, ou contient « \\ »."),
        ("a = { b = 1,\nc = 2 }", "une table entre accolades tient sur une seule ligne."),
        ("a = { b = 1, }", "pas de virgule avant l'accolade qui ferme."),
        ("a = [{ b = 1 } { c = 2 }]", "il manque une virgule, ou le crochet ou l'accolade qui ferme."),
        ("format = 2", "ce champ ou cette table est écrit deux fois."),
    ],
)
def test_an_ordinary_slip_is_told_with_what_to_write(row: str, advice: str) -> None:
    (finding,) = check_grid(f"format = 1\n{row}\n\n")

    assert (finding.line, finding.message.partition(" ; ")[2]) == (2, advice)


@pytest.mark.parametrize("siret", ["20003938600039", "200 039 386 00038", "2000393860003", "١٢٣٤٥٦٧٨٩٠١٢٣٤"])
def test_the_siret_of_an_issuer_has_its_key(siret: str) -> None:
    text = grid_text(service("{ flat = 1 }")).replace('part = "Services"', f'part = "Services"\nsiret = "{siret}"')

    assert texts(check_grid(text)) == [
        "error, op › siret : ce n'est pas un SIRET : quatorze chiffres, sans espace, dont la clé est juste."
    ]


def test_a_price_that_refers_to_itself_says_so() -> None:
    assert errors('{ same_as = "s/prix" }') == [
        f"{CELL} › same_as › same_as : « s/prix » renvoie à lui-même : écrire son prix quelque part."
    ]


@given(st.text(max_size=60) | st.integers(0, len(ACT)).map(lambda end: ACT[:end]) | st.just("[" * 5000))
def test_whatever_the_text_it_is_checked_never_a_crash(text: str) -> None:
    assert check_grid(text)


def test_a_row_of_the_act_taken_away_never_passes_unnoticed() -> None:
    lines = ACT.splitlines()
    whole = (texts(check_grid(ACT)), read_grid(ACT))
    unnoticed = []
    for place in range(0, len(lines), 17):
        text = "\n".join(lines[:place] + lines[place + 1 :])
        said = texts(check_grid(text))
        if said == whole[0] and read_grid(text) == whole[1]:
            unnoticed.append(lines[place].partition("#")[0])

    assert [row for row in unnoticed if row] == []
