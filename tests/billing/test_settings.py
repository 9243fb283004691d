"""How an issuer bills, from a day on; what a buyer asks; who sees what; the command line and the HTTP door."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts.rights import Role
from tripartite.billing.models import BillingSettings, BuyerRequirement, Invoice, Payment
from tripartite.billing.queries.settings import requirements_of, settings_mark, settings_on
from tripartite.billing.services.buyers import record_requirement
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.settings import set_billing
from tripartite.cli.main import main
from tripartite.documents.queries import payload_of
from tripartite.journal.models import Entry
from tripartite.journal.seen import StaleError
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.issuers import register_issuer
from tripartite.pricing.grid import Issuer as GridIssuer
from tripartite.upkeep.queries.findings import lacks

pytestmark = pytest.mark.django_db
SAID = {"issuer": "lfn", "applies_on": billing.DAY, "actor": TESTER, "at": AT}


@pytest.fixture
def lfn() -> None:
    quotes.offer()


@pytest.mark.parametrize(("code", "prefix"), [("abc", "ABC"), ("agence-du-fil", "AGENCE"), ("operateur", "OPERATE")])
def test_the_usual_prefix_is_as_much_of_the_code_as_a_number_may_bear(code, prefix) -> None:
    named = GridIssuer(code=code, name="Agence", short_name="Agence", part="Services")
    register_issuer(identity=named, slot=9, actor=TESTER, at=AT)
    assert set_billing(changes={"first_billed_on": billing.DAY}, **(SAID | {"issuer": code})).prefix == prefix


@pytest.mark.usefixtures("lfn")
def test_settings_are_dated_and_the_usual_ones_are_those_of_the_law() -> None:
    with pytest.raises(FieldErrors) as refused:
        set_billing(changes={}, **SAID)
    assert list(refused.value.fields) == ["first_billed_on"]
    first = set_billing(changes={"first_billed_on": billing.DAY}, **SAID)
    assert (first.threshold_cents, first.payment_days, first.prefix) == (1500, 30, "LFN")
    assert first.threshold_source.endswith("D. 1611-1 du code général des collectivités territoriales")
    assert set_billing(changes={"payment_days": 30}, **SAID) == first
    later = date(2027, 1, 1)
    set_billing(changes={"threshold_cents": 2000}, **(SAID | {"applies_on": later}))
    days = [(on, settings_on("lfn", on)) for on in (date(2026, 11, 22), billing.DAY, later)]
    assert [(found.threshold_cents if found else None) for _, found in days] == [None, 1500, 2000]
    with pytest.raises(BillingError, match="dire un jour suivant"):
        set_billing(changes={"payment_days": 45}, **SAID)
    told = Entry.objects.filter(action="billing.settings", subject_id="lfn").last()
    assert told is not None
    assert told.text == "Facturation réglée à partir du 01/01/2027 : seuil de recouvrement."


@pytest.mark.usefixtures("lfn")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iban", "FR7630001007941234567890186"),
        ("bic", "XX"),
        ("prefix", ""),
        ("prefix", "BIEN-TROP-LONG"),
        ("prefix", "ÉTÉ"),
        ("threshold_cents", -1),
        ("threshold_cents", "15"),
        ("payment_days", 0),
        ("payment_days", True),
        ("first_billed_on", "hier"),
        ("way", "pigeon"),
        ("budget_code", ""),
        ("recorded_by", "moi"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(name, value) -> None:
    with pytest.raises(FieldErrors) as refused:
        set_billing(changes={"first_billed_on": billing.DAY, name: value}, **SAID)
    assert list(refused.value.fields) == [name]
    assert not BillingSettings.objects.exists()


@pytest.mark.usefixtures("lfn")
def test_an_edit_made_on_older_settings_is_told_so() -> None:
    set_billing(changes={"first_billed_on": billing.DAY, "iban": "FR76 3000 1007 9412 3456 7890 185"}, **SAID)
    seen = settings_mark("lfn", billing.DAY)
    set_billing(changes={"payment_days": 45}, seen=seen, **SAID)
    with pytest.raises(StaleError):
        set_billing(changes={"payment_days": 60}, seen=seen, **SAID)
    found = settings_on("lfn", billing.DAY)
    assert found is not None
    assert (found.payment_days, found.iban) == (45, billing.IBAN)


@pytest.mark.usefixtures("lfn")
def test_what_a_body_asks_of_one_issuer_comes_before_what_it_asks_of_all() -> None:
    body, said = billing.body(), {"actor": TESTER, "at": AT}
    record_requirement(body_id=body.pk, service_required=True, service_code=" COMPTA ", **said)
    record_requirement(body_id=body.pk, issuer="lfn", engagement_required=True, **said)
    record_requirement(body_id=body.pk, service_required=True, service_code="COMPTA", **said)
    assert BuyerRequirement.objects.count() == 2
    found = {issuer: requirements_of([body.pk], issuer)[body.pk] for issuer in ("lfn", "cdg62")}
    assert (found["lfn"].engagement_required, found["cdg62"].service_code) == (True, "COMPTA")
    with pytest.raises(BillingError):
        record_requirement(body_id=body.pk, issuer="autre", **said)


def test_the_command_line_is_dry_then_bills(capsys) -> None:
    with time_machine.travel(AT, tick=False):
        billing.ready()
        subscriptions.running({"messagerie-5go": 4})
        assert main(["billing", "issue", "lfn"]) == 0
        assert not Invoice.objects.exists()
        assert capsys.readouterr().out.splitlines()[-1] == "Essai : rien n'a été émis (--apply)."
        assert main(["billing", "issue", "lfn", "--apply"]) == 0
        assert main(["billing", "issue", "lfn", "--apply"]) == 0
        assert main(["billing", "pay", "lfn", "30,5", "--invoice", "LFN-F-2026-00001", "--payer", "SGC"]) == 0
        assert main(["billing", "list", "lfn"]) == 0
        assert main(["billing", "slip", "lfn", "LFN-F-2026-00001", "--by-table", "--apply"]) == 0
        assert main(["billing", "credit", "lfn", "LFN-F-2026-00001", "--reason", "Erreur", "--apply"]) == 0
        assert [
            line.replace("\u202f", " ").replace("\u00a0", " ") for line in capsys.readouterr().out.splitlines()
        ] == [
            "Ruitz : LFN-F-2026-00001, 80,00 €",
            f"Paiement {Payment.objects.get().pk} : 30,50 €, à part 0,00 €.",
            "LFN-F-2026-00001\t23/11/2026\tRuitz\t80,00 €\treste 49,50 €",
            "à payer : 49,50 €, dont en retard 0,00 €",
            "Bordereau 1/2026 : 1 titre.",
            "Avoir LFN-A-2026-00001, 80,00 €.",
        ]
        assert main(["billing", "pay", "lfn", "beaucoup"]) == main(["billing", "remind", "lfn", "LFN"]) == 1
        assert (
            main(["billing", "pay", "lfn", "1e20"]) == main(["billing", "pay", "lfn", "5", "--on", "2026-11-24"]) == 1
        )
        assert main(["billing", "pay", "lfn", "5", "--invoice", "LFN-F-2026-00001"]) == 0
        assert capsys.readouterr().out.endswith("5,00\u00a0€, à part 5,00\u00a0€.\n")
        assert main(["billing", "settings", "lfn", "iban=FR00", "payment_days=0"]) == 1
        assert main(["billing", "settings", "cdg62", "payment_days=45"]) == 0
        for action in (["list"], ["slip"], ["payments"], ["titles", "titres.csv", "--year", "2026"]):
            assert main(["billing", action[0], "personne", *action[1:]]) == 1
        assert capsys.readouterr().err.splitlines()[-1] == "Aucun émetteur n'a le code « personne »."


def test_invoices_are_read_over_http_by_the_people_of_their_issuer_alone() -> None:
    with time_machine.travel(AT, tick=False):
        billing.ready()
        subscriptions.running({"messagerie-5go": 4})
        (invoice,) = billing.billed()
        client = Client()
        assert client.get("/api/v1/invoices").status_code == 403
        client.force_login(account(role=Role.ACCOUNTANT))
        (read,) = client.get("/api/v1/invoices?fiscal_year=2026").json()
        assert (read["number"], read["owed_cents"], read["siren"]) == (invoice.number, 8000, "216207274")
        whole = client.get(f"/api/v1/invoices/{invoice.number}").json()
        assert [line["amount_cents"] for line in whole["lines"]] == [8000]
        assert whole["lines"][0]["quotes"] == ["LFN-2026-00012"]
        for wrong, named in (("?fiscal_year=99999", "fiscal_year"), ("?after=-1", "after"), ("/X/exe", "form")):
            refused = client.get(f"/api/v1/invoices{wrong}").json()["error"]
            assert (refused["code"], refused["message"].split(",")[0]) == ("bad-query", f"Dans l'adresse : {named}")
        other = Client()
        other.force_login(account(role=Role.ACCOUNTANT, issuer_code="cdg62"))
        assert other.get("/api/v1/invoices").json() == []
        assert other.get(f"/api/v1/invoices/{invoice.number}").status_code == 404


def test_what_settings_leave_blank_or_say_against_one_another_is_told_by_check() -> None:
    billing.ready()
    told = [one.words for one in lacks(at=AT) if "Facturation" in one.words]
    assert told == []
    billing.bills("lfn", iban="", accountant_name="", framework="S1")
    told = [one.words.partition(", ")[2] for one in lacks(at=AT) if "Facturation" in one.words]
    where = "à l'écran, « Régler la facturation »."
    assert told == [
        f"à régler : IBAN, comptable assignataire : {where}",
        f"cadre de facturation S1, que Chorus Pro ne prend pas : {where}",
    ]
    billing.bills("lfn", way="pes", framework="S1")
    assert [one.words for one in lacks(at=AT) if "Facturation" in one.words] == []


def test_an_invoice_says_the_framework_and_the_terms_of_its_day() -> None:
    billing.ready(framework="S1", late_discount="Escompte de 1 % à dix jours.")
    subscriptions.running({"messagerie-5go": 4})
    (invoice,) = billing.billed()
    said = payload_of(invoice.document)
    assert (said["framework"], said["terms"]["discount"]) == ("S1", "Escompte de 1 % à dix jours.")
    for changes in ({"framework": "A2"}, {"late_penalties": " "}, {"late_recovery": "x" * 1001}, {"reminder_days": 0}):
        with pytest.raises(FieldErrors):
            billing.bills("lfn", **changes)
