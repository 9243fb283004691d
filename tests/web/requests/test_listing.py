"""The list of requests: what waits, what is searched, what is taken away as a file."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.accounts.services.deposits import deposit_act, set_deposit_aside
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.parties.services.issuers import update_issuer
from tripartite.quotes.models import Quote
from tripartite.quotes.services.requests import cancel_request

AT = quotes.AT
URL = "/demandes/"
ARRAS = quotes.ARRAS
TABS = {
    "chiffrer-lfn": 1,
    "chiffrer-cdg62": 0,
    "emettre": 1,
    "revoir": 0,
    "relancer": 0,
    "expires": 0,
    "non-envoyes": 0,
    "envoyer": 0,
    "signer": 0,
    "servir": 0,
    "lire": 0,
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer"), pytest.mark.both_bases]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def references(answer):
    """The requests of the page, in its order."""
    return re.findall(r'scope="row"><a href="/demandes/(D-\d{4}-\d{5})/"', answer.content.decode())


def tabs(answer):
    """How many requests each queue holds, by its code."""
    found = re.findall(r'href="\?file=([\w-]+)".*?<span class="count[^"]*">(\d+)</span>', answer.content.decode())
    return {code: int(count) for code, count in found}


def csv_rows(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_texts(answer):
    """The shared texts of the workbook, and its formulas."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        strings, sheet = (ET.fromstring(book.read(f"xl/{name}.xml")) for name in SHEETS)  # noqa: S314 - ours
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    return [node.text for node in strings.iterfind(".//x:t", space)], sheet.findall(".//x:f", space)


SHEETS = ("sharedStrings", "worksheets/sheet1")


def test_an_empty_list_says_what_will_come(agent) -> None:
    answer = agent.get(URL)
    assert "Les demandes du public et des agents arriveront ici." in words(answer)
    assert set(tabs(answer).values()) == {0}


def test_the_newest_comes_first_with_its_state_and_quotes(agent) -> None:
    quotes.issued(quotes.request())
    quotes.request(quotes.WITH_STORAGE_ON_REQUEST, body=ARRAS, at=AT + timedelta(minutes=5))

    answer = agent.get(URL)

    assert references(answer) == ["D-2026-00006", "D-2026-00005"]
    assert "à chiffrer" in words(answer)
    assert "LFN-2026-00012" in words(answer)
    assert "196,00 €" in words(answer)
    assert "1 à 2 sur 2 demandes" in words(answer)


def test_each_queue_keeps_what_waits_for_it(agent) -> None:
    quotes.request(), quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    quotes.issued(quotes.request())

    assert tabs(agent.get(URL)) == TABS
    assert references(agent.get(URL, {"file": "emettre"})) == ["D-2026-00005"]
    assert references(agent.get(URL, {"file": "chiffrer-lfn"})) == ["D-2026-00006"]
    assert references(agent.get(URL, {"file": "chiffrer-cdg62"})) == []
    assert len(references(agent.get(URL, {"file": "inconnue"}))) == 3


def test_a_queue_stands_in_the_order_that_it_announces_the_oldest_first(agent) -> None:
    made = [quotes.request(at=AT - timedelta(hours=hours)) for hours in (1, 3, 2)]
    oldest = [str(made[place]) for place in (1, 2, 0)]
    assert references(agent.get(URL, {"file": "emettre"})) == oldest
    assert references(agent.get(URL)) == oldest[::-1]
    exported = csv_rows(agent.get(URL, {"file": "emettre", "format": "csv"}))
    assert [row[0] for row in exported[1:]] == oldest


def test_what_town_halls_deposited_has_its_queue_until_it_is_read(agent) -> None:
    first, second = quotes.request(), quotes.request()
    kept = [
        deposit_act(
            request_id=one.pk,
            reference=str(one),
            content=conventions.SCAN,
            actor=TESTER,
            at=AT + timedelta(minutes=minutes),
        )
        for one, minutes in ((second, 1), (first, 2))
    ]
    answer = agent.get(URL, {"file": "lire"})
    assert (tabs(answer)["lire"], references(answer)) == (2, [str(second), str(first)])
    said = {"reason": "Ce n'est pas l'acte.", "actor": TESTER, "at": AT + timedelta(minutes=3)}
    set_deposit_aside(request_id=second.pk, document_id=kept[0], **said)
    cancel_request(request_id=first.pk, reason="Erreur.", actor=TESTER, at=AT + timedelta(minutes=4))
    assert tabs(agent.get(URL))["lire"] == 0


def test_expired_quotes_and_orders_without_a_price_have_their_queues(log_in, clock) -> None:
    quotes.issued(quotes.request())
    quotes.request()
    clock.move_to("2027-01-23T00:30:00+01:00")
    expired = log_in().get(URL, {"file": "expires"})
    assert references(expired) == ["D-2026-00005"]
    assert "devis expirés" in words(expired)

    clock.move_to("2027-01-22T12:00:00+01:00")
    assert references(log_in().get(URL, {"file": "relancer"})) == ["D-2026-00005"]

    clock.move_to("2024-03-25T12:00:00+01:00")
    assert references(log_in().get(URL, {"file": "revoir"})) == ["D-2026-00006"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "ruitz"}, [1]),
        ({"q": "D-2026-00006"}, [2]),
        ({"q": "216207274"}, [1]),
        ({"q": "LFN-2026-00012"}, [1]),
        ({"q": "Contact"}, [2]),
        ({"q": "ruitz contact"}, []),
        ({"q": "  "}, [2, 1]),
        ({"q": "100%"}, []),
        ({"q": "_"}, []),
        ({"state": "quoted"}, [1]),
        ({"state": "received"}, [2]),
        ({"since": "2026-11-24"}, [2]),
        ({"until": "2026-11-23"}, [1]),
        ({"since": "2026-11-23", "until": "2026-11-24"}, [2, 1]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, [2, 1]),
        ({"file": "emettre", "q": "arras"}, [2]),
        ({"file": "emettre", "q": "ruitz"}, []),
    ],
)
def test_the_list_is_narrowed(agent, filters, found) -> None:
    quotes.issued(quotes.request())
    contact = quotes.Contact("Personne à CONTACTer")
    quotes.request({"antivirus": 1}, body=ARRAS, contact=contact, at=AT.replace(day=24, hour=22, minute=59))

    answer = agent.get(URL, filters)

    assert answer.status_code == 200
    assert references(answer) == [f"D-2026-0000{number + 4}" for number in found]


def test_days_are_those_of_paris(agent) -> None:
    quotes.request(at=AT.replace(hour=23, minute=30))

    assert references(agent.get(URL, {"until": "2026-11-23"})) == []
    assert references(agent.get(URL, {"since": "2026-11-24", "until": "2026-11-24"})) == ["D-2026-00005"]


@pytest.mark.parametrize("wrong", [{"since": "31/02/2026"}, {"state": "perdue"}, {"q": "a\x00b"}, {"q": "x" * 101}])
def test_a_filter_that_cannot_be_read_is_said_and_no_file_is_made(agent, wrong) -> None:
    quotes.request()

    answer = agent.get(URL, wrong)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()

    file = agent.get(URL, wrong | {"format": "csv"})
    assert (file.status_code, file["Content-Type"]) == (422, "text/html; charset=utf-8")


def test_a_wrong_date_does_not_lift_the_other_filters(agent) -> None:
    quotes.request(), quotes.request(body=ARRAS)
    assert references(agent.get(URL, {"q": "arras", "since": "hier"})) == ["D-2026-00006"]


def test_pages_keep_the_filters(agent) -> None:
    for _ in range(27):
        quotes.request({"antivirus": 1})

    first = agent.get(URL, {"q": "ruitz"})
    assert "1 à 25 sur 27 demandes" in words(first)
    assert 'href="?q=ruitz&amp;page=2" rel="next"' in first.content.decode()
    last = agent.get(URL, {"q": "ruitz", "page": "2"})
    assert len(references(last)) == 2
    assert "26 à 27 sur 27 demandes" in words(last)
    for strange in ("0", "-1", "999999", "deux", "9" * 5000):
        assert agent.get(URL, {"page": strange}).status_code == 200


def test_the_file_holds_what_the_list_shows(agent) -> None:
    quotes.issued(quotes.request())
    quotes.request(body=ARRAS, at=AT + timedelta(hours=1))

    answer = agent.get(URL, {"format": "csv", "q": "ruitz"})

    assert answer["Content-Disposition"] == 'attachment; filename="demandes-2026-11-23.csv"'
    titles, *rows = csv_rows(answer)
    assert titles[:8] == [
        "demande",
        "reçue le",
        "bénéficiaire",
        "SIREN",
        "contact",
        "adresse électronique",
        "origine",
        "état",
    ]
    assert titles[8:10] == ["devis, La Fibre Numérique 59-62", "valable jusqu'au, La Fibre Numérique 59-62"]
    assert rows == [
        [
            *("D-2026-00005", "23/11/2026 10:00", "Ruitz", "216207274", "Dominique ACCUEIL", "mairie@exemple.fr"),
            *("saisie par un agent", "devis émis"),
            *("LFN-2026-00012", "21/02/2027", "196,00", "146,00", "", ""),
            *("CDG62-2026-00047", "22/01/2027", "140,00", "100,00", "", ""),
            *("mairie@exemple.fr", "", "gardés sans être envoyés"),
        ]
    ]
    assert titles[-3:] == ["devis envoyés à", "devis envoyés le", "sort de l'envoi"]


def test_the_file_has_the_ht_of_a_tariff_voted_ht(agent) -> None:
    issued = quotes.issued(quotes.request())["lfn"]
    Quote.objects.filter(pk=issued.pk).update(
        once_net_cents=4_166, yearly_net_cents=12_167, term_net_cents=0, first_year_net_cents=16_333
    )

    titles, row = csv_rows(agent.get(URL, {"format": "csv"}))
    assert titles[12:14] == [f"{year} HT, La Fibre Numérique 59-62" for year in ("première année", "années suivantes")]
    assert row[8:14] == ["LFN-2026-00012", "21/02/2027", "196,00", "146,00", "163,33", "121,67"]


def test_the_file_holds_every_page(agent) -> None:
    for _ in range(27):
        quotes.request({"antivirus": 1})
    assert len(csv_rows(agent.get(URL, {"format": "csv", "page": "2"}))) == 28


def test_what_people_typed_never_becomes_a_formula(agent) -> None:
    quotes.request(contact=quotes.Contact('=HYPERLINK("https://ailleurs.exemple.fr")', email="+33@mairie.exemple.fr"))

    (row,) = csv_rows(agent.get(URL, {"format": "csv"}))[1:]
    assert row[4:6] == ['\'=HYPERLINK("https://ailleurs.exemple.fr")', "'+33@mairie.exemple.fr"]
    texts, formulas = xlsx_texts(agent.get(URL, {"format": "xlsx"}))
    assert '=HYPERLINK("https://ailleurs.exemple.fr")' in texts
    assert formulas == []


def test_the_spreadsheet_holds_the_same_rows(agent) -> None:
    quotes.issued(quotes.request())

    answer = agent.get(URL, {"format": "xlsx"})

    texts, _ = xlsx_texts(answer)
    assert texts[0] == "demande"
    assert [text in texts for text in ("D-2026-00005", "Ruitz", "CDG62-2026-00047")] == [True] * 3
    assert answer["Content-Disposition"].endswith('demandes-2026-11-23.xlsx"')


def test_hostile_names_are_shown_and_not_run(agent) -> None:
    quotes.request(contact=quotes.Contact("<script>alert(1)</script>"))
    answer = agent.get(URL, {"q": "<script>"})
    assert "<script>alert" not in answer.content.decode()
    assert "<script>alert(1)</script>" in words(answer)
    assert 'value="&lt;script&gt;"' in answer.content.decode()


def test_only_those_who_create_are_led_to_creating(agent, log_in) -> None:
    assert "Nouvelle demande" in words(agent.get(URL))
    assert "Nouvelle demande" not in words(log_in(Role.ACCOUNTANT).get(URL))


@pytest.mark.parametrize("layout", ["", "csv"])
def test_the_number_of_queries_is_the_same_with_one_and_three_rows(
    agent, layout, django_assert_max_num_queries
) -> None:
    quotes.issued(quotes.request())
    quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    agent.get(URL)
    with django_assert_max_num_queries(33) as queries:
        agent.get(URL, {"format": layout})
    for body in (ARRAS, quotes.RUITZ):
        quotes.issued(quotes.request({"antivirus": 1}, body=body))
        quotes.request(quotes.WITH_STORAGE_ON_REQUEST, body=body)
    with django_assert_max_num_queries(len(queries)):
        agent.get(URL, {"format": layout})


def test_what_is_accepted_waits_for_its_convention_then_for_signatures(log_in) -> None:
    conventions.adopt_texts()
    update_issuer(code="cdg62", changes={"siret": conventions.siret_of("286200019")}, actor=TESTER, at=AT)
    asked = conventions.accepted()
    assert references(log_in().get(URL, {"file": "envoyer"})) == [asked.reference]
    convention = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    send_convention(convention_id=convention.pk, actor=TESTER, at=AT)
    assert references(log_in().get(URL, {"file": "envoyer"})) == []
    assert references(log_in().get(URL, {"file": "signer"})) == [asked.reference]
