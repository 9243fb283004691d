"""The public estimator: the address is the form, both totals follow it, and what is refused is said at its place."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.urls import reverse

from tests.web.conftest import part, words
from tripartite.pricing.money import euros
from tripartite.web.estimator.selection import MAX_LENGTH

CASES = json.loads((Path(__file__).parents[2] / "pricing" / "cases.json").read_text(encoding="utf-8"))
RUITZ = "siren=216207274&messagerie-5go=4&nom-de-domaine=1&demarches-simplifiees=1"
EPCI = "siren=200033579"
COMMUNE = "kind=commune&department=62&population=640"
LIVE = {"HX-Request": "true"}
NOTHING_YET = "Choisissez la collectivité, puis les services : les deux prix s'affichent ici."

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


def see(client, query="", **headers):
    return client.get(f"/?{query}" if query else "/", headers=headers)


def query_of(order):
    """The address that says the order of a worked case."""
    lines = {line["service"]: line["quantity"] for line in order["lines"]}
    return urlencode(order["beneficiary"] | lines)


def totals(answer):
    """(first year, following years) by issuer, from the bar of totals."""
    bar = answer.content.decode().split('id="totaux"')[1].split("</table>")[0]
    first, after = bar.split('class="next-years"')
    amounts = [re.findall(r'<td class="issuer-\d">(.*?)</td>', row, re.DOTALL) for row in (first, after)]
    return [[plain(words(cell).replace(" hors lignes sur devis", "")) for cell in row] for row in amounts]


def plain(text):
    return re.sub(r"\s", " ", text)


def amounts(*cents):
    return [plain(euros(each)) for each in cents]


def test_the_first_page_asks_whom_and_what(client) -> None:
    answer = see(client)

    assert answer.status_code == 200
    assert "Le prix de vos services numériques" in words(answer)
    assert part(answer, "totaux") == NOTHING_YET
    assert answer["Vary"].count("HX-Request") == 1


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_worked_cases_give_the_same_totals_on_the_page(client, case) -> None:
    answer = see(client, query_of(case["order"]))

    expected = [case["totals"][code] for code in ("lfn", "cdg62")]
    first = [each["once_cents"] + each["yearly_cents"] + each["term_cents"] for each in expected]
    assert totals(answer) == [amounts(*first), amounts(*(each["yearly_cents"] for each in expected))]
    assert answer.content.decode().count('on-request"><span') == len(case["on_request"])
    assert ("hors lignes sur devis" in part(answer, "totaux")) == bool(case["on_request"])


SAID = [case for case in CASES["errors"] if case["error"] not in ("no-grid", "unknown-service")]


@pytest.mark.parametrize("case", SAID, ids=lambda case: case["name"])
def test_worked_errors_show_a_reason_and_no_total(client, case) -> None:
    answer = see(client, query_of(case["order"]))

    assert answer.status_code in (200, 302)
    if answer.status_code == 302:  # a zero asks for nothing: the address is tidied
        answer = see(client, urlsplit(answer["Location"]).query)
    assert '<table class="totals">' not in answer.content.decode()
    assert 'id="totaux"' in answer.content.decode()


def test_a_body_of_the_directory_shows_its_facts_and_both_totals(client) -> None:
    answer = see(client, RUITZ)

    assert "Estimation pour Ruitz" in words(answer)
    assert "1 478 habitants (population municipale" in words(answer)
    assert totals(answer) == [amounts(19600, 14000), amounts(14600, 10000)]
    assert "4 comptes × 10,00 €" in words(answer)
    assert f"{reverse('request-quotes')}?{RUITZ}".replace("&", "&amp;") in answer.content.decode()


def test_the_live_parts_replace_what_changed_and_the_address(client) -> None:
    answer = see(client, f"{RUITZ}&antivirus=", **LIVE)

    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="totaux" hx-swap-oob="innerHTML"' in page
    assert 'id="prix-messagerie-5go" hx-swap-oob="true"' in page
    assert "Première année : La Fibre Numérique 59-62 196,00 €, CDG 62 140,00 €." in plain(part(answer, "live"))
    assert answer["HX-Replace-Url"] == f"/?{RUITZ}"


def test_live_parts_and_page_give_the_same_totals(client) -> None:
    assert totals(see(client, RUITZ, **LIVE)) == totals(see(client, RUITZ))


def test_a_link_opens_the_same_estimate_again(client) -> None:
    replaced = see(client, RUITZ, **LIVE)["HX-Replace-Url"]

    assert totals(client.get(replaced)) == totals(see(client, RUITZ))
    assert 'name="messagerie-5go" min="0" step="1" inputmode="decimal" placeholder="0" value="4"' in re.sub(
        r' max="\d+"', "", client.get(replaced).content.decode()
    )


@pytest.mark.parametrize("text", ["quatre", "-3", "1e9", "1,2345", "٤", "<b>4</b>"])
def test_a_quantity_that_is_not_a_number_is_said_at_its_place_and_kept(client, text) -> None:
    answer = see(client, urlencode({"siren": "216207274", "messagerie-5go": text}))

    assert answer.status_code == 200
    assert part(answer, "prix-erreur-messagerie-5go") == "Écrivez un nombre en chiffres, par exemple 4."
    assert part(answer, "totaux") == "Un champ est à corriger pour calculer le prix."
    assert "<b>4</b>" not in answer.content.decode()
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert f'value="{escaped}"' in answer.content.decode()


def test_a_quantity_that_the_tariff_refuses_is_said_at_its_place(client) -> None:
    answer = see(client, f"{COMMUNE}&antivirus=1,5")

    assert part(answer, "prix-erreur-antivirus") == "La quantité doit être un nombre entier de postes."
    assert "<table class" not in answer.content.decode().split('id="totaux"')[1].split("</form>")[0]
    live = see(client, f"{COMMUNE}&antivirus=1,5", **LIVE)
    assert part(live, "prix-erreur-antivirus") == part(answer, "prix-erreur-antivirus")


def test_what_is_held_already_counts_and_its_errors_stand_at_its_place(client) -> None:
    bought = see(client, f"{RUITZ}&deja.messagerie-5go=2")
    assert "déjà" in words(bought)
    assert totals(bought) != totals(see(client, RUITZ))

    wrong = see(client, f"{RUITZ}&deja.antivirus=beaucoup")
    assert part(wrong, "deja-erreur-antivirus") == "Écrivez un nombre en chiffres, par exemple 4."
    assert part(wrong, "prix-erreur-antivirus") == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("siren", "12345", "Un SIREN compte 9 chiffres. Cherchez la collectivité par son nom."),
        ("siren", "999999999", "Ce SIREN n'est pas dans l'annuaire. Cherchez par le nom."),
        ("kind", "château", "Choisissez un type de structure dans la liste."),
        ("population", "beaucoup", "Écrivez un nombre entier en chiffres, par exemple 1200."),
    ],
)
def test_a_body_that_cannot_be_is_said_at_its_field(client, field, value, message) -> None:
    asked = {"kind": "commune", "department": "62"} if field == "population" else {}

    answer = see(client, urlencode({**asked, field: value, "antivirus": 1}))

    assert answer.status_code == 200
    assert message in words(answer)
    assert '<table class="totals">' not in answer.content.decode()


def test_names_that_the_tariff_does_not_know_are_said_and_not_counted(client) -> None:
    answer = see(client, f"{RUITZ}&antivirs=4&utm_source=lettre&%3Cscript%3E=1")

    assert "Ils ne sont pas comptés : « antivirs », « <script> »." in words(answer)
    assert "utm_source" not in words(answer)
    assert "<script>=" not in answer.content.decode()
    assert totals(answer) == totals(see(client, RUITZ))


def test_a_link_too_long_to_be_read_starts_again(client) -> None:
    answer = see(client, RUITZ + "&x=" + "y" * MAX_LENGTH)

    assert answer.status_code == 414
    assert "Ce lien est trop long pour être lu : l'estimation repart de zéro." in words(answer)
    assert part(answer, "totaux") == NOTHING_YET


def test_the_empty_fields_of_a_form_are_tidied_away(client) -> None:
    answer = see(client, "siren=216207274&messagerie-5go=4&antivirus=&nom-de-domaine=&kind=")

    assert (answer.status_code, answer["Location"]) == (302, "/?siren=216207274&messagerie-5go=4")
    assert see(client, urlsplit(answer["Location"]).query).status_code == 200


def test_tidying_never_hides_what_was_not_understood(client) -> None:
    assert see(client, "siren=216207274&antivirus=beaucoup&nom-de-domaine=").status_code == 200
    assert see(client, "siren=216207274&antivirs=3&nom-de-domaine=").status_code == 200


@pytest.mark.both_bases
def test_a_name_that_one_body_answers_leads_to_it_with_the_services_kept(client) -> None:
    answer = see(client, "q=ruitz&antivirus=3&population=99&kind=commune")

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query) == {"siren": ["216207274"], "antivirus": ["3"]}


@pytest.mark.both_bases
def test_several_answers_are_listed_and_no_answer_is_said(client) -> None:
    listed = see(client, "q=saint")
    assert "Choisissez dans la liste :" in words(listed)

    none = see(client, urlencode({"q": "Zzyzx <b>"}))
    assert "Rien ne répond à « Zzyzx <b> » dans l'annuaire." in words(none)
    assert "<b>" not in none.content.decode()


def test_the_list_under_the_field_keeps_the_services(client) -> None:
    options = client.get(reverse("body-options"), {"q": "rui", "antivirus": "3"}).content.decode()
    assert 'data-href="/?siren=216207274&amp;antivirus=3#contenu"' in options
    assert client.get(reverse("body-options"), {"q": "r"}).content.decode().strip() == ""
    assert "Rien ne répond à « zzyzx »" in client.get(reverse("body-options"), {"q": "zzyzx"}).content.decode()


def test_an_epci_asks_for_its_staff_then_gives_a_price(client) -> None:
    asking = see(client, f"{EPCI}&demarches-simplifiees=1")
    assert "Nombre d'agents" in words(asking)
    assert 'name="staff"' in asking.content.decode()
    assert '<table class="totals">' not in asking.content.decode()

    answered = see(client, f"{EPCI}&demarches-simplifiees=1&staff=180")
    assert '<table class="totals">' in answered.content.decode()
    assert 'name="staff" class="short" inputmode="numeric" maxlength="15" value="180"' in answered.content.decode()


def test_the_field_that_appears_live_is_sent_and_then_left_alone_under_the_fingers(client) -> None:
    appearing = see(client, f"{EPCI}&demarches-simplifiees=1", **LIVE).content.decode()
    assert 'id="chiffres" hx-swap-oob="innerHTML"' in appearing
    typing = see(client, f"{EPCI}&demarches-simplifiees=1&staff=1", **LIVE).content.decode()
    assert 'id="chiffres"' not in typing


def test_a_link_does_not_rewrite_what_the_directory_knows(client) -> None:
    answer = see(client, f"{RUITZ}&population=20&kind=epci&department=59")

    assert totals(answer) == totals(see(client, RUITZ))
    assert f"{reverse('request-quotes')}?{RUITZ}".replace("&", "&amp;") in answer.content.decode()


def test_what_is_on_request_is_told_apart_and_left_out_of_the_totals(client) -> None:
    answer = see(client, f"{COMMUNE}&sauvegarde=1&stockage-supplementaire=101")

    assert part(answer, "prix-stockage-supplementaire").count("sur devis") >= 1
    assert 'class="amount on-request issuer-1"' in answer.content.decode()
    why = "Au-delà de 100 Go supplémentaires, sous réserve de faisabilité."
    once = f"Stockage supplémentaire, abonnement : sur devis. {why} Son prix manque aux totaux."
    assert f"La Fibre Numérique 59-62 {once}" in part(answer, "a-savoir")
    assert "hors lignes sur devis" in part(answer, "totaux")


def test_a_described_body_gets_the_same_price_as_the_listed_one(client) -> None:
    stated = see(client, "kind=commune&department=62&population=1478&" + RUITZ.split("&", 1)[1])

    assert totals(stated) == totals(see(client, RUITZ))
    assert "Demander ces devis" in part(stated, "a-savoir")


def test_outside_the_departement_it_is_said(client) -> None:
    answer = see(client, "kind=commune&department=59&population=500&antivirus=1")
    assert "Pas-de-Calais" in part(answer, "totaux")


def test_an_agent_is_led_to_its_own_form(client, log_in) -> None:
    agent = log_in()
    page = see(agent, RUITZ).content.decode()
    assert f"{reverse('request-new')}?{RUITZ}".replace("&", "&amp;") in page
    assert "Créer la demande" in page

    changing = see(agent, f"demande=D-2026-00005&{RUITZ}")
    assert "Modifier la demande D-2026-00005" in words(changing)
    assert "Modifier la demande" not in words(see(client, f"demande=D-2026-00005&{RUITZ}"))
    assert "Modifier la demande" not in words(see(agent, f"demande=../admin&{RUITZ}"))


def test_before_the_tariff_applies_no_price_is_given(client) -> None:
    with time_machine.travel("2024-03-25T12:00:00+01:00", tick=False):
        answer = see(client, RUITZ)

    assert answer.status_code == 503
    assert "Aucun tarif adopté ne s'applique au 25/03/2024" in words(answer)


@pytest.mark.both_bases
@pytest.mark.parametrize("query", ["%00=%00", "siren=%00", "q=%00", "q=%ED%A0%80", "=", "&&&", "siren=" + "9" * 300])
def test_absurd_addresses_never_break_the_page(client, query) -> None:
    assert see(client, query).status_code in (200, 302)
    assert client.get(f"{reverse('body-options')}?{query}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_services(client, django_assert_max_num_queries) -> None:
    see(client, RUITZ)
    with django_assert_max_num_queries(8) as one:
        see(client, "siren=216207274&messagerie-5go=4")
    with django_assert_max_num_queries(len(one)):
        see(client, f"{RUITZ}&antivirus=5&sauvegarde=1")


def test_a_number_too_large_is_told_from_what_is_no_number(client) -> None:
    answer = see(client, urlencode({"siren": "216207274", "messagerie-5go": "4" * 12}))

    assert part(answer, "prix-erreur-messagerie-5go") == "Ce nombre est trop grand : 100 000 000 au plus."
